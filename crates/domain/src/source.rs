//! The origin of an event.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::PartnerId;

/// One origin of an event: the partner and the identifier there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The partner.
    pub partner: PartnerId,
    /// Identifier at the partner, such as the `UID` of an iCalendar file.
    pub origin_id: String,
    /// Address of the event, or the name of the file that contained it.
    #[serde(default)]
    pub url: Option<String>,
    /// Time at which changed content was last fetched.
    pub fetched_at: DateTime<Utc>,
    /// SHA-256 of the content in hexadecimal, without properties that change on their own
    /// (`DTSTAMP`).
    pub content_hash: String,
    /// Whether the partner republishes the event of another publisher. Firsthand sources take
    /// precedence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secondhand: bool,
}
