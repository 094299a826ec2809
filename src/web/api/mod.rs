//! Programmatic interfaces, under `/api/v1`.
//!
//! To add a resource: one file with its handlers and a `routes()`, and its routes in [`routes()`].

mod changes;
mod docs;
mod lists;
mod openapi;
mod partner;
pub(super) mod query_params;
mod resources;
mod review;
mod routes;
mod text_language;

pub use docs::routes as page_routes;
pub use lists::ListAnswers;
pub use routes::routes;
