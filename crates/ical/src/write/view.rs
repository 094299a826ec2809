//! What an event's VEVENT is made of: the record, and the names that stand in other records.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use url::Url;

use calendar_domain::{Coordinates, Event, Image, Start, Uid, Venue};

/// An event with everything that has to be looked up in other records, found by the caller.
#[derive(Debug, Clone)]
pub struct EventView<'a> {
    /// The record.
    pub event: &'a Event,
    /// Its page in this service, in the reader's language, with scheme and host.
    pub page: &'a Url,
    /// In which zone days are said in sentences, such as when it changed last.
    pub zone: Tz,
    /// Where it is, the main place first.
    pub venues: Vec<VenueView<'a>>,
    /// Where single occurrences are that have other places.
    pub other_venues: BTreeMap<Start, Vec<VenueView<'a>>>,
    /// Who holds it.
    pub organizer: Option<OrganizerView<'a>>,
    /// What its categories are called in the reader's language.
    pub categories: Vec<&'a str>,
    /// What its audiences are called in the reader's language.
    pub audiences: Vec<&'a str>,
    /// The pictures that may be shown.
    pub images: Vec<&'a Image>,
    /// The event that it is a part of.
    pub super_event: Option<&'a Uid>,
    /// The credit that its source asks for.
    pub credit: Option<&'a str>,
}

/// A place, ready to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VenueView<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its address on one line; empty where it is not known.
    pub address: String,
    /// Its position.
    pub coordinates: Option<Coordinates>,
}

/// A place as the event itself describes it; one that the event only names has nothing but its slug
/// until somebody looks it up.
impl<'a> From<&'a Venue> for VenueView<'a> {
    fn from(venue: &'a Venue) -> Self {
        match venue {
            Venue::Described {
                name,
                address,
                coordinates,
                ..
            } => Self {
                name,
                address: address.as_ref().map(|it| it.line()).unwrap_or_default(),
                coordinates: *coordinates,
            },
            Venue::Place(slug) => Self {
                name: slug.as_str(),
                ..Self::default()
            },
        }
    }
}

/// An organizer, ready to be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrganizerView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its web page.
    pub url: Option<&'a Url>,
    /// Its mail address, only where it chose to make one public.
    pub email: Option<&'a str>,
}

impl<'a> EventView<'a> {
    /// A view of the record alone: no places, no organizer, no names.
    #[must_use]
    pub fn new(event: &'a Event, page: &'a Url, zone: Tz) -> Self {
        Self {
            event,
            page,
            zone,
            venues: Vec::new(),
            other_venues: BTreeMap::new(),
            organizer: None,
            categories: Vec::new(),
            audiences: Vec::new(),
            images: Vec::new(),
            super_event: None,
            credit: None,
        }
    }
}

impl VenueView<'_> {
    /// The place on one line: its name, and the address where that says more.
    #[must_use]
    pub fn line(&self) -> String {
        match (self.name.trim(), self.address.trim()) {
            (name, "") => name.to_owned(),
            ("", address) => address.to_owned(),
            (name, address) if address.starts_with(name) => address.to_owned(),
            (name, address) => format!("{name}, {address}"),
        }
    }
}
