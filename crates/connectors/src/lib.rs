//! Connectors: parsers of the interfaces that partners publish events with.
//!
//! Each connector is a module with a type that implements [`connector::Connector`]. To add one, see
//! [`connector`]. [`parse`], [`linked_data`], [`html`], [`xml`] and [`identity`] are shared by
//! connectors.
//!
//! **May import:** `domain`, `ical`. **Pure:** no network, store or clock.

pub mod activity_pub;
pub mod connector;
pub mod datatourisme;
pub mod diagnostic;
pub mod elverum_calendar;
pub mod gancio;
pub mod html;
pub mod ics;
pub mod identity;
pub mod json_ld;
pub mod linked_data;
pub mod linked_events;
pub mod open_agenda;
pub mod open_data_hub;
pub mod parse;
pub mod rss;
pub mod sniff;
pub mod tabular;
pub mod ticketco;
pub mod ticketmaster;
pub mod tribe;
pub mod uploaded;
pub mod uploaded_file;
pub mod xml;

use std::cmp::Reverse;

use crate::connector::{Connector, Detection, PartnerResponse};
use calendar_domain::ConnectorId;
use calendar_domain::nearest::did_you_mean;

/// All connectors, in the order in which detection tries them: specific ones first.
pub const CONNECTORS: &[&dyn Connector] = &[
    &elverum_calendar::ElverumCalendar,
    &ics::IcsConnector,
    &tribe::Tribe,
    &gancio::Gancio,
    &linked_events::LinkedEvents,
    &open_data_hub::OpenDataHub,
    &open_agenda::OpenAgenda,
    &ticketmaster::Ticketmaster,
    &ticketco::TicketCo,
    &datatourisme::Datatourisme,
    &activity_pub::ActivityPub,
    &rss::RssConnector,
    &json_ld::JsonLdConnector,
    &tabular::Tabular,
];

/// The connector name of a partner that submits its events itself and is never fetched.
pub const INTERFACE: &str = "interface";

/// Returns the connector with this name.
///
/// # Errors
/// Returns [`UnknownConnector`], whose message lists the known names.
pub fn find(id: &ConnectorId) -> Result<&'static dyn Connector, UnknownConnector> {
    let found = CONNECTORS
        .iter()
        .find(|connector| connector.id() == id.as_str());
    found.copied().ok_or_else(|| UnknownConnector(id.clone()))
}

/// Returns the connectors that recognize a response, by descending certainty. Equally certain ones are in the
/// order of [`CONNECTORS`].
///
/// ```
/// use calendar_connectors::connector::PartnerResponse;
/// use calendar_connectors::recognise;
/// use url::Url;
///
/// let response = PartnerResponse {
///     url: &Url::parse("https://example.org/calendar").unwrap(),
///     media_type: None,
///     bytes: b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
///     purpose: "",
/// };
/// let (connector, detection) = recognise(&response).remove(0);
/// assert_eq!(connector.id(), "ics");
/// assert_eq!(detection.why, "it begins with BEGIN:VCALENDAR");
/// ```
#[must_use]
pub fn recognise(answer: &PartnerResponse<'_>) -> Vec<(&'static dyn Connector, Detection)> {
    let found = CONNECTORS.iter();
    let found = found.filter_map(|found| Some((*found, found.recognise(answer)?)));
    let mut found: Vec<_> = found.collect();
    // The sort is stable, so ties keep the order of the table.
    found.sort_by_key(|(_, recognised)| Reverse(recognised.certainty));
    found
}

/// The error of a connector name that doesn't exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no kind «{0}» of calendar{hint}; the kinds are {known}",
    hint = did_you_mean(.0.as_str(), names()), known = names().join(", ")
)]
pub struct UnknownConnector(pub ConnectorId);

/// Returns the names of all connectors.
#[must_use]
pub fn names() -> Vec<&'static str> {
    CONNECTORS.iter().map(|connector| connector.id()).collect()
}
