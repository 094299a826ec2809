//! What one client and one callback host may use of the hub, so that others find room.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rocket::tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::{Host, Url};

use crate::web::client::client_prefix;
use crate::web::rate_limit::RateLimiter;
use calendar_domain::HubSubscription;

/// The number of requests that one party may make, and be asked about, at once.
const BURST: f64 = 120.0;
/// How many more with each second: one in half a minute.
const PER_SECOND: f64 = 1.0 / 30.0;

/// Whoever may have only a share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Party {
    /// The client that asked, by its network prefix.
    Client(String),
    /// The host that is sent to: its name, or the network prefix of its address.
    Host(String),
}

impl Party {
    /// Returns the client with a prefix.
    pub fn client(prefix: IpAddr) -> Self {
        Self::Client(prefix.to_string())
    }

    /// Returns the host of a callback, whatever its port.
    pub fn host(callback: &Url) -> Self {
        Self::Host(match callback.host() {
            Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
            Some(Host::Ipv4(address)) => client_prefix(address.into()).to_string(),
            Some(Host::Ipv6(address)) => client_prefix(address.into()).to_string(),
            None => String::new(),
        })
    }

    /// Returns true if a subscription is counted for it.
    fn has(&self, subscription: &HubSubscription) -> bool {
        match self {
            Self::Client(client) => subscription.client.as_ref() == Some(client),
            Self::Host(_) => *self == Self::host(&subscription.callback),
        }
    }
}

/// Returns true if one more subscription takes all places, or one of the parties beyond its share. A renewal
/// takes none.
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

/// Bounds how often parties ask.
#[derive(Debug)]
pub struct Requests(RateLimiter<Party>);

impl Requests {
    /// Nobody has asked.
    pub fn new() -> Self {
        Self(RateLimiter::new(BURST, PER_SECOND))
    }

    /// Counts a request for each of these.
    ///
    /// # Errors
    /// Where one has asked too often: after how many seconds it may again.
    pub fn take(&self, parties: &[Party], now: DateTime<Utc>) -> Result<(), i64> {
        let mut taken = parties.iter().map(|it| self.0.take(it.clone(), now));
        taken.find(Result::is_err).unwrap_or(Ok(()))
    }
}

/// Turns to talk with subscribers: some in all, fewer for each party.
#[derive(Debug)]
pub struct Turns {
    all: Arc<Semaphore>,
    each: usize,
    parties: Mutex<HashMap<Party, Arc<Semaphore>>>,
}

/// A turn, until dropped.
#[must_use]
pub struct Turn {
    _permits: Vec<OwnedSemaphorePermit>,
}

impl Turns {
    /// So many at once in all, and of each party.
    pub fn new(all: usize, each: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            each,
            parties: Mutex::default(),
        }
    }

    /// Takes a turn that there is now.
    pub fn try_take(&self, parties: &[Party]) -> Option<Turn> {
        let semaphores = self.semaphores(parties).into_iter();
        let permits: Option<Vec<_>> = semaphores.map(|it| it.try_acquire_owned().ok()).collect();
        permits.map(|_permits| Turn { _permits })
    }

    /// Waits for a turn. `None` where there will be none, which does not happen.
    pub async fn take(&self, parties: &[Party]) -> Option<Turn> {
        let mut permits = Vec::new();
        // A party's own comes first: while it waits for that, it keeps no turn from others.
        for semaphore in self.semaphores(parties) {
            permits.push(semaphore.acquire_owned().await.ok()?);
        }
        Some(Turn { _permits: permits })
    }

    fn semaphores(&self, parties: &[Party]) -> Vec<Arc<Semaphore>> {
        let mut known = self.parties.lock().unwrap_or_else(PoisonError::into_inner);
        // Whose turns are all free is forgotten. Who waits or has one holds the semaphore too.
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
        let turns = Turns::new(3, 2);
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
