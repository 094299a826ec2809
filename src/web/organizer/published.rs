//! `/organizer/published/<id>`: a public event, with its quick changes.

use askama::Template;
use rocket::{Route, get, post, routes};

use super::availability::{self, AvailabilityChoice};
use super::published_images::{ErasableImage, erasable};
use super::start_param::{parse_start, start_text};
use crate::editorial::EditorialError;
use crate::editorial::edits::organisation_of;
use crate::editorial::event_status::{StatusChange, change_status, changeable_event};
use crate::editorial::published_path;
use crate::editorial::undo_status::{UndoableChange, undo_status, undoable};
use crate::web::login::{FormFields, PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::event_lines::{EventLine, lines, status_name};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::{parse_clock, parse_date};
use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::{Event, EventId, EventStatus, Lang, Start, When, Window};
use calendar_language::{Year, capitalised};
use calendar_store::Revision;
use chrono::Months;

/// Number of occurrences to choose from.
const OCCURRENCES_SHOWN: usize = 20;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/published.html")]
struct PublishedPage {
    page: WorkspacePage,
    lines: Vec<EventLine>,
    /// The public page.
    public: String,
    /// Where quick changes are sent.
    action: String,
    /// Where an edit is started; empty for editors who are not members.
    edit: String,
    /// Where it is copied; empty for editors who are not members.
    copy: String,
    /// The revision that is shown.
    revision: String,
    occurrences: Vec<OccurrenceChoice>,
    statuses: Vec<StatusChoice>,
    places: Vec<AvailabilityChoice>,
    notice_text: String,
    images: Vec<ErasableImage>,
    undo: Option<UndoForm>,
}

/// The form that undoes the last change of status.
#[derive(Debug)]
struct UndoForm {
    action: String,
    revision: String,
    /// Deadline, and the recipients of the mail after it.
    text: String,
}

/// An occurrence to choose.
#[derive(Debug)]
struct OccurrenceChoice {
    value: String,
    text: String,
}

/// A status to choose.
#[derive(Debug)]
struct StatusChoice {
    value: &'static str,
    text: String,
    /// ` checked` or an empty string. Safe to write unescaped.
    mark: &'static str,
}

/// The statuses that a person sets. A tentative date is set by the form, and online needs an address.
const OFFERED: [EventStatus; 4] = [
    EventStatus::Cancelled,
    EventStatus::Postponed,
    EventStatus::Rescheduled,
    EventStatus::Scheduled,
];

fn occurrences(request: &WorkspaceRequest, event: &Event) -> Vec<OccurrenceChoice> {
    if event.schedule.recurrence.is_none() {
        return Vec::new();
    }
    let context = &request.context;
    let window = Window {
        from: context.today(),
        ..context.ahead()
    };
    let found = event
        .schedule
        .occurrences(window, &ExpansionLimits::default());
    let choice = |occurrence: calendar_domain::Occurrence<'_>| {
        let start = occurrence.recurrence_id?;
        let mut text = capitalised(&context.words.when_in(
            &occurrence.when,
            context.zone(),
            Year::Said,
        ));
        if let Some(status) = occurrence.change.and_then(|occurrence| occurrence.status) {
            text = format!("{text} ({})", status_name(context.words, status));
        }
        let left = occurrence
            .change
            .and_then(|occurrence| occurrence.availability);
        if let Some(left) = left.and_then(|occurrence| {
            context
                .words
                .availability_label(occurrence, event.admission)
        }) {
            text = format!("{text} ({left})");
        }
        Some(OccurrenceChoice {
            value: start_text(start),
            text,
        })
    };
    let found = found.unwrap_or_default().into_iter();
    found.filter_map(choice).take(OCCURRENCES_SHOWN).collect()
}

#[get("/organizer/published/<id>?<notice>")]
async fn show_published(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let read = request.get(move |calendar, actor| {
        let (event, revision) = changeable_event(calendar, actor, &id)?;
        let is_member = organisation_of(calendar, actor, &event).is_ok();
        let last = undoable(calendar, &event, actor.now)?;
        Ok((event, revision, is_member, last))
    });
    let (event, revision, is_member, last) = read.await?;
    let context = &request.context;
    let rest = published_path(&event.id);
    let of_member = |text: &str| {
        if is_member {
            context.paths.workspace(&format!("{rest}/{text}"))
        } else {
            String::new()
        }
    };
    let status = |status: EventStatus| StatusChoice {
        value: status.as_str(),
        text: context
            .words
            .say(&format!("set-{}", status.as_str()))
            .into_owned(),
        mark: if status == event.status {
            " checked"
        } else {
            ""
        },
    };
    let page = PublishedPage {
        page: request.page(context.text(&event.title), &rest, notice.0),
        lines: lines(context, &event)
            .into_iter()
            .filter(|line| !line.value.is_empty())
            .collect(),
        public: context.paths.event(event.slug.as_str()),
        action: context.paths.workspace(&rest),
        edit: of_member("edit"),
        copy: of_member("copy"),
        revision: revision.to_string(),
        occurrences: occurrences(&request, &event),
        statuses: OFFERED.into_iter().map(status).collect(),
        places: availability::choices(&request, &event),
        notice_text: event.status_note.get(Lang::Nb).to_owned(),
        images: erasable(&request, &event),
        undo: last.map(|undoable| undo_form(&request, &rest, &undoable)),
    };
    page.page.render(&page)
}

