//! Receivers of changes: webhooks of programs, WebSub subscriptions to feeds.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::EventId;

/// A secret shared by two programs. `Debug` does not show it; the store contains it in plain text,
/// since messages are signed with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SharedSecret(pub String);

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

/// An address that receives each change of an event (Standard Webhooks).
///
/// No message is stored. The store knows the commit that last changed each event, so the pending
/// messages are the events changed after [`Progress::commit`] and those waiting for a retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Key.
    pub id: String,
    /// Address of the receiver.
    pub url: Url,
    /// Secret for the signatures: `whsec_…`.
    pub secret: SharedSecret,
    /// Time of creation.
    pub created: DateTime<Utc>,
    /// Progress of the deliveries.
    #[serde(flatten)]
    pub progress: Progress,
}

/// Progress of a receiver of changes, stored within the receiver's own record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Every change up to this commit was delivered or waits for a retry.
    pub commit: u64,
    /// Messages waiting for a retry or abandoned, at most one for each event.
    #[serde(default)]
    pub waiting: Vec<Delivery>,
    /// Why it is disabled.
    #[serde(default)]
    pub disabled: Option<String>,
}

/// A message that was not accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The event that changed.
    pub event: EventId,
    /// The commit that changed it.
    pub commit: u64,
    /// The receiver has every change up to this commit, and therefore this state of the event.
    #[serde(default)]
    pub since: u64,
    /// Number of attempts.
    pub attempts: u32,
    /// Time of the next attempt; absent if the message is abandoned.
    pub next: Option<DateTime<Utc>>,
    /// Last error of the receiver or the network.
    pub error: String,
}

/// An address that receives a feed whenever it changes (W3C WebSub).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubSubscription {
    /// Key, derived from topic and callback.
    pub id: String,
    /// Path and query of the feed on this site.
    pub topic: String,
    /// Address of the subscriber.
    pub callback: Url,
    /// Secret for the signatures, if the subscriber set one.
    #[serde(default)]
    pub secret: Option<SharedSecret>,
    /// End of the lease.
    pub expires: DateTime<Utc>,
    /// Entity tag of the content sent last, or of the feed at the time of the subscription.
    #[serde(default)]
    pub etag: Option<String>,
    /// The store generation in which it was sent; absent in records of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// Network prefix of the subscribing client. The number of subscriptions per prefix is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json, to_value};

    use super::super::Pushing;
    use super::*;

    /// Every serialized form of the progress of each receiver so far.
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
        // Read from text, as a store does: flattened fields are deserialized differently.
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
