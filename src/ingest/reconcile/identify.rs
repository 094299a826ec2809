//! Finds the event that a draft describes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Entry;
use crate::ingest::matching::score;
use calendar_domain::{
    Event, EventDraft, EventId, Lang, OriginKey, Publication, Score, Slug, Source, Trust, Uid,
};

use super::{Lookup, Planner, partner_event_id, partner_event_ids};
use calendar_store::StoreError;

/// The event that a draft describes.
#[derive(Debug, Clone)]
pub(super) enum EventMatch {
    /// None so far.
    New {
        /// Id for the new event.
        id: EventId,
        /// A similar event, for an editor to decide.
        alike: Option<(EventId, Score)>,
    },
    /// A stored event of this partner.
    Known(Box<Event>),
    /// A stored event of this partner whose former origin id is given.
    Renamed(Box<Event>, String),
    /// An event of another partner, or one of ours with a new source.
    Joined(Box<Event>, Score),
    /// One of our published events, republished.
    Ours,
    /// The response already contains it, under this name if known.
    Twice(Option<String>),
}

/// Minimum similarity of times for two events to be the same.
const SAME_TIME: u8 = 70;

/// Score of two events known to be the same.
const CERTAIN: Score = Score {
    title: 100,
    time: 100,
    place: 100,
    address: 100,
    total: 100,
};

