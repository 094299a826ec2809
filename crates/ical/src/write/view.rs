//! Input of the writer: an event, and the names from other records.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use url::Url;

use calendar_domain::{Coordinates, Event, Image, ImageFile, Start, Uid, Venue};

/// An event with the data looked up in other records by the caller.
#[derive(Debug, Clone)]
pub struct EventView<'a> {
    /// Record.
    pub event: &'a Event,
    /// Absolute URL of its page in this service, in the client's language.
    pub page: &'a Url,
    /// Zone of the dates in sentences, such as that of the last change.
    pub zone: Tz,
    /// Places, the main one first.
    pub venues: Vec<VenueView<'a>>,
    /// Places of single occurrences that differ.
    pub other_venues: BTreeMap<Start, Vec<VenueView<'a>>>,
    /// Organizer.
    pub organizer: Option<OrganizerView<'a>>,
    /// Names of the categories in the client's language.
    pub categories: Vec<&'a str>,
    /// Names of the audiences in the client's language.
    pub audiences: Vec<&'a str>,
    /// Images that may be shown.
    pub images: Vec<ImageView<'a>>,
    /// Event that it is part of.
    pub super_event: Option<&'a Uid>,
    /// Credit required by its source.
    pub credit: Option<&'a str>,
    /// Licence stated by its source, by name or address.
    pub licence: Option<&'a str>,
}

/// An image to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageView<'a> {
    /// Full address.
    pub address: String,
    /// The file, if it is kept in this service; its media type is `image/jpeg`.
    pub file: Option<&'a ImageFile>,
    /// Alternative text, credit and licence.
    pub image: &'a Image,
}

impl<'a> ImageView<'a> {
    /// Returns the view of an image. `base` is the URL of this service without a trailing slash.
    #[must_use]
    pub fn new(image: &'a Image, base: &str) -> Self {
        Self {
            address: image.address(base),
            file: image.kept().map(|kept| &kept.largest),
            image,
        }
    }
}

/// A place to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VenueView<'a> {
    /// Name.
    pub name: &'a str,
    /// Address on one line; empty if unknown.
    pub address: String,
    /// Position.
    pub coordinates: Option<Coordinates>,
}

/// Converts a place as described by the event itself. A reference to a place record is named by its
/// slug until the caller resolves it.
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
                address: address
                    .as_ref()
                    .map(|address| address.line())
                    .unwrap_or_default(),
                coordinates: *coordinates,
            },
            Venue::Place(slug) => Self {
                name: slug.as_str(),
                ..Self::default()
            },
        }
    }
}

/// An organizer to be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrganizerView<'a> {
    /// Name.
    pub name: &'a str,
    /// Web page.
    pub url: Option<&'a Url>,
    /// Mail address, only if the organizer made it public.
    pub email: Option<&'a str>,
}

impl<'a> EventView<'a> {
    /// Returns a view of the record alone, without places, organizer or names.
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
            licence: None,
        }
    }
}

impl VenueView<'_> {
    /// Returns the place on one line: its name, followed by the address unless that repeats it.
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
