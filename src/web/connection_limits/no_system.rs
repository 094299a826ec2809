//! Stub for systems other than Linux: no connections are closed.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use super::tcp_sample::TcpSample;

/// Warning that limits are not enforced.
pub const REFUSED: &str = "idle and slow connections are not closed: this needs Linux";

/// The connections to the port, which are unknown.
#[derive(Debug)]
pub struct Sockets;

impl Sockets {
    /// Ignores the address.
    pub fn new(_: SocketAddr) -> Self {
        Self
    }

    /// Lists no connections.
    ///
    /// # Errors
    /// Always returns [`ErrorKind::Unsupported`].
    pub fn seen(&mut self) -> std::io::Result<Vec<TcpSample>> {
        Err(Error::from(ErrorKind::Unsupported))
    }

    /// Closes no connections; always returns [`ErrorKind::Unsupported`].
    pub fn close(&mut self, _: impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
        Err(Error::from(ErrorKind::Unsupported))
    }
}

/// Returns `None`: the limit of open files is unknown.
pub fn open_files() -> Option<u64> {
    None
}

/// Returns `None`: the hard limit of open files is unknown.
#[must_use]
pub fn most_open_files() -> Option<u64> {
    None
}
