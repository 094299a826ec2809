//! The history of records that were deleted.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Calendar;
use calendar_domain::{RecordKey, RecordKind};
use calendar_store::{Revision, Store, StoreError};

/// Removes the content of all versions of deleted private records from every file of the store. Returns the number of
/// such records. What is found follows from the store alone, so an interrupted call is made up for by the next one.
///
/// # Errors
/// Errors if the store fails.
pub(super) fn erase_removed(calendar: &Calendar) -> Result<usize, StoreError> {
    let mut kinds = RecordKind::ALL.to_vec();
    kinds.retain(|kind| kind.is_private());
    let mut with_content: BTreeSet<RecordKey> = BTreeSet::new();
    calendar.scan_versions(&kinds, &mut |key, version| {
        if version.record.is_some() && !with_content.contains(key) {
            with_content.insert(key.clone());
        }
    })?;
    calendar.scan(&kinds, &mut |batch| {
        for stored in batch {
            with_content.remove(&stored.record.key());
        }
    })?;
    if with_content.is_empty() {
        return Ok(0);
    }
    let keys: BTreeMap<RecordKey, Revision> = with_content
        .into_iter()
        .map(|key| (key, Revision::MAX))
        .collect();
    let _erased = calendar.erase_versions(&keys)?;
    Ok(keys.len())
}
