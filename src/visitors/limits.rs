//! How much visitors may send, so that no program fills the queue, the store or a stranger's inbox.
//!
//! Each client has its limit first, then its wider network, then all together. Beyond what all may send together, the
//! first message of each network is counted apart, so that a program on many addresses of few networks does not keep
//! others from writing. An address gets few mails, unless its owner confirms them: each confirmation gives one back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, Utc};

use crate::login::LoginClient;
use crate::rate_limit::RateLimiter;
use calendar_domain::{EmailAddress, EventId};

/// Why a message is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitorRefusal {
    /// The client, its network or all together sent too many; seconds until a retry can succeed.
    TooMany(i64),
    /// The address got too many mails that nobody confirmed; seconds until it gets one again.
    AddressFull(i64),
}

pub(super) struct VisitorLimits {
    /// Messages, per client.
    clients: RateLimiter<IpAddr>,
    /// Messages, per network of clients.
    networks: RateLimiter<IpAddr>,
    /// Messages of all.
    all: RateLimiter<()>,
    /// The first message of a day, per network.
    first_of_network: RateLimiter<IpAddr>,
    /// First messages of networks, if those of all are used up.
    first_messages: RateLimiter<()>,
    /// Mails, per address.
    addresses: RateLimiter<String>,
    /// Mails, per domain of addresses.
    domains: RateLimiter<String>,
    /// Confirmations, per client.
    confirming: RateLimiter<IpAddr>,
    /// Confirmed messages, per address.
    confirmed: RateLimiter<String>,
    /// Confirmed messages, per domain of addresses.
    confirmed_of_domain: RateLimiter<String>,
    /// Confirmed messages, per network of clients.
    confirmed_of_network: RateLimiter<IpAddr>,
    /// Confirmed reports of an event, per address, domain of addresses and network of clients.
    reports_of_address: RateLimiter<(EventId, String)>,
    reports_of_domain: RateLimiter<(EventId, String)>,
    reports_of_network: RateLimiter<(EventId, IpAddr)>,
}

impl Default for VisitorLimits {
    fn default() -> Self {
        let a_day = 86_400.0;
        Self {
            clients: RateLimiter::new(10.0, 1.0 / 360.0),
            networks: RateLimiter::new(30.0, 1.0 / 120.0),
            all: RateLimiter::new(200.0, 1.0 / 30.0),
            first_of_network: RateLimiter::new(1.0, 1.0 / a_day),
            first_messages: RateLimiter::new(200.0, 1.0 / 30.0),
            addresses: RateLimiter::new(3.0, 3.0 / a_day),
            domains: RateLimiter::new(40.0, 1.0 / 600.0),
            confirming: RateLimiter::new(30.0, 1.0 / 120.0),
            confirmed: RateLimiter::new(20.0, 20.0 / a_day),
            confirmed_of_domain: RateLimiter::new(60.0, 1.0 / 600.0),
            confirmed_of_network: RateLimiter::new(60.0, 1.0 / 600.0),
            reports_of_address: RateLimiter::new(5.0, 5.0 / a_day),
            reports_of_domain: RateLimiter::new(20.0, 20.0 / a_day),
            reports_of_network: RateLimiter::new(5.0, 5.0 / a_day),
        }
    }
}

impl VisitorLimits {
    /// Counts a message and its mail.
    ///
    /// # Errors
    /// Returns why there are too many.
    pub(super) fn message(
        &self,
        client: LoginClient,
        email: &EmailAddress,
        now: DateTime<Utc>,
    ) -> Result<(), VisitorRefusal> {
        let network = network(client.prefix);
        let is_first = self.first_of_network.take(network, now).is_ok();
        // A proxy that does not name its clients would make all of them one.
        if !client.is_local {
            self.clients
                .take(client.prefix, now)
                .and_then(|()| self.networks.take(network, now))
                .map_err(VisitorRefusal::TooMany)?;
        }
        self.addresses
            .take(inbox(email), now)
            .map_err(VisitorRefusal::AddressFull)?;
        let taken = self.domains.take(domain(email), now);
        let taken = taken.and_then(|()| self.all.take((), now));
        if taken.is_err() && is_first && self.first_messages.take((), now).is_ok() {
            return Ok(());
        }
        taken.map_err(VisitorRefusal::TooMany)
    }

