//! Durable folder entries, and files that may be missing.

#[cfg(unix)]
use std::fs::File;
use std::io;
use std::path::Path;

use super::StoreError;

/// Syncs a folder's entries. A new file is not durable before that.
pub(super) fn sync_folder(dir: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::io("syncing", dir, error))?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

/// Returns the content of a file; empty if it is missing.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, StoreError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(StoreError::io("reading", path, error)),
    }
}
