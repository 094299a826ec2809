//! Signing out at the provider too, where a session began at one.

use std::sync::Arc;

use crate::login::Secret;
use crate::login::oidc::OidcLogin;
use crate::web::blocking::blocking;
use crate::web::login::SafeConnection;
use crate::web::pages::PageContext;
use crate::web::problem::Problem;

use super::departure::Departure;

/// Returns the id of the provider at which a session began.
pub(in crate::web::login) async fn provider_of(
    oidc: &Arc<OidcLogin>,
    secret: Option<Secret>,
) -> Result<Option<String>, Problem> {
    let Some(secret) = secret else {
        return Ok(None);
    };
    let asked = Arc::clone(oidc);
    blocking(move || asked.provider_of_session(&secret)).await
}

/// Returns the page that leads to a provider after a session that began there has ended; `None` if the provider offers no
/// address for it, or does not respond.
pub(in crate::web::login) async fn at_provider(
    context: &PageContext,
    oidc: &Arc<OidcLogin>,
    connection: &SafeConnection,
    id: Option<&str>,
) -> Result<Option<Departure>, Problem> {
    let Some((id, config)) = id.and_then(|id| Some((id, oidc.config(id)?))) else {
        return Ok(None);
    };
    // One address, which is registered at the provider.
    let back = format!("{}/", connection.base);
    let Some(url) = oidc.logout_url(id, &back).await else {
        return Ok(None);
    };
    let texts = ("oidc-out-heading", "oidc-out-text");
    Departure::new(context, texts, "/login", &config.name, url).map(Some)
}
