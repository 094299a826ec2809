//! Durable storage of all records of the calendar.
//!
//! A store holds the current version of each [`Record`](calendar_domain::Record), its earlier versions, and
//! the number of the last commit. Commit numbers rise by one and never fall. A commit is atomic, is checked
//! against the revisions that its author read, and is durable before [`Store::commit`] returns. The store
//! makes no decisions about events: permissions belong to the program's `editorial` and `ingest` layers, and
//! readers are served by its catalog.
//!
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
//! - `figures`: counters of a store's work.
//! - `lock`: excludes a second process.
//! - `ephemeral`: data that expires, without history and outside of commits and backups.
//! - `owner`: gives files that root created to the store's owner.
//! - `private`: creates files and folders that only their owner can read.
//! - `records`: typed access to records.
//! - `repair`: checks and salvages a store.
//! - `backup`: backs a store up into one file and restores it.
//!
//! **May import:** `domain`.
//!
//! To add a backend, implement the functions of [`Backend`] in a module and add a row to [`BACKENDS`]. The
//! contract tests in `tests/store_contract/` run against every row.
//!
//! Calls block on disk access. From async code, call them in `spawn_blocking`.

mod backup;
mod batches;
mod body;
mod claims;
mod commit;
mod ephemeral;
mod error;
mod file_system;
mod generation;
mod history;
mod journal;
mod lock;
mod owner;
mod plan;
mod private;
pub mod records;
mod repair;
mod sled;
mod stats;
mod view;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calendar_domain::redaction::without_secrets;
use calendar_domain::{Claim, RecordKey, RecordKind};

pub use backup::{
    BACKUP_FORMAT, BackedUp, RestoreEnd, Restored, Restoring, backup, check_backup,
    check_backup_records, restore,
};
pub use batches::{Batches, commit_all};
pub use commit::{
    Applied, Author, Change, Checkpoint, Commit, CommitNumber, CommitRecord, Committed, Expected,
    RecordVersion, Revision, StoreHead, Stored,
};
pub use ephemeral::{
    EPHEMERAL_TABLE_LIMIT, EPHEMERAL_VALUE_LIMIT, EphemeralEntry, EphemeralStore, EphemeralTable,
};
pub use error::StoreError;
pub use generation::{Generation, GenerationId, GenerationIdError};
pub use history::HISTORY_KEPT;
pub use private::too_open;
pub use repair::{Checked, Judge, Salvaged, check, check_records, salvage};
pub use stats::{SYNC_BOUNDS, StoreStats};

/// A storage backend.
pub trait Store: Send + Sync {
    /// Returns the number and time of the last commit. Answered from memory.
    fn head(&self) -> StoreHead;

    /// Returns the generation of the store's commit numbers. Answered from memory. The generation changes
    /// only while the store is closed.
    fn generation(&self) -> Generation;

    /// Passes every current record of `kinds` to `each`, in batches and in no particular order.
    ///
    /// All records are as of one commit, and writers wait until the scan is done. The whole store is never in
    /// memory.
    ///
    /// # Errors
    /// Errors if the backend can't be read. `each` may have received a part of the records by then.
    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError>;

