//! What a kind of storage implements.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backup_file::{BackedUp, BackupEncryption, Restored, Restoring};
use super::error::StoreError;
use super::repair::{Checked, Judge, Salvaged};
use super::store::Store;

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

/// A kind of storage, selected by the scheme of the store's address. `location` is the rest of the address.
pub trait Backend: Maintenance + Sync {
    /// Returns the part of the address before the first colon.
    fn scheme(&self) -> &'static str;

    /// Returns an example address, for help texts and errors.
    fn example(&self) -> &'static str;

    /// Returns the folder that the location names, if any. Does not access the disk.
    ///
    /// # Errors
    /// Errors if the location is invalid.
    fn folder(&self, location: &Path) -> Result<Option<PathBuf>, StoreError>;

    /// Returns the future [`Store::cache_folder`] without opening the store.
    fn cache_folder(&self, location: &Path) -> Option<PathBuf>;

    /// Opens the store.
    ///
    /// # Errors
    /// See [`open_or`](crate::open_or).
    fn open(&self, location: &Path, if_missing: IfMissing) -> Result<Arc<dyn Store>, StoreError>;
}

/// Maintenance of stores by operators, without opening them for use.
pub trait Maintenance {
    /// Reads the whole store and reports what is wrong, including what `judge` reports about each current
    /// record. Repairs nothing.
    ///
    /// # Errors
    /// See [`check`](crate::check).
    fn check(&self, location: &Path, judge: Judge<'_>) -> Result<Checked, StoreError>;

    /// Salvages a store that doesn't open.
    ///
    /// # Errors
    /// See [`salvage`](crate::salvage).
    fn salvage(&self, location: &Path) -> Result<Salvaged, StoreError>;

    /// Writes the store into one file. Other processes may have it open and write to it.
    ///
    /// # Errors
    /// See [`backup`](crate::backup).
    fn backup(
        &self,
        location: &Path,
        file: &Path,
        encryption: &BackupEncryption,
    ) -> Result<BackedUp, StoreError>;

    /// Creates a store from a backup.
    ///
    /// # Errors
    /// See [`restore`](crate::restore).
    fn restore(
        &self,
        location: &Path,
        file: &Path,
        how: &Restoring,
    ) -> Result<Restored, StoreError>;
}
