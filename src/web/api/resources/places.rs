//! `/api/v1/places`: the places of the catalog.

use rocket::get;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{ListPosition, ListRequest, ResourcePage};
use super::view::{RecordRequest, ResourceView};
use crate::catalog::Snapshot;
use crate::web::api::openapi::parameters::{LangParam, ListParams};
use crate::web::api::openapi::problems::{ReadProblems, RecordProblems};
use crate::web::conditional::Finished;
use crate::web::problem::Problem;
use crate::web::read_quota::ReadQuota;
use calendar_domain::{Place, Text};

/// A place. `slug` to `longitude` are named as in the `place` of an event.
#[derive(Serialize, ToSchema)]
#[schema(as = Place)]
pub struct PlaceResource {
    /// Its name in addresses; never changes.
    slug: String,
    /// Its name, the same in every language.
    name: String,
    /// Street and number, postal code and post town on one line.
    address: Option<String>,
    /// The postal code.
    postal_code: Option<String>,
    /// Number of its municipality.
    municipality: Option<String>,
    /// Degrees north, WGS 84.
    latitude: Option<f64>,
    /// Degrees east, WGS 84.
    longitude: Option<f64>,
    /// A short description.
    description: Text,
    /// The place's own web page.
    website: Option<String>,
    /// Its page in this calendar.
    url: String,
    /// Its feed, an iCalendar file to subscribe to.
    feed: String,
}

impl PlaceResource {
    fn new(view: &ResourceView, place: &Place) -> Self {
        let slug = place.slug.as_str();
        let address = place.address.as_ref();
        Self {
            slug: slug.to_owned(),
            name: place.name.clone(),
            address: address
                .map(|address| address.line())
                .filter(|line| !line.is_empty()),
            postal_code: address.and_then(|address| address.postal_code.clone()),
            municipality: place.municipality.as_ref().map(ToString::to_string),
            latitude: place.coordinates.map(|at| at.latitude),
            longitude: place.coordinates.map(|at| at.longitude),
            description: view.text(&place.description),
            website: place.website.as_ref().map(ToString::to_string),
            url: view.address(&view.paths.places(Some(slug))),
            feed: view.feed("place", slug),
        }
    }
}

/// Lists the places, by slug.
#[utoipa::path(
    tag = "lists",
    params(ListParams),
    responses((status = 200, description = "A page of the list.", body = ResourcePage<PlaceResource>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/places")]
pub fn list_places(_quota: ReadQuota, list: ListRequest) -> Finished {
    let places = list.view.snapshot.places();
    let places = places.map(|place| (ListPosition::by_key(place.slug.as_str()), place));
    list.page(places, PlaceResource::new)
}

/// Returns one place.
#[utoipa::path(
    tag = "lists",
    params(LangParam, ("slug", Path, description = "Its name in addresses.", pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100, example = "terningen-arena")),
    responses((status = 200, description = "The record.", body = PlaceResource), RecordProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/places/<slug>")]
pub fn show_place(
    _quota: ReadQuota,
    slug: &str,
    record: RecordRequest,
) -> Result<Finished, Problem> {
    record.show(slug, Snapshot::place, PlaceResource::new)
}
