//! Subscriptions to feeds (W3C WebSub): storage, verification and content distribution.

use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use hmac::{Hmac, Mac};
use reqwest::header::{HeaderName, HeaderValue, LINK};
use reqwest::{Method, StatusCode};
use rocket::tokio::time::timeout;
use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::Calendar;
use calendar_domain::{HubSubscription, RecordKey, RecordKind};
use calendar_store::{Author, Change, Revision, Store, StoreError, records};

use crate::http::{Fetcher, Outgoing};

/// Timeout for the response to a content distribution.
const PATIENCE: Duration = Duration::from_secs(20);
/// Timeout for the verification of a subscription.
const CONFIRMATION: Duration = Duration::from_secs(10);
/// Maximum number of bytes read of a response.
const ANSWER: u64 = 64 << 10;

/// Returns the key of a subscription, derived from its feed and callback.
#[must_use]
pub fn id(topic: &str, callback: &Url) -> String {
    let digest = Sha256::digest(format!("{topic}\n{callback}"));
    hex::encode(&digest[..16])
}

/// Returns every subscription with its revision, including expired ones.
///
/// # Errors
/// Errors if the store can't be read.
pub fn list(calendar: &Calendar) -> Result<Vec<(HubSubscription, Revision)>, StoreError> {
    records::every(calendar)
}

/// Returns the subscription with this key.
///
/// # Errors
/// Errors if the store can't be read.
pub fn one(calendar: &Calendar, id: &str) -> Result<Option<HubSubscription>, StoreError> {
    let found = records::one(calendar, id)?;
    Ok(found.map(|(subscription, _)| subscription))
}

/// Returns true if the record states what the subscriber has received. After a restore the subscriber may
/// have received something later.
#[must_use]
pub fn is_known(calendar: &Calendar, subscription: &HubSubscription) -> bool {
    let generation = calendar.generation();
    match &subscription.generation {
        Some(noted_in) => noted_in.parse() == Ok(generation.id),
        None => generation.restored_at.is_none(),
    }
}

/// Stores a subscription, replacing one with the same feed and callback.
///
/// # Errors
/// Errors if the store rejects the commit.
pub fn keep(calendar: &Calendar, subscription: HubSubscription) -> Result<(), StoreError> {
    let change = Change::put(subscription.into());
    commit(calendar, "added a subscription", change)
}

/// Stores what was sent.
///
/// # Errors
/// Returns [`StoreError::Conflict`] if the subscription has changed, for example by a new subscription. Also
/// errors if the store rejects the commit.
pub fn note(
    calendar: &Calendar,
    subscription: HubSubscription,
    revision: Revision,
) -> Result<(), StoreError> {
    let change = Change::update(subscription.into(), revision);
    commit(calendar, "sent a feed to a subscriber", change)
}

/// Removes a subscription, if it exists.
///
/// # Errors
/// Errors if the store rejects the commit.
pub fn end(calendar: &Calendar, id: &str) -> Result<(), StoreError> {
    let Some((known, revision)) = records::one::<HubSubscription>(calendar, id)? else {
        return Ok(());
    };
    let key = RecordKey::new(RecordKind::HubSubscription, known.id.as_str());
    let change = Change::remove(key, revision);
    match commit(calendar, "ended a subscription", change) {
        // Renewed, or removed by another request.
        Err(StoreError::Conflict { .. }) => Ok(()),
        outcome => outcome,
    }
}

fn commit(calendar: &Calendar, note: &str, change: Change) -> Result<(), StoreError> {
    calendar.write(Author::System, note, vec![change])
}

/// Verifies the intent of a subscriber (WebSub section 5.3). Returns true if the callback returns the
/// challenge.
pub async fn confirms(
    fetcher: &Fetcher,
    callback: &Url,
    question: &[(&str, &str)],
    challenge: &str,
) -> bool {
    let mut url = callback.clone();
    url.query_pairs_mut().extend_pairs(question);
    let outgoing = Outgoing {
        follow: false,
        ..Outgoing::get(&url, "*/*")
    };
    match timeout(CONFIRMATION, fetcher.apart(ANSWER).send(&outgoing)).await {
        Ok(Ok(answer)) => answer.status.is_success() && answer.bytes == challenge.as_bytes(),
        Ok(Err(error)) => {
            tracing::info!(%error, "a subscriber did not confirm");
            false
        }
        Err(_) => false,
    }
}

/// A feed as it is distributed.
#[derive(Debug, Clone)]
pub struct FeedContent {
    /// The body.
    pub bytes: Bytes,
    /// The media type.
    pub media_type: &'static str,
    /// The `Link` header: hub and self.
    pub link: String,
}

/// The outcome of a content distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// The subscriber accepted it.
    Taken,
    /// The subscriber no longer exists.
    Gone,
    /// It failed: the reason, and the time to wait if the subscriber states it.
    Failed(String, Option<Duration>),
}

/// Sends a feed to a subscriber (WebSub section 7).
pub async fn send(fetcher: &Fetcher, to: &HubSubscription, content: &FeedContent) -> Came {
    let body = content.bytes.clone();
    let mut outgoing = Outgoing::carrying(Method::POST, &to.callback, content.media_type, body);
    outgoing.reads = false;
    if let Ok(link) = HeaderValue::from_str(&content.link) {
        outgoing.fields.insert(LINK, link);
    }
    if let Some(secret) = &to.secret {
        let signature = signature(secret.0.as_bytes(), &content.bytes);
        let name = HeaderName::from_static("x-hub-signature");
        let value = HeaderValue::from_str(&signature).expect("hexadecimal");
        outgoing.fields.insert(name, value);
    }
    match timeout(PATIENCE, fetcher.apart(ANSWER).send(&outgoing)).await {
        Ok(Ok(answer)) if answer.status.is_success() => Came::Taken,
        Ok(Ok(answer)) if answer.status == StatusCode::GONE => Came::Gone,
        Ok(Ok(answer)) => {
            let wait = answer.retry_after(Utc::now());
            Came::Failed(format!("it responded {}", answer.status), wait)
        }
        Ok(Err(error)) => Came::Failed(error.to_string(), None),
        Err(_) => Came::Failed("no response in time".into(), None),
    }
}

fn signature(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key may have any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_hmac_of_rfc_4231() {
        // Test case 2.
        let found = signature(b"Jefe", b"what do ya want for nothing?");
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(found, expected);
    }

    #[test]
    fn a_subscription_has_one_key() {
        let callback = |text: &str| text.parse::<Url>().unwrap();
        let one = id("/feeds/all.atom", &callback("https://a.example/x"));
        assert_eq!(one, id("/feeds/all.atom", &callback("https://a.example/x")));
        assert_ne!(one, id("/feeds/all.rss", &callback("https://a.example/x")));
        assert_ne!(one, id("/feeds/all.atom", &callback("https://a.example/y")));
    }
}
