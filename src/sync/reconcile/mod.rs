//! What a partner tells means for what is kept: pure functions from both to a plan.
//!
//! - [`Planner`] takes drafts one after the other and says what becomes of each: it is new, it changed, it
//!   is as it was, it is one that another partner tells of too, it is ours and has come back.
//! - `whose` finds the event that a draft is about; `merge` says whose word counts, field by field.
//! - [`answer`] looks at a whole answer: what is no longer in it, and whether it can be true.
//!
//! Three rules hold everywhere. What a person set stays; a partner that says otherwise makes a
//! suggestion. Of two partners the primary's word counts, and among equals that of whoever told of the event
//! first: nobody takes an event over by joining it. Nothing is taken away because an answer is empty, broken or
//! much shorter than the last.

pub mod answer;
mod event;
mod likeness;
mod lookup;
mod merge;
mod moved;
mod pairings;
mod renamed;
mod step;
#[cfg(test)]
mod tests;
mod twin;
mod whose;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use crate::catalog::{Entry, Snapshot};
use crate::domain::bounds::draft_errors;
use crate::domain::recurrence::{Limits, check_public};
use crate::domain::revise::revise;
use crate::domain::{
    Connection, Event, EventDraft, EventId, OriginKey, PartnerId, Slug, SourceVersion, Suggestion,
    Trust, Uid,
};

use super::known::Known;
use super::mapping::mapped;
use super::suggestions::Matters;
use crate::store::StoreError;
pub use lookup::Lookup;
pub use merge::fields_suggestion_id;
pub use pairings::Pairings;
use renamed::Vanished;
pub use step::{Outcome, Planned, Step};
pub use twin::published_twin;
use whose::Whose;

/// Where drafts come from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Whose they are.
    pub partner: PartnerId,
    /// The file or address that they stood in.
    pub url: String,
    /// When they were read.
    pub at: DateTime<Utc>,
}

/// Under which terms they are taken in.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// How the partner is read; none for a file that somebody imports by hand.
    pub connection: Option<&'a Connection>,
    /// What was decided about pairs of origins.
    pub pairings: &'a Pairings,
    /// Our own address: what links there is ours.
    pub site: Option<&'a Url>,
    /// What the partner tells of this time, where that is its whole answer.
    pub told: Option<&'a HashSet<String>>,
    /// Events that were here and were withdrawn: who has them second-hand does not know yet.
    pub withdrawn: Option<&'a HashSet<Uid>>,
    /// Whether these are a single file or event that somebody sends.
    pub is_single: bool,
    /// Whether a new date alone means that the event has moved: the source has no word for it.
    pub infers_moves: bool,
    /// Whether the partner is asked or read otherwise than before: what it has said means something else now.
    pub afresh: bool,
    /// What the partner called events otherwise the last time: the new name, and the one that is kept.
    pub renamed: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Terms<'a> {
    /// For a single file or event that somebody sends.
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
        }
    }
}

/// The id of an event that came from a partner: always the same for the same origin.
#[must_use]
pub fn partner_event_id(namespace: Uuid, partner: &PartnerId, origin_id: &str) -> EventId {
    let name = format!("partner/{partner}/{origin_id}");
    Uuid::new_v5(&namespace, name.as_bytes()).into()
}

/// The ids that an event of a partner's may have, that of [`partner_event_id`] first. The others are for one that was
/// parted from an event which keeps the first.
pub fn partner_event_ids(
    namespace: Uuid,
    partner: &PartnerId,
    origin_id: &str,
) -> impl Iterator<Item = EventId> {
    let names = std::iter::successors(Some(origin_id.to_owned()), |it| Some(format!("{it}/again")));
    names.map(move |name| partner_event_id(namespace, partner, &name))
}

/// A hash over what the source says, leaving out what changes by itself.
#[must_use]
pub fn content_hash(draft: &EventDraft) -> String {
    hash_of(&mut draft.clone())
}

/// The same of a draft that is at hand, which stays as it is.
fn hash_of(draft: &mut EventDraft) -> String {
    let (modified, sequence) = (draft.modified.take(), draft.sequence.take());
    let bytes = serde_json::to_vec(draft).expect("a draft is strings, numbers, lists and maps");
    (draft.modified, draft.sequence) = (modified, sequence);
    hex::encode(Sha256::digest(&bytes))
}

/// Plans what to do with the drafts of one source, batch after batch.
pub struct Planner<'a> {
    origin: &'a Origin,
    snapshot: &'a Snapshot,
    terms: Terms<'a>,
    known: Known,
    slugs: HashSet<Slug>,
    uids: HashSet<Uid>,
    seen: HashSet<EventId>,
    /// The event of each origin that the partner has told of before, once that was needed.
    origins: Option<HashMap<String, EventId>>,
    /// Events of the partner that it does not tell of this time, by title and start.
    vanished: Vanished,
    /// Events of others, by day.
    others: BTreeMap<NaiveDate, Vec<std::sync::Arc<Entry>>>,
    /// Events that the partner seems to call otherwise than before: the new name, and the one that is kept.
    renamed: BTreeMap<String, String>,
    /// Events of the partner that wait for an editor and that it does not tell of this time.
    waiting: Vec<Event>,
    suggestions: Vec<Suggestion>,
    /// Suggestions that are moot unless they are raised again.
    moot: Vec<String>,
}

