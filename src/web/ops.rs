//! Health checks and `robots.txt`.

use std::sync::Arc;
use std::time::Duration;

use rocket::http::{Header, Status};
use rocket::serde::json::Json;
use rocket::tokio::task::spawn_blocking;
use rocket::{Responder, State, get, routes};
use serde::Serialize;

use crate::catalog::Calendar;
use calendar_store::{Store, StoreError};

use super::OutgoingDelivery;
use super::operator::{ExactPath, Operator};
use super::policy::{Policy, PolicyRoute};
use super::problem::{Problem, ProblemKind};
use super::site::Site;

/// Maximum lag of the catalog behind the store; far above the time of the largest commit.
const MOST_LAG: Duration = Duration::from_secs(15);

/// Paths that monitoring requests periodically.
pub const PROBED: [&str; 3] = ["/health/live", "/health/ready", "/metrics"];

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(flatten)]
    inside: Option<Inside>,
}

/// Fields visible to operators only.
#[derive(Serialize)]
struct Inside {
    commit: u64,
    events: usize,
    delivery: &'static str,
}

/// Liveness: answers if the process runs.
#[get("/health/live")]
fn show_live(path: Result<ExactPath, Problem>) -> Result<Json<serde_json::Value>, Problem> {
    path?;
    Ok(Json(serde_json::json!({ "status": "ok" })))
}

/// Readiness: 200 if the store takes commits and the catalog lags less than `MOST_LAG` behind it, else 503. Pages and
/// feeds are served in either case.
#[get("/health/ready")]
async fn show_ready(
    path: Result<ExactPath, Problem>,
    operator: Option<Operator>,
    calendar: &State<Arc<Calendar>>,
    delivery: &State<OutgoingDelivery>,
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

/// Returns the kind of problem if the store takes no commits.
pub(super) async fn writable(calendar: &Arc<Calendar>) -> Result<(), ProblemKind> {
    let calendar = Arc::clone(calendar);
    // The check may write to disk.
    let outcome = spawn_blocking(move || calendar.writable()).await;
    match outcome {
        Ok(outcome) => outcome.map_err(|error: StoreError| Problem::from(error).kind),
        Err(_) => Err(ProblemKind::Internal),
    }
}

/// Keeps crawlers from combinations of filters, of which there is no end, and from forms. The longest rule that matches
/// counts (RFC 9309 2.2.2): later pages of lists, feeds in other languages and embedded lists are open.
const ROBOTS: &str = "\
User-agent: *
Allow: /*?page_from=
Allow: /*?lang=
Allow: /embed/
Allow: /static/
Disallow: /*?
Disallow: /feeds/search
Disallow: /feeds/s/
Disallow: /*/login
Disallow: /login
Disallow: /*/organizer/
Disallow: /organizer/
Disallow: /*/editor/
Disallow: /editor/
";

/// Permits indexing, and names the sitemap.
#[get("/robots.txt")]
fn show_robots(site: &State<Site>) -> Robots {
    Robots {
        text: format!("{ROBOTS}\nSitemap: {}\n", site.address("/sitemap.xml")),
        caching: Header::new("Cache-Control", "public, max-age=86400"),
    }
}

/// `robots.txt` (RFC 9309).
#[derive(Responder)]
struct Robots {
    text: String,
    caching: Header<'static>,
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![show_live, show_ready, show_robots])
}
