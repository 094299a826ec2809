use std::fs::{self, File};
use std::path::Path;

use chrono::DateTime;
use tempfile::TempDir;

use super::files::SEGMENT;
use super::files::named;
use super::*;
use crate::StoreError;
use crate::body::State;
use crate::body::{self, BODY_VERSION, JournalEntry, Totals};
use crate::commit::{Author, CommitNumber};

const SMALL: JournalLimits = JournalLimits {
    segment: 1_000,
    segments: 5_000,
    reserve: 0,
};

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn frame_of(number: u64, note: &str) -> Vec<u8> {
    let entry = JournalEntry {
        v: BODY_VERSION,
        number: CommitNumber(number),
        at: DateTime::UNIX_EPOCH,
        author: Author::System,
        note: note.to_owned(),
        changes: Vec::new(),
        after: Totals::default(),
    };
    let mut bytes = Vec::new();
    encode(number, &body::write(&entry), &mut bytes);
    bytes
}

fn open(dir: &Path) -> Journal {
    Journal::resume(dir, &survey(dir), SMALL).unwrap()
}

fn survey(dir: &Path) -> Survey {
    Survey::new(dir, dir).unwrap()
}

/// Returns the notes of all commits in the journal.
fn notes(dir: &Path) -> Vec<String> {
    let mut notes = Vec::new();
    let entries = survey(dir).entries(1..=u64::MAX, |entry| {
        notes.push(entry.note);
        Ok(())
    });
    entries.unwrap();
    notes
}

fn segments(dir: &Path) -> usize {
    named(dir, SEGMENT).unwrap().len()
}

#[test]
fn a_full_segment_gets_a_successor_and_all_are_read_in_order() {
    let dir = folder();
    let mut expected = Vec::new();
    {
        let mut journal = open(dir.path());
        for number in 1..=40 {
            expected.push(format!("note {number}"));
            journal
                .append(&frame_of(number, &expected[expected.len() - 1]), number)
                .unwrap();
        }
    }
    assert!(segments(dir.path()) > 3);
    assert_eq!(notes(dir.path()), expected);
    assert_eq!(survey(dir.path()).mark, Some(40));
}

#[test]
fn a_commit_larger_than_a_segment_gets_one_of_its_own() {
    let dir = folder();
    let mut journal = open(dir.path());
    let large = "x".repeat(3_000);
    journal.append(&frame_of(1, "small"), 1).unwrap();
    journal.append(&frame_of(2, &large), 2).unwrap();
    journal.append(&frame_of(3, "small"), 3).unwrap();
    assert_eq!(segments(dir.path()), 3);
    assert_eq!(notes(dir.path()), ["small", &large, "small"]);
}

#[test]
fn a_journal_opened_again_goes_on_in_its_last_segment() {
    let dir = folder();
    for number in 1..=3 {
        open(dir.path())
            .append(&frame_of(number, ""), number)
            .unwrap();
    }
    assert_eq!(segments(dir.path()), 1);
    assert_eq!(survey(dir.path()).reach(), 3);
}

#[test]
fn a_refused_commit_is_overruled_by_the_one_that_takes_its_number() {
    let dir = folder();
    let mut journal = open(dir.path());
    journal.append(&frame_of(1, "first"), 1).unwrap();
    // Now writes fail, and truncating does too.
    let segment = journal.segment.as_mut().unwrap();
    segment.file = File::open(&segment.path).unwrap();
    let path = segment.path.clone();
    assert!(matches!(
        journal.append(&frame_of(2, "refused"), 2),
        Err(StoreError::Io { .. } | StoreError::NotWritable { .. })
    ));
    // Simulate a refused commit that reached the disk.
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(frame_of(2, "refused"));
    fs::write(&path, bytes).unwrap();
    journal.append(&frame_of(2, "second"), 2).unwrap();
    journal.append(&frame_of(3, "third"), 3).unwrap();
    drop(journal);
    assert_eq!(notes(dir.path()), ["first", "second", "third"]);
    assert_eq!(survey(dir.path()).missing(3), []);
}

