//! The JSON of Ticketmaster's Discovery API, as far as it is read.

use serde::Deserialize;

use crate::parse::json::{Many, Word};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TicketmasterEvent {
    pub test: Word,
    pub name: Word,
    pub description: Word,
    pub info: Word,
    pub please_note: Word,
    pub accessibility: Many<Accessibility>,
    pub url: Word,
    pub locale: Word,
    pub images: Many<TicketmasterImage>,
    pub dates: Many<Dates>,
    pub classifications: Many<Classification>,
    pub promoter: Many<TicketmasterName>,
    pub price_ranges: Many<PriceRange>,
    #[serde(rename = "_embedded")]
    pub embedded: Many<Embedded>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Accessibility {
    pub info: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TicketmasterImage {
    pub url: Word,
    pub ratio: Word,
    pub width: Word,
    pub fallback: Word,
    pub attribution: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Dates {
    pub start: Many<TicketmasterTime>,
    pub end: Many<TicketmasterTime>,
    pub initial_start_date: Many<TicketmasterTime>,
    pub timezone: Word,
    pub status: Many<Status>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TicketmasterTime {
    pub local_date: Word,
    pub local_time: Word,
    pub date_time: Word,
    #[serde(rename = "dateTBD")]
    pub date_tbd: Word,
    #[serde(rename = "dateTBA")]
    pub date_tba: Word,
    #[serde(rename = "timeTBA")]
    pub time_tba: Word,
    pub no_specific_time: Word,
    pub approximate: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Status {
    pub code: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Classification {
    pub segment: Many<TicketmasterName>,
    pub genre: Many<TicketmasterName>,
    pub sub_genre: Many<TicketmasterName>,
    pub family: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TicketmasterName {
    pub name: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PriceRange {
    pub r#type: Word,
    pub currency: Word,
    pub min: Word,
    pub max: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Embedded {
    pub venues: Many<TicketmasterVenue>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TicketmasterVenue {
    pub name: Word,
    pub postal_code: Word,
    pub timezone: Word,
    pub city: Many<TicketmasterName>,
    pub address: Many<Street>,
    pub location: Many<TicketmasterPosition>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Street {
    pub line1: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TicketmasterPosition {
    pub latitude: Word,
    pub longitude: Word,
}
