//! Keys with which programs write here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PartnerId;

/// A key, known here by its hash alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// The public half of the key, by which it is found and revoked.
    pub id: String,
    /// SHA-256 of the secret half, in hexadecimal. The secret is 32 random bytes, so that a slow hash
    /// would add nothing.
    pub hash: String,
    /// What it opens.
    pub scope: KeyScope,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it was revoked.
    #[serde(default)]
    pub revoked: Option<DateTime<Utc>>,
}

/// What a key opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// The partner interface, for the events of one partner.
    Partner(PartnerId),
    /// Deciding what runs have left open.
    Review,
}