    /// Returns every current record as of one commit, sorted by key. Holds all of them in memory, so it is
    /// for small stores.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn load(&self) -> Result<Vec<Stored>, StoreError> {
        let mut all = Vec::new();
        self.scan(&RecordKind::ALL, &mut |batch| all.extend(batch))?;
        all.sort_by_cached_key(|stored| stored.record.key());
        Ok(all)
    }

    /// Returns the last commit with a fingerprint of the store, or `None` if the backend keeps no
    /// fingerprint.
    fn standing(&self) -> Option<Checkpoint> {
        None
    }

    /// Passes every commit after `then` to `each`, in order.
    ///
    /// Returns `false` and passes nothing if the store was never at `then` or if its journal doesn't reach
    /// back that far. Call it before the first commit: afterwards it may return `false`.
    ///
    /// # Errors
    /// Errors if the journal can't be read. `each` may have received a part of the commits by then.
    fn commits_since(
        &self,
        _then: Checkpoint,
        _each: &mut dyn FnMut(CommitRecord),
    ) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Returns the folder that belongs to this store alone, if it has one. Other files that concern only this
    /// store may lie in it.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Returns the folder for data derived from the records, if there is one. Its contents may be deleted at
    /// any time.
    fn cache_folder(&self) -> Option<&Path> {
        None
    }

    /// Returns the store of short-lived data, if there is one. It exists beside the records and is not part of
    /// commits, history or backups.
    fn ephemeral(&self) -> Option<&dyn EphemeralStore> {
        None
    }

    /// Returns the current version of a record, or `None` if it never existed or has been removed.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError>;

    /// Returns the keys of the records that hold a name, sorted, whatever the records' state. There is at
    /// most one, except in stores written before names were checked.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn holders(&self, claim: &Claim) -> Result<Vec<RecordKey>, StoreError>;

    /// Applies all changes of `commit` or none. The commit is durable when this returns.
    ///
    /// After a commit, no two records have a name ([`Record::claims`](calendar_domain::Record::claims)) in
    /// common. A commit may move a name from one record to another. A removed record has no names.
    ///
    /// Changes that leave their record as it is are omitted, so importing the same data twice changes
    /// nothing. A commit without remaining changes takes no number: the result is empty and carries the
    /// number and time of the head. Other commits take the next number, without gaps. The commit's time is
    /// the later of its own and that of the last commit, so times never decrease.
    ///
    /// # Errors
    /// Returns [`StoreError::Conflict`] if a record isn't as expected, then [`StoreError::Taken`] if another
    /// record has a name that a record would get. Also errors if the commit itself is invalid (a key named
    /// twice, a record under another's key, too large) or if the disk fails. A failed commit has no number
    /// and never becomes visible while the store is open. Only a crash at the moment of the disk failure may
    /// make it appear at the next start.
    fn commit(&self, commit: Commit) -> Result<Committed, StoreError>;

    /// Returns the versions of a record, oldest first, ending with the current one. Removals are versions
    /// too. At most [`HISTORY_KEPT`] versions are kept besides the current one.
    ///
    /// # Errors
    /// Errors if the backend can't be read.
    fn history(&self, key: &RecordKey) -> Result<Vec<RecordVersion>, StoreError>;

    /// Checks that the store accepts commits. After a refused commit this tries the disk, and accepts commits
    /// again if the disk works.
    ///
    /// # Errors
    /// Returns the reason why commits are refused.
    fn writable(&self) -> Result<(), StoreError>;

    /// Returns counters since the store was opened. Answered from memory.
    fn stats(&self) -> StoreStats;
}

/// Behavior of opening when there is no store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Fail with [`StoreError::NoStore`].
    Fail,
    /// Fail with [`StoreError::NoStore`], because the configuration requires a store.
    FailAsRequired,
    /// Create a store. Fail with [`StoreError::NoStore`] if there are signs of an earlier one.
    Create,
    /// Fails with [`StoreError::NoStore`], which has a sign only where [`IfMissing::Create`] would fail too.
    CreateNothing,
    /// Create a store even if there are signs of an earlier one.
    CreateAnyway,
}

/// A function that opens the store in a folder.
pub type OpenStore = fn(&Path, IfMissing) -> Result<Arc<dyn Store>, StoreError>;

