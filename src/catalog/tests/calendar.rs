use std::sync::Arc;

use chrono::TimeZone;

use crate::catalog::Calendar;
use calendar_domain::clock::FixedClock;
use calendar_domain::*;
use calendar_store::{Author, Change, Commit, Store};

use super::{day, event};

fn calendar(folder: &tempfile::TempDir) -> Calendar {
    let url = format!("sled:{}", folder.path().join("store").display());
    let noon = chrono::Utc.with_ymd_and_hms(2027, 2, 1, 12, 0, 0).unwrap();
    Calendar::open(
        calendar_store::open(&url).unwrap(),
        Arc::new(FixedClock::at(noon)),
    )
    .unwrap()
}

fn commit(event: Event) -> Commit {
    Commit {
        author: Author::System,
        at: chrono::Utc.with_ymd_and_hms(2027, 2, 1, 12, 0, 0).unwrap(),
        note: "test".into(),
        changes: vec![Change::put(event.into())],
    }
}

#[test]
fn writers_who_come_together_each_find_their_own_write_in_the_next_read() {
    let folder = tempfile::tempdir().unwrap();
    let calendar = calendar(&folder);
    std::thread::scope(|threads| {
        for writer in 0..6 {
            let calendar = &calendar;
            threads.spawn(move || {
                for number in 0..10 {
                    let made = event(&format!("w{writer}-{number}"), When::day(day("2027-03-01")));
                    let id = made.id.clone();
                    let committed = calendar.commit(commit(made)).unwrap();
                    let snapshot = calendar.snapshot();
                    assert!(snapshot.event(&id).is_some());
                    assert!(snapshot.version().commit >= committed.number.0);
                }
            });
        }
    });
    assert_eq!(calendar.snapshot().event_count(), 60);
    assert_eq!(calendar.snapshot().version().commit, 60);
}

#[test]
fn a_commit_that_changes_nothing_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let calendar = calendar(&folder);
    let first = event("first", When::day(day("2027-03-01")));
    calendar.commit(commit(first.clone())).unwrap();
    let again = calendar.commit(commit(first)).unwrap();
    assert!(again.changes.is_empty());
    calendar
        .commit(commit(event("second", When::day(day("2027-03-02")))))
        .unwrap();
    assert_eq!(calendar.snapshot().event_count(), 2);
}

#[test]
fn a_calendar_opened_again_shows_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let before = {
        let calendar = calendar(&folder);
        calendar
            .commit(commit(event("kept", When::day(day("2027-03-01")))))
            .unwrap();
        calendar.snapshot()
    };
    let after = calendar(&folder).snapshot();
    assert_eq!(after.version(), before.version());
    let of = |snapshot: &super::Snapshot| -> Vec<Event> {
        snapshot
            .events()
            .map(|entry| (*entry.event()).clone())
            .collect()
    };
    assert_eq!(of(&after), of(&before));
}
