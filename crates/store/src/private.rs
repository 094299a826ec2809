//! Files and folders that only their owner can read, whatever the umask.
//!
//! A store holds drafts, contacts and webhook secrets. sled creates its own files with the umask, which the
//! program sets at start; the store's folder is closed to other users in any case.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::file_system::sync_folder;

/// Returns options that create files with mode 0600.
pub(super) fn file() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are Unix's"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a folder with mode 0700.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are Unix's"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates a folder and its missing ancestors, and syncs their directory entries. Returns the topmost new
/// folder.
///
/// Existing ancestors are synced too if possible, since the process that created them may have been killed
/// before it synced them.
pub(super) fn create_folders(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let path = std::path::absolute(path).map_err(|error| StoreError::io("making", path, error))?;
    let missing: Vec<_> = path
        .ancestors()
        .take_while(|ancestor| !ancestor.exists())
        .collect();
    for folder in missing.iter().rev() {
        match create_folder(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !folder.is_dir() => {
                return Err(StoreError::io("making", folder, error));
            }
            _ => {}
        }
    }
    for (depth, folder) in path.ancestors().enumerate().skip(1) {
        let synced = sync_folder(folder);
        if depth <= missing.len().max(1) {
            synced?;
        }
    }
    Ok(missing.last().map(|missing| missing.to_path_buf()))
}

/// Returns the mode of a folder that other users can access, or `None` if only its owner can.
#[must_use]
pub fn too_open(folder: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then_some(mode)
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}
