//! The mails of a day: what waits for each editor, and reminders to organizers.
//!
//! They concern what waits at one hour of the day in the region's zone. So nothing has to be noted if there is nothing
//! to say, and a server that was down at that hour makes up for it later that day. What was mailed is noted in the same
//! commit, in the account or submission that it is about.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::event_form::{FormContext, FormField};
use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{
    Account, AccountId, Lang, MailFacts, MailKind, Organisation, OrganisationStanding, Proposer,
    Record, RecordKind, Submission, SubmissionState,
};
use calendar_language::{Words, Year};
use calendar_store::{Author, Change, Store, records};

use super::actor::{Actor, municipality_of};
use super::editorial_error::{EditorialError, retried};
use super::notices::{submission_path, to_address};
use super::queue::{EditorQueue, queue};
use super::review::open_matters;

/// Maximum number of lines of a digest.
const LINES: usize = 30;
/// Time after which a request for changes is recalled.
const UNANSWERED: TimeDelta = TimeDelta::days(3);
/// Days before an event in which its draft is recalled.
const SOON: i64 = 7;
/// Age of a draft at which its author is reminded.
const DRAFT_RESTS: TimeDelta = TimeDelta::hours(12);

/// The day whose mails are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDay {
    /// The day in the region's zone.
    pub day: NaiveDate,
    /// The hour at which they became due.
    at: DateTime<Utc>,
}

/// Returns today if the hour has come in the region's zone.
#[must_use]
pub fn due_day(calendar: &Calendar, hour: u32) -> Option<DueDay> {
    let zone = calendar.snapshot().region().time_zone;
    let now = calendar.clock().now();
    let day = to_local(now, zone).date();
    let at = to_utc(day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?), zone);
    (at <= now).then_some(DueDay { day, at })
}

/// Adds the mails of a day to the outbox, except those already added.
///
/// # Errors
/// Errors if the store fails. What was done before stays done, and the rest may be tried again.
pub fn send_daily(calendar: &Calendar, due: DueDay) -> Result<(), EditorialError> {
    for (account, _) in records::every::<Account>(calendar)? {
        if account.editor.is_some() {
            retried(|| digest(calendar, due, &account.id))?;
        }
    }
    let mut open = Vec::new();
    calendar.scan(&[RecordKind::Submission], &mut |batch| {
        open.extend(batch.into_iter().filter_map(|batch| match batch.record {
            Record::Submission(batch) if batch.state.is_editable() => Some(batch.id.clone()),
            _ => None,
        }));
    })?;
    for id in open {
        retried(|| remind(calendar, due, id.as_str()))?;
    }
    Ok(())
}

/// Mails an editor what waits for them, unless that was done on this day or nothing waits.
fn digest(calendar: &Calendar, due: DueDay, id: &AccountId) -> Result<(), EditorialError> {
    let Some((account, revision)) = records::one::<Account>(calendar, id.as_str())? else {
        return Ok(());
    };
    let snapshot = calendar.snapshot();
    let zone = snapshot.region().time_zone;
    // A new account had nothing to wait for at that hour.
    let created = to_local(account.created, zone).date();
    // A day far ahead is from a clock that was wrong.
    let last = account.digest.unwrap_or(created);
    let is_done = (due.day..=due.day + Days::new(1)).contains(&last);
    if is_done || account.editor.is_none() {
        return Ok(());
    }
    let actor = Actor {
        account,
        now: due.at,
    };
    let items = waiting_lines(calendar, &snapshot, &actor)?;
    if items.is_empty() {
        return Ok(());
    }
    let Actor { mut account, .. } = actor;
    let words = Words::new(account.language);
    let facts = MailFacts {
        subject: Some(words.say_with("digest-count", &[("count", items.len())])),
        path: Some("/editor/".to_owned()),
        items: shortened(words, items),
        ..MailFacts::default()
    };
    let language = account.language;
    let mail = to_address(
        calendar,
        &account.email,
        language,
        MailKind::EditorDigest,
        facts,
    );
    account.digest = Some(due.day);
    let changes = vec![mail, Change::update(account.into(), revision)];
    Ok(calendar.write(Author::System, "mailed a digest", changes)?)
}

fn shortened(words: Words, mut items: Vec<String>) -> Vec<String> {
    let more = items.len().saturating_sub(LINES);
    if more > 0 {
        items.truncate(LINES);
        items.push(words.say_with("digest-more", &[("count", more)]));
    }
    items
}

