//! `/login/invitation`: the link that grants the editor role. Opening it changes nothing.

use std::sync::Arc;

use rocket::http::{CookieJar, Status};
use rocket::{Route, State, get, post, routes};

use crate::catalog::Calendar;
use crate::login::{Login, Secret};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::pages::{PageContext, PageRequest};
use crate::web::problem::Problem;
use calendar_domain::EmailAddress;

use super::code::BrowserName;
use super::cookies::OwnCookie;
use super::pages::{EndedPage, SignInPage, layout, page_path};
use super::personal::{PersonalPage, SeeOther};
use super::sign_in::{Shown, WantedCode, next_page, send_code};
use super::{PageForm, SafeConnection};

const HERE: &str = "/login/invitation";

/// Returns the page of an open invitation, with what was typed and what is wrong with it.
fn page(
    context: &PageContext,
    login: &Login,
    invitation: &Secret,
    email: &str,
    error: Option<&'static str>,
) -> Result<PersonalPage, Problem> {
    let words = context.words;
    let lead = if login.can_mail() {
        "invitation-lead"
    } else {
        "invitation-lead-without-mail"
    };
    let page = SignInPage {
        layout: layout(context, "invitation-heading", HERE, error.is_some()),
        heading: words.say("invitation-heading").into_owned(),
        lead: words.say(lead).into_owned(),
        action: page_path(context.paths, HERE),
        token: login.page_token(),
        email: email.to_owned(),
        next: String::new(),
        invitation: Some(invitation.text()),
        error: error.map(|key| words.say(key).into_owned()),
        is_open: true,
        passkey: String::new(),
        providers: Vec::new(),
    };
    let status = error.map_or(Status::Ok, |_| Status::UnprocessableEntity);
    Ok(PersonalPage::new(&page, words.lang())?.with_status(status))
}

/// Returns the page of an invitation that is used or too old.
fn ended(context: &PageContext) -> Result<PersonalPage, Problem> {
    let (heading, text) = ("invitation-ended-heading", "invitation-ended-text");
    let page = EndedPage::new(context, HERE, heading, text);
    Ok(PersonalPage::new(&page, context.words.lang())?.with_status(Status::Forbidden))
}

/// Returns the secret of an invitation that is open.
async fn open(login: &Arc<Login>, text: &str) -> Result<Option<Secret>, Problem> {
    let Some(secret) = Secret::parse(text) else {
        return Ok(None);
    };
    let (login, asked) = (Arc::clone(login), secret.clone());
    let is_open = blocking(move || login.is_invitation_open(&asked)).await?;
    Ok(is_open.then_some(secret))
}

#[get("/login/invitation?<token>")]
async fn show_invitation(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    token: Option<&str>,
    login: &State<Arc<Login>>,
) -> Result<PersonalPage, Problem> {
    connection?;
    let context = reader?.0;
    match open(login, token.unwrap_or_default()).await? {
        Some(invitation) => page(&context, login, &invitation, "", None),
        None => ended(&context),
    }
}

#[post("/login/invitation", data = "<sent>")]
async fn accept_invitation(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    browser: BrowserName,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    calendar: &State<Arc<Calendar>>,
) -> Result<Shown, Problem> {
    let (sent, context) = (sent?, reader?.0);
    sent.check_page_token(login)?;
    let Some(invitation) = open(login, sent.fields.get("invitation")).await? else {
        return ended(&context).map(Shown::Page);
    };
    let typed = sent.fields.get("email");
    let Ok(email) = typed.parse::<EmailAddress>() else {
        let error = Some("login-email-error");
        return page(&context, login, &invitation, typed, error).map(Shown::Page);
    };
    if login.can_mail() {
        let wanted = WantedCode {
            email,
            next: None,
            invitation: Some(invitation),
            link: None,
        };
        return send_code(&context, login, &sent.connection, client, jar, wanted).await;
    }
    let (accepted, language) = (Arc::clone(login), context.words.lang());
    let secret =
        blocking(move || accepted.accept_without_mail(&invitation, &email, language, &browser.0));
    match secret.await? {
        Some((secret, account)) => {
            OwnCookie::Session.set(jar, &sent.connection, &secret);
            let next = next_page(&context, calendar, account, None).await?;
            Ok(Shown::Other(SeeOther(next)))
        }
        None => ended(&context).map(Shown::Page),
    }
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![show_invitation, accept_invitation]
}
