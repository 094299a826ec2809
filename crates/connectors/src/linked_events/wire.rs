//! The JSON of Linked Events, as far as it is read.

use serde::Deserialize;
use serde_json::Value;

use crate::telling::json::{Many, Texts, Word};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wire {
    pub name: Texts,
    pub short_description: Texts,
    pub description: Texts,
    pub location: Many<Place>,
    pub location_extra_info: Texts,
    pub keywords: Many<Keyword>,
    pub audience: Many<Keyword>,
    pub event_status: Word,
    pub publication_status: Word,
    pub deleted: Word,
    pub replaced_by: Value,
    pub offers: Many<Ticket>,
    pub images: Many<Picture>,
    pub provider: Texts,
    pub info_url: Texts,
    pub external_links: Many<ExternalLink>,
    pub super_event: Many<Link>,
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
pub(super) struct Link {
    #[serde(rename = "@id")]
    pub address: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Place {
    #[serde(rename = "@id")]
    pub address: Word,
    pub id: Word,
    pub name: Texts,
    pub street_address: Texts,
    pub postal_code: Word,
    pub address_locality: Texts,
    pub position: Many<Position>,
}

/// A GeoJSON position: longitude before latitude.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Position {
    pub coordinates: Many<Word>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Keyword {
    #[serde(rename = "@id")]
    pub address: Word,
    pub name: Texts,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Ticket {
    pub is_free: Word,
    pub price: Texts,
    pub description: Texts,
    pub info_url: Texts,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Picture {
    pub url: Word,
    pub license: Word,
    pub photographer_name: Word,
    pub alt_text: Texts,
}
