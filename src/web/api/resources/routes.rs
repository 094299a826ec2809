//! The routes of the resources.

use rocket::routes;
use utoipa::OpenApi;

use crate::web::policy::{Policy, PolicyRoute};

use super::{organizers, partners, places, series, taxonomy};

/// The operations of these resources.
#[derive(OpenApi)]
#[openapi(paths(
    places::list_places,
    places::show_place,
    organizers::list_organizers,
    organizers::show_organizer,
    taxonomy::list_categories,
    taxonomy::list_audiences,
    series::list_series,
    series::show_series,
    partners::list_partners,
))]
pub struct ResourcesDoc;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![
        places::list_places,
        places::show_place,
        organizers::list_organizers,
        organizers::show_organizer,
        taxonomy::list_categories,
        taxonomy::list_audiences,
        series::list_series,
        series::show_series,
        partners::list_partners,
    ])
}
