//! Lists and closes connections on Linux.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
};
use rustix::process::{Resource, getrlimit};

use super::proc_fds::Files;
use super::sock_diag;
use super::tcp_sample::TcpSample;

/// Warning that limits are not enforced.
pub const REFUSED: &str =
    "idle and slow connections are not closed: the system does not report them";

/// Size of the receive buffer in bytes; the kernel sends up to 32 KiB per datagram.
const ROOM: usize = 64 << 10;

/// Timeout of the kernel's response.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connections to a listening address.
#[derive(Debug)]
pub struct Sockets {
    door: SocketAddr,
    netlink: Option<OwnedFd>,
    number: u32,
    buffer: Vec<u8>,
    files: Files,
}

impl Sockets {
    /// Returns the connections to `door`; an unspecified address matches all local addresses.
    pub fn new(door: SocketAddr) -> Self {
        Self {
            door,
            netlink: None,
            number: 0,
            buffer: vec![0; ROOM],
            files: Files::new(),
        }
    }

    /// Returns all connections.
    ///
    /// # Errors
    /// Errors if the kernel does not list them.
    pub fn seen(&mut self) -> std::io::Result<Vec<TcpSample>> {
        let netlink = match self.netlink.take() {
            Some(netlink) => netlink,
            None => open()?,
        };
        let all = self.ask(&netlink)?;
        // Not reached after an error: the rest of that response would mix with the next.
        self.netlink = Some(netlink);
        Ok(all)
    }

    fn ask(&mut self, netlink: &OwnedFd) -> std::io::Result<Vec<TcpSample>> {
        self.number = self.number.wrapping_add(1);
        let question = sock_diag::question(self.door, self.number);
        send(netlink, &question, SendFlags::empty())?;
        let mut all = Vec::new();
        loop {
            let (_, length) = recv(netlink, &mut self.buffer[..], RecvFlags::TRUNC)?;
            let bytes = self.buffer.get(..length).ok_or(ErrorKind::InvalidData)?;
            if length == 0 {
                return Err(Error::from(ErrorKind::UnexpectedEof));
            }
            if sock_diag::take(bytes, self.number, self.door, &mut all)? {
                return Ok(all);
            }
        }
    }

    /// Shuts down the sockets whose inodes are wanted, see [`Files::close`].
    pub fn close(&mut self, wanted: impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
        self.files.close(wanted)
    }
}

fn open() -> std::io::Result<OwnedFd> {
    let netlink = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        Some(netlink::SOCK_DIAG),
    )?;
    set_socket_timeout(&netlink, Timeout::Recv, Some(PATIENCE))?;
    Ok(netlink)
}

/// Returns the soft limit of open files.
pub fn open_files() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// Returns the hard limit of open files, to which the program raises its soft limit.
#[must_use]
pub fn most_open_files() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}
