//! Forms that are open in a browser, which saves them as often as it likes.
//!
//! Each page of the form has an id. If the answer to a save is lost, the browser has an old revision, or none at all; by
//! the id its next save is still recognised as one of the same form. So an open form makes one draft, and is in conflict
//! with what others save but never with itself.

use uuid::Uuid;

use crate::catalog::Calendar;
use calendar_domain::event_form::EventForm;
use calendar_domain::{
    OrganisationId, Proposer, Record, RecordKey, RecordKind, Submission, SubmissionId,
    SubmissionState,
};
use calendar_store::{Change, Revision, Store, StoreError};

use super::actor::{Actor, own_organisation, own_submission, write};
use super::editorial_error::{EditorialError, retried};
use super::submissions::{SaveOutcome, create, save_from};

/// Saves the form of a new event: as a draft, or as the next version of the draft that the open form made.
///
/// # Errors
/// Errors as [`save_new`](super::submissions::save_new).
pub fn save_new(
    calendar: &Calendar,
    actor: &Actor,
    form_id: Option<Uuid>,
    organisation: &OrganisationId,
    form: &EventForm,
) -> Result<SubmissionId, EditorialError> {
    let Some(form_id) = form_id else {
        return super::submissions::save_new(calendar, actor, organisation, form.clone());
    };
    retried(|| {
        let id: SubmissionId = form_id.into();
        let new = match own_submission(calendar, actor, &id) {
            Err(EditorialError::NotFound) => id,
            Err(error) => return Err(error),
            Ok((known, _)) => {
                let is_draft = known.state == SubmissionState::Draft && known.history.is_empty();
                let seen = Revision(0);
                if is_draft && is_only_from(calendar, &known, seen, form_id)? {
                    assign(calendar, actor, &id, organisation)?;
                    save(calendar, actor, Some(form_id), &id, seen, form)?;
                    return Ok(id);
                }
                // It was sent, or somebody else changed it: this is another event.
                calendar.clock().new_id().into()
            }
        };
        let ids = (new.clone(), Some(form_id));
        create(calendar, actor, organisation, form.clone(), ids)?;
        Ok(new)
    })
}

/// Saves the form of a submission. `seen` is the revision that the open form knows of.
///
/// # Errors
/// Errors as [`save`](super::submissions::save).
pub fn save(
    calendar: &Calendar,
    actor: &Actor,
    form_id: Option<Uuid>,
    id: &SubmissionId,
    seen: Revision,
    form: &EventForm,
) -> Result<SaveOutcome, EditorialError> {
    let (known, revision) = own_submission(calendar, actor, id)?;
    let is_own = match form_id {
        Some(form_id) => is_only_from(calendar, &known, seen, form_id)?,
        None => false,
    };
    let seen = if is_own { revision } else { seen };
    save_from(calendar, actor, id, seen, form, form_id)
}

/// Saves an open form without its author asking for it, and returns the new revision. A submission that waits for an
/// editor is left alone.
///
/// # Errors
/// Returns [`EditorialError::WrongState`] if it waits or is decided, and [`EditorialError::Changed`] if somebody else
/// saved it meanwhile: only its author can decide what holds. Errors otherwise as [`save`].
pub fn autosave(
    calendar: &Calendar,
    actor: &Actor,
    form_id: Uuid,
    id: &SubmissionId,
    seen: Revision,
    form: &EventForm,
) -> Result<Revision, EditorialError> {
    let (known, revision) = own_submission(calendar, actor, id)?;
    if !matches!(
        known.state,
        SubmissionState::Draft | SubmissionState::ChangesWanted
    ) {
        return Err(EditorialError::WrongState);
    }
    if revision != seen && !is_only_from(calendar, &known, seen, form_id)? {
        return Err(EditorialError::Changed);
    }
    match save_from(calendar, actor, id, revision, form, Some(form_id))? {
        SaveOutcome::Saved => Ok(own_submission(calendar, actor, id)?.1),
        SaveOutcome::Conflict { .. } => Err(EditorialError::Changed),
    }
}

/// Makes a draft that was never sent one of another organisation of the person.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person is not a member of both.
pub fn assign(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    organisation: &OrganisationId,
) -> Result<(), EditorialError> {
    retried(|| {
        let (mut draft, revision) = own_submission(calendar, actor, id)?;
        if draft.is_of(organisation) || draft.is_edit() || !draft.history.is_empty() {
            return Ok(());
        }
        own_organisation(calendar, actor, organisation)?;
        if let Proposer::Member {
            organisation: owner,
            ..
        } = &mut draft.proposer
        {
            owner.clone_from(organisation);
        }
        let changes = vec![Change::update(draft.into(), revision)];
        write(calendar, actor, "saved a draft", changes)
    })
}

/// Returns true if every version after `seen` is from this open form.
fn is_only_from(
    store: &dyn Store,
    known: &Submission,
    seen: Revision,
    form_id: Uuid,
) -> Result<bool, StoreError> {
    if known.form_id != Some(form_id) {
        return Ok(false);
    }
    let key = RecordKey::new(RecordKind::Submission, known.id.as_str());
    let versions = store.history(&key)?;
    let is_own = |record: &Option<Record>| match record {
        Some(Record::Submission(submission)) => submission.form_id == Some(form_id),
        _ => false,
    };
    let mut later = versions.iter().filter(|version| version.revision > seen);
    Ok(later.all(|version| is_own(&version.record)))
}
