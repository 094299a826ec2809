//! The pages of outcomes, and the layout of all pages of visitors.

use askama::Template;
use rocket::http::Status;

use crate::web::login::{PersonalPage, page_path};
use crate::web::pages::{Layout, PageContext, Section};
use crate::web::problem::Problem;

/// A page with a sentence, and a link that leads on.
#[derive(Debug, Template)]
#[template(path = "visitors/outcome.html")]
struct OutcomePage {
    layout: Layout,
    heading: String,
    text: String,
    hint: String,
    link: String,
    url: String,
}

/// Returns the layout of a page. `rest` is its path without the language. The title of a page with an error begins with
/// «Feil:».
pub(super) fn layout(context: &PageContext, title: &str, rest: &str, has_error: bool) -> Layout {
    let title = if has_error {
        context
            .words
            .say_with("form-error-title", &[("title", title)])
    } else {
        title.to_owned()
    };
    let path = page_path(context.paths, rest);
    let mut layout = context.layout(Section::Other, title, path);
    layout.indexed = false;
    layout
}

/// Returns the page after a form was sent: what happens next.
pub(super) fn sent(
    context: &PageContext,
    rest: &str,
    email: &str,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    let heading = words.say("visitor-sent-heading").into_owned();
    let page = OutcomePage {
        layout: layout(context, &heading, rest, false),
        text: words.say_with("visitor-sent-text", &[("email", email)]),
        hint: words.say("visitor-sent-hint").into_owned(),
        link: words.say("visitor-to-agenda").into_owned(),
        url: context.paths.agenda(),
        heading,
    };
    PersonalPage::new(&page, words.lang())
}

/// Returns the page of something that can't be done, with a link that leads on: its text and its address.
pub(super) fn ended(
    context: &PageContext,
    rest: &str,
    (heading, text): (&str, String),
    (link, url): (&str, String),
    status: Status,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    let heading = words.say(heading).into_owned();
    let page = OutcomePage {
        layout: layout(context, &heading, rest, true),
        heading,
        text,
        hint: String::new(),
        link: words.say(link).into_owned(),
        url,
    };
    Ok(PersonalPage::new(&page, words.lang())?.with_status(status))
}

/// Returns the page after a message was confirmed.
pub(super) fn received(
    context: &PageContext,
    heading: &str,
    text: &str,
    days: u32,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    let heading = words.say(heading).into_owned();
    let page = OutcomePage {
        layout: layout(context, &heading, "/confirm", false),
        text: words.say(text).into_owned(),
        hint: words.say_with("visitor-received-hint", &[("days", days)]),
        link: words.say("visitor-to-agenda").into_owned(),
        url: context.paths.agenda(),
        heading,
    };
    PersonalPage::new(&page, words.lang())
}

/// Returns the page of a service that takes no messages.
pub(super) fn closed(
    context: &PageContext,
    heading: &str,
    rest: &str,
) -> Result<PersonalPage, Problem> {
    let text = context.words.say("visitor-closed").into_owned();
    let link = ("visitor-to-agenda", context.paths.agenda());
    ended(
        context,
        rest,
        (heading, text),
        link,
        Status::ServiceUnavailable,
    )
}
