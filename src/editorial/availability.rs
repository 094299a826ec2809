//! Quick changes of the places left of a public event, by its organizer or an editor.

use crate::catalog::Calendar;
use calendar_domain::revision::revise;
use calendar_domain::{Availability, Event, EventId, Field, Override, Start};
use calendar_store::Change;

use super::actor::{Actor, write};
use super::editorial_error::{EditorialError, retried};
use super::event_status::{change_override, changeable_event};
use super::submission_store::own;

/// Changes the places left of a public event, or of one occurrence, at once.
///
/// # Errors
/// Errors as [`changeable_event`]; returns [`EditorialError::WrongState`] if the event has no such occurrence.
pub fn change_availability(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
    occurrence: Option<Start>,
    availability: Availability,
) -> Result<(), EditorialError> {
    retried(|| {
        let (old, revision) = changeable_event(calendar, actor, id)?;
        let mut next = old.clone();
        match occurrence {
            None => set_everywhere(&mut next, availability),
            Some(start) => {
                let usual = old.availability;
                change_override(&mut next, start, |change| {
                    change.availability =
                        Some(availability).filter(|availability| *availability != usual);
                })?;
            }
        }
        for field in [Field::Availability, Field::Schedule] {
            if !next.same_value(field, &old) {
                own(&mut next, field, actor);
            }
        }
        // A person who confirms the value owns it as well.
        if occurrence.is_none() {
            own(&mut next, Field::Availability, actor);
        }
        let Some(next) = revise(&old, next, actor.now) else {
            return Ok(());
        };
        let changes = vec![Change::update(next.into(), revision)];
        write(calendar, actor, "changed the places left", changes)
    })
}

/// Sets the availability of all dates and removes that of single dates.
fn set_everywhere(event: &mut Event, availability: Availability) {
    event.availability = availability;
    if let Some(recurrence) = event.schedule.recurrence.as_mut() {
        recurrence.overrides.retain(|_, change| {
            change.availability = None;
            *change != Override::default()
        });
    }
}
