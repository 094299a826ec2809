//! The routes of the partner interface.

use rocket::data::Data;
use rocket::http::Status;
use rocket::{delete, get, patch, post, put, routes};
use serde_json::Value;
use utoipa::OpenApi;

use crate::ingest::import::Rehearsal;
use crate::ingest::upsert;
use crate::web::api::openapi::parameters::{
    PARTNER_EVENTS, PartnerListParams, PreconditionParams, ValidateParams,
};
use crate::web::api::openapi::problems::{KeyedProblems, WriteProblems};
use crate::web::api::openapi::schemas::{EventInput, EventPatch};
use crate::web::api::query_params::QueryParams;
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::guards::PartnerKey;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::{Event, Publication};

use super::body::{JsonBody, Media};
use super::event_write::EventWrite;
use super::origin_id::{OriginId, read_new_id};
use super::precondition::Precondition;
use super::reply::{PartnerEvent, PartnerEventPage, ReplyContext, SentEvent, UpsertReply};
use super::{patch, reply};

/// Returns one of your events.
#[utoipa::path(
    tag = "partner",
    operation_id = "show_partner_event",
    params(OriginId),
    responses((status = 200, description = "The event.", body = PartnerEvent), KeyedProblems),
    security(("key" = [])),
)]
#[get("/api/v1/partner/events/<origin_id>")]
async fn show_event(
    key: PartnerKey,
    origin_id: OriginId,
    asked: QueryParams,
    desk: ReplyContext,
) -> Result<Finished, Problem> {
    asked.of(&[]).done()?;
    let origin_id = origin_id.known()?;
    blocking(move || {
        let kept = upsert::find(&desk.calendar, &key.partner, &origin_id)?;
        let kept = kept.filter(|record| record.event.publication != Publication::Withdrawn);
        let kept = kept.ok_or_else(Problem::not_found)?;
        Ok::<_, Problem>(desk.shown(&kept.event))
    })
    .await
}

/// Creates or replaces one of your events.
///
/// Repeating the request changes nothing.
#[utoipa::path(
    tag = "partner",
    operation_id = "put_partner_event",
    params(OriginId, PreconditionParams),
    request_body(content = EventInput, example = json!({
            "title": {"nb": "Vårkonsert", "en": "Spring concert"},
            "start": "2027-04-10T19:00:00+02:00",
            "end": "2027-04-10T21:00:00+02:00",
            "place": {"name": "Terningen Arena"},
            "categories": ["music"]
        })),
    responses(
        (status = 200, description = "The event was updated, unchanged or merged.", body = SentEvent),
        (status = 201, description = "The event was created.", body = SentEvent),
        WriteProblems,
    ),
    security(("key" = [])),
)]
#[put("/api/v1/partner/events/<origin_id>", data = "<body>")]
async fn put_event(
    key: PartnerKey,
    origin_id: OriginId,
    asked: QueryParams,
    media: Media,
    precondition: Precondition,
    body: Data<'_>,
    desk: ReplyContext,
) -> Result<UpsertReply, Problem> {
    asked.of(&[]).done()?;
    let write = EventWrite {
        partner: key.partner,
        origin_id: origin_id.new_id()?,
        rehearsal: Rehearsal::No,
        precondition,
    };
    let JsonBody(value) = JsonBody::read(media, body).await?;
    blocking(move || write.take(&desk, value)).await
}

/// Changes members of one of your events by a merge patch (RFC 7396).
#[utoipa::path(
    tag = "partner",
    operation_id = "patch_partner_event",
    params(OriginId, PreconditionParams),
    request_body(
        content = EventPatch,
        content_type = "application/merge-patch+json",
        example = json!({"status": "cancelled", "status_note": {"nb": "Sykdom i koret"}}),
    ),
    responses((status = 200, description = "The event after the change.", body = SentEvent), WriteProblems),
    security(("key" = [])),
)]
#[patch("/api/v1/partner/events/<origin_id>", data = "<body>")]
async fn patch_event(
    key: PartnerKey,
    origin_id: OriginId,
    asked: QueryParams,
    media: Media,
    precondition: Precondition,
    body: Data<'_>,
    desk: ReplyContext,
) -> Result<UpsertReply, Problem> {
    asked.of(&[]).done()?;
    let origin_id = origin_id.new_id()?;
    let JsonBody(body) = JsonBody::read(media, body).await?;
    blocking(move || {
        // PATCH is a read-modify-write; it is retried on a concurrent update.
        for _ in 0..PATCHES {
            let kept = upsert::find(&desk.calendar, &key.partner, &origin_id)?;
            let kept = kept.filter(|record| record.event.publication != Publication::Withdrawn);
            let event = kept.ok_or_else(Problem::not_found)?.event;
            if !precondition.holds(&desk, Some(&event)) {
                return Err(Problem::new(ProblemKind::PreconditionFailed));
            }
            let base = desk.value(&upsert::in_own_words(
                &desk.calendar,
                &key.partner,
                &origin_id,
                &event,
            )?)?;
            let write = EventWrite {
                partner: key.partner.clone(),
                origin_id: origin_id.clone(),
                rehearsal: Rehearsal::No,
                precondition: Precondition {
                    if_match: Some(desk.tag(&event)),
                    if_none_match: None,
                },
            };
            match write.take(&desk, patch::patched(base, body.clone())) {
                Err(problem) if problem.kind == ProblemKind::PreconditionFailed => {}
                outcome => return outcome,
            }
        }
        Err(Problem::new(ProblemKind::Conflict))
    })
    .await
}

