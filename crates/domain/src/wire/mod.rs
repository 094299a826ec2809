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

use crate::serde_words::in_plain_words;

pub use certificate::WireCertificate;
pub use error::WireError;
pub(crate) use error::{read_url, short};
pub use image::WireImage;
pub use occurrence::{OccurrenceEvent, WireOccurrence};
pub use read::{overrides_of_nothing, read};
pub use shape::{
    WireEvent, WireOffer, WireOrganizer, WireOverride, WirePlace, WireRecurrence, WireSeries,
    WireSource,
};

/// Returns the message of a parse error with Rust type names replaced by those of JSON.
#[must_use]
pub fn in_json_words(error: &serde_json::Error) -> String {
    let words = [
        ("invalid type: floating point", "invalid type: number"),
        ("invalid type: integer", "invalid type: number"),
    ];
    let told = in_plain_words(&error.to_string(), "object");
    words
        .iter()
        .fold(told, |text, (theirs, ours)| text.replace(theirs, ours))
}
