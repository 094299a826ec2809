//! `/dataset.jsonld`: the calendar for open data portals, by DCAT-AP-NO 2
//! (<https://data.norge.no/specification/dcat-ap-no>).
//!
//! The controlled vocabularies demand that each of their terms says which vocabulary it is of, so the terms in use are
//! part of the description.

mod catalog;
mod description;
mod distributions;
mod terms;

use std::sync::Arc;

use rocket::{State, get, routes};

use crate::catalog::Calendar;

use super::conditional::Finished;
use super::policy::{Policy, PolicyRoute};
use super::problem::Problem;
use super::read_quota::ReadQuota;
use super::site::Site;

/// How long caches may use it.
const CACHING: &str = "public, max-age=3600, must-revalidate";

#[get("/dataset.jsonld")]
fn show_dataset(
    _quota: ReadQuota,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let snapshot = calendar.snapshot();
    let description = catalog::describe(&snapshot, &site.address(""));
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
