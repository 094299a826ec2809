//! What becomes of one record when a person's data is deleted. Pure.

use std::collections::BTreeSet;

use calendar_domain::event_form::FormField;
use calendar_domain::{
    EventReport, Image, ImageName, MailRecipient, MailState, MemberRole, Organisation,
    OrganisationStanding, OutgoingMail, OwnEvents, Proposer, Record, Submission, SubmissionState,
};

use super::subject::DataSubject;

/// What becomes of a record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Redaction {
    /// It is not about the person.
    Unaffected,
    /// It is about the person alone.
    Removed,
    /// It belongs to others, and loses what is about the person.
    Changed(Record),
}

/// Returns what becomes of a record. `is_author` says whether the person made this version.
pub(super) fn redact(record: &Record, subject: &DataSubject, is_author: bool) -> Redaction {
    match record {
        Record::Account(account) if account.id == subject.account => Redaction::Removed,
        Record::Mail(mail) => redact_mail(mail, subject, is_author),
        Record::Organisation(organisation) => redact_organisation(organisation, subject),
        Record::Submission(submission) => redact_submission(submission, subject),
        Record::Report(report) => redact_report(report, subject),
        _ => Redaction::Unaffected,
    }
}

fn changed<T: PartialEq + Into<Record>>(before: &T, after: T) -> Redaction {
    if *before == after {
        Redaction::Unaffected
    } else {
        Redaction::Changed(after.into())
    }
}

fn redact_mail(mail: &OutgoingMail, subject: &DataSubject, is_author: bool) -> Redaction {
    let is_own = match &mail.to {
        MailRecipient::Address(address) => subject.has_address(address),
        MailRecipient::Visitor(visitor) => subject.visitors.contains(visitor),
    };
    let is_given_up = matches!(mail.state, MailState::Bounced { .. });
    // People choose their names: in what others caused, a name that is like theirs says nothing.
    let is_about = |text: &str| is_author && subject.is_named_in(text) || subject.is_address(text);
    let names = |text: &Option<String>| text.as_deref().is_some_and(is_about);
    let facts = &mail.facts;
    let is_mentioned = [&facts.sender, &facts.remark, &facts.subject, &facts.when]
        .into_iter()
        .any(names)
        || facts.items.iter().any(|item| is_about(item));
    if is_own || is_given_up && (is_author || is_mentioned) {
        return Redaction::Removed;
    }
    let mut next = mail.clone();
    if is_author {
        next.facts.remark = None;
    }
    for fact in [
        &mut next.facts.sender,
        &mut next.facts.remark,
        &mut next.facts.subject,
        &mut next.facts.when,
    ] {
        if names(fact) {
            *fact = None;
        }
    }
    next.facts.items.retain(|item| !is_about(item));
    changed(mail, next)
}

fn redact_organisation(organisation: &Organisation, subject: &DataSubject) -> Redaction {
    // Others may ask to join one whose events stay.
    let is_kept = organisation.standing == OrganisationStanding::Approved
        && subject.own_events == OwnEvents::Keep;
    if subject.alone.contains(&organisation.id) && !is_kept {
        return Redaction::Removed;
    }
    let mut next = organisation.clone();
    let was_member = next.members.remove(&subject.account).is_some();
    next.requests.remove(&subject.account);
    next.invitations
        .retain(|_, invitation| !subject.has_address(&invitation.email));
    if was_member && next.admins() == 0 {
        let left = next.members.values_mut();
        left.for_each(|role| *role = MemberRole::Admin);
    }
    changed(organisation, next)
}

fn redact_submission(submission: &Submission, subject: &DataSubject) -> Redaction {
    let is_own = match &submission.proposer {
        Proposer::Visitor { visitor, .. } => {
            if subject.visitors.contains(visitor) {
                return Redaction::Removed;
            }
            false
        }
        Proposer::Member {
            organisation,
            author,
        } => {
            let is_own = *author == subject.account;
            let is_alone =
                subject.alone.contains(organisation) || is_own && subject.is_alone_in(organisation);
            if is_alone || is_own && involves_nobody_else(submission, subject) {
                return Redaction::Removed;
            }
            is_own
        }
    };
    let mut next = submission.clone();
    for step in &mut next.history {
        if step.by.as_ref() == Some(&subject.account) {
            step.reason.clear();
            step.comments.clear();
        }
    }
    // The comments that wait for an answer are those of the last step.
    let last = next.history.last();
    if last.is_some_and(|step| step.by.as_ref() == Some(&subject.account)) {
        next.comments.clear();
    }
    if is_own {
        next.private.contact_name = None;
        next.private.contact_telephone = None;
        next.private.peak_time = None;
        for field in [
            FormField::ContactName,
            FormField::ContactTelephone,
            FormField::PeakTime,
        ] {
            if !next.form.all(field).is_empty() {
                next.form.set(field, Vec::new());
            }
        }
    }
    changed(submission, next)
}

/// Returns true if a submission was never sent, or only withdrawn, and nobody else did anything with it.
fn involves_nobody_else(submission: &Submission, subject: &DataSubject) -> bool {
    let is_private = matches!(
        submission.state,
        SubmissionState::Draft | SubmissionState::Withdrawn
    );
    let mut steps = submission.history.iter();
    is_private && steps.all(|step| step.by.as_ref() == Some(&subject.account))
}

fn redact_report(report: &EventReport, subject: &DataSubject) -> Redaction {
    let mut next = report.clone();
    next.joined
        .retain(|joined| !subject.visitors.contains(&joined.visitor));
    if subject.visitors.contains(&report.visitor) {
        // What others reported as well stays with them.
        if next.joined.is_empty() {
            return Redaction::Removed;
        }
        let first = next.joined.remove(0);
        next.visitor = first.visitor;
        next.language = first.language;
        next.text = first.text;
        next.reported = first.reported;
    }
    if let Some(closing) = &mut next.closing
        && closing.by == subject.account
    {
        closing.answer.clear();
    }
    changed(report, next)
}

/// Adds the names of the image files of a record that is removed.
pub(super) fn add_images(record: &Record, names: &mut BTreeSet<ImageName>) {
    match record {
        Record::Submission(submission) => {
            let Submission {
                base,
                before_live,
                next,
                ..
            } = &**submission;
            let of_form = submission.form.images();
            names.extend(of_form.iter().flat_map(Image::names));
            for event in [base, before_live, next].into_iter().flatten() {
                names.extend(event.images.iter().flat_map(Image::names));
            }
        }
        Record::Event(event) => names.extend(event.images.iter().flat_map(Image::names)),
        _ => {}
    }
}