/// Returns what has waited for an editor since before `actor.now`, a line for each.
fn waiting_lines(
    calendar: &Calendar,
    snapshot: &Snapshot,
    actor: &Actor,
) -> Result<Vec<String>, EditorialError> {
    let lang = actor.account.language;
    let words = Words::new(lang);
    let EditorQueue {
        submissions,
        reports,
        organisations,
        requests,
    } = queue(calendar, snapshot, actor)?;
    let since =
        |submission: &Submission| submission.waits_since().is_some_and(|at| at <= actor.now);
    let waiting = submissions.iter().filter(|submission| since(submission));
    let mut lines: Vec<String> = waiting
        .map(|waiting| submission_line(snapshot, lang, waiting))
        .collect();
    let reported = reports.iter().filter(|report| report.reported <= actor.now);
    lines.extend(reported.map(|report| {
        let event = snapshot.event(&report.event).map(|entry| entry.event());
        let title = match &event {
            Some(event) => event.title_in(lang).to_owned(),
            None => words.say("report-gone").into_owned(),
        };
        words.say_with("digest-report", &[("title", title)])
    }));
    let new = organisations
        .iter()
        .filter(|organisation| organisation.registered <= actor.now);
    let new = new.map(|new| words.say_with("digest-organisation", &[("name", new.name.as_str())]));
    lines.extend(new);
    let asked = requests.iter();
    lines.extend(
        asked.map(|request| words.say_with("digest-request", &[("name", request.name.as_str())])),
    );
    if actor.account.editor == Some(calendar_domain::EditorScope::All) {
        let open = open_matters(calendar)?;
        let suggestions = open
            .suggestions
            .iter()
            .filter(|suggestion| suggestion.at <= actor.now);
        let queued = open
            .queued
            .iter()
            .filter(|queued| queued.created <= actor.now);
        let count = suggestions.count() + queued.count();
        if count > 0 {
            lines.push(words.say_with("digest-partners", &[("count", count)]));
        }
    }
    Ok(lines)
}

fn submission_line(snapshot: &Snapshot, lang: Lang, submission: &Submission) -> String {
    let words = Words::new(lang);
    let Some(event) = submission.next.as_deref() else {
        return words.say("work-untitled").into_owned();
    };
    let zone = snapshot.region().time_zone;
    let when = event.schedule.leading();
    let when = when.map(|when| words.when_in(&when.when, zone, Year::Said));
    let municipality = municipality_of(snapshot, event);
    let municipality = municipality.and_then(|municipality| {
        let known = snapshot.region().municipality(municipality.as_str());
        known.map(|municipality| municipality.name.clone())
    });
    let parts = [Some(event.title_in(lang).to_owned()), when, municipality];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

/// Reminds of a submission that waits for its author, once in each of its states.
fn remind(calendar: &Calendar, due: DueDay, id: &str) -> Result<(), EditorialError> {
    let Some((mut next, revision)) = records::one::<Submission>(calendar, id)? else {
        return Ok(());
    };
    let step = next.history.len();
    let snapshot = calendar.snapshot();
    let Some(kind) = reminder(&snapshot, due, &next).filter(|_| next.reminded != Some(step)) else {
        return Ok(());
    };
    let Proposer::Member {
        organisation,
        author,
    } = &next.proposer
    else {
        return Ok(());
    };
    let owner = records::one::<Organisation>(calendar, organisation.as_str())?;
    let owner = owner.map(|(owner, _)| owner);
    let Some(owner) = owner.filter(|owner| owner.standing != OrganisationStanding::Refused) else {
        return Ok(());
    };
    let mut changes = Vec::new();
    let zone = snapshot.region().time_zone;
    for person in owner.contacts_for(author) {
        let Some((account, _)) = records::one::<Account>(calendar, person.as_str())? else {
            continue;
        };
        let words = Words::new(account.language);
        let title = next.form.filled(FormField::Title);
        let title = title.map_or_else(|| words.say("work-untitled").into_owned(), str::to_owned);
        let schedule = next.form.schedule(context(&snapshot, due));
        let when = schedule.as_ref().and_then(|schedule| schedule.leading());
        let facts = MailFacts {
            subject: Some(title),
            when: when.map(|when| words.when_in(&when.when, zone, Year::Said)),
            path: Some(submission_path(&next.id)),
            ..MailFacts::default()
        };
        changes.push(to_address(
            calendar,
            &account.email,
            account.language,
            kind,
            facts,
        ));
    }
    if changes.is_empty() {
        return Ok(());
    }
    next.reminded = Some(step);
    changes.push(Change::update(next.into(), revision));
    Ok(calendar.write(Author::System, "reminded an organizer", changes)?)
}

/// Returns the reminder that a submission needs, if it needs one.
fn reminder(snapshot: &Snapshot, due: DueDay, submission: &Submission) -> Option<MailKind> {
    let schedule = || submission.form.schedule(context(snapshot, due));
    let is_soon = || {
        let days = schedule().and_then(|schedule| schedule.leading_day());
        days.is_some_and(|day| (0..=SOON).contains(&(day - due.day).num_days()))
    };
    let asked = submission.history.last().map(|history| history.at);
    match submission.state {
        SubmissionState::ChangesWanted => {
            let is_unanswered = asked.is_some_and(|at| at + UNANSWERED <= due.at);
            let is_before = asked.is_some_and(|at| at <= due.at);
            let is_due = is_unanswered || (is_before && is_soon());
            is_due.then_some(MailKind::ChangesReminder)
        }
        // An edit that was begun and left changes nothing about its public event.
        SubmissionState::Draft if !submission.is_edit() => {
            let rests = submission.modified + DRAFT_RESTS <= due.at;
            (rests && is_soon()).then_some(MailKind::Reminder)
        }
        _ => None,
    }
}

fn context(snapshot: &Snapshot, due: DueDay) -> FormContext<'_> {
    FormContext {
        zone: snapshot.region().time_zone,
        today: due.day,
        now: due.at,
        namespace: snapshot.region().uid_namespace,
        names: snapshot,
    }
}
