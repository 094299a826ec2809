//! Events that cannot be shown affect no others.

use std::sync::Arc;

use chrono::{NaiveDateTime, TimeZone};

use super::{day, event, put, version};
use crate::catalog::{Calendar, Snapshot};
use calendar_domain::clock::FixedClock;
use calendar_domain::query::words;
use calendar_domain::*;
use calendar_store::{Author, Change, Commit, Store, StoreError};

/// Title of an event from which deriving any data panics.
pub const PANICS: &str = "panics whenever anything is derived of it";
/// Title of an event that panics for days after this one.
pub const PANICS_LATER: (&str, &str) = ("panics next year", "2029-06-01");

fn titled(id: &str, title: &str) -> Event {
    Event {
        title: Text::nb(title),
        ..event(id, When::day(day("2027-03-01")))
    }
}

fn far(id: &str) -> Event {
    let when = When::Timed {
        start: NaiveDateTime::MAX,
        end: None,
        zone: chrono_tz::America::New_York,
    };
    event(id, when)
}

fn left_out(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.skipped().map(|(id, _)| id.as_str()).collect()
}

fn calendar(folder: &tempfile::TempDir) -> Calendar {
    let url = format!("sled:{}", folder.path().join("store").display());
    let noon = chrono::Utc.with_ymd_and_hms(2027, 2, 1, 12, 0, 0).unwrap();
    Calendar::open(
        calendar_store::open(&url).unwrap(),
        Arc::new(FixedClock::at(noon)),
    )
    .unwrap()
}

fn commit(events: Vec<Event>) -> Commit {
    Commit {
        author: Author::System,
        at: chrono::DateTime::UNIX_EPOCH,
        note: "test".into(),
        changes: events
            .into_iter()
            .map(|event| Change::put(event.into()))
            .collect(),
    }
}

#[test]
fn an_event_that_panics_when_it_is_applied_is_left_out_and_nothing_else_is() {
    let empty = Snapshot::empty(version(0));
    let records: Vec<Record> = [
        titled("before", "Før"),
        titled("bad", PANICS),
        far("far"),
        titled("zafter", "Etter"),
    ]
    .map(Record::from)
    .into();
    let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
    let snapshot = empty.with(version(1), keys.iter().zip(records.iter().map(Some)));
    assert_eq!(snapshot.version(), version(1));
    assert_eq!(left_out(&snapshot), ["bad", "far"]);
    assert_eq!(snapshot.event_count(), 2);
    let on_day = snapshot.agenda(&Query::default(), day("2027-03-01"), 9);
    assert_eq!(on_day.items.len(), 2);
    // Once corrected, they are shown.
    let snapshot = put(&snapshot, titled("bad", "Bra"));
    let snapshot = put(&snapshot, titled("far", "Nær"));
    assert!(left_out(&snapshot).is_empty());
    assert_eq!(snapshot.event_count(), 4);
    // An event that panics replaces the one shown before.
    let snapshot = put(&snapshot, titled("bad", PANICS));
    assert_eq!(left_out(&snapshot), ["bad"]);
    assert_eq!(snapshot.event_count(), 3);
    let found = Query {
        words: words("bra"),
        ..Query::default()
    };
    assert!(snapshot.admitted(&found).is_empty());
    let on_day = snapshot.agenda(&Query::default(), day("2027-03-01"), 9);
    assert_eq!(on_day.items.len(), 3);
}

#[test]
fn writers_after_an_event_that_panics_do_not_wait_and_a_start_leaves_it_out_too() {
    let folder = tempfile::tempdir().unwrap();
    {
        let calendar = calendar(&folder);
        let bad = titled("bad", PANICS);
        calendar
            .commit(commit(vec![bad, titled("good", "Bra")]))
            .unwrap();
        calendar
            .commit(commit(vec![titled("next", "Neste")]))
            .unwrap();
        assert_eq!(calendar.snapshot().event_count(), 2);
        assert_eq!(calendar.lag(), None);
        let refused = calendar.commit(commit(vec![far("far")]));
        assert!(
            matches!(refused, Err(StoreError::BadDate { .. })),
            "{refused:?}"
        );
        calendar.store().commit(commit(vec![far("far")])).unwrap();
        assert!(calendar.lag().is_some());
    }
    let calendar = calendar(&folder);
    assert_eq!(left_out(&calendar.snapshot()), ["bad", "far"]);
    assert_eq!(calendar.snapshot().event_count(), 2);
    // An event that cannot be shown can be withdrawn.
    let withdrawn = Event {
        publication: Publication::Withdrawn,
        ..far("far")
    };
    calendar.commit(commit(vec![withdrawn])).unwrap();
    assert_eq!(left_out(&calendar.snapshot()), ["bad"]);
}

