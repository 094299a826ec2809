//! Tests of the seed with the shipped data files.

mod corpus;
mod editions;
mod files;
mod into_store;
mod ownership;
mod partner_slips;
mod slips;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Current, DataSet, plan, read};
use calendar_domain::{Event, Record, RecordKey, RecordKind, Series, When};
use calendar_store::{CommitNumber, Expected, Revision, Stored};

fn shipped_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn shipped() -> DataSet {
    read(&shipped_folder()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Returns the days from first to last, inclusive.
fn days(first: &str, last: &str) -> When {
    When::days(day(first), day(last))
}

/// An in-memory store of records.
#[derive(Default)]
struct Shelf {
    records: BTreeMap<RecordKey, Stored>,
}

impl Shelf {
    /// Returns a store with the shipped files as of 22 November 2026.
    fn seeded(years: RangeInclusive<i32>) -> Self {
        let mut shelf = Self::default();
        shelf.seed(&shipped(), "2026-11-22T06:00:00Z", years);
        shelf
    }

    /// Executes a plan and returns the number of changes.
    fn seed(&mut self, data: &DataSet, now: &str, years: RangeInclusive<i32>) -> usize {
        let current = Current::new(self.records.values().cloned());
        let changes = plan(data, &current, at(now), &years);
        let count = changes.len();
        for change in changes {
            let there = self.records.get(&change.key).map(|stored| stored.revision);
            match change.expected {
                Expected::Absent => assert_eq!(there, None, "{}", change.key),
                Expected::Revision(revision) => assert_eq!(there, Some(revision)),
                Expected::Any => panic!("a plan says what it saw"),
            }
            self.put(change.to.expect("a seed removes nothing"));
        }
        count
    }

    fn put(&mut self, record: Record) {
        let key = record.key();
        let before = self.records.get(&key).map(|stored| stored.revision);
        let stored = Stored {
            record,
            revision: before.map_or(Revision::FIRST, Revision::next),
            commit: CommitNumber(1),
            changed_at: at("2026-11-22T06:00:00Z"),
        };
        self.records.insert(key, stored);
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.records
            .values()
            .filter_map(|stored| match &stored.record {
                Record::Event(event) => Some(&**event),
                _ => None,
            })
    }

    fn find(&self, id: &str) -> Option<&Event> {
        self.events().find(|event| event.id.as_str() == id)
    }

    fn event(&self, id: &str) -> &Event {
        self.find(id).unwrap_or_else(|| panic!("no event {id}"))
    }

    fn series(&self, slug: &str) -> &Series {
        match &self.records[&RecordKey::new(RecordKind::Series, slug)].record {
            Record::Series(series) => series,
            other => panic!("{other:?}"),
        }
    }

    /// Changes an event as a person would.
    fn edit(&mut self, id: &str, change: impl FnOnce(&mut Event)) {
        let mut event = self.event(id).clone();
        change(&mut event);
        self.put(event.into());
    }
}
