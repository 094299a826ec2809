//! The address of the description, and its response.

use std::sync::Arc;

use rocket::{State, get, routes};

use crate::catalog::Calendar;
use crate::web::conditional::Finished;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use crate::web::read_quota::ReadQuota;
use crate::web::site::Site;

use super::catalog::describe;

/// How long caches may use it.
const CACHING: &str = "public, max-age=3600, must-revalidate";

#[get("/dataset.jsonld")]
fn show_dataset(
    _quota: ReadQuota,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let snapshot = calendar.snapshot();
    let description = describe(&snapshot, &site.address(""));
    let bytes = serde_json::to_vec_pretty(&description);
    let bytes = bytes.map_err(|error| Problem::internal(&error))?;
    let media_type = "application/ld+json; charset=utf-8";
    let finished = Finished::new(bytes, media_type, snapshot.modified());
    Ok(finished.with_caching(CACHING))
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_dataset])
}
