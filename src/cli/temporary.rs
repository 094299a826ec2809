//! Temporary copies of backups: a folder that is removed when the command ends, or by a later command if it was killed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// How the names of the folders begin.
const PREFIX: &str = "elverum-calendar-backup-";
/// The file in a folder that is locked as long as its command runs.
const LOCK: &str = "lock";

/// A folder in that for temporary files (`TMPDIR`). Only its owner can read it.
pub struct TemporaryFolder {
    folder: TempDir,
    /// Released when the process ends, however it does.
    _lock: File,
}

impl TemporaryFolder {
    /// Creates a folder, after removing those of killed commands.
    ///
    /// # Errors
    /// Errors if it cannot be created.
    pub fn new() -> io::Result<Self> {
        remove_abandoned();
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        // Locked before it has its name, so that nobody takes it for abandoned.
        let unnamed = folder.path().join("lock.new");
        let lock = File::create(&unnamed)?;
        // On systems without file locks nothing is ever abandoned.
        if lock.try_lock().is_ok() {
            std::fs::rename(&unnamed, folder.path().join(LOCK))?;
        }
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Returns the path of a file in it.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("calendar.backup")
    }
}

/// Removes the folders of killed commands: they may hold decrypted backups. Errors are logged.
pub fn remove_abandoned() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX));
        if !is_ours || !is_own_folder(&entry.path()) || !is_abandoned(&entry.path()) {
            continue;
        }
        let folder = entry.path();
        match std::fs::remove_dir_all(&folder) {
            Ok(()) => tracing::warn!(
                "removed {}, which a killed command had left",
                folder.display()
            ),
            Err(error) => {
                let folder = folder.display();
                tracing::warn!(%error, "cannot remove {folder}, which a killed command had left");
            }
        }
    }
}

/// Returns true if a path is a folder of this user, and no link to one.
fn is_own_folder(path: &Path) -> bool {
    let Ok(found) = std::fs::symlink_metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    let is_own = {
        use std::os::unix::fs::MetadataExt;
        found.uid() == rustix::process::geteuid().as_raw()
    };
    #[cfg(not(unix))]
    let is_own = true;
    found.is_dir() && is_own
}

fn is_abandoned(folder: &Path) -> bool {
    let lock = folder.join(LOCK);
    let is_file = std::fs::symlink_metadata(&lock).is_ok_and(|lock| lock.is_file());
    is_file && File::open(lock).is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_command_left_is_removed_and_what_is_in_use_stays() {
        let used = TemporaryFolder::new().unwrap();
        std::fs::write(used.file(), "in use").unwrap();
        let left = std::env::temp_dir().join(format!("{PREFIX}left-{}", std::process::id()));
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join(LOCK), "").unwrap();
        std::fs::write(left.join("calendar.backup"), "decrypted").unwrap();
        remove_abandoned();
        assert!(!left.exists());
        assert!(used.file().exists());
        let file = used.file();
        drop(used);
        assert!(!file.exists());
    }
}
