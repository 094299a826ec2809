//! Events that cannot be shown, isolated from all others.
//!
//! An event is dropped if it has a date that no feed can represent, or if deriving data from it
//! panics. Input validation rejects such events, but a store may have one from an earlier version.
//! [`caught`] converts a panic to a reason; the data being changed is then discarded, so that
//! partial changes are never visible.

use chrono_tz::Tz;

use calendar_domain::bounds::{check_event, check_record};
use calendar_domain::{Event, EventId, Record};
use calendar_store::{Change, StoreError};

use super::panics::caught;
use super::{Entry, Snapshot};

/// Returns why an event cannot be shown, if it cannot.
#[must_use]
pub fn why_skipped(event: &Event) -> Option<String> {
    if let Err(error) = check_event(event) {
        return Some(error.to_string());
    }
    caught(|| drop(Entry::new(event, Tz::UTC))).err()
}

/// Rejects records that no feed can represent.
///
/// # Errors
/// Returns [`StoreError::BadDate`] for such a record. Unpublished events may keep such a date, so
/// that they can be withdrawn.
pub(super) fn check_dates(changes: &[Change]) -> Result<(), StoreError> {
    for change in changes {
        let seen = |record: &&Record| match record {
            Record::Event(event) => event.is_public(),
            _ => true,
        };
        if let Some(record) = change.to.as_ref().filter(seen)
            && let Err(error) = check_record(record)
        {
            let key = change.key.clone();
            return Err(StoreError::BadDate { key, error });
        }
    }
    Ok(())
}

impl Snapshot {
    /// Returns the published events that were dropped, by id, with the reasons.
    pub fn skipped(&self) -> impl Iterator<Item = (&EventId, &str)> {
        self.skipped.iter().map(|(id, why)| (id, &**why))
    }

    /// Records and logs that an event is dropped.
    pub(super) fn skip(&mut self, id: &EventId, why: &str) {
        tracing::error!(event = %id, why, "skipped an event");
        self.skipped.insert(id.clone(), why.into());
    }

    /// Returns the event unless it has a date that no feed can represent; in that case it is
    /// recorded as dropped.
    pub(super) fn showable<'e>(
        &mut self,
        id: &EventId,
        event: Option<&'e Event>,
    ) -> Option<&'e Event> {
        self.skipped.remove(id);
        let event = event?;
        match check_event(event) {
            Ok(()) => Some(event),
            Err(error) => {
                self.skip(id, &error.to_string());
                None
            }
        }
    }
}
