//! `/api/v1/events` and `/api/v1/occurrences`: the published events, filtered, sorted and a page at a time.
//!
//! [`parameters`] reads the query string, the catalog finds the items, and the list is assembled from cached JSON
//! ([`crate::wire::Fragments`]). A finished response is kept until the calendar changes ([`answers`]).

mod answers;
mod cursor;
mod event;
mod filter_parameters;
mod lists_request;
mod parameters;
mod resource;
mod routes;
mod window_parameters;

pub use answers::ListAnswers;
pub use routes::{EventListsDoc, routes};
