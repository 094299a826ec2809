//! Access keys of programs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PartnerId;

/// An access key, of which only the hash is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// The public part of the key, used for lookup and revocation.
    pub id: String,
    /// SHA-256 of the secret part, in hexadecimal. The secret is 32 random bytes, so a slow hash
    /// would add nothing.
    pub hash: String,
    /// What the key permits.
    pub scope: KeyScope,
    /// Time of creation.
    pub created: DateTime<Utc>,
    /// Time of revocation.
    #[serde(default)]
    pub revoked: Option<DateTime<Utc>>,
}

/// What an access key permits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// The partner API, for the events of one partner.
    Partner(PartnerId),
    /// Review: decisions on open suggestions.
    Review,
    /// Reading the public API at a higher rate.
    Read,
}
