//! `/editor/reports/<id>`: a mistake that a visitor reports, and the answer.

use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};

use crate::audit::{AuditedReading, people_with};
use crate::editorial::reports::{self, answerable_report, organizer_of};
use crate::editorial::{EditorialError, published_path};
use crate::notify::visitor_addresses;
use crate::web::blocking::blocking;
use crate::web::login::{PersonalPage, SeeOther, SignedInEditor, VerifiedForm};
use crate::web::organizer::moment;
use crate::web::pages::PageContext;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::event_lines::{EventLine, lines};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::{AuditSubject, Event, EventReport, Organisation, ReportId, Visitor};
use calendar_language::Year;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/report.html")]
struct ReviewReportPage {
    page: WorkspacePage,
    /// What is wrong, and what the visitor wrote.
    fault: String,
    text: String,
    /// Who reported it, and when.
    visitor: String,
    reported: String,
    /// Further visitors who reported the same.
    joined: Vec<JoinedRow>,
    /// The event as it is public; empty if it is not any more.
    lines: Vec<EventLine>,
    /// Its page, and the page on which it is changed.
    public: String,
    manage: String,
    action: String,
    is_open: bool,
    /// What the visitor was told, if it is closed.
    answered: String,
    /// Name of the organisation that it can be passed on to; empty if there is none or it was.
    organizer: String,
    /// When it was passed on; empty if it was not.
    forwarded: String,
    /// The answer as typed.
    answer: String,
    /// The error of the form; may be empty.
    error: String,
}

/// What a further visitor reported.
#[derive(Debug)]
struct JoinedRow {
    text: String,
    visitor: String,
    reported: String,
}

/// A report in a list.
#[derive(Debug)]
pub(super) struct ReportRow {
    pub(super) url: String,
    pub(super) fault: String,
    pub(super) text: String,
}

/// Returns rows of reports.
pub(super) fn report_rows(context: &PageContext, all: &[EventReport]) -> Vec<ReportRow> {
    let row = |report: &EventReport| ReportRow {
        url: context
            .paths
            .workspace(&format!("/editor/reports/{}", report.id)),
        fault: fault(context, report),
        text: report.texts().collect::<Vec<_>>().join("\n\n"),
    };
    all.iter().map(row).collect()
}

fn fault(context: &PageContext, report: &EventReport) -> String {
    let key = format!("report-fault-{}", report.fault.as_str());
    context.words.say(&key).into_owned()
}

/// Returns the address of a visitor with the day on which it is deleted, or that it was.
pub(super) fn visitor_line(
    context: &PageContext,
    visitor: Option<&(Visitor, DateTime<Utc>)>,
) -> String {
    let words = context.words;
    let Some((visitor, until)) = visitor else {
        return words.say("visitor-unknown").into_owned();
    };
    let day = until.with_timezone(&context.zone()).date_naive();
    let values = [
        ("email", visitor.email.to_string()),
        ("date", words.date(day, Year::Said)),
    ];
    words.say_with("visitor-known", &values)
}

/// What the page shows.
struct ShownReport {
    report: EventReport,
    event: Option<Arc<Event>>,
    organizer: Option<Organisation>,
    /// The visitors with the times at which their addresses are deleted, that of the report first.
    visitors: Vec<Option<(Visitor, DateTime<Utc>)>>,
}

async fn read(request: &WorkspaceRequest, id: ReportId) -> Result<ShownReport, Problem> {
    let read = request.get(move |calendar, actor| {
        let (report, _) = answerable_report(calendar, actor, &id)?;
        let event = calendar
            .snapshot()
            .event(&report.event)
            .map(|entry| entry.event());
        let organizer = match &event {
            Some(event) => organizer_of(calendar, event)?,
            None => None,
        };
        Ok((report, event, organizer))
    });
    let (report, event, organizer) = read.await?;
    let ids = report.visitors().map(|(visitor, _)| visitor.clone());
    let (calendar, ids) = (Arc::clone(&request.calendar), ids.collect::<Vec<_>>());
    let visitors = blocking(move || {
        let found = ids.iter().map(|id| visitor_addresses::find(&calendar, id));
        found.collect::<Result<Vec<_>, _>>()
    });
    let visitors = visitors.await?;
    let known = visitors.iter().flatten();
    let addresses: Vec<_> = known.map(|(visitor, _)| visitor.email.clone()).collect();
    let people = request.get(move |calendar, _| Ok(people_with(calendar, &addresses)?));
    let page = format!("/editor/reports/{}", report.id);
    let people = people.await?;
    let reading = AuditedReading::of_record(AuditSubject::Report, &report.id, people, page);
    request.note_reading(reading).await?;
    Ok(ShownReport {
        report,
        event,
        organizer,
        visitors,
    })
}

