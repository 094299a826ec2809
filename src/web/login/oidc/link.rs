//! `/login/link`: a person has signed in at a provider, and no account has that identity. A code that is mailed to an address
//! proves whose account gets it; what the provider says about mail addresses counts for nothing.

use std::sync::Arc;

use askama::Template;
use rocket::http::{CookieJar, Status};
use rocket::{Route, State, get, post, routes};

use crate::login::oidc::OidcLogin;
use crate::login::{Login, Secret};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::login::cookies::OwnCookie;
use crate::web::login::pages::{named_layout, page_path};
use crate::web::login::personal::PersonalPage;
use crate::web::login::sign_in::{Shown, WantedCode, send_code};
use crate::web::login::{PageForm, SafeConnection};
use crate::web::pages::{Layout, PageContext, PageRequest};
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::EmailAddress;

use super::messages::message;

/// Path of the page, without the language.
pub(super) const LINK: &str = "/login/link";

/// The page.
#[derive(Debug, Template)]
#[template(path = "login/link.html")]
struct LinkPage {
    layout: Layout,
    heading: String,
    lead: String,
    action: String,
    token: String,
    email: String,
    error: Option<String>,
}

/// What waits in a browser: its secret, the name of the provider, and the page to show afterwards.
struct Waiting {
    secret: Secret,
    provider: String,
    next: Option<String>,
}

async fn waiting(
    oidc: &Arc<OidcLogin>,
    jar: &CookieJar<'_>,
    connection: &SafeConnection,
) -> Result<Option<Waiting>, Problem> {
    let Some(secret) = OwnCookie::Provider.read(jar, connection) else {
        return Ok(None);
    };
    let (asked, shown) = (Arc::clone(oidc), secret.clone());
    let Some(link) = blocking(move || asked.pending_link(&shown)).await? else {
        return Ok(None);
    };
    let config = oidc.config(link.provider());
    Ok(config.map(|config| Waiting {
        secret,
        provider: config.name.clone(),
        next: link.next.clone(),
    }))
}

fn page(
    context: &PageContext,
    login: &Login,
    waiting: &Waiting,
    email: &str,
    has_error: bool,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    if !login.can_mail() {
        let status = Status::ServiceUnavailable;
        return message(context, "no-mail", &waiting.provider, status);
    }
    let say = |key: &str| words.say_with(key, &[("provider", waiting.provider.as_str())]);
    let heading = say("oidc-link-heading");
    let title = if has_error {
        words.say_with("form-error-title", &[("title", heading.as_str())])
    } else {
        heading.clone()
    };
    let page = LinkPage {
        layout: named_layout(context, title, LINK),
        heading,
        lead: say("oidc-link-lead"),
        action: page_path(context.paths, LINK),
        token: waiting.secret.form_token().as_str().to_owned(),
        email: email.to_owned(),
        error: has_error.then(|| words.say("login-email-error").into_owned()),
    };
    let status = if has_error {
        Status::UnprocessableEntity
    } else {
        Status::Ok
    };
    Ok(PersonalPage::new(&page, words.lang())?.with_status(status))
}

#[get("/login/link")]
async fn show_link(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<PersonalPage, Problem> {
    let (connection, context) = (connection?, reader?.0);
    match waiting(oidc, jar, &connection).await? {
        Some(waiting) => page(&context, login, &waiting, "", false),
        None => message(&context, "ended", "", Status::Ok),
    }
}

#[post("/login/link", data = "<sent>")]
async fn send_link_code(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<Shown, Problem> {
    let (sent, context) = (sent?, reader?.0);
    let Some(waiting) = waiting(oidc, jar, &sent.connection).await? else {
        return message(&context, "ended", "", Status::Forbidden).map(Shown::Page);
    };
    if !waiting.secret.form_token().is(sent.fields.get("token")) {
        return Err(Problem::new(ProblemKind::FormExpired));
    }
    let typed = sent.fields.get("email");
    let email = match typed.parse::<EmailAddress>() {
        Ok(email) if login.can_mail() => email,
        Ok(_) => return page(&context, login, &waiting, typed, false).map(Shown::Page),
        Err(_) => return page(&context, login, &waiting, typed, true).map(Shown::Page),
    };
    let wanted = WantedCode {
        email,
        next: waiting.next,
        invitation: None,
        link: Some(waiting.secret),
    };
    send_code(&context, login, &sent.connection, client, jar, wanted).await
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![show_link, send_link_code]
}
