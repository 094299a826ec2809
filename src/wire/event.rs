//! Events in the JSON form of [`calendar_domain::wire`].

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, Offset, SecondsFormat, TimeZone};
use chrono_tz::Tz;

use crate::catalog::{Entry, Snapshot};
use calendar_domain::zone::to_utc;
use calendar_domain::{
    Admission, Event, Image, Override, PlainField as _, Recurrence, Start, Venue, When,
};

use calendar_domain::wire::{
    WireEvent, WireImage, WireOffer, WireOrganizer, WireOverride, WirePlace, WireRecurrence,
    WireSeries, WireSource,
};

/// Returns the JSON form of an event. `base` is the site's URL without a trailing slash.
#[must_use]
pub fn write(entry: &Entry, snapshot: &Snapshot, base: &str) -> WireEvent {
    let event = &*entry.event();
    let times = Times::new(&event.schedule.when);
    let mut places = event.venues.iter().map(|venue| place(venue, snapshot));
    let policies = event
        .sources
        .iter()
        .filter_map(|source| snapshot.partner(&source.partner));
    let mut policies = policies.map(|partner| &partner.policy);
    WireEvent {
        id: Some(event.id.to_string()),
        uid: Some(event.uid.to_string()),
        slug: Some(event.slug.to_string()),
        url: Some(format!("{base}/events/{}", event.slug)),
        sequence: Some(event.sequence),
        created: Some(event.created.to_rfc3339_opts(SecondsFormat::Secs, true)),
        modified: Some(event.modified.to_rfc3339_opts(SecondsFormat::Secs, true)),
        title: event.title.clone(),
        start: Some(times.start),
        end: times.end,
        time_zone: Some(
            times
                .zone
                .unwrap_or(snapshot.region().time_zone)
                .name()
                .to_owned(),
        ),
        all_day: Some(matches!(event.schedule.when, When::AllDay { .. })),
        recurrence: event
            .schedule
            .recurrence
            .as_ref()
            .map(|value| recurrence(value, event, snapshot)),
        status: Some(event.status.as_str().to_owned()),
        previous_start: event.previous.as_ref().map(|when| Times::new(when).start),
        status_note: event.status_note.clone(),
        place: places.next(),
        other_places: places.collect(),
        online_url: event.online_url.as_ref().map(ToString::to_string),
        organizer: event
            .organizer
            .as_ref()
            .map(|value| organizer(value, snapshot)),
        categories: event.categories.iter().map(ToString::to_string).collect(),
        audiences: event.audiences.iter().map(ToString::to_string).collect(),
        accessibility: event
            .accessibility
            .iter()
            .map(|accessibility| accessibility.as_str().replace('-', "_"))
            .collect(),
        sustainability_certificate: event.certificate().cloned().to_wire(),
        offers: event.offers.iter().map(offer).collect(),
        free: match event.admission {
            Admission::Unknown => None,
            Admission::Free => Some(true),
            Admission::Paid => Some(false),
        },
        images: images(snapshot.shown_images(event), base),
        series: event.series.as_ref().map(|of| WireSeries {
            slug: of.series.to_string(),
            edition: of.edition.to_string(),
        }),
        super_event: event.super_event.as_ref().map(ToString::to_string),
        sub_events: parts_passed_on(event, snapshot),
        sources: event.sources.iter().map(source).collect(),
        credit: policies.find_map(|policy| policy.credit.clone()),
        licence: snapshot.licence_of(event),
        ..WireEvent::from_plain_fields(event)
    }
}

/// Does the same for the partner that the event came from: includes images regardless of permissions.
#[must_use]
pub fn write_whole(entry: &Entry, snapshot: &Snapshot, base: &str) -> WireEvent {
    let event = entry.event();
    let originals: Vec<Image> = event.images.iter().map(Image::original).collect();
    WireEvent {
        images: images(originals.iter(), base),
        ..write(entry, snapshot, base)
    }
}

/// Returns the ids of the parts that may be passed on.
fn parts_passed_on(event: &Event, snapshot: &Snapshot) -> Vec<String> {
    let parts = snapshot.parts_passed_on(&event.id);
    parts.map(|parts| parts.id().to_owned()).collect()
}

/// Returns images with full addresses.
fn images<'a>(images: impl Iterator<Item = &'a Image>, base: &str) -> Vec<WireImage> {
    let resolved = |image| {
        let mut image = WireImage::new(image);
        image.resolve(base);
        image
    };
    images.map(resolved).collect()
}

/// A time in the JSON form.
pub(super) struct Times {
    pub(super) start: String,
    pub(super) end: Option<String>,
    pub(super) zone: Option<Tz>,
}

impl Times {
    pub(super) fn new(when: &When) -> Self {
        match when {
            When::AllDay { first, until } => Self {
                start: first.to_string(),
                end: Some(until.pred_opt().unwrap_or(*until).to_string()),
                zone: None,
            },
            When::TimeToCome { date } => Self {
                start: date.to_string(),
                end: None,
                zone: None,
            },
            When::Timed { start, end, zone } => Self {
                start: rfc3339(*start, *zone),
                end: end.map(|end| rfc3339(end, *zone)),
                zone: Some(*zone),
            },
        }
    }
}

