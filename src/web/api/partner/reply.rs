//! Responses of the partner interface: the stored event, and the outcome of a write.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rocket::Request;
use rocket::http::{ContentType, Header, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::response::{self, Responder, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::catalog::{Calendar, Entry};
use crate::feeds::etag;
use crate::ingest::upsert::{UpsertOutcome, Upserted};
use crate::web::conditional::Finished;
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::wire;
use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::wire::WireEvent;
use calendar_domain::{Event, Field, Publication};

/// Cacheable by the client only, which must revalidate.
const CACHING: &str = "private, no-cache";

/// An event as its partner sees it.
#[derive(Serialize, ToSchema)]
pub struct PartnerEvent {
    #[serde(flatten)]
    event: WireEvent,
    /// Whether it is public, or waits for an editor.
    publication: Publication,
}

/// An event in a list.
#[derive(Serialize, ToSchema)]
pub struct ListedEvent {
    /// Your own id of the event.
    origin_id: String,
    #[serde(flatten)]
    shown: PartnerEvent,
}

/// A page of a partner's events.
#[derive(Serialize, ToSchema)]
pub struct PartnerEventPage {
    /// The events.
    items: Vec<ListedEvent>,
    /// The cursor of the next page; `null` on the last one.
    next: Option<String>,
}

/// An event after a write.
#[derive(Serialize, ToSchema)]
pub struct SentEvent {
    #[serde(flatten)]
    shown: PartnerEvent,
    /// What became of it.
    outcome: UpsertOutcome,
    /// With `merged`: the page of the event that already existed.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    /// Fields that were set by a person here and are unchanged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept: Vec<Field>,
    /// Values that were changed or ignored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    remarks: Vec<Diagnostic>,
}

/// Request guard with what responses are made from.
pub struct ReplyContext {
    /// The calendar.
    pub calendar: Arc<Calendar>,
    base: String,
    /// When the calendar last changed, taken before anything is read for the response.
    modified: DateTime<Utc>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ReplyContext {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let rocket = request.rocket();
        let managed = (rocket.state::<Arc<Calendar>>(), rocket.state::<Site>());
        let (Some(calendar), Some(site)) = managed else {
            let problem = Problem::internal(&"a service is not managed");
            return Outcome::Error((problem.kind.status(), problem));
        };
        Outcome::Success(Self {
            modified: calendar.snapshot().modified(),
            calendar: Arc::clone(calendar),
            base: site.address(""),
        })
    }
}

impl ReplyContext {
    fn event(&self, event: &Event) -> PartnerEvent {
        let snapshot = self.calendar.snapshot();
        let entry = Entry::new(event, snapshot.region().time_zone);
        PartnerEvent {
            event: wire::write_whole(&entry, &snapshot, &self.base),
            publication: event.publication,
        }
    }

    fn bytes(&self, event: &Event) -> Vec<u8> {
        json(&self.event(event))
    }

    /// Returns the entity tag of a stored event.
    pub fn tag(&self, event: &Event) -> String {
        etag(&self.bytes(event))
    }

    /// Returns the event as JSON, to be patched.
    pub fn value(&self, event: &Event) -> Result<Value, Problem> {
        let value = serde_json::to_value(self.event(event));
        value.map_err(|error| Problem::internal(&error))
    }

    /// Returns the response with an event.
    pub fn shown(&self, event: &Event) -> Finished {
        self.finished(self.bytes(event))
    }

    /// Returns an event as an item of the list.
    pub fn listed(&self, origin_id: &str, event: &Event) -> ListedEvent {
        ListedEvent {
            origin_id: origin_id.to_owned(),
            shown: self.event(event),
        }
    }

    /// Returns the response with a page of the list.
    pub fn page(&self, items: Vec<ListedEvent>, next: Option<String>) -> Finished {
        self.finished(json(&PartnerEventPage { items, next }))
    }

    fn finished(&self, bytes: Vec<u8>) -> Finished {
        Finished::new(bytes, "application/json", self.modified).with_caching(CACHING)
    }

    /// Returns the response to a write.
    pub fn upserted(&self, done: &Upserted) -> UpsertReply {
        let shown = self.event(&done.event);
        let merged = done.outcome == UpsertOutcome::Merged;
        let sent = SentEvent {
            merged_into: shown.event.url.clone().filter(|_| merged),
            shown,
            outcome: done.outcome,
            kept: done.kept.clone(),
            remarks: done.remarks.clone(),
        };
        UpsertReply {
            status: Status::Ok,
            body: json(&sent),
            tag: self.tag(&done.event),
        }
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("an event is strings, numbers, lists and maps")
}

/// The response to a write. Its entity tag is that of the event, for the precondition of the next write.
pub struct UpsertReply {
    /// 200 or 201.
    pub status: Status,
    body: Vec<u8>,
    tag: String,
}

impl<'r> Responder<'r, 'static> for UpsertReply {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::build();
        answer.status(self.status);
        answer.header(ContentType::JSON);
        answer.header(Header::new("ETag", self.tag));
        answer.header(Header::new("Cache-Control", "no-store"));
        answer
            .sized_body(self.body.len(), std::io::Cursor::new(self.body))
            .ok()
    }
}

/// Returns the cursor for continuing a list after an origin id.
pub fn cursor(origin_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(origin_id)
}

/// Decodes a cursor to the origin id.
pub fn read_cursor(text: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    String::from_utf8(bytes).ok()
}
