//! The fields of the JSON form.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::event_facts::{
    Availability, EventSetting, SustainabilityCertificate, SustainabilityFact,
};
use crate::plain_field::PlainField;
use crate::plain_fields::plain_fields;
use crate::{Event, Image, Lang, LanguageTag, Text};

// A macro, because the table of plain fields adds some.
macro_rules! define_event {
    (
        texts { $($(#[doc = $text_doc:literal])* $text_field:ident $text:ident: $text_type:ty,)* }
        facts { $($(#[doc = $fact_doc:literal])* $fact_field:ident $fact:ident: $fact_type:ty,)* }
        details { $($(#[doc = $doc:literal])* $field:ident $name:ident: $type:ty,)* }
    ) => {
        /// An event as JSON.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(
            default,
            deny_unknown_fields,
            expecting = "an event: an object with its fields"
        )]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "schema", schema(as = Event))]
        pub struct WireEvent {
            /// Key of the record. On input, the identifier at the source if `uid` is absent.
            pub id: Option<String>,
            /// RFC 5545 `UID`.
            pub uid: Option<String>,
            /// Slug of its page.
            pub slug: Option<String>,
            /// Full address of its page.
            #[cfg_attr(feature = "schema", schema(format = "uri"))]
            pub url: Option<String>,
            /// RFC 5545 `SEQUENCE`.
            pub sequence: Option<u32>,
            /// Time of creation of the record, RFC 3339.
            #[cfg_attr(feature = "schema", schema(format = DateTime))]
            pub created: Option<String>,
            /// Time of the last change, RFC 3339.
            #[cfg_attr(feature = "schema", schema(format = DateTime))]
            pub modified: Option<String>,
            /// The title.
            pub title: Text,
            $(
                $(#[doc = $text_doc])*
                #[cfg_attr(feature = "schema", schema(schema_with = <$text_type as PlainField>::wire_schema))]
                pub $text: <$text_type as PlainField>::Wire,
            )*
            /// A date, or RFC 3339 with offset.
            #[cfg_attr(feature = "schema", schema(example = "2027-06-01T18:00:00+02:00"))]
            pub start: Option<String>,
            /// A date (the last day), or RFC 3339 with offset.
            #[cfg_attr(feature = "schema", schema(example = "2027-06-01T20:00:00+02:00"))]
            pub end: Option<String>,
            /// IANA zone of the local times.
            #[cfg_attr(feature = "schema", schema(example = "Europe/Oslo"))]
            pub time_zone: Option<String>,
            /// Whether a `start` that is a date means the whole day. `false`: the time of day is not known
            /// yet.
            pub all_day: Option<bool>,
            /// The recurrence.
            pub recurrence: Option<WireRecurrence>,
            /// `scheduled`, `tentative`, `cancelled`, `postponed`, `rescheduled`, `moved_online`.
            #[cfg_attr(feature = "schema", schema(value_type = Option<crate::EventStatus>))]
            pub status: Option<String>,
            /// The start before it was moved.
            pub previous_start: Option<String>,
            /// Why it was moved or cancelled.
            pub status_note: Text,
            /// The place.
            pub place: Option<WirePlace>,
            /// Additional places.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub other_places: Vec<WirePlace>,
            /// Address to attend online.
            #[cfg_attr(feature = "schema", schema(format = "uri"))]
            pub online_url: Option<String>,
            /// The organizer.
            pub organizer: Option<WireOrganizer>,
            /// Its categories.
            pub categories: Vec<String>,
            /// Its audiences.
            pub audiences: Vec<String>,
            /// Accessibility features: `step_free`.
            #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
            pub accessibility: BTreeSet<String>,
            $(
                $(#[doc = $fact_doc])*
                #[cfg_attr(feature = "schema", schema(schema_with = <$fact_type as PlainField>::wire_schema))]
                pub $fact: <$fact_type as PlainField>::Wire,
            )*
            /// Tickets.
            pub offers: Vec<WireOffer>,
            /// Whether it is free of charge; absent if unknown.
            pub free: Option<bool>,
            $(
                $(#[doc = $doc])*
                #[cfg_attr(feature = "schema", schema(schema_with = <$type as PlainField>::wire_schema))]
                pub $name: <$type as PlainField>::Wire,
            )*
            /// The edition of a series that it is.
            pub series: Option<WireSeries>,
            /// The id of the event that it is a part of.
            pub super_event: Option<String>,
            /// The ids of its parts.
            pub sub_events: Vec<String>,
            /// Its origins.
            pub sources: Vec<WireSource>,
            /// The credit to show with it.
            pub credit: Option<String>,
            /// The licence.
            pub licence: Option<String>,
        }

        impl WireEvent {
            /// Returns the plain fields of an event; the others are empty.
            #[must_use]
            pub fn from_plain_fields(event: &Event) -> Self {
                Self {
                    $($text: event.$text.to_wire(),)*
                    $($fact: event.$fact.to_wire(),)*
                    $($name: event.$name.to_wire(),)*
                    ..Self::default()
                }
            }

            /// Descriptions of the plain fields, by name; the derived schema has none for them.
            #[cfg(feature = "schema")]
            pub const PLAIN_FIELDS: &'static [(&'static str, &'static str)] = &[
                $((stringify!($text), concat!($($text_doc),*)),)*
                $((stringify!($fact), concat!($($fact_doc),*)),)*
                $((stringify!($name), concat!($($doc),*)),)*
            ];

            /// Returns the names and values of the plain fields that are texts.
            #[must_use]
            pub fn plain_texts(&self) -> Vec<(&'static str, &Text)> {
                let texts = [
                    $((stringify!($text), <$text_type as PlainField>::as_text(&self.$text)),)*
                    $((stringify!($fact), <$fact_type as PlainField>::as_text(&self.$fact)),)*
                    $((stringify!($name), <$type as PlainField>::as_text(&self.$name)),)*
                ];
                let texts = texts.into_iter();
                texts.filter_map(|(name, text)| Some((name, text?))).collect()
            }

            /// The names of all members, in their order.
            pub const MEMBERS: &'static [&'static str] = &[
                "id", "uid", "slug", "url", "sequence", "created", "modified", "title",
                $(stringify!($text),)*
                "start", "end", "time_zone", "all_day", "recurrence", "status", "previous_start",
                "status_note", "place", "other_places", "online_url", "organizer", "categories",
                "audiences", "accessibility",
                $(stringify!($fact),)*
                "offers", "free",
                $(stringify!($name),)*
                "series", "super_event", "sub_events", "sources", "credit", "licence",
            ];

            /// Keeps each text in one language only: `lang` or its first fallback.
            pub fn localize(&mut self, lang: Lang) {
                let recurrence = self.recurrence.iter_mut();
                let overrides = recurrence.flat_map(|recurrence| &mut recurrence.overrides);
                let others = overrides.flat_map(|item| [&mut item.title, &mut item.description]);
                let offers = self.offers.iter_mut().map(|offer| &mut offer.name);
                let mut texts: Vec<&mut Text> = others.chain(offers).collect();
                texts.extend([&mut self.title, &mut self.status_note]);
                $(texts.extend(<$text_type as PlainField>::texts_mut(&mut self.$text));)*
                $(texts.extend(<$fact_type as PlainField>::texts_mut(&mut self.$fact));)*
                $(texts.extend(<$type as PlainField>::texts_mut(&mut self.$name));)*
                for text in texts {
                    *text = text.localized_only(lang);
                }
            }
        }
    };
}
plain_fields!(define_event);

/// The recurrence of an event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with rrule, rdates, exdates and overrides"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Recurrence))]
pub struct WireRecurrence {
    /// RFC 5545 `RRULE` value.
    #[cfg_attr(feature = "schema", schema(example = "FREQ=WEEKLY;COUNT=5"))]
    pub rrule: Option<String>,
    /// Additional starts, local to `time_zone`, or dates.
    pub rdates: Vec<String>,
    /// Excluded starts.
    pub exdates: Vec<String>,
    /// Changed occurrences.
    pub overrides: Vec<WireOverride>,
}

/// A changed occurrence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with recurrence_id and the fields that differ"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Override))]
pub struct WireOverride {
    /// The original start.
    pub recurrence_id: String,
    /// The changed start.
    pub start: Option<String>,
    /// The changed end.
    pub end: Option<String>,
    /// IANA zone of the changed times, if it is not the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Whether a changed `start` that is a date means the whole day, as for the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_day: Option<bool>,
    /// The changed status.
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::EventStatus>))]
    pub status: Option<String>,
    /// The changed availability.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<crate::Availability>))]
    pub availability: Option<String>,
    /// The changed title.
    pub title: Text,
    /// The changed description.
    pub description: Text,
    /// The changed place.
    pub place: Option<WirePlace>,
}

/// A place: one of the catalog by `slug`, or a description.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with slug, or with name and address"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = EventPlace))]
pub struct WirePlace {
    /// A place of the catalog.
    pub slug: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// Street and number, post town.
    pub address: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Municipality number.
    #[cfg_attr(feature = "schema", schema(example = "3420"))]
    pub municipality: Option<String>,
    /// Degrees north, WGS 84.
    #[cfg_attr(feature = "schema", schema(minimum = -90, maximum = 90))]
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84.
    #[cfg_attr(feature = "schema", schema(minimum = -180, maximum = 180))]
    pub longitude: Option<f64>,
}

/// An organizer: one of the catalog by `slug`, or a description.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with slug, or with name and url"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = EventOrganizer))]
pub struct WireOrganizer {
    /// An organizer of the catalog.
    pub slug: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The web page.
    pub url: Option<String>,
}

/// A ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with name, price, currency and url"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Offer))]
pub struct WireOffer {
    /// The name of the ticket or the group it is for.
    pub name: Text,
    /// Decimal number with a point.
    #[cfg_attr(feature = "schema", schema(example = "250.00"))]
    pub price: Option<String>,
    /// ISO 4217 code; `NOK` if absent.
    #[cfg_attr(feature = "schema", schema(example = "NOK"))]
    pub currency: Option<String>,
    /// Address where the ticket is sold.
    pub url: Option<String>,
}

/// An edition of a series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with slug and edition"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = EventSeries))]
pub struct WireSeries {
    /// The series.
    pub slug: String,
    /// The label of the edition.
    pub edition: String,
}

/// An origin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with partner, origin_id and url"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Source))]
pub struct WireSource {
    /// The partner.
    pub partner: String,
    /// Identifier at the partner.
    pub origin_id: String,
    /// Address of the event there.
    pub url: Option<String>,
}