fn page(
    request: &WorkspaceRequest,
    shown: &ShownReport,
    (answer, error): (&str, &str),
    notice: Option<PageNotice>,
) -> ReviewReportPage {
    let context = &request.context;
    let (report, event) = (&shown.report, shown.event.as_deref());
    let rest = format!("/editor/reports/{}", report.id);
    let heading = event.map_or_else(
        || context.words.say("report-gone").into_owned(),
        |event| context.text(&event.title),
    );
    let mut all = event.map_or_else(Vec::new, |event| lines(context, event));
    all.retain(|line| !line.value.is_empty());
    let at = |at: DateTime<Utc>| moment(context, at, context.zone());
    let joined = report.joined.iter().zip(shown.visitors.iter().skip(1));
    let joined = joined.map(|(joined, visitor)| JoinedRow {
        text: joined.text.clone(),
        visitor: visitor_line(context, visitor.as_ref()),
        reported: at(joined.reported),
    });
    let can_forward = report.forwarded.is_none() && report.closing.is_none();
    let organizer = shown.organizer.as_ref().filter(|_| can_forward);
    ReviewReportPage {
        page: request.page(heading, &rest, notice),
        fault: fault(context, report),
        text: report.text.clone(),
        visitor: visitor_line(context, shown.visitors.first().and_then(Option::as_ref)),
        reported: at(report.reported),
        joined: joined.collect(),
        lines: all,
        public: event.map_or_else(String::new, |event| {
            context.paths.event(event.slug.as_str())
        }),
        manage: event.map_or_else(String::new, |event| {
            context.paths.workspace(&published_path(&event.id))
        }),
        action: context.paths.workspace(&rest),
        is_open: report.closing.is_none(),
        answered: report
            .closing
            .as_ref()
            .map_or_else(String::new, |closing| closing.answer.clone()),
        organizer: organizer.map_or_else(String::new, |organizer| organizer.name.clone()),
        forwarded: report.forwarded.map_or_else(String::new, at),
        answer: answer.to_owned(),
        error: error.to_owned(),
    }
}

#[get("/editor/reports/<id>?<notice>")]
async fn show_report(
    _editor: SignedInEditor,
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::not_found())?;
    let shown = read(&request, id).await?;
    let page = page(&request, &shown, ("", ""), notice.0);
    page.page.render(&page)
}

#[post("/editor/reports/<id>", data = "<form>")]
async fn answer_report(
    _editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: ReportId = id.parse().map_err(|_| Problem::not_found())?;
    let own = format!("/editor/reports/{id}");
    // Others are refused whatever they send.
    let shown = read(&request, id.clone()).await?;
    let answer = form.fields.get("answer").trim().to_owned();
    let text = match form.fields.get("action") {
        "forward" => {
            let done = request.run(move |calendar, actor| reports::forward(calendar, actor, &id));
            let done = request.answer(done.await?, &own, PageNotice::Forwarded);
            return done.map(Either::Left);
        }
        "close" => String::new(),
        "answer" if answer.is_empty() => {
            return wrong(&request, &shown, &answer, "report-answer-missing");
        }
        "answer" => answer.clone(),
        _ => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    let done = request.run(move |calendar, actor| reports::close(calendar, actor, &id, &text));
    match done.await? {
        Err(EditorialError::TextTooLong(_)) => {
            wrong(&request, &shown, &answer, "review-text-too-long")
        }
        Ok(()) => Ok(Either::Left(request.to("/editor/", PageNotice::Closed))),
        other => {
            let done = request.answer(other, &own, PageNotice::Closed);
            done.map(Either::Left)
        }
    }
}

/// Returns the page with an error, and the answer as typed.
fn wrong(
    request: &WorkspaceRequest,
    shown: &ShownReport,
    answer: &str,
    error: &str,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let error = request.context.words.say(error);
    let page = page(request, shown, (answer, &error), None);
    let made = page.page.render(&page)?;
    Ok(Either::Right(made.with_status(Status::UnprocessableEntity)))
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_report, answer_report]
}
