//! The location of a store: whether a store exists or existed, and creation of its folder.
//!
//! A volume that is not mounted looks like a new store, since its mount point is empty. A small file beside
//! the store's folder, `<folder>.created`, and remains in the folder distinguish the two. If the mount point
//! is above both, only the configuration can (`require_store`).

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::folders::{self, JOURNAL, REPLACED, RESTORING};
use super::store::CACHE;
use crate::file_system::sync_folder;
use crate::{IfMissing, StoreError, private};

/// Suffix of the file beside a store's folder.
const CREATED: &str = ".created";

/// The folder of a store to open.
pub(super) struct StoreFolder {
    /// The canonical path.
    pub(super) root: PathBuf,
    /// Whether a new store is to be created in it.
    pub(super) is_new: bool,
    /// The topmost folder that was created.
    pub(super) top: Option<PathBuf>,
}

/// Finds the folder at `path`, or creates it if a new store is to be created.
pub(super) fn find(path: &Path, if_missing: IfMissing) -> Result<StoreFolder, StoreError> {
    let is_new = !is_store(path)?;
    let mut top = None;
    if is_new {
        allow(path, if_missing)?;
        top = private::create_folders(path)?;
    } else if if_missing == IfMissing::CreateAnyway {
        tracing::warn!(
            "{} already contains a store, so --new has no effect; remove it, or the calendar silently starts \
             empty if the disk is not mounted",
            path.display()
        );
    }
    let failed = |error| StoreError::io("opening", path, error);
    let root = path.canonicalize().map_err(failed)?;
    Ok(StoreFolder { root, is_new, top })
}

/// Returns the folder of the store at `path`, which must exist.
pub(super) fn existing(path: &Path) -> Result<PathBuf, StoreError> {
    Ok(find(folder(path)?, IfMissing::Fail)?.root)
}

fn is_store(path: &Path) -> Result<bool, StoreError> {
    if !path.is_dir() {
        return Ok(false);
    }
    let journal = std::fs::read_dir(path.join(JOURNAL));
    Ok(journal.is_ok_and(|mut files| files.next().is_some())
        || folders::database(path)?.is_some()
        || path.join(RESTORING).exists())
}

fn allow(path: &Path, if_missing: IfMissing) -> Result<(), StoreError> {
    let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let sign = match if_missing {
        IfMissing::Fail => None,
        IfMissing::FailAsRequired => Some("the configuration says require_store = true".to_owned()),
        IfMissing::Create => match sign(path) {
            None => return Ok(()),
            sign => sign,
        },
        IfMissing::CreateNothing => sign(path),
        IfMissing::CreateAnyway => return Ok(()),
    };
    Err(StoreError::NoStore { path: shown, sign })
}

/// Returns a sign that a store existed at `path`.
fn sign(path: &Path) -> Option<String> {
    if let Some(marker) = marker(path).filter(|marker| marker.exists()) {
        return Some(format!("{} shows that one was created", marker.display()));
    }
    // A missing or unreadable folder is no sign.
    let entries = std::fs::read_dir(path).ok()?;
    let left = entries.filter_map(Result::ok).find(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name == CACHE || name.starts_with(REPLACED) || name.contains(".damaged-")
    })?;
    Some(format!("{} is left of one", left.path().display()))
}

/// Returns the path of the file beside the folder. Links are not resolved: if the path is a link to a volume,
/// the file remains when the volume is not mounted.
fn marker(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let mut name = OsString::from(path.file_name()?);
    name.push(CREATED);
    Some(path.with_file_name(name))
}

/// Creates the file beside the store, if possible. Returns its path if it is new.
pub(super) fn mark(path: &Path) -> Option<PathBuf> {
    let marker = marker(path)?;
    let mut options = private::file();
    let written = options
        .write(true)
        .create_new(true)
        .open(&marker)
        .and_then(|mut file| {
            let folder = path.display();
            writeln!(
                file,
                "A store of elverum-calendar was created in {folder}. While this file exists, the calendar \
                 does not start empty if the store is missing: see --new in 'elverum-calendar serve --help'."
            )?;
            file.sync_all()
        });
    match written {
        Ok(()) => {
            if let Some(Err(error)) = marker.parent().map(sync_folder) {
                tracing::debug!(%error, "the file beside the store may not be synced to disk");
            }
            Some(marker)
        }
        Err(error) => {
            tracing::debug!(%error, file = %marker.display(), "cannot create the file beside the store");
            None
        }
    }
}

/// Returns the folder of an address.
pub(super) fn folder(location: &Path) -> Result<&Path, StoreError> {
    if location.as_os_str().to_string_lossy().trim().is_empty() {
        return Err(StoreError::BadAddress {
            url: "sled:".to_owned(),
            detail: "a folder must follow, as in 'sled:var/store'".to_owned(),
        });
    }
    Ok(location)
}
