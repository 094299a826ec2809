//! Earlier versions of a public event: what changed, who changed it, and how to restore one field.

use crate::catalog::Calendar;
use calendar_domain::merge::LIVE_FIELDS;
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, Field, OrganizerRef, Venue};
use calendar_store::{Author, Change, RecordVersion, Revision, Store as _, StoreError};
use chrono::{DateTime, Utc};

use super::actor::{Actor, municipality_of, write};
use super::editorial_error::EditorialError;
use super::edits::organisation_of;
use super::event_status::changeable_event;
use super::following_parts::following;
use super::status_notices::notices;
use super::submission_store::{event_versions, own};

/// A version of an event.
#[derive(Debug, Clone)]
pub struct EventVersion {
    /// Its revision.
    pub revision: Revision,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub author: Author,
    /// The event.
    pub event: Event,
    /// The fields in which it differs from the version before; empty for the oldest.
    pub changed: Vec<Field>,
}

/// The public versions of a public event that are kept.
#[derive(Debug, Clone)]
pub struct EventHistory {
    /// The versions, newest first. The first is the current one.
    pub versions: Vec<EventVersion>,
    /// The fields that the person may restore.
    pub restorable: Vec<Field>,
}

/// Returns the versions of a public event that were public. What waited for an editor may hold texts that nobody should
/// read.
///
/// # Errors
/// Errors as [`changeable_event`].
pub fn event_history(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
) -> Result<EventHistory, EditorialError> {
    let (event, _) = changeable_event(calendar, actor, id)?;
    let mut versions: Vec<EventVersion> = Vec::new();
    for (version, event) in public_versions(calendar, id)? {
        let changed = versions.last().map_or_else(Vec::new, |before| {
            let differs = |field: &Field| !event.same_value(*field, &before.event);
            Field::ALL.into_iter().filter(differs).collect()
        });
        versions.push(EventVersion {
            revision: version.revision,
            at: version.at,
            author: version.author,
            event,
            changed,
        });
    }
    versions.reverse();
    Ok(EventHistory {
        versions,
        restorable: restorable(calendar, actor, &event),
    })
}

/// Returns the versions of an event that were public, oldest first.
fn public_versions(
    calendar: &Calendar,
    id: &EventId,
) -> Result<impl DoubleEndedIterator<Item = (RecordVersion, Event)>, StoreError> {
    let versions = event_versions(calendar, id)?.into_iter();
    Ok(versions.filter(|(_, event)| event.is_public()))
}

/// Returns the fields that a person may restore. Texts of organisations without trust wait for an editor, so their
/// members restore what goes live at once. Publication is a decision, and what an event is a part of could be a circle:
/// neither is restored.
fn restorable(calendar: &Calendar, actor: &Actor, event: &Event) -> Vec<Field> {
    let may_decide = actor.may_decide(municipality_of(&calendar.snapshot(), event).as_ref());
    let publishes = may_decide
        || organisation_of(calendar, actor, event)
            .is_ok_and(|organisation| organisation.publishes());
    let may_restore = |field: &Field| match field {
        Field::Publication | Field::SuperEvent => false,
        Field::Organizer => may_decide,
        other => publishes || LIVE_FIELDS.contains(other),
    };
    Field::ALL.into_iter().filter(may_restore).collect()
}

/// Restores a field of a public event to its value in an earlier version, at once. `seen` is the revision that the
/// person saw.
///
/// # Errors
/// Errors as [`changeable_event`]. Returns [`EditorialError::Changed`] if the event was changed since,
/// [`EditorialError::NotAllowed`] if the person may not restore the field, [`EditorialError::NotFound`] if the version
/// is not kept, and [`EditorialError::WrongState`] if it names a place or organizer that no longer exists.
pub fn restore_field(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
    seen: Revision,
    from: Revision,
    field: Field,
) -> Result<(), EditorialError> {
    let (current, revision) = changeable_event(calendar, actor, id)?;
    if revision != seen {
        return Err(EditorialError::Changed);
    }
    if !restorable(calendar, actor, &current).contains(&field) {
        return Err(EditorialError::NotAllowed);
    }
    let earlier = public_versions(calendar, id)?.find(|(version, _)| version.revision == from);
    let (_, earlier) = earlier.ok_or(EditorialError::NotFound)?;
    let mut next = current.clone();
    next.take(field, &earlier);
    check_references(calendar, &next, field)?;
    own(&mut next, field, actor);
    let Some(next) = revise(&current, next, actor.now) else {
        return Ok(());
    };
    let mut changes = following(calendar, actor, &current, &next)?;
    if matches!(field, Field::Status | Field::Schedule) {
        changes.extend(notices(calendar, actor, (&current, &next), None)?);
    }
    changes.push(Change::update(next.into(), revision));
    match write(calendar, actor, "restored a field", changes) {
        Err(EditorialError::Store(error)) if error.is_overtaken() => Err(EditorialError::Changed),
        outcome => outcome,
    }
}

/// Checks that the places, the organizer and the images that a restored field names still exist.
fn check_references(
    calendar: &Calendar,
    event: &Event,
    field: Field,
) -> Result<(), EditorialError> {
    let snapshot = calendar.snapshot();
    let is_there = match field {
        Field::Images => event.images.iter().all(|image| {
            let files = calendar.images();
            !image.source.is_own()
                || image
                    .names()
                    .all(|name| files.is_some_and(|files| files.has(&name)))
        }),
        Field::Venues => event.venues.iter().all(|venue| match venue {
            Venue::Place(slug) => snapshot.place(slug).is_some(),
            Venue::Described { .. } => true,
        }),
        Field::Organizer => match &event.organizer {
            Some(OrganizerRef::Organizer(slug)) => snapshot.organizer(slug).is_some(),
            _ => true,
        },
        _ => true,
    };
    if is_there {
        Ok(())
    } else {
        Err(EditorialError::WrongState)
    }
}
