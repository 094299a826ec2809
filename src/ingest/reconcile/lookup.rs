//! Read access of a planner to the store.

use calendar_domain::{Claim, Event, EventId, Source, SourceVersion, Subject, Suggestion, Uid};
use calendar_store::{Store, StoreError, records};

/// Stored events, published or not.
pub struct Lookup<'a> {
    store: &'a dyn Store,
    event: &'a mut dyn FnMut(&EventId) -> Result<Option<Event>, StoreError>,
}

impl<'a> Lookup<'a> {
    /// Creates a lookup that reads events by id with `event`.
    pub fn new(
        store: &'a dyn Store,
        event: &'a mut dyn FnMut(&EventId) -> Result<Option<Event>, StoreError>,
    ) -> Self {
        Self { store, event }
    }

    /// Returns the event with an id.
    pub(super) fn event(&mut self, id: &EventId) -> Result<Option<Event>, StoreError> {
        (self.event)(id)
    }

    /// Returns the stored version of a source.
    pub(super) fn version(&self, source: &Source) -> Result<Option<SourceVersion>, StoreError> {
        let key = SourceVersion::key_of(&source.partner, &source.origin_id);
        let kept = records::one::<SourceVersion>(self.store, &key)?;
        Ok(kept.map(|(version, _)| version))
    }

    /// Returns the subject of a suggestion, decided or not.
    pub(super) fn matter(&self, id: &str) -> Result<Option<Subject>, StoreError> {
        let kept = records::one::<Suggestion>(self.store, id)?;
        Ok(kept.map(|(suggestion, _)| suggestion.matter))
    }

    /// Returns the events with a `UID`.
    pub(super) fn with_uid(&mut self, uid: &Uid) -> Result<Vec<Event>, StoreError> {
        let mut found = Vec::new();
        for key in self.store.holders(&Claim::EventUid(uid.clone()))? {
            if let Ok(id) = key.id.parse() {
                found.extend(self.event(&id)?);
            }
        }
        Ok(found)
    }
}
