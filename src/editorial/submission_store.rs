//! Submissions in the store, and the commits of what organizers and editors do.

use crate::catalog::Calendar;
use calendar_domain::event_form::FormField;
use calendar_domain::{
    AccountId, Event, EventId, Field, OrganisationId, Owner, Record, RecordKey, RecordKind, Slug,
    Submission, SubmissionState, SubmissionStep,
};
use calendar_store::{RecordVersion, Revision, Store, StoreError, Stored, records};
use chrono::{DateTime, Utc};

use super::{Actor, EditorialError};

/// Maximum number of submissions of an organisation that are not decided.
const OPEN_LIMIT: usize = 200;

/// Checks that an organisation has room for another open submission.
pub(super) fn check_open(
    calendar: &Calendar,
    organisation: &OrganisationId,
) -> Result<(), EditorialError> {
    match room(calendar, organisation)? {
        0 => Err(EditorialError::TooMany),
        _ => Ok(()),
    }
}

/// Returns the number of further open submissions that an organisation may have.
pub(super) fn room(
    calendar: &Calendar,
    organisation: &OrganisationId,
) -> Result<usize, EditorialError> {
    let is_open = |stored: &&Stored| match &stored.record {
        Record::Submission(submission) => {
            submission.is_of(organisation) && submission.state.is_editable()
        }
        _ => false,
    };
    let mut open = 0;
    calendar.scan(&[RecordKind::Submission], &mut |batch| {
        open += batch.iter().filter(is_open).count();
    })?;
    Ok(OPEN_LIMIT.saturating_sub(open))
}

/// Returns the step of an actor to a state.
pub(super) fn step(actor: &Actor, state: SubmissionState) -> SubmissionStep {
    SubmissionStep {
        at: actor.now,
        by: Some(actor.account.id.clone()),
        state,
        reason: String::new(),
        comments: Vec::new(),
    }
}

/// Returns the submissions of organisations, the last changed first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn of_organisations(
    store: &dyn Store,
    organisations: &[OrganisationId],
) -> Result<Vec<Submission>, StoreError> {
    let mut found: Vec<Submission> = Vec::new();
    each_of_organisations(store, organisations, |submission| {
        found.push(submission.clone())
    })?;
    found.sort_by(|a, b| (b.modified, &b.id).cmp(&(a.modified, &a.id)));
    Ok(found)
}

/// Calls a function with each submission of organisations, without copying it.
///
/// # Errors
/// Errors if the store cannot be read.
pub(super) fn each_of_organisations(
    store: &dyn Store,
    organisations: &[OrganisationId],
    mut call: impl FnMut(&Submission),
) -> Result<(), StoreError> {
    store.scan(&[RecordKind::Submission], &mut |batch| {
        for stored in batch {
            if let Record::Submission(submission) = &stored.record
                && submission
                    .organisation()
                    .is_some_and(|owner| organisations.contains(owner))
            {
                call(submission);
            }
        }
    })
}

/// Returns the places that organisations used last, the latest first, at most `most`.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn recent_places(
    store: &dyn Store,
    organisations: &[OrganisationId],
    most: usize,
) -> Result<Vec<Slug>, StoreError> {
    let mut used: Vec<(DateTime<Utc>, Slug)> = Vec::new();
    each_of_organisations(store, organisations, |submission| {
        let typed =
            [FormField::Place, FormField::OtherPlace].map(|value| submission.form.all(value));
        let slugs = typed
            .into_iter()
            .flatten()
            .filter_map(|typed| typed.parse().ok());
        used.extend(slugs.map(|slug| (submission.modified, slug)));
    })?;
    used.sort_by(|a, b| b.cmp(a));
    let mut found: Vec<Slug> = Vec::new();
    for (_, slug) in used {
        if found.len() < most && !found.contains(&slug) {
            found.push(slug);
        }
    }
    Ok(found)
}

/// Makes a person the owner of a field that they changed as an organizer.
pub(super) fn set_owner(event: &mut Event, field: Field, account: &AccountId) {
    let owner = Owner::Organizer(account.to_string());
    event.owners.insert(field, owner);
}

/// Makes the person the owner of a field that they changed, as an editor or as an organizer.
pub(super) fn own(event: &mut Event, field: Field, actor: &Actor) {
    if actor.is_editor() {
        let owner = Owner::Editor(actor.account.id.to_string());
        event.owners.insert(field, owner);
    } else {
        set_owner(event, field, &actor.account.id);
    }
}

/// Returns a stored event.
pub(super) fn stored_event(
    store: &dyn Store,
    id: &EventId,
) -> Result<(Event, Revision), EditorialError> {
    records::one(store, id.as_str())?.ok_or(EditorialError::NotFound)
}

/// Returns the versions of an event that are kept, oldest first, each with its event. Removals are left out.
pub(super) fn event_versions(
    store: &dyn Store,
    id: &EventId,
) -> Result<Vec<(RecordVersion, Event)>, StoreError> {
    let versions = store.history(&RecordKey::new(RecordKind::Event, id.as_str()))?;
    let of_event = |mut version: RecordVersion| match version.record.take() {
        Some(Record::Event(event)) => Some((version, Event::clone(&event))),
        _ => None,
    };
    Ok(versions.into_iter().filter_map(of_event).collect())
}
