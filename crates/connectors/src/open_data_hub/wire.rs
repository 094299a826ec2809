//! The JSON of the Open Data Hub, as far as it is read.

use serde::Deserialize;

use crate::telling::json::{Keyed, Many, Texts, Word};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Wire {
    pub active: Option<bool>,
    pub shortname: Word,
    pub detail: Keyed<Detail>,
    pub date_begin: Word,
    pub date_end: Word,
    pub event_date: Many<Day>,
    pub event_price: Keyed<Price>,
    pub event_urls: Many<Link>,
    pub event_additional_infos: Keyed<Whereabouts>,
    pub contact_infos: Keyed<Contact>,
    pub organizer_infos: Keyed<Contact>,
    pub location_info: Many<LocationInfo>,
    pub latitude: Word,
    pub longitude: Word,
    pub topics: Many<Topic>,
    pub image_gallery: Many<Picture>,
    pub license_info: Many<Licence>,
    pub last_change: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Detail {
    pub title: Word,
    pub intro_text: Word,
    pub base_text: Word,
    pub additional_text: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Day {
    pub from: Word,
    pub to: Word,
    pub begin: Word,
    pub end: Word,
    pub single_days: Word,
    pub active: Option<bool>,
    pub is_cancelled: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Price {
    pub price: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Link {
    pub url: Texts,
    pub active: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Whereabouts {
    pub location: Word,
    pub mplace: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Contact {
    pub company_name: Word,
    pub address: Word,
    pub zip_code: Word,
    pub city: Word,
    pub url: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct LocationInfo {
    pub district_info: Many<Named>,
    pub municipality_info: Many<Named>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Named {
    pub name: Texts,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Topic {
    #[serde(rename = "TopicInfo")]
    pub info: Word,
    #[serde(rename = "TopicRID")]
    pub id: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Picture {
    pub image_url: Word,
    pub copy_right: Word,
    pub license: Word,
    pub license_holder: Word,
    pub image_desc: Texts,
    pub image_alt_text: Texts,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Licence {
    pub closed_data: Word,
}
