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
    /// Where it stands.
    #[serde(flatten)]
    pub progress: Progress,
}

/// Where a receiver of changes stands. It is stored among the fields of its receiver's own record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Every change up to this commit was delivered or waits.
    pub commit: u64,
    /// What waits for another attempt or was given up, at most one message for each event.
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
    /// The store's generation in which that was sent; absent where a program noted it that knew none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// The network prefix of the client that asked for it: each has only a share of the places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json, to_value};

    use super::super::Pushing;
    use super::*;

    /// Of each receiver, all that was ever written about where it stands.
    fn stored() -> (Value, Value) {
        let waiting = json!([
            {"event": "a-2027", "commit": 9, "since": 6, "attempts": 2, "next": "2027-03-01T12:00:00Z",
                "error": "«500»\n"},
            {"event": "b-2027", "commit": 8, "since": 0, "attempts": 10, "next": null, "error": ""},
        ]);
        let webhook = json!({
            "id": "w", "url": "https://example.org/hook", "secret": "whsec_c2VjcmV0",
            "created": "2027-02-01T12:00:00Z", "commit": u64::MAX, "waiting": waiting, "disabled": "410",
        });
        let pushing = json!({
            "id": "p-1", "partner": "p", "commit": u64::MAX, "waiting": waiting, "day": "2027-03-01",
            "disabled": null,
        });
        (webhook, pushing)
    }

    #[test]
    fn where_a_receiver_stands_is_stored_among_its_own_fields() {
        let (webhook, pushing) = stored();
        let read: Webhook = from_value(webhook.clone()).unwrap();
        assert_eq!(read.progress.waiting[0].attempts, 2);
        assert_eq!(read.progress.disabled.as_deref(), Some("410"));
        assert_eq!(to_value(&read).unwrap(), webhook);
        let read: Pushing = from_value(pushing.clone()).unwrap();
        assert_eq!(read.progress.commit, u64::MAX);
        assert_eq!(to_value(&read).unwrap(), pushing);
        // From text as from a store: what is flattened is read by another way than what is not.
        let text = serde_json::to_string(&pushing).unwrap();
        assert_eq!(serde_json::from_str::<Pushing>(&text).unwrap(), read);
    }

    #[test]
    fn a_receiver_stored_with_nothing_but_its_commit_waits_for_nothing() {
        let (mut webhook, mut pushing) = stored();
        for record in [&mut webhook, &mut pushing] {
            let fields = record.as_object_mut().unwrap();
            fields.retain(|name, _| !["waiting", "disabled", "day"].contains(&name.as_str()));
        }
        let standing = Progress {
            commit: u64::MAX,
            waiting: Vec::new(),
            disabled: None,
        };
        let webhook: Webhook = from_value(webhook).unwrap();
        let pushing: Pushing = from_value(pushing).unwrap();
        assert_eq!((webhook.progress, pushing.day), (standing.clone(), None));
        assert_eq!(pushing.progress, standing);
    }
}
