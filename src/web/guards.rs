//! Who may do what: request guards for programs with a key.
//!
//! A key comes as `Authorization: Bearer KEY` (RFC 6750). Without a valid one the answer is 401, with
//! one that opens something else 403. Each key may ask so much in a time: 429 with `Retry-After` after
//! that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use rocket::tokio::task::spawn_blocking;

use crate::catalog::Calendar;
use crate::domain::{AccessKey, KeyScope, PartnerId};
use crate::sync::access::{Verified, verify};

use super::metrics::{KeyRefusal, RefusedKeys};
use super::problem::{Kind, Problem, Refusal};

/// How many requests a key may make at once.
const BURST: f64 = 600.0;
/// How many more it may make with each second.
const EACH_SECOND: f64 = 20.0;
/// How many keys are remembered; more than ever are in use.
const MOST_KEYS: usize = 10_000;

/// A program of a partner.
#[derive(Debug, Clone)]
pub struct PartnerKey {
    /// Whose events it looks after.
    pub partner: PartnerId,
}

/// A program that may decide what runs have left open, and the calendar that it decides in.
pub struct Reviewer {
    /// The key's id, to stand beside each decision.
    pub key: String,
    /// Where what is open stands.
    pub calendar: Arc<Calendar>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PartnerKey {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let found = shown(request).await.and_then(|key| match key.scope {
            KeyScope::Partner(partner) => Ok(Self { partner }),
            KeyScope::Review => Err(wrong_scope(request)?),
        });
        outcome(request, found)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Reviewer {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let found = shown(request).await.and_then(|key| match key.scope {
            KeyScope::Review => Ok(Self {
                key: key.id,
                calendar: Arc::clone(service(request)?),
            }),
            KeyScope::Partner(_) => Err(wrong_scope(request)?),
        });
        outcome(request, found)
    }
}

/// A valid key that opens something else.
fn wrong_scope(request: &Request<'_>) -> Result<Problem, Problem> {
    service::<RefusedKeys>(request)?.count(KeyRefusal::Scope);
    Ok(Problem::new(Kind::KeyRefused))
}

fn outcome<T>(request: &Request<'_>, found: Result<T, Problem>) -> Outcome<T, Problem> {
    match found {
        Ok(found) => Outcome::Success(found),
        Err(problem) => Outcome::Error(Refusal::keep(request, problem)),
    }
}

/// What the server was built with.
fn service<'r, T: Send + Sync + 'static>(request: &'r Request<'_>) -> Result<&'r T, Problem> {
    let known = request.rocket().state();
    known.ok_or_else(|| Problem::internal(&"a service is not managed"))
}

/// The key that a request shows, where it is valid and not over its bound.
async fn shown(request: &Request<'_>) -> Result<AccessKey, Problem> {
    let (calendar, bounds) = (
        service::<Arc<Calendar>>(request)?,
        service::<Bounds>(request)?,
    );
    let needed = || Problem::new(Kind::KeyNeeded);
    let header = request.headers().get_one("Authorization");
    let (scheme, key) = header
        .and_then(|it| it.trim().split_once(' '))
        .ok_or_else(needed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(needed());
    }
    let refuse = |reason| {
        service::<RefusedKeys>(request)?.count(reason);
        Ok::<_, Problem>(needed())
    };
    let (asked, key) = (Arc::clone(calendar), key.trim().to_owned());
    let verified = spawn_blocking(move || verify(&asked, &key)).await;
    let verified = verified.map_err(|error| Problem::internal(&error))??;
    let key = match verified {
        Verified::Valid(key) => key,
        Verified::Revoked => return Err(refuse(KeyRefusal::Revoked)?),
        Verified::Unknown => return Err(refuse(KeyRefusal::Unknown)?),
    };
    match bounds.take(&key.id, calendar.clock().now()) {
        None => Ok(key),
        Some(seconds) => Err(Problem {
            retry_after: Some(seconds),
            ..Problem::new(Kind::TooManyRequests)
        }),
    }
}

/// How much each key has asked lately.
#[derive(Debug, Default)]
pub struct Bounds(Mutex<HashMap<String, Bucket>>);

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

impl Bounds {
    /// Counts a request. `None`, or after how many seconds there is room for one.
    fn take(&self, key: &str, now: DateTime<Utc>) -> Option<i64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_KEYS {
            buckets.clear();
        }
        let bucket = buckets.entry(key.to_owned()).or_insert(Bucket {
            left: BURST,
            at: now,
        });
        let passed = (now - bucket.at).as_seconds_f64().max(0.0);
        bucket.left = (bucket.left + passed * EACH_SECOND).min(BURST);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return None;
        }
        Some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn who_asks_too_much_waits_and_others_do_not() {
        let bounds = Bounds::default();
        let now = DateTime::UNIX_EPOCH;
        let taken = (0..1_000).filter(|_| bounds.take("a", now).is_none());
        assert_eq!(taken.count(), 600);
        assert_eq!(bounds.take("a", now), Some(1));
        assert_eq!(bounds.take("b", now), None);
        let later = now + TimeDelta::seconds(1);
        let taken = (0..100).filter(|_| bounds.take("a", later).is_none());
        assert_eq!(taken.count(), 20);
        // A clock that goes back gives nothing and takes nothing.
        assert_eq!(bounds.take("a", now), Some(1));
    }
}
