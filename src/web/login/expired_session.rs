//! Keeps forms that arrive after the end of their session, before a request guard refuses them: guards do not see the
//! form.

use std::sync::Arc;

use rocket::data::Data;
use rocket::http::{Accept, MediaType, Method};
use rocket::route::{Handler, Outcome, Route};
use rocket::{Request, async_trait};

use crate::login::{KeptForm, Login, Secret};
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::guards::service;
use crate::web::pages::paths::own_path;
use crate::web::problem::{Problem, ProblemKind};

use super::SignedIn;
use super::cookies::OwnCookie;
use super::form::{FormFields, TOKEN, own_connection};

/// Path of the page with a form that was kept, without the language.
pub(super) const KEPT_FORM: &str = "/login/form";

/// Returns the routes, wrapped so that forms are kept if their session has ended.
pub fn keeping_forms(routes: Vec<Route>) -> Vec<Route> {
    let keeping = |mut route: Route| {
        if route.method == Method::Post {
            route.handler = Box::new(Keeping(route.handler));
        }
        route
    };
    routes.into_iter().map(keeping).collect()
}

/// A handler of a form.
#[derive(Clone)]
struct Keeping(Box<dyn Handler>);

#[async_trait]
impl Handler for Keeping {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        match expired(request).await {
            None => self.0.handle(request, data).await,
            Some(secret) => {
                let kept = keep(request, secret, data).await;
                let problem = Problem {
                    next: kept.then_some(KEPT_FORM),
                    ..Problem::new(ProblemKind::SignInNeeded)
                };
                Outcome::from(request, problem)
            }
        }
    }
}

/// Returns the secret of the session that a form from a page of this site was sent in, if that session has ended.
async fn expired(request: &Request<'_>) -> Option<Secret> {
    // Scripts send a form again by themselves.
    let is_page = |accept: &Accept| {
        accept
            .media_types()
            .any(|media_kind| *media_kind == MediaType::HTML)
    };
    request.accept().filter(|accept| is_page(accept))?;
    let connection = own_connection(request).ok()?;
    let secret = OwnCookie::Session.read(request.cookies(), &connection)?;
    match SignedIn::of_request(request).await {
        Err(problem) if problem.kind == ProblemKind::SignInNeeded => Some(secret),
        _ => None,
    }
}

/// Keeps a form with the token of the session that has ended. Returns false if it is not kept.
async fn keep(request: &Request<'_>, secret: Secret, data: Data<'_>) -> bool {
    let path = own_path(request.uri().path().as_str());
    // Nothing is lost of these.
    if path.ends_with("/logout") || path.ends_with("/sessions") {
        return false;
    }
    let Ok(fields) = FormFields::read(request, data).await else {
        return false;
    };
    if !secret.form_token().is(fields.get(TOKEN)) {
        return false;
    }
    let fields = fields.0.into_iter().filter(|(name, _)| name != TOKEN);
    let form = KeptForm {
        path,
        fields: fields.collect(),
    };
    let client = Client::new(request).into();
    let Ok(login) = service::<Arc<Login>>(request).cloned() else {
        return false;
    };
    let kept = blocking(move || login.keep_form(&secret, client, &form)).await;
    kept.unwrap_or_default()
}
