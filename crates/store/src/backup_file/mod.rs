//! Backups: everything in a store as of one commit, in one compressed and checksummed file.
//!
//! ```text
//! header   as in the journal's files: magic 8 · format u32 · commit u64 · zero 8 · crc32
//! body     gzip of: a frame with the manifest (JSON) · the journal's snapshot, if any ·
//!          the frames of the commits after it
//! trailer  magic 8 · length u64 of everything before the trailer · SHA-256 of the same
//! ```
//!
//! The body has the same bytes as the journal: every record, its history, and each commit since the last
//! snapshot. A restore can stop at any of these commits.
//!
//! A backup only reads files and needs no cooperation of the process that has the store open. The journal is
//! append-only, each commit has a checksum, and the acknowledgment marker names the last acknowledged commit.
//! If a compaction removes files meanwhile, the backup starts again.
//!
//! `file` is the format. Each backend reads its store into a backup and creates a store from one.

mod check;
mod file;
mod unfinished;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::commit::CommitNumber;

pub use check::{check_backup, check_backup_records};
pub use file::FORMAT as BACKUP_FORMAT;
pub(super) use file::{BackupReader, BackupWriter, Manifest};

/// The result of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct BackedUp {
    /// The last commit in the backup.
    pub commit: CommitNumber,
    /// The time of that commit; `None` in an empty store.
    pub at: Option<DateTime<Utc>>,
    /// Size of the file in bytes.
    pub bytes: u64,
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
#[derive(Clone, Copy, Debug, Default)]
pub struct Restoring {
    /// The point to restore.
    pub until: RestoreEnd,
    /// Whether an existing store is set aside.
    pub replace: bool,
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
