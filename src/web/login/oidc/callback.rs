//! `/login/oidc/<id>/callback`: takes the browser back from a provider.

use std::sync::Arc;

use rocket::http::{CookieJar, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Responder, Route, State, get, routes};

use crate::catalog::Calendar;
use crate::login::oidc::{AuthorizationResponse, IdentityOutcome, OidcLogin, PendingAuthorization};
use crate::login::{LinkOutcome, LoginClient, ProviderLogin};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::login::cookies::OwnCookie;
use crate::web::login::pages::page_path;
use crate::web::login::personal::{PersonalPage, SeeOther};
use crate::web::login::sign_in::next_page;
use crate::web::login::{SafeConnection, SignedIn};
use crate::web::pages::{PageContext, PageRequest};
use crate::web::problem::{Problem, ProblemKind};

use super::link::LINK;
use super::messages::{failure, message};

/// Where the browser goes, or why signing in failed.
#[derive(Responder)]
enum Arrival {
    Page(PersonalPage),
    Other(SeeOther),
}

/// Request guard: a browser that comes back from a provider.
struct ReturningBrowser {
    connection: SafeConnection,
    response: AuthorizationResponse,
    client: LoginClient,
    /// The browser's own name (`User-Agent`).
    agent: String,
    /// Who is signed in already.
    person: Option<SignedIn>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ReturningBrowser {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let Some(connection) = SafeConnection::new(request) else {
            return Outcome::Forward(Status::Forbidden);
        };
        let value = |name: &str| request.query_value::<String>(name).and_then(Result::ok);
        let agent = request.headers().get_one("User-Agent").unwrap_or_default();
        Outcome::Success(Self {
            connection,
            response: AuthorizationResponse {
                code: value("code"),
                state: value("state"),
                iss: value("iss"),
                error: value("error"),
            },
            client: Client::new(request).into(),
            agent: agent.to_owned(),
            person: SignedIn::of_request(request).await.ok(),
        })
    }
}

#[get("/login/oidc/<id>/callback")]
async fn finish(
    id: &str,
    browser: Option<ReturningBrowser>,
    reader: Result<PageRequest, Problem>,
    jar: &CookieJar<'_>,
    oidc: &State<Arc<OidcLogin>>,
    calendar: &State<Arc<Calendar>>,
) -> Result<Arrival, Problem> {
    let context = reader?.0;
    let browser = browser.ok_or_else(|| Problem::new(ProblemKind::HttpsNeeded))?;
    let name = oidc.config(id).map(|config| config.name.clone());
    let name = name.ok_or_else(Problem::not_found)?;
    let counted = oidc.count_response(browser.client);
    counted.map_err(Problem::too_many_requests)?;
    let Some(pending) = pending(oidc, id, &browser, jar).await? else {
        return message(&context, "ended", &name, Status::Forbidden).map(Arrival::Page);
    };
    OwnCookie::Provider.remove(jar, &browser.connection);
    let (snapshot, language) = (Arc::clone(&context.snapshot), pending.language);
    let context = PageContext::new(snapshot, language, &context.origin);
    let proven = match oidc.prove(&pending, &browser.response).await {
        Ok(proven) => proven,
        Err(error) => return failure(&context, id, &name, error).map(Arrival::Page),
    };
    if pending.link_to.is_some() {
        return link(&context, oidc, &pending, &browser, (proven, &name)).await;
    }
    let before = OwnCookie::Session.read(jar, &browser.connection);
    let (signing, agent, next) = (Arc::clone(oidc), browser.agent, pending.next.clone());
    let signed_in =
        blocking(move || signing.sign_in(proven, &pending, &agent, before.as_ref())).await?;
    let to = match signed_in {
        IdentityOutcome::SignedIn { secret, account } => {
            OwnCookie::Session.set(jar, &browser.connection, &secret);
            next_page(&context, calendar, *account, next.as_deref()).await?
        }
        IdentityOutcome::Unknown(secret) => {
            OwnCookie::Provider.set(jar, &browser.connection, &secret);
            page_path(context.paths, LINK)
        }
        IdentityOutcome::Ended => {
            return message(&context, "ended", &name, Status::Forbidden).map(Arrival::Page);
        }
    };
    Ok(Arrival::Other(SeeOther(to)))
}

/// Returns the request of the browser that the response belongs to.
async fn pending(
    oidc: &Arc<OidcLogin>,
    id: &str,
    browser: &ReturningBrowser,
    jar: &CookieJar<'_>,
) -> Result<Option<PendingAuthorization>, Problem> {
    let secret = OwnCookie::Provider.read(jar, &browser.connection);
    let Some((secret, state)) = secret.zip(browser.response.state.clone()) else {
        return Ok(None);
    };
    let (oidc, id) = (Arc::clone(oidc), id.to_owned());
    blocking(move || oidc.take(&secret, &id, &state)).await
}

/// Links an identity to the account of the person who asked for it and is still signed in.
async fn link(
    context: &PageContext,
    oidc: &Arc<OidcLogin>,
    pending: &PendingAuthorization,
    browser: &ReturningBrowser,
    (proven, name): (ProviderLogin, &str),
) -> Result<Arrival, Problem> {
    let person = browser
        .person
        .as_ref()
        .map(|person| person.account.id.clone());
    let Some(account) = person.filter(|id| pending.link_to.as_ref() == Some(id)) else {
        return message(context, "ended", name, Status::Forbidden).map(Arrival::Page);
    };
    let linking = Arc::clone(oidc);
    match blocking(move || linking.link(&account, &proven)).await? {
        LinkOutcome::Linked => Ok(Arrival::Other(SeeOther(page_path(
            context.paths,
            "/account",
        )))),
        LinkOutcome::OfAnother => {
            message(context, "of-another", name, Status::Conflict).map(Arrival::Page)
        }
        LinkOutcome::Refused => {
            message(context, "too-many", name, Status::Conflict).map(Arrival::Page)
        }
    }
}

/// Returns the routes, to be mounted once.
pub(super) fn routes() -> Vec<Route> {
    routes![finish]
}
