//! Who acts, and what they may do.

use chrono::{DateTime, Utc};

use calendar_domain::{
    Account, EditorScope, Event, MunicipalityNumber, Organisation, OrganisationId, Submission,
    SubmissionId, Venue,
};
use calendar_store::{Author, Change, Revision, Store, records};

use super::EditorialError;
use crate::catalog::{Calendar, Snapshot};

/// A signed-in person at the time of their request.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account.
    pub account: Account,
    /// Time of the request.
    pub now: DateTime<Utc>,
}

impl Actor {
    /// Returns true if the person edits events of a municipality, or of an unknown one.
    #[must_use]
    pub fn may_decide(&self, municipality: Option<&MunicipalityNumber>) -> bool {
        match &self.account.editor {
            None => false,
            Some(EditorScope::All) => true,
            Some(EditorScope::Municipalities(own)) => {
                municipality.is_none_or(|number| own.contains(number))
            }
        }
    }

    /// Returns true if the person is an editor.
    #[must_use]
    pub fn is_editor(&self) -> bool {
        self.account.editor.is_some()
    }
}

/// Commits changes in the name of a person.
pub(super) fn write(
    calendar: &Calendar,
    actor: &Actor,
    note: &str,
    changes: Vec<Change>,
) -> Result<(), EditorialError> {
    let author = Author::Person(actor.account.id.to_string());
    Ok(calendar.write(author, note, changes)?)
}

/// Returns the municipality of an event, by its first place.
#[must_use]
pub fn municipality_of(snapshot: &Snapshot, event: &Event) -> Option<MunicipalityNumber> {
    match event.venues.first()? {
        Venue::Place(slug) => snapshot.place(slug)?.municipality.clone(),
        Venue::Described { municipality, .. } => municipality.clone(),
    }
}

/// Returns an organisation.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if there is none with this id.
pub fn organisation(
    store: &dyn Store,
    id: &OrganisationId,
) -> Result<(Organisation, Revision), EditorialError> {
    records::one(store, id.as_str())?.ok_or(EditorialError::NotFound)
}

/// Returns an organisation that the person is a member of.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if they are not.
pub fn own_organisation(
    store: &dyn Store,
    actor: &Actor,
    id: &OrganisationId,
) -> Result<(Organisation, Revision), EditorialError> {
    let (found, revision) = organisation(store, id)?;
    if found.has_member(&actor.account.id) {
        Ok((found, revision))
    } else {
        Err(EditorialError::NotAllowed)
    }
}

/// Returns a submission of an organisation that the person is a member of.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if there is none with this id, and [`EditorialError::NotAllowed`] if it is not
/// theirs.
pub fn own_submission(
    store: &dyn Store,
    actor: &Actor,
    id: &SubmissionId,
) -> Result<(Submission, Revision), EditorialError> {
    let found = records::one::<Submission>(store, id.as_str())?;
    let (submission, revision) = found.ok_or(EditorialError::NotFound)?;
    let owner = submission.organisation();
    own_organisation(store, actor, owner.ok_or(EditorialError::NotAllowed)?)?;
    Ok((submission, revision))
}

/// Returns a submission that the person may decide on.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if there is none with this id or it is a draft, and
/// [`EditorialError::NotAllowed`] if it is another editor's.
pub fn decidable_submission(
    store: &dyn Store,
    snapshot: &Snapshot,
    actor: &Actor,
    id: &SubmissionId,
) -> Result<(Submission, Revision), EditorialError> {
    if !actor.is_editor() {
        return Err(EditorialError::NotAllowed);
    }
    let found = records::one::<Submission>(store, id.as_str())?;
    let (submission, revision) = found.ok_or(EditorialError::NotFound)?;
    // What was never sent is its author's alone.
    if submission.history.is_empty() {
        return Err(EditorialError::NotFound);
    }
    if may_decide_on(snapshot, actor, &submission) {
        Ok((submission, revision))
    } else {
        Err(EditorialError::NotAllowed)
    }
}

/// Returns true if the person decides on a submission: the proposed place, the public one, or the one before the edit
/// is in their municipalities.
pub(super) fn may_decide_on(snapshot: &Snapshot, actor: &Actor, submission: &Submission) -> bool {
    let places = [submission.next.as_deref(), submission.base.as_deref()];
    let mut places = places.into_iter().flatten();
    let first = submission.first_municipality.as_ref();
    first.is_some_and(|number| actor.may_decide(Some(number)))
        || places.any(|event| actor.may_decide(municipality_of(snapshot, event).as_ref()))
}