/// A kind of storage, selected by the scheme of the store's address.
pub struct Backend {
    /// The part of the address before the first colon.
    pub scheme: &'static str,
    /// An example address, for help texts and errors.
    pub example: &'static str,
    /// Returns the folder that the rest of the address names, if any. Does not access the disk.
    pub folder: fn(&Path) -> Result<Option<PathBuf>, StoreError>,
    /// Opens the store at the rest of the address.
    pub open: OpenStore,
    /// Returns the future [`Store::cache_folder`] without opening the store.
    pub cache: fn(&Path) -> Option<PathBuf>,
    /// Reads the whole store and reports what is wrong, including what [`Judge`] reports about each current
    /// record. Repairs nothing.
    pub check: fn(&Path, Judge<'_>) -> Result<Checked, StoreError>,
    /// Salvages a store that doesn't open.
    pub salvage: fn(&Path) -> Result<Salvaged, StoreError>,
    /// Writes the store into one file. Other processes may have it open and write to it.
    pub backup: fn(&Path, &Path) -> Result<BackedUp, StoreError>,
    /// Creates a store from a backup.
    pub restore: fn(&Path, &Path, &Restoring) -> Result<Restored, StoreError>,
}

/// All backends.
pub const BACKENDS: &[Backend] = &[Backend {
    scheme: "sled",
    example: "sled:var/store",
    folder: sled::folder_of,
    open: sled::open,
    cache: sled::cache,
    check: sled::check,
    salvage: sled::salvage,
    backup: sled::backup,
    restore: sled::restore,
}];

/// Opens the store at `url`, for example `sled:var/store`, or creates it if there is none.
///
/// # Errors
/// See [`open_or`].
pub fn open(url: impl AsRef<OsStr>) -> Result<Arc<dyn Store>, StoreError> {
    open_or(url, IfMissing::Create)
}

/// Opens the store at `url`; `if_missing` decides what happens if there is none.
///
/// A store whose disk is full, read-only or failing opens from its journal. It can be read, refuses commits,
/// and accepts them again once the disk does ([`Store::writable`]).
///
/// # Errors
/// Returns [`StoreError::UnknownScheme`] if no backend has the address's scheme and [`StoreError::NoStore`]
/// if there is no store. Also errors if the store is in use, damaged or from a newer version, or if the disk
/// fails.
pub fn open_or(
    url: impl AsRef<OsStr>,
    if_missing: IfMissing,
) -> Result<Arc<dyn Store>, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.open)(rest, if_missing)
}

/// Returns the [`Store::cache_folder`] of the store at `url` without opening it.
#[must_use]
pub fn cache_folder(url: impl AsRef<OsStr>) -> Option<PathBuf> {
    let (backend, rest) = backend(url.as_ref()).ok()?;
    (backend.cache)(rest)
}

/// Checks that `url` is a valid address, without accessing the disk. Returns the store's folder, if it has
/// one.
///
/// # Errors
/// Returns [`StoreError::UnknownScheme`] if no backend has the address's scheme. Errors if the backend
/// rejects the rest of the address.
pub fn check_address(url: impl AsRef<OsStr>) -> Result<Option<PathBuf>, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.folder)(rest)
}

/// Returns the backend of an address and the rest of the address.
fn backend(url: &OsStr) -> Result<(&'static Backend, &Path), StoreError> {
    let (scheme, rest) = scheme_and_path(url).unwrap_or(("", Path::new(url)));
    let unknown = || StoreError::UnknownScheme {
        url: without_secrets(&url.to_string_lossy()),
        known: BACKENDS
            .iter()
            .map(|b| b.example)
            .collect::<Vec<_>>()
            .join(", "),
    };
    let backend = BACKENDS.iter().find(|backend| backend.scheme == scheme);
    Ok((backend.ok_or_else(unknown)?, rest))
}

/// Splits an address at its first colon. The rest need not be UTF-8.
#[cfg(unix)]
fn scheme_and_path(url: &OsStr) -> Option<(&str, &Path)> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = url.as_bytes();
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let scheme = std::str::from_utf8(&bytes[..colon]).ok()?;
    Some((scheme, Path::new(OsStr::from_bytes(&bytes[colon + 1..]))))
}

#[cfg(not(unix))]
fn scheme_and_path(url: &OsStr) -> Option<(&str, &Path)> {
    let (scheme, rest) = url.to_str()?.split_once(':')?;
    Some((scheme, Path::new(rest)))
}
