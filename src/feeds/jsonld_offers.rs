//! Tickets of an event in schema.org's vocabulary, with their availability.

use serde_json::{Value, json};

use crate::catalog::EventOccurrence;
use calendar_domain::{Availability, Lang, Offer};
use calendar_ical::write::EventView;

/// Returns the tickets with the availability of the shown occurrence. Without tickets, an offer says that places are few
/// or sold out.
pub(super) fn offers(view: &EventView<'_>, shown: Option<&EventOccurrence>, lang: Lang) -> Value {
    let event = view.event;
    let left = shown.map_or(event.availability, EventOccurrence::availability);
    if event.offers.is_empty() && left != Availability::Available {
        return json!([places_left(left, view)]);
    }
    let all = event.offers.iter();
    all.map(|it| offer(it, left, lang)).collect()
}

/// Returns an offer that says nothing but the availability.
pub(super) fn places_left(left: Availability, view: &EventView<'_>) -> Value {
    json!({"@type": "Offer", "url": view.page.as_str(), "availability": item_availability(left)})
}

fn item_availability(left: Availability) -> &'static str {
    match left {
        Availability::Available => "https://schema.org/InStock",
        Availability::FewLeft => "https://schema.org/LimitedAvailability",
        Availability::SoldOut => "https://schema.org/SoldOut",
    }
}

fn offer(offer: &Offer, left: Availability, lang: Lang) -> Value {
    let availability = item_availability(left);
    let mut object = json!({
        "@type": "Offer",
        "priceCurrency": offer.currency,
        "availability": availability,
    });
    if !offer.name.is_empty() {
        object["name"] = offer.name.get(lang).into();
    }
    if let Some(price) = &offer.price {
        object["price"] = price.as_str().into();
    }
    if let Some(url) = &offer.url {
        object["url"] = url.as_str().into();
    }
    object
}
