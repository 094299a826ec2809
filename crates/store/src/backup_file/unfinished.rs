//! The temporary file of a backup.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use crate::private;

/// Creates the file with mode 0600, since a backup holds drafts and contacts, and locks it. Follows no links,
/// and replaces only the remains of a killed backup.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = private::file();
    options.write(true).create_new(true);
    let file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            remove_abandoned(path)?;
            options.open(path)?
        }
        outcome => outcome?,
    };
    // On systems without file locks, operators must avoid two backups into one file.
    if let Err(error) = file.try_lock() {
        tracing::debug!(%error, file = %path.display(), "an unfinished backup is not locked");
    }
    Ok(file)
}

fn remove_abandoned(path: &Path) -> io::Result<()> {
    let in_the_way = |why| Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
    if !fs::symlink_metadata(path)?.is_file() {
        return in_the_way("a link or folder of this name is in the way; remove it");
    }
    match File::open(path)?.try_lock() {
        Err(TryLockError::WouldBlock) => in_the_way("another backup is being written to it"),
        _ => fs::remove_file(path),
    }
}
