//! What drafts from a source mean for what is kept: a pure function from both to a plan.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::catalog::Snapshot;
use crate::domain::recurrence::{Limits, check_public};
use crate::domain::revise::revise;
use crate::domain::{Event, EventDraft, EventId, Field, Owner, PartnerId, Slug, Source, Uid};

use super::known::Known;

/// What is to be done with one draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// It is new.
    Create(Box<Event>),
    /// It changed at its source.
    Update(Box<Event>),
    /// It is as it was.
    Same,
    /// It is one of ours that has come back through a file.
    Ours,
    /// It cannot be kept, for this reason.
    Refuse(String),
}

/// A draft with what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What the source calls it.
    pub origin_id: String,
    /// What it is called, for the report.
    pub title: String,
    /// What is to be done.
    pub step: Step,
    /// Fields that a person has set here and the source would have changed.
    pub kept: Vec<Field>,
}

/// Names of the steps in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The event is new.
    Created,
    /// The event changed.
    Updated,
    /// The event was as it is.
    Unchanged,
    /// The event cannot be kept.
    Refused,
}

impl Step {
    /// Its name in a report.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Create(_) => Outcome::Created,
            Self::Update(_) => Outcome::Updated,
            Self::Same | Self::Ours => Outcome::Unchanged,
            Self::Refuse(_) => Outcome::Refused,
        }
    }
}

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

/// The id of an event that came from a partner: always the same for the same origin.
#[must_use]
pub fn partner_event_id(namespace: Uuid, partner: &PartnerId, origin_id: &str) -> EventId {
    let name = format!("partner/{partner}/{origin_id}");
    Uuid::new_v5(&namespace, name.as_bytes()).into()
}

/// A hash over what the source says, leaving out what changes by itself.
#[must_use]
pub fn content_hash(draft: &EventDraft) -> String {
    let mut said = draft.clone();
    said.modified = None;
    said.sequence = None;
    let bytes = serde_json::to_vec(&said).expect("a draft is strings, numbers, lists and maps");
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    let digest = Sha256::digest(&bytes);
    let digits = digest
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

/// Plans what to do with the drafts of one source, batch after batch.
pub struct Planner<'a> {
    origin: &'a Origin,
    snapshot: &'a Snapshot,
    known: Known,
    slugs: HashSet<Slug>,
    uids: HashSet<Uid>,
    seen: HashSet<EventId>,
}

impl<'a> Planner<'a> {
    /// A planner for a source, beside the calendar as it was before the first batch.
    #[must_use]
    pub fn new(origin: &'a Origin, snapshot: &'a Snapshot) -> Self {
        Self {
            origin,
            snapshot,
            known: Known::of(snapshot),
            slugs: HashSet::new(),
            uids: HashSet::new(),
            seen: HashSet::new(),
        }
    }