impl Planner<'_> {
    /// Collects the partner's origin ids, and the events missing from the response. Proportional to the number
    /// of its events, so a single event that is found by its id skips this.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub(super) fn note_own(&mut self, stored: &Lookup<'_>) -> Result<(), StoreError> {
        if self.origins.is_some() {
            return Ok(());
        }
        let mut origins = HashMap::new();
        let partner = &self.origin.partner;
        for entry in self.snapshot.events_from(partner) {
            let event = entry.event();
            for source in event
                .sources
                .iter()
                .filter(|source| source.partner == *partner)
            {
                origins.insert(source.origin_id.clone(), event.id.clone());
                if self.is_vanished(&event, source) {
                    self.note_vanished(&event, source, stored)?;
                }
            }
        }
        let partner = &self.origin.partner;
        for (origin, id) in self.snapshot.hidden_events(partner) {
            origins
                .entry(origin.to_owned())
                .or_insert_with(|| id.clone());
        }
        self.origins = Some(origins);
        Ok(())
    }

    /// Collects the partner's events that wait for an editor and are missing from the response or reported as
    /// deleted.
    pub(super) fn note_waiting(
        &mut self,
        gone: &HashSet<String>,
        stored: &mut Lookup<'_>,
    ) -> Result<(), StoreError> {
        let told = self.terms.told;
        let is_untold = |origin: &str| told.is_some_and(|told| !told.contains(origin));
        let hidden = self.snapshot.hidden_events(&self.origin.partner);
        for (origin, id) in hidden.filter(|(origin, _)| is_untold(origin) || gone.contains(*origin))
        {
            let event = stored.event(id)?;
            // A rejected event waits for nobody, but is recognized under another origin id.
            let is_known = |event: &Event| {
                matches!(
                    event.publication,
                    Publication::Submitted | Publication::Rejected
                )
            };
            let Some(event) = event.filter(is_known) else {
                continue;
            };
            let mut sources = event.sources.iter();
            let source = sources.find(|source| source.origin_id == origin);
            if let Some(source) = source.filter(|source| self.is_vanished(&event, source)) {
                self.note_vanished(&event, source, stored)?;
            }
            if event.publication == Publication::Submitted {
                self.waiting.push(event);
            }
        }
        Ok(())
    }

    /// Returns the event of an origin id. Requires [`Self::note_own`].
    pub(super) fn noted(&self, origin: &str) -> Option<&EventId> {
        self.origins.as_ref()?.get(origin)
    }

    pub(super) fn whose(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<EventMatch, StoreError> {
        let origin = draft.origin_id.as_str();
        let namespace = self.snapshot.region().uid_namespace;
        let mut id = partner_event_id(namespace, &self.origin.partner, origin);
        let mut asked = None;
        if self.terms.told.is_none() && !self.seen.contains(&id) {
            let kept = stored.event(&id)?;
            match kept {
                Some(event)
                    if event
                        .sources
                        .iter()
                        .any(|source| self.is_from(source, draft)) =>
                {
                    if draft.super_event.is_some() {
                        self.note_own(stored)?;
                    }
                    return Ok(EventMatch::Known(Box::new(event)));
                }
                other => asked = Some(other),
            }
        }
        self.note_own(stored)?;
        if let Some(known) = self.noted(origin).cloned() {
            if self.seen.contains(&known) {
                return Ok(self.twice(&known));
            }
            if let Some(event) = stored.event(&known)? {
                // Of two names of one event always the same counts, whichever the answer has first.
                return Ok(match self.name_that_counts(&event) {
                    Some(name) if name != origin => EventMatch::Twice(Some(name.to_owned())),
                    _ => EventMatch::Known(Box::new(event)),
                });
            }
        }
        if let Some(known) = self.elsewhere.get(origin) {
            return Ok(self.twice(known));
        }
        if self.has_told(&id, origin) {
            return Ok(self.twice(&id));
        }
        if let Some(whose) = self.by_new_name(origin, stored)? {
            return Ok(whose);
        }
        // Store reads are expensive, so the result from above is reused.
        let mut kept = match asked {
            Some(kept) => kept,
            None => stored.event(&id)?,
        };
        // After a merge or split, the event with this id may belong to another source or to none.
        let mut others = partner_event_ids(namespace, &self.origin.partner, origin).skip(1);
        while let Some(event) = kept {
            if event
                .sources
                .iter()
                .any(|source| self.is_from(source, draft))
            {
                return Ok(EventMatch::Known(Box::new(event)));
            }
            let Some(other) = others.next() else { break };
            id = other;
            if self.has_told(&id, origin) {
                return Ok(self.twice(&id));
            }
            kept = stored.event(&id)?;
        }
        drop(others);
        if let Some(whose) = self.by_decision(draft, stored)? {
            return Ok(whose);
        }
        if let Some(whose) = self.by_own_uid(draft, stored)? {
            return Ok(whose);
        }
        if let Some(entry) = self.by_identity(draft) {
            return Ok(self.met(&entry.event(), draft, id));
        }
        if draft.secondhand && self.is_withdrawn(draft) {
            return Ok(EventMatch::Ours);
        }
        if let Some(whose) = self.by_stored_uid(draft, &id, stored)? {
            return Ok(whose);
        }
        if let Some(whose) = self.by_face(draft, stored)? {
            return Ok(whose);
        }
        Ok(self.by_likeness(draft, id))
    }

    /// Returns true if the response already contains an event under this origin id. The event with the id of an
    /// origin may have passed to other sources.
    fn has_told(&self, id: &EventId, origin: &str) -> bool {
        self.told_as.get(id).is_some_and(|told| told == origin)
    }

    pub(super) fn twice(&self, id: &EventId) -> EventMatch {
        EventMatch::Twice(self.told_as.get(id).cloned())
    }

    fn is_from(&self, source: &Source, draft: &EventDraft) -> bool {
        source.partner == self.origin.partner && source.origin_id == draft.origin_id
    }

    /// Returns the published event that an editor decided is the same.
    fn by_decision(
        &self,
        draft: &EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<EventMatch>, StoreError> {
        let key = self.key_of(&draft.origin_id);
        let mut twice = None;
        for OriginKey { partner, origin_id } in self.terms.pairings.same_as(&key) {
            let id = match partner {
                None => origin_id.parse().ok(),
                Some(partner) => {
                    let mut theirs = self.snapshot.events_from(partner);
                    let tells = |source: &Source| {
                        source.partner == *partner && source.origin_id == *origin_id
                    };
                    let found = theirs.find(|their| their.event().sources.iter().any(tells));
                    found.map(|found| found.event().id.clone())
                }
            };
            let Some(id) = id else { continue };
            if self.seen.contains(&id) {
                twice.get_or_insert_with(|| self.twice(&id));
            } else if let Some(event) = stored.event(&id)?
                && event.is_public()
            {
                return Ok(Some(EventMatch::Joined(Box::new(event), CERTAIN)));
            }
        }
        Ok(twice)
    }

    /// Returns the published event with the draft's `UID`, or at whose page the draft's website points.
    fn by_identity(&self, draft: &EventDraft) -> Option<Arc<Entry>> {
        let by_uid = draft
            .uid
            .as_ref()
            .and_then(|uid| self.snapshot.event_of(uid));
        let by_page = || {
            let (site, page) = (self.terms.site?, draft.website.as_ref()?);
            if site.origin() != page.origin() {
                return None;
            }
            let rest = page
                .path()
                .strip_prefix(site.path().trim_end_matches('/'))?;
            let (_, rest) = Lang::split_path(rest);
            let slug: Slug = rest.strip_prefix("/events/")?.parse().ok()?;
            self.snapshot.event_at(&slug)
        };
        let found = by_uid.or_else(by_page)?;
        let seen = self.seen.iter().any(|id| id.as_str() == found.id());
        (!seen).then(|| Arc::clone(found))
    }

    /// Finds an event by `UID` that is not in the snapshot: the partner's own unpublished one, or one published
    /// since.
    fn by_stored_uid(
        &self,
        draft: &EventDraft,
        id: &EventId,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<EventMatch>, StoreError> {
        let unknown = |uid: &&Uid| self.snapshot.event_of(uid).is_none();
        let Some(uid) = draft.uid.as_ref().filter(unknown) else {
            return Ok(None);
        };
        for event in stored.with_uid(uid)? {
            if self.seen.contains(&event.id) {
                continue;
            }
            if event
                .sources
                .iter()
                .any(|source| self.is_from(source, draft))
            {
                return Ok(Some(EventMatch::Known(Box::new(event))));
            }
            if event.is_public() {
                return Ok(Some(self.met(&event, draft, id.clone())));
            }
        }
        Ok(None)
    }

    fn is_withdrawn(&self, draft: &EventDraft) -> bool {
        let known = self.terms.withdrawn.zip(draft.uid.as_ref());
        known.is_some_and(|(withdrawn, uid)| withdrawn.contains(uid))
    }

    /// Decides about an event with the same `UID` or page that has no source with this origin id.
    fn met(&self, event: &Event, draft: &EventDraft, id: EventId) -> EventMatch {
        let key = self.key_of(&draft.origin_id);
        let mine = event
            .sources
            .iter()
            .any(|source| source.partner == self.origin.partner);
        // An aggregator may be republishing our own event, possibly through several hops.
        let echo = event.sources.is_empty() || draft.secondhand;
        if self.terms.pairings.parts(&key, event) {
            return EventMatch::New { id, alike: None };
        }
        if echo || mine {
            return EventMatch::Ours;
        }
        // A `UID` can be copied, so the times must agree too.
        let score = score(&self.faceless(draft.clone()), event);
        if score.time >= SAME_TIME && self.trust() == Trust::Publish {
            EventMatch::Joined(Box::new(event.clone()), CERTAIN)
        } else {
            EventMatch::New {
                id,
                alike: Some((event.id.clone(), score)),
            }
        }
    }
}
