//! From the folder to the store.

use std::ops::RangeInclusive;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Current, SeedErrors, plan, read};
use crate::store::{Author, Commit, Committed, Expected, Store, StoreError};

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
    /// The commit, for whoever keeps what the store holds in memory; absent where nothing differed.
    pub committed: Option<Committed>,
}

/// Brings the data files of `dir` into the store, with tentative editions for `years`. Again and
/// again without harm: where nothing differs, nothing is committed.
///
/// # Errors
/// The mistakes in the files, all of them; or what the store says. Nothing is written then.
pub fn apply(
    store: &dyn Store,
    dir: &Path,
    now: DateTime<Utc>,
    years: &RangeInclusive<i32>,
) -> Result<SeedReport, ApplyError> {
    let data = read(dir)?;
    let current = Current::of(store.load()?);
    let changes = plan(&data, &current, now, years);
    let created = changes
        .iter()
        .filter(|change| change.expected == Expected::Absent)
        .count();
    let updated = changes.len() - created;
    let committed = if changes.is_empty() {
        None
    } else {
        let note = "data files".to_owned();
        Some(store.commit(Commit {
            author: Author::DataFiles,
            at: now,
            note,
            changes,
        })?)
    };
    Ok(SeedReport {
        created,
        updated,
        committed,
    })
}
