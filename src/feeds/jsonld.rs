//! schema.org in JSON-LD: a list of events, for search engines.

use std::sync::Arc;

use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::catalog::{Entry, EventOccurrence};
use calendar_domain::{
    Admission, Coordinates, Event, EventStatus, Lang, PlainField as _, Schedule, Text, Venue, When,
};
use calendar_ical::write::{EventView, OrganizerView, VenueView};

use super::iso8601::span;
use super::json::around_list;
use super::jsonld_offers::{offers, places_left};
use super::occurrences::{LISTED, coming};
use super::{Feed, FeedFrame, FeedRequest, Fragment, Freshness, Numbering, ResolvedEvent, Summary};

/// Feed format `.jsonld`.
pub struct JsonLd;

impl Feed for JsonLd {
    fn extension(&self) -> &'static str {
        "jsonld"
    }

    fn name(&self) -> &'static str {
        "JSON-LD"
    }

    fn media_type(&self) -> &'static str {
        "application/ld+json; charset=utf-8"
    }

    fn ages(&self) -> Freshness {
        Freshness::WithTheDay
    }

    fn numbering(&self) -> Numbering {
        Numbering::Each
    }

    fn lead(&self, number: usize, out: &mut Vec<u8>) {
        let comma = if number > 0 { "," } else { "" };
        let position = number + 1;
        let item = format!("{comma}{{\"@type\":\"ListItem\",\"position\":{position},\"item\":");
        out.extend(item.into_bytes());
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let resolved = ResolvedEvent::new(entry, request);
        if !request.choices.admit(entry.status()) || !resolved.may_be_passed_on() {
            return None;
        }
        let happenings = coming(entry, request);
        let event = event(entry, &resolved, request, &happenings.listed);
        let mut bytes = serde_json::to_vec(&event).unwrap_or_default();
        // Closes the item opened by `lead`.
        bytes.push(b'}');
        Some(bytes.into())
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Summary) -> FeedFrame {
        let list = List {
            context: "https://schema.org",
            kind: "ItemList",
            name: &request.title(),
            url: &request.address(&request.page()),
            number_of_items: gist.count,
            item_list_element: [],
        };
        around_list(serde_json::to_vec(&list).unwrap_or_default())
    }
}

/// The list around the events.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    url: &'a str,
    number_of_items: usize,
    /// Always empty: the items are inserted later.
    item_list_element: [(); 0],
}

/// Returns an event as a schema.org object, without `@context`. `happenings` are the occurrences to
/// list for a recurring event.
#[must_use]
pub fn event(
    entry: &Arc<Entry>,
    resolved: &ResolvedEvent<'_>,
    request: &FeedRequest<'_>,
    happenings: &[EventOccurrence],
) -> Value {
    let view = resolved.view();
    let (event, lang) = (view.event, request.choices.lang);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.is_null()
            || value.as_str().is_some_and(str::is_empty)
            || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            object.insert(key.to_owned(), value);
        }
    };
    let recurs = event.schedule.recurrence.is_some();
    put("@type", if recurs { "EventSeries" } else { "Event" }.into());
    put(
        "@id",
        request.address(&format!("/events/{}", event.slug)).into(),
    );
    put("identifier", event.uid.as_str().into());
    put("url", view.page.as_str().into());
    put("name", event.title_in(lang).into());
    put("inLanguage", languages(event, lang));
    put("description", description(event, lang).into());
    let shown = entry.leading(&resolved.event());
    if let Some(shown) = &shown {
        times(&shown.when, &event.schedule, &mut put);
    }
    let (standing, previous) = shown
        .as_ref()
        .map_or_else(|| (entry.status(), None), EventOccurrence::standing);
    let venues = shown
        .as_ref()
        .map_or(&event.venues[..], EventOccurrence::venues);
    status(event, venues, (standing, previous), &mut put);
    let id = shown.as_ref().and_then(|it| it.recurrence_id);
    let elsewhere = id.and_then(|id| view.other_venues.get(&id));
    let places = elsewhere.unwrap_or(&view.venues).iter().zip(venues);
    let places = places.map(|(shown, own)| place(shown, own));
    put("location", location(places.collect(), standing, &view));
    put(
        "organizer",
        view.organizer.as_ref().map_or(Value::Null, organizer),
    );
    put(
        "image",
        view.images.iter().map(|image| image.url.as_str()).collect(),
    );
    put("keywords", view.categories.join(", ").into());
    put(
        "audience",
        view.audiences.iter().map(|name| audience(name)).collect(),
    );
    put("offers", offers(&view, shown.as_ref(), lang));
    put("isAccessibleForFree", free(event.admission));
    put(
        "sameAs",
        event
            .website
            .as_ref()
            .map_or(Value::Null, |url| url.as_str().into()),
    );
    let whole = event
        .super_event
        .as_ref()
        .and_then(|id| request.snapshot.event(id));
    put(
        "superEvent",
        whole.map_or(Value::Null, |whole| {
            json!({
                "@type": "Event",
                "@id": request.address(&format!("/events/{}", whole.slug())),
                "name": whole.event().title_in(lang),
            })
        }),
    );
    if recurs {
        put(
            "subEvent",
            happenings
                .iter()
                .take(LISTED)
                .map(|it| occurrence(it, &view, lang))
                .collect(),
        );
    }
    put("mainEntityOfPage", page(&view));
    Value::Object(object)
}

/// Returns the page of the event, which carries what schema.org has no property for on an event: a
/// modification date and a credit.
fn page(view: &EventView<'_>) -> Value {
    let mut page = json!({
        "@type": "WebPage",
        "@id": view.page.as_str(),
        "dateModified": view.event.modified.to_rfc3339_opts(SecondsFormat::Secs, true),
    });
    if let Some(credit) = view.credit {
        page["creditText"] = credit.into();
    }
    page
}

