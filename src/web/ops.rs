//! For operators and robots.

use std::sync::Arc;

use rocket::serde::json::Json;
use rocket::{Route, State, get, routes};
use serde::Serialize;

use crate::catalog::Calendar;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    commit: u64,
    events: usize,
}

/// The process answers.
#[get("/health/live")]
fn show_live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "ok" }))
}

/// The catalog is loaded; with the number of the last commit in it.
#[get("/health/ready")]
fn show_ready(calendar: &State<Arc<Calendar>>) -> Json<Health> {
    let snapshot = calendar.snapshot();
    let commit = snapshot.version().commit;
    Json(Health {
        status: "ok",
        commit,
        events: snapshot.event_count(),
    })
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
