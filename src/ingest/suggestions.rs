//! What partners leave for people to decide, as changes of the store.

use std::collections::HashSet;

use calendar_domain::{RecordKey, RecordKind, Suggestion};
use calendar_store::{Change, Store, StoreError, records};

/// What a plan leaves to decide, and what of that is to be decided no more.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matters {
    /// What has come up.
    pub raised: Vec<Suggestion>,
    /// Ids of suggestions that are moot unless they are raised again.
    pub moot: Vec<String>,
}

impl Matters {
    /// The changes that keep suggestions which are new or say something else than before, and remove those that
    /// nobody has decided and that are moot.
    ///
    /// # Errors
    /// Where the store cannot be read.
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
