//! Tickets of an event, with their availability.

use serde_json::{Value, json};

use crate::catalog::EventOccurrence;
use calendar_domain::{Admission, Availability, EventStatus, Lang, Offer};
use calendar_ical::write::EventView;

/// The currency of a price of nothing.
const CURRENCY: &str = "NOK";

/// Returns the tickets with the availability of the shown occurrence. Without tickets, an offer says that the event is
/// free, or that places are few or sold out. What is cancelled or postponed has no availability.
pub(super) fn offers(
    view: &EventView<'_>,
    shown: Option<&EventOccurrence>,
    status: EventStatus,
    lang: Lang,
) -> Value {
    let event = view.event;
    let is_on = !matches!(status, EventStatus::Cancelled | EventStatus::Postponed);
    let left = is_on.then(|| shown.map_or(event.availability, EventOccurrence::availability));
    let is_free = event.admission == Admission::Free;
    if event.offers.is_empty()
        && (is_free || left.is_some_and(|availability| availability != Availability::Available))
    {
        return json!([places_left(left, is_free, view)]);
    }
    let all = event.offers.iter();
    all.map(|value| offer(value, left, is_free, lang)).collect()
}

/// Returns an offer that says nothing but the availability, and that it is free.
fn places_left(left: Option<Availability>, is_free: bool, view: &EventView<'_>) -> Value {
    let mut object = json!({
        "@type": "Offer",
        "url": view.page.as_str(),
    });
    if let Some(left) = left {
        object["availability"] = item_availability(left).into();
    }
    if is_free {
        object["price"] = "0".into();
        object["priceCurrency"] = CURRENCY.into();
    }
    object
}

fn item_availability(left: Availability) -> &'static str {
    match left {
        Availability::Available => "https://schema.org/InStock",
        Availability::FewLeft => "https://schema.org/LimitedAvailability",
        Availability::SoldOut => "https://schema.org/SoldOut",
    }
}

fn offer(offer: &Offer, left: Option<Availability>, is_free: bool, lang: Lang) -> Value {
    let mut object = json!({
        "@type": "Offer",
        "priceCurrency": offer.currency,
    });
    if let Some(left) = left {
        object["availability"] = item_availability(left).into();
    }
    if !offer.name.is_empty() {
        object["name"] = offer.name.get(lang).into();
    }
    match &offer.price {
        Some(price) => object["price"] = price.as_str().into(),
        None if is_free => object["price"] = "0".into(),
        None => {}
    }
    if let Some(url) = &offer.url {
        object["url"] = url.as_str().into();
    }
    object
}
