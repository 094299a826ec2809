//! Tests of the shipped files in a real store.

use super::{at, shipped_folder};
use crate::seed::{ApplyError, apply};
use calendar_domain::{Owner, Record, RecordKey, RecordKind};
use calendar_store::{Author, Change, Commit};

const NOW: &str = "2026-11-22T06:00:00Z";
const LATER: &str = "2026-11-23T06:00:00Z";

#[test]
fn applying_twice_makes_one_commit_and_gives_the_same_records() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sled:{}", folder.path().join("store").display());
    let store = calendar_store::open(&url).unwrap();
    let first = apply(&*store, &shipped_folder(), at(NOW), &(2026..=2027)).unwrap();
    let records = store.load().unwrap();
    assert_eq!((first.created, first.updated), (records.len(), 0));
    let number = first.committed.unwrap().number;
    assert_eq!(store.head().number, number);
    drop(store);

    let store = calendar_store::open(&url).unwrap();
    let again = apply(&*store, &shipped_folder(), at(LATER), &(2026..=2027)).unwrap();
    assert!(again.committed.is_none());
    assert_eq!(store.head().number, number);
    assert_eq!(store.load().unwrap(), records);
}

#[test]
fn what_an_editor_committed_survives_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sled:{}", folder.path().join("store").display());
    let store = calendar_store::open(&url).unwrap();
    apply(&*store, &shipped_folder(), at(NOW), &(2026..=2027)).unwrap();
    let key = RecordKey::new(RecordKind::Place, "glomdalsmuseet");
    let stored = store.get(&key).unwrap().unwrap();
    let Record::Place(place) = &stored.record else {
        panic!()
    };
    let mut place = (**place).clone();
    place.aliases.push("Glomdal".to_owned());
    place.owner = Owner::Editor("kari".to_owned());
    let change = Change::update(place.into(), stored.revision);
    let author = Author::Person("kari".to_owned());
    let commit = Commit {
        author,
        at: at(NOW),
        note: String::new(),
        changes: vec![change],
    };
    store.commit(commit).unwrap();
    let edited = store.get(&key).unwrap();
    apply(&*store, &shipped_folder(), at(LATER), &(2026..=2027)).unwrap();
    assert_eq!(store.get(&key).unwrap(), edited);
}

#[test]
fn files_with_a_mistake_leave_the_store_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sled:{}", folder.path().join("store").display());
    let store = calendar_store::open(&url).unwrap();
    let nothing_here = folder.path().join("data");
    let error = apply(&*store, &nothing_here, at(NOW), &(2026..=2027)).unwrap_err();
    assert!(matches!(error, ApplyError::Files(_)), "{error}");
    assert!(store.load().unwrap().is_empty());
}
