//! Mistakes that visitors report: the queue, answers, and the organizer.

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::{
    Event, EventId, EventReport, Lang, MailFacts, MailKind, Organisation, Record, RecordKind,
    ReportClosing, ReportId, ReportedFault, VisitorId,
};
use calendar_language::Words;
use calendar_store::{Author, Change, Revision, Store, StoreError, records};

use super::actor::{Actor, municipality_of, write};
use super::editorial_error::{EditorialError, optional_text, required_text, retried};
use super::submission_review::COMMENT_LIMIT;
use super::{notices, organisations};

/// Maximum number of open reports.
pub const OPEN_LIMIT: usize = 300;
/// Maximum number of open reports of one event.
pub const OPEN_LIMIT_OF_EVENT: usize = 20;
/// Maximum number of characters of a report.
pub const REPORT_LIMIT: usize = 2_000;

/// A report of a visitor who has confirmed an address.
#[derive(Debug, Clone)]
pub struct ConfirmedReport {
    /// Its key, so that it is received once.
    pub id: ReportId,
    /// The visitor.
    pub visitor: VisitorId,
    /// Language of mails to the visitor.
    pub language: Lang,
    /// The event.
    pub event: EventId,
    /// What is wrong.
    pub fault: ReportedFault,
    /// What the visitor wrote.
    pub text: String,
}

/// Puts a report into the queue. Returns false if it is there already.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if the event is no longer public, and [`EditorialError::TooMany`] if too many
/// reports are open, in all or of the event.
pub fn receive(calendar: &Calendar, report: ConfirmedReport) -> Result<bool, EditorialError> {
    let id = report.id.clone();
    let is_known = || records::one::<EventReport>(calendar, id.as_str());
    if is_known()?.is_some() {
        return Ok(false);
    }
    if calendar.snapshot().event(&report.event).is_none() {
        return Err(EditorialError::NotFound);
    }
    let open = all_open(calendar)?;
    let of_event = open.iter().filter(|other| other.event == report.event);
    if open.len() >= OPEN_LIMIT || of_event.count() >= OPEN_LIMIT_OF_EVENT {
        return Err(EditorialError::TooMany);
    }
    let received = EventReport {
        id: report.id,
        event: report.event,
        visitor: report.visitor,
        language: report.language,
        fault: report.fault,
        text: required_text(&report.text, REPORT_LIMIT)?,
        reported: calendar.clock().now(),
        forwarded: None,
        closing: None,
    };
    let changes = vec![Change::create(received.into())];
    match calendar.write(Author::System, "a visitor reported a mistake", changes) {
        Ok(()) => Ok(true),
        // The button was pressed twice at once.
        Err(error) if error.is_overtaken() && is_known()?.is_some() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Returns every open report.
fn all_open(store: &dyn Store) -> Result<Vec<EventReport>, StoreError> {
    let mut open = Vec::new();
    store.scan(&[RecordKind::Report], &mut |batch| {
        for stored in batch {
            if let Record::Report(report) = stored.record
                && report.closing.is_none()
            {
                open.push(EventReport::clone(&report));
            }
        }
    })?;
    open.sort_by(|a, b| (a.reported, &a.id).cmp(&(b.reported, &b.id)));
    Ok(open)
}

/// Returns the open reports about events of an editor's municipalities, the oldest first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn open_reports(
    store: &dyn Store,
    snapshot: &Snapshot,
    actor: &Actor,
) -> Result<Vec<EventReport>, StoreError> {
    let mut open = all_open(store)?;
    open.retain(|report| may_answer(snapshot, actor, report));
    Ok(open)
}

/// Returns the open reports about an event, the oldest first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn open_reports_of(store: &dyn Store, event: &EventId) -> Result<Vec<EventReport>, StoreError> {
    let mut open = all_open(store)?;
    open.retain(|report| report.event == *event);
    Ok(open)
}

/// Returns true if the person answers a report: the event is in their municipalities, in none, or gone.
fn may_answer(snapshot: &Snapshot, actor: &Actor, report: &EventReport) -> bool {
    let event = snapshot.event(&report.event).map(|entry| entry.event());
    let municipality = event.and_then(|event| municipality_of(snapshot, &event));
    actor.may_decide(municipality.as_ref())
}

