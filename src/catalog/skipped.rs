//! Events that cannot be shown: each costs itself and nothing else.
//!
//! An event with a date that no feed can write is left out, and so is one whose derivation panics. No
//! door lets such an event in; a store may have one from an earlier version, and another fault of the
//! program may make one. [`caught`] turns a panic into a reason; whatever was being changed is then
//! thrown away, so that nothing half-made is ever shown.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono_tz::Tz;
use imbl::OrdMap;

use calendar_domain::bounds::{check_event, check_record};
use calendar_domain::{Event, EventId, Record};
use calendar_store::{Change, StoreError};

use super::{Entry, Snapshot};

/// The events that were left out, each with the reason.
pub(super) type Skipped = OrdMap<EventId, Arc<str>>;

/// Runs a function and turns its panic into what it says. The panic hook has logged it by then.
///
/// What the function changes may be half changed after a panic: it has to be something that the caller
/// throws away.
///
/// # Errors
/// The panic's message.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        format!("a fault of the program: {}", text.unwrap_or_default())
    })
}

/// Returns why an event cannot be shown, if it cannot.
#[must_use]
pub fn why_skipped(event: &Event) -> Option<String> {
    if let Err(error) = check_event(event) {
        return Some(error.to_string());
    }
    caught(|| drop(Entry::of(event, Tz::UTC))).err()
}

/// Refuses what no feed could write. A record that nobody sees may keep such a date, so that it can be
/// withdrawn.
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
    /// The published events that are left out, by id, each with the reason.
    pub fn skipped(&self) -> impl Iterator<Item = (&EventId, &str)> {
        self.skipped.iter().map(|(id, why)| (id, &**why))
    }

    /// Notes that an event is left out, and tells the log.
    pub(super) fn skip(&mut self, id: &EventId, why: &str) {
        tracing::error!(event = %id, why, "an event is left out of the calendar");
        self.skipped.insert(id.clone(), why.into());
    }

    /// The event, unless it has a date that no feed can write: then it is noted as left out.
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
