//! `/api/v1/places`, `/organizers`, `/categories`, `/audiences`, `/series`, `/partners`: what events refer to.
//!
//! Each resource is one file: its JSON form, its list, and the address of one record. [`list`] pages and [`view`] writes
//! texts and addresses alike for all of them. To add one: a file like `places.rs`, its routes in [`routes()`] and its paths
//! in [`ResourcesDoc`].

mod list;
mod organizers;
mod partners;
mod places;
mod series;
mod taxonomy;
mod view;

pub use list::ResourcePage;

use rocket::routes;
use utoipa::OpenApi;

use crate::web::policy::{Policy, PolicyRoute};

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
