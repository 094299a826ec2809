//! Events that are part of others. No event is part of itself, directly or through others.

use std::collections::HashSet;

use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{Event, EventDraft, EventId};
use calendar_store::StoreError;

use super::identify::EventMatch;
use super::step::{DEEPEST, NotPart};
use super::{Lookup, Planned, Planner, partner_event_id};

/// An event by the partner's origin id, or by our id.
enum Named {
    Origin(String),
    Id(EventId),
}

impl Planner<'_> {
    /// Records the event that each draft is part of.
    pub(super) fn note_wholes(&mut self, drafts: &[EventDraft]) {
        let wholes = drafts
            .iter()
            .map(|draft| (draft.origin_id.clone(), draft.super_event.clone()));
        self.wholes.extend(wholes);
    }

    /// Clears `super_event` of a draft if the event would be part of itself or the chain too long, and adds a
    /// diagnostic. A chain that is stored already may be too long.
    pub(super) fn cut_circle(
        &mut self,
        draft: &mut EventDraft,
        whose: &EventMatch,
        stored: &mut Lookup<'_>,
        planned: &mut Planned,
    ) -> Result<(), StoreError> {
        let (Some(named), Some((own, old))) = (draft.super_event.clone(), whose.event()) else {
            return Ok(());
        };
        self.note_own(stored)?;
        let before = old.and_then(|old| old.super_event.as_ref());
        let (at, is_stored) = match before {
            Some(id) if id.as_str() == named => (Named::Id(id.clone()), true),
            before => {
                let is_stored = before == Some(&self.id_of(&named));
                (Named::Origin(named), is_stored)
            }
        };
        let why = match self.circle(own, at, stored)? {
            Some(NotPart::TooDeep) if is_stored => return Ok(()),
            Some(why) => why,
            None => return Ok(()),
        };
        draft.super_event = None;
        if why == NotPart::TooDeep {
            self.wholes.insert(draft.origin_id.clone(), None);
        }
        planned.not_part = Some(why).filter(|_| !is_stored);
        let at = format!("event «{}»", draft.origin_id);
        let detail = format!("super_event is left out: {why}");
        planned.remarks.push(Diagnostic::warning(at, detail));
        Ok(())
    }

    /// Returns the reason why an event cannot be part of another, if there is one.
    fn circle(
        &self,
        own: &EventId,
        whole: Named,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<NotPart>, StoreError> {
        let mut at = whole;
        for _ in self.height(own)..DEEPEST {
            let id = match &at {
                Named::Origin(origin) => self.id_of(origin),
                Named::Id(id) => id.clone(),
            };
            if id == *own {
                return Ok(Some(NotPart::OfItself));
            }
            let event = match &at {
                Named::Origin(origin) if self.wholes.contains_key(origin) => None,
                _ => stored.event(&id)?,
            };
            let mut names = event.iter().flat_map(|event| &event.sources);
            let told = names.find_map(|name| {
                let is_mine = name.partner == self.origin.partner;
                self.wholes.get(&name.origin_id).filter(|_| is_mine)
            });
            let told = match &at {
                Named::Origin(origin) => told.or_else(|| self.wholes.get(origin)),
                Named::Id(_) => told,
            };
            let next = match told {
                Some(whole) => whole.clone().map(Named::Origin),
                None => event.and_then(|event| event.super_event).map(Named::Id),
            };
            match next {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
        Ok(Some(NotPart::TooDeep))
    }

    /// Returns the length of the longest chain of published parts below an event, at most [`DEEPEST`].
    fn height(&self, id: &EventId) -> usize {
        let mut seen = HashSet::from([id.clone()]);
        let mut level = vec![id.clone()];
        for height in 0..DEEPEST {
            let parts = level.iter().flat_map(|id| self.snapshot.parts_of(id));
            let parts: Vec<EventId> = parts.map(|part| part.event().id.clone()).collect();
            level = parts
                .into_iter()
                .filter(|id| seen.insert(id.clone()))
                .collect();
            if level.is_empty() {
                return height;
            }
        }
        DEEPEST
    }

    /// Returns the id of the event with one of the partner's origin ids.
    pub(super) fn id_of(&self, origin: &str) -> EventId {
        let namespace = self.snapshot.region().uid_namespace;
        let known = self.elsewhere.get(origin).or_else(|| self.noted(origin));
        let known = known.cloned();
        known.unwrap_or_else(|| partner_event_id(namespace, &self.origin.partner, origin))
    }
}

impl EventMatch {
    /// Returns the id of the event, and the event if it is stored.
    fn event(&self) -> Option<(&EventId, Option<&Event>)> {
        match self {
            Self::New { id, .. } => Some((id, None)),
            Self::Known(event) | Self::Renamed(event, _) | Self::Joined(event, _) => {
                Some((&event.id, Some(&**event)))
            }
            Self::Ours | Self::Twice(_) => None,
        }
    }
}
