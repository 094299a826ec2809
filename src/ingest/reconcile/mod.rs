//! Compares a partner's drafts with the stored events, and returns a plan. Reads the store, writes nothing.
//!
//! - [`Planner`] decides for each draft: create, update, join with another partner's event, or leave as it is.
//! - `whose` finds the event that a draft describes; `merge` decides field by field which value takes
//!   precedence.
//! - [`batch`] handles a whole response: missing events and plausibility.
//!
//! Three rules hold throughout:
//!
//! - A value that a person set stays; a partner that differs raises a suggestion.
//! - Of several partners, the primary takes precedence, and among equals the first source of the event.
//! - Nothing is removed because a response is empty, malformed or much shorter than the last.

pub mod batch;
mod event;
mod identify;
mod likeness;
mod lookup;
mod merge;
mod moved;
mod own_sources;
mod pairings;
mod places;
mod renamed;
mod step;
#[cfg(test)]
mod tests;
mod twin;
mod whole;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use crate::catalog::{Entry, Snapshot};
use calendar_domain::revision::revise;
use calendar_domain::{
    Connection, Event, EventDraft, EventId, OriginKey, PartnerId, Slug, Suggestion, Trust, Uid,
};

use crate::ingest::alias_index::AliasIndex;
use crate::ingest::mapping::mapped;
use crate::ingest::suggestions::Matters;
use calendar_store::StoreError;
use identify::EventMatch;
pub use lookup::Lookup;
pub use merge::fields_suggestion_id;
pub use pairings::Pairings;
use renamed::{MissingEvents, rename};
use step::unfit;
pub use step::{DEEPEST, NotPart, Planned, Step, StepOutcome};
pub use twin::published_twin;

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
    let names = std::iter::successors(Some(origin_id.to_owned()), |it| Some(format!("{it}/again")));
    names.map(move |name| partner_event_id(namespace, partner, &name))
}

/// Returns a hash of a draft's content, without `modified` and `sequence`.
#[must_use]
pub fn content_hash(draft: &EventDraft) -> String {
    hash_of(&mut draft.clone())
}

/// Does the same without a clone. `draft` is unchanged afterwards.
fn hash_of(draft: &mut EventDraft) -> String {
    let (modified, sequence) = (draft.modified.take(), draft.sequence.take());
    let bytes = serde_json::to_vec(draft).expect("a draft is strings, numbers, lists and maps");
    (draft.modified, draft.sequence) = (modified, sequence);
    hex::encode(Sha256::digest(&bytes))
}

