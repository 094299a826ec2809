//! For operators and robots.

use std::sync::Arc;
use std::time::Duration;

use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::tokio::task::spawn_blocking;
use rocket::{Route, State, get, routes};
use serde::Serialize;

use crate::catalog::Calendar;
use calendar_store::{Store, StoreError};

use super::Delivery;
use super::operator::{ExactPath, Operator};
use super::problem::{Kind, Problem};

/// How long the catalog may lag behind the store: far longer than the largest commit takes.
const MOST_LAG: Duration = Duration::from_secs(15);

/// The paths that programs of operators ask for again and again.
pub const PROBED: [&str; 3] = ["/health/live", "/health/ready", "/metrics"];

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(flatten)]
    inside: Option<Inside>,
}

/// What only operators see.
#[derive(Serialize)]
struct Inside {
    commit: u64,
    events: usize,
    delivery: &'static str,
}

/// The process answers.
#[get("/health/live")]
fn show_live(path: Result<ExactPath, Problem>) -> Result<Json<serde_json::Value>, Problem> {
    path?;
    Ok(Json(serde_json::json!({ "status": "ok" })))
}

/// The catalog is loaded, with the number of the last commit in it, and shows what the store has
/// acknowledged; and the store takes commits. Pages and feeds are served all the same while it doesn't.
#[get("/health/ready")]
async fn show_ready(
    path: Result<ExactPath, Problem>,
    operator: Option<Operator>,
    calendar: &State<Arc<Calendar>>,
    delivery: &State<Delivery>,
) -> Result<(Status, Json<Health>), Problem> {
    path?;
    let (code, status) = match writable(calendar).await {
        Ok(()) if calendar.lag().is_some_and(|lag| lag >= MOST_LAG) => {
            (Status::ServiceUnavailable, "catalog-behind")
        }
        Ok(()) => (Status::Ok, "ok"),
        Err(kind) => (Status::ServiceUnavailable, kind.name()),
    };
    let snapshot = calendar.snapshot();
    let inside = operator.map(|_| Inside {
        commit: snapshot.version().commit,
        events: snapshot.event_count(),
        delivery: delivery.name(),
    });
    Ok((code, Json(Health { status, inside })))
}

/// Whether the store takes commits, and if not, of which kind the problem is.
pub(super) async fn writable(calendar: &Arc<Calendar>) -> Result<(), Kind> {
    let calendar = Arc::clone(calendar);
    // It may try the disk.
    let outcome = spawn_blocking(move || calendar.writable()).await;
    match outcome {
        Ok(outcome) => outcome.map_err(|error: StoreError| Problem::from(error).kind),
        Err(_) => Err(Kind::Internal),
    }
}

/// Everything may be indexed but the endless combinations of filters.
#[get("/robots.txt")]
fn show_robots() -> &'static str {
    "User-agent: *\nDisallow: /feeds/search\nDisallow: /*?\n"
}

/// The routes, to be mounted at the root.
pub fn routes() -> Vec<Route> {
    routes![show_live, show_ready, show_robots]
}
