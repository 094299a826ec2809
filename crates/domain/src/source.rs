//! Where an event came from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PartnerId;

/// One origin of an event: the partner, and what the event is called there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who gave it.
    pub partner: PartnerId,
    /// What identifies it at the partner's, such as the `UID` of an iCalendar file.
    pub origin_id: String,
    /// Where it can be read, or the name of the file it stood in.
    #[serde(default)]
    pub url: Option<String>,
    /// When it was fetched last with a content that differed.
    pub fetched_at: DateTime<Utc>,
    /// SHA-256 over what was read, in hexadecimal, leaving out what changes by itself (DTSTAMP).
    pub content_hash: String,
    /// Whether the partner has it from somebody else, as another calendar of this kind may: the word of
    /// whoever has it first-hand counts more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secondhand: bool,
}