/// Plans the steps for the drafts of one source, in batches.
pub struct Planner<'a> {
    origin: &'a Origin,
    snapshot: &'a Snapshot,
    terms: IntakeTerms<'a>,
    known: AliasIndex,
    slugs: HashSet<Slug>,
    uids: HashSet<Uid>,
    seen: HashSet<EventId>,
    /// Origin id under which the response contains each event.
    told_as: HashMap<EventId, String>,
    /// Super event of each draft, both by the partner's origin ids.
    wholes: HashMap<String, Option<String>>,
    /// Origin ids of the response whose events have another id than that of [`partner_event_id`].
    elsewhere: HashMap<String, EventId>,
    /// Origin ids of events that the partner reports as deleted.
    gone: HashSet<String>,
    /// Keys of the source versions of deleted events.
    forgotten: Vec<String>,
    /// Event id by origin id of this partner, computed on first use.
    origins: Option<HashMap<String, EventId>>,
    /// Stored events of the partner that are missing from the response, by title and start.
    vanished: MissingEvents,
    /// Events of other sources, by day.
    others: BTreeMap<NaiveDate, Vec<std::sync::Arc<Entry>>>,
    /// Renamings found: the new origin id, and the stored one.
    renamed: BTreeMap<String, String>,
    /// Events of the partner that wait for an editor and are missing from the response.
    waiting: Vec<Event>,
    suggestions: Vec<Suggestion>,
    /// Ids of suggestions that are moot unless raised again.
    moot: Vec<String>,
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
            suggestions: Vec::new(),
            moot: Vec::new(),
        }
    }

    /// Plans a batch of drafts.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn plan(
        &mut self,
        drafts: Vec<EventDraft>,
        stored: &mut Lookup<'_>,
    ) -> Result<Vec<Planned>, StoreError> {
        let mut planned = Vec::with_capacity(drafts.len());
        self.note_wholes(&drafts);
        for draft in drafts {
            planned.push(self.one(draft, stored)?);
        }
        Ok(planned)
    }

    /// Returns the events of the drafts so far.
    #[must_use]
    pub fn seen(&self) -> &HashSet<EventId> {
        &self.seen
    }

    /// Returns the suggestions from all drafts.
    #[must_use]
    pub fn into_matters(self) -> Matters {
        Matters {
            raised: self.suggestions,
            moot: self.moot,
        }
    }

    fn one(
        &mut self,
        mut draft: EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Planned, StoreError> {
        draft.compose();
        let title = draft.title.iter().next();
        let mut planned = Planned {
            title: title.map(|it| it.text.to_owned()).unwrap_or_default(),
            origin_id: draft.origin_id.clone(),
            event: None,
            step: Step::Same,
            kept: Vec::new(),
            versions: Vec::new(),
            remarks: Vec::new(),
            not_part: None,
        };
        let mut draft = match self.terms.connection {
            None => draft,
            Some(connection) => match mapped(draft, connection, self.snapshot) {
                Ok(draft) => draft,
                Err(why) => {
                    planned.step = Step::Left(why.to_string());
                    return Ok(planned);
                }
            },
        };
        planned.step = match unfit(&draft) {
            Some(why) => Step::Refuse(why),
            None => {
                let whose = self.whose(&mut draft, stored)?;
                self.cut_circle(&mut draft, &whose, stored, &mut planned)?;
                let remarks = self.other_values_of_places(&draft);
                let step = self.step(draft, whose, stored, &mut planned)?;
                // A feed repeats them each time.
                if self.terms.is_single || step != Step::Same {
                    planned.remarks.extend(remarks);
                }
                step
            }
        };
        Ok(planned)
    }

    fn step(
        &mut self,
        mut draft: EventDraft,
        whose: EventMatch,
        stored: &Lookup<'_>,
        planned: &mut Planned,
    ) -> Result<Step, StoreError> {
        let (mut was, mut former) = (None, None);
        let (id, old, joined, alike) = match whose {
            EventMatch::New { id, alike } => (id, None, None, alike),
            EventMatch::Known(old) => (old.id.clone(), Some(old), None, None),
            EventMatch::Renamed(old, before) => {
                let mut renamed = old.clone();
                rename(
                    &mut renamed,
                    &self.origin.partner,
                    &before,
                    &draft.origin_id,
                );
                (was, former) = (Some(old), Some(before));
                (renamed.id.clone(), Some(renamed), None, None)
            }
            EventMatch::Joined(old, score) => (old.id.clone(), Some(old), Some(score), None),
            EventMatch::Ours => return Ok(Step::Ours),
            EventMatch::Twice(other) => {
                return Ok(own_sources::told_twice(&draft, other.as_deref()));
            }
        };
        let hash = hash_of(&mut draft);
        self.seen.insert(id.clone());
        self.told_as.insert(id.clone(), planned.origin_id.clone());
        if joined.is_some() || former.is_some() {
            let origin_id = planned.origin_id.clone();
            self.elsewhere.insert(origin_id, id.clone());
        }
        planned.event = Some(id.clone());
        let old = match old {
            Some(old) => Some(self.without_gone(old, &draft.origin_id, &mut was)),
            None => None,
        };
        if let Some(old) = &old
            && !(was.is_some() && former.is_none())
            && (self.has_said(old, &draft.origin_id, &hash, stored)?
                || self.gives_back(old, &mut draft, stored)?
                || self.only_repeats(old, draft.secondhand))
        {
            return Ok(Step::Same);
        }
        // Another source may have added the same event meanwhile.
        let alike = match &old {
            Some(old) if merge::was_withdrawn_for_them(old) => {
                self.like_one_that_is_there(&draft, &id)
            }
            _ => alike,
        };
        let told = self.event(draft, id.clone(), hash, old.as_deref());
        if old.is_some() {
            self.suggest_same(&id, alike.clone());
        }
        let Some(old) = old else {
            self.suggest_same(&id, alike);
            return Ok(Step::Create(Box::new(told)));
        };
        let told = self.with_move(&old, told);
        if was.is_none() && joined.is_none() && self.means_the_same(&old, &told, stored)? {
            return Ok(Step::Same);
        }
        let merged = self.merged(&old, &told, former.as_deref(), stored)?;
        planned.kept = merged.kept;
        planned.versions = merged.versions;
        // The store still has the event under its former origin id.
        let stands = was.as_deref().unwrap_or(&old);
        Ok(
            match (revise(stands, merged.next, self.origin.at), joined) {
                (Some(next), None) => Step::Update(Box::new(next)),
                (Some(next), Some(score)) => Step::Join(Box::new(next), score),
                (None, _) => Step::Same,
            },
        )
    }

    fn trust(&self) -> Trust {
        self.terms.connection.map_or(Trust::Publish, |it| it.trust)
    }

    fn key_of(&self, origin_id: &str) -> OriginKey {
        OriginKey {
            partner: Some(self.origin.partner.clone()),
            origin_id: origin_id.to_owned(),
        }
    }
}
