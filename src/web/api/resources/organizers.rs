//! `/api/v1/organizers`: the organizers of the catalog.

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
use calendar_domain::{Organizer, Text};

/// An organizer.
#[derive(Serialize, ToSchema)]
#[schema(as = Organizer)]
pub struct OrganizerResource {
    /// Its name in addresses; never changes.
    slug: String,
    /// Its name, the same in every language.
    name: String,
    /// A short description.
    description: Text,
    /// The organizer's own web page.
    website: Option<String>,
    /// Number in Enhetsregisteret, the register of organisations in Norway.
    organisation_number: Option<String>,
    /// A mail address that the organizer made public.
    email: Option<String>,
    /// A telephone number that the organizer made public.
    telephone: Option<String>,
    /// Its page in this calendar.
    url: String,
    /// Its feed, an iCalendar file to subscribe to.
    feed: String,
}

impl OrganizerResource {
    fn new(view: &ResourceView, organizer: &Organizer) -> Self {
        let slug = organizer.slug.as_str();
        let number = organizer.organisation_number.as_ref();
        Self {
            slug: slug.to_owned(),
            name: organizer.name.clone(),
            description: view.text(&organizer.description),
            website: organizer.website.as_ref().map(ToString::to_string),
            organisation_number: number.map(ToString::to_string),
            email: organizer.contact.email.clone(),
            telephone: organizer.contact.telephone.clone(),
            url: view.address(&view.paths.organizers(Some(slug))),
            feed: view.feed("organizer", slug),
        }
    }
}

/// Lists the organizers, by slug.
#[utoipa::path(
    tag = "lists",
    params(ListParams),
    responses((status = 200, description = "A page of the list.", body = ResourcePage<OrganizerResource>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/organizers")]
pub fn list_organizers(_quota: ReadQuota, list: ListRequest) -> Finished {
    let organizers = list.view.snapshot.organizers();
    let organizers =
        organizers.map(|organizers| (ListPosition::by_key(organizers.slug.as_str()), organizers));
    list.page(organizers, OrganizerResource::new)
}

/// Returns one organizer.
#[utoipa::path(
    tag = "lists",
    params(LangParam, ("slug", Path, description = "Its name in addresses.", pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100, example = "elverum-kommune")),
    responses((status = 200, description = "The record.", body = OrganizerResource), RecordProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/organizers/<slug>")]
pub fn show_organizer(
    _quota: ReadQuota,
    slug: &str,
    record: RecordRequest,
) -> Result<Finished, Problem> {
    record.show(slug, Snapshot::organizer, OrganizerResource::new)
}
