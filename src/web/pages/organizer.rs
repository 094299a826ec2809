//! The page of an organizer.

use askama::Template;

use super::event_list::{Month, by_month};
use super::links::{OutLink, TextLink, out_link};
use super::structured;
use super::{Layout, LocalizedText, PageContext, Section};
use calendar_domain::{Organizer, Query};

/// The page of an organizer.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/organizer.html")]
pub struct OrganizerPage {
    /// The layout.
    pub layout: Layout,
    /// The name.
    pub name: String,
    /// The description; may be empty.
    pub description: LocalizedText,
    /// The organizer's website.
    pub website: Option<OutLink>,
    /// A public email address.
    pub email: Option<String>,
    /// A public telephone number.
    pub telephone: Option<String>,
    /// The organisation number in Enhetsregisteret, grouped; may be empty.
    pub number: String,
    /// The organizer's series.
    pub series: Vec<TextLink>,
    /// Upcoming events.
    pub months: Vec<Month>,
    /// «3 arrangementer».
    pub count: String,
    /// Address of the feed.
    pub feed: String,
    /// Address of the subscription page.
    pub subscribe: String,
}

impl OrganizerPage {
    /// Returns the page of an organizer.
    #[must_use]
    pub fn new(context: &PageContext, organizer: &Organizer) -> Self {
        let slug = organizer.slug.as_str();
        let path = context.paths.organizers(Some(slug));
        let mut layout = context.layout(Section::Other, organizer.name.clone(), path);
        layout.embeddable = true;
        layout.feed = context.paths.feed("organizer", slug);
        layout.preview = context.card("organizers", slug, &organizer.name, "");
        let list = ("nav-organizers", context.paths.organizers(None));
        layout.structured =
            structured::in_list(context, list, &organizer.name, layout.path.clone());
        let query = Query {
            organizers: [organizer.slug.clone()].into(),
            ..Query::default()
        };
        let coming = context.snapshot.happenings(&query, context.ahead());
        let rows = context.rows(&coming);
        let held = context.snapshot.all_series().into_iter();
        let held = held.filter(|series| series.organizer.as_ref() == Some(&organizer.slug));
        let number = organizer.organisation_number.as_ref();
        Self {
            feed: layout.feed.clone(),
            name: organizer.name.clone(),
            description: context.said(&organizer.description),
            website: organizer.website.as_ref().map(out_link),
            email: organizer.contact.email.clone(),
            telephone: organizer.contact.telephone.clone(),
            number: number.map_or_else(String::new, |number| by_threes(number.as_str())),
            series: held
                .filter_map(|series| context.series_link(&series.slug))
                .collect(),
            months: by_month(rows, context.today(), context.words),
            count: context.count(coming.len()),
            subscribe: context.paths.subscribe_to(&[("organizer", slug)]),
            layout,
        }
    }
}

/// Formats an organisation number in groups of three: «952 857 991», with no-break spaces.
fn by_threes(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let parts: Vec<String> = digits.chunks(3).map(|part| part.iter().collect()).collect();
    parts.join("\u{a0}")
}
