//! Where an event is.

use serde_json::{Value, json};

use super::address::{AddressFacts, postal_address};
use crate::feeds::FeedRequest;
use calendar_domain::{Coordinates, EventStatus, Place, Venue};
use calendar_ical::write::EventView;
use calendar_language::Words;

/// Returns the location of an event with these venues and this status: one or several places, and the address online.
///
/// An event that moved online has no places. One that is nowhere is somewhere in the region.
pub(super) fn location(
    venues: &[Venue],
    status: EventStatus,
    view: &EventView<'_>,
    request: &FeedRequest<'_>,
) -> Value {
    let mut online = view.event.online_url.as_ref();
    let mut all = Vec::new();
    if status == EventStatus::MovedOnline {
        online = online.or(Some(view.page));
    } else {
        all.extend(venues.iter().map(|venue| place_of(venue, request)));
    }
    all.extend(online.map(|url| json!({"@type": "VirtualLocation", "url": url.as_str()})));
    match all.len() {
        0 => region(request),
        1 => all.remove(0),
        _ => Value::Array(all),
    }
}

fn place_of(venue: &Venue, request: &FeedRequest<'_>) -> Value {
    match venue {
        Venue::Place(slug) => match request.snapshot.place(slug) {
            Some(known) => recorded(known, request),
            None => place(slug.as_str(), AddressFacts::default(), None, request),
        },
        Venue::Described {
            name,
            address,
            municipality,
            coordinates,
        } => {
            let facts = AddressFacts {
                address: address.as_ref(),
                municipality: municipality.as_ref(),
            };
            place(name, facts, *coordinates, request)
        }
    }
}

/// Returns a place of the catalog.
pub(super) fn recorded(known: &Place, request: &FeedRequest<'_>) -> Value {
    let facts = AddressFacts {
        address: known.address.as_ref(),
        municipality: known.municipality.as_ref(),
    };
    place(&known.name, facts, known.coordinates, request)
}

fn place(
    name: &str,
    facts: AddressFacts<'_>,
    position: Option<Coordinates>,
    request: &FeedRequest<'_>,
) -> Value {
    let address = postal_address(facts, request.snapshot.region());
    let mut place = json!({
        "@type": "Place",
        "name": name,
        "address": address.unwrap_or_else(|| name.into()),
    });
    if let Some(at) = position {
        place["geo"] = json!({
            "@type": "GeoCoordinates",
            "latitude": at.latitude,
            "longitude": at.longitude,
        });
    }
    place
}

/// Returns the region as a place.
pub(super) fn region(request: &FeedRequest<'_>) -> Value {
    let (region, lang) = (request.snapshot.region(), request.choices.lang);
    let municipalities = region.municipalities.iter();
    let names: Vec<&str> = municipalities
        .map(|municipality| municipality.name.as_str())
        .collect();
    let name = if names.is_empty() {
        region.name.get(lang).to_owned()
    } else {
        Words::new(lang).listed(&names)
    };
    place(&name, AddressFacts::default(), None, request)
}
