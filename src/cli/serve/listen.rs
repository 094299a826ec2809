//! Checks that the server can listen on its address.

use std::io;
use std::net::{SocketAddr, TcpListener};

/// Listens for a moment.
///
/// # Errors
/// Returns the operating system's error.
pub fn try_out(address: SocketAddr) -> io::Result<()> {
    TcpListener::bind(address).map(drop)
}

/// Describes why the address is not available, and what to do.
pub fn why_not(address: SocketAddr, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "the port is in use by another program, possibly a running server; stop it, or choose another \
             port with --port N (0 for any free port)"
                .to_owned()
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine does not have this address; choose one of its addresses with --address, or 0.0.0.0 \
             or :: for all of them"
                .to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "this user may not listen on this port; choose a port from 1024 up, or grant \
             CAP_NET_BIND_SERVICE".to_owned()
        }
        _ => error.to_string(),
    };
    format!("cannot listen on {address}: {why}")
}

/// Returns true if the port is in use, possibly by our own server.
pub fn is_in_use(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}
