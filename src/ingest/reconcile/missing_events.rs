//! The events of a partner that are missing from a response.

use super::content_hash;
use calendar_domain::query::fold;
use calendar_domain::{EventDraft, EventId, Schedule, Uid};
use std::collections::HashMap;

/// Folded title and schedule, for comparison within one partner.
pub(super) type Face = (String, String);

/// An event missing from the response.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    pub(super) id: EventId,
    pub(super) origin_id: String,
    pub(super) uid: Uid,
    pub(super) hash: String,
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
    pub(super) fn note(&mut self, gone: Gone, face: Face, is_described_here: bool) {
        let index = self.all.len();
        self.by_face.entry(face).or_default().push(index);
        self.by_uid.entry(gone.uid.clone()).or_default().push(index);
        if is_described_here {
            self.described_here.push(index);
        }
        self.all.push(Some(gone));
    }

    /// Removes and returns the event with a `UID`, with the first of its missing sources.
    pub(super) fn with_uid(&mut self, uid: &Uid) -> Option<Gone> {
        let mut indexes = self.by_uid.get(uid)?.iter();
        let index = indexes.find(|index| self.all[**index].is_some())?;
        self.all[*index].take()
    }

    /// Removes and returns the event that a draft is about: one with the same content under the event's identifiers, or
    /// else one with the same title and time.
    pub(super) fn like(&mut self, draft: &EventDraft) -> Option<Gone> {
        let title = draft.title.iter().next().map_or("", |title| title.text);
        let face = face(title, &draft.schedule);
        let alike = self.by_face.get(&face).map_or(&[][..], |value| value);
        let is_there = |index: &&usize| self.all[**index].is_some();
        let same_value = |index: &&usize| {
            let gone = self.all[**index].as_ref();
            gone.is_some_and(|gone| content_hash(&named(draft, gone)) == gone.hash)
        };
        let found = alike.iter().find(same_value);
        let found = found.or_else(|| alike.iter().rfind(is_there));
        let found = found.or_else(|| self.described_here.iter().find(same_value));
        let index = *found?;
        self.all[index].take()
    }
}

/// Returns a draft with the identifiers of a stored event.
pub(super) fn named(draft: &EventDraft, before: &Gone) -> EventDraft {
    EventDraft {
        origin_id: before.origin_id.clone(),
        uid: draft.uid.as_ref().map(|_| before.uid.clone()),
        ..draft.clone()
    }
}

/// Returns the title and schedule of an event in comparable form.
pub(super) fn face(title: &str, schedule: &Schedule) -> Face {
    (fold(title), format!("{schedule:?}"))
}
