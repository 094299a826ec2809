//! Limits per client and callback host, so that none exhausts the hub.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rocket::tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::{Host, Url};

use crate::rate_limit::RateLimiter;
use crate::web::client::client_prefix;
use calendar_domain::HubSubscription;

/// Maximum burst of requests per party.
const BURST: f64 = 120.0;
/// Refill per second: one request in half a minute.
const PER_SECOND: f64 = 1.0 / 30.0;

/// A party whose use is limited.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Party {
    /// The client that sent the request, by its network prefix.
    Client(String),
    /// The callback host: its name, or the network prefix of its address.
    Host(String),
}

impl Party {
    /// Returns the client with a prefix.
    pub fn client(prefix: IpAddr) -> Self {
        Self::Client(prefix.to_string())
    }

    /// Returns the host of a callback, without its port.
    pub fn host(callback: &Url) -> Self {
        Self::Host(match callback.host() {
            Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
            Some(Host::Ipv4(address)) => client_prefix(address.into()).to_string(),
            Some(Host::Ipv6(address)) => client_prefix(address.into()).to_string(),
            None => String::new(),
        })
    }

    /// Returns true if a subscription counts towards this party.
    fn has(&self, subscription: &HubSubscription) -> bool {
        match self {
            Self::Client(client) => subscription.client.as_ref() == Some(client),
            Self::Host(_) => *self == Self::host(&subscription.callback),
        }
    }
}

/// Returns true if one more subscription would exceed the total, or the share of one of the parties. A renewal never
/// does.
pub fn is_full<'a>(
    id: &str,
    parties: &[Party],
    known: impl Iterator<Item = &'a HubSubscription>,
    in_all: usize,
    each: usize,
) -> bool {
    let (mut all, mut counts) = (0, vec![0; parties.len()]);
    for subscription in known {
        if subscription.id == id {
            return false;
        }
        all += 1;
        for (party, count) in parties.iter().zip(&mut counts) {
            *count += usize::from(party.has(subscription));
        }
    }
    all >= in_all || counts.into_iter().any(|count| count >= each)
}

/// Rate limit of requests per party.
#[derive(Debug)]
pub struct Requests(RateLimiter<Party>);

impl Requests {
    /// Returns a limit with full buckets.
    pub fn new() -> Self {
        Self(RateLimiter::new(BURST, PER_SECOND))
    }

    /// Counts a request for each party.
    ///
    /// # Errors
    /// Returns the seconds until a retry if one party exceeds its limit.
    pub fn take(&self, parties: &[Party], now: DateTime<Utc>) -> Result<(), i64> {
        let mut taken = parties.iter().map(|party| self.0.take(party.clone(), now));
        taken.find(Result::is_err).unwrap_or(Ok(()))
    }
}

/// Limits of concurrent exchanges with subscribers: in total, and per party.
#[derive(Debug)]
pub struct DeliverySlots {
    all: Arc<Semaphore>,
    each: usize,
    parties: Mutex<HashMap<Party, Arc<Semaphore>>>,
}

/// A permit, released on drop.
#[must_use]
pub struct Turn {
    _permits: Vec<OwnedSemaphorePermit>,
}

impl DeliverySlots {
    /// Returns the limits: `all` in total, and `each` per party.
    pub fn new(all: usize, each: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            each,
            parties: Mutex::default(),
        }
    }

    /// Takes a permit if one is available now.
    pub fn try_take(&self, parties: &[Party]) -> Option<Turn> {
        let semaphores = self.semaphores(parties).into_iter();
        let permits: Option<Vec<_>> = semaphores
            .map(|semaphore| semaphore.try_acquire_owned().ok())
            .collect();
        permits.map(|_permits| Turn { _permits })
    }

    /// Waits for a permit. Infallible: the semaphores are never closed.
    pub async fn take(&self, parties: &[Party]) -> Option<Turn> {
        let mut permits = Vec::new();
        // The party's own permits first, so that waiting for them blocks no other party.
        for semaphore in self.semaphores(parties) {
            permits.push(semaphore.acquire_owned().await.ok()?);
        }
        Some(Turn { _permits: permits })
    }

    fn semaphores(&self, parties: &[Party]) -> Vec<Arc<Semaphore>> {
        let mut known = self.parties.lock().unwrap_or_else(PoisonError::into_inner);
        // Drops unused semaphores. Holders and waiters keep a reference.
        known.retain(|_, semaphore| {
            Arc::strong_count(semaphore) > 1 || semaphore.available_permits() < self.each
        });
        let of = |party: &Party| {
            let semaphore = known.entry(party.clone());
            Arc::clone(semaphore.or_insert_with(|| Arc::new(Semaphore::new(self.each))))
        };
        let mut semaphores: Vec<_> = parties.iter().map(of).collect();
        semaphores.push(Arc::clone(&self.all));
        semaphores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(client: &str, callback: &str) -> HubSubscription {
        HubSubscription {
            id: format!("{client} {callback}"),
            topic: "/feeds/all.ics".into(),
            callback: callback.parse().unwrap(),
            secret: None,
            expires: DateTime::UNIX_EPOCH,
            etag: None,
            generation: None,
            client: Some(client.into()),
        }
    }

    #[test]
    fn a_share_is_counted_by_client_and_by_host_and_a_renewal_takes_no_place() {
        let known = [
            subscription("a", "https://one.example/1"),
            subscription("b", "https://one.example:8443/2"),
            subscription("a", "https://two.example/3"),
        ];
        let full = |client: &str, callback: &str, in_all, each| {
            let new = subscription(client, callback);
            let client = Party::Client(client.into());
            let parties = [client, Party::host(&new.callback)];
            is_full(&new.id, &parties, known.iter(), in_all, each)
        };
        assert!(full("a", "https://three.example/", 10, 2));
        assert!(full("c", "https://one.example./", 10, 2));
        assert!(!full("c", "https://two.example/", 10, 2));
        assert!(full("c", "https://two.example/", 3, 2));
        assert!(!full("a", "https://one.example/1", 3, 2));
    }

    #[test]
    fn parties_have_turns_of_their_own_within_those_of_all() {
        let turns = DeliverySlots::new(3, 2);
        let party = |name: &str| [Party::Host(name.into())];
        let held = [turns.try_take(&party("a")), turns.try_take(&party("a"))];
        assert!(held.iter().all(Option::is_some));
        assert!(turns.try_take(&party("a")).is_none());
        let other = turns.try_take(&party("b"));
        assert!(other.is_some() && turns.try_take(&party("c")).is_none());
        drop(other);
        assert!(turns.try_take(&party("c")).is_some());
        drop(held);
        assert!(turns.try_take(&party("a")).is_some());
        assert!(turns.parties.lock().unwrap().len() <= 2);
    }
}
