//! One message: what it says, what it is called, how it is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::catalog::Snapshot;
use crate::delivery::change_log::{Changed, Now};
use crate::wire;
use calendar_domain::{Event, EventStatus, Publication, Record, SharedSecret};
use calendar_store::{Generation, Version};

/// The largest message, in bytes.
const MOST_BYTES: usize = 20_000;
/// What is left out of a message that is too large, the longest first.
const SPARED: [&str; 6] = [
    "description",
    "recurrence",
    "images",
    "offers",
    "sub_events",
    "other_places",
];

/// What happened to an event, seen by somebody who knows it as it was at an earlier commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// It was not to be seen then.
    #[serde(rename = "event.created")]
    Created,
    /// Something about it is otherwise.
    #[serde(rename = "event.updated")]
    Updated,
    /// It does not take place.
    #[serde(rename = "event.cancelled")]
    Cancelled,
    /// It is not to be seen any more.
    #[serde(rename = "event.withdrawn")]
    Withdrawn,
}

impl Kind {
    /// What happened after a commit, by the event's history; `None` where there is nothing to tell.
    #[must_use]
    pub fn of(changed: &Changed, since: u64, history: &[Version]) -> Option<Self> {
        let known = history.iter().rev().find(|it| it.commit.0 <= since);
        let before = known.and_then(|it| match &it.record {
            Some(Record::Event(event)) if event.publication == Publication::Published => {
                Some(&**event)
            }
            _ => None,
        });
        // Older versions than are kept: it changed a hundred times since, so it was there.
        let forgotten = known.is_none() && history.first().is_some_and(|it| it.revision.0 > 1);
        let was_shown = before.is_some() || forgotten;
        match (&changed.now, was_shown) {
            (Now::Gone { .. }, true) => Some(Self::Withdrawn),
            (Now::Gone { .. }, false) => None,
            (Now::Shown(_), false) => Some(Self::Created),
            (Now::Shown(entry), true) => {
                let was = before.is_some_and(|it: &Event| it.status == EventStatus::Cancelled);
                let is = entry.status() == EventStatus::Cancelled;
                Some(if is && !was {
                    Self::Cancelled
                } else {
                    Self::Updated
                })
            }
        }
    }
}

#[derive(Serialize)]
struct Message {
    #[serde(rename = "type")]
    kind: Kind,
    timestamp: String,
    data: Value,
    /// Fields of `data` that were left out since the message would be too large.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<&'static str>,
}

/// The body of a message, of at most 20 kB.
#[must_use]
pub fn body(kind: Kind, changed: &Changed, snapshot: &Snapshot, base: &str) -> Vec<u8> {
    let data = match &changed.now {
        Now::Shown(entry) => serde_json::to_value(wire::write(entry, snapshot, base)),
        Now::Gone { uid, slug } => Ok(json!({
            "id": changed.id, "uid": uid, "slug": slug, "url": format!("{base}/events/{slug}"),
        })),
    };
    let mut message = Message {
        kind,
        timestamp: changed.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        data: data.expect("an event is strings, numbers, lists and maps"),
        omitted: Vec::new(),
    };
    for field in SPARED {
        let bytes = bytes(&message);
        if bytes.len() <= MOST_BYTES {
            return bytes;
        }
        if let Some(fields) = message.data.as_object_mut()
            && fields.remove(field).is_some()
        {
            message.omitted.push(field);
        }
    }
    let whole = bytes(&message);
    if whole.len() <= MOST_BYTES {
        return whole;
    }
    // A title of 20 kB: the address is all that there is room for.
    message.data = json!({ "id": changed.id, "url": message.data["url"] });
    message.omitted = vec!["everything"];
    bytes(&message)
}

fn bytes(message: &Message) -> Vec<u8> {
    serde_json::to_vec(message).expect("a message is strings, numbers, lists and maps")
}

/// What a message is called: the same each time it is sent, so that a receiver takes it once. A commit that
/// has the number of one that a restore took out gives another name.
#[must_use]
pub fn id(namespace: Uuid, webhook: &str, generation: &Generation, changed: &Changed) -> String {
    let Changed { id, commit, .. } = changed;
    let name = if generation.includes(None, *commit) {
        // As it was called by a program that knew no generations.
        format!("webhook/{webhook}/{id}/{commit}")
    } else {
        format!("webhook/{webhook}/{}/{id}/{commit}", generation.id)
    };
    format!("msg_{}", Uuid::new_v5(&namespace, name.as_bytes()).simple())
}

/// The signature of a message by the specification: `v1,` and the HMAC-SHA256 over id, time and body.
/// `None` where the secret is no `whsec_` one.
#[must_use]
pub fn signature(
    secret: &SharedSecret,
    id: &str,
    at: DateTime<Utc>,
    body: &[u8],
) -> Option<String> {
    let secret = STANDARD.decode(secret.0.strip_prefix("whsec_")?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).ok()?;
    mac.update(format!("{id}.{}.", at.timestamp()).as_bytes());
    mac.update(body);
    Some(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_the_specification_shows() {
        let secret = SharedSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let found = signature(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            b"{\"test\": 2432232314}",
        );
        assert_eq!(
            found.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        let other = SharedSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
        assert_eq!(signature(&other, "m", at, b""), None);
    }
}
