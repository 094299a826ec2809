//! Quick changes of a public event by its organizer or an editor: cancelled, postponed, moved, with a public notice.

use crate::catalog::Calendar;
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, EventStatus, Field, Lang, Override, Start, Text, When};
use calendar_store::{Change, Revision};

use super::actor::{Actor, municipality_of, write};
use super::editorial_error::{EditorialError, optional_text, retried};
use super::edits::organisation_of;
use super::following_parts::following;
use super::status_notices::notices;
use super::submission_store::{own, stored_event};

/// Note of the commits that change a status.
pub(super) const STATUS_NOTE: &str = "changed the status";
/// Maximum length of a public notice.
const NOTICE_LIMIT: usize = 500;

/// A quick change.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusChange {
    /// The occurrence that it is about; the whole event if `None`.
    pub occurrence: Option<Start>,
    /// The new status.
    pub status: EventStatus,
    /// The new time, if it is moved.
    pub when: Option<When>,
    /// The public notice, in bokmål; may be empty.
    pub notice: String,
}

/// Returns a public event that the person may change: as a member of its organizer, or as its editor.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if it is not public, and [`EditorialError::NotAllowed`] if it is not theirs.
pub fn changeable_event(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
) -> Result<(Event, Revision), EditorialError> {
    let (event, revision) = stored_event(calendar, id)?;
    if !event.is_public() {
        return Err(EditorialError::NotFound);
    }
    let municipality = municipality_of(&calendar.snapshot(), &event);
    if !actor.may_decide(municipality.as_ref()) {
        organisation_of(calendar, actor, &event)?;
    }
    Ok((event, revision))
}

/// Changes the status of a public event or of one occurrence, at once. Mails about it are held back for
/// [`UNDO_TIME`](super::status_notices::UNDO_TIME), in which the change can be undone.
///
/// # Errors
/// Errors as [`changeable_event`]. Returns [`EditorialError::WrongState`] if the event has no such occurrence, and
/// [`EditorialError::SeriesMoved`] if a whole series would get another date.
pub fn change_status(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
    change: &StatusChange,
) -> Result<(), EditorialError> {
    let notice = optional_text(&change.notice, NOTICE_LIMIT)?;
    retried(|| {
        let (old, revision) = changeable_event(calendar, actor, id)?;
        let mut next = old.clone();
        match change.occurrence {
            None => {
                next.status = change.status;
                next.status_note = Text::default();
                next.status_note.set(Lang::Nb, notice.as_str());
                own(&mut next, Field::Status, actor);
                if let Some(when) = &change.when {
                    let moved = next.schedule.moved_to(when.clone());
                    next.schedule = moved.ok_or(EditorialError::SeriesMoved)?;
                    own(&mut next, Field::Schedule, actor);
                }
            }
            Some(start) => {
                change_occurrence(&mut next, start, change, &notice)?;
                own(&mut next, Field::Schedule, actor);
            }
        }
        let Some(next) = revise(&old, next, actor.now) else {
            return Ok(());
        };
        let mut changes = following(calendar, actor, &old, &next)?;
        changes.extend(notices(calendar, actor, (&old, &next), change.occurrence)?);
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, STATUS_NOTE, changes)
    })
}

fn change_occurrence(
    event: &mut Event,
    start: Start,
    change: &StatusChange,
    notice: &str,
) -> Result<(), EditorialError> {
    change_override(event, start, |known| {
        let is_usual = change.status == EventStatus::Scheduled;
        known.status = Some(change.status).filter(|_| !is_usual);
        known.when = change
            .when
            .clone()
            .or(known.when.take())
            .filter(|_| !is_usual);
        known.description = Text::default();
        known.description.set(Lang::Nb, notice);
    })
}

/// Changes the override of one occurrence.
///
/// # Errors
/// Returns [`EditorialError::WrongState`] if the event has no such occurrence.
pub(super) fn change_override(
    event: &mut Event,
    start: Start,
    change: impl FnOnce(&mut Override),
) -> Result<(), EditorialError> {
    if !event.schedule.has_occurrence(start) {
        return Err(EditorialError::WrongState);
    }
    let recurrence = event.schedule.recurrence.as_mut();
    let recurrence = recurrence.ok_or(EditorialError::WrongState)?;
    if recurrence.exdates.contains(&start) {
        return Err(EditorialError::WrongState);
    }
    let known = recurrence.overrides.entry(start).or_default();
    change(known);
    if *known == Override::default() {
        recurrence.overrides.remove(&start);
    }
    Ok(())
}
