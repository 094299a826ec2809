//! Errors of a store, each with a remedy.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::commit::{Expected, Revision};
use calendar_domain::bounds::DateError;
use calendar_domain::{Claim, RecordKey};

/// Why a store could not be opened, read or written.
///
/// Cloneable, because writers that share one sync share its failure.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// Another commit changed the record first.
    #[error(
        "{key} has changed meanwhile: expected {expected}, found {}; read it again and repeat \
         the change on what stands there now", found_words(*found)
    )]
    Conflict {
        /// The record.
        key: RecordKey,
        /// What the commit expected.
        expected: Expected,
        /// The current revision; `None` if there is no record.
        found: Option<Revision>,
    },

    /// A record would get a name that another record has.
    #[error("{key} can't have the {claim}: it is that of {holder}; choose another")]
    Taken {
        /// The record that would get the name.
        key: RecordKey,
        /// The name.
        claim: Claim,
        /// The record that has the name.
        holder: RecordKey,
    },

    /// A commit changes the same record twice.
    #[error("{key} stands twice in one commit; give each record at most one change")]
    Twice {
        /// The record.
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

    /// A record exceeds the size limit.
    #[error("{key} has {size} bytes when stored, {limit} are allowed; shorten its texts")]
    RecordTooLarge {
        /// The record.
        key: RecordKey,
        /// Its size in bytes of JSON.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },

    /// The note of a commit exceeds the length limit.
    #[error("the commit's note has {size} bytes, {limit} are allowed; shorten it")]
    NoteTooLong {
        /// Its length in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },

    /// A record can't be serialized as JSON.
    #[error("{key} can't be stored: {detail}")]
    Unstorable {
        /// The record.
        key: RecordKey,
        /// The serialization error.
        detail: String,
    },

    /// A record has a date that can't be written in any feed.
    #[error("{key} can't be stored: {error}; correct the date and try again")]
    BadDate {
        /// The record.
        key: RecordKey,
        /// The field and the error in it.
        error: DateError,
    },

    /// The records of a commit together exceed the size limit.
    #[error("the commit has {size} bytes, {limit} are allowed; split it into several commits")]
    CommitTooLarge {
        /// Its size in bytes of JSON.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },

    /// An entry of the short-lived data exceeds a limit.
    #[error("the {table} can't be kept: {detail}; try again later")]
    EphemeralFull {
        /// The table.
        table: &'static str,
        /// The limit.
        detail: &'static str,
    },

    /// No backend has the scheme of the address.
    #[error("no store can be opened at '{url}'; the addresses known are of the form: {known}")]
    UnknownScheme {
        /// The address as given.
        url: String,
        /// An example address of each backend.
        known: String,
    },

    /// The address has a known scheme, but the rest is not usable.
    #[error("the store's address '{url}' is not usable: {detail}")]
    BadAddress {
        /// The address as given.
        url: String,
        /// The error and what is allowed.
        detail: String,
    },

    /// There is no store, and none may be created.
    #[error("there is no store at {}{}", path.display(), no_store_words(sign.as_deref()))]
    NoStore {
        /// The expected path of the store.
        path: PathBuf,
        /// The sign that a store existed; `None` if there is none.
        sign: Option<String>,
    },

    /// A newer version of this program wrote the store.
    #[error(
        "{} was written by a newer version (its format is {found}, this program knows up to \
         {known}); use a newer elverum-calendar, or restore a backup made with this version; \
         nothing has been changed", path.display()
    )]
    NewerSchema {
        /// The file or folder with the newer format.
        path: PathBuf,
        /// The format version found.
        found: u32,
        /// The newest format version that this program reads.
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
        /// The other process, if it wrote its id.
        pid: Option<u32>,
    },

    /// Data is missing or damaged, and the store can't repair it by itself.
    #[error("the store in {} is damaged: {detail}; {advice}", path.display())]
    Damaged {
        /// The store's folder.
        path: PathBuf,
        /// The damage, its location and the commits concerned.
        detail: String,
        /// The remedy.
        advice: String,
    },

    /// A file is not a backup, or it was altered after the backup was made.
    #[error("{} can't be restored: {detail}; nothing has been changed", path.display())]
    BrokenBackup {
        /// The file.
        path: PathBuf,
        /// The error in it.
        detail: String,
    },

    /// A backup does not contain the state to restore.
    #[error(
        "{} goes from commit {first} to commit {last}, and {wanted} is not in it; choose one in \
         between, or another backup; nothing has been changed", path.display()
    )]
    NotInBackup {
        /// The backup.
        path: PathBuf,
        /// The earliest commit that can be restored.
        first: u64,
        /// The last commit in it.
        last: u64,
        /// The requested state, in words.
        wanted: String,
    },

    /// A restore would overwrite an existing store.
    #[error(
        "there is a store in {} already; give another with --store, or --replace to set this one \
         aside; nothing has been changed", path.display()
    )]
    NotEmpty {
        /// The store's folder.
        path: PathBuf,
    },

    /// The disk is full.
    #[error(
        "no room on the disk for the store in {}; what is stored stays readable; free some room \
         and try again", path.display()
    )]
    DiskFull {
        /// The file or folder being written.
        path: PathBuf,
    },

    /// The disk or folder is not writable.
    #[error(
        "the store in {} can't be written ({source}); give this program the right to write \
         there, or mount the disk for writing", path.display()
    )]
    NotWritable {
        /// The file or folder being written.
        path: PathBuf,
        /// The error of the operating system.
        source: Arc<io::Error>,
    },

    /// Any other disk error.
    #[error("{action} {} failed ({source}); look into the disk and try again", path.display())]
    Io {
        /// The action that failed, as an -ing form.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: Arc<io::Error>,
    },
}

impl StoreError {
    /// Returns true if another commit came first, so that the change has to be planned anew.
    #[must_use]
    pub fn is_overtaken(&self) -> bool {
        matches!(self, Self::Conflict { .. } | Self::Taken { .. })
    }

    /// Classifies an error of the operating system by its remedy.
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

    /// Returns an error for damage that a restart repairs from the journal.
    pub(super) fn damaged(root: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged {
            path: root.to_owned(),
            detail: detail.into(),
            advice: "start the program again: it rebuilds its database from the journal".to_owned(),
        }
    }

    /// Returns true if the same call may succeed once the disk works again.
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
