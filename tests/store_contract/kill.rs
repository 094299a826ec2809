//! A process killed during writes loses no acknowledged commit.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use calendar_domain::RecordKey;
use calendar_store::{HISTORY_KEPT, Store};

use crate::child::Child;
use crate::random_damage::Dice;
use crate::support::{Address, category, key};

/// An acknowledged commit, as printed by a writer.
#[derive(Debug)]
pub struct Acknowledged {
    number: u64,
    writer: u32,
    name: String,
}

impl Acknowledged {
    fn parse(line: &str) -> Option<Self> {
        // The kill may have truncated the last line.
        let mut words = line.strip_prefix("ack ")?.split_ascii_whitespace();
        let (number, writer) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let name = words.next()?.to_owned();
        Some(Self {
            number,
            writer,
            name,
        })
    }

    /// Returns the acknowledged commits in a process's output.
    pub fn among(lines: &[String]) -> Vec<Self> {
        lines.iter().filter_map(|line| Self::parse(line)).collect()
    }
}

/// Returns the number of rounds, from an environment variable or the default.
pub fn rounds(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |rounds| rounds.parse().unwrap())
}

pub const WRITERS: u32 = 8;

/// Number of rounds per store, to bound its history and journal.
const ROUNDS_ON_ONE: usize = 20;

#[test]
fn kills_under_eight_writers_lose_no_acknowledged_commit_and_leave_no_half_one() {
    let mut dice = Dice(0xD1B5_4A32_D192_ED03);
    let (mut address, mut before, mut acknowledged) = (Address::sled(), 0, 0);
    for round in 0..rounds("KILLS", 300) {
        if round % ROUNDS_ON_ONE == 0 {
            (address, before) = (Address::sled(), 0);
        }
        let mut child = Child::committing(&address.url, WRITERS);
        let mut lines = Vec::new();
        for _ in 0..dice.below(40) {
            lines.push(child.next_line());
        }
        let moment = Instant::now() + Duration::from_micros(dice.below(3_000) as u64);
        while Instant::now() < moment {}
        lines.extend(child.kill());
        let log = Acknowledged::among(&lines);
        acknowledged += log.len();
        before = check(&address, &log, before, &format!("round {round}"));
    }
    assert!(
        acknowledged > 100,
        "the writers hardly wrote: {acknowledged} commits"
    );
}

/// Opens the store and checks the acknowledged commits. Returns the number of the last commit.
pub fn check(address: &Address, log: &[Acknowledged], before: u64, round: &str) -> u64 {
    let store = address.open();
    let highest = log.iter().map(|ack| ack.number).max().unwrap_or(before);
    let head = store.head().number.0;
    assert!(
        head >= highest,
        "{round}: commits {head} to {highest} are lost"
    );
    for writer in 0..WRITERS {
        let own = log.iter().filter(|ack| ack.writer == writer);
        check_writer(&*store, writer, own, round);
    }
    head
}

fn check_writer<'a>(
    store: &dyn Store,
    writer: u32,
    log: impl Iterator<Item = &'a Acknowledged> + Clone,
    round: &str,
) {
    let left = names(store, &key(&category(&format!("left-{writer}"), "")));
    let right = names(store, &key(&category(&format!("right-{writer}"), "")));
    assert_eq!(left, right, "{round}: half a commit of writer {writer}");
    let kept = usize::try_from(HISTORY_KEPT).unwrap();
    let beyond = log.clone().count().saturating_sub(kept);
    for ack in log.skip(beyond) {
        let name = left.get(&ack.number);
        assert!(
            name.is_some_and(|name| name.contains(&ack.name)),
            "{round}: {ack:?} is lost"
        );
    }
}

/// Returns the record's names by commit.
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
        // Killed during the rebuild.
        Child::opening(&address.url, lines).kill();
        assert_eq!(address.open().head(), head);
    }
}
