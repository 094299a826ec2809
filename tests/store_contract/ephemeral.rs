//! Contract: short-lived data expires, survives kills once flushed, and is in no backup.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use calendar_store::{
    Change, EPHEMERAL_VALUE_LIMIT, EphemeralEntry, EphemeralStore, EphemeralTable, Restoring,
    Store, StoreError, backup, check, restore,
};
use chrono::{DateTime, Utc};

use crate::child::Child;
use crate::kill::rounds;
use crate::random_damage::Dice;
use crate::support::{Address, at, category, commit, every_backend};

const SESSIONS: EphemeralTable = EphemeralTable::Sessions;

fn entry(value: &str, expires: DateTime<Utc>) -> EphemeralEntry {
    EphemeralEntry {
        value: value.as_bytes().to_vec(),
        expires,
    }
}

/// Returns the short-lived data of a store.
pub fn of(store: &dyn Store) -> &dyn EphemeralStore {
    store.ephemeral().expect("every backend has it")
}

/// Returns the values of sessions, sorted by key.
fn values(store: &dyn Store, now: DateTime<Utc>) -> Vec<(String, String)> {
    let found = of(store).list(SESSIONS, "", now).unwrap();
    let text = |entry: EphemeralEntry| String::from_utf8(entry.value).unwrap();
    found
        .into_iter()
        .map(|(key, value)| (key, text(value)))
        .collect()
}

#[test]
fn an_entry_is_there_until_its_time_ends_or_it_is_removed() {
    every_backend(|address| {
        let store = address.open();
        let kept = of(&*store);
        kept.put(SESSIONS, "a", at(0), &entry("1", at(10))).unwrap();
        kept.put(SESSIONS, "b", at(0), &entry("2", at(20))).unwrap();
        let drafts = EphemeralTable::Drafts;
        assert_eq!(kept.get(drafts, "a", at(0)).unwrap(), None);
        let found = kept.get(SESSIONS, "a", at(9)).unwrap();
        assert_eq!(found, Some(entry("1", at(10))));
        assert_eq!(kept.get(SESSIONS, "a", at(10)).unwrap(), None);
        assert_eq!(values(&*store, at(10)).len(), 1);
        assert_eq!(kept.remove_expired(at(10)).unwrap(), 1);
        assert_eq!(values(&*store, at(0)), [("b".into(), "2".into())]);
        let removed = kept.remove(SESSIONS, "b", at(0)).unwrap();
        assert_eq!(removed, Some(entry("2", at(20))));
        assert_eq!(kept.remove(SESSIONS, "b", at(0)).unwrap(), None);
        assert_eq!(values(&*store, at(0)), []);
    });
}

#[test]
fn keys_are_listed_by_their_beginning() {
    every_backend(|address| {
        let store = address.open();
        for key in ["a/1", "a/2", "ab/1", "b/1"] {
            let kept = of(&*store).put(SESSIONS, key, at(0), &entry(key, at(10)));
            kept.unwrap();
        }
        let found = of(&*store).list(SESSIONS, "a/", at(0)).unwrap();
        let keys: Vec<&str> = found.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["a/1", "a/2"]);
    });
}

#[test]
fn no_update_of_many_at_once_is_lost() {
    every_backend(|address| {
        let store = address.open();
        let count = |entry: Option<EphemeralEntry>| -> u32 {
            entry.map_or(0, |entry| {
                String::from_utf8(entry.value).unwrap().parse().unwrap()
            })
        };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let mut next = |old| Some(entry(&(count(old) + 1).to_string(), at(10)));
                        let kept = of(&*store).update(SESSIONS, "n", at(0), &mut next);
                        kept.unwrap();
                    }
                });
            }
        });
        let end = of(&*store).get(SESSIONS, "n", at(0)).unwrap();
        assert_eq!(count(end), 400);
    });
}

