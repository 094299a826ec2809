//! `/login/passkey`: signing in with a passkey, by the script of the page.

use std::sync::Arc;

use rocket::http::CookieJar;
use rocket::request::{FromRequest, Outcome};
use rocket::{Request, Route, State, post, routes};

use crate::catalog::Calendar;
use crate::login::Login;
use crate::login::passkeys::{PasskeySignIn, SentAssertion};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::pages::PageRequest;
use crate::web::problem::Problem;

use super::PageForm;
use super::code::BrowserName;
use super::cookies::OwnCookie;
use super::passkey_answer::{NextBody, PasskeyAnswer, challenge};
use super::passkey_site::PasskeySite;
use super::sign_in::next_page;

/// A browser that signs in.
struct SigningBrowser {
    client: Client,
    /// Its own name.
    name: String,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SigningBrowser {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let BrowserName(name) = BrowserName::new(request);
        let client = Client::new(request);
        Outcome::Success(Self { client, name })
    }
}

#[post("/login/passkey/challenge", data = "<sent>")]
async fn ask_for_passkey(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    site: Option<PasskeySite>,
    client: Client,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
) -> Result<PasskeyAnswer, Problem> {
    let (sent, context) = (sent?, reader?.0);
    sent.check_page_token(login)?;
    let PasskeySite(party) = match PasskeyAnswer::site(site, context.words)? {
        Ok(site) => site,
        Err(refused) => return Ok(refused),
    };
    let login = Arc::clone(login);
    let made = blocking(move || Ok::<_, Problem>(login.passkey_challenge(client.into())));
    match made.await? {
        Ok(made) => {
            OwnCookie::Passkey.set(jar, &sent.connection, &made.secret);
            PasskeyAnswer::new(&challenge(&party, &made.challenge))
        }
        Err(error) => PasskeyAnswer::failed(error, context.words),
    }
}

#[post("/login/passkey", data = "<sent>")]
async fn take_passkey(
    sent: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    site: Option<PasskeySite>,
    browser: SigningBrowser,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PasskeyAnswer, Problem> {
    let (sent, context) = (sent?, reader?.0);
    sent.check_page_token(login)?;
    let PasskeySite(party) = match PasskeyAnswer::site(site, context.words)? {
        Ok(site) => site,
        Err(refused) => return Ok(refused),
    };
    let field = |name: &str| sent.fields.get(name).to_owned();
    let assertion = SentAssertion {
        id: field("id"),
        client_data: field("client_data"),
        authenticator_data: field("authenticator_data"),
        signature: field("signature"),
        user_handle: field("user_handle"),
    };
    let waiting = OwnCookie::Passkey.read(jar, &sent.connection);
    let before = OwnCookie::Session.read(jar, &sent.connection);
    let (login, language) = (Arc::clone(login), context.words.lang());
    let tried = blocking(move || {
        Ok::<_, Problem>(login.sign_in_with_passkey(&PasskeySignIn {
            party: &party,
            client: browser.client.into(),
            browser: waiting.as_ref(),
            sent: &assertion,
            language,
            agent: &browser.name,
            before: before.as_ref(),
        }))
    });
    OwnCookie::Passkey.remove(jar, &sent.connection);
    match tried.await? {
        Ok((secret, account)) => {
            OwnCookie::Session.set(jar, &sent.connection, &secret);
            let next = sent.fields.get("next");
            let next = next_page(&context, calendar, account, Some(next)).await?;
            PasskeyAnswer::new(&NextBody { next })
        }
        Err(error) => PasskeyAnswer::failed(error, context.words),
    }
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![ask_for_passkey, take_passkey]
}