#[test]
fn missing_commits_are_counted_up_to_the_last_acknowledged_one() {
    let dir = folder();
    let mut journal = open(dir.path());
    for number in [1, 2, 5, 6, 9] {
        journal.append(&frame_of(number, ""), number).unwrap();
    }
    let survey = survey(dir.path());
    assert_eq!(survey.missing(9), [3..=4, 7..=8]);
    assert_eq!(survey.missing(12), [3..=4, 7..=8, 10..=12]);
    assert_eq!(survey.reach(), 2);
    assert_eq!(survey.reach_from(4), 6);
    assert_eq!(survey.highest(), 9);
}

#[test]
fn a_broken_mark_is_as_good_as_none() {
    let dir = folder();
    open(dir.path()).append(&frame_of(1, ""), 1).unwrap();
    fs::write(dir.path().join("acknowledged"), b"ELVMARK\nxxxxxxxxxxxx").unwrap();
    assert_eq!(survey(dir.path()).mark, None);
}

fn item(name: &str) -> SnapshotItem {
    (StorePart::Current, name.as_bytes().to_vec(), vec![b'v'; 40])
}

use crate::plan::StorePart;

fn state_of(number: u64, items: &[SnapshotItem]) -> State {
    let mut totals = Totals::default();
    for (_, key, value) in items {
        totals.add(key, value);
    }
    State {
        number: CommitNumber(number),
        at: None,
        totals,
    }
}

fn read_items(path: &Path) -> Result<Vec<SnapshotItem>, SnapshotError> {
    let mut items = Vec::new();
    read_snapshot(path, |part, key, value| {
        items.push((part, key.to_vec(), value.to_vec()));
        Ok(())
    })?;
    Ok(items)
}

#[test]
fn a_snapshot_takes_the_place_of_the_segments_before_it() {
    let dir = folder();
    let mut journal = open(dir.path());
    for number in 1..=40 {
        journal
            .append(&frame_of(number, "some note"), number)
            .unwrap();
    }
    assert!(journal.is_compaction_due());
    let items = [item("a"), item("b"), item("c")];
    let state = state_of(40, &items);
    journal
        .compact(&state, items.iter().cloned().map(Ok))
        .unwrap();
    assert!(!journal.is_compaction_due());
    assert_eq!(segments(dir.path()), 0);
    journal.append(&frame_of(41, "after"), 41).unwrap();
    drop(journal);
    let survey = survey(dir.path());
    let (path, base) = survey.base.as_ref().unwrap();
    assert_eq!(*base, state);
    assert_eq!(read_items(path).unwrap(), items);
    assert_eq!(survey.reach(), 41);
    assert_eq!(notes(dir.path()), ["after"]);
}

#[test]
fn a_snapshot_of_a_database_that_lost_something_is_not_kept() {
    let dir = folder();
    let mut journal = open(dir.path());
    journal.append(&frame_of(1, "kept"), 1).unwrap();
    let items = [item("a"), item("b")];
    let state = state_of(1, &items);
    let failed = journal.compact(&state, items.iter().take(1).cloned().map(Ok));
    assert!(matches!(failed, Err(StoreError::Damaged { .. })));
    assert!(survey(dir.path()).base.is_none());
    assert_eq!(notes(dir.path()), ["kept"]);
}

#[test]
fn any_flip_or_cut_in_a_snapshot_is_found() {
    let dir = folder();
    let items = [item("a"), item("b")];
    let state = state_of(7, &items);
    let path = write_snapshot(dir.path(), &state, items.iter().cloned().map(Ok)).unwrap();
    let clean = fs::read(&path).unwrap();
    for at in 0..clean.len() {
        let mut bytes = clean.clone();
        bytes[at] ^= 0x04;
        fs::write(&path, &bytes).unwrap();
        assert!(
            matches!(read_items(&path), Err(SnapshotError::Broken(_))),
            "flipped byte {at}"
        );
        fs::write(&path, &clean[..at]).unwrap();
        assert!(
            matches!(read_items(&path), Err(SnapshotError::Broken(_))),
            "cut at {at}"
        );
    }
}
