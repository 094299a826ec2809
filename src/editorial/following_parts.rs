//! Parts of a programme that follow a change of the whole event.

use crate::catalog::Calendar;
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventStatus, Field, Start, When};
use calendar_store::Change;
use chrono::TimeDelta;

use super::actor::Actor;
use super::editorial_error::EditorialError;
use super::submission_form::parts_of;
use super::submission_store::{own, stored_event};

/// Maximum depth of parts of parts.
const DEPTH: usize = 8;

/// Returns the changes of the public parts of an event that follow its change from `old` to `new`:
///
/// - A part of a cancelled or postponed event has its status and notice. It takes part in what the event does next as
///   long as nobody gave it another status.
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
    let mut changes = Vec::new();
    let mut level = vec![new.id.clone()];
    for _ in 0..DEPTH {
        let mut next_level = Vec::new();
        for whole in level {
            for part in parts_of(&calendar.snapshot(), &whole) {
                let (part, revision) = stored_event(calendar, &part.id)?;
                next_level.push(part.id.clone());
                let next = followed(actor, &part, (old, new), shift);
                let revised = revise(&part, next, actor.now);
                changes.extend(revised.map(|it| Change::update(it.into(), revision)));
            }
        }
        level = next_level;
    }
    Ok(changes)
}

/// Returns the time by which the start moved; zero if a date became a time or the other way round.
fn shift(old: &When, new: &When) -> TimeDelta {
    match (old.start(), new.start()) {
        (Start::Local(old), Start::Local(new)) => new - old,
        (Start::Date(old), Start::Date(new)) => new - old,
        _ => TimeDelta::zero(),
    }
}

fn followed(actor: &Actor, part: &Event, (old, new): (&Event, &Event), shift: TimeDelta) -> Event {
    let mut next = part.clone();
    let state = |event: &Event| (event.status, event.status_note.clone());
    let is_off = |status| matches!(status, EventStatus::Cancelled | EventStatus::Postponed);
    let agrees = state(part) == state(old) || (is_off(new.status) && !is_off(part.status));
    if state(old) != state(new) && agrees {
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
