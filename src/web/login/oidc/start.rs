//! `/login/oidc/<id>`: sends the browser to a provider.

use std::sync::Arc;

use rocket::http::CookieJar;
use rocket::{Responder, Route, State, post, routes};

use crate::login::Login;
use crate::login::oidc::{AuthorizationRequest, OidcLogin};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::login::cookies::OwnCookie;
use crate::web::login::personal::PersonalPage;
use crate::web::login::sign_in::NEXT;
use crate::web::login::{PageForm, SafeConnection};
use crate::web::pages::{PageContext, PageRequest};
use crate::web::problem::Problem;

use super::departure::Departure;
use super::messages::failure;

/// The way to a provider, or why there is none.
#[derive(Responder)]
pub(super) enum Started {
    Departure(Departure),
    Failure(PersonalPage),
}

/// Makes a request, and returns the page that leads to the provider.
pub(super) async fn depart(
    context: &PageContext,
    oidc: &Arc<OidcLogin>,
    (connection, jar): (&SafeConnection, &CookieJar<'_>),
    (client, id): (Client, &str),
    request: AuthorizationRequest,
) -> Result<Started, Problem> {
    let config = oidc.config(id).ok_or_else(Problem::not_found)?;
    let counted = oidc.count_request(client.into());
    counted.map_err(Problem::too_many_requests)?;
    let made = match oidc.authorize(id, request).await {
        Ok(made) => made.ok_or_else(Problem::not_found)?,
        Err(error) => return failure(context, id, &config.name, error).map(Started::Failure),
    };
    let (url, secret) = (made.url.clone(), made.secret.clone());
    let keeping = Arc::clone(oidc);
    blocking(move || keeping.keep(&made)).await?;
    OwnCookie::Provider.set(jar, connection, &secret);
    let texts = ("oidc-going-heading", "oidc-going-text");
    Departure::new(context, texts, "/login", &config.name, url).map(Started::Departure)
}

#[post("/login/oidc/<id>", data = "<form>")]
async fn start(
    id: &str,
    form: Result<PageForm, Problem>,
    reader: Result<PageRequest, Problem>,
    client: Client,
    jar: &CookieJar<'_>,
    login: &State<Arc<Login>>,
    oidc: &State<Arc<OidcLogin>>,
) -> Result<Started, Problem> {
    let (form, context) = (form?, reader?.0);
    form.check_page_token(login)?;
    let next = Some(form.fields.get("next").to_owned());
    let request = AuthorizationRequest {
        base: form.connection.base.clone(),
        language: context.words.lang(),
        next: next.filter(|next| !next.is_empty() && next.len() <= NEXT),
        link_to: None,
    };
    depart(
        &context,
        oidc,
        (&form.connection, jar),
        (client, id),
        request,
    )
    .await
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![start]
}
