//! Mistakes that visitors report: the queue, answers, and the organizer.

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::{
    Event, EventId, EventReport, JoinedReport, Lang, MailFacts, MailKind, Organisation, Record,
    RecordKind, ReportClosing, ReportId, ReportedFault, VisitorId,
};
use calendar_language::Words;
use calendar_store::{Author, Change, Revision, Store, StoreError, records};

use super::actor::{Actor, municipality_of, write};
use super::editorial_error::{EditorialError, optional_text, required_text, retried};
use super::submission_review::COMMENT_LIMIT;
use super::{notices, organisations};

/// Maximum number of open reports.
pub const OPEN_LIMIT: usize = 300;
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

/// Puts a report into the queue. It joins an open one of the same event and kind, which makes one matter for the editors.
/// Returns false if it is there already.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if the event is no longer public, and [`EditorialError::TooMany`] if too many
/// reports are open.
pub fn receive(calendar: &Calendar, report: &ConfirmedReport) -> Result<bool, EditorialError> {
    let text = required_text(&report.text, REPORT_LIMIT)?;
    retried(|| receive_once(calendar, report, &text))
}

fn receive_once(
    calendar: &Calendar,
    report: &ConfirmedReport,
    text: &str,
) -> Result<bool, EditorialError> {
    if records::one::<EventReport>(calendar, report.id.as_str())?.is_some() {
        return Ok(false);
    }
    if calendar.snapshot().event(&report.event).is_none() {
        return Err(EditorialError::NotFound);
    }
    let open = all_open(calendar)?;
    if open.iter().any(|(open, _)| open.has(&report.id)) {
        return Ok(false);
    }
    let now = calendar.clock().now();
    let is_same = |open: &EventReport| {
        let is_same = open.event == report.event && open.fault == report.fault;
        is_same && open.joined.len() < EventReport::JOINED
    };
    let count = open.len();
    let change = match open.into_iter().find(|(open, _)| is_same(open)) {
        Some((mut open, revision)) => {
            open.joined.push(JoinedReport {
                id: report.id.clone(),
                visitor: report.visitor.clone(),
                language: report.language,
                text: text.to_owned(),
                reported: now,
            });
            Change::update(open.into(), revision)
        }
        None if count >= OPEN_LIMIT => return Err(EditorialError::TooMany),
        None => {
            let received = EventReport {
                id: report.id.clone(),
                event: report.event.clone(),
                visitor: report.visitor.clone(),
                language: report.language,
                fault: report.fault,
                text: text.to_owned(),
                reported: now,
                joined: Vec::new(),
                forwarded: None,
                closing: None,
            };
            Change::create(received.into())
        }
    };
    calendar.write(Author::System, "a visitor reported a mistake", vec![change])?;
    Ok(true)
}

/// Returns the visitors whose reports are open, one for each report.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn waiting_visitors(store: &dyn Store) -> Result<Vec<VisitorId>, StoreError> {
    let open = all_open(store)?;
    let visitors = open.iter().flat_map(|(open, _)| open.visitors());
    Ok(visitors.map(|(visitor, _)| visitor.clone()).collect())
}

/// Returns every open report, the oldest first.
fn all_open(store: &dyn Store) -> Result<Vec<(EventReport, Revision)>, StoreError> {
    let mut open = Vec::new();
    store.scan(&[RecordKind::Report], &mut |batch| {
        for stored in batch {
            if let Record::Report(report) = stored.record
                && report.closing.is_none()
            {
                open.push((EventReport::clone(&report), stored.revision));
            }
        }
    })?;
    open.sort_by(|(a, _), (b, _)| (a.reported, &a.id).cmp(&(b.reported, &b.id)));
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
    let open = all_open(store)?.into_iter().map(|(report, _)| report);
    Ok(open
        .filter(|report| may_answer(snapshot, actor, report))
        .collect())
}

/// Returns the open reports about an event, the oldest first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn open_reports_of(store: &dyn Store, event: &EventId) -> Result<Vec<EventReport>, StoreError> {
    let open = all_open(store)?.into_iter().map(|(report, _)| report);
    Ok(open.filter(|report| report.event == *event).collect())
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

/// Closes a report. With an answer, the visitors get it by mail.
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
            for (visitor, language) in next.visitors() {
                let subject = match &event {
                    Some(event) => event.title_in(language).to_owned(),
                    None => Words::new(language).say("report-gone").into_owned(),
                };
                let facts = MailFacts {
                    subject: Some(subject),
                    path: event
                        .as_ref()
                        .map(|event| format!("/events/{}", event.slug)),
                    remark: Some(answer.clone()),
                    ..MailFacts::default()
                };
                let kind = MailKind::ReportAnswered;
                changes.push(notices::to_visitor(
                    calendar, visitor, language, kind, facts,
                ));
            }
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
        let texts = next.texts().collect::<Vec<_>>().join("\n\n");
        let mut changes = Vec::new();
        for account in organisations::accounts(calendar, owner.administrators())? {
            let words = Words::new(account.language);
            let fault = words.say(&format!("report-fault-{}", next.fault.as_str()));
            let facts = MailFacts {
                subject: Some(event.title_in(account.language).to_owned()),
                path: Some(notices::published_path(&event.id)),
                remark: Some(format!("{fault}\n{texts}")),
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