    /// Counts a press of the button that confirms a message.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn attempt(&self, client: LoginClient, now: DateTime<Utc>) -> Result<(), i64> {
        if client.is_local {
            return Ok(());
        }
        self.confirming.take(client.prefix, now)
    }

    /// Counts a confirmed message. `event` is the one that it reports, if it is a report.
    ///
    /// # Errors
    /// Returns the seconds to wait.
    pub(super) fn confirm(
        &self,
        client: LoginClient,
        email: &EmailAddress,
        event: Option<&EventId>,
        now: DateTime<Utc>,
    ) -> Result<(), i64> {
        let network = network(client.prefix);
        self.confirmed.take(inbox(email), now)?;
        self.confirmed_of_domain.take(domain(email), now)?;
        if !client.is_local {
            self.confirmed_of_network.take(network, now)?;
        }
        let Some(event) = event else {
            return Ok(());
        };
        self.reports_of_address
            .take((event.clone(), inbox(email)), now)?;
        self.reports_of_domain
            .take((event.clone(), domain(email)), now)?;
        if client.is_local {
            return Ok(());
        }
        self.reports_of_network.take((event.clone(), network), now)
    }

    /// Gives back the mail that its recipient wanted.
    pub(super) fn was_wanted(&self, email: &EmailAddress) {
        self.addresses.give_back(&inbox(email));
        self.domains.give_back(&domain(email));
    }
}

/// Returns what the spellings of an address have in common that are delivered to one inbox: without a part after `+`, and
/// for Gmail without dots. It is for counting only, never for knowing who somebody is.
fn inbox(email: &EmailAddress) -> String {
    let key = email.key();
    let Some((local, domain)) = key.rsplit_once('@') else {
        return key;
    };
    let local = local.split('+').next().unwrap_or(local);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", local.replace('.', "")),
        _ => format!("{local}@{domain}"),
    }
}

/// Returns the domain that somebody registered for an address: `example.no` for `a@mail.example.no`. Whoever has it makes as
/// many names below it as they like.
///
/// Names below which others give names away (`duckdns.org`) are one domain, although the list of public suffixes has them,
/// too: they cost nothing.
pub(super) fn domain(email: &EmailAddress) -> String {
    let name = email.domain();
    let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
    let mut registered = name;
    for start in starts {
        let tail = &name[start..];
        let suffix = psl::suffix(tail.as_bytes());
        let is_registry = suffix.is_some_and(|suffix| {
            suffix.as_bytes() == tail.as_bytes() && suffix.typ() != Some(psl::Type::Private)
        });
        if is_registry {
            break;
        }
        registered = tail;
    }
    registered.to_owned()
}

