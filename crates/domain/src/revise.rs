//! What happens to an event's bookkeeping when its content changes: one place, so that a seed, an
//! import, an editor and a partner all count alike.

use chrono::{DateTime, Utc};

use super::event::{Changed, LastChange};
use super::{Event, EventStatus};

/// The event as it is to be stored after `next` took the place of `old`: identity and birth from
/// `old`, `sequence` raised where time, place or status changed (RFC 5545 3.8.7.4), `modified`
/// and `last_change` set to `now`, the old time kept where it moved. `None` where the two say
/// the same.
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
    if what != Changed::Details {
        next.sequence = old.sequence.saturating_add(1);
    }
    // A clock that went back must not make a newer record look older.
    next.modified = now.max(old.modified);
    next.last_change = Some(LastChange {
        at: next.modified,
        what,
    });
    Some(next)
}

/// The time that a rescheduled event had before: that of the last move, where nobody says another one.
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

/// The weightiest difference of the two.
fn what_changed(old: &Event, next: &Event) -> Changed {
    if old.status != next.status {
        match next.status {
            EventStatus::Cancelled => return Changed::Cancelled,
            EventStatus::Postponed => return Changed::Postponed,
            EventStatus::MovedOnline => return Changed::MovedOnline,
            EventStatus::Rescheduled => return Changed::Time,
            EventStatus::Scheduled if old.schedule == next.schedule => return Changed::Confirmed,
            EventStatus::Scheduled | EventStatus::Tentative => return Changed::Time,
        }
    }
    if old.schedule != next.schedule {
        Changed::Time
    } else if old.venues != next.venues || old.online_url != next.online_url {
        Changed::Place
    } else {
        Changed::Details
    }
}
