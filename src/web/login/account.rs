//! `/account`: one's own account and sessions, and signing out.

use std::sync::Arc;

use rocket::http::CookieJar;
use rocket::{Responder, Route, State, get, post, routes};

use crate::catalog::Calendar;
use crate::login::oidc::OidcLogin;
use crate::login::{Login, LoginError, accounts};
use crate::web::blocking::blocking;
use crate::web::pages::PageRequest;
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::nfc::composed;
use calendar_store::Author;

use super::cookies::OwnCookie;
use super::oidc::{Departure, at_provider, linked_identities, provider_of};
use super::pages::{AccountPage, page_path};
use super::passkey_site::PasskeySite;
use super::passkey_views::passkey_list;
use super::personal::{PersonalPage, SeeOther};
use super::{SafeConnection, SessionForm, SignedIn, VerifiedForm};

/// Maximum length of a name in characters.
const NAME: usize = 100;

#[get("/account")]
async fn show_account(
    person: Result<SignedIn, Problem>,
    reader: Result<PageRequest, Problem>,
    site: Option<PasskeySite>,
    login: &State<Arc<Login>>,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<PersonalPage, Problem> {
    let (person, context) = (person?, reader?.0);
    let (listed, account) = (Arc::clone(login), person.account.clone());
    let session = person.session.clone();
    let (sessions, is_recent) = blocking(move || {
        let sessions = listed.sessions(&account)?;
        let is_recent = listed.is_recent(&account, &session)?;
        Ok::<_, LoginError>((sessions, is_recent))
    })
    .await?;
    let may_confirm = (is_recent, login.can_mail());
    let passkeys = passkey_list(&context, &person, site.as_ref(), may_confirm)?;
    let (identities, mut providers) = linked_identities(&context, oidc, &person.account);
    if !is_recent && !login.can_mail() {
        // Nothing could confirm who it is.
        providers.clear();
    }
    let identities = (identities, providers);
    let page = AccountPage::new(
        &context,
        &person,
        &sessions,
        (passkeys, is_recent),
        identities,
    );
    PersonalPage::new(&page, context.words.lang())
}

#[post("/account", data = "<sent>")]
async fn save_account(
    sent: Result<VerifiedForm, Problem>,
    reader: Result<PageRequest, Problem>,
    calendar: &State<Arc<Calendar>>,
) -> Result<SeeOther, Problem> {
    let (sent, context) = (sent?, reader?.0);
    let name = composed(sent.fields.get("name"));
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME)
        .collect();
    let (calendar, account) = (Arc::clone(calendar), sent.person.account);
    let language = context.words.lang();
    let is_reached = sent.fields.get("reached") == "yes";
    let saved = blocking(move || {
        let author = Author::Person(account.id.to_string());
        accounts::change_known(&calendar, &author, &account.id, |account| {
            if is_reached {
                account.bounce = None;
            } else {
                account.name.clone_from(&name);
                account.language = language;
            }
        })
    });
    // It may have been deleted in another browser meanwhile.
    if saved.await?.is_none() {
        return Err(Problem::new(ProblemKind::SignInNeeded));
    }
    Ok(SeeOther(page_path(context.paths, "/account")))
}

/// Ends the session in the field `session`, or all but this one.
#[post("/account/sessions", data = "<sent>")]
async fn end_sessions(
    sent: Result<SessionForm, Problem>,
    reader: Result<PageRequest, Problem>,
    login: &State<Arc<Login>>,
) -> Result<SeeOther, Problem> {
    let (sent, context) = (sent?.0, reader?.0);
    let which = sent.fields.get("session").to_owned();
    let SignedIn {
        account, session, ..
    } = sent.person;
    let login = Arc::clone(login);
    let ended = blocking(move || {
        login.end_sessions(&account, |id| match which.as_str() {
            "others" => *id != session,
            which => id.as_str() == which,
        })
    });
    ended.await?;
    Ok(SeeOther(page_path(context.paths, "/account")))
}

/// Where a browser goes after signing out.
#[derive(Responder)]
enum SignedOut {
    Provider(Departure),
    Other(SeeOther),
}

#[post("/logout", data = "<sent>")]
async fn sign_out(
    sent: Result<SessionForm, Problem>,
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<SignedOut, Problem> {
    let (sent, connection, context) = (sent?.0, connection?, reader?.0);
    let secret = OwnCookie::Session.read(jar, &connection);
    let provider = provider_of(oidc, secret).await?;
    let SignedIn {
        account, session, ..
    } = sent.person;
    let login = Arc::clone(login);
    let ended = blocking(move || login.end_sessions(&account, |id| *id == session));
    ended.await?;
    OwnCookie::Session.remove(jar, &connection);
    let departure = at_provider(&context, oidc, &connection, provider.as_deref()).await?;
    Ok(match departure {
        Some(departure) => SignedOut::Provider(departure),
        None => SignedOut::Other(SeeOther(context.paths.agenda())),
    })
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![show_account, save_account, end_sessions, sign_out]
}
