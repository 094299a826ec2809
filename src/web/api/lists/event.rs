//! `/api/v1/events/<id>`: one event.

use std::sync::Arc;

use rocket::request::{FromRequest, Outcome};
use rocket::{Request, State, get};

use calendar_domain::wire::WireEvent;
use calendar_domain::{Claim, EventId, Lang, RecordKind, Slug};
use calendar_store::{Store, StoreError};

use crate::catalog::{Entry, Snapshot};
use crate::delivery::change_log::{ChangeLog, Now};
use crate::web::api::openapi::filters::EventParams;
use crate::web::api::openapi::problems::EventProblems;
use crate::web::api::query_params::QueryParams;
use crate::web::api::text_language::{TextLanguage, preferred_language};
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::data_licence::DataLicence;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::read_quota::ReadQuota;
use crate::web::site::Site;
use crate::wire::{Fragments, JsonShape};

use super::parameters::{INCLUDE, read_has_parts, read_members};
use super::resource::Resource;

/// Known parameters.
const KNOWN: [&str; 3] = ["fields", "lang", INCLUDE];

/// The parameters of a request for one event.
pub(super) struct EventParameters {
    query: QueryParams,
    preferred: Lang,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for EventParameters {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self {
            query: QueryParams::new(request),
            preferred: preferred_language(request),
        })
    }
}

impl EventParameters {
    fn read(&self) -> Result<(JsonShape, TextLanguage, bool), Problem> {
        let mut values = self.query.of(&KNOWN);
        let language = TextLanguage::read(&mut values, self.preferred);
        let shape = JsonShape {
            lang: language.lang,
            members: read_members(&mut values, Resource::Events),
        };
        let has_parts = read_has_parts(&mut values, Resource::Events);
        values.done()?;
        Ok((shape, language, has_parts))
    }
}

/// Shows one event, by its id or by the slug of its page.
///
/// An event that was public and is no longer is gone (410); an unknown one is not found (404).
#[utoipa::path(
    tag = "events",
    params(
        EventParams,
        ("id", Path, description = "Its `id`, or the `slug` of its page.", pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100, example = "17-mai-2027"),
    ),
    responses((status = 200, description = "The event.", body = WireEvent), EventProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/events/<id>")]
pub(super) async fn show_event(
    _quota: ReadQuota,
    id: &str,
    parameters: EventParameters,
    log: &State<Arc<ChangeLog>>,
    fragments: &State<Fragments>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let (shape, language, has_parts) = parameters.read()?;
    let snapshot = log.calendar().snapshot();
    let Some(entry) = find(id, &snapshot) else {
        return Err(absent(id, log).await?);
    };
    let base = site.address("");
    let fragment = if has_parts {
        fragments.event_with_parts(&entry, &snapshot, &base, shape)
    } else {
        fragments.event(&entry, &snapshot, &base, shape)
    };
    let fragment = fragment.ok_or_else(|| Problem::internal(&"an event cannot be written"))?;
    let canonical = format!("<{base}/api/v1/events/{}>; rel=\"canonical\"", entry.id());
    let finished = Finished::tagged(
        fragment.bytes.clone(),
        fragment.etag(),
        "application/json",
        snapshot.modified(),
    );
    let licence = DataLicence::of_event(&entry.event(), &snapshot);
    Ok(language.apply(finished.with_link(Some(canonical)).under(licence)))
}

/// Returns the event with this id, or else with this slug, if it may be passed on.
fn find(name: &str, snapshot: &Snapshot) -> Option<Arc<Entry>> {
    let by_id = || snapshot.event(&name.parse().ok()?);
    let by_slug = || snapshot.event_at(&name.parse().ok()?);
    let entry = by_id().or_else(by_slug)?;
    let id: EventId = entry.id().parse().ok()?;
    snapshot.passes_on(&id).then(|| Arc::clone(entry))
}

/// Returns the problem of an event that is not public.
async fn absent(name: &str, log: &Arc<ChangeLog>) -> Result<Problem, Problem> {
    let (name, log) = (name.to_owned(), Arc::clone(log));
    let was_public = blocking(move || -> Result<bool, StoreError> {
        let mut ids: Vec<EventId> = name.parse().into_iter().collect();
        if let Ok(slug) = name.parse::<Slug>() {
            let holders = log.calendar().holders(&Claim::EventSlug(slug))?.into_iter();
            let events = holders.filter(|key| key.kind == RecordKind::Event);
            ids.extend(events.filter_map(|key| key.id.parse().ok()));
        }
        for id in &ids {
            let (_, state) = log.now(id)?;
            if state.is_some_and(|state| matches!(state.now, Now::Gone { .. })) {
                return Ok(true);
            }
        }
        Ok(false)
    });
    Ok(Problem::new(if was_public.await? {
        ProblemKind::Gone
    } else {
        ProblemKind::NotFound
    }))
}
