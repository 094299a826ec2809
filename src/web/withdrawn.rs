//! Calendar files of withdrawn events.
//!
//! Subscribers of a single event should see it cancelled. On a 404, calendar programs keep the event as it was, or
//! disable the calendar (Thunderbird). The file is therefore served as cancelled for a while.

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::Calendar;
use calendar_domain::{
    ChangeSubject, Claim, Event, EventStatus, LastChange, Publication, Record, Slug, Text,
};
use calendar_store::{Store, StoreError};

/// How long the file is served; covers programs that refresh weekly.
const TOLD_FOR: TimeDelta = TimeDelta::days(30);

/// Returns the event of a slug as cancelled, if it was public and has been withdrawn recently.
///
/// Only its title, time and place remain. An event that was merged into another is not cancelled.
///
/// # Errors
/// Errors if the store cannot be read.
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

/// Returns the event as last published, cancelled at the time of withdrawal.
fn as_cancelled(shown: &Event, gone: &Event) -> Event {
    Event {
        status: EventStatus::Cancelled,
        sequence: shown.sequence.max(gone.sequence).saturating_add(1),
        modified: gone.modified,
        last_change: Some(LastChange {
            at: gone.modified,
            what: ChangeSubject::Cancelled,
        }),
        summary: Text::default(),
        description: Text::default(),
        status_note: Text::default(),
        offers: Vec::new(),
        images: Vec::new(),
        ..shown.clone()
    }
}
