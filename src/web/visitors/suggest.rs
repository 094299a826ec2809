//! `/suggest`: anyone suggests an event.

use std::sync::Arc;

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::catalog::Calendar;
use crate::editorial::submission_form::context_at;
use crate::visitors::{VisitorMessage, VisitorMessages};
use crate::web::client::Client;
use crate::web::login::{PageForm, PersonalPage, SafeConnection, page_path};
use crate::web::pages::{Layout, PageContext, PageRequest};
use crate::web::problem::Problem;
use crate::web::workspace::form_view::{ChoiceView, ErrorLink, EventFormView, FieldView};
use calendar_domain::event_form::{EventForm, FormError};

use super::checks::{self, DECOY, FormErrors, email_field};
use super::pages;
use super::suggested_form::{completed, errors, typed};

const HERE: &str = "/suggest";
const HEADING: &str = "suggest-heading";
/// Maximum number of places, and of organizers, that the browser offers while the visitor types.
const OFFERED: usize = 300;

/// The page.
#[derive(Debug, Template)]
#[template(path = "visitors/suggest.html")]
struct SuggestPage {
    layout: Layout,
    view: EventFormView,
    errors: Vec<ErrorLink>,
    action: String,
    token: String,
    email: FieldView,
    /// Name of the field that people leave blank.
    decoy: &'static str,
    /// Names of the places of the catalog.
    places: Vec<String>,
    /// Names of its organizers.
    organizers: Vec<String>,
    /// What is done with the address.
    privacy: String,
    login: String,
}

impl SuggestPage {
    /// Returns a field of the form. Its label says if it is optional.
    fn field(&self, name: &str) -> FieldView {
        let mut field = self.view.field(name);
        let words = self.layout.t;
        let key = match name {
            "end_date" => "suggest-end-date",
            "start_time" => "suggest-start-time",
            "place_name" => {
                field.hint = words.say("suggest-place-hint").into_owned();
                "suggest-place"
            }
            "place_municipality" => "suggest-municipality",
            "organizer_name" => {
                field.hint = words.say("suggest-organizer-hint").into_owned();
                "suggest-organizer"
            }
            "description" => "suggest-description",
            "website" => "suggest-website",
            "category" => "suggest-category",
            _ => return field,
        };
        field.label = words.say(key).into_owned();
        field
    }

    /// Returns the categories of the list.
    fn categories(&self) -> Vec<ChoiceView> {
        let mut all = self.view.categories();
        for choice in &mut all {
            if !choice.mark.is_empty() {
                choice.mark = " selected";
            }
        }
        all
    }
}

/// Returns the names that the browser offers, sorted.
fn offered(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort_unstable_by_key(|name| name.to_lowercase());
    names.truncate(OFFERED);
    names
}

/// Returns the page with what was typed and what is wrong with it.
fn page(
    context: &PageContext,
    visitors: &VisitorMessages,
    (form, email): (EventForm, &str),
    faults: Vec<FormError>,
    mut errors: FormErrors,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    let view = EventFormView::new(context, form, faults, Vec::new());
    errors.fields(view.summary());
    let heading = words.say(HEADING);
    let places = context.snapshot.places().map(|place| place.name.clone());
    let organizers = context.snapshot.organizers();
    let organizers = organizers.map(|organizer| organizer.name.clone());
    let page = SuggestPage {
        layout: pages::layout(context, &heading, HERE, !errors.links.is_empty()),
        view,
        action: page_path(context.paths, HERE),
        token: checks::token(visitors, &errors.token)?,
        email: email_field(words, email, &errors.email),
        decoy: DECOY,
        places: offered(places),
        organizers: offered(organizers),
        privacy: words.say_with("visitor-privacy", &[("days", visitors.address_days())]),
        login: page_path(context.paths, "/login"),
        errors: std::mem::take(&mut errors.links),
    };
    Ok(errors.give_status(PersonalPage::new(&page, words.lang())?))
}

#[get("/suggest")]
fn show_suggest(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    visitors: &State<Arc<VisitorMessages>>,
) -> Result<PersonalPage, Problem> {
    connection?;
    let context = reader?.0;
    if !visitors.is_open() {
        return pages::closed(&context, HEADING, HERE);
    }
    let (form, errors) = (EventForm::default(), FormErrors::default());
    page(&context, visitors, (form, ""), Vec::new(), errors)
}

#[post("/suggest", data = "<sent>")]
async fn send_suggestion(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    visitors: &State<Arc<VisitorMessages>>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PersonalPage, Problem> {
    let (sent, context) = (sent?, reader?.0);
    if !visitors.is_open() {
        return pages::closed(&context, HEADING, HERE);
    }
    let (checked, general) = checks::check(context.words, visitors, &sent.fields);
    let form = typed(&sent.fields);
    let whole = completed(&form, &context.snapshot);
    let now = calendar.clock().now();
    let faults = errors(&whole, context_at(&context.snapshot, now));
    let email = sent.fields.get("email");
    let Some(checked) = checked.filter(|_| faults.is_empty()) else {
        return page(&context, visitors, (form, email), faults, general);
    };
    let message = (checked, VisitorMessage::Suggestion { form: whole });
    match checks::send(&context, visitors, &sent, client.into(), message, general).await? {
        Ok(email) => pages::sent(&context, HERE, email.as_str()),
        Err(errors) => page(&context, visitors, (form, email), Vec::new(), errors),
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_suggest, send_suggestion]
}
