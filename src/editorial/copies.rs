//! Copies: a new draft with the texts, place, prices and programme of an event, for the next time.

use crate::catalog::Calendar;
use calendar_domain::event_form::EventForm;
use calendar_domain::zone::to_local;
use calendar_domain::{EventId, SubmissionId};

use super::actor::{Actor, own_submission};
use super::editorial_error::EditorialError;
use super::edits::organisation_of;
use super::submission_form::parts_of;
use super::submission_store::{of_organisations, stored_event};
use super::submissions::create_copy;

/// Copies a submission of the person's organisation to a new draft.
///
/// # Errors
/// Errors as [`own_submission`], and as [`save_new`](super::submissions::save_new).
pub fn copy_submission(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
) -> Result<SubmissionId, EditorialError> {
    let (found, _) = own_submission(calendar, actor, id)?;
    let snapshot = calendar.snapshot();
    let typed_on = to_local(found.modified, snapshot.region().time_zone).date();
    let form = found.form.copied(typed_on, snapshot.version().today);
    let owner = found.organisation().ok_or(EditorialError::NotAllowed)?;
    create_copy(calendar, actor, owner, form)
}

/// Copies a public event of the person's organisation, with its programme and the private facts that were sent last, to a
/// new draft.
///
/// # Errors
/// Errors as [`organisation_of`], and as [`save_new`](super::submissions::save_new); returns
/// [`EditorialError::NotFound`] if the event is not public.
pub fn copy_event(
    calendar: &Calendar,
    actor: &Actor,
    id: &EventId,
) -> Result<SubmissionId, EditorialError> {
    let (event, _) = stored_event(calendar, id)?;
    if !event.is_public() {
        return Err(EditorialError::NotFound);
    }
    let owner = organisation_of(calendar, actor, &event)?;
    let known = of_organisations(calendar, std::slice::from_ref(&owner.id))?;
    let last = known
        .into_iter()
        .find(|of_organisation| of_organisation.event == *id);
    let private = last
        .map(|of_organisation| of_organisation.private)
        .unwrap_or_default();
    let snapshot = calendar.snapshot();
    let today = snapshot.version().today;
    let form = EventForm::from_event(&event, &parts_of(&snapshot, id), &private);
    // Every date of a filled form has its year.
    let form = form.copied(today, today);
    create_copy(calendar, actor, &owner.id, form)
}
