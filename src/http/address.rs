//! Addresses that outgoing requests may reach.
//!
//! Addresses of feeds and their DNS records come from outside. Without this check a request could reach the
//! operator's own network (server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A host and port that may be reached although its address is private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    port: u16,
}

/// Why a text is not a usable `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowedHostError {
    /// It has another form. A text with an `@` is not shown, since it may contain a password.
    #[error("{}sync.allow_private must contain host:port, such as 127.0.0.1:5232 or [::1]:80", shown(.0))]
    Form(String),
    /// The host is invalid or a pattern.
    #[error(
        "«{0}» in sync.allow_private matches no request; a host is one name or IP address, without patterns, \
         masks and schemes, such as 127.0.0.1:5232 or [::1]:80"
    )]
    Host(String),
    /// The port is invalid.
    #[error("«{0}» in sync.allow_private matches no request; a port is a number from 1 to 65535")]
    Port(String),
}

fn shown(text: &str) -> String {
    if text.contains('@') {
        "what is in ".to_owned()
    } else {
        format!("«{text}» in ")
    }
}

impl std::str::FromStr for AllowedHost {
    type Err = AllowedHostError;

    fn from_str(text: &str) -> Result<Self, AllowedHostError> {
        let form = || AllowedHostError::Form(text.to_owned());
        if text.contains('@') {
            return Err(form());
        }
        let (host, port) = text.rsplit_once(':').ok_or_else(form)?;
        if host.is_empty() {
            return Err(form());
        }
        // Normalized as in the URLs of requests.
        let name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':');
        let parsed = url::Host::parse(host)
            .ok()
            .filter(|_| host.chars().all(name));
        let host = match parsed {
            Some(url::Host::Domain(name)) => name,
            Some(url::Host::Ipv4(address)) => address.to_string(),
            Some(url::Host::Ipv6(address)) => address.to_string(),
            None => return Err(AllowedHostError::Host(text.to_owned())),
        };
        match port.parse() {
            Ok(port @ 1..) => Ok(Self { host, port }),
            _ => Err(AllowedHostError::Port(text.to_owned())),
        }
    }
}

impl AllowedHost {
    /// Returns the host as an IP address, if it is one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Returns true if `host` and `port` are these.
    #[must_use]
    pub fn covers(&self, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.port == port && self.host.eq_ignore_ascii_case(host)
    }
}

/// Returns true if an address is on the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match embedded_v4(v6) {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

/// Returns the embedded IPv4 address of an IPv6 address: mapped (RFC 4291 section 2.5.5.2), compatible
/// (section 2.5.5.1), NAT64 (RFC 6052 section 2.1) or 6to4 (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = address.segments();
    let low = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        [0, 0, 0, 0, 0, 0xffff, h, l] | [0x64, 0xff9b, 0, 0, 0, 0, h, l] => Some(low(h, l)),
        [0, 0, 0, 0, 0, 0, h, l] if h != 0 => Some(low(h, l)),
        [0x2002, h, l, ..] => Some(low(h, l)),
        _ => None,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = match (a, b, c) {
        // This network, private, carrier-grade NAT, loopback, link-local (RFC 6890).
        (0 | 10 | 127, ..) | (100, 64..=127, _) | (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, 6to4 relays, benchmarking.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) => true,
        (198, 51, 100) | (203, 0, 113) => true,
        // Multicast, reserved, broadcast.
        (224..=255, ..) => true,
        _ => false,
    };
    !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    // Global unicast, 2000::/3, without documentation, Teredo, ORCHID and benchmarking.
    let global = s[0] & 0xe000 == 0x2000;
    let special = matches!(
        (s[0], s[1]),
        (0x2001, 0x0db8 | 0x0000 | 0x0002 | 0x0010..=0x002f) | (0x3fff, 0..=0x0fff)
    );
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_each_notation() {
        let private = [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
        ];
        for text in private {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "193.71.1.1",
            "8.8.8.8",
            "172.32.0.1",
            "2a00:1450:400f::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn an_allowed_host_is_allowed_on_its_port_alone() {
        let allowed: AllowedHost = "[::1]:5232".parse().unwrap();
        assert!(allowed.covers("[::1]", 5232));
        assert!(!allowed.covers("::1", 80));
        assert!("localhost".parse::<AllowedHost>().is_err());
        assert!("localhost:http".parse::<AllowedHost>().is_err());
    }
}
