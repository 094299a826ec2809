//! The form of a submission, and what it is read with.

use crate::catalog::Snapshot;
use calendar_domain::event_form::{EventForm, FormContext, KnownNames, ReadForm};
use calendar_domain::{Event, EventId, MunicipalityNumber, Slug, Submission};

use super::{Actor, EditorialError};
use chrono::{DateTime, Utc};

impl KnownNames for Snapshot {
    fn has_place(&self, slug: &Slug) -> bool {
        self.place(slug).is_some()
    }

    fn has_category(&self, slug: &Slug) -> bool {
        self.category(slug).is_some()
    }

    fn has_audience(&self, slug: &Slug) -> bool {
        self.audience(slug).is_some()
    }

    fn has_municipality(&self, number: &MunicipalityNumber) -> bool {
        let mut all = self.region().municipalities.iter();
        all.any(|municipality| municipality.number == *number)
    }
}

/// Returns what forms are read with.
#[must_use]
pub fn form_context<'a>(snapshot: &'a Snapshot, actor: &Actor) -> FormContext<'a> {
    context_at(snapshot, actor.now)
}

/// Returns what forms are read with at a time.
#[must_use]
pub fn context_at(snapshot: &Snapshot, now: DateTime<Utc>) -> FormContext<'_> {
    FormContext {
        zone: snapshot.region().time_zone,
        today: snapshot.version().today,
        now,
        namespace: snapshot.region().uid_namespace,
        names: snapshot,
    }
}

/// Returns the content of a submission's form.
///
/// # Errors
/// Returns [`EditorialError::Invalid`] with every error.
pub fn read_form(
    snapshot: &Snapshot,
    actor: &Actor,
    submission: &Submission,
) -> Result<ReadForm, EditorialError> {
    let context = form_context(snapshot, actor);
    let read = match &submission.base {
        None => submission.form.read(&submission.event, context),
        Some(base) => {
            let filled = filled(snapshot, submission, base);
            submission.form.read_edit(base, &filled, context)
        }
    };
    read.map_err(EditorialError::Invalid)
}

/// Returns the form as an edit filled it from its base.
pub(super) fn filled(snapshot: &Snapshot, edit: &Submission, base: &Event) -> EventForm {
    let mut parts = parts_of(snapshot, &edit.event);
    parts.retain(|part| edit.base_parts.contains(&part.id));
    EventForm::from_event(base, &parts, &edit.private)
}

/// Returns the public parts of an event, by time.
pub(super) fn parts_of(snapshot: &Snapshot, event: &EventId) -> Vec<Event> {
    let found = snapshot.parts_of(event).into_iter();
    let mut parts: Vec<Event> = found.map(|part| Event::clone(&part.event())).collect();
    parts.sort_by_key(|part| part.schedule.when.start().local());
    parts
}
