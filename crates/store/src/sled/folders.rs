//! The folders of a store: the sled database and the damaged files that were set aside.
//!
//! sled's folder is `sled-<n>` with the highest `n`. A rebuilt database gets the next number and never reuses
//! a name, since a hanging instance in this process may still use the old one.

use std::path::{Path, PathBuf};

use crate::file_system::sync_folder;
use crate::{StoreError, private};

pub(super) const JOURNAL: &str = "journal";
/// The folder of image files.
pub(super) const IMAGES: &str = "images";
/// The folder of the audit.
pub(super) const AUDIT: &str = "audit";
/// The folder in which a restore builds the new store.
pub(super) const RESTORING: &str = "restoring";
/// Prefix of the folders of replaced stores.
pub(super) const REPLACED: &str = "replaced-";
const SLED: &str = "sled";
const UNFINISHED: &str = ".unfinished";
/// A file that exists while a new store is created, until it can take its first commit.
const MAKING: &str = "making";
/// A file that exists while versions are erased.
const ERASING: &str = "erasing";
const DAMAGED: &str = ".damaged-";

/// Number of damaged folders kept of each kind, so that a failing disk doesn't fill up.
const KEPT: usize = 3;

/// Returns the folder of the database, if there is one.
pub(super) fn database(root: &Path) -> Result<Option<PathBuf>, StoreError> {
    Ok(databases(root)?.pop().map(|(_, path)| path))
}

/// Returns the folder in which to rebuild the database, and its name when complete.
pub(super) fn next_database(root: &Path) -> Result<(PathBuf, PathBuf), StoreError> {
    let used = databases(root)?.into_iter().chain(unfinished(root)?);
    let n = used.map(|(n, _)| n).max().unwrap_or(0) + 1;
    Ok((
        root.join(format!("{SLED}-{n}{UNFINISHED}")),
        root.join(format!("{SLED}-{n}")),
    ))
}

/// Renames a rebuilt database into place and sets earlier ones aside. Returns where the last of them went.
pub(super) fn install(root: &Path, from: &Path, to: &Path) -> Result<Option<PathBuf>, StoreError> {
    rename(from, to)?;
    sync_folder(root)?;
    let mut kept = None;
    for (_, path) in databases(root)?.into_iter().filter(|(_, path)| path != to) {
        let place = place(root, SLED)?;
        rename(&path, &place)?;
        kept = Some(place);
    }
    sync_folder(root)?;
    Ok(kept)
}

/// Removes the databases in `root` other than the one at `path`.
pub(super) fn remove_others(root: &Path, path: &Path) {
    for (_, other) in databases(root).into_iter().flatten() {
        if other != path
            && let Err(error) = std::fs::remove_dir_all(&other)
        {
            tracing::warn!(%error, path = %other.display(), "cannot remove a damaged database");
        }
    }
}

/// Records durably that a new store is being created.
pub(super) fn begin_making(root: &Path) -> Result<(), StoreError> {
    put_marker(root, MAKING)
}

/// Returns true if the program ended while it created the store. Such a store has never taken a commit.
pub(super) fn is_in_making(root: &Path) -> bool {
    root.join(MAKING).exists()
}

/// Records durably that the creation of the store is complete.
pub(super) fn end_making(root: &Path) -> Result<(), StoreError> {
    remove_marker(root, MAKING)
}

/// Records durably that versions are being erased.
pub(super) fn begin_erasing(root: &Path) -> Result<(), StoreError> {
    put_marker(root, ERASING)
}

/// Returns true if the program ended while it erased versions, or is erasing some.
pub(super) fn is_erasing(root: &Path) -> bool {
    root.join(ERASING).exists()
}

/// Records durably that no file has the content of erased versions any more.
pub(super) fn end_erasing(root: &Path) -> Result<(), StoreError> {
    remove_marker(root, ERASING)
}

fn put_marker(root: &Path, name: &str) -> Result<(), StoreError> {
    let path = root.join(name);
    let mut options = private::file();
    let made = options.write(true).create(true).truncate(true).open(&path);
    made.map_err(|error| StoreError::io("making", &path, error))?;
    sync_folder(root)
}

