//! Other systems than Linux: connections are as the system has them.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use super::watch::Seen;

/// What is said about it.
pub const REFUSED: &str = "idle and slow connections are not closed: that is for Linux only";

/// The connections to our door, of which nothing is known.
#[derive(Debug)]
pub struct Sockets;

impl Sockets {
    /// Those to an address and port.
    pub fn new(_: SocketAddr) -> Self {
        Self
    }

    /// None can be told.
    ///
    /// # Errors
    /// Always.
    pub fn seen(&mut self) -> std::io::Result<Vec<Seen>> {
        Err(Error::from(ErrorKind::Unsupported))
    }

    /// Closes none.
    pub fn close(&mut self, _: impl FnMut(u32) -> Option<bool>) -> std::io::Result<()> {
        Err(Error::from(ErrorKind::Unsupported))
    }
}

/// How many files may be open is not known.
pub fn open_files() -> Option<u64> {
    None
}

/// The same.
#[must_use]
pub fn most_open_files() -> Option<u64> {
    None
}
