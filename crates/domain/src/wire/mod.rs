//! The JSON form of an event, shared by the API, the partner API, `export` and `import`.
//!
//! Names are `snake_case`. Times are RFC 3339 with offset plus `time_zone`; all-day events have
//! dates, and `end` is the last day. `title.nb` and `start` are the only required fields.

mod certificate;
mod error;
mod image;
mod occurrence;
mod read;
#[cfg(feature = "schema")]
pub mod schema;
mod shape;

pub use certificate::WireCertificate;
pub use error::{WireError, in_json_words};
pub(crate) use error::{read_url, short};
pub use image::{WireImage, WireImageSize};
pub use occurrence::{OccurrenceEvent, WireOccurrence};
pub use read::{overrides_of_nothing, read};
pub use shape::{
    WireEvent, WireOffer, WireOrganizer, WireOverride, WirePlace, WireRecurrence, WireSeries,
    WireSource,
};
