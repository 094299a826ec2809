//! Stores by address: opening and maintenance.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calendar_domain::redaction::without_secrets;

use super::backend::{Backend, IfMissing};
use super::backup_file::{BackedUp, BackupEncryption, Restored, Restoring};
use super::error::StoreError;
use super::repair::{Checked, Judge, Salvaged};
use super::sled::Sled;
use super::store::Store;

/// All backends.
pub const BACKENDS: &[&dyn Backend] = &[&Sled];

/// Opens the store at `url`, for example `sled:var/store`, or creates it if there is none.
///
/// # Errors
/// See [`open_or`].
///
/// # Examples
/// ```
/// use calendar_domain::{Owner, Partner};
/// use calendar_store::{Author, Change, Commit, CommitNumber, records};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let store = calendar_store::open(format!("sled:{}/store", folder.path().display()))?;
///
/// let choir = Partner::new("koret".parse()?, "Koret", Owner::DataFile);
/// let committed = store.commit(Commit {
///     author: Author::Operator,
///     at: "2026-11-02T09:00:00Z".parse()?,
///     note: "a new partner".to_owned(),
///     changes: vec![Change::create(choir.into())],
/// })?;
/// assert_eq!(committed.number, CommitNumber(1));
///
/// let (found, revision) = records::one::<Partner>(&*store, "koret")?.expect("it was committed");
/// assert_eq!(found.name, "Koret");
/// assert_eq!(revision.0, 1);
/// # Ok(())
/// # }
/// ```
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
    backend.open(rest, if_missing)
}

/// Returns the [`Store::cache_folder`] of the store at `url` without opening it.
#[must_use]
pub fn cache_folder(url: impl AsRef<OsStr>) -> Option<PathBuf> {
    let (backend, rest) = backend(url.as_ref()).ok()?;
    backend.cache_folder(rest)
}

/// Checks that `url` is a valid address, without accessing the disk. Returns the store's folder, if it has
/// one.
///
/// # Errors
/// Returns [`StoreError::UnknownScheme`] if no backend has the address's scheme. Errors if the backend
/// rejects the rest of the address.
pub fn check_address(url: impl AsRef<OsStr>) -> Result<Option<PathBuf>, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    backend.folder(rest)
}

/// Reads everything in the store at `url` and reports what is wrong. Repairs nothing.
///
/// # Errors
/// Errors if there is no store, it is in use, or it can't be read at all.
pub fn check(url: impl AsRef<OsStr>) -> Result<Checked, StoreError> {
    check_records(url, &mut |_| None)
}

/// Checks a store like [`check()`], and reports what `judge` returns for each current record.
///
/// # Errors
/// See [`check()`].
pub fn check_records(url: impl AsRef<OsStr>, judge: Judge<'_>) -> Result<Checked, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    backend.check(rest, judge)
}

/// Makes a store usable again that is too damaged to open. Keeps everything before the first missing commit
/// and sets the damaged files aside. A store that opens normally loses nothing.
///
/// # Errors
/// Errors if nothing can be kept, the store is in use, or the disk fails.
pub fn salvage(url: impl AsRef<OsStr>) -> Result<Salvaged, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    backend.salvage(rest)
}

/// Writes everything in the store at `url` into `file`. Another process may have the store open. The file
/// appears only when it is complete and verified, and replaces an earlier backup.
///
/// # Errors
/// Errors if the store can't be read, `file` exists and is not a backup, or the disk fails.
pub fn backup(url: impl AsRef<OsStr>, file: &Path) -> Result<BackedUp, StoreError> {
    backup_encrypted(url, file, &BackupEncryption::None)
}

/// Writes everything in the store at `url` into `file` like [`backup`], encrypted.
///
/// # Errors
/// See [`backup`].
pub fn backup_encrypted(
    url: impl AsRef<OsStr>,
    file: &Path,
    encryption: &BackupEncryption,
) -> Result<BackedUp, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    backend.backup(rest, file, encryption)
}

/// Restores the store at `url` from the backup in `file`.
///
/// The backup is verified and the new store is complete before anything existing is changed.
///
/// # Errors
/// Errors if the backup is damaged, encrypted for others, or doesn't contain the requested state, or the store is in use, or
/// it exists and may not be replaced.
pub fn restore(
    url: impl AsRef<OsStr>,
    file: &Path,
    how: &Restoring,
) -> Result<Restored, StoreError> {
    let (backend, rest) = backend(url.as_ref())?;
    backend.restore(rest, file, how)
}

/// Returns the backend of an address and the rest of the address.
fn backend(url: &OsStr) -> Result<(&'static dyn Backend, &Path), StoreError> {
    let (scheme, rest) = scheme_and_path(url).unwrap_or(("", Path::new(url)));
    let unknown = || StoreError::UnknownScheme {
        url: without_secrets(&url.to_string_lossy()),
        known: BACKENDS
            .iter()
            .map(|backend| backend.example())
            .collect::<Vec<_>>()
            .join(", "),
    };
    let mut backends = BACKENDS.iter().copied();
    let backend = backends.find(|backend| backend.scheme() == scheme);
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
