//! Quotas of API requests, and the header fields that tell them.
//!
//! Responses carry `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), and a refusal `Retry-After`.

use std::hash::Hash;

use chrono::{DateTime, Utc};
use rocket::http::Header;
use rocket::{Request, Response};

use super::problem::Problem;
use crate::rate_limit::{Allowance, RateLimiter};

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
    pub fn note_full(&self, request: &Request<'_>) {
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
