//! Contract: revisions and history.

use calendar_store::{
    Author, Change, Commit, CommitNumber, HISTORY_KEPT, Revision, Store, StoreError,
};

use crate::support::{at, category, commit, commit_of, every_backend, key, try_commit};

#[test]
fn a_removed_record_is_gone_and_counts_on_when_it_is_made_again() {
    every_backend(|address| {
        let store = address.open();
        let music = category("music", "Musikk");
        commit(&*store, vec![Change::create(music.clone())]);
        let removal = commit(&*store, vec![Change::remove(key(&music), Revision(1))]);
        assert!(removal.changes[0].before.is_some());
        assert_eq!(removal.changes[0].after, None);
        assert_eq!(store.get(&key(&music)).unwrap(), None);
        assert!(store.load().unwrap().is_empty());
        commit(&*store, vec![Change::create(music.clone())]);
        assert_eq!(
            store.get(&key(&music)).unwrap().unwrap().revision,
            Revision(3)
        );
        // A writer with the first revision must not overwrite the second.
        let late = try_commit(
            &*store,
            vec![Change::update(category("music", "x"), Revision(1))],
        );
        assert!(matches!(late, Err(StoreError::Conflict { .. })));
    });
}

#[test]
fn history_tells_every_version_with_who_when_and_why() {
    every_backend(|address| {
        let store = address.open();
        let music = category("music", "Musikk");
        let person = Author::Person("kari".to_owned());
        let partner = Author::Partner("visit-innlandet".to_owned());
        let commits = [
            (Author::DataFiles, "", Change::create(music.clone())),
            (
                person.clone(),
                "Better name",
                Change::put(category("music", "Konsert")),
            ),
            (
                partner.clone(),
                "",
                Change::remove(key(&music), Revision(2)),
            ),
        ];
        for (second, (author, note, change)) in (0..).zip(commits) {
            let (note, changes) = (note.to_owned(), vec![change]);
            store
                .commit(Commit {
                    author,
                    at: at(second),
                    note,
                    changes,
                })
                .unwrap();
            // Commits of other records do not appear in this history.
            commit(
                &*store,
                vec![Change::put(category("sport", &second.to_string()))],
            );
        }
        let told: Vec<_> = store
            .history(&key(&music))
            .unwrap()
            .into_iter()
            .map(|v| (v.commit.0, v.revision.0, v.at, v.author, v.note, v.record))
            .collect();
        let konsert = category("music", "Konsert");
        let expected = [
            (1, 1, at(0), Author::DataFiles, String::new(), Some(music)),
            (3, 2, at(1), person, "Better name".to_owned(), Some(konsert)),
            (5, 3, at(2), partner, String::new(), None),
        ];
        assert_eq!(told, expected);
    });
}

#[test]
fn history_keeps_the_newest_versions_of_a_record_that_changes_all_the_time() {
    every_backend(|address| {
        let store = address.open();
        let last = HISTORY_KEPT + 20;
        for n in 1..=last {
            commit(
                &*store,
                vec![Change::put(category("music", &n.to_string()))],
            );
        }
        let history = store.history(&key(&category("music", ""))).unwrap();
        let revisions: Vec<u64> = history.iter().map(|version| version.revision.0).collect();
        assert_eq!(revisions, (last - HISTORY_KEPT..=last).collect::<Vec<_>>());
        assert_eq!(
            history[0].record,
            Some(category("music", &revisions[0].to_string()))
        );
    });
}

#[test]
fn a_change_to_what_already_stands_takes_no_number_and_no_revision() {
    every_backend(|address| {
        let store = address.open();
        let (music, sport) = (category("music", "Musikk"), category("sport", "Sport"));
        commit(&*store, vec![Change::put(music.clone())]);
        let again = store
            .commit(Commit {
                at: at(9),
                ..commit_of(vec![Change::put(music.clone())])
            })
            .unwrap();
        assert_eq!(again.number, CommitNumber(1));
        assert_eq!(again.at, at(0));
        assert!(again.changes.is_empty());
        assert_eq!(commit(&*store, Vec::new()).number, CommitNumber(1));
        let half = commit(
            &*store,
            vec![Change::put(music.clone()), Change::put(sport.clone())],
        );
        assert_eq!(half.number, CommitNumber(2));
        assert_eq!(half.changes.len(), 1);
        assert_eq!(half.changes[0].key, key(&sport));
        assert_eq!(
            store.get(&key(&music)).unwrap().unwrap().revision,
            Revision(1)
        );
    });
}

#[test]
fn an_unchanged_record_is_still_checked_against_what_its_author_saw() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::put(category("music", "Musikk"))]);
        let stale = vec![Change::update(category("music", "Musikk"), Revision(4))];
        assert!(matches!(
            try_commit(&*store, stale),
            Err(StoreError::Conflict { .. })
        ));
    });
}

#[test]
fn times_of_commits_never_run_backwards() {
    every_backend(|address| {
        let music = |name: &str| vec![Change::put(category("music", name))];
        let commit_at = |store: &dyn Store, second: i64, name: &str| {
            let commit = Commit {
                at: at(second),
                ..commit_of(music(name))
            };
            store.commit(commit).unwrap()
        };
        let store = address.open();
        commit_at(&*store, 10, "Musikk");
        let late = commit_at(&*store, 5, "Konsert");
        assert_eq!(late.at, at(10));
        let after = late.changes[0].after.as_ref().unwrap();
        assert_eq!(after.changed_at, at(10));
        drop(store);
        let store = address.open();
        assert_eq!(store.head().at, Some(at(10)));
        assert_eq!(commit_at(&*store, 7, "Opera").at, at(10));
        assert_eq!(commit_at(&*store, 11, "Kor").at, at(11));
        let key = key(&category("music", ""));
        let times: Vec<_> = store
            .history(&key)
            .unwrap()
            .iter()
            .map(|history| history.at)
            .collect();
        assert_eq!(times, [at(10), at(10), at(10), at(11)]);
    });
}
