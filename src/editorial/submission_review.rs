//! Decisions of editors about submissions and organisations.

use crate::catalog::Calendar;
use calendar_domain::{
    Event, MailFacts, MailKind, Organisation, OrganisationId, OrganisationStanding, ReviewComment,
    Submission, SubmissionId, SubmissionState, SubmissionStep,
};
use calendar_store::{Change, Revision};

use super::actor::{Actor, decidable_submission, organisation, write};
use super::editorial_error::{EditorialError, optional_text, required_text, retried};
use super::publishing::{self, PublishChoices};
use super::submission_store::step;
use super::{edits, notices, organisations};

/// Maximum length of a reason or comment.
pub const COMMENT_LIMIT: usize = 2_000;
/// Maximum number of comments of one decision.
const MOST_COMMENTS: usize = 40;

/// Publishes a submission. It is in pages and feeds with the next request. `with_organisation` approves its
/// organisation in the same commit.
///
/// # Errors
/// Returns [`EditorialError::Changed`] if it is not the version that the editor saw, [`EditorialError::WrongState`] if
/// it does not wait, [`EditorialError::OrganisationPending`] if its organisation is not approved, and
/// [`EditorialError::Conflicts`] if the public event was changed in the same fields.
pub fn approve_submission(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    with_organisation: bool,
    choices: &PublishChoices,
) -> Result<(), EditorialError> {
    retried(|| {
        let _turn = calendar.planning().alone();
        let (mut next, revision) = waiting(calendar, actor, id, seen)?;
        let owner = next.organisation();
        let mut owner = owner.map(|id| organisation(calendar, id)).transpose()?;
        let mut changes = Vec::new();
        if let Some((owner, revision)) = &mut owner
            && with_organisation
            && owner.standing == OrganisationStanding::Pending
        {
            changes.extend(approved(calendar, actor, owner)?);
            changes.push(Change::update(owner.clone().into(), *revision));
        }
        let owner = owner.as_ref().map(|(owner, _)| owner);
        changes.extend(publishing::publish(
            calendar, actor, &mut next, owner, choices,
        )?);
        if !next.step(step(actor, SubmissionState::Approved)) {
            return Err(EditorialError::WrongState);
        }
        let event = proposed(&next)?;
        let path = format!("/events/{}", event.slug);
        let kind = MailKind::Approved;
        let mails = notices::about_decision(calendar, &next, kind, event, &path, "")?;
        changes.extend(mails);
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, "approved a submission", changes)
    })
}

/// Asks for changes: comments at fields, or one about the whole.
///
/// # Errors
/// Returns [`EditorialError::TextMissing`] without comments, and [`EditorialError::WrongState`] if a visitor made it, who
/// cannot change it. Errors otherwise as [`approve_submission`].
pub fn ask_for_changes(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    comments: &[ReviewComment],
) -> Result<(), EditorialError> {
    let mut checked = Vec::new();
    for comment in comments.iter().take(MOST_COMMENTS) {
        let text = optional_text(&comment.text, COMMENT_LIMIT)?;
        if !text.is_empty() {
            let field = comment.field;
            checked.push(ReviewComment { field, text });
        }
    }
    if checked.is_empty() {
        return Err(EditorialError::TextMissing);
    }
    let texts: Vec<&str> = checked
        .iter()
        .map(|checked| checked.text.as_str())
        .collect();
    let remark = texts.join("\n");
    let step = SubmissionStep {
        comments: checked,
        ..step(actor, SubmissionState::ChangesWanted)
    };
    decide(
        calendar,
        actor,
        id,
        seen,
        &step,
        MailKind::ChangesWanted,
        &remark,
    )
}

/// Rejects a submission with a reason. Nothing more of it becomes public. `restores` gives time, place and status of the
/// public event the values that they had before the edit, unless somebody changed them since.
///
/// # Errors
/// Returns [`EditorialError::TextMissing`] without a reason. Errors otherwise as [`approve_submission`].
pub fn reject_submission(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    reason: &str,
    restores: bool,
) -> Result<(), EditorialError> {
    let reason = required_text(reason, COMMENT_LIMIT)?;
    let step = SubmissionStep {
        reason: reason.clone(),
        ..step(actor, SubmissionState::Rejected)
    };
    if !restores {
        let kind = MailKind::Rejected;
        return decide(calendar, actor, id, seen, &step, kind, &reason);
    }
    retried(|| {
        let (next, revision) = waiting(calendar, actor, id, seen)?;
        let restored = edits::restored(calendar, actor, &next)?;
        let kind = if restored.is_empty() {
            MailKind::Rejected
        } else {
            MailKind::RejectedRestored
        };
        let mut changes = decided(calendar, (next, revision), &step, kind, &reason)?;
        changes.extend(restored);
        write(calendar, actor, "rejected an edit", changes)
    })
}

