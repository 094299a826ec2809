//! Pages with a message.

use askama::Template;
use rocket::http::Status;

use crate::login::oidc::{OidcError, RefusedToken};
use crate::web::login::pages::{named_layout, page_path};
use crate::web::login::personal::PersonalPage;
use crate::web::pages::{Layout, PageContext};
use crate::web::problem::Problem;

/// A page with a message and a way back to signing in.
#[derive(Debug, Template)]
#[template(path = "login/oidc_message.html")]
struct MessagePage {
    layout: Layout,
    heading: String,
    text: String,
    again: String,
    back: String,
}

/// Returns the page with the texts `oidc-KIND-heading` and `oidc-KIND-text`.
pub(super) fn message(
    context: &PageContext,
    kind: &str,
    provider: &str,
    status: Status,
) -> Result<PersonalPage, Problem> {
    let say = |key: &str| context.words.say_with(key, &[("provider", provider)]);
    let heading = say(&format!("oidc-{kind}-heading"));
    let title = context
        .words
        .say_with("form-error-title", &[("title", heading.as_str())]);
    let page = MessagePage {
        layout: named_layout(context, title, "/login"),
        text: say(&format!("oidc-{kind}-text")),
        heading,
        again: page_path(context.paths, "/login"),
        back: context.words.say("oidc-again").into_owned(),
    };
    Ok(PersonalPage::new(&page, context.words.lang())?.with_status(status))
}

/// Logs why signing in with a provider failed, and returns the page that says what to do.
pub(super) fn failure(
    context: &PageContext,
    id: &str,
    provider: &str,
    error: OidcError,
) -> Result<PersonalPage, Problem> {
    let (kind, status) = match error {
        OidcError::Login(error) => return Err(error.into()),
        OidcError::Declined(_) => ("declined", Status::Forbidden),
        OidcError::Token(RefusedToken::Level(_)) => ("level", Status::Forbidden),
        OidcError::Token(_) | OidcError::Response(_) => ("refused", Status::Forbidden),
        OidcError::Fetch(_)
        | OidcError::Status { .. }
        | OidcError::Unusable { .. }
        | OidcError::Signing(_) => ("unavailable", Status::ServiceUnavailable),
    };
    tracing::warn!(provider = id, %error, "signing in with OpenID Connect failed");
    message(context, kind, provider, status)
}