impl<'a> Planner<'a> {
    /// A planner for a source, beside the calendar as it was before the first batch.
    #[must_use]
    pub fn new(origin: &'a Origin, snapshot: &'a Snapshot, terms: Terms<'a>) -> Self {
        Self {
            origin,
            snapshot,
            terms,
            known: Known::of(snapshot),
            slugs: HashSet::new(),
            uids: HashSet::new(),
            seen: HashSet::new(),
            origins: None,
            vanished: Vanished::default(),
            others: BTreeMap::new(),
            renamed: BTreeMap::new(),
            waiting: Vec::new(),
            suggestions: Vec::new(),
            moot: Vec::new(),
        }
    }

    /// Plans what to do with further drafts.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn plan(
        &mut self,
        drafts: Vec<EventDraft>,
        stored: &mut Lookup<'_>,
    ) -> Result<Vec<Planned>, StoreError> {
        let mut planned = Vec::with_capacity(drafts.len());
        for draft in drafts {
            planned.push(self.one(draft, stored)?);
        }
        Ok(planned)
    }

    /// The events that the drafts so far are about.
    #[must_use]
    pub fn seen(&self) -> &HashSet<EventId> {
        &self.seen
    }

    /// What somebody has to decide about the drafts so far.
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
                self.step(draft, whose, stored, &mut planned)?
            }
        };
        Ok(planned)
    }

    fn step(
        &mut self,
        mut draft: EventDraft,
        whose: Whose,
        stored: &Lookup<'_>,
        planned: &mut Planned,
    ) -> Result<Step, StoreError> {
        let (mut was, mut former) = (None, None);
        let (id, old, joined, alike) = match whose {
            Whose::New { id, alike } => (id, None, None, alike),
            Whose::Known(old) => (old.id.clone(), Some(old), None, None),
            Whose::Renamed(old, before) => {
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
            Whose::Joined(old, score) => (old.id.clone(), Some(old), Some(score), None),
            Whose::Ours => return Ok(Step::Ours),
            Whose::Twice => {
                let why = "the same identity stands in the source twice";
                return Ok(Step::Refuse(why.into()));
            }
        };
        let hash = hash_of(&mut draft);
        self.seen.insert(id.clone());
        planned.event = Some(id.clone());
        if let Some(old) = &old
            && (self.has_said(old, &draft.origin_id, &hash, stored)?
                || self.gives_back(old, &mut draft, stored)?
                || self.only_repeats(old, draft.secondhand))
        {
            return Ok(Step::Same);
        }
        // Somebody else may have brought the same event while this one was away.
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
        let merged = self.merged(&old, &told, former.as_deref(), stored)?;
        planned.kept = merged.kept;
        planned.versions = merged.versions;
        // What the store has is still the event under its old name.
        let stands = was.as_deref().unwrap_or(&old);
        Ok(
            match (revise(stands, merged.next, self.origin.at), joined) {
                (Some(next), None) => Step::Update(Box::new(next)),
                (Some(next), Some(score)) => Step::Join(Box::new(next), score),
                (None, _) => Step::Same,
            },
        )
    }

    /// Whether the partner says what it said before, and beside that the UID that it was answered.
    fn gives_back(
        &self,
        event: &Event,
        draft: &mut EventDraft,
        stored: &Lookup<'_>,
    ) -> Result<bool, StoreError> {
        if !self.terms.is_single || draft.uid.as_ref() != Some(&event.uid) {
            return Ok(false);
        }
        let uid = draft.uid.take();
        let hash = hash_of(draft);
        draft.uid = uid;
        self.has_said(event, &draft.origin_id, &hash, stored)
    }

    /// Whether the partner has said this of an event before, and it was kept.
    fn has_said(
        &self,
        event: &Event,
        origin_id: &str,
        hash: &str,
        stored: &Lookup<'_>,
    ) -> Result<bool, StoreError> {
        let mine = event.sources.iter().find(|it| {
            it.partner == self.origin.partner
                && it.origin_id == origin_id
                && it.content_hash == hash
        });
        let Some(source) = mine.filter(|_| !merge::was_withdrawn_for_them(event)) else {
            return Ok(false);
        };
        if self.terms.afresh {
            return Ok(false);
        }
        // An earlier build did not keep what each source of several says.
        let is_kept = |it: SourceVersion| it.event == event.id && it.is_of(source);
        Ok(event.sources.len() < 2 || stored.version(source)?.is_some_and(is_kept))
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

/// Gives the source of a partner another name.
fn rename(event: &mut Event, partner: &PartnerId, before: &str, now: &str) {
    let mut sources = event.sources.iter_mut();
    if let Some(source) = sources.find(|it| it.partner == *partner && it.origin_id == before) {
        source.origin_id = now.to_owned();
    }
}

/// Why a draft cannot be kept at all.
fn unfit(draft: &EventDraft) -> Option<String> {
    if draft.title.is_empty() {
        return Some("it has no title".into());
    }
    if draft.origin_id.is_empty() {
        return Some("it has no identity by which it would be recognised the next time".into());
    }
    if let Some(error) = draft_errors(draft).into_iter().next() {
        return Some(error.to_string());
    }
    let rule = draft
        .schedule
        .recurrence
        .as_ref()
        .and_then(|it| it.rule.as_ref());
    rule.and_then(|rule| check_public(rule, &Limits::default()).err())
        .map(|e| e.to_string())
}