#[test]
fn a_value_that_is_too_large_is_refused_and_the_earlier_one_stays() {
    every_backend(|address| {
        let store = address.open();
        let kept = of(&*store);
        kept.put(SESSIONS, "a", at(0), &entry("1", at(10))).unwrap();
        let large = "x".repeat(EPHEMERAL_VALUE_LIMIT + 1);
        let refused = kept.put(SESSIONS, "a", at(0), &entry(&large, at(10)));
        assert!(matches!(refused, Err(StoreError::EphemeralFull { .. })));
        assert_eq!(values(&*store, at(0)), [("a".into(), "1".into())]);
    });
}

#[test]
fn it_survives_closing_and_is_neither_in_a_backup_nor_in_a_restored_store() {
    every_backend(|address| {
        let store = address.open();
        commit(&*store, vec![Change::put(category("music", "Musikk"))]);
        let put = of(&*store).put(SESSIONS, "a", at(0), &entry("kanarifugl", at(10)));
        put.unwrap();
        of(&*store).flush().unwrap();
        let file = address.folder.path().join("all.backup");
        let _ = backup(&address.url, &file).unwrap();
        drop(store);
        assert_eq!(check(&address.url).unwrap().findings, Vec::<String>::new());
        let store = address.open();
        assert_eq!(values(&*store, at(0)).len(), 1);
        assert_eq!(store.load().unwrap().len(), 1, "it is no record");
        drop(store);
        let elsewhere = Address::sled();
        let _ = restore(&elsewhere.url, &file, &Restoring::default()).unwrap();
        assert_eq!(values(&*elsewhere.open(), at(0)), []);
        let how = Restoring {
            replace: true,
            ..Restoring::default()
        };
        let _ = restore(&address.url, &file, &how).unwrap();
        assert_eq!(values(&*address.open(), at(0)), []);
    });
}

/// Returns the files of the short-lived data.
fn files(address: &Address) -> Vec<PathBuf> {
    let folder = address.folder.path().join("store/ephemeral");
    let folders = fs::read_dir(folder).unwrap().map(|dir| dir.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|files| files.unwrap().path());
    files.filter(|files| files.is_file()).collect()
}

#[test]
fn damage_to_it_leaves_the_records_and_an_empty_start() {
    let address = Address::sled();
    let store = address.open();
    commit(&*store, vec![Change::put(category("music", "Musikk"))]);
    for n in 0..100 {
        let key = format!("a{n}");
        let put = of(&*store).put(SESSIONS, &key, at(0), &entry(&"x".repeat(500), at(10)));
        put.unwrap();
    }
    drop(store);
    let files = files(&address);
    assert!(!files.is_empty());
    for file in files {
        let length = fs::metadata(&file).unwrap().len();
        fs::write(&file, vec![0xA5; usize::try_from(length).unwrap()]).unwrap();
    }
    let store = address.open();
    assert_eq!(store.load().unwrap().len(), 1);
    assert_eq!(values(&*store, at(0)), []);
    let put = of(&*store).put(SESSIONS, "b", at(0), &entry("2", at(10)));
    put.unwrap();
    drop(store);
    assert_eq!(values(&*address.open(), at(0)), [("b".into(), "2".into())]);
}

#[test]
fn kills_lose_nothing_that_was_flushed() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let address = Address::sled();
    let mut acknowledged = 0;
    for round in 0..rounds("EPHEMERAL_KILLS", 40) {
        let mut child = Child::keeping(&address.url, round);
        let mut lines = Vec::new();
        for _ in 0..dice.below(30) {
            lines.push(child.next_line());
        }
        let moment = Instant::now() + Duration::from_micros(dice.below(3_000) as u64);
        while Instant::now() < moment {}
        lines.extend(child.kill());
        let store = address.open();
        // The kill may have truncated the last line.
        let whole = lines
            .iter()
            .filter(|line| line.ends_with(" .") || line.ends_with(" .\n"));
        for key in whole.filter_map(|line| line.strip_prefix("kept ")?.split(' ').next()) {
            let found = of(&*store).get(SESSIONS, key, at(0)).unwrap();
            assert_eq!(
                found,
                Some(entry(key, at(10))),
                "round {round}: {key} is lost"
            );
            acknowledged += 1;
        }
    }
    assert!(acknowledged > 100, "the child hardly wrote: {acknowledged}");
}