/// Returns a report that the person may answer.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if there is none with this id, and [`EditorialError::NotAllowed`] if it is
/// another editor's.
pub fn answerable_report(
    calendar: &Calendar,
    actor: &Actor,
    id: &ReportId,
) -> Result<(EventReport, Revision), EditorialError> {
    if !actor.is_editor() {
        return Err(EditorialError::NotAllowed);
    }
    let found = records::one::<EventReport>(calendar, id.as_str())?;
    let (report, revision) = found.ok_or(EditorialError::NotFound)?;
    if may_answer(&calendar.snapshot(), actor, &report) {
        Ok((report, revision))
    } else {
        Err(EditorialError::NotAllowed)
    }
}

/// Closes a report. With an answer, the visitor gets it by mail.
///
/// # Errors
/// Returns [`EditorialError::WrongState`] if it is closed, and [`EditorialError::TextTooLong`] if the answer is too
/// long. Errors otherwise as [`answerable_report`].
pub fn close(
    calendar: &Calendar,
    actor: &Actor,
    id: &ReportId,
    answer: &str,
) -> Result<(), EditorialError> {
    let answer = optional_text(answer, COMMENT_LIMIT)?;
    retried(|| {
        let (mut next, revision) = open_report(calendar, actor, id)?;
        next.closing = Some(ReportClosing {
            by: actor.account.id.clone(),
            at: actor.now,
            answer: answer.clone(),
        });
        let mut changes = Vec::new();
        if !answer.is_empty() {
            let event = calendar
                .snapshot()
                .event(&next.event)
                .map(|entry| entry.event());
            let subject = match &event {
                Some(event) => event.title_in(next.language).to_owned(),
                None => Words::new(next.language).say("report-gone").into_owned(),
            };
            let facts = MailFacts {
                subject: Some(subject),
                path: event.map(|event| format!("/events/{}", event.slug)),
                remark: Some(answer.clone()),
                ..MailFacts::default()
            };
            let (visitor, language) = (&next.visitor, next.language);
            let kind = MailKind::ReportAnswered;
            changes.push(notices::to_visitor(
                calendar, visitor, language, kind, facts,
            ));
        }
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, "closed a report", changes)
    })
}

/// Passes a report on to the administrators of the event's organisation, without saying who reported it.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if the event has no organisation here, and [`EditorialError::WrongState`] if the
/// report is closed or was passed on. Errors otherwise as [`answerable_report`].
pub fn forward(calendar: &Calendar, actor: &Actor, id: &ReportId) -> Result<(), EditorialError> {
    retried(|| {
        let (mut next, revision) = open_report(calendar, actor, id)?;
        if next.forwarded.is_some() {
            return Err(EditorialError::WrongState);
        }
        let event = calendar
            .snapshot()
            .event(&next.event)
            .map(|entry| entry.event());
        let event = event.ok_or(EditorialError::NotFound)?;
        let owner = organizer_of(calendar, &event)?.ok_or(EditorialError::NotFound)?;
        next.forwarded = Some(actor.now);
        let mut changes = Vec::new();
        for account in organisations::accounts(calendar, owner.administrators())? {
            let words = Words::new(account.language);
            let fault = words.say(&format!("report-fault-{}", next.fault.as_str()));
            let facts = MailFacts {
                subject: Some(event.title_in(account.language).to_owned()),
                path: Some(notices::published_path(&event.id)),
                remark: Some(format!("{fault}\n{}", next.text)),
                ..MailFacts::default()
            };
            let (email, kind) = (&account.email, MailKind::ReportForwarded);
            changes.push(notices::to_address(
                calendar,
                email,
                account.language,
                kind,
                facts,
            ));
        }
        changes.push(Change::update(next.into(), revision));
        write(calendar, actor, "passed a report on", changes)
    })
}

/// Returns the approved organisation that organizes an event, if there is one.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn organizer_of(store: &dyn Store, event: &Event) -> Result<Option<Organisation>, StoreError> {
    let all = organisations::all(store)?.into_iter();
    let mut all = all.map(|(organisation, _)| organisation);
    Ok(all.find(|organisation| organisation.organizes(event)))
}

fn open_report(
    calendar: &Calendar,
    actor: &Actor,
    id: &ReportId,
) -> Result<(EventReport, Revision), EditorialError> {
    let (found, revision) = answerable_report(calendar, actor, id)?;
    match found.closing {
        None => Ok((found, revision)),
        Some(_) => Err(EditorialError::WrongState),
    }
}
