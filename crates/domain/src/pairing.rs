//! Whether what two partners tell of is one event.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Event, PartnerId};

/// Whether two origins tell of one event, decided for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Its key: the same pair always has the same, in either order.
    pub id: String,
    /// One origin.
    pub one: OriginKey,
    /// The other.
    pub other: OriginKey,
    /// Whether they are one event.
    pub same: bool,
    /// Who decided it, and when.
    pub by: String,
    /// See `by`.
    pub at: DateTime<Utc>,
}

/// An event as one partner names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OriginKey {
    /// The partner; absent for an event of our own, whose id `origin_id` then is.
    pub partner: Option<PartnerId>,
    /// What it is called there.
    pub origin_id: String,
}

/// Under which names an event is known: by each of its sources, and by its own id.
#[must_use]
pub fn origins(event: &Event) -> Vec<OriginKey> {
    let sources = event.sources.iter().map(|it| OriginKey {
        partner: Some(it.partner.clone()),
        origin_id: it.origin_id.clone(),
    });
    let own = OriginKey {
        partner: None,
        origin_id: event.id.to_string(),
    };
    sources.chain([own]).collect()
}

/// The key of a decision about a pair: the same in either order.
#[must_use]
pub fn pairing_id(namespace: Uuid, one: &OriginKey, other: &OriginKey) -> String {
    let text = |key: &OriginKey| {
        let partner = key.partner.as_ref().map_or("", |it| it.as_str());
        format!("{partner}/{}", key.origin_id)
    };
    let mut both = [text(one), text(other)];
    both.sort();
    let name = format!("pairing/{}", both.join("\n"));
    Uuid::new_v5(&namespace, name.as_bytes()).to_string()
}
