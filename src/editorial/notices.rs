//! Mails about what organizers and editors do. Each is part of the commit of its cause.

use crate::catalog::Calendar;
use calendar_domain::{
    Account, AccountId, Claim, EmailAddress, Event, EventId, Lang, MailFacts, MailKind,
    Organisation, OrganisationId, OutgoingMail, Proposer, Submission, SubmissionId, VisitorId,
};
use calendar_language::{Words, Year};
use calendar_store::{Change, Store, records};

use super::EditorialError;

/// Returns the mail to an account; none if the account no longer exists.
pub(super) fn to_account(
    calendar: &Calendar,
    account: &AccountId,
    kind: MailKind,
    facts: MailFacts,
) -> Result<Vec<Change>, EditorialError> {
    let found = records::one::<Account>(calendar, account.as_str())?;
    let mail =
        found.map(|(value, _)| to_address(calendar, &value.email, value.language, kind, facts));
    Ok(mail.into_iter().collect())
}

/// Returns the mails to the administrators of an organisation.
pub(super) fn to_admins(
    calendar: &Calendar,
    organisation: &Organisation,
    kind: MailKind,
    facts: &MailFacts,
) -> Result<Vec<Change>, EditorialError> {
    let mut mails = Vec::new();
    for admin in organisation.administrators() {
        mails.extend(to_account(calendar, admin, kind, facts.clone())?);
    }
    Ok(mails)
}

/// Returns the language of the account with an address, if there is one.
pub(super) fn language_of(
    calendar: &Calendar,
    email: &EmailAddress,
) -> Result<Option<Lang>, EditorialError> {
    let holders = calendar.holders(&Claim::AccountEmail(email.clone()))?;
    let Some(key) = holders.first() else {
        return Ok(None);
    };
    let found = records::one::<Account>(calendar, &key.id)?;
    Ok(found.map(|(account, _)| account.language))
}

/// Returns the mail to an address.
pub(super) fn to_address(
    calendar: &Calendar,
    email: &EmailAddress,
    language: Lang,
    kind: MailKind,
    mut facts: MailFacts,
) -> Change {
    facts.path = facts.path.map(|path| in_language(&path, language));
    let clock = calendar.clock();
    let id = clock.new_id().into();
    let mail = OutgoingMail::new(id, email.clone(), language, kind, facts, clock.now());
    Change::create(mail.into())
}

/// Returns the mail to a visitor.
pub(super) fn to_visitor(
    calendar: &Calendar,
    visitor: &VisitorId,
    language: Lang,
    kind: MailKind,
    mut facts: MailFacts,
) -> Change {
    facts.path = facts.path.map(|path| in_language(&path, language));
    let clock = calendar.clock();
    let (id, now) = (clock.new_id().into(), clock.now());
    let mail = OutgoingMail::to_visitor(id, visitor.clone(), language, kind, facts, now);
    Change::create(mail.into())
}

/// Returns the mails about a decision on a submission: to the visitor or member who made it, or to the administrators of
/// its organisation if that person is no longer a member.
pub(super) fn about_decision(
    calendar: &Calendar,
    submission: &Submission,
    kind: MailKind,
    event: &Event,
    path: &str,
    comment: &str,
) -> Result<Vec<Change>, EditorialError> {
    let (organisation, author) = match &submission.proposer {
        Proposer::Member {
            organisation,
            author,
        } => (organisation, author),
        Proposer::Visitor { visitor, language } => {
            // Visitors have no page of their submission.
            let path = Some(path.to_owned()).filter(|_| kind == MailKind::Approved);
            let facts = facts_of(calendar, *language, event, path, comment);
            return Ok(vec![to_visitor(calendar, visitor, *language, kind, facts)]);
        }
    };
    let owner = records::one::<Organisation>(calendar, organisation.as_str())?;
    let recipients = owner.map_or_else(
        || vec![author.clone()],
        |(owner, _)| owner.contacts_for(author),
    );
    let mut mails = Vec::new();
    for recipient in &recipients {
        let path = path.to_owned();
        mails.extend(about_event(
            calendar, recipient, kind, event, path, comment,
        )?);
    }
    Ok(mails)
}

/// Returns the mail about a submission to a person.
pub(super) fn about_event(
    calendar: &Calendar,
    to: &AccountId,
    kind: MailKind,
    event: &Event,
    path: String,
    comment: &str,
) -> Result<Vec<Change>, EditorialError> {
    let Some((account, _)) = records::one::<Account>(calendar, to.as_str())? else {
        return Ok(Vec::new());
    };
    let facts = facts_of(calendar, account.language, event, Some(path), comment);
    let mail = to_address(calendar, &account.email, account.language, kind, facts);
    Ok(vec![mail])
}

/// Returns the facts of a mail about an event.
fn facts_of(
    calendar: &Calendar,
    language: Lang,
    event: &Event,
    path: Option<String>,
    comment: &str,
) -> MailFacts {
    let words = Words::new(language);
    let zone = calendar.snapshot().region().time_zone;
    let leading = event.schedule.leading();
    MailFacts {
        subject: Some(event.title_in(language).to_owned()),
        when: leading.map(|leading| words.when_in(&leading.when, zone, Year::Said)),
        path,
        remark: Some(comment.to_owned()).filter(|text| !text.is_empty()),
        ..MailFacts::default()
    }
}

/// Returns the path of the page of a submission, for its organisation.
#[must_use]
pub fn submission_path(id: &SubmissionId) -> String {
    format!("/organizer/events/{id}")
}

/// Returns the path of the page of an organisation, for its members.
#[must_use]
pub fn organisation_path(id: &OrganisationId) -> String {
    format!("/organizer/organisations/{id}")
}

/// Returns the path of the page on which a public event is changed.
#[must_use]
pub fn published_path(id: &EventId) -> String {
    format!("/organizer/published/{id}")
}

pub(super) fn in_language(path: &str, language: Lang) -> String {
    let prefix = Words::new(language).lang().path_prefix();
    format!("{prefix}{path}")
}
