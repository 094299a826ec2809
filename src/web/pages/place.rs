//! The page of a place.

use askama::Template;

use super::event_list::{Month, by_month};
use super::facts::geo;
use super::links::{OutLink, out_link};
use super::structured;
use super::{Layout, LocalizedText, PageContext, Section};
use calendar_domain::{Coordinates, Place, Query};

/// The page of a place.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/place.html")]
pub struct PlacePage {
    /// The layout.
    pub layout: Layout,
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
    pub fn new(context: &PageContext, place: &Place) -> Self {
        let slug = place.slug.as_str();
        let mut layout = context.layout(
            Section::Places,
            place.name.clone(),
            context.paths.places(Some(slug)),
        );
        layout.embeddable = true;
        layout.feed = context.paths.feed("place", slug);
        let municipality = context.municipality(place.municipality.as_ref());
        layout.preview = context.card("places", slug, &place.name, &municipality);
        let list = ("nav-places", context.paths.places(None));
        layout.structured = structured::in_list(context, list, &place.name, layout.path.clone());
        let query = Query {
            places: [place.slug.clone()].into(),
            ..Query::default()
        };
        let coming = context.snapshot.happenings(&query, context.ahead());
        let rows = context.rows(&coming);
        Self {
            feed: layout.feed.clone(),
            name: place.name.clone(),
            municipality,
            address: place
                .address
                .as_ref()
                .map_or_else(String::new, |address| address.line()),
            geo: place.coordinates.map(geo),
            position: place
                .coordinates
                .map_or_else(String::new, |position| position_in_words(context, position)),
            description: context.said(&place.description),
            website: place.website.as_ref().map(out_link),
            months: by_month(rows, context.today(), context.words),
            count: context.count(coming.len()),
            subscribe: context.paths.subscribe_to(&[("place", slug)]),
            layout,
        }
    }
}

/// Formats a position: «60,88097° N, 11,53675° Ø».
fn position_in_words(context: &PageContext, position: Coordinates) -> String {
    context.words.say_with(
        "place-degrees",
        &[("north", position.latitude), ("east", position.longitude)],
    )
}
