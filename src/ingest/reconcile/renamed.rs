//! Events whose origin id a partner has changed.

use super::identify::EventMatch;
use super::missing_events::{Gone, face, named};
use super::{Lookup, Planner};
use crate::ingest::suggestions::fields_suggestion_id;
use calendar_domain::{Event, EventDraft, Field, Lang, Owner, PartnerId, Source, Subject};
use calendar_store::StoreError;

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

    /// Finds the event of a renaming that was noted in the last run. If the response contains the event under another
    /// name too, that one counts.
    pub(super) fn by_new_name(
        &mut self,
        origin: &str,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<EventMatch>, StoreError> {
        let before = self.terms.renamed.and_then(|renamed| renamed.get(origin));
        let is_told = |name: &String| self.terms.told.is_some_and(|told| told.contains(name));
        let Some(before) = before.filter(|before| !is_told(before)) else {
            return Ok(None);
        };
        let Some(id) = self.noted(before).cloned() else {
            return Ok(None);
        };
        if self.seen.contains(&id) {
            self.renamed.insert(origin.to_owned(), before.clone());
            return Ok(Some(self.twice(&id)));
        }
        let event = stored.event(&id)?;
        Ok(event.map(|event| EventMatch::Renamed(Box::new(event), before.clone())))
    }

    /// Finds the missing event with the draft's `UID`.
    pub(super) fn by_own_uid(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<EventMatch>, StoreError> {
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
    ) -> Result<Option<EventMatch>, StoreError> {
        match self.vanished.like(draft) {
            Some(before) => self.as_before(draft, before, stored),
            None => Ok(None),
        }
    }

    /// Gives a draft its former identifiers, so that unchanged content compares as equal, unless the response
    /// contains the event under another name too. Notes the renaming for [`Self::by_new_name`].
    fn as_before(
        &mut self,
        draft: &mut EventDraft,
        before: Gone,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<EventMatch>, StoreError> {
        let Some(event) = stored.event(&before.id)? else {
            return Ok(None);
        };
        let names = (draft.origin_id.clone(), before.origin_id.clone());
        self.renamed.extend([names]);
        if self.seen.contains(&event.id) {
            return Ok(Some(self.twice(&event.id)));
        }
        *draft = named(draft, &before);
        Ok(Some(EventMatch::Known(Box::new(event))))
    }
}

/// Changes the origin id of a partner's source.
pub(super) fn rename(event: &mut Event, partner: &PartnerId, before: &str, now: &str) {
    let mut sources = event.sources.iter_mut();
    if let Some(source) =
        sources.find(|source| source.partner == *partner && source.origin_id == before)
    {
        source.origin_id = now.to_owned();
    }
}