    /// Plans what to do with further drafts. `stored` gives the event kept under an id, published or
    /// not.
    ///
    /// # Errors
    /// Those of `stored`.
    pub fn plan<E>(
        &mut self,
        drafts: Vec<EventDraft>,
        mut stored: impl FnMut(&EventId) -> Result<Option<Event>, E>,
    ) -> Result<Vec<Planned>, E> {
        let mut planned = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let id = self.id_of(&draft.origin_id);
            let old = stored(&id)?;
            planned.push(self.one(draft, id, old));
        }
        Ok(planned)
    }

    fn id_of(&self, origin_id: &str) -> EventId {
        partner_event_id(
            self.snapshot.region().uid_namespace,
            &self.origin.partner,
            origin_id,
        )
    }

    fn one(&mut self, draft: EventDraft, id: EventId, old: Option<Event>) -> Planned {
        let title = draft
            .title
            .iter()
            .next()
            .map(|it| it.text.to_owned())
            .unwrap_or_default();
        let origin_id = draft.origin_id.clone();
        let mut kept = Vec::new();
        let step = if self.seen.insert(id.clone()) {
            self.step(draft, id, old, &mut kept)
        } else {
            Step::Refuse("the same identity stands in the source twice".into())
        };
        Planned {
            origin_id,
            title,
            step,
            kept,
        }
    }

    fn step(
        &mut self,
        draft: EventDraft,
        id: EventId,
        old: Option<Event>,
        kept: &mut Vec<Field>,
    ) -> Step {
        if let Some(why) = unfit(&draft) {
            return Step::Refuse(why);
        }
        let hash = content_hash(&draft);
        if let Some(old) = &old
            && old
                .sources
                .iter()
                .any(|it| self.is_origin(it, &draft) && it.content_hash == hash)
        {
            return Step::Same;
        }
        if old.is_none() && self.is_ours(&draft) {
            return Step::Ours;
        }
        let told = self.event(draft, id, hash);
        match old {
            None => Step::Create(Box::new(told)),
            Some(old) => {
                let next = merge(&old, told, &self.origin.partner, kept);
                match revise(&old, next, self.origin.at) {
                    Some(next) => Step::Update(Box::new(next)),
                    None => Step::Same,
                }
            }
        }
    }

    fn is_origin(&self, source: &Source, draft: &EventDraft) -> bool {
        source.partner == self.origin.partner && source.origin_id == draft.origin_id
    }

    /// Whether the event is published here under the same `UID` and did not come this way.
    fn is_ours(&self, draft: &EventDraft) -> bool {
        let known = draft
            .uid
            .as_ref()
            .and_then(|uid| self.snapshot.event_of(uid));
        known.is_some_and(|entry| {
            !entry
                .event()
                .sources
                .iter()
                .any(|it| self.is_origin(it, draft))
        })
    }

    /// The draft as an event of ours.
    fn event(&mut self, draft: EventDraft, id: EventId, hash: String) -> Event {
        let slug = self.free_slug(&draft, &id);
        let uid = self.free_uid(draft.uid, &id);
        let partner = &self.origin.partner;
        let owner = Owner::Partner(partner.clone());
        let whole = draft
            .super_event
            .as_deref()
            .map(|origin| self.id_of(origin));
        let source = Source {
            partner: partner.clone(),
            origin_id: draft.origin_id,
            url: Some(self.origin.url.clone()),
            fetched_at: self.origin.at,
            content_hash: hash,
        };
        let venues = draft.venues.into_iter();
        let known = &self.known;
        Event {
            id,
            sequence: draft.sequence.unwrap_or(0),
            summary: draft.summary,
            description: draft.description,
            status: draft.status,
            previous: draft.previous,
            status_note: draft.status_note,
            venues: venues.map(|venue| known.venue(venue)).collect(),
            online_url: draft.online_url,
            organizer: draft.organizer.map(|organizer| known.organizer(organizer)),
            categories: known.categories(&draft.categories),
            audiences: known.audiences(&draft.audiences),
            accessibility: draft.accessibility,
            admission: draft.admission,
            offers: draft.offers,
            images: draft.images,
            website: draft.website,
            super_event: whole,
            sources: vec![source],
            owners: Field::ALL
                .into_iter()
                .map(|field| (field, owner.clone()))
                .collect(),
            ..Event::new(slug, uid, draft.title, draft.schedule, self.origin.at)
        }
    }

    /// A slug of title and day that no other event has.
    fn free_slug(&mut self, draft: &EventDraft, id: &EventId) -> Slug {
        let title = draft.title.iter().next().map_or("event", |it| it.text);
        let day = draft
            .schedule
            .when
            .start()
            .date()
            .format("%Y-%m-%d")
            .to_string();
        let wanted = Slug::from_text(title).with_suffix(&day);
        let taken = |slug: &Slug, own: &HashSet<Slug>| {
            own.contains(slug)
                || self
                    .snapshot
                    .event_at(slug)
                    .is_some_and(|entry| entry.id() != id.as_str())
        };
        let tail: String = id.as_str().chars().filter(|c| *c != '-').take(10).collect();
        let slug = if taken(&wanted, &self.slugs) {
            wanted.with_suffix(&tail)
        } else {
            wanted
        };
        self.slugs.insert(slug.clone());
        slug
    }

    /// The source's `UID` where it is free, else one of our own.
    fn free_uid(&mut self, wanted: Option<Uid>, id: &EventId) -> Uid {
        let free = |uid: &Uid| {
            !self.uids.contains(uid)
                && self
                    .snapshot
                    .event_of(uid)
                    .is_none_or(|entry| entry.id() == id.as_str())
        };
        let uid = wanted.filter(free).unwrap_or_else(|| {
            let own = Uuid::new_v5(
                &self.snapshot.region().uid_namespace,
                id.as_str().as_bytes(),
            );
            own.into()
        });
        self.uids.insert(uid.clone());
        uid
    }
}

/// Why a draft cannot be kept at all.
fn unfit(draft: &EventDraft) -> Option<String> {
    if draft.title.is_empty() {
        return Some("it has no title".into());
    }
    let rule = draft
        .schedule
        .recurrence
        .as_ref()
        .and_then(|it| it.rule.as_ref());
    rule.and_then(|rule| check_public(rule, &Limits::default()).err())
        .map(|e| e.to_string())
}

/// The told event with what others than the partner have set here put back, and listed in `kept`.
fn merge(old: &Event, told: Event, partner: &PartnerId, kept: &mut Vec<Field>) -> Event {
    let mut next = told;
    next.series.clone_from(&old.series);
    let mut sources = old.sources.clone();
    for source in std::mem::take(&mut next.sources) {
        let same =
            |it: &&mut Source| it.partner == source.partner && it.origin_id == source.origin_id;
        match sources.iter_mut().find(same) {
            Some(known) => *known = source,
            None => sources.push(source),
        }
    }
    next.sources = sources;
    for field in Field::ALL {
        let owner = old.owner(field);
        if owner.is_none_or(|owner| *owner == Owner::Partner(partner.clone())) {
            continue;
        }
        let told = next.clone();
        next.take(field, old);
        if next != told {
            kept.push(field);
        }
        next.owners
            .extend(owner.map(|owner| (field, owner.clone())));
    }
    next
}
