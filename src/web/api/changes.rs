//! `/api/v1/changes`: every change of the published events, for clients that keep a copy.

use std::sync::Arc;

use chrono::SecondsFormat;
use rocket::{State, get, routes};
use serde::Serialize;
use utoipa::OpenApi;

use crate::delivery::change_log::{
    ChangeBatch, ChangeLog, ChangeLogError, Cursor, EventChange, Now,
};
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use crate::web::read_quota::ReadQuota;
use crate::web::site::Site;
use crate::wire::{FinishedList, Fragments, JsonList, JsonShape, ListMembers};

use super::openapi::parameters::{CHANGES, ChangesParams};
use super::openapi::problems::ReadProblems;
use super::openapi::schemas::{ChangePage, ChangedEvent, GoneEvent};
use super::query_params::QueryParams;

/// Known parameters.
const KNOWN: &[&str] = &["since", "limit"];
/// Average number of bytes of an item, for the first allocation.
const USUAL_ITEM: usize = 1_800;

/// An item beside the event.
#[derive(Serialize)]
struct Item<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    uid: &'a str,
    slug: &'a str,
    changed: String,
    /// `uid` of the event that it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    super_event_uid: Option<&'a str>,
}

/// Adds a change to a page. An event that cannot be written is left out, so that it does not stop the client's progress.
fn add(
    change: &EventChange,
    batch: &ChangeBatch,
    (fragments, base): (&Fragments, &str),
    list: &mut JsonList,
) -> serde_json::Result<()> {
    let changed = change.at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let snapshot = &batch.snapshot;
    match &change.now {
        Now::Gone { uid, slug } => list.push_value(&Item {
            kind: "gone",
            id: change.id.as_str(),
            uid: uid.as_str(),
            slug: slug.as_str(),
            changed,
            super_event_uid: None,
        }),
        Now::Shown(entry) => {
            let fragment = fragments.event(entry, snapshot, base, JsonShape::default());
            let Some(fragment) = fragment else {
                return Ok(());
            };
            let whole = fragment.super_event.as_ref();
            let whole = whole.and_then(|id| snapshot.event(id));
            let item = Item {
                kind: "event",
                id: change.id.as_str(),
                uid: entry.uid(),
                slug: entry.slug(),
                changed,
                super_event_uid: whole.map(|whole| whole.uid()),
            };
            list.push_around(&item, "event", &fragment)
        }
    }
}

impl From<ChangeLogError> for Problem {
    fn from(error: ChangeLogError) -> Self {
        match error {
            ChangeLogError::Ahead | ChangeLogError::OtherGeneration => {
                let said = FieldError::Said(error.to_string());
                Self::unusable_cursor(FieldProblem::new("since", said))
            }
            ChangeLogError::Store(error) => error.into(),
        }
    }
}

/// A page of the change log, as a response.
fn page(
    batch: &ChangeBatch,
    since: Cursor,
    (fragments, base): (&Fragments, &str),
) -> serde_json::Result<Finished> {
    let last = batch.items.last();
    let next = last.map_or_else(
        || Cursor {
            generation: Some(batch.generation),
            ..since
        },
        |changed| batch.cursor(changed),
    );
    let mut list = JsonList::with_capacity(batch.items.len() * USUAL_ITEM + 512);
    for change in &batch.items {
        add(change, batch, (fragments, base), &mut list)?;
    }
    let FinishedList { bytes, etag } = list.finish(&ListMembers {
        // Always there, so that clients can poll.
        next: Some(&next.to_string()),
        licence: batch.snapshot.region().licence_url(),
    })?;
    let modified = batch.snapshot.modified();
    Ok(Finished::tagged(bytes, etag, "application/json", modified))
}

/// Lists changes of the published events, in the order of the changes.
///
/// Begin without `since` and store each event under its `id`; remove each that is `gone`. Repeat with `since` set to `next` until
/// `items` is empty, and continue with it later. An event comes in its present state, and at least once per change. On 409
/// the calendar was restored or set up again: begin anew, and remove what does not come.
#[utoipa::path(
    tag = "changes",
    params(ChangesParams),
    responses((status = 200, description = "A page of changes.", body = ChangePage), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/changes")]
async fn show_changes(
    _quota: ReadQuota,
    asked: QueryParams,
    change_log: &State<Arc<ChangeLog>>,
    fragments: &State<Fragments>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let mut values = asked.of(KNOWN);
    let since = values.cursor("since", str::parse::<Cursor>);
    let since = since.unwrap_or_default();
    let limit = values.limit(&CHANGES);
    values.done()?;
    let (change_log, base) = (Arc::clone(change_log), site.address(""));
    let fragments = Fragments::clone(fragments);
    // The first request after a start reads the store.
    let made = blocking(move || {
        let batch = change_log.after(&since, limit)?;
        let page = page(&batch, since, (&fragments, &base));
        page.map_err(|error| Problem::internal(&error))
    });
    made.await
}

/// The operation.
#[derive(OpenApi)]
#[openapi(paths(show_changes), components(schemas(ChangedEvent, GoneEvent)))]
pub struct ChangesDoc;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_changes])
}
