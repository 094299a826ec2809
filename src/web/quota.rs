//! Quotas of API requests, and the header fields that tell them.
//!
//! Each public read of the API takes from the quota of its client, or of its key if it has one. Responses carry
//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), and a refusal `Retry-After`. A process on
//! this machine is not limited, as for connections.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rocket::http::Header;
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Response};

use super::client::Client;
use super::guards::{self, service};
use super::problem::Problem;
use crate::catalog::Calendar;
use crate::config::LimitsConfig;
use crate::rate_limit::{Allowance, RateLimiter};

/// Seconds in which a used-up quota is full again.
const WINDOW: u32 = 60;

/// A number of requests per time for each key.
#[derive(Debug)]
pub struct Quota<K> {
    /// Name of the policy in header fields.
    name: &'static str,
    requests: u32,
    seconds: u32,
    limiter: RateLimiter<K>,
}

impl<K: Eq + Hash> Quota<K> {
    /// Returns a quota of `requests` in `seconds`, of which all may come at once.
    pub fn new(name: &'static str, requests: u32, seconds: u32) -> Self {
        let burst = f64::from(requests);
        Self {
            name,
            requests,
            seconds,
            limiter: RateLimiter::new(burst, burst / f64::from(seconds)),
        }
    }

    /// Takes one request from the quota of `key`.
    ///
    /// # Errors
    /// Returns the problem with the waiting time if the quota is used up.
    pub fn take(&self, request: &Request<'_>, key: K, now: DateTime<Utc>) -> Result<(), Problem> {
        let (taken, allowance) = self.limiter.take_counted(key, now);
        self.note(request, allowance);
        taken.map_err(Problem::too_many_requests)
    }

    /// Notes a full quota, from which nothing was taken.
    fn note_full(&self, request: &Request<'_>) {
        let full = Allowance {
            left: self.requests.into(),
            full_in: 0,
        };
        self.note(request, full);
    }

    fn note(&self, request: &Request<'_>, allowance: Allowance) {
        request.local_cache(|| {
            QuotaFields(Some([
                format!("\"{}\";q={};w={}", self.name, self.requests, self.seconds),
                format!(
                    "\"{}\";r={};t={}",
                    self.name, allowance.left, allowance.full_in
                ),
            ]))
        });
    }
}

/// The values of `RateLimit-Policy` and `RateLimit` of a response, if its request was counted.
#[derive(Default)]
struct QuotaFields(Option<[String; 2]>);

/// Sets the header fields of a request that was counted.
pub(super) fn set_fields(request: &Request<'_>, response: &mut Response<'_>) {
    if let QuotaFields(Some([policy, state])) = request.local_cache(QuotaFields::default) {
        response.set_header(Header::new("RateLimit-Policy", policy.clone()));
        response.set_header(Header::new("RateLimit", state.clone()));
    }
}

/// The quotas of public reads; `None` if they are not limited.
#[derive(Debug, Clone)]
pub struct ReadQuotas {
    by_client: Option<Arc<Quota<IpAddr>>>,
    by_key: Option<Arc<Quota<String>>>,
}

impl ReadQuotas {
    /// Returns the quotas of the settings.
    pub fn new(limits: &LimitsConfig) -> Self {
        let (by_client, by_key) = (
            limits.api_requests_a_minute,
            limits.api_requests_a_minute_with_key,
        );
        Self {
            by_client: (by_client > 0).then(|| Arc::new(Quota::new("client", by_client, WINDOW))),
            by_key: (by_key > 0).then(|| Arc::new(Quota::new("key", by_key, WINDOW))),
        }
    }

    fn take_of_client(&self, request: &Request<'_>, now: DateTime<Utc>) -> Result<(), Problem> {
        let Some(quota) = &self.by_client else {
            return Ok(());
        };
        let client = Client::new(request);
        if client.is_local {
            quota.note_full(request);
            return Ok(());
        }
        quota.take(request, client.prefix, now)
    }
}

/// Request guard of public reads: the request is within its quota.
///
/// Any valid key has the quota of keys. A request with an invalid one is taken from the quota of its client, so that
/// guessing keys is limited.
pub struct ReadQuota;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ReadQuota {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        guards::outcome(request, counted(request).await.map(|()| Self))
    }
}

async fn counted(request: &Request<'_>) -> Result<(), Problem> {
    let quotas = service::<ReadQuotas>(request)?;
    let now = service::<Arc<Calendar>>(request)?.clock().now();
    if !request.headers().contains("Authorization") {
        return quotas.take_of_client(request, now);
    }
    match guards::sent_key(request).await {
        Ok(key) => match &quotas.by_key {
            Some(quota) => quota.take(request, key.id, now),
            None => Ok(()),
        },
        Err(problem) => Err(quotas.take_of_client(request, now).err().unwrap_or(problem)),
    }
}
