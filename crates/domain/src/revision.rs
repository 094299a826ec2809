//! Revision data of an event, updated in one place for changes by seed, import, editors and
//! partners.

use chrono::{DateTime, Utc};

use super::event::{ChangeSubject, LastChange};
use super::{Event, EventStatus, Override, Schedule};

/// Returns the event to store when `next` replaces `old`, or `None` if they are equal.
///
/// Identifiers and `created` are those of `old`. `sequence` increases if time, place or status
/// changed (RFC 5545 3.8.7.4), `modified` and `last_change` become `now`, and `previous` keeps the
/// former time of a rescheduled event.
#[must_use]
pub fn revise(old: &Event, mut next: Event, now: DateTime<Utc>) -> Option<Event> {
    next.id = old.id.clone();
    next.uid = old.uid.clone();
    next.slug = old.slug.clone();
    next.created = old.created;
    next.modified = old.modified;
    next.sequence = old.sequence;
    next.last_change.clone_from(&old.last_change);
    keep_previous(old, &mut next);
    if next == *old {
        return None;
    }
    let what = what_changed(old, &next);
    if what != ChangeSubject::Details {
        next.sequence = old.sequence.saturating_add(1);
    }
    // If the clock was set back, a newer record must not look older.
    next.modified = now.max(old.modified);
    next.last_change = Some(LastChange {
        at: next.modified,
        what,
    });
    Some(next)
}

/// Sets the previous time of a rescheduled event: the time before the last move, unless `next`
/// states another.
fn keep_previous(old: &Event, next: &mut Event) {
    if next.status != EventStatus::Rescheduled {
        return;
    }
    let moved = next.schedule.when != old.schedule.when;
    if moved && (next.previous.is_none() || next.previous == old.previous) {
        next.previous = Some(old.schedule.when.clone());
    } else if !moved && next.previous.is_none() {
        next.previous.clone_from(&old.previous);
    }
}

/// Returns true if two schedules differ in more than the places left of single dates.
fn times_differ(old: &Schedule, next: &Schedule) -> bool {
    old != next && without_availability(old) != without_availability(next)
}

fn without_availability(schedule: &Schedule) -> Schedule {
    let mut schedule = schedule.clone();
    if let Some(recurrence) = &mut schedule.recurrence {
        recurrence.overrides.retain(|_, change| {
            change.availability = None;
            *change != Override::default()
        });
    }
    schedule
}

/// Returns the most significant difference.
fn what_changed(old: &Event, next: &Event) -> ChangeSubject {
    if old.status != next.status {
        match next.status {
            EventStatus::Cancelled => return ChangeSubject::Cancelled,
            EventStatus::Postponed => return ChangeSubject::Postponed,
            EventStatus::MovedOnline => return ChangeSubject::MovedOnline,
            EventStatus::Rescheduled => return ChangeSubject::Time,
            EventStatus::Scheduled if old.schedule == next.schedule => {
                return ChangeSubject::Confirmed;
            }
            EventStatus::Scheduled | EventStatus::Tentative => return ChangeSubject::Time,
        }
    }
    if times_differ(&old.schedule, &next.schedule) {
        ChangeSubject::Time
    } else if old.venues != next.venues || old.online_url != next.online_url {
        ChangeSubject::Place
    } else {
        ChangeSubject::Details
    }
}
