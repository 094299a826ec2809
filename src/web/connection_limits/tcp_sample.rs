//! Samples of TCP connections.

use std::net::IpAddr;
use std::time::Duration;

/// A sample of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TcpSample {
    /// Unique id of the connection; never reused.
    pub id: u64,
    /// Inode of the socket among the process's open files, while it is open.
    pub inode: u32,
    /// Address of the client.
    pub from: IpAddr,
    /// Bytes received since the connection was opened.
    pub received: u64,
    /// Bytes sent and acknowledged since the connection was opened.
    pub taken: u64,
    /// Bytes written but not yet acknowledged.
    pub waiting: u32,
    /// Time since bytes were last received, or since the connection was opened.
    pub heard: Duration,
    /// Time since bytes were last sent, or since the connection was opened.
    pub spoke: Duration,
}
