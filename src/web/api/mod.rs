//! Programmatic interfaces, under `/api/v1`.
//!
//! To add a resource: one file with its handlers and a `routes()`, and its routes in [`routes`].

mod changes;
mod docs;
mod lists;
mod openapi;
mod partner;
pub(super) mod query_params;
mod resources;
mod review;
mod text_language;

use super::policy::PolicyRoute;

pub use docs::routes as page_routes;
pub use lists::ListAnswers;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    [
        openapi::routes(),
        changes::routes(),
        resources::routes(),
        lists::routes(),
        partner::routes(),
        review::routes(),
    ]
    .concat()
}
