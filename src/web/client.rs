//! The client of a request, as limits count it.
//!
//! A proxy names its client in a header: Rocket's `ip_header` (`X-Real-IP` by default), or the last address of
//! `X-Forwarded-For`. The header is trusted only from this machine or a private network, so a client of the public
//! internet cannot choose its address. With `ip_header = false` no header is trusted.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::http::address::is_public;

/// Headers by which a proxy identifies itself or its client.
const PROXY_HEADERS: [&str; 4] = ["X-Real-IP", "X-Forwarded-For", "Forwarded", "Via"];

/// The client of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The IPv4 address, or the /64 prefix of the IPv6 address.
    pub prefix: IpAddr,
    /// True for a process on this machine that connects without a proxy.
    pub is_local: bool,
}

impl Client {
    /// Returns the client of a request.
    pub fn new(request: &Request<'_>) -> Self {
        let headers = request.headers();
        let config = request.rocket().config();
        let ip_header = config.ip_header.as_ref().map(|name| name.as_str());
        let real = ip_header.and_then(|name| headers.get(name).last());
        // `ip_header = false`: no proxy is trusted.
        let forwarded_for = ip_header.and_then(|_| headers.get("X-Forwarded-For").last());
        let proxied = PROXY_HEADERS.into_iter().chain(ip_header);
        Self::from_parts(
            request.remote().map(|remote| remote.ip()),
            real,
            forwarded_for,
            proxied.into_iter().any(|name| headers.contains(name)),
        )
    }

    fn from_parts(
        peer: Option<IpAddr>,
        real: Option<&str>,
        forwarded_for: Option<&str>,
        is_proxied: bool,
    ) -> Self {
        let peer = peer.unwrap_or(Ipv6Addr::UNSPECIFIED.into()).to_canonical();
        let last = || forwarded_for.and_then(|list| list.rsplit(',').next());
        let named = real.or_else(last).and_then(|text| text.trim().parse().ok());
        let address = named.filter(|_| !is_public(peer)).unwrap_or(peer);
        Self {
            prefix: client_prefix(address),
            is_local: peer.is_loopback() && !is_proxied,
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Client {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        Outcome::Success(Self::new(request))
    }
}

/// Returns the network that counts as one client: an IPv4 address, or the /64 prefix that one subscriber or server
/// gets.
pub fn client_prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(peer: &str, real: Option<&str>, forwarded_for: Option<&str>) -> String {
        let proxied = real.is_some() || forwarded_for.is_some();
        let peer = peer.parse().unwrap();
        let client = Client::from_parts(Some(peer), real, forwarded_for, proxied);
        client.prefix.to_string()
    }

    #[test]
    fn a_proxy_on_this_machine_or_a_private_network_names_its_client() {
        for peer in ["127.0.0.1", "::1", "10.0.0.2", "::ffff:192.168.1.1"] {
            let client = prefix(peer, Some("203.0.113.7"), None);
            assert_eq!(client, "203.0.113.7", "{peer}");
            let client = prefix(peer, None, Some("192.0.2.1, 203.0.113.8"));
            assert_eq!(client, "203.0.113.8", "{peer}");
        }
    }

    #[test]
    fn a_client_of_the_public_internet_does_not_choose_what_it_is_counted_as() {
        let client = prefix("8.8.8.8", Some("203.0.113.7"), Some("203.0.113.8"));
        assert_eq!(client, "8.8.8.8");
        let client = prefix("127.0.0.1", Some("nonsense"), None);
        assert_eq!(client, "127.0.0.1");
    }

    #[test]
    fn all_addresses_of_one_ipv6_network_are_one_client() {
        let one = prefix("2606:4700:1:2:3:4:5:6", None, None);
        assert_eq!(one, prefix("2606:4700:1:2:ffff::1", None, None));
        assert_ne!(one, prefix("2606:4700:1:3::1", None, None));
    }

    #[test]
    fn only_a_process_of_this_machine_that_no_proxy_speaks_for_is_local() {
        let is_local = |peer: &str, is_proxied| {
            let peer = peer.parse().unwrap();
            Client::from_parts(Some(peer), None, None, is_proxied).is_local
        };
        assert!(is_local("127.0.0.1", false) && is_local("::ffff:127.0.0.1", false));
        assert!(!is_local("127.0.0.1", true));
        assert!(!is_local("10.0.0.1", false) && !is_local("8.8.8.8", false));
        assert!(!Client::from_parts(None, None, None, false).is_local);
    }
}
