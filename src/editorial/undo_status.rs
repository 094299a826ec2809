//! Undoes the last change of status of a public event, until it has been mailed.

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventId, Field, Record, RecordKey, RecordKind, Start};
use calendar_store::{Change, CommitNumber, Revision, Store, StoreError};

use super::actor::{Actor, write};
use super::editorial_error::{EditorialError, retried};
use super::event_status::{STATUS_NOTE, changeable_event};
use super::following_parts::undone;
use super::status_notices::{UNDO_TIME, notices};

/// The fields that a change of status changes.
const CHANGED: [Field; 2] = [Field::Status, Field::Schedule];

/// A change of status that can be undone.
#[derive(Debug, Clone)]
pub struct UndoableChange {
    /// The revision of the event that it made; identifies it.
    pub revision: Revision,
    /// Until when it can be undone.
    pub until: DateTime<Utc>,
    /// The commit that made it.
    commit: CommitNumber,
    /// The event before it.
    before: Event,
    /// The occurrence that it is about, if it is about one.
    occurrence: Option<Start>,
}

/// Returns the change of status of an event that can be undone now, if there is one. `current` is the event as stored.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn undoable(
    store: &dyn Store,
    current: &Event,
    now: DateTime<Utc>,
) -> Result<Option<UndoableChange>, StoreError> {
    let versions = store.history(&RecordKey::new(RecordKind::Event, current.id.as_str()))?;
    let pairs = versions.windows(2).rev();
    let mut recent = pairs.take_while(|pair| pair[1].at + UNDO_TIME > now);
    let Some(pair) = recent.find(|pair| pair[1].note == STATUS_NOTE) else {
        return Ok(None);
    };
    let (Some(Record::Event(before)), Some(Record::Event(after))) =
        (&pair[0].record, &pair[1].record)
    else {
        return Ok(None);
    };
    // Somebody changed the same fields since.
    if !CHANGED.iter().all(|field| has_same(current, after, *field)) {
        return Ok(None);
    }
    Ok(Some(UndoableChange {
        revision: pair[1].revision,
        until: pair[1].at + UNDO_TIME,
        commit: pair[1].commit,
        before: Event::clone(before),
        occurrence: changed_occurrence(before, after),
    }))
}

fn has_same(one: &Event, other: &Event, field: Field) -> bool {
    one.same_value(field, other) && other.same_value(field, one)
}

/// Returns the occurrence in which two versions differ; `None` if they differ as a whole.
fn changed_occurrence(before: &Event, after: &Event) -> Option<Start> {
    let (before, after) = (&before.schedule, &after.schedule);
    let (old, new) = (before.recurrence.as_ref()?, after.recurrence.as_ref()?);
    let starts = old.overrides.keys().chain(new.overrides.keys());
    let mut changed = starts.filter(|start| old.overrides.get(start) != new.overrides.get(start));
    changed.next().copied()
}

/// Undoes a change of status: status, notice and times are exactly as before it, and the mails about it are not sent.
///
/// # Errors
/// Errors as [`changeable_event`]; returns [`EditorialError::WrongState`] if `seen` is not the change that can be undone.
pub fn undo_status(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
    seen: Revision,
) -> Result<(), EditorialError> {
    retried(|| {
        let (current, revision) = changeable_event(calendar, actor, id)?;
        let last = undoable(calendar, &current, actor.now)?;
        let last = last.filter(|last| last.revision == seen);
        let last = last.ok_or(EditorialError::WrongState)?;
        let mut next = current.clone();
        for field in CHANGED {
            next.take_with_owner(field, &last.before);
        }
        let Some(mut next) = revise(&current, next, actor.now) else {
            return Ok(());
        };
        // A former time that the change replaced, and the mark of the change on the page.
        next.previous.clone_from(&last.before.previous);
        next.last_change.clone_from(&last.before.last_change);
        let mut changes = undone(calendar, actor, id, last.commit)?;
        changes.extend(notices(
            calendar,
            actor,
            (&current, &next),
            last.occurrence,
        )?);
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, "undid a change of status", changes)
    })
}
