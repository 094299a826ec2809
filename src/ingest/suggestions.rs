//! Suggestions for editors, as changes to the store.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use calendar_domain::{
    Event, EventId, Field, PartnerId, RecordKey, RecordKind, Schedule, Subject, Suggestion, Text,
    When,
};
use calendar_store::{Change, Store, StoreError, records};

/// Suggestions that a plan raises, and those that it settles.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matters {
    /// Suggestions to store.
    pub raised: Vec<Suggestion>,
    /// Ids of suggestions to remove, unless raised again.
    pub moot: Vec<String>,
}

impl Matters {
    /// Raises a suggestion to change fields of an event to the values that a partner told. Without fields, the
    /// partner's earlier suggestion is moot.
    pub fn suggest_fields(
        &mut self,
        (namespace, at): (Uuid, DateTime<Utc>),
        partner: &PartnerId,
        event: &Event,
        told: &Event,
        fields: &[Field],
    ) {
        let id = fields_suggestion_id(namespace, partner, &event.id);
        if fields.is_empty() {
            self.moot.push(id);
            return;
        }
        // Holds those fields only: a change of another field must not make the suggestion look new.
        let nothing = Schedule::once(When::day(NaiveDate::default()));
        let (slug, uid) = (event.slug.clone(), event.uid.clone());
        let mut said = Event::new(slug, uid, Text::default(), nothing, event.created);
        said.id.clone_from(&event.id);
        for field in fields {
            said.take(*field, told);
        }
        self.raised.push(Suggestion {
            id,
            partner: partner.clone(),
            event: event.id.clone(),
            at,
            matter: Subject::Fields {
                fields: fields.iter().copied().collect(),
                told: Box::new(said),
            },
            decision: None,
        });
    }

    /// Adds the suggestions of another plan.
    pub fn extend(&mut self, other: Self) {
        self.raised.extend(other.raised);
        self.moot.extend(other.moot);
    }

    /// Returns the changes that store new or altered suggestions, and remove the moot ones that nobody has
    /// decided.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn changes(&self, store: &dyn Store) -> Result<Vec<Change>, StoreError> {
        let mut changes = Vec::new();
        let mut done = HashSet::new();
        for suggestion in &self.raised {
            if !done.insert(suggestion.id.as_str()) {
                continue;
            }
            let known = records::one::<Suggestion>(store, &suggestion.id)?;
            if known.is_none_or(|(known, _)| known.matter != suggestion.matter) {
                changes.push(Change::put(suggestion.clone().into()));
            }
        }
        for id in &self.moot {
            if !done.insert(id.as_str()) {
                continue;
            }
            if let Some((known, revision)) = records::one::<Suggestion>(store, id)?
                && known.decision.is_none()
            {
                let key = RecordKey::new(RecordKind::Suggestion, id.as_str());
                changes.push(Change::remove(key, revision));
            }
        }
        Ok(changes)
    }
}

/// Returns the key of a suggestion, which is deterministic.
#[must_use]
pub fn suggestion_id(
    namespace: Uuid,
    partner: &PartnerId,
    event: &EventId,
    matter: &str,
) -> String {
    let name = format!("suggestion/{partner}/{event}/{matter}");
    Uuid::new_v5(&namespace, name.as_bytes()).to_string()
}

/// Returns the key of a suggestion to change fields of an event to a partner's values.
#[must_use]
pub fn fields_suggestion_id(namespace: Uuid, partner: &PartnerId, event: &EventId) -> String {
    suggestion_id(namespace, partner, event, "fields")
}
