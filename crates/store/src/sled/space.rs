//! Checks of free disk space.
//!
//! The journal handles a full disk: it cuts off what didn't fit. sled waits forever for a failed write, so
//! space is checked before anything is written to it.

use std::io::Write;
use std::path::Path;

use crate::{StoreError, private};

/// Errors unless `bytes` bytes are free on the disk of `root`.
pub(super) fn require(root: &Path, bytes: u64) -> Result<(), StoreError> {
    match free(root) {
        Some(free) if free < bytes => Err(StoreError::DiskFull {
            path: root.to_owned(),
        }),
        // If the free space is unknown, writing will show.
        _ => Ok(()),
    }
}

/// Writes and syncs a small file to test the disk.
pub(super) fn probe(root: &Path) -> Result<(), StoreError> {
    let path = root.join("probe");
    let mut options = private::file();
    let options = options.write(true).create(true).truncate(true);
    let written = options.open(&path).and_then(|mut file| {
        file.write_all(&[1; 4096])?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&path);
    written
        .and(removed)
        .map_err(|error| StoreError::io("writing", &path, error))
}

#[cfg(unix)]
fn free(root: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(root).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

/// Returns the size in bytes of the files in a folder and its direct subfolders. Unreadable ones are not
/// counted.
pub(super) fn bytes_in(folder: &Path) -> u64 {
    let files = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let inner = files(folder).flat_map(|entry| files(&entry.path()));
    let all = files(folder)
        .chain(inner)
        .filter_map(|entry| entry.metadata().ok());
    all.filter(std::fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum()
}
