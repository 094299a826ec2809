//! The routes of the lists.

use rocket::{get, routes};
use utoipa::OpenApi;

use crate::web::api::openapi::filters::{EventListParams, OccurrenceListParams};
use crate::web::api::openapi::problems::ReadProblems;
use crate::web::api::resources::ResourcePage;
use crate::web::conditional::Finished;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use crate::web::read_quota::ReadQuota;

use calendar_domain::wire::{WireEvent, WireOccurrence};

use super::event;
use super::lists_request::ListsRequest;
use super::resource::Resource;

/// Lists events, each once, in the order of the first date that matches.
#[utoipa::path(
    tag = "events",
    params(EventListParams),
    responses((status = 200, description = "A page of events.", body = ResourcePage<WireEvent>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/events")]
async fn list_events(_quota: ReadQuota, request: ListsRequest<'_>) -> Result<Finished, Problem> {
    request.answer(Resource::Events).await
}

/// Lists the dates of events, in order.
#[utoipa::path(
    tag = "events",
    params(OccurrenceListParams),
    responses((status = 200, description = "A page of dates.", body = ResourcePage<WireOccurrence>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/occurrences")]
async fn list_occurrences(
    _quota: ReadQuota,
    request: ListsRequest<'_>,
) -> Result<Finished, Problem> {
    request.answer(Resource::Occurrences).await
}

/// The operations of the lists.
#[derive(OpenApi)]
#[openapi(paths(list_events, list_occurrences, event::show_event))]
pub struct EventListsDoc;

/// After the feeds and before every other route, since websites request lists for their visitors.
const RANK: isize = -19;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    let mut routes = routes![list_events, list_occurrences, event::show_event];
    routes.iter_mut().for_each(|route| route.rank = RANK);
    Policy::Api.on(routes)
}
