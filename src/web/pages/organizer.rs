//! The page of an organizer.

use askama::Template;

use super::event_list::{Month, by_month};
use super::links::{OutLink, TextLink, out_link};
use super::structured;
use super::{LocalizedText, PageContext, Section, Shell};
use calendar_domain::{Organizer, Query};

/// The page of an organizer.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/organizer.html")]
pub struct OrganizerPage {
    /// The layout.
    pub shell: Shell,
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
    pub fn new(visit: &PageContext, organizer: &Organizer) -> Self {
        let slug = organizer.slug.as_str();
        let path = visit.paths.organizers(Some(slug));
        let mut shell = visit.shell(Section::Other, organizer.name.clone(), path);
        shell.embeddable = true;
        shell.feed = visit.paths.feed("organizer", slug);
        shell.preview = visit.card("organizers", slug, &organizer.name, "");
        let list = ("nav-organizers", visit.paths.organizers(None));
        shell.structured = structured::in_list(visit, list, &organizer.name, shell.path.clone());
        let query = Query {
            organizers: [organizer.slug.clone()].into(),
            ..Query::default()
        };
        let coming = visit.snapshot.happenings(&query, visit.ahead());
        let rows = visit.rows(&coming);
        let held = visit.snapshot.all_series().into_iter();
        let held = held.filter(|series| series.organizer.as_ref() == Some(&organizer.slug));
        let number = organizer.organisation_number.as_ref();
        Self {
            feed: shell.feed.clone(),
            name: organizer.name.clone(),
            description: visit.said(&organizer.description),
            website: organizer.website.as_ref().map(out_link),
            email: organizer.contact.email.clone(),
            telephone: organizer.contact.telephone.clone(),
            number: number.map_or_else(String::new, |number| by_threes(number.as_str())),
            series: held
                .filter_map(|series| visit.series_link(&series.slug))
                .collect(),
            months: by_month(rows, visit.today(), visit.words),
            count: visit.count(coming.len()),
            subscribe: visit.paths.subscribe_to(&[("organizer", slug)]),
            shell,
        }
    }
}

/// Formats an organisation number in groups of three: «952 857 991», with no-break spaces.
fn by_threes(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let parts: Vec<String> = digits.chunks(3).map(|part| part.iter().collect()).collect();
    parts.join("\u{a0}")
}
