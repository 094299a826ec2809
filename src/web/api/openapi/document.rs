//! The document, and its address.

use std::sync::{Arc, LazyLock};

use rocket::{State, get, routes};
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::catalog::{Calendar, Snapshot};
use crate::web::api::query_params::QueryParams;
use crate::web::api::{changes, lists, partner, resources, review};
use crate::web::conditional::Finished;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemDetails};
use crate::web::read_quota::ReadQuota;
use calendar_domain::wire::{WireCertificate, WireImage, WireImageSize};
use calendar_domain::{Availability, EventSetting, EventStatus, Lang, SustainabilityFact, Text};

use super::problems::{self, ReadProblems};
use super::{refine, words};

#[derive(OpenApi)]
#[openapi(
    info(title = "Calendar API", description = include_str!("introduction.md"), license(name = "")),
    servers((url = "/")),
    paths(show_document),
    components(schemas(
        Availability,
        EventSetting,
        EventStatus,
        ProblemDetails,
        SustainabilityFact,
        Text,
        WireCertificate,
        WireImage,
        WireImageSize
    )),
    tags(
        (name = "events", description = "The published events."),
        (name = "lists", description = "What events refer to: places, organizers, categories, audiences, series, partners."),
        (name = "changes", description = "Every change of the published events, for programs that keep a copy."),
        (name = "partner", description = "A partner maintains its own events, with a key."),
        (name = "review", description = "An editor's program decides what the exchange with partners leaves open, with a key."),
        (name = "about", description = "The API itself."),
    )
)]
struct AboutDoc;

/// Returns the derived document with everything that does not depend on the calendar.
fn operations() -> Value {
    let mut document = AboutDoc::openapi();
    for other in [
        lists::EventListsDoc::openapi(),
        resources::ResourcesDoc::openapi(),
        changes::ChangesDoc::openapi(),
        partner::PartnerDoc::openapi(),
        review::ReviewDoc::openapi(),
    ] {
        document.merge(other);
    }
    let components = document.components.get_or_insert_default();
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A key that the operator of the calendar made: `partner key ID`, `--review` or `--read`."))
        .build();
    components.add_security_scheme("key", SecurityScheme::Http(key));
    for (name, response) in problems::all() {
        components
            .responses
            .insert(name.to_owned(), response.into());
    }
    let mut document = serde_json::to_value(document).expect("a document is JSON");
    refine::refine(&mut document);
    document
}

static OPERATIONS: LazyLock<Value> = LazyLock::new(operations);

/// Returns the document for a calendar, whose name it bears.
pub fn document(snapshot: &Snapshot) -> Value {
    let mut document = OPERATIONS.clone();
    words::add(&mut document, snapshot);
    let region = snapshot.region().name.get(Lang::En);
    if !region.is_empty() {
        document["info"]["title"] = region.into();
    }
    if let Some(licence) = &snapshot.region().licence {
        document["info"]["license"] = json!({"name": licence.name, "url": licence.url});
    } else if let Some(info) = document["info"].as_object_mut() {
        info.remove("license");
    }
    document
}

/// Describes this API.
///
/// The description is OpenAPI 3.1; `/api/docs` shows it as a page.
#[utoipa::path(
    tag = "about",
    responses((status = 200, description = "The description.", body = Object), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/openapi.json")]
fn show_document(
    _quota: ReadQuota,
    query: QueryParams,
    calendar: &State<Arc<Calendar>>,
) -> Result<Finished, Problem> {
    query.of(&[]).done()?;
    let snapshot = calendar.snapshot();
    let bytes = serde_json::to_vec(&document(&snapshot));
    let bytes = bytes.map_err(|error| Problem::internal(&error))?;
    let modified = snapshot.modified();
    Ok(Finished::new(bytes, "application/json", modified))
}

/// Returns the route, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_document])
}
