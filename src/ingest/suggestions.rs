//! Suggestions for editors, as changes to the store.

use std::collections::HashSet;

use calendar_domain::{RecordKey, RecordKind, Suggestion};
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
