//! A process that is killed while it writes loses nothing that it acknowledged.

use std::collections::HashMap;

use elverum_calendar::domain::RecordKey;
use elverum_calendar::store::{HISTORY_KEPT, Store};

use crate::child::Child;
use crate::support::{Address, category, key};

/// What a writer was told of one commit.
#[derive(Debug)]
struct Acknowledged {
    number: u64,
    writer: u32,
    name: String,
}

fn parse(line: &str) -> Option<Acknowledged> {
    // The last line may have been cut by the kill; it ends the writer's log.
    let mut words = line.strip_prefix("ack ")?.split_ascii_whitespace();
    let (number, writer) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let name = words.next()?.to_owned();
    Some(Acknowledged {
        number,
        writer,
        name,
    })
}

#[test]
fn twenty_kills_under_eight_writers_lose_no_acknowledged_commit_and_leave_no_half_one() {
    const WRITERS: u32 = 8;
    let address = Address::sled();
    let mut acknowledged: u64 = 0;
    for round in 0..20_usize {
        let mut child = Child::committing(&address.url, WRITERS);
        let mut log = Vec::new();
        // Anywhere from the first commit to the sixtieth, different in each round.
        for _ in 0..=(round * 23) % 60 {
            log.push(child.next_line());
        }
        log.extend(child.kill());
        let log: Vec<_> = log.iter().filter_map(|line| parse(line)).collect();
        let store = address.open();
        let highest = log.iter().map(|ack| ack.number).max();
        assert!(
            store.head().number.0 >= highest.unwrap_or(acknowledged),
            "round {round}"
        );
        acknowledged = store.head().number.0;
        for writer in 0..WRITERS {
            check_writer(
                &*store,
                writer,
                log.iter().filter(|ack| ack.writer == writer),
            );
        }
    }
    assert!(
        acknowledged > 100,
        "the writers hardly wrote: {acknowledged} commits"
    );
}

fn check_writer<'a>(
    store: &dyn Store,
    writer: u32,
    log: impl Iterator<Item = &'a Acknowledged> + Clone,
) {
    let left = names(store, &key(&category(&format!("left-{writer}"), "")));
    let right = names(store, &key(&category(&format!("right-{writer}"), "")));
    assert_eq!(left, right, "half a commit of writer {writer}");
    let kept = usize::try_from(HISTORY_KEPT).unwrap();
    let beyond = log.clone().count().saturating_sub(kept);
    for ack in log.skip(beyond) {
        let name = left.get(&ack.number);
        assert!(
            name.is_some_and(|name| name.contains(&ack.name)),
            "{ack:?} is lost"
        );
    }
}

/// The record's names by the commit that set them.
fn names(store: &dyn Store, key: &RecordKey) -> HashMap<u64, String> {
    let history = store.history(key).unwrap();
    let name = |record| serde_json::to_string(&record).unwrap().replace(&key.id, "");
    history
        .into_iter()
        .map(|v| (v.commit.0, name(v.record)))
        .collect()
}

#[test]
fn a_process_killed_while_it_opens_a_store_leaves_one_that_opens() {
    let address = Address::sled();
    for lines in [1, 2] {
        let child = Child::committing(&address.url, 4);
        child.kill();
        let head = address.open().head();
        address.remove_sled();
        // Killed somewhere in rebuilding.
        Child::opening(&address.url, lines).kill();
        assert_eq!(address.open().head(), head);
    }
}
