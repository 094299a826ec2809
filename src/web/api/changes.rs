//! `/api/v1/changes`: every change of the published events, for clients that keep a copy.

use std::sync::Arc;

use chrono::SecondsFormat;
use rocket::{State, get, routes};
use serde::Serialize;

use crate::catalog::caught;
use crate::delivery::change_log::{
    ChangeBatch, ChangeLog, ChronicleError, Cursor, EventChange, Now,
};
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use crate::web::quota::ReadQuota;
use crate::web::site::Site;
use crate::wire;
use calendar_domain::wire::WireEvent;

use super::query_params::QueryParams;

/// Known parameters.
const KNOWN: &[&str] = &["since", "limit"];
/// Default page size.
const PAGE: usize = 200;
/// Maximum page size.
const MOST: usize = 1_000;

/// A page of changes.
#[derive(Serialize)]
struct Page {
    items: Vec<Item>,
    /// Cursor of the next request; always present, so that clients can poll.
    next: String,
}

#[derive(Serialize)]
struct Item {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    uid: String,
    slug: String,
    changed: String,
    /// `uid` of the event that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    super_event_uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Box<WireEvent>>,
}

impl Item {
    fn new(changed: &EventChange, extract: &ChangeBatch, base: &str) -> Self {
        let whole = match &changed.now {
            Now::Shown(entry) => entry.event().super_event.clone(),
            Now::Gone { .. } => None,
        };
        let whole = whole.and_then(|id| extract.snapshot.event(&id));
        let (kind, uid, slug, event) = match &changed.now {
            Now::Shown(entry) => {
                let event = wire::write(entry, &extract.snapshot, base);
                let (uid, slug) = (entry.uid().to_owned(), entry.slug().to_owned());
                ("event", uid, slug, Some(Box::new(event)))
            }
            Now::Gone { uid, slug } => ("gone", uid.to_string(), slug.to_string(), None),
        };
        Self {
            kind,
            id: changed.id.to_string(),
            uid,
            slug,
            super_event_uid: whole.map(|whole| whole.uid().to_owned()),
            changed: changed.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            event,
        }
    }
}

impl From<ChronicleError> for Problem {
    fn from(error: ChronicleError) -> Self {
        match error {
            ChronicleError::Ahead | ChronicleError::OtherGeneration => {
                let said = FieldError::Said(error.to_string());
                Self::invalid(vec![FieldProblem::new("since", said)])
            }
            ChronicleError::Store(error) => error.into(),
        }
    }
}

#[get("/api/v1/changes")]
async fn show_changes(
    _quota: ReadQuota,
    asked: QueryParams,
    chronicle: &State<Arc<ChangeLog>>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let mut values = asked.of(KNOWN);
    let since: Cursor = values.read("since", Cursor::default(), |text| {
        text.parse().map_err(|error: _| {
            let error: crate::delivery::change_log::CursorError = error;
            error.to_string()
        })
    });
    let limit = values.limit(PAGE, MOST);
    values.done()?;
    let (chronicle, base) = (Arc::clone(chronicle), site.address(""));
    // The first request after a start reads the store.
    let made = blocking(move || {
        let extract = chronicle.after(&since, limit)?;
        let items = extract.items.iter();
        let last = items.clone().next_back();
        let next = last.map_or_else(
            || Cursor {
                generation: Some(extract.generation),
                ..since
            },
            |changed| extract.cursor(changed),
        );
        let page = Page {
            // An event that cannot be written must not stop the client's progress.
            items: items
                .filter_map(|it| caught(|| Item::new(it, &extract, &base)).ok())
                .collect(),
            next: next.to_string(),
        };
        let bytes =
            serde_json::to_vec(&page).expect("an event is strings, numbers, lists and maps");
        let modified = extract.snapshot.modified();
        Ok::<_, ChronicleError>(Finished::new(bytes, "application/json", modified))
    });
    made.await
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_changes])
}
