//! Events whose origin id a partner has changed.

use std::collections::HashMap;

use calendar_domain::query::fold;
use calendar_domain::{
    Event, EventDraft, EventId, Field, Lang, Owner, PartnerId, Schedule, Source, Subject, Uid,
};

use super::identify::EventMatch;
use super::{Lookup, Planner, content_hash, fields_suggestion_id};
use calendar_store::StoreError;

/// Folded title and schedule, for comparison within one partner.
type Face = (String, String);

/// An event missing from the response.
#[derive(Debug, Clone)]
struct Gone {
    id: EventId,
    origin_id: String,
    uid: Uid,
    hash: String,
}

/// Stored events of the partner whose origin ids are missing from the response.
#[derive(Debug, Default)]
pub(super) struct MissingEvents {
    all: Vec<Option<Gone>>,
    by_face: HashMap<Face, Vec<usize>>,
    /// Several for an event with several sources of the partner, in the order of the sources.
    by_uid: HashMap<Uid, Vec<usize>>,
    /// Events whose title or time was not set by the partner.
    described_here: Vec<usize>,
}

impl MissingEvents {
    fn note(&mut self, gone: Gone, face: Face, is_described_here: bool) {
        let index = self.all.len();
        self.by_face.entry(face).or_default().push(index);
        self.by_uid.entry(gone.uid.clone()).or_default().push(index);
        if is_described_here {
            self.described_here.push(index);
        }
        self.all.push(Some(gone));
    }

    /// Removes and returns the event with a `UID`, with the first of its missing sources.
    fn with_uid(&mut self, uid: &Uid) -> Option<Gone> {
        let mut indexes = self.by_uid.get(uid)?.iter();
        let index = indexes.find(|index| self.all[**index].is_some())?;
        self.all[*index].take()
    }

    /// Removes and returns the event that a draft is about: one with the same content under the event's identifiers, or
    /// else one with the same title and time.
    fn like(&mut self, draft: &EventDraft) -> Option<Gone> {
        let title = draft.title.iter().next().map_or("", |it| it.text);
        let face = face(title, &draft.schedule);
        let alike = self.by_face.get(&face).map_or(&[][..], |it| it);
        let is_there = |index: &&usize| self.all[**index].is_some();
        let same_value = |index: &&usize| {
            let gone = self.all[**index].as_ref();
            gone.is_some_and(|it| content_hash(&named(draft, it)) == it.hash)
        };
        let found = alike.iter().find(same_value);
        let found = found.or_else(|| alike.iter().rfind(is_there));
        let found = found.or_else(|| self.described_here.iter().find(same_value));
        let index = *found?;
        self.all[index].take()
    }
}

impl Planner<'_> {
    /// Adds an event with a source whose origin id is missing from the response.
    pub(super) fn note_vanished(
        &mut self,
        event: &Event,
        source: &Source,
        stored: &Lookup<'_>,
    ) -> Result<(), StoreError> {
        let gone = Gone {
            id: event.id.clone(),
            origin_id: source.origin_id.clone(),
            uid: event.uid.clone(),
            hash: source.content_hash.clone(),
        };
        let me = Owner::Partner(self.origin.partner.clone());
        let is_mine = |field| event.owner(field).is_none_or(|owner| *owner == me);
        let is_described_here = !(is_mine(Field::Title) && is_mine(Field::Schedule));
        let face = if is_described_here || event.sources.len() > 1 {
            let told = self.as_told(event, source, stored)?;
            face(told.title_in(Lang::Nb), &told.schedule)
        } else {
            face(event.title_in(Lang::Nb), &event.schedule)
        };
        self.vanished.note(gone, face, is_described_here);
        Ok(())
    }

    /// Returns an event with the values of one of its sources, as far as they are known.
    fn as_told(
        &self,
        event: &Event,
        source: &Source,
        stored: &Lookup<'_>,
    ) -> Result<Event, StoreError> {
        if event.sources.len() > 1
            && let Some(version) = stored.version(source)?
            && version.event == event.id
        {
            return Ok(*version.told);
        }
        // The partner's values of fields that a person set are in its suggestion.
        let namespace = self.snapshot.region().uid_namespace;
        let id = fields_suggestion_id(namespace, &source.partner, &event.id);
        let mut next = event.clone();
        if let Some(Subject::Fields { fields, told }) = stored.matter(&id)? {
            for field in fields {
                next.take(field, &told);
            }
        }
        Ok(next)
    }

    /// Finds the event of a renaming that was noted in the last run.
    pub(super) fn by_new_name(
        &self,
        origin: &str,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<EventMatch>, StoreError> {
        let before = self.terms.renamed.and_then(|it| it.get(origin));
        let is_told = |name: &String| self.terms.told.is_some_and(|told| told.contains(name));
        let Some(before) = before.filter(|it| !is_told(it)) else {
            return Ok(None);
        };
        let known = self.noted(before).filter(|id| !self.seen.contains(*id));
        let event = known.cloned().map(|id| stored.event(&id)).transpose()?;
        Ok(event
            .flatten()
            .map(|it| EventMatch::Renamed(Box::new(it), before.clone())))
    }

    /// Finds the missing event with the draft's `UID`.
    pub(super) fn by_own_uid(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Event>, StoreError> {
        let uid = draft.uid.as_ref();
        match uid.and_then(|uid| self.vanished.with_uid(uid)) {
            Some(before) => self.as_before(draft, before, stored),
            None => Ok(None),
        }
    }

    /// Finds a missing event with the same title and schedule. Some calendars (Office 365) issue new
    /// identifiers with each response.
    pub(super) fn by_face(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Event>, StoreError> {
        match self.vanished.like(draft) {
            Some(before) => self.as_before(draft, before, stored),
            None => Ok(None),
        }
    }

    /// Gives a draft its former identifiers, so that unchanged content compares as equal. Notes the renaming
    /// for [`Self::by_new_name`].
    fn as_before(
        &mut self,
        draft: &mut EventDraft,
        before: Gone,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Event>, StoreError> {
        let event = stored.event(&before.id)?;
        if event.is_some() {
            let names = (draft.origin_id.clone(), before.origin_id.clone());
            self.renamed.extend([names]);
            *draft = named(draft, &before);
        }
        Ok(event)
    }
}

/// Returns a draft with the identifiers of a stored event.
fn named(draft: &EventDraft, before: &Gone) -> EventDraft {
    EventDraft {
        origin_id: before.origin_id.clone(),
        uid: draft.uid.as_ref().map(|_| before.uid.clone()),
        ..draft.clone()
    }
}

/// Returns the title and schedule of an event in comparable form.
fn face(title: &str, schedule: &Schedule) -> Face {
    (fold(title), format!("{schedule:?}"))
}

/// Changes the origin id of a partner's source.
pub(super) fn rename(event: &mut Event, partner: &PartnerId, before: &str, now: &str) {
    let mut sources = event.sources.iter_mut();
    if let Some(source) = sources.find(|it| it.partner == *partner && it.origin_id == before) {
        source.origin_id = now.to_owned();
    }
}
