//! Records by their type, for whoever knows what kind of record it wants.

use super::{Revision, Store, StoreError};
use calendar_domain::record::Recorded;
use calendar_domain::{Claim, RecordKey};

/// The record of a kind under an id, with its revision.
///
/// # Errors
/// When the backend can't be read.
pub fn one<T: Recorded>(store: &dyn Store, id: &str) -> Result<Option<(T, Revision)>, StoreError> {
    let stored = store.get(&RecordKey::new(T::KIND, id))?;
    Ok(stored.and_then(|it| Some((T::of(it.record)?, it.revision))))
}

/// Whether another record than the one under `key` has a name.
///
/// # Errors
/// When the backend can't be read.
pub fn is_taken(store: &dyn Store, claim: &Claim, key: &RecordKey) -> Result<bool, StoreError> {
    let holders = store.holders(claim)?;
    Ok(holders.iter().any(|holder| holder != key))
}

/// Every record of a kind, with its revision, in no order that means anything. All of them in memory:
/// for kinds of which there are few.
///
/// # Errors
/// When the backend can't be read.
pub fn every<T: Recorded>(store: &dyn Store) -> Result<Vec<(T, Revision)>, StoreError> {
    let mut found = Vec::new();
    store.scan(&[T::KIND], &mut |batch| {
        let typed = batch
            .into_iter()
            .filter_map(|it| Some((T::of(it.record)?, it.revision)));
        found.extend(typed);
    })?;
    Ok(found)
}
