//! Stores in a folder, `sled:PATH`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::store::{CACHE, SledStore};
use super::store_folder::folder;
use super::{backup, repair, restore};
use crate::backend::{Backend, IfMissing, Maintenance};
use crate::backup_file::{BackedUp, BackupEncryption, Restored, Restoring};
use crate::journal::JournalLimits;
use crate::repair::{Checked, Judge, Salvaged};
use crate::{Store, StoreError};

/// Stores in a folder.
pub(crate) struct Sled;

impl Backend for Sled {
    fn scheme(&self) -> &'static str {
        "sled"
    }

    fn example(&self) -> &'static str {
        "sled:var/store"
    }

    fn folder(&self, location: &Path) -> Result<Option<PathBuf>, StoreError> {
        Ok(Some(folder(location)?.to_owned()))
    }

    fn cache_folder(&self, location: &Path) -> Option<PathBuf> {
        Some(folder(location).ok()?.join(CACHE))
    }

    fn open(&self, location: &Path, if_missing: IfMissing) -> Result<Arc<dyn Store>, StoreError> {
        let limits = JournalLimits::default();
        let store = SledStore::open_or(folder(location)?, limits, if_missing)?;
        Ok(Arc::new(store))
    }
}

impl Maintenance for Sled {
    fn check(&self, location: &Path, judge: Judge<'_>) -> Result<Checked, StoreError> {
        repair::check(location, judge)
    }

    fn salvage(&self, location: &Path) -> Result<Salvaged, StoreError> {
        repair::salvage(location)
    }

    fn backup(
        &self,
        location: &Path,
        file: &Path,
        encryption: &BackupEncryption,
    ) -> Result<BackedUp, StoreError> {
        backup::backup(location, file, encryption)
    }

    fn restore(
        &self,
        location: &Path,
        file: &Path,
        how: &Restoring,
    ) -> Result<Restored, StoreError> {
        restore::restore(location, file, how)
    }
}
