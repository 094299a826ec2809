//! schema.org in JSON-LD, by Google's rules for events: in feeds, and in the pages of events and series.
//!
//! `startDate` and `location` with an `address` are required there. An event without a place therefore is in the region.

mod address;
mod breadcrumbs;
mod event;
mod feed;
mod location;
mod members;
mod occurrence;
mod offers;
mod references;
mod script;
mod series;
mod status;

pub use breadcrumbs::{Breadcrumb, breadcrumbs};
pub use event::event;
pub use feed::JsonLd;
pub use script::{StructuredData, event_page};
pub use series::series;
