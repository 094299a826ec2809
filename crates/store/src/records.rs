//! Typed access to records.

use super::{Revision, Store, StoreError};
use calendar_domain::record::Recorded;
use calendar_domain::{Claim, RecordKey};

/// Returns the record of type `T` with this id and its revision.
///
/// # Errors
/// Errors if the backend can't be read.
pub fn one<T: Recorded>(store: &dyn Store, id: &str) -> Result<Option<(T, Revision)>, StoreError> {
    let stored = store.get(&RecordKey::new(T::KIND, id))?;
    Ok(stored.and_then(|stored| Some((T::from_record(stored.record)?, stored.revision))))
}

/// Returns true if a record other than `key` holds a name.
///
/// # Errors
/// Errors if the backend can't be read.
pub fn is_taken(store: &dyn Store, claim: &Claim, key: &RecordKey) -> Result<bool, StoreError> {
    let holders = store.holders(claim)?;
    Ok(holders.iter().any(|holder| holder != key))
}

/// Returns every record of type `T` with its revision, in no particular order. Holds all of them in memory,
/// so it is for kinds with few records.
///
/// # Errors
/// Errors if the backend can't be read.
pub fn every<T: Recorded>(store: &dyn Store) -> Result<Vec<(T, Revision)>, StoreError> {
    let mut found = Vec::new();
    store.scan(&[T::KIND], &mut |batch| {
        let typed = batch
            .into_iter()
            .filter_map(|batch| Some((T::from_record(batch.record)?, batch.revision)));
        found.extend(typed);
    })?;
    Ok(found)
}
