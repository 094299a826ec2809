//! From the folder to the store.

use std::ops::RangeInclusive;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::plan::named_events;
use super::{Current, DataSet, SeedErrors, plan, read};
use crate::domain::{RecordKey, RecordKind};
use crate::store::{Author, Commit, Committed, Expected, Store, StoreError, Stored, commit_all};

/// Why the data files did not reach the store.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The files carry mistakes; nothing was written.
    #[error(transparent)]
    Files(#[from] SeedErrors),
    /// The store could not be read or written.
    #[error("the data files could not be stored: {0}")]
    Store(#[from] StoreError),
}

/// What bringing the data files into the store did.
#[derive(Debug)]
pub struct SeedReport {
    /// Records made new.
    pub created: usize,
    /// Records changed.
    pub updated: usize,
    /// The last commit; absent where nothing differed. A large set of files is several.
    pub committed: Option<Committed>,
}

/// What the store has of that which the files speak of: never all of its events.
fn current(
    store: &dyn Store,
    data: &DataSet,
    years: &RangeInclusive<i32>,
    now: DateTime<Utc>,
) -> Result<Current, StoreError> {
    let mut stored: Vec<Stored> = Vec::new();
    let mut kinds = RecordKind::ALL.to_vec();
    kinds.retain(|kind| kind.is_shown() && *kind != RecordKind::Event);
    store.scan(&kinds, &mut |batch| stored.extend(batch))?;
    let (events, wanted) = named_events(data, years, now);
    let mut current = Current::default();
    let mut there = 0;
    for id in &events {
        let event = store.get(&RecordKey::new(RecordKind::Event, id.as_str()))?;
        there += usize::from(event.is_some() && wanted.contains(id));
        stored.extend(event);
    }
    if there < wanted.len() {
        // A new event needs an address that no other has.
        store.scan(&[RecordKind::Event], &mut |batch| {
            batch.iter().for_each(|stored| current.note_slug(stored));
        })?;
    }
    current.extend(stored);
    Ok(current)
}

/// Brings the data files of `dir` into the store, with tentative editions for `years`. Again and
/// again without harm: where nothing differs, nothing is committed.
///
/// # Errors
/// The mistakes in the files, all of them, and nothing is written then; or what the store says. Where that
/// stops the later of several commits, doing it again does the rest.
pub fn apply(
    store: &dyn Store,
    dir: &Path,
    now: DateTime<Utc>,
    years: &RangeInclusive<i32>,
) -> Result<SeedReport, ApplyError> {
    let data = read(dir)?;
    let current = current(store, &data, years, now)?;
    let changes = plan(&data, &current, now, years);
    let created = changes
        .iter()
        .filter(|change| change.expected == Expected::Absent)
        .count();
    let updated = changes.len() - created;
    let note = "data files".to_owned();
    let commits = commit_all(
        store,
        Commit {
            author: Author::DataFiles,
            at: now,
            note,
            changes,
        },
    )?;
    Ok(SeedReport {
        created,
        updated,
        committed: commits.into_iter().next_back(),
    })
}
