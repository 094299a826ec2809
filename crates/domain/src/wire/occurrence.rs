//! The JSON form of an occurrence.

use serde::Serialize;

use super::{WireEvent, WireImage, WireOrganizer, WirePlace, WireSeries};
use crate::{Lang, Text};

/// An occurrence as JSON: what a list shows, without a further request. Written only.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Occurrence))]
pub struct WireOccurrence {
    /// The event that it is an occurrence of.
    pub event: OccurrenceEvent,
    /// The original start, which identifies it among the occurrences of the event; `null` if the event does not recur.
    pub recurrence_id: Option<String>,
    /// A date, or RFC 3339 with offset.
    pub start: String,
    /// A date (the last day), or RFC 3339 with offset.
    pub end: Option<String>,
    /// IANA zone of the local times.
    pub time_zone: String,
    /// Whether a `start` that is a date means the whole day. `false`: the time of day is not known yet.
    pub all_day: bool,
    /// `scheduled`, `tentative`, `cancelled`, `postponed`, `rescheduled`, `moved_online`.
    #[cfg_attr(feature = "schema", schema(value_type = crate::EventStatus))]
    pub status: String,
    /// The start before it was moved.
    pub previous_start: Option<String>,
    /// Why it was moved or cancelled.
    pub status_note: Text,
    /// `available`, `few_left` or `sold_out`.
    #[cfg_attr(feature = "schema", schema(value_type = crate::Availability))]
    pub availability: String,
    /// The title.
    pub title: Text,
    /// One or two sentences.
    pub summary: Text,
    /// The place.
    pub place: Option<WirePlace>,
    /// Additional places.
    pub other_places: Vec<WirePlace>,
    /// Address to attend online.
    pub online_url: Option<String>,
    /// The organizer.
    pub organizer: Option<WireOrganizer>,
    /// Its categories.
    pub categories: Vec<String>,
    /// Its audiences.
    pub audiences: Vec<String>,
    /// Whether it is free of charge; `null` if unknown.
    pub free: Option<bool>,
    /// The first image.
    pub image: Option<WireImage>,
    /// The edition of a series that it is.
    pub series: Option<WireSeries>,
    /// The id of the event that the event is a part of.
    pub super_event: Option<String>,
    /// The credit to show with it.
    pub credit: Option<String>,
    /// The licence.
    pub licence: Option<String>,
}

/// The event of an occurrence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OccurrenceEvent {
    /// Key of the record.
    pub id: String,
    /// RFC 5545 `UID`.
    pub uid: String,
    /// Slug of its page.
    pub slug: String,
    /// Full address of its page.
    pub url: String,
}

impl WireOccurrence {
    /// The names of all members, in their order.
    pub const MEMBERS: &'static [&'static str] = &[
        "event",
        "recurrence_id",
        "start",
        "end",
        "time_zone",
        "all_day",
        "status",
        "previous_start",
        "status_note",
        "availability",
        "title",
        "summary",
        "place",
        "other_places",
        "online_url",
        "organizer",
        "categories",
        "audiences",
        "free",
        "image",
        "series",
        "super_event",
        "credit",
        "licence",
    ];

    /// Returns the members that all occurrences of an event share. Times and what may differ have to be set.
    #[must_use]
    pub fn from_event(event: WireEvent) -> Self {
        Self {
            event: OccurrenceEvent {
                id: event.id.unwrap_or_default(),
                uid: event.uid.unwrap_or_default(),
                slug: event.slug.unwrap_or_default(),
                url: event.url.unwrap_or_default(),
            },
            status_note: event.status_note,
            availability: event.availability.unwrap_or_default(),
            title: event.title,
            summary: event.summary,
            place: event.place,
            other_places: event.other_places,
            online_url: event.online_url,
            organizer: event.organizer,
            categories: event.categories,
            audiences: event.audiences,
            free: event.free,
            image: event.images.into_iter().next(),
            series: event.series,
            super_event: event.super_event,
            credit: event.credit,
            licence: event.licence,
            ..Self::default()
        }
    }

    /// Keeps each text in one language only: `lang` or its first fallback.
    pub fn localize(&mut self, lang: Lang) {
        let image = self.image.as_mut().map(|image| &mut image.alt);
        let texts = [&mut self.status_note, &mut self.title, &mut self.summary];
        for text in texts.into_iter().chain(image) {
            *text = text.localized_only(lang);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn members(value: &serde_json::Value) -> BTreeSet<&str> {
        let object = value.as_object().unwrap();
        object.keys().map(String::as_str).collect()
    }

    #[test]
    fn every_member_is_listed() {
        let occurrence = serde_json::to_value(WireOccurrence::default()).unwrap();
        let listed: BTreeSet<&str> = WireOccurrence::MEMBERS.iter().copied().collect();
        assert_eq!(members(&occurrence), listed);
        let event = WireEvent {
            other_places: vec![WirePlace::default()],
            ..WireEvent::default()
        };
        let event = serde_json::to_value(event).unwrap();
        let listed: BTreeSet<&str> = WireEvent::MEMBERS.iter().copied().collect();
        assert_eq!(members(&event), listed);
    }

    #[test]
    fn a_localized_event_has_each_text_in_one_language() {
        let both = Text::nb_en("Konsert", "Concert");
        let mut event = WireEvent {
            title: both.clone(),
            description: Text::nb("Kun på norsk"),
            status_note: both.clone(),
            getting_there: both.clone(),
            offers: vec![super::super::WireOffer {
                name: both.clone(),
                ..super::super::WireOffer::default()
            }],
            images: vec![WireImage {
                alt: both,
                ..WireImage::default()
            }],
            ..WireEvent::default()
        };
        event.localize(Lang::En);
        let english = Text::in_lang(Lang::En, "Concert");
        assert_eq!(event.title, english);
        assert_eq!(event.description, Text::nb("Kun på norsk"));
        assert_eq!(
            (&event.status_note, &event.getting_there),
            (&english, &english)
        );
        assert_eq!(
            (&event.offers[0].name, &event.images[0].alt),
            (&english, &english)
        );
    }
}
