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
    /// The way that it came last.
    #[serde(default, skip_serializing_if = "Channel::is_feed")]
    pub channel: Channel,
}

/// The way that an event comes from a partner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// It was fetched from the partner, and is withdrawn when the partner no longer lists it.
    #[default]
    Feed,
    /// It was sent to the partner interface, or stood in a file that somebody imported: the partner's feed need not
    /// have it.
    Sent,
}

impl Channel {
    /// Returns true for [`Channel::Feed`].
    #[must_use]
    pub fn is_feed(&self) -> bool {
        *self == Self::Feed
    }
}
