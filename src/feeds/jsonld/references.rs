//! References to objects that are described elsewhere.

use serde_json::{Value, json};

use crate::catalog::Entry;
use crate::feeds::FeedRequest;
use calendar_domain::Series;

/// Returns the reference to an event.
pub(super) fn event_reference(entry: &Entry, request: &FeedRequest<'_>) -> Value {
    json!({
        "@type": "Event",
        "@id": request.address(&format!("/events/{}", entry.slug())),
        "name": entry.event().title_in(request.choices.lang),
    })
}

/// Returns the reference to a series.
pub(super) fn series_reference(series: &Series, request: &FeedRequest<'_>) -> Value {
    json!({
        "@type": "EventSeries",
        "@id": permanent_address(series, request),
        "name": series.title.get(request.choices.lang),
    })
}

/// Returns the address that identifies a series in every language.
pub(super) fn permanent_address(series: &Series, request: &FeedRequest<'_>) -> String {
    request.address(&format!("/series/{}", series.slug))
}
