//! The kinds of interfaces that this program reads, one file each.

pub mod activity_pub;
pub mod connector;
pub mod datatourisme;
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
pub mod remark;
pub mod rss;
pub mod sniff;
pub mod tabular;
pub mod telling;
pub mod ticketco;
pub mod ticketmaster;
pub mod tribe;
pub mod xml;

use std::cmp::Reverse;

use crate::connector::{Answer, Connector, Recognised};
use calendar_domain::ConnectorId;

/// Every connector, in the order in which an unknown address is tried: the more particular first.
pub const CONNECTORS: &[&dyn Connector] = &[
    &elverum_calendar::ElverumCalendar,
    &ics::Ics,
    &tribe::Tribe,
    &gancio::Gancio,
    &linked_events::LinkedEvents,
    &open_data_hub::OpenDataHub,
    &open_agenda::OpenAgenda,
    &ticketmaster::Ticketmaster,
    &ticketco::TicketCo,
    &datatourisme::Datatourisme,
    &activity_pub::ActivityPub,
    &rss::Rss,
    &json_ld::JsonLd,
    &tabular::Tabular,
];

/// The kind of a partner that sends its events by itself and is never asked.
pub const INTERFACE: &str = "interface";

/// The connector of a name.
///
/// # Errors
/// Names those that there are.
pub fn find(id: &ConnectorId) -> Result<&'static dyn Connector, UnknownConnector> {
    let found = CONNECTORS.iter().find(|it| it.id() == id.as_str());
    found.copied().ok_or_else(|| UnknownConnector(id.clone()))
}

/// The connectors that know what an answer is, the surest first, of equally sure ones the more particular.
#[must_use]
pub fn recognise(answer: &Answer<'_>) -> Vec<(&'static dyn Connector, Recognised)> {
    let found = CONNECTORS.iter();
    let found = found.filter_map(|it| Some((*it, it.recognise(answer)?)));
    let mut found: Vec<_> = found.collect();
    // Stable: the order of the table stands among equals.
    found.sort_by_key(|(_, recognised)| Reverse(recognised.certainty));
    found
}

/// There is no connector of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no connector «{0}»; there are {known}", known = names().join(", "))]
pub struct UnknownConnector(pub ConnectorId);

/// The names of all connectors.
#[must_use]
pub fn names() -> Vec<&'static str> {
    CONNECTORS.iter().map(|it| it.id()).collect()
}
