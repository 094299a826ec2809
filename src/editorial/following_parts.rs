//! Parts of a programme that follow a change of the whole event.

use std::collections::BTreeSet;

use crate::catalog::Calendar;
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, EventStatus, Field, Start, Text, When};
use calendar_store::{Change, CommitNumber, Revision};
use chrono::TimeDelta;

use super::actor::Actor;
use super::editorial_error::EditorialError;
use super::submission_form::parts_of;
use super::submission_store::{event_versions, own, stored_event};

/// Maximum depth of parts of parts.
const DEPTH: usize = 8;

/// Returns the changes of the public parts of an event that follow its change from `old` to `new`:
///
/// - A part of a cancelled or postponed event has its status and notice. It takes part in what the event does next, unless
///   it got its status for itself.
/// - Parts of a rescheduled event move by as much.
/// - A part at the place of the event moves with it.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn following(
    calendar: &Calendar,
    actor: &Actor,
    old: &Event,
    new: &Event,
) -> Result<Vec<Change>, EditorialError> {
    let shift = shift(&old.schedule.when, &new.schedule.when);
    let is_new_state = state(old) != state(new);
    let since = if is_new_state {
        status_commit(calendar, old)?
    } else {
        None
    };
    let mut changes = Vec::new();
    for (part, revision) in parts_below(calendar, &new.id)? {
        let takes_status = is_new_state
            && if is_off(part.status) {
                state(&part) == state(old) && status_commit(calendar, &part)? == since
            } else {
                is_off(new.status) || state(&part) == state(old)
            };
        let next = followed(actor, &part, (old, new), takes_status, shift);
        let revised = revise(&part, next, actor.now);
        changes.extend(revised.map(|revised| Change::update(revised.into(), revision)));
    }
    Ok(changes)
}

/// Returns the changes that take a change of the parts of an event back that was made in a commit. What was changed since
/// stays.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn undone(
    calendar: &Calendar,
    actor: &Actor,
    whole: &EventId,
    commit: CommitNumber,
) -> Result<Vec<Change>, EditorialError> {
    let mut changes = Vec::new();
    for (part, revision) in parts_below(calendar, whole)? {
        let versions = event_versions(calendar, &part.id)?;
        let made = versions.windows(2).find(|pair| pair[1].0.commit == commit);
        let Some([(_, before), (_, after)]) = made else {
            continue;
        };
        let mut next = part.clone();
        for field in [Field::Status, Field::Schedule] {
            if part.same_value(field, after) {
                next.take_with_owner(field, before);
            }
        }
        let revised = revise(&part, next, actor.now);
        changes.extend(revised.map(|revised| Change::update(revised.into(), revision)));
    }
    Ok(changes)
}

/// Returns the public parts of an event and their parts.
fn parts_below(
    calendar: &Calendar,
    whole: &EventId,
) -> Result<Vec<(Event, Revision)>, EditorialError> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([whole.clone()]);
    let mut level = vec![whole.clone()];
    for _ in 0..DEPTH {
        let mut next_level = Vec::new();
        for whole in level {
            for part in parts_of(&calendar.snapshot(), &whole) {
                if seen.insert(part.id.clone()) {
                    next_level.push(part.id.clone());
                    found.push(stored_event(calendar, &part.id)?);
                }
            }
        }
        level = next_level;
    }
    Ok(found)
}

/// Returns the commit since which an event has its status and notice.
fn status_commit(
    calendar: &Calendar,
    event: &Event,
) -> Result<Option<CommitNumber>, EditorialError> {
    let versions = event_versions(calendar, &event.id)?;
    let newest = versions.iter().rev();
    let same = newest.take_while(|(_, value)| state(value) == state(event));
    Ok(same.last().map(|(version, _)| version.commit))
}

fn state(event: &Event) -> (EventStatus, &Text) {
    (event.status, &event.status_note)
}

fn is_off(status: EventStatus) -> bool {
    matches!(status, EventStatus::Cancelled | EventStatus::Postponed)
}

/// Returns the time by which the start moved; zero if a date became a time or the other way round.
fn shift(old: &When, new: &When) -> TimeDelta {
    match (old.start(), new.start()) {
        (Start::Local(old), Start::Local(new)) => new - old,
        (Start::Date(old), Start::Date(new)) => new - old,
        _ => TimeDelta::zero(),
    }
}

fn followed(
    actor: &Actor,
    part: &Event,
    (old, new): (&Event, &Event),
    takes_status: bool,
    shift: TimeDelta,
) -> Event {
    let mut next = part.clone();
    if takes_status {
        next.take(Field::Status, new);
        own(&mut next, Field::Status, actor);
    }
    let start = match part.schedule.when.start() {
        Start::Local(start) => start.checked_add_signed(shift).map(Start::Local),
        Start::Date(date) => date.checked_add_signed(shift).map(Start::Date),
    };
    let moved = start.and_then(|start| part.schedule.when.moved_to(start));
    if let Some(when) = moved.filter(|_| !shift.is_zero()) {
        next.schedule.when = when;
        own(&mut next, Field::Schedule, actor);
    }
    if old.venues != new.venues && part.venues == old.venues {
        next.venues.clone_from(&new.venues);
        own(&mut next, Field::Venues, actor);
    }
    next
}
