//! The store: every record of the calendar, kept for good.
//!
//! A store holds the current form of each [`Record`](calendar_domain::Record), the versions that came before it, and one
//! number, the commit number, that rises by one with each commit and never falls. A commit is
//! all or nothing, is checked against the revisions that its author saw, and is durable before
//! [`Store::commit`] returns. The store decides nothing about events: who may write what is
//! `editorial`'s and `sync`'s business, and readers are served by the catalog, not from here.
//!
//! - `commit` has the words of this layer: what goes in, what comes out.
//! - `error` has what can go wrong, each with what to do about it.
//! - `body` is the stored form of commits and records, with the versions that migrations need.
//! - `claims` keeps names unique that no two records may share.
//! - `history` says how many earlier versions of a record are kept, and where.
//! - `plan` turns a commit into writes; it is pure and shared by writing and by rebuilding.
//! - `journal` is the promise: an append-only log that is on the disk before a commit is answered.
//! - `sled` is the working form: a sled database that follows the journal and can be rebuilt
//!   from it.
//! - `generation` tells commits from others that had their numbers before a restore.
//! - `batches` divides many changes into commits that are not too heavy.
//! - `figures` is what a store counts of its work.
//! - `lock` keeps a second process out.
//! - `owner` gives what root created to the store's owner.
//! - `private` creates files and folders that their owner alone can read.
//! - `records` gives records by their type.
//! - `repair` is what an operator can do: look into a store, or save what can be saved.
//! - `backup` is a store in one file, and the way back.
//!
//! Imports allowed: `domain`.
//!
//! **One more backend** is one file with an `open` function and one line in [`BACKENDS`]; the
//! contract tests in `tests/store_contract.rs` run against every line of that table.
//!
//! Calls block while they touch the disk: from async code, call them in `spawn_blocking`.

mod backup;
mod batches;
mod body;
mod claims;
mod commit;
mod error;
mod figures;
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

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calendar_domain::redaction::without_secrets;
use calendar_domain::{Claim, RecordKey, RecordKind};

pub use backup::{
    BACKUP_FORMAT, BackedUp, Restored, Restoring, Until, backup, check_backup,
    check_backup_records, restore,
};
pub use batches::{Batches, commit_all};
pub use commit::{
    Applied, Author, Change, Commit, CommitNumber, Committed, Expected, Head, Past, Revision,
    Standing, Stored, Version,
};
pub use error::StoreError;
pub use figures::{Figures, SYNC_BOUNDS};
pub use generation::{Generation, GenerationId, GenerationIdError};
pub use history::HISTORY_KEPT;
pub use private::too_open;
pub use repair::{Checked, Judge, Salvaged, check, check_records, salvage};

/// Everything that the program asks of a storage backend.
pub trait Store: Send + Sync {
    /// The number and time of the last commit; answered from memory.
    fn head(&self) -> Head;

    /// Returns the generation that the store's commit numbers belong to; answered from memory. It changes
    /// only while the store is closed.
    fn generation(&self) -> Generation;

    /// Gives every current record of these kinds to `each`, in batches, as of one commit: no commit
    /// is half in it. Kind after kind or all at once, in no order that means anything; never the
    /// whole store in memory. Writers wait until it is done.
    ///
    /// # Errors
    /// When the backend can't be read; what `each` was given until then is only a part.
    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError>;

    /// Every current record, sorted by key, as of one commit. All of them in memory: for stores that
    /// are known to be small.
    ///
    /// # Errors
    /// When the backend can't be read.
    fn load(&self) -> Result<Vec<Stored>, StoreError> {
        let mut all = Vec::new();
        self.scan(&RecordKind::ALL, &mut |batch| all.extend(batch))?;
        all.sort_by_cached_key(|stored| stored.record.key());
        Ok(all)
    }

    /// Where the store stands; `None` where it can't tell it from others of that number.
    fn standing(&self) -> Option<Standing> {
        None
    }

    /// Gives every commit after the one at which the store stood so to `each`, in order; `false`,
    /// and nothing given, where it never did or its journal doesn't reach back so far. To be asked
    /// before the first commit: later the answer may be `false`.
    ///
    /// # Errors
    /// When the journal can't be read; what `each` was given until then is only a part.
    fn commits_since(
        &self,
        _then: Standing,
        _each: &mut dyn FnMut(Past),
    ) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// The folder that the store has to itself, where whatever concerns this store alone may lie
    /// beside it; `None` where it has none.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// A folder for what is made of the records and may be thrown away at any time, if there is one.
    fn cache_folder(&self) -> Option<&Path> {
        None
    }

    /// The current form of one record; `None` when it never was or has been removed.
    ///
    /// # Errors
    /// When the backend can't be read.
    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError>;

    /// The records that have a name, whatever their state; in the order of their keys. At most one, except in
    /// stores that were written before names were checked.
    ///
    /// # Errors
    /// When the backend can't be read.
    fn holders(&self, claim: &Claim) -> Result<Vec<RecordKey>, StoreError>;

