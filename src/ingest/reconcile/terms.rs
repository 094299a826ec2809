//! The origin of drafts, the terms under which they are planned, and the ids of their events.

use super::Pairings;
use calendar_domain::{Connection, EventDraft, EventId, PartnerId, Uid};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use url::Url;
use uuid::Uuid;

/// Origin of drafts.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The partner.
    pub partner: PartnerId,
    /// The file or address that was read.
    pub url: String,
    /// Time of reading.
    pub at: DateTime<Utc>,
}

/// IntakeTerms under which drafts are planned.
#[derive(Debug, Clone, Copy)]
pub struct IntakeTerms<'a> {
    /// The partner's connection; `None` for a file imported by hand.
    pub connection: Option<&'a Connection>,
    /// Editors' decisions about pairs of origins.
    pub pairings: &'a Pairings,
    /// URL of this calendar. Links to it identify our events.
    pub site: Option<&'a Url>,
    /// Origin ids in the response, if it is a whole one.
    pub told: Option<&'a HashSet<String>>,
    /// UIDs of withdrawn events, which second-hand sources may still list.
    pub withdrawn: Option<&'a HashSet<Uid>>,
    /// Whether this is a single file or event that was sent.
    pub is_single: bool,
    /// Whether a new date means that the event was rescheduled, because the format cannot say so.
    pub infers_moves: bool,
    /// Whether the connection has changed since the last run, so that equal content may be read differently.
    pub afresh: bool,
    /// Renamings found in the last run: the new origin id, and the stored one.
    pub renamed: Option<&'a BTreeMap<String, String>>,
    /// Events that the partner's feed no longer has, beside a single event that it sends.
    pub missing: Option<&'a BTreeMap<EventId, u8>>,
}

impl<'a> IntakeTerms<'a> {
    /// Returns the terms for a single file or event.
    #[must_use]
    pub fn of_one(connection: Option<&'a Connection>, pairings: &'a Pairings) -> Self {
        Self {
            connection,
            pairings,
            site: None,
            told: None,
            withdrawn: None,
            is_single: true,
            infers_moves: false,
            afresh: false,
            renamed: None,
            missing: None,
        }
    }
}

/// Returns the id of a partner's event, which is deterministic for an origin id.
#[must_use]
pub fn partner_event_id(namespace: Uuid, partner: &PartnerId, origin_id: &str) -> EventId {
    let name = format!("partner/{partner}/{origin_id}");
    Uuid::new_v5(&namespace, name.as_bytes()).into()
}

/// Returns the ids that a partner's event may have, starting with that of [`partner_event_id`]. The further
/// ones are for events split from an event that keeps the first.
pub fn partner_event_ids(
    namespace: Uuid,
    partner: &PartnerId,
    origin_id: &str,
) -> impl Iterator<Item = EventId> {
    let names = std::iter::successors(Some(origin_id.to_owned()), |value| {
        Some(format!("{value}/again"))
    });
    names.map(move |name| partner_event_id(namespace, partner, &name))
}

/// Returns a hash of a draft's content, without `modified` and `sequence`.
#[must_use]
pub fn content_hash(draft: &EventDraft) -> String {
    hash_of(&mut draft.clone())
}

/// Does the same without a clone. `draft` is unchanged afterwards.
pub(super) fn hash_of(draft: &mut EventDraft) -> String {
    let (modified, sequence) = (draft.modified.take(), draft.sequence.take());
    let bytes = serde_json::to_vec(draft).expect("a draft is strings, numbers, lists and maps");
    (draft.modified, draft.sequence) = (modified, sequence);
    hex::encode(Sha256::digest(&bytes))
}
