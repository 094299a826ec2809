//! Free names for imported records whose names are held by others.

use std::sync::Arc;

use crate::catalog::Calendar;
use calendar_domain::{Claim, Event, Record, RecordKey};
use calendar_store::{Store, StoreError, records};

/// Replaces names held by other records: by the record's own name in the store, or else by a new one. Also returns a
/// description of each replacement.
pub(super) fn with_free_names(
    calendar: &Calendar,
    mut record: Record,
) -> Result<(Record, Vec<String>), StoreError> {
    let (key, wanted) = (record.key(), record.claims());
    let Record::Event(event) = &mut record else {
        return Ok((record, Vec::new()));
    };
    let next = Arc::make_mut(event);
    let mut replaced = Vec::new();
    let stored = records::one::<Event>(calendar, &key.id)?;
    for claim in &wanted {
        if let Some(holder) = other_holder(calendar, claim, &key)? {
            replaced.push((claim, holder));
            match (claim, &stored) {
                (Claim::EventSlug(_), Some((old, _))) => next.slug = old.slug.clone(),
                (Claim::EventUid(_), Some((old, _))) => next.uid = old.uid.clone(),
                (Claim::AccountEmail(_) | Claim::Passkey(_) | Claim::AccountLogin { .. }, _)
                | (_, None) => {}
            }
        }
    }
    if stored.is_none() {
        let namespace = calendar.snapshot().region().uid_namespace;
        next.take_free_names(namespace, |claim| records::is_taken(calendar, claim, &key))?;
    }
    let names = next.claims();
    let say = |(claim, holder): (&Claim, RecordKey)| {
        let now = names.iter().find(|name| name.field() == claim.field());
        let now = now.map_or_else(String::new, ToString::to_string);
        format!("{holder} has the {claim}, so {key} gets the {now}")
    };
    let said = replaced.into_iter().map(say).collect();
    Ok((record, said))
}

fn other_holder(
    calendar: &Calendar,
    claim: &Claim,
    key: &RecordKey,
) -> Result<Option<RecordKey>, StoreError> {
    let holders = calendar.holders(claim)?;
    Ok(holders.into_iter().find(|holder| holder != key))
}
