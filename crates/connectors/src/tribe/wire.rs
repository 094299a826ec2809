//! The JSON of The Events Calendar, as far as it is read.

use serde::Deserialize;

use crate::parse::json::{Many, Word};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TribeEvent {
    pub status: Word,
    pub hide_from_listings: Word,
    pub title: Word,
    pub global_id_lineage: Many<Word>,
    pub description: Word,
    pub excerpt: Word,
    pub slug: Word,
    pub url: Word,
    pub website: Word,
    pub image: Many<TribeImage>,
    pub all_day: Word,
    pub start_date: Word,
    pub end_date: Word,
    pub utc_start_date: Word,
    pub utc_end_date: Word,
    pub timezone: Word,
    pub modified_utc: Word,
    pub cost: Word,
    pub cost_details: Many<Cost>,
    pub categories: Many<Term>,
    pub tags: Many<Term>,
    pub venue: Many<TribeVenue>,
    pub organizer: Many<Holder>,
    pub is_virtual: Word,
    pub virtual_url: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TribeImage {
    pub url: Word,
    pub alt: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Cost {
    pub currency_symbol: Word,
    pub currency_code: Word,
    pub values: Many<Word>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Term {
    pub name: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TribeVenue {
    pub venue: Word,
    pub address: Word,
    pub zip: Word,
    pub city: Word,
    pub geo_lat: Word,
    pub geo_lng: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Holder {
    pub organizer: Word,
    pub website: Word,
    pub url: Word,
}
