//! Who may do what: request guards for programs with a key.
//!
//! A key comes as `Authorization: Bearer KEY` (RFC 6750). Without a valid one the answer is 401, with
//! one that opens something else 403. Each key may ask so much in a time: 429 with `Retry-After` after
//! that.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use rocket::tokio::task::spawn_blocking;

use crate::catalog::Calendar;
use crate::ingest::access::{Verified, verify};
use calendar_domain::{AccessKey, KeyScope, PartnerId};

use super::metrics::{KeyRefusal, RefusedKeys};
use super::problem::{Kind, Problem, Refusal};
use super::rate_limit::RateLimiter;

/// How many requests a key may make at once.
const BURST: f64 = 600.0;
/// How many more it may make with each second.
const EACH_SECOND: f64 = 20.0;

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
    match bounds.0.take(key.id.clone(), calendar.clock().now()) {
        Ok(()) => Ok(key),
        Err(seconds) => Err(Problem::too_many_requests(seconds)),
    }
}

/// How much each key has asked lately.
#[derive(Debug, Clone)]
pub struct Bounds(Arc<RateLimiter<String>>);

impl Default for Bounds {
    fn default() -> Self {
        Self(Arc::new(RateLimiter::new(BURST, EACH_SECOND)))
    }
}
