//! The shape, field by field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Text;

/// An event as JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an event: an object with its fields"
)]
pub struct WireEvent {
    /// Key of the record; ours, never taken from outside.
    pub id: Option<String>,
    /// RFC 5545 `UID`.
    pub uid: Option<String>,
    /// Address of its page.
    pub slug: Option<String>,
    /// Full address of its page.
    pub url: Option<String>,
    /// RFC 5545 `SEQUENCE`.
    pub sequence: Option<u32>,
    /// When the record was made, RFC 3339.
    pub created: Option<String>,
    /// When it changed last, RFC 3339.
    pub modified: Option<String>,
    /// What it is called.
    pub title: Text,
    /// One or two sentences.
    pub summary: Text,
    /// The long text.
    pub description: Text,
    /// A date, or RFC 3339 with offset.
    pub start: Option<String>,
    /// A date (the last day), or RFC 3339 with offset.
    pub end: Option<String>,
    /// IANA zone of the wall times.
    pub time_zone: Option<String>,
    /// Whether a `start` that is a date means the whole day; `false`: the time is to come.
    pub all_day: Option<bool>,
    /// How it recurs.
    pub recurrence: Option<WireRecurrence>,
    /// `scheduled`, `tentative`, `cancelled`, `postponed`, `rescheduled`, `moved_online`.
    pub status: Option<String>,
    /// The start it had before it was moved.
    pub previous_start: Option<String>,
    /// Why it was moved or cancelled.
    pub status_note: Text,
    /// Where it is.
    pub place: Option<WirePlace>,
    /// Further places, where it has several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_places: Vec<WirePlace>,
    /// Where it is followed online.
    pub online_url: Option<String>,
    /// Who holds it.
    pub organizer: Option<WireOrganizer>,
    /// What it is about.
    pub categories: Vec<String>,
    /// Whom it speaks to.
    pub audiences: Vec<String>,
    /// What makes it accessible: `step_free`.
    pub accessibility: BTreeSet<String>,
    /// Tickets.
    pub offers: Vec<WireOffer>,
    /// Whether it costs nothing; absent where nobody has said.
    pub free: Option<bool>,
    /// Pictures.
    pub images: Vec<WireImage>,
    /// The event's own web page.
    pub website: Option<String>,
    /// The edition that it is.
    pub series: Option<WireSeries>,
    /// The id of the event that it is a part of.
    pub super_event: Option<String>,
    /// The ids of its parts.
    pub sub_events: Vec<String>,
    /// Where it came from.
    pub sources: Vec<WireSource>,
    /// The credit that has to stand with it.
    pub credit: Option<String>,
    /// What may be done with it.
    pub licence: Option<String>,
}

/// How an event recurs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with rrule, rdates, exdates and overrides"
)]
pub struct WireRecurrence {
    /// RFC 5545 `RRULE` value.
    pub rrule: Option<String>,
    /// Further starts, local to `time_zone`, or dates.
    pub rdates: Vec<String>,
    /// Starts left out.
    pub exdates: Vec<String>,
    /// Occurrences that differ.
    pub overrides: Vec<WireOverride>,
}

/// An occurrence that differs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with recurrence_id and what differs"
)]
pub struct WireOverride {
    /// The start that it would have had.
    pub recurrence_id: String,
    /// Another start.
    pub start: Option<String>,
    /// Another end.
    pub end: Option<String>,
    /// Another status.
    pub status: Option<String>,
    /// Another title.
    pub title: Text,
    /// Another description.
    pub description: Text,
    /// Another place.
    pub place: Option<WirePlace>,
}

/// A place: one of ours by `slug`, or described.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with slug, or with name and address"
)]
pub struct WirePlace {
    /// A place of the catalog.
    pub slug: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Street and number, post town.
    pub address: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Municipality number.
    pub municipality: Option<String>,
    /// Degrees north, WGS 84.
    pub latitude: Option<f64>,
    /// Degrees east, WGS 84.
    pub longitude: Option<f64>,
}

/// A holder: one of ours by `slug`, or described.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with slug, or with name and url"
)]
pub struct WireOrganizer {
    /// An organizer of the catalog.
    pub slug: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its web page.
    pub url: Option<String>,
}

/// A ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with name, price, currency and url"
)]
pub struct WireOffer {
    /// For whom or what.
    pub name: Text,
    /// Decimal number with a point.
    pub price: Option<String>,
    /// ISO 4217; `NOK` where it is absent.
    pub currency: Option<String>,
    /// Where it is bought.
    pub url: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with url, alt, credit and licence"
)]
pub struct WireImage {
    /// Where it lies.
    pub url: String,
    /// What it shows.
    pub alt: Text,
    /// Who made it.
    pub credit: Option<String>,
    /// What may be done with it.
    pub licence: Option<String>,
}

/// An edition of a series.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with slug and edition"
)]
pub struct WireSeries {
    /// The series.
    pub slug: String,
    /// The edition's label.
    pub edition: String,
}

/// An origin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "an object with partner, origin_id and url"
)]
pub struct WireSource {
    /// Whose it is.
    pub partner: String,
    /// What it is called there.
    pub origin_id: String,
    /// Where it can be read.
    pub url: Option<String>,
}
