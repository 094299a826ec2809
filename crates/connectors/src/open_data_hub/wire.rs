//! The JSON of the Open Data Hub, as far as it is read.

use serde::Deserialize;

use crate::parse::json::{JsonTexts, Keyed, Many, Word};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct OpenDataHubEvent {
    pub active: Option<bool>,
    pub shortname: Word,
    pub detail: Keyed<Detail>,
    pub date_begin: Word,
    pub date_end: Word,
    pub event_date: Many<OpenDataHubDay>,
    pub event_price: Keyed<OpenDataHubPrice>,
    pub event_urls: Many<OpenDataHubLink>,
    pub event_additional_infos: Keyed<Whereabouts>,
    pub contact_infos: Keyed<OpenDataHubContact>,
    pub organizer_infos: Keyed<OpenDataHubContact>,
    pub location_info: Many<LocationInfo>,
    pub latitude: Word,
    pub longitude: Word,
    pub topics: Many<Topic>,
    pub image_gallery: Many<OpenDataHubImage>,
    pub license_info: Many<LicenceInfo>,
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
pub(super) struct OpenDataHubDay {
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
pub(super) struct OpenDataHubPrice {
    pub price: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct OpenDataHubLink {
    pub url: JsonTexts,
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
pub(super) struct OpenDataHubContact {
    pub company_name: Word,
    pub address: Word,
    pub zip_code: Word,
    pub city: Word,
    pub url: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct LocationInfo {
    pub district_info: Many<OpenDataHubName>,
    pub municipality_info: Many<OpenDataHubName>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct OpenDataHubName {
    pub name: JsonTexts,
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
pub(super) struct OpenDataHubImage {
    pub image_url: Word,
    pub copy_right: Word,
    pub license: Word,
    pub license_holder: Word,
    pub image_desc: JsonTexts,
    pub image_alt_text: JsonTexts,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct LicenceInfo {
    pub closed_data: Word,
}
