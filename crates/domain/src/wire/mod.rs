//! The event on the wire: the one JSON shape that the API gives, the partner interface takes,
//! `export` writes and `import` reads.
//!
//! **May import:** `domain`.
//!
//! Names are `snake_case`, times RFC 3339 with offset plus `time_zone`, whole days dates whose
//! `end` is the last day. To register an event, `title.nb` and `start` are enough.

mod read;
mod shape;

pub use read::{WireError, read};
pub use shape::{
    WireEvent, WireImage, WireOffer, WireOrganizer, WireOverride, WirePlace, WireRecurrence,
    WireSeries, WireSource,
};

/// Says in the words of JSON why a value is none of this shape: the parser names types of this program.
#[must_use]
pub fn in_json_words(error: &serde_json::Error) -> String {
    let words = [
        (
            "expected u32",
            "expected a whole number from 0 to 4294967295",
        ),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected an object"),
        ("invalid type: sequence", "invalid type: list"),
        ("invalid type: map", "invalid type: object"),
        ("invalid type: floating point", "invalid type: number"),
        ("invalid type: integer", "invalid type: number"),
    ];
    let told = error.to_string();
    words
        .iter()
        .fold(told, |text, (theirs, ours)| text.replace(theirs, ours))
}
