//! Events that are part of others. No event is part of itself, directly or through others.

use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{EventDraft, EventId};
use calendar_store::StoreError;

use super::{Lookup, Planner, partner_event_id};

/// Maximum number of events that are each part of the next.
pub const DEEPEST: usize = 10;

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
            .map(|it| (it.origin_id.clone(), it.super_event.clone()));
        self.wholes.extend(wholes);
    }

    /// Clears `super_event` of a draft if the event would be part of itself or the chain too long. Returns a diagnostic
    /// then.
    pub(super) fn cut_circle(
        &mut self,
        draft: &mut EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<Diagnostic>, StoreError> {
        let Some(whole) = draft.super_event.clone() else {
            return Ok(None);
        };
        self.note_own(stored)?;
        let Some(why) = self.circle(&draft.origin_id, whole, stored)? else {
            return Ok(None);
        };
        draft.super_event = None;
        let at = format!("event «{}»", draft.origin_id);
        let detail = format!("super_event was left out: {why}");
        Ok(Some(Diagnostic::warning(at, detail)))
    }

    /// Returns the reason why an event cannot be part of another, if there is one.
    fn circle(
        &self,
        part: &str,
        whole: String,
        stored: &mut Lookup<'_>,
    ) -> Result<Option<String>, StoreError> {
        let own = self.id_of(part);
        let mut at = Named::Origin(whole);
        for _ in 0..DEEPEST {
            let id = match &at {
                Named::Origin(origin) => self.id_of(origin),
                Named::Id(id) => id.clone(),
            };
            if id == own {
                return Ok(Some("the event would be a part of itself".into()));
            }
            let event = match &at {
                Named::Origin(origin) if self.wholes.contains_key(origin) => None,
                _ => stored.event(&id)?,
            };
            let mut names = event.iter().flat_map(|it| &it.sources);
            let told = names.find_map(|it| {
                let is_mine = it.partner == self.origin.partner;
                self.wholes.get(&it.origin_id).filter(|_| is_mine)
            });
            let told = match &at {
                Named::Origin(origin) => told.or_else(|| self.wholes.get(origin)),
                Named::Id(_) => told,
            };
            let next = match told {
                Some(whole) => whole.clone().map(Named::Origin),
                None => event.and_then(|it| it.super_event).map(Named::Id),
            };
            match next {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
        Ok(Some(too_deep()))
    }

    /// Returns the id of the event with one of the partner's origin ids.
    pub(super) fn id_of(&self, origin: &str) -> EventId {
        let namespace = self.snapshot.region().uid_namespace;
        let known = self.noted(origin).cloned();
        known.unwrap_or_else(|| partner_event_id(namespace, &self.origin.partner, origin))
    }
}

/// Returns the message about a chain that is too long.
#[must_use]
pub fn too_deep() -> String {
    format!("more than {DEEPEST} events would each be a part of the next")
}
