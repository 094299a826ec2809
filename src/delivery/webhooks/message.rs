//! A webhook message: content, id and signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::catalog::Snapshot;
use crate::delivery::change_log::{EventChange, Now};
use crate::wire;
use calendar_domain::{Event, EventStatus, Publication, Record, SharedSecret};
use calendar_store::{Generation, RecordVersion};

/// Maximum size of a message in bytes.
const MOST_BYTES: usize = 20_000;
/// Fields omitted from a message that is too large, in this order.
const SPARED: [&str; 6] = [
    "description",
    "recurrence",
    "images",
    "offers",
    "sub_events",
    "other_places",
];

/// The kind of change, relative to a commit that the receiver knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ChangeKind {
    /// The event was not public then.
    #[serde(rename = "event.created")]
    Created,
    /// The event was changed.
    #[serde(rename = "event.updated")]
    Updated,
    /// The event was cancelled.
    #[serde(rename = "event.cancelled")]
    Cancelled,
    /// The event is no longer public.
    #[serde(rename = "event.withdrawn")]
    Withdrawn,
}

impl ChangeKind {
    /// Returns the kind of change after the commit `since`, by the event's history, or `None` if there is
    /// nothing to report.
    #[must_use]
    pub fn new(changed: &EventChange, since: u64, history: &[RecordVersion]) -> Option<Self> {
        let known = history
            .iter()
            .rev()
            .find(|history| history.commit.0 <= since);
        let before = known.and_then(|history| match &history.record {
            Some(Record::Event(event)) if event.publication == Publication::Published => {
                Some(&**event)
            }
            _ => None,
        });
        // Earlier versions were dropped from the history, so the event existed before.
        let forgotten = known.is_none()
            && history
                .first()
                .is_some_and(|history| history.revision.0 > 1);
        let was_shown = before.is_some() || forgotten;
        match (&changed.now, was_shown) {
            (Now::Gone { .. }, true) => Some(Self::Withdrawn),
            (Now::Gone { .. }, false) => None,
            (Now::Shown(_), false) => Some(Self::Created),
            (Now::Shown(entry), true) => {
                let was = before.is_some_and(|before: &Event| {
                    before.effective_status() == EventStatus::Cancelled
                });
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
    kind: ChangeKind,
    timestamp: String,
    data: Value,
    /// Fields of `data` that were omitted because of the size limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<&'static str>,
}

/// Returns the body of a message, of at most 20 kB.
#[must_use]
pub fn body(kind: ChangeKind, changed: &EventChange, snapshot: &Snapshot, base: &str) -> Vec<u8> {
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
    // The remaining fields are too large, so only the address is kept.
    message.data = json!({ "id": changed.id, "url": message.data["url"] });
    message.omitted = vec!["everything"];
    bytes(&message)
}

fn bytes(message: &Message) -> Vec<u8> {
    serde_json::to_vec(message).expect("a message is strings, numbers, lists and maps")
}

/// Returns the id of a message. It is the same for each attempt, so that a receiver can ignore repetitions. A
/// commit whose number was reused after a restore gets another id.
#[must_use]
pub fn id(
    namespace: Uuid,
    webhook: &str,
    generation: &Generation,
    changed: &EventChange,
) -> String {
    let EventChange { id, commit, .. } = changed;
    let name = if generation.includes(None, *commit) {
        // The id that a version without generations used.
        format!("webhook/{webhook}/{id}/{commit}")
    } else {
        format!("webhook/{webhook}/{}/{id}/{commit}", generation.id)
    };
    format!("msg_{}", Uuid::new_v5(&namespace, name.as_bytes()).simple())
}

/// Returns the signature of a message (Standard Webhooks): `v1,` and the HMAC-SHA256 of id, time and body.
/// Returns `None` if the secret has no `whsec_` prefix or is not Base64.
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
