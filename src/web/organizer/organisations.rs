//! `/organizer/organisations`: search and registration.

use std::sync::Arc;

use askama::Template;
use rocket::http::Status;
use rocket::{Either, Route, State, get, post, routes};

use crate::business_register::{BusinessRegister, RegisterAnswer};
use crate::editorial::EditorialError;
use crate::editorial::organisation_path;
use crate::editorial::organisation_search::{FoundOrganisation, search};
use crate::editorial::organisations::{self, Registration};
use crate::web::login::{FormFields, PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::Problem;
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::{RegisterCheck, Slug};

use super::dashboard::{OrganisationRow, organisation_row};

/// The page of a person's organisations, with the search.
#[derive(Debug, Template)]
#[template(path = "workspace/organisations.html")]
struct OrganisationsPage {
    page: WorkspacePage,
    member: Vec<OrganisationRow>,
    invited: Vec<InvitedRow>,
    requested: Vec<OrganisationRow>,
    /// What was searched for; empty without a search.
    query: String,
    found: Vec<FoundRow>,
    /// The page for registering, with what was searched for as the name.
    register: String,
}

/// An organisation that invited the person.
#[derive(Debug)]
struct InvitedRow {
    name: String,
    url: String,
}

/// An organisation or organizer that was found.
#[derive(Debug)]
struct FoundRow {
    name: String,
    /// Where its form is sent; `None` for an organizer of the catalog.
    join: Option<String>,
    /// The page for registering as this organizer; `None` for an organisation.
    claim: Option<String>,
}

/// The page for registering an organisation.
#[derive(Debug, Template)]
#[template(path = "workspace/register.html")]
struct RegisterPage {
    page: WorkspacePage,
    action: String,
    name: String,
    number: String,
    organizer: String,
    /// The error at the name; may be empty.
    name_error: String,
    /// The error at the number; may be empty.
    number_error: String,
}

fn with_value(path: &str, name: &str, value: &str) -> String {
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{path}?{name}={value}")
}

#[get("/organizer/organisations?<q>&<notice>")]
async fn list_organisations(
    q: Option<&str>,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let query: String = q.unwrap_or_default().trim().chars().take(100).collect();
    let words = query.clone();
    let read = request.get(move |calendar, actor| {
        let own = organisations::own(calendar, &actor.account)?;
        Ok((own, search(calendar, &words)?))
    });
    let (own, found) = read.await?;
    let context = &request.context;
    let new = context.paths.workspace("/organizer/organisations/new");
    let found_row = |value| match value {
        FoundOrganisation::Registered(id, name) => FoundRow {
            name,
            join: Some(context.paths.workspace(&organisation_path(&id))),
            claim: None,
        },
        FoundOrganisation::Organizer(slug, name) => FoundRow {
            name,
            join: None,
            claim: Some(with_value(&new, "organizer", slug.as_str())),
        },
    };
    let heading = context.words.say("organisations-heading").into_owned();
    let page = OrganisationsPage {
        page: request.page(heading, "/organizer/organisations", notice.0),
        member: own
            .member
            .iter()
            .map(|member| organisation_row(context, member))
            .collect(),
        invited: own
            .invited
            .iter()
            .map(|invited| organisation_row(context, invited))
            .map(|organisation_row| InvitedRow {
                name: organisation_row.name,
                url: organisation_row.url,
            })
            .collect(),
        requested: own
            .requested
            .iter()
            .map(|requested| organisation_row(context, requested))
            .collect(),
        found: found.into_iter().map(found_row).collect(),
        register: with_value(&new, "name", &query),
        query,
    };
    page.page.render(&page)
}

fn register_page(
    request: &WorkspaceRequest,
    typed: &Registration,
    errors: [&str; 2],
    notice: Option<PageNotice>,
) -> Result<PersonalPage, Problem> {
    let context = &request.context;
    let heading = context.words.say("register-heading").into_owned();
    let say = |key: &str| {
        if key.is_empty() {
            String::new()
        } else {
            context.words.say(key).into_owned()
        }
    };
    let [name_error, number_error] = errors.map(say);
    let mut page = request.page(heading, "/organizer/organisations/new", notice);
    let is_wrong = !name_error.is_empty() || !number_error.is_empty();
    if is_wrong {
        let title = [("title", page.heading.as_str())];
        page.layout.title = context.words.say_with("form-error-title", &title);
    }
    let page = RegisterPage {
        page,
        action: context.paths.workspace("/organizer/organisations/new"),
        name: typed.name.clone(),
        number: typed.number.clone(),
        organizer: typed
            .organizer
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        name_error,
        number_error,
    };
    let made = page.page.render(&page)?;
    Ok(if is_wrong || notice.is_some() {
        made.with_status(Status::UnprocessableEntity)
    } else {
        made
    })
}

#[get("/organizer/organisations/new?<name>&<organizer>")]
async fn show_register(
    name: Option<&str>,
    organizer: Option<&str>,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let slug: Option<Slug> = organizer.and_then(|organizer| organizer.parse().ok());
    let known = slug
        .as_ref()
        .and_then(|slug| request.context.snapshot.organizer(slug));
    let number = known.and_then(|organizer| organizer.organisation_number.as_ref());
    let typed = Registration {
        name: match known {
            Some(known) => known.name.clone(),
            None => name.unwrap_or_default().chars().take(200).collect(),
        },
        number: number.map_or_else(String::new, ToString::to_string),
        organizer: known.map(|organizer| organizer.slug.clone()),
        register: None,
    };
    register_page(&request, &typed, ["", ""], None)
}

#[post("/organizer/organisations/new", data = "<form>")]
async fn register(
    request: WorkspaceRequest,
    form: VerifiedForm,
    register: &State<Arc<BusinessRegister>>,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let mut typed = registration(&form.fields);
    let number = typed.parse_number().ok().flatten();
    if let Some(number) = number {
        let (person, now) = (&form.person.account.id, request.calendar.clock().now());
        match register.look_up(&number, person, now).await {
            RegisterAnswer::Unknown => {
                let errors = ["", "register-number-unknown"];
                return register_page(&request, &typed, errors, None).map(Either::Right);
            }
            RegisterAnswer::Found(entry)
                if typed.name.trim().is_empty() && !entry.name.is_empty() =>
            {
                typed.name = entry.name;
                let errors = ["register-name-found", ""];
                return register_page(&request, &typed, errors, None).map(Either::Right);
            }
            RegisterAnswer::Found(entry) => typed.register = Some(RegisterCheck::Found(entry)),
            RegisterAnswer::NotChecked => typed.register = Some(RegisterCheck::NotChecked),
        }
    }
    let asked = typed.clone();
    let done = request.run(move |calendar, actor| organisations::register(calendar, actor, &asked));
    let (errors, notice) = match done.await? {
        Ok(_) => {
            let next = request.to("/organizer/", PageNotice::Registered);
            return Ok(Either::Left(next));
        }
        Err(EditorialError::TextMissing) => (["register-name-missing", ""], None),
        Err(EditorialError::TextTooLong(_)) => (["register-name-too-long", ""], None),
        Err(EditorialError::Text(_)) => (["", "register-number-wrong"], None),
        Err(EditorialError::Exists) => (["", ""], Some(PageNotice::Exists)),
        Err(EditorialError::TooMany) => (["", ""], Some(PageNotice::Many)),
        Err(error) => return Err(error.into()),
    };
    Ok(Either::Right(register_page(
        &request, &typed, errors, notice,
    )?))
}

fn registration(fields: &FormFields) -> Registration {
    Registration {
        name: fields.get("name").to_owned(),
        number: fields.get("number").to_owned(),
        organizer: fields.get("organizer").parse().ok(),
        register: None,
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![list_organisations, show_register, register]
}
