//! Parameters and results of backups and restores.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::encryption::BackupKeys;
use crate::commit::CommitNumber;

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
}
