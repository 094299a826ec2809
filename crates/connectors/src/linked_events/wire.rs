//! The JSON of Linked Events, as far as it is read.

use serde::Deserialize;
use serde_json::Value;

use crate::parse::json::{JsonTexts, Many, Word};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LinkedEventsEvent {
    pub name: JsonTexts,
    pub short_description: JsonTexts,
    pub description: JsonTexts,
    pub location: Many<LinkedEventsPlace>,
    pub location_extra_info: JsonTexts,
    pub keywords: Many<Keyword>,
    pub audience: Many<Keyword>,
    pub event_status: Word,
    pub publication_status: Word,
    pub deleted: Word,
    pub replaced_by: Value,
    pub offers: Many<Ticket>,
    pub images: Many<LinkedEventsImage>,
    pub provider: JsonTexts,
    pub info_url: JsonTexts,
    pub external_links: Many<ExternalLink>,
    pub super_event: Many<LinkedEventsLink>,
    pub start_time: Word,
    pub end_time: Word,
    pub has_start_time: Option<bool>,
    pub has_end_time: Option<bool>,
    pub last_modified_time: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ExternalLink {
    pub link: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LinkedEventsLink {
    #[serde(rename = "@id")]
    pub address: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LinkedEventsPlace {
    #[serde(rename = "@id")]
    pub address: Word,
    pub id: Word,
    pub name: JsonTexts,
    pub street_address: JsonTexts,
    pub postal_code: Word,
    pub address_locality: JsonTexts,
    pub position: Many<LinkedEventsPosition>,
}

/// A GeoJSON position: longitude before latitude.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LinkedEventsPosition {
    pub coordinates: Many<Word>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Keyword {
    #[serde(rename = "@id")]
    pub address: Word,
    pub name: JsonTexts,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ticket {
    pub is_free: Word,
    pub price: JsonTexts,
    pub description: JsonTexts,
    pub info_url: JsonTexts,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LinkedEventsImage {
    pub url: Word,
    pub license: Word,
    pub photographer_name: Word,
    pub alt_text: JsonTexts,
}
