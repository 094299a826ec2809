//! Editors' decisions about pairs of origins.

use std::collections::HashMap;

use calendar_domain::pairing::origins;
use calendar_domain::{Event, OriginKey, Pairing};
use calendar_store::{Store, StoreError, records};

/// Decisions that two origins are the same event, or different ones. They are permanent.
#[derive(Debug, Clone, Default)]
pub struct Pairings {
    all: HashMap<OriginKey, Vec<(OriginKey, bool)>>,
}

impl Pairings {
    /// Reads the decisions from a store.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn kept(store: &dyn Store) -> Result<Self, StoreError> {
        let kept = records::every::<Pairing>(store)?;
        Ok(Self::new(kept.iter().map(|(value, _)| value)))
    }

    /// Collects the given decisions.
    pub fn new<'a>(pairings: impl IntoIterator<Item = &'a Pairing>) -> Self {
        let mut all: HashMap<OriginKey, Vec<(OriginKey, bool)>> = HashMap::new();
        for Pairing {
            one, other, same, ..
        } in pairings
        {
            let mut note = |a: &OriginKey, b: &OriginKey| {
                all.entry(a.clone()).or_default().push((b.clone(), *same));
            };
            note(one, other);
            note(other, one);
        }
        Self { all }
    }

    /// Returns the origins decided to be the same event as this one.
    pub fn same_as<'a>(&'a self, origin: &OriginKey) -> impl Iterator<Item = &'a OriginKey> {
        let found = self.all.get(origin).into_iter().flatten();
        found.filter_map(|(other, same)| same.then_some(other))
    }

    /// Returns true if an event was decided to be different from this origin's.
    #[must_use]
    pub fn parts(&self, origin: &OriginKey, event: &Event) -> bool {
        let Some(decided) = self.all.get(origin) else {
            return false;
        };
        let keys = origins(event);
        decided
            .iter()
            .any(|(other, same)| !same && keys.contains(other))
    }
}
