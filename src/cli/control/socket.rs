//! The control socket in the file system.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Name of the socket in the store's directory.
pub(super) const SOCKET: &str = "control";

/// Maximum length in bytes of a socket's path on all known systems, without the terminating zero.
const PATH_LIMIT: usize = 103;

/// Listens in a directory and replaces an existing socket, which must be stale since the store is open here. The mode
/// of the socket is 0600.
pub fn listen(folder: &Path) -> io::Result<(UnixListener, PathBuf)> {
    // Under a temporary name until its mode is set, so that it is never accessible to others.
    let (new, path) = ("control.new", folder.join(SOCKET));
    gone(&folder.join(new))?;
    let listener = at(folder, new, |address| UnixListener::bind(address))?;
    fs::set_permissions(folder.join(new), Permissions::from_mode(0o600))?;
    fs::rename(folder.join(new), &path)?;
    Ok((listener, path))
}

/// Connects to the server that listens in a directory.
pub fn connect(folder: &Path) -> io::Result<UnixStream> {
    at(folder, SOCKET, |address| UnixStream::connect(address))
}

fn gone(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Calls `using` with a path that fits a socket's address. A longer path is replaced by one through `/proc/self/fd`,
/// where that exists.
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
