//! `/api/v1/partner/events`: partners maintain their events, each under the partner's own id.
//!
//! Requests and responses have the same form ([`crate::wire`]), so a client may edit a response and send it back.
//! `docs/partner-interface.md` documents the interface for authors of clients.

mod body;
mod checks;
mod json;
mod patch;
mod reply;
mod unchanged;

use rocket::data::Data;
use rocket::http::Status;
use rocket::request::{FromParam, FromRequest, Outcome};
use rocket::{Request, delete, get, patch, post, put, routes};
use serde_json::Value;

use crate::ingest::import::Rehearsal;
use crate::ingest::upsert::{self, UpsertError, UpsertOutcome};
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::guards::PartnerKey;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::bounds::DateError;
use calendar_domain::{Event, PartnerId, Publication};
use calendar_store::StoreError;

use super::query_params::QueryParams;
use body::{JsonBody, Media};
use reply::{ReplyContext, UpsertReply};

/// Maximum length of a partner's own id of an event, in characters.
const ORIGIN_ID: usize = 500;
/// Default page size of the list.
const PAGE: usize = 100;
/// Maximum page size of the list.
const MOST: usize = 500;

/// A partner's own id of an event, as a path segment; percent-encoded, it may contain any characters.
struct OriginId(String);

impl<'r> FromParam<'r> for OriginId {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Self, ()> {
        let fits = !param.trim().is_empty() && param.chars().count() <= ORIGIN_ID;
        // Invalid UTF-8 is decoded to this character, which would make two ids equal.
        let whole = !param.contains(char::REPLACEMENT_CHARACTER);
        (fits && whole).then(|| Self(param.to_owned())).ok_or(())
    }
}

fn origin(id: Result<OriginId, ()>) -> Result<String, Problem> {
    id.map(|it| it.0).map_err(|()| wrong_id())
}

/// Returns the id of an event to be written. Rejects `.` and `..`, since intermediaries may remove these segments,
/// encoded or not (RFC 3986 6.2.2.3).
fn new_origin(id: Result<OriginId, ()>) -> Result<String, Problem> {
    origin(id).and_then(|id| {
        if is_usable(&id) {
            Ok(id)
        } else {
            Err(wrong_id())
        }
    })
}

fn is_usable(id: &str) -> bool {
    !matches!(id, "." | "..") && !id.contains(char::is_control)
}

fn wrong_id() -> Problem {
    let said = FieldError::Said(ids_allowed());
    Problem::invalid(vec![FieldProblem::new("origin_id", said)])
}

fn ids_allowed() -> String {
    format!(
        "must be UTF-8 of 1 to {ORIGIN_ID} characters, without control characters, and neither «.» nor «..»"
    )
}

/// Preconditions of a request (RFC 9110 13.1).
#[derive(Debug, Clone, Default)]
struct Precondition {
    if_match: Option<String>,
    if_none_match: Option<String>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Precondition {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let all = |name: &str| {
            let lines: Vec<&str> = request.headers().get(name).collect();
            (!lines.is_empty()).then(|| lines.join(","))
        };
        Outcome::Success(Self {
            if_match: all("If-Match"),
            if_none_match: all("If-None-Match"),
        })
    }
}

impl Precondition {
    /// Returns true if the preconditions hold for the stored event. A withdrawn event counts as absent.
    fn holds(&self, desk: &ReplyContext, event: Option<&Event>) -> bool {
        if self.if_match.is_none() && self.if_none_match.is_none() {
            return true;
        }
        let event = event.filter(|it| it.publication != Publication::Withdrawn);
        let tag = event.map(|event| desk.tag(event));
        let names = |list: &str| {
            let mut tags = list.split(',').map(str::trim);
            let tag = tag.as_deref();
            tag.is_some_and(|own| tags.any(|it| it == "*" || it == own))
        };
        self.if_match.as_deref().is_none_or(names)
            && !self.if_none_match.as_deref().is_some_and(names)
    }
}

impl From<UpsertError> for Problem {
    fn from(error: UpsertError) -> Self {
        match error {
            UpsertError::UnknownPartner(_) => Self::new(ProblemKind::KeyRefused),
            UpsertError::Refused(why) => Self {
                errors: vec![FieldProblem::new("event", FieldError::Said(why))],
                ..Self::new(ProblemKind::InvalidEvent)
            },
            UpsertError::NotPart(why) => {
                let said = FieldError::Said(format!("{why}; choose another"));
                Self {
                    errors: vec![FieldProblem::new("super_event", said)],
                    ..Self::new(ProblemKind::InvalidEvent)
                }
            }
            UpsertError::OtherId(other) => {
                let said = format!(
                    "belongs to your event «{other}»; use that id, or delete that event and omit the uid"
                );
                Self {
                    errors: vec![FieldProblem::new("uid", FieldError::Said(said))],
                    ..Self::new(ProblemKind::Conflict)
                }
            }
            UpsertError::Changed => Self::new(ProblemKind::PreconditionFailed),
            UpsertError::Store(StoreError::Taken { claim, .. }) => {
                let said = format!("another event has the {claim}");
                Self {
                    errors: vec![FieldProblem::new(claim.field(), FieldError::Said(said))],
                    ..Self::new(ProblemKind::Conflict)
                }
            }
            UpsertError::Store(error) => error.into(),
        }
    }
}

impl From<DateError> for Problem {
    fn from(error: DateError) -> Self {
        let fault = FieldError::Said(error.detail);
        Self {
            errors: vec![FieldProblem::new(&error.field, fault)],
            ..Self::new(ProblemKind::InvalidEvent)
        }
    }
}

/// A request to write an event.
struct Sending {
    partner: PartnerId,
    origin_id: String,
    rehearsal: Rehearsal,
    precondition: Precondition,
}