#[test]
fn a_commit_whose_forerunner_never_arrives_reads_the_catalog_anew() {
    let folder = tempfile::tempdir().unwrap();
    let calendar = calendar(&folder);
    calendar
        .store()
        .commit(commit(vec![titled("lost", "Borte")]))
        .unwrap();
    calendar
        .commit(commit(vec![titled("next", "Neste")]))
        .unwrap();
    assert_eq!(calendar.snapshot().event_count(), 2);
    assert_eq!(calendar.lag(), None);
    calendar
        .commit(commit(vec![titled("last", "Siste")]))
        .unwrap();
    assert_eq!(calendar.snapshot().event_count(), 3);
}

#[test]
fn an_event_that_panics_at_midnight_is_left_out_from_then_on() {
    let weekly = Event {
        schedule: Schedule {
            when: When::day(day("2027-03-01")),
            recurrence: Some(Recurrence {
                rule: Some("FREQ=WEEKLY".parse().unwrap()),
                ..Recurrence::default()
            }),
        },
        ..titled("later", PANICS_LATER.0)
    };
    let snapshot = put(&Snapshot::empty(version(0)), weekly);
    let snapshot = put(&snapshot, titled("good", "Bra"));
    assert_eq!(snapshot.event_count(), 2);
    let snapshot = snapshot.on(day("2027-02-02"));
    assert!(left_out(&snapshot).is_empty());
    let snapshot = snapshot.on(day("2027-10-01"));
    assert_eq!(left_out(&snapshot), ["later"]);
    assert_eq!(snapshot.event_count(), 1);
    let gone = snapshot.with(
        version(9),
        [(&Record::from(titled("later", "x")).key(), None)],
    );
    assert_eq!(gone.event_count(), 1);
    assert_eq!(
        gone.agenda(&Query::default(), day("2027-03-01"), 9)
            .items
            .len(),
        1
    );
}

#[test]
fn an_event_that_changes_all_its_words_leaves_few_of_the_old_ones_in_the_index() {
    let text = |round: usize| -> String { (0..8_000).map(|n| format!("w{round}x{n} ")).collect() };
    let described = |round: usize| Event {
        description: Text::nb(text(round)),
        ..titled("wordy", "Ord")
    };
    let mut snapshot = put(&Snapshot::empty(version(0)), described(0));
    let first = snapshot.clone();
    for round in 1..100 {
        snapshot = put(&snapshot, described(round));
        assert!(snapshot.words.len() < 250_000, "{}", snapshot.words.len());
    }
    let finds = |snapshot: &Snapshot, word: &str| {
        let query = Query {
            words: words(word),
            ..Query::default()
        };
        snapshot.admitted(&query).len()
    };
    assert_eq!(
        (finds(&snapshot, "w99x7"), finds(&snapshot, "w0x7")),
        (1, 0)
    );
    // A reader of the first state still finds its words.
    assert_eq!((finds(&first, "w99x7"), finds(&first, "w0x7")), (0, 1));
}

#[test]
fn of_an_endless_text_the_first_words_are_found_and_no_more_are_kept() {
    let text: String = (0..100_000).map(|n| format!("word{n} ")).collect();
    let endless = Event {
        description: Text::nb(text),
        ..titled("endless", "Uten ende")
    };
    let snapshot = put(&Snapshot::empty(version(0)), endless);
    assert!(snapshot.words.len() < 20_000, "{}", snapshot.words.len());
    for (word, there) in [("word12", 1), ("ende", 1), ("word99999", 0)] {
        let query = Query {
            words: words(word),
            ..Query::default()
        };
        assert_eq!(snapshot.admitted(&query).len(), there, "{word}");
    }
}

#[test]
fn occurrences_that_overlap_by_the_thousand_are_one_row_and_no_burden() {
    let daily = Event {
        schedule: Schedule {
            when: When::days(day("2000-01-01"), day("2029-12-31")),
            recurrence: Some(Recurrence {
                rule: Some("FREQ=DAILY".parse().unwrap()),
                ..Recurrence::default()
            }),
        },
        ..titled("daily", "Hver dag")
    };
    let snapshot = put(&Snapshot::empty(version(0)), daily.clone());
    let today = day("2027-02-01");
    for from in [today, day("2027-06-01"), day("2035-06-01")] {
        let page = snapshot.agenda(&Query::default(), from, 60);
        let zone = snapshot.region().time_zone;
        let running = page
            .items
            .iter()
            .filter(|item| item.when.days_touched(zone).start < from);
        assert_eq!(running.count(), 1, "{from}");
        assert!(page.items.len() <= 91, "{}", page.items.len());
    }
    // Removal after the horizon has moved leaves nothing behind.
    let later = snapshot.on(day("2027-05-01"));
    let gone = later.with(version(9), [(&Record::from(daily).key(), None)]);
    assert_eq!(
        gone.agenda(&Query::default(), day("2027-05-02"), 60)
            .items
            .len(),
        0
    );
    assert!(gone.days.sheets_in(gone.days.window()).next().is_none());
}
