//! What a partner gets back: the event as it is kept, and what became of what was sent.

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

use crate::catalog::{Calendar, Entry};
use crate::feeds::etag;
use crate::ingest::upsert::{UpsertOutcome, Upserted};
use crate::web::conditional::Finished;
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::wire;
use calendar_domain::wire::WireEvent;
use calendar_domain::{Event, Field, Publication};

/// What only the sender may keep, and has to ask for again.
const CACHING: &str = "private, no-cache";

/// An event as its partner gets it.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    event: WireEvent,
    publication: Publication,
}

/// The same in a list.
#[derive(Serialize)]
pub struct Listed {
    origin_id: String,
    #[serde(flatten)]
    shown: Shown,
}

#[derive(Serialize)]
struct Page {
    items: Vec<Listed>,
    next: Option<String>,
}

/// The same after it was sent.
#[derive(Serialize)]
struct Sent {
    #[serde(flatten)]
    shown: Shown,
    outcome: UpsertOutcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    /// Fields that a person has set here and that stay as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept: Vec<Field>,
}

/// What answers are made with.
pub struct Desk {
    /// The calendar.
    pub calendar: Arc<Calendar>,
    base: String,
    /// When the calendar changed last before anything was read for the answer.
    modified: DateTime<Utc>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Desk {
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

impl Desk {
    fn event(&self, event: &Event) -> Shown {
        let snapshot = self.calendar.snapshot();
        let entry = Entry::of(event, snapshot.region().time_zone);
        Shown {
            event: wire::write_whole(&entry, &snapshot, &self.base),
            publication: event.publication,
        }
    }

    fn bytes(&self, event: &Event) -> Vec<u8> {
        json(&self.event(event))
    }

    /// The tag of an event as it is kept.
    pub fn tag(&self, event: &Event) -> String {
        etag(&self.bytes(event))
    }

    /// The event as a value, to be patched.
    pub fn value(&self, event: &Event) -> Result<Value, Problem> {
        let value = serde_json::to_value(self.event(event));
        value.map_err(|error| Problem::internal(&error))
    }

    /// An event as an answer.
    pub fn shown(&self, event: &Event) -> Finished {
        self.finished(self.bytes(event))
    }

    /// An event as an item of the list.
    pub fn listed(&self, origin_id: &str, event: &Event) -> Listed {
        Listed {
            origin_id: origin_id.to_owned(),
            shown: self.event(event),
        }
    }

    /// The list as an answer.
    pub fn page(&self, items: Vec<Listed>, next: Option<String>) -> Finished {
        self.finished(json(&Page { items, next }))
    }

    fn finished(&self, bytes: Vec<u8>) -> Finished {
        Finished {
            caching: CACHING,
            ..Finished::new(bytes, "application/json", self.modified)
        }
    }

    /// What became of an event that was sent.
    pub fn upserted(&self, done: &Upserted) -> Reply {
        let shown = self.event(&done.event);
        let merged = done.outcome == UpsertOutcome::Merged;
        let sent = Sent {
            merged_into: shown.event.url.clone().filter(|_| merged),
            shown,
            outcome: done.outcome,
            kept: done.kept.clone(),
        };
        Reply {
            status: Status::Ok,
            body: json(&sent),
            tag: self.tag(&done.event),
        }
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("an event is strings, numbers, lists and maps")
}

/// The answer to an event that was sent. Its tag is that of the event, to be named with the next change.
pub struct Reply {
    /// 200 or 201.
    pub status: Status,
    body: Vec<u8>,
    tag: String,
}

impl<'r> Responder<'r, 'static> for Reply {
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

/// Where a list goes on: after this id of the partner's.
pub fn cursor(origin_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(origin_id)
}

/// The id that a cursor stands for.
pub fn read_cursor(text: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    String::from_utf8(bytes).ok()
}
