//! Parameters and results of backups and restores.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::encryption::BackupKeys;
use crate::commit::CommitNumber;
use crate::{Store, StoreError};
use calendar_domain::{Erasure, RecordKind};

/// The result of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct BackedUp {
    /// The last commit in the backup.
    pub commit: CommitNumber,
    /// The time of that commit; `None` in an empty store.
    pub at: Option<DateTime<Utc>>,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Images that are missing or damaged, each with a remedy. The backup has everything else.
    pub findings: Vec<String>,
}

/// The point at which a restore stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RestoreEnd {
    /// The end of the backup.
    #[default]
    End,
    /// After this commit.
    Commit(CommitNumber),
    /// Before the first commit later than this time (UTC).
    Time(DateTime<Utc>),
}

/// Options of a restore.
#[derive(Clone, Debug, Default)]
pub struct Restoring {
    /// The point to restore.
    pub until: RestoreEnd,
    /// Whether an existing store is set aside.
    pub replace: bool,
    /// The secrets for an encrypted backup.
    pub keys: BackupKeys,
    /// Erasures that may be later than the backup, in addition to those of the store that is replaced.
    pub known: Vec<Erasure>,
    /// What is done about erased records that the backup brings back; nothing by default.
    pub erase_again: Option<EraseAgain>,
    /// Whether such records are only counted, and stay.
    pub keep_erased: bool,
    /// Whether the store that there is stays, and the result is only reported.
    pub dry_run: bool,
}

/// Looks for erased records in a restored store before it is used and, if told so, erases them again.
pub type EraseAgain =
    fn(store: &dyn Store, known: &[Erasure], erase: bool) -> Result<BroughtBack, StoreError>;

/// What a backup brings back that was erased since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BroughtBack {
    /// Number of records by kind that were removed.
    pub removed: BTreeMap<RecordKind, usize>,
    /// Number of records of others that had lost something.
    pub changed: usize,
}

impl BroughtBack {
    /// Returns true if there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.changed == 0
    }
}

/// The result of a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Restored {
    /// The commit that the store is at now.
    pub commit: CommitNumber,
    /// The last commit in the backup.
    pub last: CommitNumber,
    /// The folder of the store that was set aside, if there was one.
    pub replaced: Option<PathBuf>,
    /// What the backup has that was erased since.
    pub brought_back: BroughtBack,
    /// Images that the backup lacks although records need them. Everything else was restored.
    pub findings: Vec<String>,
}