fn remove_marker(root: &Path, name: &str) -> Result<(), StoreError> {
    let path = root.join(name);
    match std::fs::remove_file(&path) {
        Ok(()) => sync_folder(root),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::io("removing", &path, error)),
    }
}

/// Removes every database other than the one at `kept`, what a repair set aside, and what an interrupted restore left.
/// All of them may have the content of erased versions.
pub(super) fn remove_former(root: &Path, kept: Option<&Path>) -> Result<(), StoreError> {
    let mut former: Vec<PathBuf> = Vec::new();
    former.extend(databases(root)?.into_iter().map(|(_, path)| path));
    former.extend(unfinished(root)?.into_iter().map(|(_, path)| path));
    for name in [SLED, JOURNAL] {
        let aside = numbered(root, &format!("{name}{DAMAGED}"), "")?;
        former.extend(aside.into_iter().map(|(_, path)| path));
    }
    former.push(root.join(RESTORING));
    former.retain(|path| Some(path.as_path()) != kept);
    for path in former {
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io("removing", &path, error));
            }
            _ => {}
        }
    }
    sync_folder(root)
}

/// Returns the folders of earlier stores that restores set aside.
pub(super) fn set_aside(root: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let found = numbered(root, REPLACED, "")?;
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// Removes databases whose rebuild was interrupted.
pub(super) fn remove_unfinished(root: &Path) -> Result<(), StoreError> {
    for (_, path) in unfinished(root)? {
        let removed = std::fs::remove_dir_all(&path);
        removed.map_err(|error| StoreError::io("removing", &path, error))?;
    }
    Ok(())
}

/// Frees the disk space of an incomplete database. The folder stays, so its name is not reused.
pub(super) fn empty(folder: &Path) {
    let empty = || {
        // Truncate first, since an open file would keep its space.
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                std::fs::OpenOptions::new()
                    .write(true)
                    .open(&path)?
                    .set_len(0)?;
            }
        }
        std::fs::remove_dir_all(folder)?;
        private::create_folder(folder)
    };
    if let Err(error) = empty() {
        tracing::warn!(%error, path = %folder.display(), "cannot remove an unfinished database");
    }
}

/// Moves files of the journal to a new folder and returns it.
pub(super) fn set_journal_aside(root: &Path, files: &[PathBuf]) -> Result<PathBuf, StoreError> {
    let to = place(root, JOURNAL)?;
    private::create_folder(&to).map_err(|error| StoreError::io("making", &to, error))?;
    for file in files {
        rename(file, &to.join(file.file_name().unwrap_or_default()))?;
    }
    sync_folder(&to)?;
    sync_folder(&root.join(JOURNAL))?;
    sync_folder(root)?;
    Ok(to)
}

/// Returns the next free path `<name>.damaged-<n>`. Removes the oldest folders beyond the limit.
fn place(root: &Path, name: &str) -> Result<PathBuf, StoreError> {
    let earlier = numbered(root, &format!("{name}{DAMAGED}"), "")?;
    for (_, path) in earlier.iter().rev().skip(KEPT - 1) {
        if let Err(error) = std::fs::remove_dir_all(path) {
            tracing::warn!(%error, path = %path.display(), "cannot remove old damaged files");
        }
    }
    let n = earlier.last().map_or(1, |(n, _)| n + 1);
    Ok(root.join(format!("{name}{DAMAGED}{n}")))
}

fn databases(root: &Path) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    numbered(root, &format!("{SLED}-"), "")
}

fn unfinished(root: &Path) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    numbered(root, &format!("{SLED}-"), UNFINISHED)
}

/// Returns the entries named `<before><number><after>`, sorted by number.
fn numbered(root: &Path, before: &str, after: &str) -> Result<Vec<(u64, PathBuf)>, StoreError> {
    let failed = |error| StoreError::io("reading", root, error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix(before)?.strip_suffix(after));
        let number = number.and_then(|number| number.parse().ok());
        found.extend(number.map(|number| (number, entry.path())));
    }
    found.sort();
    Ok(found)
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to).map_err(|error| StoreError::io("renaming", from, error))
}
