//! Addresses that want to be told: webhooks of programs, subscribers of feeds.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::EventId;

/// A secret that two programs share. Never shown by `Debug`; where it is stored it has to be itself,
/// since messages are signed with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SharedSecret(pub String);

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

/// An address that is told of each change of an event (Standard Webhooks).
///
/// No message is kept: the store knows the commit that last changed each event, so the messages of a
/// webhook are the events that changed after the commit that it stands at, and those that wait for
/// another attempt. A commit is thus its own outbox entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its key.
    pub id: String,
    /// Where messages go.
    pub url: Url,
    /// What they are signed with: `whsec_…`.
    pub secret: SharedSecret,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Every change up to this commit was delivered or waits below.
    pub commit: u64,
    /// What waits for another attempt, the oldest first, at most one for each event.
    #[serde(default)]
    pub waiting: Vec<Delivery>,
    /// Why it gets nothing any more.
    #[serde(default)]
    pub disabled: Option<String>,
}

/// A message that was not taken yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The event that changed.
    pub event: EventId,
    /// The commit that changed it.
    pub commit: u64,
    /// The receiver knows of every change up to this commit, and so of the event as it was then.
    #[serde(default)]
    pub since: u64,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again; absent once it was given up.
    pub next: Option<DateTime<Utc>>,
    /// What the receiver or the network said last.
    pub error: String,
}

/// An address that a feed is sent to whenever it changes (W3C WebSub).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubSubscription {
    /// Its key: made of topic and callback.
    pub id: String,
    /// The feed, by its path and query on this site.
    pub topic: String,
    /// Where it goes.
    pub callback: Url,
    /// What it is signed with, if the subscriber wants that.
    #[serde(default)]
    pub secret: Option<SharedSecret>,
    /// Until when.
    pub expires: DateTime<Utc>,
    /// The entity tag of what it was sent last, or of the feed as it was when it was made.
    #[serde(default)]
    pub etag: Option<String>,
}
