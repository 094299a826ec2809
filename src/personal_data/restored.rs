//! Erasing records again that a restored backup brought back.

use std::collections::BTreeSet;

use calendar_domain::clock::{Clock, SystemClock};
use calendar_domain::erasure::counts;
use calendar_domain::{ErasedKey, Erasure};
use calendar_store::{BroughtBack, Store, StoreError, records};

use super::removal::{begin, finish};

/// Counts the records of a restored store that were erased since, according to `known` erasures. If `erase`, erases them
/// again, and adds the erasures to the store.
///
/// # Errors
/// Errors if the store fails.
pub fn erase_again(
    store: &dyn Store,
    known: &[Erasure],
    erase: bool,
) -> Result<BroughtBack, StoreError> {
    let (mut removed, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for erasure in later(store, known)? {
        removed.extend(with_content(store, &erasure.removed)?);
        changed.extend(with_content(store, &erasure.changed)?);
    }
    if erase {
        erase_all(store, &SystemClock, known)?;
    }
    Ok(BroughtBack {
        removed: counts(removed.iter().map(|key| &key.0)),
        changed: changed.len(),
    })
}

fn erase_all(store: &dyn Store, clock: &dyn Clock, known: &[Erasure]) -> Result<(), StoreError> {
    for erasure in later(store, known)? {
        let again = Erasure {
            changed: with_content(store, &erasure.changed)?,
            completed: None,
            receipt: None,
            ..erasure.clone()
        };
        begin(store, clock, again)?;
    }
    finish(store, clock).map(drop)
}

/// Returns the keys of which the store has a record, or had one.
fn with_content(
    store: &dyn Store,
    keys: &BTreeSet<ErasedKey>,
) -> Result<BTreeSet<ErasedKey>, StoreError> {
    let mut found = BTreeSet::new();
    for key in keys {
        let versions = store.history(&key.0)?;
        if versions.iter().any(|version| version.record.is_some()) {
            found.insert(key.clone());
        }
    }
    Ok(found)
}

/// Returns the erasures that the store does not know.
fn later<'a>(store: &dyn Store, known: &'a [Erasure]) -> Result<Vec<&'a Erasure>, StoreError> {
    let mut later = Vec::new();
    for erasure in known {
        let own = records::one::<Erasure>(store, erasure.id.as_str())?;
        if own.is_none_or(|(own, _)| own.is_pending()) {
            later.push(erasure);
        }
    }
    Ok(later)
}
