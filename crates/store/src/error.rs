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
        "{key} has changed meanwhile: expected {expected}, found {}; read it again and repeat the change",
        found_words(*found)
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
    #[error("{key} cannot have the {claim}, which belongs to {holder}; choose another")]
    Taken {
        /// The record that would get the name.
        key: RecordKey,
        /// The name.
        claim: Claim,
        /// The record that has the name.
        holder: RecordKey,
    },

    /// A commit changes the same record twice.
    #[error("{key} occurs twice in one commit; give each record at most one change")]
    Twice {
        /// The record.
        key: RecordKey,
    },

    /// A change names one record and carries another.
    #[error("a change of {key} contains the record {record}; they must be the same")]
    WrongKey {
        /// The key that the change names.
        key: RecordKey,
        /// The key of the record that it carries.
        record: RecordKey,
    },

    /// A record exceeds the size limit.
    #[error(
        "{key} has {size} bytes when stored, more than the limit of {limit}; shorten its texts"
    )]
    RecordTooLarge {
        /// The record.
        key: RecordKey,
        /// Its size in bytes of JSON.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },

    /// The note of a commit exceeds the length limit.
    #[error("the commit's note has {size} bytes, more than the limit of {limit}; shorten it")]
    NoteTooLong {
        /// Its length in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },

    /// A record can't be serialized as JSON.
    #[error("cannot store {key}: {detail}")]
    Unstorable {
        /// The record.
        key: RecordKey,
        /// The serialization error.
        detail: String,
    },

    /// A record has a date that can't be written in any feed.
    #[error("cannot store {key}: {error}; correct the date and try again")]
    BadDate {
        /// The record.
        key: RecordKey,
        /// The field and the error in it.
        error: DateError,
    },

    /// The records of a commit together exceed the size limit.
    #[error(
        "the commit has {size} bytes, more than the limit of {limit}; split it into several commits"
    )]
    CommitTooLarge {
        /// Its size in bytes of JSON.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },

    /// An entry of the short-lived data exceeds a limit.
    #[error("cannot keep the {table}: {detail}; try again later")]
    EphemeralFull {
        /// The table.
        table: &'static str,
        /// The limit.
        detail: &'static str,
    },

    /// No backend has the scheme of the address.
    #[error("'{url}' is not the address of a store; addresses have the form: {known}")]
    UnknownScheme {
        /// The address as given.
        url: String,
        /// An example address of each backend.
        known: String,
    },

    /// The address has a known scheme, but the rest is not usable.
    #[error("the store's address '{url}' is invalid: {detail}")]
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
    #[error("cannot restore {}: {detail}; nothing has been changed", path.display())]
    BrokenBackup {
        /// The file.
        path: PathBuf,
        /// The error in it.
        detail: String,
    },

    /// A backup would overwrite a file that is no backup as far as can be told.
    #[error(
        "{} is another file, or an encrypted one that may be anything; name another file, or replace this one with \
         --replace; nothing has been changed", path.display()
    )]
    OtherFile {
        /// The file.
        path: PathBuf,
    },

    /// A backup is encrypted, and no key was given.
    #[error("{} is encrypted; it can only be read with its {secret}", path.display())]
    EncryptedBackup {
        /// The file.
        path: PathBuf,
        /// What it is encrypted with: its passphrase or private key.
        secret: &'static str,
    },

    /// A key was given for a backup that is not encrypted, so it may be another one's.
    #[error(
        "{} is not encrypted, but a {secret} was given for it; nothing has been changed; leave the {secret} out if \
         you know where this backup comes from", path.display()
    )]
    PlainBackup {
        /// The file.
        path: PathBuf,
        /// What was given: a passphrase or private key.
        secret: &'static str,
    },

    /// A backup is encrypted with another key.
    #[error(
        "cannot decrypt {}: the given {secret} is another one, or the file has changed; nothing has been changed",
        path.display()
    )]
    WrongBackupKey {
        /// The file.
        path: PathBuf,
        /// What it is encrypted with: a passphrase or private key.
        secret: &'static str,
    },

    /// A backup does not contain the state to restore.
    #[error(
        "{} contains commits {first} to {last}, not {wanted}; choose one of these, or another backup; nothing \
         has been changed", path.display()
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
        "{} already contains a store; name another with --store, or move this one aside with --replace; \
         nothing has been changed", path.display()
    )]
    NotEmpty {
        /// The store's folder.
        path: PathBuf,
    },

    /// The disk is full.
    #[error("the disk of {} is full; free some space and try again; what is stored stays readable", path.display())]
    DiskFull {
        /// The file or folder being written.
        path: PathBuf,
    },

    /// The disk or folder is not writable.
    #[error(
        "the store in {} cannot be written ({source}); grant this program write access, or mount the disk for \
         writing", path.display()
    )]
    NotWritable {
        /// The file or folder being written.
        path: PathBuf,
        /// The error of the operating system.
        source: Arc<io::Error>,
    },

    /// Any other disk error.
    #[error("{action} {} failed ({source}); check the disk and try again", path.display())]
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
            advice: "restart the program, which rebuilds its database from the journal".to_owned(),
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
            "; check --store and the configuration, or create one with 'elverum-calendar seed', which loads \
             the region's files (serve and import also create one)"
                .to_owned()
        },
        |sign| {
            format!(
                ", but there should be one: {sign}; mount its disk, or restore a backup; to start with an \
                 empty calendar instead, use --new with serve, import or seed; nothing has been changed"
            )
        },
    )
}
