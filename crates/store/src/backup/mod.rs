//! A store in one file: everything in it as of one commit, compressed and checksummed.
//!
//! ```text
//! header   as the journal's files have it: magic 8 · format u32 · commit u64 · zero 8 · crc32
//! body     gzip of: a frame with the manifest (JSON) · the journal's snapshot, if it has one ·
//!          the frames of the commits after it
//! trailer  magic 8 · length u64 of all before the trailer · SHA-256 of the same
//! ```
//!
//! The body is the journal's own bytes, so a backup holds what the journal holds: every record, its
//! history, and each commit since the last snapshot, at any of which a restoration can stop.
//!
//! A backup reads files and asks nothing of whoever has the store open: the journal is only ever
//! appended to, each commit in it has a checksum, and its mark tells the last one that was
//! acknowledged. Where a compaction takes files away meanwhile, it begins again.
//!
//! `file` is the format. The backends take from a store and make one.

mod check;
mod file;
mod unfinished;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::commit::CommitNumber;
use super::{StoreError, backend};

pub use check::{check_backup, check_backup_records};
pub use file::FORMAT as BACKUP_FORMAT;
pub(super) use file::{Manifest, Opened, Writer};

/// A backup that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct BackedUp {
    /// The commit that it ends with.
    pub commit: CommitNumber,
    /// That commit's own time; `None` in an empty store.
    pub at: Option<DateTime<Utc>>,
    /// The size of the file in bytes.
    pub bytes: u64,
}

/// Where a restoration stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Until {
    /// At the backup's end.
    #[default]
    End,
    /// After this commit.
    Commit(CommitNumber),
    /// Before the first commit that was made later than this.
    Time(DateTime<Utc>),
}

/// How to restore.
#[derive(Clone, Copy, Debug, Default)]
pub struct Restoring {
    /// Where to stop.
    pub until: Until,
    /// Whether a store that is there already is set aside.
    pub replace: bool,
}

/// A store that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Restored {
    /// The commit that the store stands at now.
    pub commit: CommitNumber,
    /// The last commit in the backup.
    pub last: CommitNumber,
    /// Where the store that stood there before is kept, when there was one.
    pub replaced: Option<PathBuf>,
}

/// Writes everything in the store at `url` into `file`, whoever has the store open; the file is
/// there whole or not at all, and has been read back.
///
/// A backup that stands there already is replaced.
///
/// # Errors
/// When the store can't be read, `file` is something else than a backup, or the disk refuses.
pub fn backup(url: impl AsRef<OsStr>, file: &Path) -> Result<BackedUp, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.backup)(rest, file)
}

/// Makes the store at `url` of the backup in `file`.
///
/// The whole backup is verified, and the new store complete, before anything there is touched.
///
/// # Errors
/// When the backup is damaged or doesn't reach far enough, the store is in use, or it isn't empty
/// and may not be replaced.
pub fn restore(
    url: impl AsRef<OsStr>,
    file: &Path,
    how: &Restoring,
) -> Result<Restored, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.restore)(rest, file, how)
}
