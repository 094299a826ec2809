//! Checking and salvaging of stores, for operators.

use std::ffi::OsStr;

use super::{CommitNumber, StoreError, backend};
use calendar_domain::Record;

/// The result of reading a whole store or backup.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Checked {
    /// The last commit up to which nothing is missing.
    pub head: CommitNumber,
    /// Number of current records.
    pub records: usize,
    /// Number of kept versions, including the current ones.
    pub versions: usize,
    /// Errors, including those that the next opening repairs. Empty if there are none.
    pub findings: Vec<String>,
    /// Remarks that are not errors.
    pub notes: Vec<String>,
}

/// A function that returns what is wrong with a readable record, if anything.
pub type Judge<'a> = &'a mut dyn FnMut(&Record) -> Option<String>;

/// The result of salvaging a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Salvaged {
    /// The last commit kept. The store is at this commit now.
    pub kept: CommitNumber,
    /// The last commit known to have been made. Equal to `kept` if nothing was lost.
    pub known: CommitNumber,
}

/// Reads everything in the store at `url` and reports what is wrong. Repairs nothing.
///
/// # Errors
/// Errors if there is no store, it is in use, or it can't be read at all.
pub fn check(url: impl AsRef<OsStr>) -> Result<Checked, StoreError> {
    check_records(url, &mut |_| None)
}

/// Checks a store like [`check()`], and reports what `judge` returns for each current record.
///
/// # Errors
/// See [`check()`].
pub fn check_records(url: impl AsRef<OsStr>, judge: Judge<'_>) -> Result<Checked, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.check)(rest, judge)
}

/// Makes a store usable again that is too damaged to open. Keeps everything before the first missing commit
/// and sets the damaged files aside. A store that opens normally loses nothing.
///
/// # Errors
/// Errors if nothing can be kept, the store is in use, or the disk fails.
pub fn salvage(url: impl AsRef<OsStr>) -> Result<Salvaged, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.salvage)(rest)
}