    /// Applies every change of `commit`, or none; durable when it returns.
    ///
    /// No record gets a name ([`Record::claims`](calendar_domain::Record::claims)) that another record has after
    /// the commit; a commit may move a name from one record to another. A removed record has no names.
    ///
    /// A change that would leave its record as it is gets left out, so that importing the same
    /// twice changes nothing. A commit of which nothing remains takes no number: the answer then
    /// has no changes and carries the number and time of the head. Of the others each takes the
    /// next number, with no number left out: whoever applies commits in order waits for
    /// `number - 1`. Its time is its own or the last commit's, whichever is later: times never run backwards,
    /// whatever the clocks of those who commit do.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a record isn't as expected, checked before [`StoreError::Taken`] when
    /// another record has a name that a record would get; an error about the commit itself
    /// (a key named twice, a record under another's key, too large); or what the disk says. A
    /// commit that was answered with an error has no number and is never seen in this store as
    /// long as it is open; only after a crash at the very moment when the disk failed may one
    /// turn up at the next start.
    fn commit(&self, commit: Commit) -> Result<Committed, StoreError>;

    /// The versions of one record, oldest first, the current one last; removals are versions
    /// too. The newest [`HISTORY_KEPT`] are kept, besides the current one.
    ///
    /// # Errors
    /// When the backend can't be read.
    fn history(&self, key: &RecordKey) -> Result<Vec<Version>, StoreError>;

    /// Whether a commit would be taken now. After one was refused this tries the disk, and lets
    /// commits through again when it is well.
    ///
    /// # Errors
    /// Why commits are refused.
    fn writable(&self) -> Result<(), StoreError>;

    /// What the store has done since it was opened; answered from memory.
    fn figures(&self) -> Figures;
}

/// What opening does where there is no store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Fails with [`StoreError::NoStore`].
    Fail,
    /// Fails with [`StoreError::NoStore`], because the configuration requires a store.
    FailAsRequired,
    /// Creates one; fails with [`StoreError::NoStore`] where there are signs that one was there.
    Create,
    /// Creates one, whatever was there before.
    CreateAnyway,
}

/// Opens the store in a folder.
pub type OpenStore = fn(&Path, IfMissing) -> Result<Arc<dyn Store>, StoreError>;

/// One kind of storage, chosen by the scheme of the store's address.
pub struct Backend {
    /// What stands before the first colon of the address.
    pub scheme: &'static str,
    /// An address as an example, for help texts and errors.
    pub example: &'static str,
    /// The folder that the rest of the address names, if it names one; touches nothing.
    pub folder: fn(&Path) -> Result<Option<PathBuf>, StoreError>,
    /// Opens the store that the rest of the address names.
    pub open: OpenStore,
    /// Where [`Store::cache_folder`] will be, without opening anything.
    pub cache: fn(&Path) -> Option<PathBuf>,
    /// Reads everything in a store and tells what is wrong, with what is wrong with each record as it
    /// stands now; mends nothing.
    pub check: fn(&Path, Judge<'_>) -> Result<Checked, StoreError>,
    /// Keeps what can be kept of a store that doesn't open.
    pub salvage: fn(&Path) -> Result<Salvaged, StoreError>,
    /// Writes everything into one file, while others may have the store open and write.
    pub backup: fn(&Path, &Path) -> Result<BackedUp, StoreError>,
    /// Makes a store of a backup.
    pub restore: fn(&Path, &Path, &Restoring) -> Result<Restored, StoreError>,
}

/// Every backend that this program knows.
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

/// Opens the store at `url`, for example `sled:var/store`; creates it where none was so far.
///
/// # Errors
/// See [`open_or`].
pub fn open(url: impl AsRef<OsStr>) -> Result<Arc<dyn Store>, StoreError> {
    open_or(url, IfMissing::Create)
}

/// Opens the store at `url`, and does what is said where there is none.
///
/// A store whose disk is full, read-only or failing opens too, from its journal: it is read as ever, refuses
/// commits, and takes them again once the disk does ([`Store::writable`]).
///
/// # Errors
/// [`StoreError::UnknownScheme`] when no backend has the address's scheme, [`StoreError::NoStore`] when
/// there is no store, and whatever the backend says: in use, damaged, from a
/// newer version, or an error of the disk.
pub fn open_or(
    url: impl AsRef<OsStr>,
    if_missing: IfMissing,
) -> Result<Arc<dyn Store>, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.open)(rest, if_missing)
}

/// The [`Store::cache_folder`] of the store at `url`, for who wants to look there before the store is open.
#[must_use]
pub fn cache_folder(url: impl AsRef<OsStr>) -> Option<PathBuf> {
    let (backend, rest) = backend(url.as_ref()).ok()?;
    (backend.cache)(rest)
}

/// Looks whether a store could be at this address; touches none. Returns the folder that it has or will have,
/// if it has one.
///
/// # Errors
/// [`StoreError::UnknownScheme`] when no backend has the address's scheme, and whatever the backend says of the
/// rest of the address.
pub fn check_address(url: impl AsRef<OsStr>) -> Result<Option<PathBuf>, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    (backend.folder)(rest)
}

/// The backend that an address asks for, and what the address says to it.
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

/// What stands before the first colon, and what after it, which need not be UTF-8.
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
