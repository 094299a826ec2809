//! Checking and salvaging of stores, for operators.

use super::CommitNumber;
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
