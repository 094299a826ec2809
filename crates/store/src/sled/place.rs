//! Where a store lies: whether there is one, whether there was one, and making room for a new one.
//!
//! A volume that is not mounted looks like a store that was never made: its mount point is empty. What tells
//! them apart is a small file beside the store's folder, `<folder>.created`, and whatever else of the store is
//! left in the folder. Where the mount point lies above both, only the configuration can tell.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::folders::{self, JOURNAL};
use super::restore::{REPLACED, RESTORING};
use super::{CACHE, folder};
use crate::journal::sync_folder;
use crate::{IfMissing, StoreError, private};

/// What follows the name of a store's folder in the name of the file beside it.
const CREATED: &str = ".created";

/// The folder of a store that is to be opened.
pub(super) struct Place {
    /// The folder, canonical.
    pub(super) root: PathBuf,
    /// Whether a new store is to be made in it.
    pub(super) is_new: bool,
    /// The topmost folder that was created for it.
    pub(super) top: Option<PathBuf>,
}

/// Finds the folder at `path` and creates it where a new store is to be made.
pub(super) fn find(path: &Path, if_missing: IfMissing) -> Result<Place, StoreError> {
    let is_new = !is_store(path)?;
    let mut top = None;
    if is_new {
        allow(path, if_missing)?;
        top = private::create_folders(path)?;
    } else if if_missing == IfMissing::CreateAnyway {
        tracing::warn!(
            "there is a store at {} already, so --new did nothing; leave it out, or the calendar begins \
             empty without a word when its disk is not mounted",
            path.display()
        );
    }
    let failed = |error| StoreError::io("opening", path, error);
    let root = path.canonicalize().map_err(failed)?;
    Ok(Place { root, is_new, top })
}

/// The folder of the store at `path`, which has to be there.
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
        IfMissing::CreateAnyway => return Ok(()),
    };
    Err(StoreError::NoStore { path: shown, sign })
}

/// What tells that a store was at `path` once.
fn sign(path: &Path) -> Option<String> {
    if let Some(marker) = marker(path).filter(|it| it.exists()) {
        return Some(format!("{} tells that one was created", marker.display()));
    }
    // A folder that is not there, or can't be read, tells nothing.
    let entries = std::fs::read_dir(path).ok()?;
    let left = entries.filter_map(Result::ok).find(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name == CACHE || name.starts_with(REPLACED) || name.contains(".damaged-")
    })?;
    Some(format!("{} is left of one", left.path().display()))
}

/// The file beside the folder as it was named: where the name is a link to a volume, it stays when that goes.
fn marker(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let mut name = OsString::from(path.file_name()?);
    name.push(CREATED);
    Some(path.with_file_name(name))
}

/// Leaves the file beside the store that tells of it, where it can be left. Returns its path where it is new.
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
                "A store of elverum-calendar was created in {folder}. While this file is here, a calendar that \
                 finds no store there does not begin empty: see --new in 'elverum-calendar serve --help'."
            )?;
            file.sync_all()
        });
    match written {
        Ok(()) => {
            if let Some(Err(error)) = marker.parent().map(sync_folder) {
                tracing::debug!(%error, "the file beside the store may not be on the disk");
            }
            Some(marker)
        }
        Err(error) => {
            tracing::debug!(%error, file = %marker.display(), "no new file beside the store");
            None
        }
    }
}
