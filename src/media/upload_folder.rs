//! The folder for files that are being uploaded. It belongs to one calendar, so what a killed server left in it can be
//! removed at the next start.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Name of the folder inside of the store's.
const NAME: &str = "uploads";
/// Beginning of its name inside of a folder that others use too.
const SHARED_NAME: &str = "elverum-calendar-uploads-";
/// Number of bytes of the hash in that name.
const HASHED: usize = 8;

/// Returns the folder of the store in `store`: inside of it, or inside of `chosen` under a name that only this store has.
/// Creates it if necessary and removes the files that are in it.
///
/// # Errors
/// Errors if the folder cannot be created or read, or if it is a link or no folder: what is in there may be of others.
pub fn prepare_upload_folder(store: &Path, chosen: Option<&Path>) -> io::Result<PathBuf> {
    let path = match chosen {
        Some(chosen) => {
            let store = store.canonicalize()?;
            let hash = Sha256::digest(store.as_os_str().as_encoded_bytes());
            chosen.join(format!("{SHARED_NAME}{}", hex::encode(&hash[..HASHED])))
        }
        None => store.join(NAME),
    };
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_dir() && is_own(&found) => {}
        Ok(_) => {
            let why = "it is a link, a file, or a folder of another user";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path)?,
        Err(error) => return Err(error),
    }
    for entry in fs::read_dir(&path)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(path)
}

#[cfg_attr(not(unix), expect(unused_mut, reason = "modes are Unix's"))]
fn create(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Returns true unless the folder belongs to another user, who could change the files in it.
fn is_own(folder: &fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        folder.uid() == rustix::process::geteuid().as_raw()
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_killed_server_are_removed_and_those_of_others_stay() {
        let store = tempfile::tempdir().unwrap();
        let path = prepare_upload_folder(store.path(), None).unwrap();
        assert_eq!(path, store.path().join(NAME));
        fs::write(path.join(".tmpAbc"), "half a picture").unwrap();
        fs::create_dir(path.join("folder")).unwrap();
        assert_eq!(prepare_upload_folder(store.path(), None).unwrap(), path);
        assert!(!path.join(".tmpAbc").exists() && path.join("folder").exists());

        let shared = tempfile::tempdir().unwrap();
        let foreign = shared.path().join("foreign");
        fs::write(&foreign, "of another program").unwrap();
        let here = prepare_upload_folder(store.path(), Some(shared.path())).unwrap();
        let other = tempfile::tempdir().unwrap();
        let there = prepare_upload_folder(other.path(), Some(shared.path())).unwrap();
        assert_ne!(here, there);
        assert!(foreign.exists() && here.starts_with(shared.path()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_the_folder_is_not_followed() {
        let (store, foreign) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = foreign.path().join("kept");
        fs::write(&kept, "of another program").unwrap();
        std::os::unix::fs::symlink(foreign.path(), store.path().join(NAME)).unwrap();
        assert!(prepare_upload_folder(store.path(), None).is_err());
        assert!(kept.exists());
    }
}
