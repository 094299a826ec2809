//! `/report`: anyone reports a mistake in an event.

use std::sync::Arc;

use askama::Template;
use rocket::http::Status;
use rocket::{Route, State, get, post, routes};

use crate::editorial::reports::REPORT_LIMIT;
use crate::visitors::{VisitorMessage, VisitorMessages};
use crate::web::client::Client;
use crate::web::login::{FormFields, PageForm, PersonalPage, SafeConnection, page_path};
use crate::web::pages::{Layout, PageContext, PageRequest};
use crate::web::problem::Problem;
use crate::web::workspace::described_by;
use crate::web::workspace::event_lines::leading_time;
use crate::web::workspace::form_view::{ChoiceView, ErrorLink, FieldView};
use calendar_domain::typed_text::{cleaned, is_blank};
use calendar_domain::{Event, ReportedFault, Slug};

use super::checks::{self, DECOY, FormErrors, email_field};
use super::pages;

const HERE: &str = "/report";
const HEADING: &str = "report-heading";

/// The page.
#[derive(Debug, Template)]
#[template(path = "visitors/report.html")]
struct ReportPage {
    layout: Layout,
    errors: Vec<ErrorLink>,
    action: String,
    token: String,
    /// Slug of the event.
    event: String,
    /// The event and its time.
    title: String,
    when: String,
    /// The page of the event.
    url: String,
    fault: FieldView,
    faults: Vec<ChoiceView>,
    text: FieldView,
    email: FieldView,
    /// Name of the field that people leave blank.
    decoy: &'static str,
    /// What is done with the address.
    privacy: String,
}

/// A field with an error; the error may be empty.
fn field(context: &PageContext, name: &'static str, value: &str, error: String) -> FieldView {
    let say = |key: String| context.words.say(&key).into_owned();
    let hint = match name {
        "fault" => String::new(),
        _ => say(format!("report-hint-{name}")),
    };
    let described = [("hint", !hint.is_empty()), ("error", !error.is_empty())];
    FieldView {
        id: name.to_owned(),
        name,
        label: say(format!("report-field-{name}")),
        hint,
        value: value.chars().take(2 * REPORT_LIMIT).collect(),
        error,
        described: described_by(name, &described),
        ..FieldView::default()
    }
}

/// Returns what is wrong with the choice and with the text; each may be empty.
fn faults(context: &PageContext, fields: &FormFields) -> [String; 2] {
    let words = context.words;
    let fault = match ReportedFault::named(fields.get("fault")) {
        Some(_) => String::new(),
        None => words.say("report-fault-missing").into_owned(),
    };
    let text = cleaned(fields.get("text"));
    let text = if is_blank(&text) {
        words.say("report-text-missing").into_owned()
    } else if text.trim().chars().count() > REPORT_LIMIT {
        words.say_with("wrong-too-long", &[("limit", REPORT_LIMIT)])
    } else {
        String::new()
    };
    [fault, text]
}

/// Returns the page with what was typed and what is wrong with it.
fn page(
    context: &PageContext,
    visitors: &VisitorMessages,
    event: &Event,
    typed: &FormFields,
    [fault, text]: [String; 2],
    mut errors: FormErrors,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    let at_fields = [("fault", &fault), ("text", &text)];
    let links = at_fields.into_iter().filter(|(_, text)| !text.is_empty());
    let links = links.map(|(id, text)| ErrorLink {
        id: id.to_owned(),
        text: text.clone(),
    });
    errors.fields(links.collect());
    let rest = format!("{HERE}?event={}", event.slug);
    let choice = |fault: ReportedFault| ChoiceView {
        value: fault.as_str().to_owned(),
        label: words
            .say(&format!("report-fault-{}", fault.as_str()))
            .into_owned(),
        mark: if typed.get("fault") == fault.as_str() {
            " checked"
        } else {
            ""
        },
    };
    let page = ReportPage {
        layout: pages::layout(
            context,
            &words.say(HEADING),
            &rest,
            !errors.links.is_empty(),
        ),
        action: page_path(context.paths, HERE),
        token: checks::token(visitors, &errors.token)?,
        event: event.slug.to_string(),
        title: context.text(&event.title),
        when: leading_time(context, event),
        url: context.paths.event(event.slug.as_str()),
        fault: field(context, "fault", "", fault),
        faults: ReportedFault::ALL.map(choice).into(),
        text: field(context, "text", typed.get("text"), text),
        email: email_field(words, typed.get("email"), &errors.email),
        decoy: DECOY,
        privacy: words.say_with("visitor-privacy", &[("days", visitors.address_days())]),
        errors: std::mem::take(&mut errors.links),
    };
    Ok(errors.give_status(PersonalPage::new(&page, words.lang())?))
}

/// Returns a public event by its slug.
fn event_at(context: &PageContext, slug: &str) -> Result<Arc<Event>, Problem> {
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    let found = context.snapshot.event_at(&slug);
    Ok(found.ok_or_else(Problem::not_found)?.event())
}

#[get("/report?<event>")]
fn show_report(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    event: Option<&str>,
    visitors: &State<Arc<VisitorMessages>>,
) -> Result<PersonalPage, Problem> {
    connection?;
    let context = reader?.0;
    let event = event_at(&context, event.unwrap_or_default())?;
    if !visitors.is_open() {
        return pages::closed(&context, HEADING, HERE);
    }
    let (typed, errors) = (FormFields::default(), FormErrors::default());
    page(
        &context,
        visitors,
        &event,
        &typed,
        Default::default(),
        errors,
    )
}

#[post("/report", data = "<sent>")]
async fn send_report(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    visitors: &State<Arc<VisitorMessages>>,
) -> Result<PersonalPage, Problem> {
    let (sent, context) = (sent?, reader?.0);
    if !visitors.is_open() {
        return pages::closed(&context, HEADING, HERE);
    }
    let fields = &sent.fields;
    let (checked, general) = checks::check(context.words, visitors, fields);
    let event = match event_at(&context, fields.get("event")) {
        Ok(event) => event,
        // Without a stamp of ours, nothing is said about events.
        Err(_) if general.status == Some(Status::Forbidden) => {
            let text = context.words.say("visitor-form-expired").into_owned();
            let link = ("visitor-to-agenda", context.paths.agenda());
            return pages::ended(&context, HERE, (HEADING, text), link, Status::Forbidden);
        }
        Err(problem) => return Err(problem),
    };
    let wrong = faults(&context, fields);
    let is_right = wrong.iter().all(String::is_empty);
    let fault = ReportedFault::named(fields.get("fault"));
    let Some((checked, fault)) = checked.zip(fault).filter(|_| is_right) else {
        return page(&context, visitors, &event, fields, wrong, general);
    };
    let message = VisitorMessage::Report {
        event: event.id.clone(),
        fault,
        text: cleaned(fields.get("text")).trim().to_owned(),
    };
    let message = (checked, message);
    match checks::send(&context, visitors, &sent, client.into(), message, general).await? {
        Ok(email) => pages::sent(&context, HERE, email.as_str()),
        Err(errors) => {
            let none = Default::default();
            page(&context, visitors, &event, fields, none, errors)
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_report, send_report]
}
