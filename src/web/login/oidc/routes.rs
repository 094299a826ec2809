//! Routes of signing in with OpenID Connect.

use rocket::Route;

use super::{backchannel, callback, identities, link, start};

/// Returns the routes of pages, to be mounted once for each language.
pub(in crate::web::login) fn routes() -> Vec<Route> {
    [start::routes(), link::routes(), identities::routes()]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the routes that providers know, to be mounted once.
pub(in crate::web::login) fn provider_routes() -> Vec<Route> {
    [callback::routes(), backchannel::routes()]
        .into_iter()
        .flatten()
        .collect()
}
