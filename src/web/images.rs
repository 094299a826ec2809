//! `/images/<hash>.jpg`: images that are kept here.

use std::sync::Arc;

use rocket::request::FromParam;
use rocket::{State, get, routes};

use super::blocking::blocking;
use super::conditional::Finished;
use super::policy::{Policy, PolicyRoute};
use super::problem::Problem;
use crate::catalog::Calendar;
use calendar_domain::ImageName;
use calendar_store::Store as _;

/// Caches may use an image for a week, then must revalidate. A name is the hash of the content, so it would never change;
/// but a deleted image has to leave the caches.
const CACHING: &str = "public, max-age=604800, must-revalidate";

/// The last part of the address of an image.
struct ImageParam(ImageName);

impl FromParam<'_> for ImageParam {
    type Error = ();

    fn from_param(text: &str) -> Result<Self, ()> {
        let name = text.strip_suffix(".jpg").ok_or(())?;
        name.parse().map(Self).map_err(|_| ())
    }
}

#[get("/images/<name>")]
async fn show_image(
    name: ImageParam,
    calendar: &State<Arc<Calendar>>,
) -> Result<Finished, Problem> {
    let calendar = Arc::clone(calendar);
    let modified = calendar.snapshot().modified();
    let etag = format!("\"{}\"", name.0);
    let read = blocking(move || match calendar.images() {
        Some(files) => files.read_for_display(&name.0),
        None => Ok(None),
    });
    let bytes = read.await?.ok_or_else(Problem::not_found)?;
    let finished = Finished::tagged(bytes, etag, "image/jpeg", modified);
    Ok(finished.with_caching(CACHING))
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![show_image])
}
