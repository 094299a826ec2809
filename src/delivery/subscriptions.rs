//! Subscriptions of feeds (W3C WebSub): who wants which, until when, and how it is sent.

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

/// How long a subscriber may take to answer what it is sent.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it may take to confirm what was asked for in its name.
const CONFIRMATION: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const ANSWER: u64 = 64 << 10;

/// The key of a subscription: the same for the same feed and address.
#[must_use]
pub fn id(topic: &str, callback: &Url) -> String {
    let digest = Sha256::digest(format!("{topic}\n{callback}"));
    hex::encode(&digest[..16])
}

/// Every subscription with its revision, those that have run out too.
///
/// # Errors
/// Where the store cannot be read.
pub fn list(calendar: &Calendar) -> Result<Vec<(HubSubscription, Revision)>, StoreError> {
    records::every(calendar)
}

/// The subscription of a key.
///
/// # Errors
/// Where the store cannot be read.
pub fn one(calendar: &Calendar, id: &str) -> Result<Option<HubSubscription>, StoreError> {
    let found = records::one(calendar, id)?;
    Ok(found.map(|(subscription, _)| subscription))
}

/// Returns whether a subscriber has what its record says. After a restore it may have been sent something
/// later, which the store knows nothing of.
#[must_use]
pub fn is_known(calendar: &Calendar, subscription: &HubSubscription) -> bool {
    let generation = calendar.generation();
    match &subscription.generation {
        Some(noted_in) => noted_in.parse() == Ok(generation.id),
        None => generation.restored_at.is_none(),
    }
}

/// Keeps a subscription in place of an older one of the same feed and address.
///
/// # Errors
/// Where the store refuses.
pub fn keep(calendar: &Calendar, subscription: HubSubscription) -> Result<(), StoreError> {
    let change = Change::put(subscription.into());
    commit(calendar, "a feed was subscribed to", change)
}

/// Notes what was sent. Somebody who has subscribed anew meanwhile stays as subscribed.
///
/// # Errors
/// [`StoreError::Conflict`] where it has changed; or what the store says.
pub fn note(
    calendar: &Calendar,
    subscription: HubSubscription,
    revision: Revision,
) -> Result<(), StoreError> {
    let change = Change::update(subscription.into(), revision);
    commit(calendar, "a subscriber was sent a feed", change)
}

/// Ends a subscription; one that is not there has ended already.
///
/// # Errors
/// Where the store refuses.
pub fn end(calendar: &Calendar, id: &str) -> Result<(), StoreError> {
    let Some((known, revision)) = records::one::<HubSubscription>(calendar, id)? else {
        return Ok(());
    };
    let key = RecordKey::new(RecordKind::HubSubscription, known.id.as_str());
    let change = Change::remove(key, revision);
    match commit(calendar, "a subscription ended", change) {
        // Subscribed anew, or ended by somebody else.
        Err(StoreError::Conflict { .. }) => Ok(()),
        outcome => outcome,
    }
}

fn commit(calendar: &Calendar, note: &str, change: Change) -> Result<(), StoreError> {
    calendar.write(Author::System, note, vec![change])
}

/// Asks an address whether it wants what was asked for in its name (WebSub 5.3).
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

/// What a feed is when it is sent.
#[derive(Debug, Clone)]
pub struct Content {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its media type.
    pub media_type: &'static str,
    /// Its `Link` field: hub and self.
    pub link: String,
}

/// What came of sending a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It was taken.
    Taken,
    /// The subscriber is no more.
    Gone,
    /// It was not taken: why, and for how long the subscriber wants to be left alone.
    Failed(String, Option<Duration>),
}

/// Sends a feed to a subscriber (WebSub 7).
pub async fn send(fetcher: &Fetcher, to: &HubSubscription, content: &Content) -> Came {
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
            Came::Failed(format!("it answered {}", answer.status), wait)
        }
        Ok(Err(error)) => Came::Failed(error.to_string(), None),
        Err(_) => Came::Failed("it did not answer in time".into(), None),
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
