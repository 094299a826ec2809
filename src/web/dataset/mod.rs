//! `/dataset.jsonld`: the calendar for open data portals, by DCAT-AP-NO 2
//! (<https://data.norge.no/specification/dcat-ap-no>).
//!
//! The controlled vocabularies demand that each of their terms says which vocabulary it is of, so the terms in use are
//! part of the description.

mod catalog;
mod description;
mod distributions;
mod handler;
mod terms;

pub use handler::routes;
