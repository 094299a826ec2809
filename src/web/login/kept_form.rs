//! `/login/form`: a form that arrived after the end of its session, to be sent again by the person who wrote it.

use std::sync::Arc;

use askama::Template;
use rocket::http::CookieJar;
use rocket::{Either, Route, State, get, routes};

use crate::login::Login;
use crate::web::blocking::blocking;
use crate::web::pages::{Layout, PageRequest};
use crate::web::problem::Problem;

use super::cookies::OwnCookie;
use super::expired_session::KEPT_FORM;
use super::pages::{page_path, personal_layout};
use super::personal::{PersonalPage, SeeOther};
use super::{SafeConnection, SignedIn};

/// Fields that say nothing to a person.
const SILENT: [&str; 4] = ["revision", "action", "organisation", "account"];

/// The page.
#[derive(Debug, Template)]
#[template(path = "login/kept_form.html")]
struct KeptFormPage {
    layout: Layout,
    action: String,
    token: String,
    fields: Vec<(String, String)>,
    /// What the person wrote.
    written: Vec<String>,
}

#[get("/login/form")]
async fn show_kept_form(
    person: Result<SignedIn, Problem>,
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let (person, connection, context) = (person?, connection?, reader?.0);
    let login = Arc::clone(login);
    let kept = match OwnCookie::Session.read(jar, &connection) {
        Some(secret) => blocking(move || login.kept_form(&secret)).await?,
        None => None,
    };
    let Some(kept) = kept else {
        return Ok(Either::Left(SeeOther(page_path(
            context.paths,
            "/organizer/",
        ))));
    };
    let title = context.words.say("kept-form-heading");
    let written = kept.fields.iter();
    let written = written
        .filter(|(name, value)| !SILENT.contains(&name.as_str()) && !value.trim().is_empty());
    let page = KeptFormPage {
        layout: personal_layout(&context, &person, title, KEPT_FORM),
        action: kept.path.clone(),
        token: person.token.as_str().to_owned(),
        written: written.map(|(_, value)| value.clone()).collect(),
        fields: kept.fields,
    };
    PersonalPage::new(&page, context.words.lang()).map(Either::Right)
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![show_kept_form]
}
