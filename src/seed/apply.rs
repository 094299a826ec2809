//! From the folder to the store.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::plan::{named_events, slugs_of, uids_of};
use super::{Current, DataSet, SeedErrors, plan, read};
use calendar_domain::{Claim, RecordKey, RecordKind};
use calendar_store::{Author, Commit, Committed, Expected, Store, StoreError, Stored, commit_all};

/// How often a plan is made anew because somebody else wrote meanwhile.
const ATTEMPTS: usize = 8;

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
    let mut there = BTreeSet::new();
    for id in events {
        let event = store.get(&RecordKey::new(RecordKind::Event, id.as_str()))?;
        if let Some(event) = event {
            stored.push(event);
            there.insert(id);
        }
    }
    // A new event needs an address and an identity that no other has.
    for event in wanted.iter().filter(|it| !there.contains(&it.id)) {
        note_taken(store, slugs_of(event), &mut current)?;
        note_taken(store, uids_of(&data.region, event), &mut current)?;
    }
    current.extend(stored);
    Ok(current)
}

/// Notes the names of others, up to the first that is free.
fn note_taken(
    store: &dyn Store,
    names: impl Iterator<Item = Claim>,
    current: &mut Current,
) -> Result<(), StoreError> {
    for name in names {
        if store.holders(&name)?.is_empty() {
            break;
        }
        current.note_name(name);
    }
    Ok(())
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
    let mut attempt = 1;
    loop {
        match apply_once(store, &data, now, years) {
            // Somebody wrote meanwhile: the next plan sees it.
            Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) if attempt < ATTEMPTS => {
                attempt += 1;
            }
            outcome => return Ok(outcome?),
        }
    }
}

fn apply_once(
    store: &dyn Store,
    data: &DataSet,
    now: DateTime<Utc>,
    years: &RangeInclusive<i32>,
) -> Result<SeedReport, StoreError> {
    let current = current(store, data, years, now)?;
    let changes = plan(data, &current, now, years);
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
