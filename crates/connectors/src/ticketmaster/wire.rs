//! The JSON of Ticketmaster's Discovery API, as far as it is read.

use serde::Deserialize;

use crate::telling::json::{Many, Word};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Wire {
    pub test: Word,
    pub name: Word,
    pub description: Word,
    pub info: Word,
    pub please_note: Word,
    pub accessibility: Many<Accessibility>,
    pub url: Word,
    pub locale: Word,
    pub images: Many<Picture>,
    pub dates: Many<Dates>,
    pub classifications: Many<Classification>,
    pub promoter: Many<Named>,
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
pub(super) struct Picture {
    pub url: Word,
    pub ratio: Word,
    pub width: Word,
    pub fallback: Word,
    pub attribution: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Dates {
    pub start: Many<Moment>,
    pub end: Many<Moment>,
    pub initial_start_date: Many<Moment>,
    pub timezone: Word,
    pub status: Many<Status>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Moment {
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
    pub segment: Many<Named>,
    pub genre: Many<Named>,
    pub sub_genre: Many<Named>,
    pub family: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Named {
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
    pub venues: Many<Place>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Place {
    pub name: Word,
    pub postal_code: Word,
    pub timezone: Word,
    pub city: Many<Named>,
    pub address: Many<Street>,
    pub location: Many<Position>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Street {
    pub line1: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Position {
    pub latitude: Word,
    pub longitude: Word,
}
