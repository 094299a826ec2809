//! The interfaces for programs, under `/api/v1`. One resource per file.

mod asked;
mod changes;
mod partner;
mod review;

use rocket::Route;

/// The routes, to be mounted at the root.
pub fn routes() -> Vec<Route> {
    [changes::routes(), partner::routes(), review::routes()].concat()
}
