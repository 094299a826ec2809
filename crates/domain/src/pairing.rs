//! Decisions on whether events of two partners are the same.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Event, PartnerId};

/// A lasting decision on whether two origins are one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Key; the same for a pair in either order.
    pub id: String,
    /// One origin.
    pub one: OriginKey,
    /// The other origin.
    pub other: OriginKey,
    /// Whether they are one event.
    pub same: bool,
    /// The account that decided it.
    pub by: String,
    /// Time of the decision.
    pub at: DateTime<Utc>,
}

/// An event as identified by one partner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OriginKey {
    /// The partner; absent for an event of our own, whose id is `origin_id`.
    pub partner: Option<PartnerId>,
    /// Identifier at the partner.
    pub origin_id: String,
}

/// Returns the identifiers of an event: one for each source, and its own id.
#[must_use]
pub fn origins(event: &Event) -> Vec<OriginKey> {
    let sources = event.sources.iter().map(|source| OriginKey {
        partner: Some(source.partner.clone()),
        origin_id: source.origin_id.clone(),
    });
    let own = OriginKey {
        partner: None,
        origin_id: event.id.to_string(),
    };
    sources.chain([own]).collect()
}

/// Returns the key of the decision on a pair; the same in either order.
#[must_use]
pub fn pairing_id(namespace: Uuid, one: &OriginKey, other: &OriginKey) -> String {
    let text = |key: &OriginKey| {
        let partner = key.partner.as_ref().map_or("", |partner| partner.as_str());
        format!("{partner}/{}", key.origin_id)
    };
    let mut both = [text(one), text(other)];
    both.sort();
    let name = format!("pairing/{}", both.join("\n"));
    Uuid::new_v5(&namespace, name.as_bytes()).to_string()
}
