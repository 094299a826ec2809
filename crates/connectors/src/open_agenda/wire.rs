//! The JSON of OpenAgenda, as far as it is read.

use serde::Deserialize;

use crate::parse::json::{JsonTexts, Keyed, Many, Word};

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct OpenAgendaEvent {
    pub slug: Word,
    pub title: JsonTexts,
    pub description: JsonTexts,
    pub long_description: JsonTexts,
    pub conditions: JsonTexts,
    pub status: Word,
    pub state: Word,
    pub timings: Option<Many<Timing>>,
    pub first_timing: Many<Timing>,
    pub next_timing: Many<Timing>,
    pub last_timing: Many<Timing>,
    pub timezone: Word,
    pub location: Many<Location>,
    pub online_access_link: Word,
    pub origin_agenda: Many<Agenda>,
    pub source_agendas: Many<Agenda>,
    pub keywords: Keyed<Many<Word>>,
    pub image: Many<OpenAgendaImage>,
    pub image_credits: Word,
    pub accessibility: Keyed<Word>,
    pub updated_at: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Timing {
    pub begin: Word,
    pub end: Word,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Location {
    pub name: Word,
    pub address: Word,
    pub postal_code: Word,
    pub city: Word,
    pub latitude: Word,
    pub longitude: Word,
    pub timezone: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Agenda {
    pub title: Word,
    pub url: Word,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OpenAgendaImage {
    pub src: Word,
    pub credits: Word,
}