/// Returns the network of a client: /24 of IPv4, /48 of IPv6, which one customer of a provider may have.
fn network(prefix: IpAddr) -> IpAddr {
    match prefix {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() >> 8 << 8).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 80 << 80).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: [u8; 4]) -> LoginClient {
        LoginClient {
            prefix: address.into(),
            is_local: false,
        }
    }

    fn address(number: u32) -> EmailAddress {
        format!("a@host{number}.org").parse().unwrap()
    }

    #[test]
    fn one_client_and_one_network_send_their_share() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let sent = |client, from: u32| {
            let all =
                (from..from + 1_000).filter(|n| limits.message(client, &address(*n), now).is_ok());
            all.count()
        };
        assert_eq!(sent(client([203, 0, 113, 1]), 0), 10);
        assert_eq!(sent(client([203, 0, 113, 2]), 2_000), 10);
        assert_eq!(sent(client([203, 0, 113, 3]), 4_000), 10);
        assert_eq!(sent(client([203, 0, 113, 4]), 6_000), 0);
        assert_eq!(sent(client([203, 0, 114, 1]), 8_000), 10);
    }

    #[test]
    fn an_address_gets_three_mails_and_as_many_as_its_owner_confirms() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let email = address(1);
        let send = |n: u8| limits.message(client([203, 0, n, 1]), &email, now);
        let sent = (0..100).filter(|n| send(*n).is_ok()).count();
        assert_eq!(sent, 3);
        let refused = send(200);
        assert!(
            matches!(refused, Err(VisitorRefusal::AddressFull(28_800..=28_801))),
            "{refused:?}"
        );
        limits.was_wanted(&email);
        assert_eq!(send(201), Ok(()));
    }

    #[test]
    fn spellings_of_one_inbox_are_counted_together() {
        let of = |text: &str| inbox(&text.parse().unwrap());
        assert_eq!(
            of("Kari.Nordmann+x@gmail.com"),
            of("karinordmann@googlemail.com")
        );
        assert_eq!(of("kari+a+b@example.no"), of("kari@example.no"));
        assert_ne!(of("kari.n@example.no"), of("karin@example.no"));
    }

    #[test]
    fn a_provider_of_many_addresses_is_not_closed_to_a_network_that_writes_for_the_first_time() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let mail = |n: u32| format!("a{n}@example.org").parse().unwrap();
        let send = |network: u8, n: u32| {
            let from = client([10, 0, network, (n % 250) as u8]);
            limits.message(from, &mail(n), now)
        };
        let sent = (0..200).filter(|n| send((n % 5) as u8, *n).is_ok()).count();
        assert_eq!(sent, 40);
        assert!(matches!(send(1, 900), Err(VisitorRefusal::TooMany(_))));
        assert_eq!(send(99, 901), Ok(()));
    }

    #[test]
    fn a_network_that_writes_for_the_first_time_is_heard_beside_a_flood() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let mut sent = 0;
        for n in 0..10_000_u32 {
            let from = client([10, 0, (n % 50) as u8, (n % 250) as u8]);
            sent += usize::from(limits.message(from, &address(n), now).is_ok());
        }
        assert_eq!(sent, 200);
        let person = client([203, 0, 113, 9]);
        assert_eq!(limits.message(person, &address(1_000_000), now), Ok(()));
        assert!(limits.message(person, &address(1_000_001), now).is_err());
    }

    #[test]
    fn the_network_of_an_ipv6_client_is_what_a_customer_may_have() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2606:4700:1:2::"), of("2606:4700:1:ffff::"));
        assert_ne!(of("2606:4700:1:2::"), of("2606:4700:2:2::"));
    }

    #[test]
    fn names_below_a_registered_domain_are_counted_with_it() {
        let of = |text: &str| domain(&format!("a@{text}").parse().unwrap());
        for (name, registered) in [
            ("example.no", "example.no"),
            ("mail.a.b.example.no", "example.no"),
            ("elverum.kommune.no", "elverum.kommune.no"),
            ("post.elverum.kommune.no", "elverum.kommune.no"),
            ("a.example.co.uk", "example.co.uk"),
            ("x1.duckdns.org", "duckdns.org"),
            ("x2.y.duckdns.org", "duckdns.org"),
            ("shop.blogspot.com", "blogspot.com"),
            ("a.b.unknowntld", "b.unknowntld"),
        ] {
            assert_eq!(of(name), registered, "{name}");
        }
    }

    #[test]
    fn wildcard_names_of_one_domain_get_the_share_of_one_domain() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let mail = |n: u32| format!("a@x{n}.wild.example.org").parse().unwrap();
        let send = |n: u32| limits.message(client([10, 0, (n % 5) as u8, n as u8]), &mail(n), now);
        assert_eq!((0..200).filter(|n| send(*n).is_ok()).count(), 40);
        let confirm = |n: u32| {
            let from = client([10, (n % 250) as u8, 0, 1]);
            limits.confirm(from, &mail(n), None, now)
        };
        assert_eq!((0..200).filter(|n| confirm(*n).is_ok()).count(), 60);
    }

    #[test]
    fn one_network_confirms_its_share_whatever_its_addresses() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let confirm = |n: u32| limits.confirm(client([10, 0, 0, 1]), &address(n), None, now);
        assert_eq!((0..200).filter(|n| confirm(*n).is_ok()).count(), 60);
        let other = client([10, 0, 1, 1]);
        assert_eq!(limits.confirm(other, &address(900), None, now), Ok(()));
    }

    #[test]
    fn one_network_or_domain_reports_one_event_a_few_times_only() {
        let (limits, now) = (VisitorLimits::default(), DateTime::UNIX_EPOCH);
        let event = EventId::from(uuid::Uuid::nil());
        let report = |network: u8, email: &EmailAddress| {
            limits.confirm(client([10, 0, network, 1]), email, Some(&event), now)
        };
        let own = |n: u32| format!("a{n}@example.org").parse().unwrap();
        assert_eq!(
            (0..50).filter(|n| report(1, &address(*n)).is_ok()).count(),
            5
        );
        let of_domain = (0..50).filter(|n| report(100 + *n as u8, &own(*n)).is_ok());
        assert_eq!(of_domain.count(), 20);
        let of_address = (0..50).filter(|n| report(200 + *n, &address(1_000)).is_ok());
        assert_eq!(of_address.count(), 5);
        let other = EventId::from(uuid::Uuid::max());
        let again = limits.confirm(client([10, 0, 1, 1]), &address(1), Some(&other), now);
        assert_eq!(again, Ok(()));
    }
}
