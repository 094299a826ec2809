//! Closes Rocket's listening socket, which Rocket 0.5 does not expose, without affecting connections.

use std::fs;
use std::io;
use std::net::SocketAddr;

use filedescriptor::FileDescriptor;
use rustix::net::{Shutdown, getsockname, shutdown, sockopt};

/// Stops this process from listening at an address; open connections continue. Returns false if it does not listen
/// there.
///
/// # Errors
/// Errors if the process's open files cannot be listed.
pub fn close(address: SocketAddr) -> io::Result<bool> {
    for entry in fs::read_dir("/proc/self/fd")? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|text| text.parse::<i32>().ok());
        // A duplicate, since the descriptor may be reused at any time.
        let copy = number.and_then(|number| FileDescriptor::dup(&number).ok());
        if let Some(socket) = copy.filter(|file| is_listening(file, address)) {
            shutdown(&socket, Shutdown::Both)?;
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_listening(file: &FileDescriptor, address: SocketAddr) -> bool {
    sockopt::socket_acceptconn(file).unwrap_or(false)
        && getsockname(file).is_ok_and(|value| SocketAddr::try_from(value) == Ok(address))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn the_port_is_free_at_once_and_open_connections_go_on() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut here = TcpStream::connect(address).unwrap();
        let (mut there, _) = listener.accept().unwrap();
        assert!(close(address).unwrap());
        assert!(TcpStream::connect(address).is_err());
        let again = TcpListener::bind(address).unwrap();
        here.write_all(b"x").unwrap();
        let mut byte = [0];
        there.read_exact(&mut byte).unwrap();
        assert_eq!(&byte, b"x");
        drop((again, listener));
        assert!(!close(address).unwrap());
        assert!(TcpStream::connect(other.local_addr().unwrap()).is_ok());
    }
}
