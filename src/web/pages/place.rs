//! The page of a place.

use askama::Template;

use super::event_list::{Month, by_month};
use super::facts::geo;
use super::links::{OutLink, out_link};
use super::structured;
use super::{LocalizedText, PageContext, Section, Shell};
use calendar_domain::{Coordinates, Place, Query};

/// The page of a place.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/place.html")]
pub struct PlacePage {
    /// The layout.
    pub shell: Shell,
    /// The name.
    pub name: String,
    /// The municipality; may be empty.
    pub municipality: String,
    /// The address in one line; may be empty.
    pub address: String,
    /// `geo:` URI of its position, if known.
    pub geo: Option<String>,
    /// The position in words; may be empty.
    pub position: String,
    /// The description; may be empty.
    pub description: LocalizedText,
    /// The place's website.
    pub website: Option<OutLink>,
    /// Upcoming events.
    pub months: Vec<Month>,
    /// «3 arrangementer».
    pub count: String,
    /// Address of the feed.
    pub feed: String,
    /// Address of the subscription page.
    pub subscribe: String,
}

impl PlacePage {
    /// Returns the page of a place.
    #[must_use]
    pub fn new(visit: &PageContext, place: &Place) -> Self {
        let slug = place.slug.as_str();
        let mut shell = visit.shell(
            Section::Places,
            place.name.clone(),
            visit.paths.places(Some(slug)),
        );
        shell.embeddable = true;
        shell.feed = visit.paths.feed("place", slug);
        let municipality = visit.municipality(place.municipality.as_ref());
        shell.preview = visit.card("places", slug, &place.name, &municipality);
        let list = ("nav-places", visit.paths.places(None));
        shell.structured = structured::in_list(visit, list, &place.name, shell.path.clone());
        let query = Query {
            places: [place.slug.clone()].into(),
            ..Query::default()
        };
        let coming = visit.snapshot.happenings(&query, visit.ahead());
        let rows = visit.rows(&coming);
        Self {
            feed: shell.feed.clone(),
            name: place.name.clone(),
            municipality,
            address: place
                .address
                .as_ref()
                .map_or_else(String::new, |address| address.line()),
            geo: place.coordinates.map(geo),
            position: place
                .coordinates
                .map_or_else(String::new, |position| position_in_words(visit, position)),
            description: visit.said(&place.description),
            website: place.website.as_ref().map(out_link),
            months: by_month(rows, visit.today(), visit.words),
            count: visit.count(coming.len()),
            subscribe: visit.paths.subscribe_to(&[("place", slug)]),
            shell,
        }
    }
}

/// Formats a position: «60,88097° N, 11,53675° Ø».
fn position_in_words(visit: &PageContext, position: Coordinates) -> String {
    visit.words.say_with(
        "place-degrees",
        &[("north", position.latitude), ("east", position.longitude)],
    )
}
