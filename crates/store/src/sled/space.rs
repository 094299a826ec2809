//! Room on the disk, asked for before something is begun that suffers without it.
//!
//! A journal takes a full disk well: it cuts what didn't fit. sled does not: it waits for ever for
//! what could not be written. So nothing is given to sled that may not fit.

use std::io::Write;
use std::path::Path;

use crate::{StoreError, private};

/// Refuses unless so many bytes are free where `root` lies.
pub(super) fn require(root: &Path, bytes: u64) -> Result<(), StoreError> {
    match free(root) {
        Some(free) if free < bytes => Err(StoreError::DiskFull {
            path: root.to_owned(),
        }),
        // Where the system doesn't say, the disk has the last word.
        _ => Ok(()),
    }
}

/// Writes a little and syncs it, to see whether the disk takes it.
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