/// Takes a step of a submission that waits, and mails its author with a remark.
fn decide(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
    step: &SubmissionStep,
    kind: MailKind,
    remark: &str,
) -> Result<(), EditorialError> {
    retried(|| {
        let found = waiting(calendar, actor, id, seen)?;
        let changes = decided(calendar, found, step, kind, remark)?;
        write(calendar, actor, "decided on a submission", changes)
    })
}

/// Returns the changes of a step of a submission: itself, and the mail to its author.
fn decided(
    calendar: &Calendar,
    (mut next, revision): (Submission, Revision),
    step: &SubmissionStep,
    kind: MailKind,
    remark: &str,
) -> Result<Vec<Change>, EditorialError> {
    let is_asked = step.state == SubmissionState::ChangesWanted;
    if is_asked && next.organisation().is_none() || !next.step(step.clone()) {
        return Err(EditorialError::WrongState);
    }
    let path = notices::submission_path(&next.id);
    let event = proposed(&next)?;
    let mut changes = notices::about_decision(calendar, &next, kind, event, &path, remark)?;
    changes.push(Change::update(next.into(), revision));
    Ok(changes)
}

fn proposed(submission: &Submission) -> Result<&Event, EditorialError> {
    submission.next.as_deref().ok_or(EditorialError::WrongState)
}

/// Returns a submission that waits, in the version that the editor saw.
fn waiting(
    calendar: &Calendar,
    actor: &Actor,
    id: &SubmissionId,
    seen: Revision,
) -> Result<(Submission, Revision), EditorialError> {
    let snapshot = calendar.snapshot();
    let (found, revision) = decidable_submission(calendar, &snapshot, actor, id)?;
    if found.state != SubmissionState::Submitted {
        return Err(EditorialError::WrongState);
    }
    if revision != seen {
        return Err(EditorialError::Changed);
    }
    Ok((found, revision))
}

/// What an editor decides about an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganisationDecision {
    /// It is known.
    Approve,
    /// It is not; with the reason.
    Refuse(String),
    /// Its events are published without an editor, or no longer.
    Trust(bool),
}

/// Decides about an organisation. Every editor may.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person is no editor, [`EditorialError::Exists`] if another approved
/// organisation has its number or organizer, and [`EditorialError::WrongState`] if it is not approved and shall be
/// trusted.
pub fn decide_organisation(
    calendar: &Calendar,
    actor: &Actor,
    id: &OrganisationId,
    decision: &OrganisationDecision,
) -> Result<(), EditorialError> {
    if !actor.is_editor() {
        return Err(EditorialError::NotAllowed);
    }
    retried(|| {
        // Of two organisations with one claim that are approved at once, one is refused.
        let _turn = calendar.planning().alone();
        let (mut next, revision) = organisation(calendar, id)?;
        let mut changes = match decision {
            OrganisationDecision::Approve => {
                let is_new = next.standing != OrganisationStanding::Approved;
                let mut changes = approved(calendar, actor, &mut next)?;
                if is_new {
                    let kind = MailKind::OrganisationApproved;
                    changes.extend(about_organisation(calendar, &next, kind)?);
                }
                changes
            }
            OrganisationDecision::Refuse(reason) => {
                next.reason = required_text(reason, COMMENT_LIMIT)?;
                next.standing = OrganisationStanding::Refused;
                next.trusted = false;
                about_organisation(calendar, &next, MailKind::OrganisationRefused)?
            }
            OrganisationDecision::Trust(is_trusted) => {
                if next.standing != OrganisationStanding::Approved {
                    return Err(EditorialError::WrongState);
                }
                next.trusted = *is_trusted;
                Vec::new()
            }
        };
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, "decided on an organisation", changes)
    })
}

/// Returns the mails about a decision to the administrators of an organisation.
fn about_organisation(
    calendar: &Calendar,
    decided: &Organisation,
    kind: MailKind,
) -> Result<Vec<Change>, EditorialError> {
    let facts = MailFacts {
        subject: Some(decided.name.clone()),
        path: Some(notices::organisation_path(&decided.id)),
        remark: Some(decided.reason.clone()).filter(|text| !text.is_empty()),
        ..MailFacts::default()
    };
    notices::to_admins(calendar, decided, kind, &facts)
}

/// Approves an organisation, and returns the changes beside its own: its organizer.
fn approved(
    calendar: &Calendar,
    actor: &Actor,
    next: &mut Organisation,
) -> Result<Vec<Change>, EditorialError> {
    if next.standing == OrganisationStanding::Approved {
        return Ok(Vec::new());
    }
    for (other, _) in organisations::all(calendar)? {
        let is_known = other.standing == OrganisationStanding::Approved && other.id != next.id;
        if is_known && other.shares_claim(next) {
            return Err(EditorialError::Exists);
        }
    }
    next.standing = OrganisationStanding::Approved;
    next.reason.clear();
    let organizer = publishing::new_organizer(calendar, actor, next)?;
    Ok(organizer.into_iter().collect())
}