/// Returns the languages that the event is held in; if they are unknown, the language of its title.
fn languages(event: &Event, lang: Lang) -> Value {
    let mut tags = event.languages.to_wire();
    match tags.len() {
        0 => language(&event.title, lang).into(),
        1 => tags.remove(0).into(),
        _ => tags.into(),
    }
}

fn language(text: &Text, lang: Lang) -> &'static str {
    text.localized(lang)
        .map_or(lang.tag(), |found| found.lang.tag())
}

fn description(event: &Event, lang: Lang) -> String {
    let parts = [event.summary.get(lang), event.description.get(lang)];
    let told: Vec<&str> = parts
        .into_iter()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    told.join("\n\n")
}

/// Adds the first start and the last end. A rule without an end has none; where only the start of the last
/// occurrence is known, its day is the end.
fn times(first: &When, schedule: &Schedule, put: &mut impl FnMut(&str, Value)) {
    let (start, end) = span(first);
    put("startDate", start.into());
    if schedule.recurrence.is_none() {
        put("endDate", end.into());
        return;
    }
    if let Some(last) = schedule.last_occurrence() {
        let day = last.when.start().date();
        let end = span(&last.when).1;
        put("endDate", end.unwrap_or_else(|| day.to_string()).into());
    }
}

/// Adds status and attendance mode. schema.org has no value for a tentative date.
fn status(
    event: &Event,
    venues: &[Venue],
    (status, previous): (EventStatus, Option<When>),
    put: &mut impl FnMut(&str, Value),
) {
    put("eventStatus", schema_status(status).into());
    let online = event.online_url.is_some();
    let mode = match (status, online, venues.is_empty()) {
        (EventStatus::MovedOnline, _, _) | (_, true, true) => "Online",
        (_, true, false) => "Mixed",
        (_, false, _) => "Offline",
    };
    put(
        "eventAttendanceMode",
        format!("https://schema.org/{mode}EventAttendanceMode").into(),
    );
    if let (EventStatus::Rescheduled, Some(previous)) = (status, previous) {
        put("previousStartDate", span(&previous).0.into());
    }
}

fn schema_status(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Scheduled | EventStatus::Tentative => "https://schema.org/EventScheduled",
        EventStatus::Cancelled => "https://schema.org/EventCancelled",
        EventStatus::Postponed => "https://schema.org/EventPostponed",
        EventStatus::Rescheduled => "https://schema.org/EventRescheduled",
        EventStatus::MovedOnline => "https://schema.org/EventMovedOnline",
    }
}

fn occurrence(happening: &EventOccurrence, view: &EventView<'_>, lang: Lang) -> Value {
    let (start, end) = span(&happening.when);
    let (status, before) = happening.standing();
    let mut one = json!({
        "@type": "Event",
        "name": happening.title().get(lang),
        "startDate": start,
        "eventStatus": schema_status(status),
    });
    if let Some(end) = end {
        one["endDate"] = end.into();
    }
    if let (EventStatus::Rescheduled, Some(before)) = (status, before) {
        one["previousStartDate"] = span(&before).0.into();
    }
    let elsewhere = happening
        .recurrence_id
        .and_then(|id| view.other_venues.get(&id));
    let shown = elsewhere.unwrap_or(&view.venues);
    let places = shown.iter().zip(happening.venues());
    let places: Vec<Value> = places.map(|(shown, own)| place(shown, own)).collect();
    let left = happening.availability();
    if left != view.event.availability {
        one["offers"] = json!([places_left(left, view)]);
    }
    let location = location(places, status, view);
    if location.as_array().is_none_or(|none| !none.is_empty()) {
        one["location"] = location;
    }
    one
}

/// Returns the location of an event with this status. An event that moved online has no places.
fn location(mut places: Vec<Value>, status: EventStatus, view: &EventView<'_>) -> Value {
    let mut online = view.event.online_url.as_ref();
    if status == EventStatus::MovedOnline {
        places.clear();
        online = online.or(Some(view.page));
    }
    places.extend(online.map(|url| json!({"@type": "VirtualLocation", "url": url.as_str()})));
    match places.len() {
        1 => places.remove(0),
        _ => Value::Array(places),
    }
}

fn place(shown: &VenueView<'_>, own: &Venue) -> Value {
    let mut place = json!({"@type": "Place", "name": shown.name});
    if let Venue::Described {
        address: Some(address),
        ..
    } = own
    {
        let parts = [
            ("streetAddress", &address.street),
            ("postalCode", &address.postal_code),
            ("addressLocality", &address.locality),
        ];
        place["address"] = json!({"@type": "PostalAddress"});
        for (key, part) in parts {
            if let Some(part) = part {
                place["address"][key] = part.as_str().into();
            }
        }
    } else if !shown.address.is_empty() {
        place["address"] = shown.address.as_str().into();
    }
    if let Some(Coordinates {
        latitude,
        longitude,
    }) = shown.coordinates
    {
        place["geo"] =
            json!({"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude});
    }
    place
}

fn organizer(organizer: &OrganizerView<'_>) -> Value {
    let mut object = json!({"@type": "Organization", "name": organizer.name});
    if let Some(url) = organizer.url {
        object["url"] = url.as_str().into();
    }
    object
}

fn audience(name: &str) -> Value {
    json!({"@type": "Audience", "audienceType": name})
}

fn free(admission: Admission) -> Value {
    match admission {
        Admission::Unknown => Value::Null,
        Admission::Free => true.into(),
        Admission::Paid => false.into(),
    }
}
