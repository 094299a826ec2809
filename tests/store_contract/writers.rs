//! Contract: concurrent writers, and a second process.

use std::collections::BTreeSet;

use calendar_store::{Change, Revision, StoreError, open};

use crate::child::Child;
use crate::support::{category, commit, every_backend, key, try_commit};

#[test]
fn writers_on_eight_threads_each_get_their_own_number_and_nothing_is_lost() {
    const WRITERS: u64 = 8;
    const EACH: u64 = 50;
    every_backend(|address| {
        let numbers = {
            let store = address.open();
            std::thread::scope(|scope| {
                let write = |writer: u64| {
                    let store = &*store;
                    let one = move |n: u64| {
                        let own = category(&format!("w{writer}-{n}"), "Egen");
                        let shared = category("shared", &format!("{writer}-{n}"));
                        let changes = vec![Change::create(own), Change::put(shared)];
                        commit(store, changes).number.0
                    };
                    scope.spawn(move || (0..EACH).map(one).collect::<Vec<_>>())
                };
                let writers: Vec<_> = (0..WRITERS).map(write).collect();
                writers
                    .into_iter()
                    .map(|w| w.join().unwrap())
                    .collect::<Vec<_>>()
            })
        };
        for own in &numbers {
            assert!(
                own.is_sorted(),
                "a writer's later commit has a lower number"
            );
        }
        let all: BTreeSet<u64> = numbers.into_iter().flatten().collect();
        assert_eq!(all, (1..=WRITERS * EACH).collect());
        let store = address.open();
        assert_eq!(store.load().unwrap().len() as u64, WRITERS * EACH + 1);
        let shared = store.get(&key(&category("shared", ""))).unwrap().unwrap();
        assert_eq!(shared.revision, Revision(WRITERS * EACH));
    });
}

#[test]
fn of_writers_who_saw_the_same_revision_exactly_one_succeeds() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::create(category("music", "Musikk"))]);
        let won = std::thread::scope(|scope| {
            let write = |n: u32| {
                let change = Change::update(category("music", &n.to_string()), Revision(1));
                let store = &*store;
                scope.spawn(move || try_commit(store, vec![change]).is_ok())
            };
            let writers: Vec<_> = (0..8).map(write).collect();
            let outcomes = writers.into_iter().map(|writer| writer.join().unwrap());
            outcomes.fold(0, |won, wins| won + u32::from(wins))
        });
        assert_eq!(won, 1);
    });
}

#[test]
fn a_store_that_another_process_has_open_is_refused_at_once_and_free_when_it_ends() {
    every_backend(|address| {
        let child = Child::holding(&address.url);
        match open(&address.url).err() {
            Some(error @ StoreError::InUse { .. }) => {
                assert!(
                    error.to_string().contains(&child.pid().to_string()),
                    "{error}"
                );
            }
            other => panic!("not refused: {other:?}"),
        }
        child.kill();
        address.open();
    });
}
