//! The history of records that were deleted, or lost a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Calendar;
use calendar_domain::{Organisation, Record, RecordKey, RecordKind};
use calendar_store::{Revision, Store, StoreError};

/// Removes from every file of the store the content of all versions of deleted private records, and of the earlier versions
/// of organisations that name somebody whom the current one does not. Returns the number of such records. What is found
/// follows from the store alone, so an interrupted call is made up for by the next one.
///
/// # Errors
/// Errors if the store fails.
pub(super) fn erase_removed(calendar: &Calendar) -> Result<usize, StoreError> {
    let mut kinds = RecordKind::ALL.to_vec();
    kinds.retain(|kind| kind.is_private());
    let mut with_content: BTreeSet<RecordKey> = BTreeSet::new();
    let mut named: BTreeMap<RecordKey, BTreeSet<String>> = BTreeMap::new();
    calendar.scan_versions(&kinds, &mut |key, version| {
        let Some(record) = version.record else {
            return;
        };
        if let Record::Organisation(organisation) = &record {
            let named = named.entry(key.clone()).or_default();
            named.extend(people(organisation));
        }
        if !with_content.contains(key) {
            with_content.insert(key.clone());
        }
    })?;
    calendar.scan(&kinds, &mut |batch| {
        for stored in batch {
            let key = stored.record.key();
            let current = match &stored.record {
                Record::Organisation(organisation) => people(organisation).collect(),
                _ => BTreeSet::new(),
            };
            let is_current = named
                .get(&key)
                .is_none_or(|named| named.is_subset(&current));
            if is_current {
                with_content.remove(&key);
            }
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

/// Returns the addresses that an organisation invited, and the accounts that asked to join.
fn people(organisation: &Organisation) -> impl Iterator<Item = String> {
    let invited = organisation.invitations.keys().cloned();
    let asked = organisation.requests.keys().map(ToString::to_string);
    invited.chain(asked).collect::<Vec<_>>().into_iter()
}
