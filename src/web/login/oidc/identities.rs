//! `/account/logins`: adds an identity at a provider to one's own account, or removes it.

use std::sync::Arc;

use rocket::http::CookieJar;
use rocket::{Responder, Route, State, post, routes};

use crate::login::Login;
use crate::login::oidc::{AuthorizationRequest, OidcLogin};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::login::pages::page_path;
use crate::web::login::personal::SeeOther;
use crate::web::login::{SafeConnection, SignedIn, VerifiedForm};
use crate::web::pages::PageRequest;
use crate::web::problem::Problem;

use super::buttons::identity_id;
use super::start::{Started, depart};

/// The way to a provider, or back to the account.
#[derive(Responder)]
enum Changed {
    Started(Started),
    Other(SeeOther),
}

/// Returns true if a person has signed in just now: a browser that was left open must not get a key to the account.
async fn is_recent(login: &Arc<Login>, person: &SignedIn) -> Result<bool, Problem> {
    let (login, account) = (Arc::clone(login), person.account.clone());
    let session = person.session.clone();
    blocking(move || login.is_recent(&account, &session)).await
}

/// Removes the identity in the field `remove`, or adds one at the provider in the field `add`.
#[post("/account/logins", data = "<sent>")]
async fn change_identities(
    sent: Result<VerifiedForm, Problem>,
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<Changed, Problem> {
    let (sent, connection, context) = (sent?, connection?, reader?.0);
    let account = sent.person.account.id.clone();
    let (add, remove) = (sent.fields.get("add"), sent.fields.get("remove"));
    if !remove.is_empty() {
        let (oidc, which) = (Arc::clone(oidc), remove.to_owned());
        let current = sent.person.session.clone();
        let removed = blocking(move || {
            oidc.unlink(&account, &current, |login| {
                identity_id(&login.issuer, &login.subject) == which
            })
        });
        removed.await?;
    } else if !add.is_empty() && is_recent(login, &sent.person).await? {
        let request = AuthorizationRequest {
            base: connection.base.clone(),
            language: context.words.lang(),
            next: None,
            link_to: Some(account),
        };
        let started = depart(&context, oidc, (&connection, jar), (client, add), request);
        return started.await.map(Changed::Started);
    }
    Ok(Changed::Other(SeeOther(page_path(
        context.paths,
        "/account",
    ))))
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![change_identities]
}
