//! `/login`: asks for a mail address and sends a code there.

use std::sync::Arc;

use rocket::http::{CookieJar, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Responder, Route, State, get, post, routes};

use crate::catalog::Calendar;
use crate::editorial::organisations;
use crate::login::oidc::OidcLogin;
use crate::login::{CodeRequest, Login, LoginClient, RequestOutcome, Secret};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::guards::service;
use crate::web::pages::{PageContext, PageRequest, paths::own_path};
use crate::web::problem::{Problem, Refusal};
use calendar_domain::{Account, EmailAddress};

use super::cookies::OwnCookie;
use super::oidc::buttons;
use super::pages::{SignInPage, layout, page_path};
use super::passkey_site::PasskeySite;
use super::passkey_views::passkey_button;
use super::personal::{PersonalPage, SeeOther};
use super::{PageForm, SafeConnection, SignedIn};

/// Longest path to return to, in bytes.
pub(super) const NEXT: usize = 1_000;

/// A page or a redirect.
#[derive(Responder)]
pub(super) enum Shown {
    Page(PersonalPage),
    Other(SeeOther),
}

/// Returns where to go after signing in: the page that required it, or the person's first page.
pub(super) async fn next_page(
    context: &PageContext,
    calendar: &Arc<Calendar>,
    account: Account,
    next: Option<&str>,
) -> Result<String, Problem> {
    if let Some(next) = own_page(next) {
        return Ok(next);
    }
    let calendar = Arc::clone(calendar);
    let first = if account.editor.is_some() {
        let own = blocking(move || organisations::own(&*calendar, &account)).await?;
        if own.member.is_empty() {
            "/editor/"
        } else {
            "/organizer/"
        }
    } else {
        "/organizer/"
    };
    Ok(page_path(context.paths, first))
}

/// Returns the path of a page of this site; `None` if the text is none.
fn own_page(next: Option<&str>) -> Option<String> {
    let own = |asked: &str| {
        let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
        let query = query.split('#').next().unwrap_or_default();
        let path = own_path(path.split('#').next().unwrap_or_default());
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    };
    let is_plain = |text: &&str| {
        let is_allowed = |c: char| c.is_ascii_graphic() && c != '\\';
        text.len() <= NEXT && text.starts_with('/') && text.chars().all(is_allowed)
    };
    next.filter(is_plain).map(own)
}

impl From<Client> for LoginClient {
    fn from(client: Client) -> Self {
        Self {
            prefix: client.prefix,
            is_local: client.is_local,
        }
    }
}

/// Request guard: the ways to sign in.
struct SignInWays {
    login: Arc<Login>,
    oidc: Arc<OidcLogin>,
    /// `None` where passkeys can't be used.
    site: Option<PasskeySite>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignInWays {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let services = service::<Arc<Login>>(request)
            .and_then(|login| Ok((login, service::<Arc<OidcLogin>>(request)?)));
        match services {
            Ok((login, oidc)) => Outcome::Success(Self {
                login: Arc::clone(login),
                oidc: Arc::clone(oidc),
                site: PasskeySite::new(request),
            }),
            Err(problem) => Outcome::Error(Refusal::keep(request, problem)),
        }
    }
}

/// Returns the page with what was typed and what is wrong with it.
fn page(
    context: &PageContext,
    ways: &SignInWays,
    (email, next): (&str, &str),
    error: Option<&'static str>,
) -> Result<PersonalPage, Problem> {
    let (words, login) = (context.words, &ways.login);
    let token = login.page_token();
    let page = SignInPage {
        layout: layout(context, "login-heading", "/login", error.is_some()),
        heading: words.say("login-heading").into_owned(),
        lead: words.say("login-lead").into_owned(),
        action: page_path(context.paths, "/login"),
        passkey: passkey_button(context, ways.site.as_ref(), &token, next)?,
        token,
        email: email.to_owned(),
        next: next.to_owned(),
        invitation: None,
        error: error.map(|key| words.say(key).into_owned()),
        is_open: login.can_mail(),
        providers: buttons(context, &ways.oidc),
    };
    let status = match (login.can_mail(), error) {
        (false, _) if !page.providers.is_empty() => Status::Ok,
        (false, _) => Status::ServiceUnavailable,
        (true, Some(_)) => Status::UnprocessableEntity,
        (true, None) => Status::Ok,
    };
    Ok(PersonalPage::new(&page, words.lang())?.with_status(status))
}

#[get("/login?<next>")]
async fn show_sign_in(
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    person: Option<SignedIn>,
    ways: Result<SignInWays, Problem>,
    next: Option<&str>,
    calendar: &State<Arc<Calendar>>,
) -> Result<Shown, Problem> {
    connection?;
    let (context, ways) = (reader?.0, ways?);
    if let Some(person) = person {
        let next = next_page(&context, calendar, person.account, next).await?;
        return Ok(Shown::Other(SeeOther(next)));
    }
    let next = next.unwrap_or_default();
    page(&context, &ways, ("", next), None).map(Shown::Page)
}

#[post("/login", data = "<form>")]
async fn request_code(
    form: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    ways: Result<SignInWays, Problem>,
    client: Client,
    jar: &CookieJar<'_>,
) -> Result<Shown, Problem> {
    let (form, context, ways) = (form?, reader?.0, ways?);
    let login = &ways.login;
    form.check_page_token(login)?;
    let (typed, next) = (form.fields.get("email"), form.fields.get("next"));
    let again = |error| page(&context, &ways, (typed, next), error);
    let email: EmailAddress = match typed.parse() {
        Ok(email) if login.can_mail() => email,
        Ok(_) => return again(None).map(Shown::Page),
        Err(_) => return again(Some("login-email-error")).map(Shown::Page),
    };
    let next = Some(next.to_owned()).filter(|next| !next.is_empty() && next.len() <= NEXT);
    let wanted = WantedCode {
        email,
        next,
        invitation: None,
        link: None,
    };
    send_code(&context, login, &form.connection, client, jar, wanted).await
}

/// A code to send, with what it is good for.
pub(super) struct WantedCode {
    pub(super) email: EmailAddress,
    /// The page to show after signing in.
    pub(super) next: Option<String>,
    pub(super) invitation: Option<Secret>,
    /// The secret of an identity at a provider that waits for the address.
    pub(super) link: Option<Secret>,
}

/// Sends a code and leads to the page that takes it.
pub(super) async fn send_code(
    context: &PageContext,
    login: &Arc<Login>,
    connection: &SafeConnection,
    client: Client,
    jar: &CookieJar<'_>,
    wanted: WantedCode,
) -> Result<Shown, Problem> {
    let code_page = page_path(context.paths, "/login/code");
    let request = CodeRequest {
        email: wanted.email,
        language: context.words.lang(),
        next: wanted.next,
        invitation: wanted.invitation,
        link: wanted.link,
        client: client.into(),
        page: format!("{}{code_page}", connection.base),
        base: connection.base.clone(),
    };
    let asked = Arc::clone(login);
    match blocking(move || asked.request_code(request)).await? {
        RequestOutcome::TooMany(seconds) => Err(Problem::too_many_requests(seconds)),
        RequestOutcome::Waiting(secret) => {
            OwnCookie::SignIn.set(jar, connection, &secret);
            Ok(Shown::Other(SeeOther(code_page)))
        }
    }
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![show_sign_in, request_code]
}
