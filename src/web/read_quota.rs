//! The quotas of public reads of the API.
//!
//! Each read takes from the quota of its client, or of its key if it has one. A process on this machine is not limited, as
//! for connections.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use super::client::Client;
use super::guards::{self, service};
use super::problem::Problem;
use super::quota::Quota;
use crate::catalog::Calendar;
use crate::config::LimitsConfig;

/// Seconds in which a used-up quota is full again.
const WINDOW: u32 = 60;

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
/// guessing keys is limited. Other schemes of `Authorization` are meant for a proxy in front of this server, and are
/// ignored.
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
    if !guards::sends_key(request) {
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
