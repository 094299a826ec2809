//! Writing of the data files to the store.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use super::plan::{named_events, slugs_of, uids_of};
use super::{Current, DataSet, DataSource, SeedError, SeedErrors, plan, read};
use calendar_domain::{Claim, Record, RecordKey, RecordKind};
use calendar_store::{Author, Commit, Committed, Expected, Store, StoreError, Stored, commit_all};

/// Maximum number of attempts after concurrent writes.
const ATTEMPTS: usize = 8;

/// Reason why the data files were not stored.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The files contain errors; nothing was written.
    #[error(transparent)]
    Files(#[from] SeedErrors),
    /// The store could not be read or written.
    #[error("cannot store the data files: {0}")]
    Store(#[from] StoreError),
}

/// The result of storing the data files.
#[derive(Debug)]
pub struct SeedReport {
    /// Number of records created.
    pub created: usize,
    /// Number of records updated.
    pub updated: usize,
    /// The last commit; absent if there were no changes. Large changes take several commits.
    pub committed: Option<Committed>,
}

/// Returns the stored records that the files refer to, without scanning all events.
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
    // A new event needs an unused slug and UID.
    for event in wanted.iter().filter(|wanted| !there.contains(&wanted.id)) {
        note_taken(store, slugs_of(event), &mut current)?;
        note_taken(store, uids_of(&data.region, event), &mut current)?;
    }
    current.extend(stored);
    Ok(current)
}

/// Notes names in use, up to the first unused one.
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

/// Stores the data files, with tentative editions for `years`. Idempotent: without
/// differences, nothing is committed.
///
/// # Errors
/// Returns all errors in the files, in which case nothing is written, or the error of the store. If
/// the store fails after the first of several commits, a repeated call writes the rest.
pub fn apply<'a>(
    store: &dyn Store,
    source: impl Into<DataSource<'a>>,
    now: DateTime<Utc>,
    years: &RangeInclusive<i32>,
) -> Result<SeedReport, ApplyError> {
    let source = source.into();
    let data = read(source)?;
    refuse_other_region(store, &data, source)?;
    let mut attempt = 1;
    loop {
        match apply_once(store, &data, now, years) {
            // After a concurrent write, plan again with the new state.
            Err(error) if error.is_overtaken() && attempt < ATTEMPTS => {
                attempt += 1;
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// Errors if the store's events are derived from another `uid_namespace`: they would all be
/// created a second time.
fn refuse_other_region(
    store: &dyn Store,
    data: &DataSet,
    source: DataSource<'_>,
) -> Result<(), ApplyError> {
    let key = Record::from(data.region.clone()).key();
    let Some(Record::Region(stored)) = store.get(&key)?.map(|store| store.record) else {
        return Ok(());
    };
    let (own, given) = (stored.uid_namespace, data.region.uid_namespace);
    if own == given {
        return Ok(());
    }
    Err(ApplyError::Files(SeedErrors(vec![SeedError {
        file: source.path("region.toml"),
        at: None,
        field: "uid_namespace".to_owned(),
        wrong: format!("«{given}» belongs to another calendar than the store"),
        allowed: format!("{own}, from the store's own region (--data DIR), or another store"),
    }])))
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