/// Maximum number of attempts of a PATCH under concurrent updates.
const PATCHES: usize = 64;

/// Withdraws one of your events.
///
/// For an event that should never have existed. One that does not take place gets the status `cancelled`.
#[utoipa::path(
    tag = "partner",
    operation_id = "delete_partner_event",
    params(OriginId, PreconditionParams),
    responses((status = 204, description = "The event is withdrawn."), WriteProblems),
    security(("key" = [])),
)]
#[delete("/api/v1/partner/events/<origin_id>")]
async fn delete_event(
    key: PartnerKey,
    origin_id: OriginId,
    asked: QueryParams,
    precondition: Precondition,
    desk: ReplyContext,
) -> Result<Status, Problem> {
    asked.of(&[]).done()?;
    let origin_id = origin_id.known()?;
    blocking(move || {
        let expected = |event: Option<&Event>| precondition.holds(&desk, event);
        let known = upsert::withdraw(&desk.calendar, &key.partner, &origin_id, &expected)?;
        known
            .then_some(Status::NoContent)
            .ok_or_else(Problem::not_found)
    })
    .await
}

/// Reports what writing an event would do, without writing it.
///
/// Its id is the parameter `origin_id`, else the body's `uid`, else `validate`.
#[utoipa::path(
    tag = "partner",
    operation_id = "validate_partner_event",
    params(ValidateParams),
    request_body(content = EventInput, example = json!({
            "title": {"nb": "Vårkonsert", "en": "Spring concert"},
            "start": "2027-04-10T19:00:00+02:00",
            "end": "2027-04-10T21:00:00+02:00",
            "place": {"name": "Terningen Arena"},
            "categories": ["music"]
        })),
    responses((status = 200, description = "The event as it would be.", body = SentEvent), WriteProblems),
    security(("key" = [])),
)]
#[post("/api/v1/partner/events/validate", data = "<body>")]
async fn validate_event(
    key: PartnerKey,
    asked: QueryParams,
    media: Media,
    body: Data<'_>,
    desk: ReplyContext,
) -> Result<UpsertReply, Problem> {
    let mut values = asked.of(&["origin_id"]);
    let origin_id = values.read("origin_id", read_new_id);
    values.done()?;
    let JsonBody(value) = JsonBody::read(media, body).await?;
    let told = value.get("uid").and_then(Value::as_str).map(str::to_owned);
    let write = EventWrite {
        partner: key.partner,
        origin_id: origin_id.or(told).unwrap_or_else(|| "validate".to_owned()),
        rehearsal: Rehearsal::Yes,
        precondition: Precondition::default(),
    };
    blocking(move || write.take(&desk, value)).await
}

/// Lists your events, by your own ids.
#[utoipa::path(
    tag = "partner",
    operation_id = "list_partner_events",
    params(PartnerListParams),
    responses((status = 200, description = "A page of your events.", body = PartnerEventPage), KeyedProblems),
    security(("key" = [])),
)]
#[get("/api/v1/partner/events")]
async fn list_events(
    key: PartnerKey,
    asked: QueryParams,
    desk: ReplyContext,
) -> Result<Finished, Problem> {
    let mut values = asked.of(&["cursor", "limit"]);
    let after = values.cursor("cursor", |text| {
        let known = reply::read_cursor(text);
        known.ok_or("is not a value of `next`; begin again without it")
    });
    let limit = values.limit(&PARTNER_EVENTS);
    values.done()?;
    blocking(move || {
        let all = upsert::all_of(&desk.calendar, &key.partner)?;
        let from = after.map_or(0, |after| {
            all.partition_point(|(origin, _)| *origin <= after)
        });
        let end = (from + limit).min(all.len());
        let next = (end < all.len()).then(|| reply::cursor(&all[end - 1].0));
        let mut items = Vec::with_capacity(end - from);
        for (origin_id, id) in &all[from..end] {
            let kept = upsert::record(&desk.calendar, id)?;
            items.extend(kept.map(|record| desk.listed(origin_id, &record.event)));
        }
        Ok::<_, Problem>(desk.page(items, next))
    })
    .await
}

/// The operations of the partner interface.
#[derive(OpenApi)]
#[openapi(paths(
    list_events,
    show_event,
    put_event,
    patch_event,
    delete_event,
    validate_event
))]
pub struct PartnerDoc;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![
        list_events,
        show_event,
        put_event,
        patch_event,
        delete_event,
        validate_event
    ])
}
