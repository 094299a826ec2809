//! Pages on which visitors write to the editors without an account.
//!
//! - `suggest`: `/suggest`, an event. `report`: `/report`, a mistake in one.
//! - `confirm`: `/confirm`, the page of the link in the mail.
//! - `checks`: what every such form is checked for. `pages`: the pages of outcomes.

mod checks;
mod confirm;
mod pages;
mod report;
mod routes;
mod suggest;
mod suggested_form;

pub use routes::routes;
