//! Submissions: saving drafts, sending, withdrawing.

use crate::catalog::Calendar;
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{
    Event, EventId, MailKind, Organisation, OrganisationId, OrganisationStanding, OrganizerRef,
    Proposer, Record, RecordKey, RecordKind, Submission, SubmissionId, SubmissionState,
};
use calendar_store::{Change, Revision, Store, StoreError};
use uuid::Uuid;

use super::actor::{Actor, own_organisation, own_submission, write};
use super::editorial_error::{EditorialError, retried};
use super::publishing::{self, PublishChoices};
use super::submission_form::read_form;
use super::submission_store::{check_open, step};
use super::{edits, notices};

/// The outcome of saving a form.
#[derive(Debug, Clone, PartialEq)]
pub enum SaveOutcome {
    /// It was saved, with what another member changed meanwhile.
    Saved,
    /// Another member changed the same fields meanwhile; nothing was saved.
    Conflict {
        /// What was typed, with the other member's changes of other fields.
        form: EventForm,
        /// The stored form.
        stored: EventForm,
        /// The fields that both changed.
        fields: Vec<FormField>,
        /// The revision of the stored form.
        revision: Revision,
    },
}

/// Saves the form of a new event as a draft.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person is not a member, [`EditorialError::WrongState`] if the
/// organisation was refused, and [`EditorialError::TooMany`] if it has too many open submissions.
pub fn save_new(
    calendar: &Calendar,
    actor: &Actor,
    organisation: &OrganisationId,
    form: EventForm,
) -> Result<SubmissionId, EditorialError> {
    let id: SubmissionId = calendar.clock().new_id().into();
    create(calendar, actor, organisation, form, (id.clone(), None))?;
    Ok(id)
}

/// Saves the form of a new event as a draft with an id, from an open form.
pub(super) fn create(
    calendar: &Calendar,
    actor: &Actor,
    organisation: &OrganisationId,
    form: EventForm,
    (id, form_id): (SubmissionId, Option<Uuid>),
) -> Result<(), EditorialError> {
    let mut draft = new_draft(calendar, actor, organisation, id)?;
    (draft.form, draft.form_id) = (form, form_id);
    let changes = vec![Change::create(draft.into())];
    write(calendar, actor, "saved a draft", changes)
}

/// Saves a copied form as a new draft.
pub(super) fn create_copy(
    calendar: &Calendar,
    actor: &Actor,
    organisation: &OrganisationId,
    form: EventForm,
) -> Result<SubmissionId, EditorialError> {
    let id: SubmissionId = calendar.clock().new_id().into();
    let mut draft = new_draft(calendar, actor, organisation, id.clone())?;
    (draft.form, draft.copied) = (form, true);
    let changes = vec![Change::create(draft.into())];
    write(calendar, actor, "copied an event", changes)?;
    Ok(id)
}

/// Returns an empty draft of an organisation that has room for it.
fn new_draft(
    calendar: &Calendar,
    actor: &Actor,
    organisation: &OrganisationId,
    id: SubmissionId,
) -> Result<Submission, EditorialError> {
    let (owner, _) = own_organisation(calendar, actor, organisation)?;
    if owner.standing == OrganisationStanding::Refused {
        return Err(EditorialError::WrongState);
    }
    check_open(calendar, organisation)?;
    let event: EventId = calendar.clock().new_id().into();
    let author = actor.account.id.clone();
    Ok(Submission::new(
        id,
        organisation.clone(),
        author,
        event,
        actor.now,
    ))
}

/// Saves the form of a submission. One that waits becomes a draft again, so that nobody decides on an old version.
/// `seen` is the revision that the person had before them.
///
/// # Errors
/// Returns [`EditorialError::WrongState`] if it is decided. Errors otherwise as [`own_submission`].
pub fn save(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    typed: &EventForm,
) -> Result<SaveOutcome, EditorialError> {
    save_from(calendar, actor, id, seen, typed, None)
}

/// Saves the form of a submission, from an open form.
pub(super) fn save_from(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    typed: &EventForm,
    form_id: Option<Uuid>,
) -> Result<SaveOutcome, EditorialError> {
    retried(|| {
        let (mut next, revision) = own_submission(calendar, actor, id)?;
        if !next.state.is_editable() {
            return Err(EditorialError::WrongState);
        }
        // Images are changed apart from the form.
        let mut form = typed.clone().with_images_of(&next.form);
        if revision != seen {
            let base = form_at(calendar, id, seen)?;
            let merged = form.merged(&base.unwrap_or_default(), &next.form);
            if !merged.conflicts.is_empty() {
                return Ok(SaveOutcome::Conflict {
                    form: merged.form,
                    stored: next.form,
                    fields: merged.conflicts,
                    revision,
                });
            }
            form = merged.form;
        }
        if next.form != form {
            next.form = form;
            next.form_id = form_id;
            next.modified = actor.now.max(next.modified);
            if next.state == SubmissionState::Submitted {
                next.step(step(actor, SubmissionState::Draft));
            }
            let changes = vec![Change::update(next.into(), revision)];
            write(calendar, actor, "saved a draft", changes)?;
        }
        Ok(SaveOutcome::Saved)
    })
}

