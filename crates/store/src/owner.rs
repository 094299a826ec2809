//! Whose a store's files are: what root creates in somebody's folder is given to that user, so that a service
//! can open what was restored or changed by root.

use std::path::{Path, PathBuf};

/// Gives what root created to the owner of the folder, when asked or dropped.
pub(super) struct Owner {
    #[cfg(unix)]
    ids: Option<(rustix::fs::Uid, rustix::fs::Gid)>,
    places: Vec<PathBuf>,
}

impl Owner {
    /// The owner of `path`, or where that is not there, of the nearest folder above it. Does nothing later where
    /// this process is not root, or that folder is root's.
    pub(super) fn of(path: &Path) -> Self {
        Self {
            #[cfg(unix)]
            ids: unix::ids(path),
            places: Vec::new(),
        }
    }

    /// Has everything at and below `path` given away too.
    pub(super) fn add(&mut self, path: PathBuf) {
        self.places.push(path);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some((user, group)) = self.ids {
            for place in self.places.iter().filter(|it| it.exists()) {
                if let Err(error) = unix::give(place, user, group) {
                    let place = place.display();
                    let (user, group) = (user.as_raw(), group.as_raw());
                    tracing::warn!(
                        %error,
                        "files that root created stay root's; run: chown -R {user}:{group} {place}"
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
        let found = path.ancestors().find_map(|it| std::fs::metadata(it).ok())?;
        let ids = (Uid::from_raw(found.uid()), Gid::from_raw(found.gid()));
        (!ids.0.is_root()).then_some(ids)
    }

    /// Gives `path` and everything below it away. Goes from folder to folder by open descriptors and follows no
    /// link: the owner may be hostile, and root must not be led out of the store.
    pub(super) fn give(path: &Path, user: Uid, group: Gid) -> io::Result<()> {
        let path = std::ffi::CString::new(path.as_os_str().as_encoded_bytes())?;
        Ok(entry(CWD, &path, user, group)?)
    }

    fn entry(parent: BorrowedFd<'_>, name: &CStr, user: Uid, group: Gid) -> Result<(), Errno> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(parent, name, flags, Mode::empty()) {
            Ok(file) => file,
            // Links, sockets, and what has just gone.
            Err(Errno::LOOP | Errno::NXIO | Errno::NOENT) => return Ok(()),
            Err(error) => return Err(error),
        };
        let found = fstat(&file)?;
        let kind = FileType::from_raw_mode(found.st_mode);
        // A second name may belong to a file outside.
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