fn undo_form(request: &WorkspaceRequest, rest: &str, last: &UndoableChange) -> UndoForm {
    let context = &request.context;
    let time = last.until.with_timezone(&context.zone()).time();
    let time = context.words.clock(time);
    UndoForm {
        action: context.paths.workspace(&format!("{rest}/undo")),
        revision: last.revision.to_string(),
        text: context
            .words
            .say_with("published-undo-text", &[("time", time)]),
    }
}

#[post("/organizer/published/<id>/undo", data = "<form>")]
async fn undo(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = published_path(&id);
    let seen = form.fields.get("revision").parse().map(Revision);
    let seen = seen.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let done = request.run(move |calendar, actor| undo_status(calendar, actor, &id, seen));
    match done.await? {
        Err(EditorialError::WrongState) => Ok(request.to(&rest, PageNotice::TooLate)),
        other => request.answer(other, &rest, PageNotice::Undone),
    }
}
/// A moved event takes place within this time.
const LATEST: Months = Months::new(60);

/// Returns the new time of a moved event or occurrence; `None` if the fields say none. Errors if they are wrong.
fn new_time(
    request: &WorkspaceRequest,
    fields: &FormFields,
    usual: &When,
) -> Result<Option<When>, ()> {
    let (date, time) = (fields.get("date").trim(), fields.get("time").trim());
    if date.is_empty() && time.is_empty() {
        return Ok(None);
    }
    let date = if date.is_empty() {
        usual.start().date()
    } else {
        parse_date(date, request.context.today()).ok_or(())?
    };
    let today = request.context.today();
    let latest = today.checked_add_months(LATEST).unwrap_or(today);
    if date < today || date > latest {
        return Err(());
    }
    let start = match usual.start() {
        Start::Date(_) if !time.is_empty() => {
            let zone = request.context.zone();
            let start = date.and_time(parse_clock(time).ok_or(())?);
            let is_one_day = matches!(usual, When::TimeToCome { .. });
            let timed = When::Timed {
                start,
                end: None,
                zone,
            };
            return if is_one_day { Ok(Some(timed)) } else { Err(()) };
        }
        Start::Date(_) => Start::Date(date),
        Start::Local(old) if time.is_empty() => Start::Local(date.and_time(old.time())),
        Start::Local(_) => Start::Local(date.and_time(parse_clock(time).ok_or(())?)),
    };
    usual.moved_to(start).map(Some).ok_or(())
}

#[post("/organizer/published/<id>", data = "<form>")]
async fn change_published(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = published_path(&id);
    let fields = &form.fields;
    let status = OFFERED
        .into_iter()
        .find(|offered| offered.as_str() == fields.get("status"));
    let status = status.ok_or_else(|| Problem::new(ProblemKind::BadRequest))?;
    let occurrence = Some(fields.get("occurrence")).filter(|occurrence| !occurrence.is_empty());
    let occurrence = match occurrence {
        None => None,
        Some(text) => {
            let start = parse_start(text);
            Some(start.ok_or_else(|| Problem::new(ProblemKind::BadRequest))?)
        }
    };
    let known = id.clone();
    let event = request.get(move |calendar, actor| changeable_event(calendar, actor, &known));
    let (event, revision) = event.await?;
    if fields.get("revision") != revision.to_string() {
        return Ok(request.to(&rest, PageNotice::Changed));
    }
    let usual = match occurrence {
        None => Some(event.schedule.when.clone()),
        Some(start) => event.schedule.when.occurring_at(start),
    };
    let when = usual
        .ok_or(())
        .and_then(|usual| new_time(&request, fields, &usual));
    let Ok(when) = when else {
        return Ok(request.to(&rest, PageNotice::Time));
    };
    // A new time without a date is none, and a date is one of a moved event.
    if (status == EventStatus::Rescheduled) != when.is_some() {
        return Ok(request.to(&rest, PageNotice::Time));
    }
    let change = StatusChange {
        occurrence,
        status,
        when,
        notice: fields.get("notice").to_owned(),
    };
    let done = request.run(move |calendar, actor| change_status(calendar, actor, &id, &change));
    request.answer(done.await?, &rest, PageNotice::Status)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_published, change_published, undo]
}
