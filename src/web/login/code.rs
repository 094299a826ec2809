//! `/login/code`: takes the code. The link in the mail leads here too; opening it changes nothing.

use std::sync::Arc;

use rocket::http::{CookieJar, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Route, State, get, post, routes};

use crate::catalog::Calendar;
use crate::login::{CODE_MINUTES, CodeOutcome, Login, Secret, request_id};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::pages::{PageContext, PageRequest};
use crate::web::problem::Problem;
use calendar_domain::EmailAddress;

use super::cookies::OwnCookie;
use super::pages::{CodePage, ConfirmPage, EndedPage, ShowCodePage, layout, page_path};
use super::personal::{PersonalPage, SeeOther};
use super::sign_in::{Shown, next_page};
use super::{PageForm, SafeConnection};

const HERE: &str = "/login/code";

/// Request guard: the browser's own name (`User-Agent`); may be empty.
pub(super) struct BrowserName(pub(super) String);

impl BrowserName {
    pub(super) fn new(request: &Request<'_>) -> Self {
        let name = request.headers().get_one("User-Agent").unwrap_or_default();
        Self(name.to_owned())
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for BrowserName {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self::new(request))
    }
}

/// Returns the page that requires a new code.
fn ended(context: &PageContext, status: Status) -> Result<PersonalPage, Problem> {
    let page = EndedPage::new(context, HERE, "code-ended-heading", "code-ended-text");
    Ok(PersonalPage::new(&page, context.words.lang())?.with_status(status))
}

fn lead(context: &PageContext, email: &EmailAddress) -> String {
    let minutes = CODE_MINUTES.to_string();
    let values = [("email", email.as_str()), ("minutes", minutes.as_str())];
    context.words.say_with("code-lead", &values)
}

/// Returns the page with the field for the code.
fn form(
    context: &PageContext,
    secret: &Secret,
    email: &EmailAddress,
    error: Option<String>,
) -> Result<PersonalPage, Problem> {
    let status = if error.is_some() {
        Status::UnprocessableEntity
    } else {
        Status::Ok
    };
    let page = CodePage {
        layout: layout(context, "code-heading", HERE, error.is_some()),
        lead: lead(context, email),
        action: page_path(context.paths, HERE),
        again: page_path(context.paths, "/login"),
        token: secret.form_token().as_str().to_owned(),
        error,
    };
    Ok(PersonalPage::new(&page, context.words.lang())?.with_status(status))
}

/// Returns the address that waits for a code in a browser.
async fn waiting(login: &Arc<Login>, secret: &Secret) -> Result<Option<EmailAddress>, Problem> {
    let (login, secret) = (Arc::clone(login), secret.clone());
    blocking(move || login.waiting_address(&secret)).await
}

#[get("/login/code?<request>&<code>")]
async fn show_code(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    request: Option<&str>,
    code: Option<&str>,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
) -> Result<PersonalPage, Problem> {
    let (connection, context) = (connection?, reader?.0);
    let secret = OwnCookie::SignIn.read(jar, &connection);
    let known = match &secret {
        Some(secret) => waiting(login, secret).await?,
        None => None,
    };
    let is_code = |code: &&str| code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit());
    let code = code.filter(is_code).map(str::to_owned);
    match (secret.zip(known), code) {
        (Some((secret, email)), Some(code)) if request == Some(&*request_id(&secret)) => {
            let page = ConfirmPage {
                layout: layout(&context, "confirm-heading", HERE, false),
                lead: context
                    .words
                    .say_with("confirm-lead", &[("email", email.as_str())]),
                action: page_path(context.paths, HERE),
                token: secret.form_token().as_str().to_owned(),
                code,
            };
            PersonalPage::new(&page, context.words.lang())
        }
        (_, Some(code)) => {
            let page = ShowCodePage {
                layout: layout(&context, "show-code-heading", HERE, false),
                code,
            };
            PersonalPage::new(&page, context.words.lang())
        }
        (Some((secret, email)), None) => form(&context, &secret, &email, None),
        (None, None) => ended(&context, Status::Ok),
    }
}

#[post("/login/code", data = "<sent>")]
async fn take_code(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    browser: BrowserName,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    calendar: &State<Arc<Calendar>>,
) -> Result<Shown, Problem> {
    let (sent, context) = (sent?, reader?.0);
    let Some(secret) = OwnCookie::SignIn.read(jar, &sent.connection) else {
        return ended(&context, Status::Forbidden).map(Shown::Page);
    };
    if !secret.form_token().is(sent.fields.get("token")) {
        return Err(Problem::new(crate::web::problem::ProblemKind::FormExpired));
    }
    let email = waiting(login, &secret).await?;
    let before = OwnCookie::Session.read(jar, &sent.connection);
    let typed = sent.fields.get("code").to_owned();
    let (tried, shown) = (Arc::clone(login), secret.clone());
    let outcome = blocking(move || {
        tried.try_code(&shown, &typed, client.into(), &browser.0, before.as_ref())
    });
    match (outcome.await?, email) {
        (
            CodeOutcome::SignedIn {
                secret,
                account,
                next,
            },
            _,
        ) => {
            OwnCookie::Session.set(jar, &sent.connection, &secret);
            OwnCookie::SignIn.remove(jar, &sent.connection);
            let next = next_page(&context, calendar, *account, next.as_deref()).await?;
            Ok(Shown::Other(SeeOther(next)))
        }
        (CodeOutcome::Wrong(left), Some(email)) => {
            let left = usize::try_from(left).unwrap_or_default();
            let error = context.words.say_with("code-wrong", &[("left", left)]);
            form(&context, &secret, &email, Some(error)).map(Shown::Page)
        }
        (CodeOutcome::TooMany(seconds), _) => Err(Problem::too_many_requests(seconds)),
        (CodeOutcome::Ended | CodeOutcome::Wrong(_), _) => {
            OwnCookie::SignIn.remove(jar, &sent.connection);
            ended(&context, Status::Forbidden).map(Shown::Page)
        }
    }
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![show_code, take_code]
}
