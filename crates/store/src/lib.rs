//! Durable storage of all records of the calendar.
//!
//! A store holds the current version of each [`Record`](calendar_domain::Record), its earlier versions, and
//! the number of the last commit. Commit numbers rise by one and never fall. A commit is atomic, is checked
//! against the revisions that its author read, and is durable before [`Store::commit`] returns. The store
//! makes no decisions about events: permissions belong to the program's `editorial` and `ingest` layers, and
//! readers are served by its catalog.
//!
//! - `store`: reading and committing.
//! - `backend`: what a kind of storage implements.
//! - `address`: stores by address: opening and maintenance.
//! - `commit`: the input and output types of this crate.
//! - `error`: the errors, each with a remedy.
//! - `body`: the serialized form of commits and records, with its version.
//! - `claims`: the index of names that must be unique.
//! - `history`: the number and the keys of earlier versions.
//! - `plan`: turns a commit into writes. It is pure, and shared by commits and rebuilds.
//! - `journal`: the append-only log that makes commits durable.
//! - `sled`: a database that follows the journal and can be rebuilt from it.
//! - `generation`: distinguishes commits whose numbers were reused after a restore.
//! - `batches`: divides many changes into commits of limited size.
//! - `stats`: counters of a store's work.
//! - `lock`: excludes a second process.
//! - `audit_log`: who read personal data, without history and outside of commits and backups.
//! - `ephemeral`: data that expires, without history and outside of commits and backups.
//! - `erasure`: what erasing earlier versions returns.
//! - `erasures`: the erasures in a journal or backup.
//! - `owner`: gives files that root created to the store's owner.
//! - `private`: creates files and folders that only their owner can read.
//! - `image_files`: files beside the records, named by their content.
//! - `required_images`: the image files that records require, and what is wrong with them.
//! - `records`: typed access to records.
//! - `repair`: checks and salvages a store.
//! - `backup_file`: the file that a store is backed up into and restored from.
//!
//! **May import:** `domain`.
//!
//! To add a backend, implement [`Store`], [`Backend`] and [`Maintenance`] in a module and add a line to
//! [`BACKENDS`]. The contract tests in `tests/store_contract/` run against every line.
//!
//! Calls block on disk access. From async code, call them in `spawn_blocking`.

mod address;
mod audit_log;
mod backend;
mod backup_file;
mod batches;
mod body;
mod claims;
mod commit;
mod ephemeral;
mod erasure;
mod erasures;
mod error;
mod file_system;
mod generation;
mod history;
mod image_files;
mod journal;
mod lock;
mod owner;
mod plan;
mod private;
pub mod records;
mod repair;
mod required_images;
mod sled;
mod stats;
mod store;
mod view;

pub use address::{
    BACKENDS, backup, backup_encrypted, cache_folder, check, check_address, check_records, open,
    open_or, restore, salvage,
};
pub use audit_log::AuditLog;
pub use backend::{Backend, IfMissing, Maintenance};
pub use backup_file::{
    BACKUP_FORMAT, BackedUp, BackupEncryption, BackupKeyError, BackupKeys, BackupPassphrase,
    BackupRecipient, BroughtBack, EraseAgain, RestoreEnd, Restored, Restoring, check_backup,
    check_backup_records, is_encrypted_backup,
};
pub use batches::{Batches, commit_all};
pub use commit::{
    Applied, Author, Change, Checkpoint, Commit, CommitNumber, CommitRecord, Committed, Expected,
    RecordVersion, Revision, StoreHead, Stored,
};
pub use ephemeral::{
    EPHEMERAL_TABLE_LIMIT, EPHEMERAL_VALUE_LIMIT, EphemeralEntry, EphemeralStore, EphemeralTable,
};
pub use erasure::ErasedVersions;
pub use erasures::erasures_in_backup;
pub use error::StoreError;
pub use generation::{Generation, GenerationId, GenerationIdError};
pub use history::HISTORY_KEPT;
pub use image_files::ImageFiles;
pub use private::too_open;
pub use repair::{Checked, Judge, Salvaged};
pub use stats::{SYNC_BOUNDS, StoreStats};
pub use store::Store;
