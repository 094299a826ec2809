//! Events whose origin id a partner has changed.

use std::collections::HashMap;

use calendar_domain::query::fold;
use calendar_domain::{Event, EventDraft, EventId, Lang, Schedule, Source, Uid};

use super::whose::Whose;
use super::{Lookup, Planner, content_hash};
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
pub(super) struct Vanished {
    by_face: HashMap<Face, Vec<Gone>>,
    faces: HashMap<Uid, Face>,
}

impl Vanished {
    /// Adds an event with one of its sources.
    pub(super) fn note(&mut self, event: &Event, source: &Source) {
        let face = face(event.title_in(Lang::Nb), &event.schedule);
        self.faces.insert(event.uid.clone(), face.clone());
        self.by_face.entry(face).or_default().push(Gone {
            id: event.id.clone(),
            origin_id: source.origin_id.clone(),
            uid: event.uid.clone(),
            hash: source.content_hash.clone(),
        });
    }

    /// Removes and returns the event with a `UID`.
    fn with_uid(&mut self, uid: &Uid) -> Option<Gone> {
        let gone = self.by_face.get_mut(self.faces.get(uid)?)?;
        let at = gone.iter().position(|it| it.uid == *uid)?;
        Some(gone.swap_remove(at))
    }
}

impl Planner<'_> {
    /// Finds the event of a renaming that was noted in the last run.
    pub(super) fn by_new_name(
        &self,
        origin: &str,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Whose>, StoreError> {
        let before = self.terms.renamed.and_then(|it| it.get(origin));
        let is_told = |name: &String| self.terms.told.is_some_and(|told| told.contains(name));
        let Some(before) = before.filter(|it| !is_told(it)) else {
            return Ok(None);
        };
        let known = self.noted(before).filter(|id| !self.seen.contains(*id));
        let event = known.cloned().map(|id| stored.event(&id)).transpose()?;
        Ok(event
            .flatten()
            .map(|it| Whose::Renamed(Box::new(it), before.clone())))
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
        if self.vanished.by_face.is_empty() {
            return Ok(None);
        }
        let title = draft.title.iter().next().map_or("", |it| it.text);
        let face = face(title, &draft.schedule);
        let Some(gone) = self.vanished.by_face.get_mut(&face) else {
            return Ok(None);
        };
        let same = gone
            .iter()
            .position(|it| content_hash(&named(draft, it)) == it.hash);
        match same.or_else(|| gone.len().checked_sub(1)) {
            Some(at) => {
                let before = gone.swap_remove(at);
                self.as_before(draft, before, stored)
            }
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
