//! Identities at OpenID providers that no account has yet. They wait for the person to prove a mail address with a code; the
//! address decides which account gets them.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use calendar_store::{EphemeralEntry, EphemeralTable};

use super::codes::ephemeral;
use super::error::LoginError;
use super::provider_login::ProviderLogin;
use super::secret::Secret;

const TABLE: EphemeralTable = EphemeralTable::SignIns;
const PREFIX: &str = "link/";
/// Minutes for which an identity waits. A code that is requested at the end is valid no longer than this.
pub const LINK_MINUTES: i64 = 45;

/// An identity that waits, for the browser that has its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PendingLink {
    /// The identity.
    pub(super) login: ProviderLogin,
    /// The page to show after signing in.
    pub next: Option<String>,
}

impl PendingLink {
    /// Returns the id of the provider.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.login.provider
    }
}

pub(super) fn key(secret: &Secret) -> String {
    format!("{PREFIX}{}", secret.key())
}

/// Keeps an identity for a browser. Returns the secret for its cookie.
pub(super) fn create(calendar: &Calendar, link: &PendingLink) -> Result<Secret, LoginError> {
    let secret = Secret::new()?;
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: serde_json::to_vec(link)?,
        expires: now + TimeDelta::minutes(LINK_MINUTES),
    };
    ephemeral(calendar)?.put(TABLE, &key(&secret), now, &entry)?;
    Ok(secret)
}

/// Returns the identity that waits in a browser.
pub(super) fn find(
    calendar: &Calendar,
    secret: &Secret,
) -> Result<Option<PendingLink>, LoginError> {
    let now = calendar.clock().now();
    let found = ephemeral(calendar)?.get(TABLE, &key(secret), now)?;
    Ok(found
        .map(|entry| serde_json::from_slice(&entry.value))
        .transpose()?)
}

/// Removes the identities that wait and that a provider means when it ends its session `sid`, or all of the person `sub`.
pub(super) fn end_of_provider(
    calendar: &Calendar,
    provider: &str,
    sub: Option<&str>,
    sid: Option<&str>,
) -> Result<(), LoginError> {
    let (kept, now) = (ephemeral(calendar)?, calendar.clock().now());
    for (key, entry) in kept.list(TABLE, PREFIX, now)? {
        let link: PendingLink = serde_json::from_slice(&entry.value)?;
        if link.login.is_ended_by(provider, sub, sid) {
            kept.remove(TABLE, &key, now)?;
        }
    }
    Ok(kept.flush()?)
}

/// Uses the identity under a key up.
pub(super) fn take(calendar: &Calendar, key: &str) -> Result<Option<ProviderLogin>, LoginError> {
    let now = calendar.clock().now();
    let Some(taken) = ephemeral(calendar)?.remove(TABLE, key, now)? else {
        return Ok(None);
    };
    let link: PendingLink = serde_json::from_slice(&taken.value)?;
    Ok(Some(link.login))
}
