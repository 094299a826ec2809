//! Ownership of a store's files. Files that root creates are given to the owner of the store's folder, so
//! that a service under that user can open the store.

use std::path::{Path, PathBuf};

/// Changes the owner of added paths when dropped.
pub(super) struct FileOwner {
    #[cfg(unix)]
    ids: Option<(rustix::fs::Uid, rustix::fs::Gid)>,
    places: Vec<PathBuf>,
}

impl FileOwner {
    /// Uses the owner of `path` or, if it doesn't exist, of its nearest existing ancestor. Does nothing on
    /// drop if this process is not root or if that owner is root.
    pub(super) fn new(path: &Path) -> Self {
        Self {
            #[cfg(unix)]
            ids: unix::ids(path),
            places: Vec::new(),
        }
    }

    /// Adds `path` and everything below it.
    pub(super) fn add(&mut self, path: PathBuf) {
        self.places.push(path);
    }
}

impl Drop for FileOwner {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some((user, group)) = self.ids {
            for place in self.places.iter().filter(|place| place.exists()) {
                if let Err(error) = unix::give(place, user, group) {
                    let place = place.display();
                    let (user, group) = (user.as_raw(), group.as_raw());
                    tracing::warn!(
                        %error,
                        "files created as root belong to root; run chown -R {user}:{group} {place}"
                    );
                }
            }
        }
    }
}

#[cfg(unix)]
mod unix {
    use std::ffi::CStr;
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use rustix::fs::{CWD, Dir, FileType, Gid, Mode, OFlags, Uid, fchown, fstat, openat};
    use rustix::io::Errno;

    pub(super) fn ids(path: &Path) -> Option<(Uid, Gid)> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let path = std::path::absolute(path).ok()?;
        let found = path
            .ancestors()
            .find_map(|ancestor| std::fs::metadata(ancestor).ok())?;
        let ids = (Uid::from_raw(found.uid()), Gid::from_raw(found.gid()));
        (!ids.0.is_root()).then_some(ids)
    }

    /// Changes the owner of `path` and everything below it. Uses open descriptors and follows no links: the
    /// owner may be hostile and must not lead root out of the store.
    pub(super) fn give(path: &Path, user: Uid, group: Gid) -> io::Result<()> {
        let path = std::ffi::CString::new(path.as_os_str().as_encoded_bytes())?;
        Ok(entry(CWD, &path, user, group)?)
    }

    fn entry(parent: BorrowedFd<'_>, name: &CStr, user: Uid, group: Gid) -> Result<(), Errno> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(parent, name, flags, Mode::empty()) {
            Ok(file) => file,
            // Links, sockets, and files that were just removed.
            Err(Errno::LOOP | Errno::NXIO | Errno::NOENT) => return Ok(()),
            Err(error) => return Err(error),
        };
        let found = fstat(&file)?;
        let kind = FileType::from_raw_mode(found.st_mode);
        // A hard link may name a file outside the store.
        let is_own = kind == FileType::Directory || found.st_nlink == 1;
        if found.st_uid == 0 && is_own {
            fchown(&file, Some(user), Some(group))?;
        }
        if kind == FileType::Directory {
            for item in Dir::read_from(&file)? {
                let item = item?;
                if !matches!(item.file_name().to_bytes(), b"." | b"..") {
                    entry(file.as_fd(), item.file_name(), user, group)?;
                }
            }
        }
        Ok(())
    }
}
