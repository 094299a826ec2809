//! The calendar file of an event that has been taken back.
//!
//! Who subscribes to one event should learn that it is off. An answer of 404 tells a person so, but calendar
//! programs stop asking and keep the event as it was (Thunderbird disables the calendar). So the file goes on for
//! a while with the event as cancelled.

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::Calendar;
use calendar_domain::{
    Changed, Claim, Event, EventStatus, LastChange, Publication, Record, Slug, Text,
};
use calendar_store::{Store, StoreError};

/// How long the file says so: programs that come once a day, or once a week, have seen it by then.
const TOLD_FOR: TimeDelta = TimeDelta::days(30);

/// Returns the event of an address as cancelled, where it was public and has been taken back lately.
///
/// Only its title, time and place are left. One that was joined with another event has not been cancelled.
///
/// # Errors
/// Where the store cannot be read.
pub(super) fn cancelled(
    calendar: &Calendar,
    slug: &Slug,
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    for key in calendar.holders(&Claim::EventSlug(slug.clone()))? {
        let versions = calendar.history(&key)?;
        let mut events = versions.iter().rev().map(|version| match &version.record {
            Some(Record::Event(event)) => Some(&**event),
            _ => None,
        });
        let Some(Some(gone)) = events.next() else {
            continue;
        };
        let lately = now.signed_duration_since(gone.modified) < TOLD_FOR;
        if gone.publication != Publication::Withdrawn || !lately {
            continue;
        }
        let Some(shown) = events.flatten().find(|event| event.is_public()) else {
            continue;
        };
        let joined = gone.sources.is_empty() && !shown.sources.is_empty();
        if !joined {
            return Ok(Some(as_cancelled(shown, gone)));
        }
    }
    Ok(None)
}

/// The event as it was shown last, cancelled when it was taken back.
fn as_cancelled(shown: &Event, gone: &Event) -> Event {
    Event {
        status: EventStatus::Cancelled,
        sequence: shown.sequence.max(gone.sequence).saturating_add(1),
        modified: gone.modified,
        last_change: Some(LastChange {
            at: gone.modified,
            what: Changed::Cancelled,
        }),
        summary: Text::default(),
        description: Text::default(),
        status_note: Text::default(),
        offers: Vec::new(),
        images: Vec::new(),
        ..shown.clone()
    }
}
