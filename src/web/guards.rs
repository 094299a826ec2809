//! Request guards for programs with an access key.
//!
//! A key is sent as `Authorization: Bearer KEY` (RFC 6750). Without a valid key the response is 401, with a key of
//! another scope 403. Requests are rate-limited per key: 429 with `Retry-After`.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::catalog::Calendar;
use crate::ingest::access::{Verified, verify};
use calendar_domain::{AccessKey, KeyScope, PartnerId};

use super::blocking::blocking;
use super::metrics::{KeyRefusal, RefusedKeys};
use super::problem::{Problem, ProblemKind, Refusal};
use super::quota::Quota;

/// Requests with a key of the partner interface or of review, all of which may come at once.
const REQUESTS: u32 = 600;
/// Seconds in which they are available again.
const SECONDS: u32 = 30;

/// A request with the key of a partner.
#[derive(Debug, Clone)]
pub struct PartnerKey {
    /// The partner whose events the key may edit.
    pub partner: PartnerId,
}

/// A request with a key for review decisions.
pub struct Reviewer {
    /// Id of the key, recorded with each decision.
    pub key: String,
    /// The calendar to decide in.
    pub calendar: Arc<Calendar>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for PartnerKey {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let found = shown(request).await.and_then(|key| match key.scope {
            KeyScope::Partner(partner) => Ok(Self { partner }),
            KeyScope::Review | KeyScope::Read => Err(wrong_scope(request)?),
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
            KeyScope::Partner(_) | KeyScope::Read => Err(wrong_scope(request)?),
        });
        outcome(request, found)
    }
}

/// Returns the problem of a valid key of another scope, and counts the refusal.
fn wrong_scope(request: &Request<'_>) -> Result<Problem, Problem> {
    service::<RefusedKeys>(request)?.count(KeyRefusal::Scope);
    Ok(Problem::new(ProblemKind::KeyRefused))
}

/// Returns the outcome of a guard. An error is kept for the catcher.
pub(super) fn outcome<T>(request: &Request<'_>, found: Result<T, Problem>) -> Outcome<T, Problem> {
    match found {
        Ok(found) => Outcome::Success(found),
        Err(problem) => Outcome::Error(Refusal::keep(request, problem)),
    }
}

/// Returns a managed service.
pub(super) fn service<'r, T: Send + Sync + 'static>(
    request: &'r Request<'_>,
) -> Result<&'r T, Problem> {
    let known = request.rocket().state();
    known.ok_or_else(|| Problem::internal(&"a service is not managed"))
}

/// Returns the key of a request, if it is valid and under its rate limit.
async fn shown(request: &Request<'_>) -> Result<AccessKey, Problem> {
    let key = sent_key(request).await?;
    let now = service::<Arc<Calendar>>(request)?.clock().now();
    let bounds = service::<Bounds>(request)?;
    bounds.0.take(request, key.id.clone(), now)?;
    Ok(key)
}

/// Returns true if a request carries a key, valid or not.
pub(super) fn sends_key(request: &Request<'_>) -> bool {
    let header = request.headers().get_one("Authorization");
    let scheme = header.and_then(|header| header.split_whitespace().next());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

/// Returns the key of a request, if it is valid.
pub(super) async fn sent_key(request: &Request<'_>) -> Result<AccessKey, Problem> {
    let calendar = service::<Arc<Calendar>>(request)?;
    let needed = || Problem::new(ProblemKind::KeyNeeded);
    let header = request.headers().get_one("Authorization");
    let (scheme, key) = header
        .and_then(|header| header.trim().split_once(' '))
        .ok_or_else(needed)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(needed());
    }
    let refuse = |reason| {
        service::<RefusedKeys>(request)?.count(reason);
        Ok::<_, Problem>(needed())
    };
    let (asked, key) = (Arc::clone(calendar), key.trim().to_owned());
    match blocking(move || verify(&asked, &key)).await? {
        Verified::Valid(key) => Ok(key),
        Verified::Revoked => Err(refuse(KeyRefusal::Revoked)?),
        Verified::Unknown => Err(refuse(KeyRefusal::Unknown)?),
    }
}

/// Rate limits per key.
#[derive(Debug, Clone)]
pub struct Bounds(Arc<Quota<String>>);

impl Default for Bounds {
    fn default() -> Self {
        Self(Arc::new(Quota::new("key", REQUESTS, SECONDS)))
    }
}
