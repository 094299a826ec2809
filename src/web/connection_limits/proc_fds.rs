//! Shuts down sockets among the process's own open files.

use std::fs::{self, File};
use std::io::Error;
use std::time::Duration;

use filedescriptor::FileDescriptor;
use rustix::fs::fstat;
use rustix::io::Errno;
use rustix::net::sockopt::set_socket_linger;
use rustix::net::{Shutdown, shutdown};

/// Number of files kept open in reserve. Two are needed at a time; the server may take a released one first.
const ROOM: usize = 8;

/// The open files of the process.
#[derive(Debug, Default)]
pub struct Files {
    /// Reserve, released one by one when the limit of open files is reached: connections must be closable then.
    room: Vec<File>,
}

impl Files {
    /// Opens as much of the reserve as possible.
    pub fn new() -> Self {
        let mut files = Self::default();
        files.keep_room();
        files
    }

    fn keep_room(&mut self) {
        let open = || File::open("/dev/null").ok();
        let more = std::iter::from_fn(open).take(ROOM - self.room.len());
        self.room.extend(more);
    }

    /// Retries an operation that opens a file, releasing the reserve while the limit is reached.
    fn with_room<T>(&mut self, act: impl Fn() -> std::io::Result<T>) -> std::io::Result<T> {
        loop {
            match act() {
                Err(error) if is_full(&error) && self.room.pop().is_some() => {}
                done => return done,
            }
        }
    }

    /// Shuts down each socket for whose inode `wanted` returns `Some`. `Some(true)` also discards its unsent bytes.
    ///
    /// # Errors
    /// Errors if the open files cannot be listed.
    pub fn close(&mut self, wanted: impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
        let closed = self.close_all(wanted);
        self.keep_room();
        closed
    }

    fn close_all(&mut self, mut wanted: impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
        for entry in self.with_room(|| fs::read_dir("/proc/self/fd"))? {
            let path = entry?.path();
            let name = path.file_name().and_then(|file_name| file_name.to_str());
            let number = name.and_then(|name| name.parse::<i32>().ok());
            // A file closed in the meantime is no error.
            let inode = fs::read_link(&path)
                .ok()
                .and_then(|link| inode(link.to_str()?));
            let (Some(number), Some(inode)) = (number, inode) else {
                continue;
            };
            if let Some(unread) = wanted(inode) {
                // On failure the connection has ended, or the next round finds it again.
                let _ = self.close_one(number, inode, unread);
            }
        }
        Ok(())
    }

    /// Shuts down one socket. The descriptor may have been reused since it was listed, so a duplicate, which no other
    /// code can close, is checked against the inode first.
    fn close_one(&mut self, number: i32, inode: u32, unread: bool) -> std::io::Result<()> {
        let copy = self.with_room(|| FileDescriptor::dup(&number).map_err(why))?;
        if fstat(&copy)?.st_ino != u64::from(inode) {
            return Ok(());
        }
        if unread {
            set_socket_linger(&copy, Some(Duration::ZERO))?;
        }
        Ok(shutdown(&copy, Shutdown::Both)?)
    }
}

/// Unwraps the operating system's error.
fn why(error: filedescriptor::Error) -> Error {
    match error {
        filedescriptor::Error::Dup { source, .. } => source,
        error => Error::other(error),
    }
}

/// Returns true if the process has reached its limit of open files.
fn is_full(error: &Error) -> bool {
    error.raw_os_error() == Some(Errno::MFILE.raw_os_error())
}

/// Returns the number in `socket:[NUMBER]`.
fn inode(link: &str) -> Option<u32> {
    let number = link.strip_prefix("socket:[")?.strip_suffix(']')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Read as _;
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsFd as _;

    use super::*;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (listener.accept().unwrap().0, here)
    }

    #[test]
    fn the_socket_that_is_meant_is_shut_down_and_no_other() {
        let (ours, mut theirs) = pair();
        let (other, _there) = pair();
        let meant = u32::try_from(fstat(ours.as_fd()).unwrap().st_ino).unwrap();
        let mut found = 0;
        let wanted = |inode| {
            found += usize::from(inode == meant);
            (inode == meant).then_some(false)
        };
        Files::new().close(wanted).unwrap();
        assert_eq!(found, 1);
        assert_eq!(theirs.read(&mut [0]).unwrap(), 0, "it has ended");
        other.set_nonblocking(true).unwrap();
        let error = (&other).read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    }

    #[test]
    fn a_number_that_has_passed_to_another_socket_does_no_harm() {
        use std::os::fd::AsRawFd as _;
        let (ours, theirs) = pair();
        let own = fstat(ours.as_fd()).unwrap().st_ino;
        let another = u32::try_from(own + 1).unwrap();
        let mut files = Files::new();
        files.close_one(ours.as_raw_fd(), another, true).unwrap();
        theirs.set_nonblocking(true).unwrap();
        let error = (&theirs).read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    }

    #[test]
    fn where_no_file_can_be_opened_room_is_made_until_one_can() {
        let mut files = Files::new();
        let tries = Cell::new(0);
        let full = || Error::from_raw_os_error(Errno::MFILE.raw_os_error());
        let done = files.with_room(|| {
            tries.set(tries.get() + 1);
            if tries.get() < 4 {
                Err(full())
            } else {
                Ok(tries.get())
            }
        });
        assert_eq!((done.unwrap(), files.room.len()), (4, ROOM - 3));
        assert!(files.with_room(|| Err::<(), _>(full())).is_err());
        assert!(files.room.is_empty());
        files.close(|_| None).unwrap();
        assert_eq!(files.room.len(), ROOM);
    }

    #[test]
    fn only_sockets_have_the_number_of_one() {
        assert_eq!(inode("socket:[4711]"), Some(4711));
        for link in ["pipe:[4711]", "/dev/null", "socket:[]", "socket:[x]", ""] {
            assert_eq!(inode(link), None, "{link}");
        }
    }
}
