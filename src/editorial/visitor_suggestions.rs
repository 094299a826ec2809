//! Events that visitors suggest without an account. They wait in the same queue as those of organizers; since nobody else
//! can change one, the editor does.

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{
    Event, EventId, Lang, OrganizerRef, Proposer, Record, RecordKind, Submission, SubmissionId,
    SubmissionState, SubmissionStep, VisitorId,
};
use calendar_store::{Author, Change, Revision, Store, StoreError, Stored, records};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::actor::{Actor, decidable_submission, write};
use super::editorial_error::{EditorialError, required_text, retried};
use super::submission_form::context_at;
use super::submission_review::{COMMENT_LIMIT, reject_submission};

/// Maximum number of suggestions of visitors that wait.
pub const WAITING_LIMIT: usize = 300;

/// A suggestion of a visitor who has confirmed an address.
#[derive(Debug, Clone)]
pub struct ConfirmedSuggestion {
    /// Key of the submission that it becomes, so that it becomes one only.
    pub id: SubmissionId,
    /// The visitor.
    pub visitor: VisitorId,
    /// Language of mails to the visitor.
    pub language: Lang,
    /// The form as typed.
    pub form: EventForm,
}

/// Puts a suggestion into the queue. Returns false if it is there already.
///
/// # Errors
/// Returns [`EditorialError::Invalid`] if its form has errors by now, such as a day that is over, and
/// [`EditorialError::TooMany`] if too many suggestions wait.
pub fn receive(
    calendar: &Calendar,
    suggestion: &ConfirmedSuggestion,
) -> Result<bool, EditorialError> {
    let known = || records::one::<Submission>(calendar, suggestion.id.as_str());
    if known()?.is_some() {
        return Ok(false);
    }
    if waiting_visitors(calendar)?.len() >= WAITING_LIMIT {
        return Err(EditorialError::TooMany);
    }
    let now = calendar.clock().now();
    let snapshot = calendar.snapshot();
    // Derived, so that a repeated attempt proposes the same event.
    let event = Uuid::new_v5(&Uuid::NAMESPACE_OID, suggestion.id.as_str().as_bytes());
    let event: EventId = event.into();
    let read = suggestion.form.read(&event, context_at(&snapshot, now));
    let read = read.map_err(EditorialError::Invalid)?;
    let proposer = Proposer::Visitor {
        visitor: suggestion.visitor.clone(),
        language: suggestion.language,
    };
    let mut submission = Submission::by(suggestion.id.clone(), proposer, event, now);
    submission.form = suggestion.form.clone();
    submission.next = Some(Box::new(Event {
        organizer: organizer(&snapshot, &suggestion.form),
        ..read.event
    }));
    let step = SubmissionStep {
        at: now,
        by: None,
        state: SubmissionState::Submitted,
        reason: String::new(),
        comments: Vec::new(),
    };
    if !submission.step(step) {
        return Err(EditorialError::WrongState);
    }
    let changes = vec![Change::create(submission.into())];
    match calendar.write(Author::System, "a visitor suggested an event", changes) {
        Ok(()) => Ok(true),
        // The button was pressed twice at once.
        Err(error) if error.is_overtaken() && known()?.is_some() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Returns the organizer that a form names: that of the catalog, or a name alone.
fn organizer(snapshot: &Snapshot, form: &EventForm) -> Option<OrganizerRef> {
    let name = form.filled(FormField::OrganizerName)?.to_owned();
    let is_named = |known: &str| known.to_lowercase() == name.to_lowercase();
    let known = snapshot
        .organizers()
        .find(|known| is_named(&known.name) || known.aliases.iter().any(|alias| is_named(alias)));
    Some(match known {
        Some(known) => OrganizerRef::Organizer(known.slug.clone()),
        None => OrganizerRef::Described { name, url: None },
    })
}

/// Returns the visitors whose suggestions wait, one for each suggestion.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn waiting_visitors(store: &dyn Store) -> Result<Vec<VisitorId>, StoreError> {
    let waiting = |stored: &Stored| match &stored.record {
        Record::Submission(submission) if submission.state == SubmissionState::Submitted => {
            match &submission.proposer {
                Proposer::Visitor { visitor, .. } => Some(visitor.clone()),
                _ => None,
            }
        }
        _ => None,
    };
    let mut visitors = Vec::new();
    store.scan(&[RecordKind::Submission], &mut |batch| {
        visitors.extend(batch.iter().filter_map(waiting));
    })?;
    Ok(visitors)
}

/// Returns a suggestion of a visitor that the person may change: one that waits for them.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if it is another editor's or an organisation's, [`EditorialError::WrongState`]
/// if it is decided, and [`EditorialError::NotFound`] if there is none.
pub fn editable_suggestion(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
) -> Result<(Submission, Revision), EditorialError> {
    let snapshot = calendar.snapshot();
    let (found, revision) = decidable_submission(calendar, &snapshot, actor, id)?;
    if found.organisation().is_some() {
        return Err(EditorialError::NotAllowed);
    }
    if found.state != SubmissionState::Submitted {
        return Err(EditorialError::WrongState);
    }
    Ok((found, revision))
}

/// Changes what a visitor suggested, before it is decided. `seen` is the version that the editor saw.
///
/// # Errors
/// Returns [`EditorialError::Invalid`] if the form has errors, and [`EditorialError::Changed`] if somebody changed it
/// meanwhile. Errors otherwise as [`editable_suggestion`].
pub fn edit(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    form: &EventForm,
) -> Result<(), EditorialError> {
    retried(|| {
        let (mut next, revision) = editable_suggestion(calendar, actor, id)?;
        if revision != seen {
            return Err(EditorialError::Changed);
        }
        let snapshot = calendar.snapshot();
        let read = form.read(&next.event, context_at(&snapshot, actor.now));
        let read = read.map_err(EditorialError::Invalid)?;
        let event = Event {
            created: next.created,
            organizer: organizer(&snapshot, form),
            ..read.event
        };
        next.form = form.clone();
        next.next = Some(Box::new(event));
        next.parts = read.parts;
        next.private = read.private;
        next.modified = actor.now.max(next.modified);
        let changes = vec![Change::update(next.into(), revision)];
        write(calendar, actor, "changed a suggestion", changes)
    })
}

/// A suggestion that an editor chose, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenSuggestion {
    /// The suggestion.
    pub id: SubmissionId,
    /// When it was changed last.
    pub modified: DateTime<Utc>,
}

/// Rejects suggestions of visitors with one reason, each by itself. Returns the number of those that are left as they are,
/// since somebody changed or decided them meanwhile, or they are others'.
///
/// # Errors
/// Returns [`EditorialError::TextMissing`] without a reason and [`EditorialError::TextTooLong`] if it is too long. Errors if
/// the store fails.
pub fn reject_all(
    calendar: &Calendar,
    actor: &Actor,
    chosen: &[ChosenSuggestion],
    reason: &str,
) -> Result<usize, EditorialError> {
    let reason = required_text(reason, COMMENT_LIMIT)?;
    let reject = |chosen: &ChosenSuggestion| {
        let (found, revision) = editable_suggestion(calendar, actor, &chosen.id)?;
        if found.modified != chosen.modified {
            return Err(EditorialError::Changed);
        }
        reject_submission(calendar, actor, &chosen.id, revision, &reason, false)
    };
    let mut left = 0;
    for chosen in chosen {
        match reject(chosen) {
            Ok(()) => {}
            Err(
                EditorialError::Changed
                | EditorialError::WrongState
                | EditorialError::NotAllowed
                | EditorialError::NotFound,
            ) => left += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(left)
}
