//! Withdrawal of events that a partner sent.

use crate::catalog::Calendar;
use crate::ingest::reconcile::{Lookup, lose_source};
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, PartnerId, RecordKey, RecordKind, SourceVersion};
use calendar_store::{Change, StoreError, records};

use super::{ATTEMPTS, Kept, UpsertError, find, is_origin, record, write};

/// Withdraws a partner's event. An event with other sources stays and only loses this one. Returns false if
/// there is no such event.
///
/// # Errors
/// Returns [`UpsertError::Changed`] if `expected` returns false. Errors if the store fails.
pub fn withdraw(
    calendar: &Calendar,
    partner: &PartnerId,
    origin_id: &str,
    expected: &dyn Fn(Option<&Event>) -> bool,
) -> Result<bool, UpsertError> {
    let mut attempt = 1;
    loop {
        let Some(Kept { event, revision }) = find(calendar, partner, origin_id)? else {
            return Ok(false);
        };
        if !expected(Some(&event)) {
            return Err(UpsertError::Changed);
        }
        let mut next = event.clone();
        let mut kept = |id: &EventId| Ok(record(calendar, id)?.map(|record| record.event));
        let stored = Lookup::new(calendar, &mut kept);
        let now = calendar.clock().now();
        let lost = lose_source(
            &mut next,
            |source| is_origin(source, partner, origin_id),
            &stored,
            (calendar.snapshot().region().uid_namespace, now),
        )?;
        let Some(next) = revise(&event, next, now) else {
            return Ok(true);
        };
        let mut changes = vec![Change::update(next.into(), revision)];
        changes.extend(lost.matters.changes(calendar)?);
        for key in lost.versions {
            if let Some((_, revision)) = records::one::<SourceVersion>(calendar, &key)? {
                let key = RecordKey::new(RecordKind::SourceVersion, key);
                changes.push(Change::remove(key, revision));
            }
        }
        match write(calendar, partner, "withdrawn by the partner", changes) {
            Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
            outcome => return Ok(outcome.map(|()| true)?),
        }
    }
}
