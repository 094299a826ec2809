//! Encodes and decodes netlink's `sock_diag` messages (sock_diag(7), netlink(7)), which list the connections to a port.
//! The layouts are those of `linux/netlink.h`, `linux/inet_diag.h` and `linux/tcp.h`. Pure.
//!
//! One request returns all connections with a `tcp_info` each. It opens no files and needs no privileges.

use std::io::{Error, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::tcp_sample::TcpSample;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// NLM_F_REQUEST and NLM_F_DUMP.
const ASK_FOR_ALL: u16 = 0x301;
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
const INET_DIAG_INFO: u16 = 2;
/// TCP_ESTABLISHED and TCP_CLOSE_WAIT: the states in which the client may still act.
const STATES: u32 = 1 << 1 | 1 << 8;

/// Lengths of `nlmsghdr`, of the following `inet_diag_req_v2` and `inet_diag_msg`, and of `rtattr`.
const HEAD: usize = 16;
const REQUEST: usize = 56;
const MESSAGE: usize = 72;
const ATTRIBUTE: usize = 4;

/// Returns the request for all connections to a listening socket.
pub fn question(door: SocketAddr, number: u32) -> [u8; HEAD + REQUEST] {
    let mut bytes = [0; HEAD + REQUEST];
    let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
    put(0, &((HEAD + REQUEST) as u32).to_ne_bytes());
    put(4, &SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    put(6, &ASK_FOR_ALL.to_ne_bytes());
    put(8, &number.to_ne_bytes());
    let family = if door.is_ipv4() { AF_INET } else { AF_INET6 };
    let extension = 1 << (INET_DIAG_INFO - 1);
    put(HEAD, &[family, IPPROTO_TCP, extension]);
    put(HEAD + 4, &STATES.to_ne_bytes());
    put(HEAD + 8, &door.port().to_be_bytes());
    bytes
}

/// Parses one datagram of the kernel's response and appends its connections to `all`. Returns true at the end of the
/// response. Skips messages with another sequence number.
///
/// # Errors
/// Returns the kernel's error code, or [`ErrorKind::InvalidData`] if the bytes are not valid messages.
pub fn take(
    mut bytes: &[u8],
    number: u32,
    door: SocketAddr,
    all: &mut Vec<TcpSample>,
) -> std::io::Result<bool> {
    while !bytes.is_empty() {
        let length = u32_at(bytes, 0)? as usize;
        if length < HEAD {
            return Err(cut());
        }
        let message = bytes.get(..length).ok_or_else(cut)?;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        if u32_at(message, 8)? != number {
            continue;
        }
        match u16_at(message, 4)? {
            kind @ (NLMSG_DONE | NLMSG_ERROR) => {
                // A successful end may omit the code.
                let code = u32_at(message, HEAD).unwrap_or(0).cast_signed();
                return match (code, kind) {
                    (0, NLMSG_DONE) => Ok(true),
                    _ => Err(Error::from_raw_os_error(code.wrapping_neg())),
                };
            }
            SOCK_DIAG_BY_FAMILY => all.extend(seen(&message[HEAD..], door)?),
            _ => {}
        }
    }
    Ok(false)
}

/// Parses one connection. Returns `None` if it is to another address or port, or if no process owns its socket.
fn seen(message: &[u8], door: SocketAddr) -> std::io::Result<Option<TcpSample>> {
    let family = *message.first().ok_or_else(cut)?;
    let (to, from) = (address(message, 8, family)?, address(message, 24, family)?);
    let (waiting, inode) = (u32_at(message, 60)?, u32_at(message, 68)?);
    let meant = door.ip().is_unspecified() || to == door.ip().to_canonical();
    let port = u16::from_be_bytes(at(message, 4)?);
    if inode == 0 || !meant || port != door.port() {
        return Ok(None);
    }
    let Some(info) = attribute(&message[MESSAGE..], INET_DIAG_INFO)? else {
        let message = "the system does not report traffic of connections";
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let ago = |place| u32_at(info, place).map(|u32| Duration::from_millis(u32.into()));
    Ok(Some(TcpSample {
        id: u64::from_ne_bytes(at(message, 44)?),
        inode,
        from,
        received: u64::from_ne_bytes(at(info, 128)?),
        taken: u64::from_ne_bytes(at(info, 120)?),
        waiting,
        heard: ago(52)?,
        spoke: ago(44)?,
    }))
}

fn address(message: &[u8], place: usize, family: u8) -> std::io::Result<IpAddr> {
    Ok(if family == AF_INET {
        IpAddr::from(Ipv4Addr::from(at::<4>(message, place)?))
    } else {
        IpAddr::from(Ipv6Addr::from(at::<16>(message, place)?)).to_canonical()
    })
}

/// Returns the content of an attribute of type `wanted`.
fn attribute(mut bytes: &[u8], wanted: u16) -> std::io::Result<Option<&[u8]>> {
    while bytes.len() >= ATTRIBUTE {
        let length = usize::from(u16_at(bytes, 0)?);
        let content = bytes.get(ATTRIBUTE..length).ok_or_else(cut)?;
        if u16_at(bytes, 2)? == wanted {
            return Ok(Some(content));
        }
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(None)
}

fn u16_at(bytes: &[u8], place: usize) -> std::io::Result<u16> {
    at(bytes, place).map(u16::from_ne_bytes)
}

fn u32_at(bytes: &[u8], place: usize) -> std::io::Result<u32> {
    at(bytes, place).map(u32::from_ne_bytes)
}

fn at<const N: usize>(bytes: &[u8], place: usize) -> std::io::Result<[u8; N]> {
    let field = bytes.get(place..).and_then(<[u8]>::first_chunk);
    field.copied().ok_or_else(cut)
}

fn cut() -> Error {
    let message = "the system's report on connections is truncated";
    Error::new(ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests;
