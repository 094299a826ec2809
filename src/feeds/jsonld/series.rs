//! Series with their editions.

use std::sync::Arc;

use serde_json::Value;

use super::event::description;
use super::location::{recorded, region};
use super::members::Members;
use super::occurrence::organization;
use super::references::permanent_address;
use super::script::event_page;
use crate::catalog::Entry;
use crate::feeds::FeedRequest;
use calendar_domain::Series;

/// Returns a series as an `EventSeries` with these editions, oldest first; `None` if none of them has a date that may be
/// shown. It begins with the first edition and ends with the last one.
#[must_use]
pub fn series(
    series: &Series,
    editions: &[Arc<Entry>],
    request: &FeedRequest<'_>,
) -> Option<Value> {
    let lang = request.choices.lang;
    let editions = editions.iter();
    let editions: Vec<Value> = editions
        .filter_map(|entry| event_page(entry, request, &[]))
        .collect();
    let (first, last) = (editions.first()?, editions.last()?);
    let mut members = Members::default();
    members.put("@type", "EventSeries");
    members.put("@id", permanent_address(series, request));
    members.put("url", request.address(&request.page()));
    members.put("name", series.title.get(lang));
    members.put("alternateName", series.aliases.clone());
    members.put(
        "description",
        description([&series.summary, &series.description], lang),
    );
    members.put("startDate", first["startDate"].clone());
    let end = last.get("endDate").unwrap_or(&last["startDate"]);
    members.put("endDate", end.clone());
    members.put_all("location", places(series, request));
    if let Some(organizer) = &series.organizer
        && let Some(known) = request.snapshot.organizer(organizer)
    {
        members.put(
            "organizer",
            organization(&known.name, known.website.as_ref()),
        );
    }
    let website = series.website.as_ref();
    members.put("sameAs", website.map(|url| url.as_str()));
    members.put("eventStatus", last["eventStatus"].clone());
    members.put("eventAttendanceMode", last["eventAttendanceMode"].clone());
    members.put("subEvent", editions);
    Some(members.into())
}

/// Returns the places of the series, or else the region.
fn places(series: &Series, request: &FeedRequest<'_>) -> Vec<Value> {
    let known = series.places.iter();
    let known = known.filter_map(|slug| request.snapshot.place(slug));
    let all: Vec<Value> = known.map(|place| recorded(place, request)).collect();
    if all.is_empty() {
        vec![region(request)]
    } else {
        all
    }
}
