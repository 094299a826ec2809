//! Setting damaged files aside: kept for study, out of the way.

use std::path::{Path, PathBuf};

use crate::store::StoreError;
use crate::store::journal::sync_folder;

/// How many of a kind are kept, so that a disk that fails again and again doesn't fill up.
const KEPT: usize = 3;

/// Renames `root/name` to `root/name.damaged-<n>` and answers the new path.
pub(super) fn set_aside(root: &Path, name: &str) -> Result<PathBuf, StoreError> {
    let (from, to) = (root.join(name), place(root, name)?);
    std::fs::rename(&from, &to).map_err(|error| StoreError::io("renaming", &from, error))?;
    sync_folder(root)?;
    Ok(to)
}

/// Moves some of the files of `root/name` to a folder `root/name.damaged-<n>` and answers it.
pub(super) fn set_files_aside(
    root: &Path,
    name: &str,
    files: &[PathBuf],
) -> Result<PathBuf, StoreError> {
    let to = place(root, name)?;
    std::fs::create_dir(&to).map_err(|error| StoreError::io("making", &to, error))?;
    for file in files {
        let target = to.join(file.file_name().unwrap_or_default());
        std::fs::rename(file, target).map_err(|error| StoreError::io("moving", file, error))?;
    }
    sync_folder(&to)?;
    sync_folder(&root.join(name))?;
    sync_folder(root)?;
    Ok(to)
}

/// Where the next damaged files go; makes room by removing the oldest.
fn place(root: &Path, name: &str) -> Result<PathBuf, StoreError> {
    let earlier = earlier(root, name)?;
    for (_, path) in earlier.iter().rev().skip(KEPT - 1) {
        if let Err(error) = std::fs::remove_dir_all(path) {
            tracing::warn!(%error, path = %path.display(), "old damaged files were not removed");
        }
    }
    let n = earlier.last().map_or(1, |(n, _)| n + 1);
    Ok(root.join(format!("{name}.damaged-{n}")))
}

/// What was set aside before, oldest first.
fn earlier(root: &Path, name: &str) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    let failed = |error| StoreError::io("reading", root, error);
    let prefix = format!("{name}.damaged-");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let number = entry
            .file_name()
            .to_str()
            .and_then(|n| n.strip_prefix(&prefix)?.parse().ok());
        found.extend(number.map(|number| (number, entry.path())));
    }
    found.sort();
    Ok(found)
}
