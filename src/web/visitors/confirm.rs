//! `/confirm`: the link in the mail. Opening it changes nothing; its button confirms the message.

use std::sync::Arc;

use askama::Template;
use rocket::http::Status;
use rocket::{Route, State, get, post, routes};

use crate::login::Login;
use crate::visitors::{ConfirmOutcome, ConfirmationLink, VisitorMessage, VisitorMessages};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::login::{PageForm, PersonalPage, SafeConnection, page_path};
use crate::web::pages::{Layout, PageContext, PageRequest};
use crate::web::problem::Problem;
use calendar_domain::event_form::FormField;

use super::pages;

const HERE: &str = "/confirm";

/// The page.
#[derive(Debug, Template)]
#[template(path = "visitors/confirm.html")]
struct ConfirmMessagePage {
    layout: Layout,
    heading: String,
    lead: String,
    /// What is confirmed: labels and values.
    lines: Vec<(String, String)>,
    action: String,
    token: String,
    link: String,
    button: String,
    ignore: String,
}

/// Returns what a message says, as labels and values.
fn lines(context: &PageContext, message: &VisitorMessage) -> Vec<(String, String)> {
    let words = context.words;
    let line = |key: &str, value: String| (words.say(key).into_owned(), value);
    match message {
        VisitorMessage::Suggestion { form } => {
            let get = |field: FormField| form.get(field).to_owned();
            let times = [FormField::StartTime, FormField::EndTime].map(get);
            let times: Vec<&str> = times.iter().map(String::as_str).collect();
            let slug = form.get(FormField::Place).parse().ok();
            let known = slug.and_then(|slug| context.snapshot.place(&slug));
            let place = known.map_or_else(|| get(FormField::PlaceName), |place| place.name.clone());
            let all = [
                line("field-title", get(FormField::Title)),
                line("field-date", get(FormField::Date)),
                line("field-end-date", get(FormField::EndDate)),
                line("field-hours", times.join("–").trim_matches('–').to_owned()),
                line("field-place", place),
                line("field-description", get(FormField::Description)),
                line("field-website", get(FormField::Website)),
            ];
            all.into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect()
        }
        VisitorMessage::Report { event, fault, text } => {
            let event = context.snapshot.event(event).map(|entry| entry.event());
            let title = event.map(|event| context.text(&event.title));
            let fault = words.say(&format!("report-fault-{}", fault.as_str()));
            let title = title.map(|title| line("report-about", title));
            title
                .into_iter()
                .chain([
                    line("report-field-fault", fault.into_owned()),
                    line("report-field-text", text.clone()),
                ])
                .collect()
        }
    }
}

/// Returns the page of a link that was used or is too old.
fn ended(context: &PageContext, status: Status) -> Result<PersonalPage, Problem> {
    let text = context.words.say("confirm-ended-text").into_owned();
    let link = ("visitor-to-agenda", context.paths.agenda());
    let heading = "confirm-ended-heading";
    pages::ended(context, HERE, (heading, text), link, status)
}

#[get("/confirm?<link>")]
async fn show_confirm(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    link: Option<&str>,
    login: &State<Arc<Login>>,
    visitors: &State<Arc<VisitorMessages>>,
) -> Result<PersonalPage, Problem> {
    connection?;
    let context = reader?.0;
    let Some(link) = ConfirmationLink::parse(link.unwrap_or_default()) else {
        return ended(&context, Status::Ok);
    };
    let (service, asked) = (Arc::clone(visitors), link.clone());
    let Some((message, email)) = blocking(move || service.waiting(&asked)).await? else {
        return ended(&context, Status::Ok);
    };
    let words = context.words;
    let what = match &message {
        VisitorMessage::Suggestion { .. } => "suggestion",
        VisitorMessage::Report { .. } => "report",
    };
    let heading = words.say(&format!("confirm-{what}-heading")).into_owned();
    let page = ConfirmMessagePage {
        // With the link, so that the page leads to itself in the other language.
        layout: pages::layout(
            &context,
            &heading,
            &format!("{HERE}?link={}", link.text()),
            false,
        ),
        heading,
        lead: words.say_with("confirm-message-lead", &[("email", email.as_str())]),
        lines: lines(&context, &message),
        action: page_path(context.paths, HERE),
        token: login.page_token(),
        link: link.text(),
        button: words.say(&format!("confirm-{what}-button")).into_owned(),
        ignore: words.say("confirm-message-ignore").into_owned(),
    };
    PersonalPage::new(&page, words.lang())
}

#[post("/confirm", data = "<sent>")]
async fn confirm_message(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    login: &State<Arc<Login>>,
    visitors: &State<Arc<VisitorMessages>>,
) -> Result<PersonalPage, Problem> {
    let (sent, context) = (sent?, reader?.0);
    sent.check_page_token(login)?;
    let Some(link) = ConfirmationLink::parse(sent.fields.get("link")) else {
        return ended(&context, Status::Forbidden);
    };
    let service = Arc::clone(visitors);
    let again = format!("{}?link={}", page_path(context.paths, HERE), link.text());
    let outcome = blocking(move || service.confirm(&link, client.into())).await?;
    let days = visitors.address_days();
    match outcome {
        ConfirmOutcome::Received(VisitorMessage::Suggestion { .. }) => {
            let (heading, text) = ("confirm-suggestion-done", "confirm-suggestion-done-text");
            pages::received(&context, heading, text, days)
        }
        ConfirmOutcome::Received(VisitorMessage::Report { .. }) => {
            let (heading, text) = ("confirm-report-done", "confirm-report-done-text");
            pages::received(&context, heading, text, days)
        }
        ConfirmOutcome::Ended => ended(&context, Status::Forbidden),
        ConfirmOutcome::Outdated(message) => {
            let (text, link) = match message {
                VisitorMessage::Suggestion { .. } => (
                    "confirm-outdated-suggestion",
                    ("suggest-heading", context.paths.suggest()),
                ),
                VisitorMessage::Report { .. } => (
                    "confirm-outdated-report",
                    ("visitor-to-agenda", context.paths.agenda()),
                ),
            };
            let text = context.words.say(text).into_owned();
            let heading = "confirm-outdated-heading";
            pages::ended(&context, HERE, (heading, text), link, Status::Conflict)
        }
        ConfirmOutcome::TooMany(seconds) => {
            let text = context.words.say("confirm-too-many-text").into_owned();
            let (heading, link) = ("confirm-too-many-heading", ("confirm-again", again));
            let status = Status::TooManyRequests;
            let page = pages::ended(&context, HERE, (heading, text), link, status)?;
            Ok(page.too_many(seconds))
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_confirm, confirm_message]
}
