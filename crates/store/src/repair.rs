//! What an operator learns of a store that is looked into or saved from the worst.

use std::ffi::OsStr;

use super::{CommitNumber, StoreError, backend};
use calendar_domain::Record;

/// What was found when everything in a store was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Checked {
    /// The last commit up to which everything is there.
    pub head: CommitNumber,
    /// How many records stand in it now.
    pub records: usize,
    /// How many versions of records are kept, the current ones among them.
    pub versions: usize,
    /// What is wrong; empty when nothing is. What the next opening mends by itself is here too.
    pub findings: Vec<String>,
    /// What is worth knowing and not wrong.
    pub notes: Vec<String>,
}

/// Returns what is wrong with a record that can be read, if anything is.
pub type Judge<'a> = &'a mut dyn FnMut(&Record) -> Option<String>;

/// What was kept of a store that would not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Salvaged {
    /// Everything up to this commit was kept; the store stands there now.
    pub kept: CommitNumber,
    /// The last commit that is known to have been made; equal to `kept` when nothing was lost.
    pub known: CommitNumber,
}

/// Reads everything in the store at `url` and tells what is wrong; mends nothing.
///
/// # Errors
/// When there is no store, it is in use, or it can't be read at all.
pub fn check(url: impl AsRef<OsStr>) -> Result<Checked, StoreError> {
    check_records(url, &mut |_| None)
}

/// The same, with what `judge` finds wrong with each record as it stands now.
///
/// # Errors
/// See [`check()`].
pub fn check_records(url: impl AsRef<OsStr>, judge: Judge<'_>) -> Result<Checked, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.check)(rest, judge)
}

/// Makes a store that is too damaged to open usable again, without the commits that can't be
/// had any more: everything up to the first of them is kept. What was damaged is set aside beside
/// it. A store that opens by itself loses nothing.
///
/// # Errors
/// When nothing can be kept, the store is in use, or the disk refuses.
pub fn salvage(url: impl AsRef<OsStr>) -> Result<Salvaged, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.salvage)(rest)
}