/// Formats a local time with its zone's offset, as in RFC 3339. A time in the spring gap gets the offset before the
/// gap, so that it is read back as it is.
fn rfc3339(local: NaiveDateTime, zone: Tz) -> String {
    let instant = to_utc(local, zone);
    let offset = (local - instant.naive_utc()).num_seconds();
    let offset = i32::try_from(offset).ok().and_then(FixedOffset::east_opt);
    let offset =
        offset.unwrap_or_else(|| zone.offset_from_utc_datetime(&instant.naive_utc()).fix());
    instant
        .with_timezone(&offset)
        .to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn recurrence(recurrence: &Recurrence, event: &Event, snapshot: &Snapshot) -> WireRecurrence {
    let overrides = recurrence.overrides.iter();
    WireRecurrence {
        rrule: recurrence.rule.as_ref().map(ToString::to_string),
        rdates: recurrence
            .rdates
            .iter()
            .map(|rdate| start(*rdate, event))
            .collect(),
        exdates: recurrence
            .exdates
            .iter()
            .map(|exdate| start(*exdate, event))
            .collect(),
        overrides: overrides
            .map(|(id, value)| changed(*id, value, event, snapshot))
            .collect(),
    }
}

/// Formats the start of an occurrence.
pub(super) fn start(start: Start, event: &Event) -> String {
    match (start, &event.schedule.when) {
        (Start::Local(local), When::Timed { zone, .. }) => rfc3339(local, *zone),
        (Start::Local(local), _) => local.format("%Y-%m-%dT%H:%M:%S").to_string(),
        (Start::Date(date), _) => NaiveDate::to_string(&date),
    }
}

fn changed(id: Start, change: &Override, event: &Event, snapshot: &Snapshot) -> WireOverride {
    let times = change.when.as_ref().map(Times::new);
    let zone = times.as_ref().and_then(|times| times.zone);
    let own_zone = Times::new(&event.schedule.when).zone;
    let is_to_come = matches!(change.when, Some(When::TimeToCome { .. }));
    WireOverride {
        time_zone: zone
            .filter(|zone| own_zone != Some(*zone))
            .map(|zone| zone.name().to_owned()),
        all_day: is_to_come.then_some(false),
        recurrence_id: start(id, event),
        start: times.as_ref().map(|times| times.start.clone()),
        end: times.and_then(|times| times.end),
        status: change.status.map(|status| status.as_str().to_owned()),
        availability: change
            .availability
            .map(|availability| availability.as_str().to_owned()),
        title: change.title.clone(),
        description: change.description.clone(),
        place: change
            .venues
            .iter()
            .flatten()
            .next()
            .map(|venue| place(venue, snapshot)),
    }
}

/// Keeps the stored venues of places that a client sent back unchanged. The JSON address is a single line, from
/// which street and town cannot be restored.
pub fn keep_venues(read: &mut [Venue], told: &[WirePlace], event: &Event, snapshot: &Snapshot) {
    for (venue, told) in read.iter_mut().zip(told) {
        let as_written = |venue: &&Venue| place(venue, snapshot) == *told;
        if let Some(kept) = event.venues.iter().find(as_written) {
            venue.clone_from(kept);
        }
    }
}

/// Returns a place.
pub(super) fn place(venue: &Venue, snapshot: &Snapshot) -> WirePlace {
    let (slug, name, address, municipality, coordinates) = match venue {
        Venue::Place(slug) => match snapshot.place(slug) {
            Some(value) => (
                Some(slug.to_string()),
                value.name.clone(),
                value.address.clone(),
                value.municipality.clone(),
                value.coordinates,
            ),
            None => (Some(slug.to_string()), slug.to_string(), None, None, None),
        },
        Venue::Described {
            name,
            address,
            municipality,
            coordinates,
        } => (
            None,
            name.clone(),
            address.clone(),
            municipality.clone(),
            *coordinates,
        ),
    };
    WirePlace {
        slug,
        name: Some(name),
        postal_code: address
            .as_ref()
            .and_then(|address| address.postal_code.clone()),
        address: address
            .map(|address| address.line())
            .filter(|line| !line.is_empty()),
        municipality: municipality.map(|number| number.to_string()),
        latitude: coordinates.map(|at| at.latitude),
        longitude: coordinates.map(|at| at.longitude),
    }
}

fn organizer(organizer: &calendar_domain::OrganizerRef, snapshot: &Snapshot) -> WireOrganizer {
    use calendar_domain::OrganizerRef;
    match organizer {
        OrganizerRef::Organizer(slug) => {
            let known = snapshot.organizer(slug);
            WireOrganizer {
                slug: Some(slug.to_string()),
                name: Some(
                    known.map_or_else(|| slug.to_string(), |organizer| organizer.name.clone()),
                ),
                url: known
                    .and_then(|organizer| organizer.website.as_ref())
                    .map(ToString::to_string),
            }
        }
        OrganizerRef::Described { name, url } => WireOrganizer {
            slug: None,
            name: Some(name.clone()),
            url: url.as_ref().map(ToString::to_string),
        },
    }
}

fn offer(offer: &calendar_domain::Offer) -> WireOffer {
    WireOffer {
        name: offer.name.clone(),
        price: offer.price.clone(),
        currency: Some(offer.currency.clone()),
        url: offer.url.as_ref().map(ToString::to_string),
    }
}

fn source(source: &calendar_domain::Source) -> WireSource {
    WireSource {
        partner: source.partner.to_string(),
        origin_id: source.origin_id.clone(),
        url: source.url.clone(),
    }
}
