//! The state of a plan.

use super::missing_events::MissingEvents;
use super::{IntakeTerms, Origin};
use crate::catalog::{Entry, Snapshot};
use crate::ingest::alias_index::AliasIndex;
use crate::ingest::suggestions::Matters;
use calendar_domain::{Event, EventId, OriginKey, Slug, Trust, Uid};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Plans the steps for the drafts of one source, in batches.
pub struct Planner<'a> {
    pub(super) origin: &'a Origin,
    pub(super) snapshot: &'a Snapshot,
    pub(super) terms: IntakeTerms<'a>,
    pub(super) known: AliasIndex,
    pub(super) slugs: HashSet<Slug>,
    pub(super) uids: HashSet<Uid>,
    pub(super) seen: HashSet<EventId>,
    /// Origin id under which the response contains each event.
    pub(super) told_as: HashMap<EventId, String>,
    /// Super event of each draft, both by the partner's origin ids.
    pub(super) wholes: HashMap<String, Option<String>>,
    /// Origin ids of the response whose events have another id than that of
    /// [`partner_event_id`](super::partner_event_id).
    pub(super) elsewhere: HashMap<String, EventId>,
    /// Origin ids of events that the partner reports as deleted.
    pub(super) gone: HashSet<String>,
    /// Keys of the source versions of deleted events.
    pub(super) forgotten: Vec<String>,
    /// Event id by origin id of this partner, computed on first use.
    pub(super) origins: Option<HashMap<String, EventId>>,
    /// Stored events of the partner that are missing from the response, by title and start.
    pub(super) vanished: MissingEvents,
    /// Events of other sources, by day.
    pub(super) others: BTreeMap<NaiveDate, Vec<std::sync::Arc<Entry>>>,
    /// Renamings found: the new origin id, and the stored one.
    pub(super) renamed: BTreeMap<String, String>,
    /// Events of the partner that wait for an editor and are missing from the response.
    pub(super) waiting: Vec<Event>,
    /// Suggestions for editors.
    pub(super) matters: Matters,
}

impl<'a> Planner<'a> {
    /// Creates a planner. `snapshot` is the calendar before the first batch.
    #[must_use]
    pub fn new(origin: &'a Origin, snapshot: &'a Snapshot, terms: IntakeTerms<'a>) -> Self {
        Self {
            origin,
            snapshot,
            terms,
            known: AliasIndex::new(snapshot),
            slugs: HashSet::new(),
            uids: HashSet::new(),
            seen: HashSet::new(),
            told_as: HashMap::new(),
            wholes: HashMap::new(),
            elsewhere: HashMap::new(),
            gone: HashSet::new(),
            forgotten: Vec::new(),
            origins: None,
            vanished: MissingEvents::default(),
            others: BTreeMap::new(),
            renamed: BTreeMap::new(),
            waiting: Vec::new(),
            matters: Matters::default(),
        }
    }

    /// Returns the events of the drafts so far.
    #[must_use]
    pub fn seen(&self) -> &HashSet<EventId> {
        &self.seen
    }

    /// Returns the suggestions from all drafts.
    #[must_use]
    pub fn into_matters(self) -> Matters {
        self.matters
    }

    pub(super) fn trust(&self) -> Trust {
        self.terms
            .connection
            .map_or(Trust::Publish, |connection| connection.trust)
    }

    pub(super) fn key_of(&self, origin_id: &str) -> OriginKey {
        OriginKey {
            partner: Some(self.origin.partner.clone()),
            origin_id: origin_id.to_owned(),
        }
    }
}
