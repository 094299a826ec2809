//! Copies: a new draft with the texts, place, prices and programme of an event, for the next time.

use crate::catalog::Calendar;
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::zone::to_local;
use calendar_domain::{EventId, Submission, SubmissionId};

use super::actor::{Actor, own_submission};
use super::editorial_error::EditorialError;
use super::edits::organisation_of;
use super::submission_form::parts_of;
use super::submission_store::{of_organisations, stored_event};
use super::submissions::create_copy;

/// What is private and may name somebody, or be in their own words.
const PRIVATE_TEXTS: [FormField; 3] = [
    FormField::ContactName,
    FormField::ContactTelephone,
    FormField::PeakTime,
];

/// Leaves the private texts out of a copy of what somebody else wrote: they would stay in it when that person's data is
/// deleted.
fn forget_private_texts(form: &mut EventForm, of: &Submission, actor: &Actor) {
    if of.author() == Some(&actor.account.id) {
        return;
    }
    for field in PRIVATE_TEXTS {
        form.set(field, Vec::new());
    }
}

/// Copies a submission of the person's organisation to a new draft, without the private texts of somebody else.
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
    let mut form = found.form.copied(typed_on, snapshot.version().today);
    forget_private_texts(&mut form, &found, actor);
    let owner = found.organisation().ok_or(EditorialError::NotAllowed)?;
    create_copy(calendar, actor, owner, form)
}

/// Copies a public event of the person's organisation, with its programme and the private facts that were sent last, to a
/// new draft. It omits the private texts that somebody else sent.
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
        .as_ref()
        .map(|of_organisation| of_organisation.private.clone())
        .unwrap_or_default();
    let snapshot = calendar.snapshot();
    let today = snapshot.version().today;
    let form = EventForm::from_event(&event, &parts_of(&snapshot, id), &private);
    // Every date of a filled form has its year.
    let mut form = form.copied(today, today);
    if let Some(last) = &last {
        forget_private_texts(&mut form, last, actor);
    }
    create_copy(calendar, actor, &owner.id, form)
}
