//! Table of the feed formats.

use super::feed::Feed;
use super::{atom, csv, ics, json, jsonld, rss};

/// All formats.
pub static FEEDS: &[&dyn Feed] = &[
    &ics::Ics,
    &rss::Rss,
    &atom::Atom,
    &json::Json,
    &jsonld::JsonLd,
    &csv::Csv,
];

/// Returns the format with an extension.
#[must_use]
pub fn format(extension: &str) -> Option<&'static dyn Feed> {
    FEEDS
        .iter()
        .copied()
        .find(|feed| feed.extension() == extension)
}
