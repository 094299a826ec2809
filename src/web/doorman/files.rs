//! Shuts connections down that are among the process's own open files.

use std::fs::{self, File};
use std::io::Error;

use filedescriptor::FileDescriptor;
use rustix::fs::fstat;
use rustix::net::sockopt::set_socket_linger;
use rustix::net::{Shutdown, shutdown};

/// How many files are open in here while it works: the folder, and the copy of a socket.
const NEEDED: usize = 2;

/// The process's open files.
#[derive(Debug, Default)]
pub struct Files {
    /// Kept open so that there is room to work in where all other room is taken.
    room: Vec<File>,
}

impl Files {
    /// With room to work in, where there is any.
    pub fn new() -> Self {
        let mut files = Self::default();
        files.keep_room();
        files
    }

    fn keep_room(&mut self) {
        let open = || File::open("/dev/null").ok();
        self.room = std::iter::from_fn(open).take(NEEDED).collect();
    }

    /// Shuts down each socket whose inode is wanted; `wanted` then says whether the bytes that wait in it are
    /// thrown away.
    ///
    /// # Errors
    /// The files can't be listed.
    pub fn close(&mut self, mut wanted: impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
        self.room.clear();
        let closed = close_all(&mut wanted);
        self.keep_room();
        closed
    }
}

fn close_all(wanted: &mut impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
    for entry in fs::read_dir("/proc/self/fd")? {
        let path = entry?.path();
        let name = path.file_name().and_then(|it| it.to_str());
        let number = name.and_then(|it| it.parse::<i32>().ok());
        // One that is gone by now is no error.
        let inode = fs::read_link(&path).ok().and_then(|it| inode(it.to_str()?));
        let (Some(number), Some(inode)) = (number, inode) else {
            continue;
        };
        if let Some(unread) = wanted(inode) {
            // Where that fails it has ended by itself, or is found at the next look.
            let _ = close_one(number, inode, unread);
        }
    }
    Ok(())
}

/// The number in `socket:[NUMBER]`.
fn inode(link: &str) -> Option<u32> {
    let number = link.strip_prefix("socket:[")?.strip_suffix(']')?;
    number.parse().ok()
}

/// The number of the file may have passed to another since it was read. So it is copied first, and the copy,
/// which nobody else can close, is looked at: it is the socket that was meant, or nothing is done to it.
fn close_one(number: i32, inode: u32, unread: bool) -> std::io::Result<()> {
    let copy = FileDescriptor::dup(&number).map_err(Error::other)?;
    if fstat(&copy)?.st_ino != u64::from(inode) {
        return Ok(());
    }
    if unread {
        set_socket_linger(&copy, Some(std::time::Duration::ZERO))?;
    }
    Ok(shutdown(&copy, Shutdown::Both)?)
}

#[cfg(test)]
mod tests {
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
        close_one(ours.as_raw_fd(), u32::try_from(own + 1).unwrap(), true).unwrap();
        theirs.set_nonblocking(true).unwrap();
        let error = (&theirs).read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    }

    #[test]
    fn only_sockets_have_the_number_of_one() {
        assert_eq!(inode("socket:[4711]"), Some(4711));
        for link in ["pipe:[4711]", "/dev/null", "socket:[]", "socket:[x]", ""] {
            assert_eq!(inode(link), None, "{link}");
        }
    }
}