impl Sending {
    fn take(self, desk: &ReplyContext, value: Value) -> Result<UpsertReply, Problem> {
        let draft = body::draft(value, self.origin_id, &self.partner, &desk.calendar)?;
        let expected = |event: Option<&Event>| self.precondition.holds(desk, event);
        let done = upsert::upsert_where(
            &desk.calendar,
            &self.partner,
            draft,
            self.rehearsal,
            &expected,
        )?;
        let created = done.outcome == UpsertOutcome::Created && self.rehearsal == Rehearsal::No;
        let mut reply = desk.upserted(&done);
        if created {
            reply.status = Status::Created;
        }
        Ok(reply)
    }
}

#[get("/api/v1/partner/events/<origin_id>")]
async fn show_event(
    key: PartnerKey,
    origin_id: Result<OriginId, ()>,
    asked: QueryParams,
    desk: ReplyContext,
) -> Result<Finished, Problem> {
    asked.of(&[]).done()?;
    let origin_id = origin(origin_id)?;
    blocking(move || {
        let kept = upsert::find(&desk.calendar, &key.partner, &origin_id)?;
        let kept = kept.filter(|it| it.event.publication != Publication::Withdrawn);
        let kept = kept.ok_or_else(Problem::not_found)?;
        Ok::<_, Problem>(desk.shown(&kept.event))
    })
    .await
}

#[put("/api/v1/partner/events/<origin_id>", data = "<body>")]
async fn put_event(
    key: PartnerKey,
    origin_id: Result<OriginId, ()>,
    asked: QueryParams,
    media: Media,
    precondition: Precondition,
    body: Data<'_>,
    desk: ReplyContext,
) -> Result<UpsertReply, Problem> {
    asked.of(&[]).done()?;
    let sending = Sending {
        partner: key.partner,
        origin_id: new_origin(origin_id)?,
        rehearsal: Rehearsal::No,
        precondition,
    };
    let JsonBody(value) = JsonBody::read(media, body).await?;
    blocking(move || sending.take(&desk, value)).await
}

#[patch("/api/v1/partner/events/<origin_id>", data = "<body>")]
async fn patch_event(
    key: PartnerKey,
    origin_id: Result<OriginId, ()>,
    asked: QueryParams,
    media: Media,
    precondition: Precondition,
    body: Data<'_>,
    desk: ReplyContext,
) -> Result<UpsertReply, Problem> {
    asked.of(&[]).done()?;
    let origin_id = new_origin(origin_id)?;
    let JsonBody(body) = JsonBody::read(media, body).await?;
    blocking(move || {
        // PATCH is a read-modify-write; it is retried on a concurrent update.
        for _ in 0..PATCHES {
            let kept = upsert::find(&desk.calendar, &key.partner, &origin_id)?;
            let kept = kept.filter(|it| it.event.publication != Publication::Withdrawn);
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
            let sending = Sending {
                partner: key.partner.clone(),
                origin_id: origin_id.clone(),
                rehearsal: Rehearsal::No,
                precondition: Precondition {
                    if_match: Some(desk.tag(&event)),
                    if_none_match: None,
                },
            };
            match sending.take(&desk, patch::patched(base, body.clone())) {
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

#[delete("/api/v1/partner/events/<origin_id>")]
async fn delete_event(
    key: PartnerKey,
    origin_id: Result<OriginId, ()>,
    asked: QueryParams,
    precondition: Precondition,
    desk: ReplyContext,
) -> Result<Status, Problem> {
    asked.of(&[]).done()?;
    let origin_id = origin(origin_id)?;
    blocking(move || {
        let expected = |event: Option<&Event>| precondition.holds(&desk, event);
        let known = upsert::withdraw(&desk.calendar, &key.partner, &origin_id, &expected)?;
        known
            .then_some(Status::NoContent)
            .ok_or_else(Problem::not_found)
    })
    .await
}

/// Reports what writing the event would do. Its id is the parameter `origin_id`, else the body's `uid`, else
/// `validate`.
#[post("/api/v1/partner/events/validate", data = "<body>")]
async fn validate_event(
    key: PartnerKey,
    asked: QueryParams,
    media: Media,
    body: Data<'_>,
    desk: ReplyContext,
) -> Result<UpsertReply, Problem> {
    let mut values = asked.of(&["origin_id"]);
    let origin_id = values.read("origin_id", None, |text| {
        let read = OriginId::from_param(text).ok().map(|it| it.0);
        let read = read.filter(|it| is_usable(it)).map(Some);
        read.ok_or_else(ids_allowed)
    });
    values.done()?;
    let JsonBody(value) = JsonBody::read(media, body).await?;
    let told = value.get("uid").and_then(Value::as_str).map(str::to_owned);
    let sending = Sending {
        partner: key.partner,
        origin_id: origin_id.or(told).unwrap_or_else(|| "validate".to_owned()),
        rehearsal: Rehearsal::Yes,
        precondition: Precondition::default(),
    };
    blocking(move || sending.take(&desk, value)).await
}

#[get("/api/v1/partner/events")]
async fn list_events(
    key: PartnerKey,
    asked: QueryParams,
    desk: ReplyContext,
) -> Result<Finished, Problem> {
    let mut values = asked.of(&["cursor", "limit"]);
    let after = values.read("cursor", None, |text| {
        let known = reply::read_cursor(text);
        known
            .map(Some)
            .ok_or_else(|| "is not a value of `next`".to_owned())
    });
    let limit = values.limit(PAGE, MOST);
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
            items.extend(kept.map(|it| desk.listed(origin_id, &it.event)));
        }
        Ok::<_, Problem>(desk.page(items, next))
    })
    .await
}

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
