//! The JSON form of an event, shared by the API, the partner API, `export` and `import`.
//!
//! **May import:** `domain`.
//!
//! Names are `snake_case`. Times are RFC 3339 with offset plus `time_zone`; all-day events have
//! dates, and `end` is the last day. `title.nb` and `start` are the only required fields.

mod read;
mod shape;

pub use read::{WireError, read};
pub use shape::{
    WireEvent, WireImage, WireOffer, WireOrganizer, WireOverride, WirePlace, WireRecurrence,
    WireSeries, WireSource,
};

/// Returns the message of a parse error with Rust type names replaced by those of JSON.
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
