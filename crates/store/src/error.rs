//! What can go wrong in a store, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::commit::{Expected, Revision};
use calendar_domain::bounds::DateError;
use calendar_domain::{Claim, RecordKey};

/// Why a store couldn't be opened, read or written.
///
/// Cloneable, because writers that share one trip to the disk share its failure.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// Somebody else changed the record first.
    #[error(
        "{key} has changed meanwhile: expected {expected}, found {}; read it again and repeat \
         the change on what stands there now", found_words(*found)
    )]
    Conflict {
        /// The record in question.
        key: RecordKey,
        /// What the commit expected.
        expected: Expected,
        /// The revision that stands there; `None` when there is no record.
        found: Option<Revision>,
    },

    /// A record would get a name that another record has.
    #[error("{key} can't have the {claim}: it is that of {holder}; choose another")]
    Taken {
        /// The record that would get the name.
        key: RecordKey,
        /// The name.
        claim: Claim,
        /// The record that has it.
        holder: RecordKey,
    },

    /// A commit changes the same record twice.
    #[error("{key} stands twice in one commit; give each record at most one change")]
    Twice {
        /// The record in question.
        key: RecordKey,
    },

    /// A change names one record and carries another.
    #[error("a change of {key} carries the record {record}; they must be the same")]
    WrongKey {
        /// The key that the change names.
        key: RecordKey,
        /// The key of the record that it carries.
        record: RecordKey,
    },

    /// One record is larger than the store takes.
    #[error("{key} has {size} bytes when stored, {limit} are allowed; shorten its texts")]
    RecordTooLarge {
        /// The record in question.
        key: RecordKey,
        /// Its size in bytes, as JSON.
        size: usize,
        /// The largest size allowed, in bytes.
        limit: usize,
    },

    /// A commit's note is longer than the store takes.
    #[error("the commit's note has {size} bytes, {limit} are allowed; shorten it")]
    NoteTooLong {
        /// Its length in bytes.
        size: usize,
        /// The greatest length allowed, in bytes.
        limit: usize,
    },

    /// A record has no form as JSON.
    #[error("{key} can't be stored: {detail}")]
    Unstorable {
        /// The record in question.
        key: RecordKey,
        /// What is wrong with it.
        detail: String,
    },

    /// A record has a date that can't be written in any feed.
    #[error("{key} can't be stored: {error}; correct the date and try again")]
    BadDate {
        /// The record in question.
        key: RecordKey,
        /// The field, and what is wrong with it.
        error: DateError,
    },

    /// All records of a commit together are larger than the store takes.
    #[error("the commit has {size} bytes, {limit} are allowed; split it into several commits")]
    CommitTooLarge {
        /// Its size in bytes, as JSON.
        size: usize,
        /// The largest size allowed, in bytes.
        limit: usize,
    },

    /// No backend answers to the address.
    #[error("no store can be opened at '{url}'; the addresses known are of the form: {known}")]
    UnknownScheme {
        /// The address as given.
        url: String,
        /// An example for each backend.
        known: String,
    },

    /// The address has the right scheme and nothing useful after it.
    #[error("the store's address '{url}' is not usable: {detail}")]
    BadAddress {
        /// The address as given.
        url: String,
        /// What is wrong with it and what is allowed.
        detail: String,
    },

    /// There is no store, and none is to be created.
    #[error("there is no store at {}{}", path.display(), no_store_words(sign.as_deref()))]
    NoStore {
        /// Where it was looked for.
        path: PathBuf,
        /// What tells that one should be there; `None` where nothing does.
        sign: Option<String>,
    },

    /// A later version of this program wrote the store.
    #[error(
        "{} was written by a newer version (its format is {found}, this program knows up to \
         {known}); use a newer elverum-calendar, or restore a backup made with this version; \
         nothing has been changed", path.display()
    )]
    NewerSchema {
        /// The file or folder that says so.
        path: PathBuf,
        /// The version found there.
        found: u32,
        /// The newest version that this program reads.
        known: u32,
    },

    /// Another process has the store open.
    #[error(
        "the store in {} is in use{}; stop that program first, or choose another store with \
         --store", path.display(), process_words(*pid)
    )]
    InUse {
        /// The store's folder.
        path: PathBuf,
        /// The other process, when it left its number.
        pid: Option<u32>,
    },

    /// Data is missing or broken, and the store can't mend it by itself.
    #[error("the store in {} is damaged: {detail}; {advice}", path.display())]
    Damaged {
        /// The store's folder.
        path: PathBuf,
        /// What is broken, where exactly, and which commits it concerns.
        detail: String,
        /// What can be done.
        advice: String,
    },

    /// A file is no backup, or not as it was when the backup was made.
    #[error("{} can't be restored: {detail}; nothing has been changed", path.display())]
    BrokenBackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },

    /// A backup doesn't reach to where a restoration is to stop.
    #[error(
        "{} goes from commit {first} to commit {last}, and {wanted} is not in it; choose one in \
         between, or another backup; nothing has been changed", path.display()
    )]
    NotInBackup {
        /// The backup.
        path: PathBuf,
        /// The earliest commit that a restoration can stop at.
        first: u64,
        /// The last commit in it.
        last: u64,
        /// What was asked for, in words.
        wanted: String,
    },

    /// A restoration would take the place of records.
    #[error(
        "there is a store in {} already; give another with --store, or --replace to set this one \
         aside; nothing has been changed", path.display()
    )]
    NotEmpty {
        /// The store's folder.
        path: PathBuf,
    },

    /// The disk has no room.
    #[error(
        "no room on the disk for the store in {}; what is stored stays readable; free some room \
         and try again", path.display()
    )]
    DiskFull {
        /// The file or folder that was being written.
        path: PathBuf,
    },

    /// The disk or the folder can't be written.
    #[error(
        "the store in {} can't be written ({source}); give this program the right to write \
         there, or mount the disk for writing", path.display()
    )]
    NotWritable {
        /// The file or folder that was being written.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },

    /// Any other error of the disk.
    #[error("{action} {} failed ({source}); look into the disk and try again", path.display())]
    Io {
        /// What was being done, as a verb with -ing.
        action: &'static str,
        /// The file or folder in question.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

impl StoreError {
    /// Sorts an error of the system by what can be done about it.
    pub(super) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Self::NotWritable {
                    path,
                    source: Arc::new(source),
                }
            }
            _ => Self::Io {
                action,
                path,
                source: Arc::new(source),
            },
        }
    }

    /// Damage that a new start mends, because the journal has everything.
    pub(super) fn damaged(root: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged {
            path: root.to_owned(),
            detail: detail.into(),
            advice: "start the program again: it rebuilds its database from the journal".to_owned(),
        }
    }

    /// Whether the same call may succeed once the disk is well again.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::DiskFull { .. } | Self::NotWritable { .. } | Self::Io { .. }
        )
    }
}

fn found_words(found: Option<Revision>) -> String {
    found.map_or_else(
        || "no record".to_owned(),
        |revision| format!("revision {revision}"),
    )
}

fn process_words(pid: Option<u32>) -> String {
    pid.map_or_else(
        || " by another program".to_owned(),
        |pid| format!(" by process {pid}"),
    )
}

fn no_store_words(sign: Option<&str>) -> String {
    sign.map_or_else(
        || {
            "; check --store and the configuration, or create one with 'elverum-calendar seed', which \
             loads the region's files (serve and import create one too)"
                .to_owned()
        },
        |sign| {
            format!(
                ", and there should be one: {sign}; mount the disk that it is on, or restore a backup; to \
                 begin with an empty calendar instead, give --new to serve, import or seed; nothing has been \
                 changed"
            )
        },
    )
}
