//! Single occurrences of a recurring event.

use serde_json::{Value, json};

use super::location::location;
use super::members::Members;
use super::offers::offers;
use super::status::put_status;
use crate::catalog::EventOccurrence;
use crate::feeds::FeedRequest;
use crate::feeds::iso8601::span;
use calendar_ical::write::EventView;

/// Returns an occurrence with all that is required of an event.
pub(super) fn occurrence(
    happening: &EventOccurrence,
    view: &EventView<'_>,
    request: &FeedRequest<'_>,
) -> Value {
    let lang = request.choices.lang;
    let (start, end) = span(&happening.when);
    let standing = happening.standing();
    let venues = happening.venues();
    let mut members = Members::default();
    members.put("@type", "Event");
    members.put("name", happening.title().get(lang));
    members.put("url", view.page.as_str());
    members.put("startDate", start);
    members.put("endDate", end);
    members.put("location", location(venues, standing.0, view, request));
    members.put("offers", offers(view, Some(happening), standing.0, lang));
    if let Some(organizer) = &view.organizer {
        members.put("organizer", organization(organizer.name, organizer.url));
    }
    put_status(&mut members, view.event, venues, standing);
    members.into()
}

/// Returns an organizer.
pub(super) fn organization(name: &str, url: Option<&url::Url>) -> Value {
    let mut object = json!({"@type": "Organization", "name": name});
    if let Some(url) = url {
        object["url"] = url.as_str().into();
    }
    object
}