/// Returns the form of a submission as it was at a revision, if that is still in the history.
fn form_at(
    store: &dyn Store,
    id: &SubmissionId,
    revision: Revision,
) -> Result<Option<EventForm>, StoreError> {
    let key = RecordKey::new(RecordKind::Submission, id.as_str());
    let versions = store.history(&key)?;
    let found = versions
        .into_iter()
        .find(|version| version.revision == revision);
    Ok(match found.and_then(|version| version.record) {
        Some(Record::Submission(submission)) => Some(submission.form.clone()),
        _ => None,
    })
}

/// The outcome of sending a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendOutcome {
    /// It waits for an editor.
    Waits,
    /// It is public.
    Published,
}

/// Sends a submission. That of a trusted organisation is public at once; otherwise it waits for an editor, while
/// changes of time, place and status of a public event go live.
///
/// # Errors
/// Returns [`EditorialError::Invalid`] if the form has errors, [`EditorialError::Changed`] if it is not the version
/// that the person saw, and [`EditorialError::Conflicts`] if the public event was changed in the same fields.
pub fn send(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
) -> Result<SendOutcome, EditorialError> {
    retried(|| {
        let (mut next, revision) = own_submission(calendar, actor, id)?;
        if revision != seen {
            return Err(EditorialError::Changed);
        }
        let (owner, _) = owner_of(calendar, actor, &next)?;
        if owner.standing == OrganisationStanding::Refused {
            return Err(EditorialError::WrongState);
        }
        let snapshot = calendar.snapshot();
        let mut read = read_form(&snapshot, actor, &next)?;
        if next.base.is_none() {
            read.event.organizer = Some(organizer_of(&owner));
        }
        next.parts = read.parts;
        next.private = read.private;
        next.proposer = Proposer::Member {
            organisation: owner.id.clone(),
            author: actor.account.id.clone(),
        };
        let is_direct = owner.publishes();
        let state = if is_direct {
            SubmissionState::Approved
        } else {
            SubmissionState::Submitted
        };
        if !next.step(step(actor, state)) {
            return Err(EditorialError::WrongState);
        }
        let mut changes = if is_direct {
            next.next = Some(Box::new(read.event));
            let choices = PublishChoices::default();
            publishing::publish(calendar, actor, &mut next, Some(&owner), &choices)?
        } else {
            let live = edits::go_live(calendar, actor, &mut next, read.event)?;
            let event = next.next.as_deref().ok_or(EditorialError::WrongState)?;
            let path = notices::submission_path(id);
            let me = &actor.account.id;
            let mail = notices::about_event(calendar, me, MailKind::Received, event, path, "")?;
            live.into_iter().chain(mail).collect()
        };
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, "sent a submission", changes)?;
        Ok(if is_direct {
            SendOutcome::Published
        } else {
            SendOutcome::Waits
        })
    })
}

/// Returns the organisation of a submission, which the person is a member of.
fn owner_of(
    calendar: &Calendar,
    actor: &Actor,
    submission: &Submission,
) -> Result<(Organisation, Revision), EditorialError> {
    let owner = submission.organisation();
    own_organisation(calendar, actor, owner.ok_or(EditorialError::NotAllowed)?)
}

/// Returns the organizer of an organisation's events: that of the catalog, once an editor approved the organisation.
fn organizer_of(owner: &Organisation) -> OrganizerRef {
    match &owner.organizer {
        Some(slug) => OrganizerRef::Organizer(slug.clone()),
        None => OrganizerRef::Described {
            name: owner.name.clone(),
            url: None,
        },
    }
}

/// Withdraws a submission that is not decided.
///
/// # Errors
/// Returns [`EditorialError::WrongState`] if it is decided. Errors otherwise as [`own_submission`].
pub fn withdraw(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
) -> Result<(), EditorialError> {
    retried(|| {
        let (mut next, revision) = own_submission(calendar, actor, id)?;
        if !next.step(step(actor, SubmissionState::Withdrawn)) {
            return Err(EditorialError::WrongState);
        }
        let changes = vec![Change::update(next.into(), revision)];
        write(calendar, actor, "withdrew a submission", changes)
    })
}

/// Returns a submission of the person's organisation as a preview shows it: with the organizer, and parts as events.
///
/// # Errors
/// Returns [`EditorialError::Invalid`] if the form has errors.
pub fn preview(
    calendar: &Calendar,
    actor: &Actor,
    submission: &Submission,
) -> Result<(Event, Vec<Event>), EditorialError> {
    let read = read_form(&calendar.snapshot(), actor, submission)?;
    let (owner, _) = owner_of(calendar, actor, submission)?;
    let mut event = read.event;
    if submission.base.is_none() {
        event.organizer = Some(organizer_of(&owner));
    }
    let parts = read.parts.iter();
    let parts = parts.map(|part| publishing::sub_event(&event, part, &event.id, actor.now));
    let parts = parts.collect();
    Ok((event, parts))
}
