//! Events that are parts of others: none is a part of itself, by however many events between.

use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{EventDraft, EventId};
use calendar_store::StoreError;

use super::{Lookup, Planner, partner_event_id};

/// Maximum number of events of which each is a part of the next.
pub const DEEPEST: usize = 10;

/// An event by the partner's name, or by ours.
enum Named {
    Origin(String),
    Id(EventId),
}

impl Planner<'_> {
    /// Notes which event each draft is a part of.
    pub(super) fn note_wholes(&mut self, drafts: &[EventDraft]) {
        let wholes = drafts
            .iter()
            .map(|it| (it.origin_id.clone(), it.super_event.clone()));
        self.wholes.extend(wholes);
    }

    /// Takes out of a draft what would make the event a part of itself, or the last of too many.
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

    /// Why an event cannot be a part of another one.
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

    /// The id of the event that the partner calls so.
    pub(super) fn id_of(&self, origin: &str) -> EventId {
        let namespace = self.snapshot.region().uid_namespace;
        let known = self.noted(origin).cloned();
        known.unwrap_or_else(|| partner_event_id(namespace, &self.origin.partner, origin))
    }
}

/// Why an event is not taken as the last of too many.
#[must_use]
pub fn too_deep() -> String {
    format!("more than {DEEPEST} events would each be a part of the next")
}
