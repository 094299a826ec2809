//! Events.

use std::sync::Arc;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::location::location;
use super::members::Members;
use super::occurrence::{occurrence, organization};
use super::offers::offers;
use super::references::{event_reference, series_reference};
use super::status::put_status;
use crate::catalog::{Entry, EventOccurrence};
use crate::feeds::iso8601::span;
use crate::feeds::{FeedRequest, ResolvedEvent};
use calendar_domain::image::image_licence_address;
use calendar_domain::{Admission, Event, Lang, LicenceLink, PlainField as _, Schedule, Text, When};
use calendar_ical::write::{EventView, ImageView};

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
    let event = view.event;
    let shown = entry.leading(&resolved.event());
    let mut members = Members::default();
    let recurs = event.schedule.recurrence.is_some();
    members.put("@type", if recurs { "EventSeries" } else { "Event" });
    put_names(&mut members, &view, request);
    if let Some(shown) = &shown {
        put_times(&mut members, &shown.when, &event.schedule);
    }
    let standing = shown
        .as_ref()
        .map_or_else(|| (entry.status(), None), EventOccurrence::standing);
    let venues = shown
        .as_ref()
        .map_or(&event.venues[..], EventOccurrence::venues);
    members.put("location", location(venues, standing.0, &view, request));
    let tickets = offers(&view, shown.as_ref(), standing.0, request.choices.lang);
    put_status(&mut members, event, venues, standing);
    members.put("offers", tickets);
    members.put("isAccessibleForFree", free(event.admission));
    members.put_all("superEvent", super_events(event, request));
    if recurs {
        let listed = happenings.iter();
        let listed: Vec<Value> = listed
            .map(|listed| occurrence(listed, &view, request))
            .collect();
        members.put("subEvent", listed);
    }
    members.put("mainEntityOfPage", page(&view, request));
    members.into()
}

/// Adds names, addresses and descriptions.
fn put_names(members: &mut Members, view: &EventView<'_>, request: &FeedRequest<'_>) {
    let (event, lang) = (view.event, request.choices.lang);
    let permanent = request.address(&format!("/events/{}", event.slug));
    members.put("@id", permanent);
    members.put("identifier", event.uid.as_str());
    members.put("url", view.page.as_str());
    members.put("name", event.title_in(lang));
    members.put("inLanguage", languages(event, lang));
    members.put(
        "description",
        description([&event.summary, &event.description], lang),
    );
    if let Some(organizer) = &view.organizer {
        members.put("organizer", organization(organizer.name, organizer.url));
    }
    let images = view.images.iter();
    let images: Vec<Value> = images.map(|images| image(images, lang)).collect();
    members.put("image", images);
    members.put("keywords", view.categories.join(", "));
    let audiences = view.audiences.iter();
    let audiences: Vec<Value> = audiences.map(|name| audience(name)).collect();
    members.put("audience", audiences);
    let website = event.website.as_ref();
    members.put("sameAs", website.map(|url| url.as_str()));
}

/// Returns an image: its address, or an `ImageObject` if more is known.
fn image(view: &ImageView<'_>, lang: Lang) -> Value {
    let image = view.image;
    if view.file.is_none() && image.credit.is_none() && image.licence.is_none() {
        return view.address.clone().into();
    }
    let mut members = Members::default();
    members.put("@type", "ImageObject");
    members.put("url", view.address.as_str());
    members.put("contentUrl", view.address.as_str());
    if let Some(file) = view.file {
        members.put("encodingFormat", "image/jpeg");
        members.put("width", file.width);
        members.put("height", file.height);
    }
    members.put("caption", image.alt.get(lang));
    members.put("creditText", image.credit.as_deref());
    let licence = image.licence.as_deref();
    let licence = licence.map(|licence| image_licence_address(licence).unwrap_or(licence));
    let is_address = |text: &&str| text.starts_with("https://") || text.starts_with("http://");
    members.put("license", licence.filter(is_address));
    members.into()
}

/// Returns what the event is part of: another event, and the series of which it is an edition.
fn super_events(event: &Event, request: &FeedRequest<'_>) -> Vec<Value> {
    let snapshot = request.snapshot;
    let whole = event.super_event.as_ref().and_then(|id| snapshot.event(id));
    let whole = whole.map(|whole| event_reference(whole, request));
    let of = event.series.as_ref();
    let series = of.and_then(|of| snapshot.series(&of.series));
    let series = series.map(|series| series_reference(series, request));
    [whole, series].into_iter().flatten().collect()
}

/// Returns the page of the event, which carries what schema.org has no property for on an event: a
/// modification date, a credit and a licence.
fn page(view: &EventView<'_>, request: &FeedRequest<'_>) -> Value {
    let mut page = json!({
        "@type": "WebPage",
        "@id": view.page.as_str(),
        "dateModified": view.event.modified.to_rfc3339_opts(SecondsFormat::Secs, true),
    });
    if let Some(credit) = view.credit {
        page["creditText"] = credit.into();
    }
    if let Some(licence) = request.snapshot.licence_of(view.event) {
        page["license"] = match LicenceLink::stated(&licence) {
            LicenceLink { url: Some(url), .. } => url.as_str().into(),
            LicenceLink { name, url: None } => json!({"@type": "CreativeWork", "name": name}),
        };
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

/// Returns the texts as paragraphs.
pub(super) fn description(texts: [&Text; 2], lang: Lang) -> String {
    let texts = texts.map(|text| text.get(lang).trim());
    let told: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    told.join("\n\n")
}

/// Adds the first start and the last end. A rule without an end has none; where only the start of the last
/// occurrence is known, its day is the end.
fn put_times(members: &mut Members, first: &When, schedule: &Schedule) {
    let (start, end) = span(first);
    members.put("startDate", start);
    if schedule.recurrence.is_none() {
        members.put("endDate", end);
    } else if let Some(last) = schedule.last_occurrence() {
        let day = last.when.start().date();
        let end = span(&last.when).1;
        members.put("endDate", end.unwrap_or_else(|| day.to_string()));
    }
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
