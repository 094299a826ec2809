//! The socket's place in the file system.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use super::SOCKET;

/// The longest path that a socket's address takes on any system that we know, without its final zero.
const PATH_LIMIT: usize = 103;

/// Listens in a folder; whatever socket lay there before is replaced, since nobody else can have the
/// store open. Only this user can open it.
pub fn listen(folder: &Path) -> io::Result<(UnixListener, PathBuf)> {
    // Under another name until its rights are set, so that nobody ever finds it without them.
    let (new, path) = ("control.new", folder.join(SOCKET));
    gone(&folder.join(new))?;
    let listener = at(folder, new, |address| UnixListener::bind(address))?;
    fs::set_permissions(folder.join(new), Permissions::from_mode(0o600))?;
    fs::rename(folder.join(new), &path)?;
    Ok((listener, path))
}

/// Connects to whoever listens in a folder.
pub fn connect(folder: &Path) -> io::Result<UnixStream> {
    at(folder, SOCKET, |address| UnixStream::connect(address))
}

fn gone(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Uses a path that a socket's address has room for: a long one is gone round through the folder,
/// opened, where the system shows open files as paths.
fn at<T>(folder: &Path, name: &str, using: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let path = folder.join(name);
    if path.as_os_str().as_bytes().len() <= PATH_LIMIT {
        return using(&path);
    }
    let folder = File::open(folder)?;
    let short = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd()));
    if !short.exists() {
        let detail = format!("its path has more than {PATH_LIMIT} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidFilename, detail));
    }
    using(&short.join(name))
}
