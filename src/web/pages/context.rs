//! The context of a page: a snapshot, a language and the site's address.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use rocket::Request;

use super::layout::alternates;
use super::links::TextLink;
use super::{Layout, LocalizedText, Paths, Section};
use crate::catalog::{Calendar, Snapshot};
use crate::web::lang::PageLang;
use crate::web::site::Site;
use calendar_domain::{EventStatus, Lang, MunicipalityNumber, Slug, Text, Venue, When, Window};
use calendar_language::Words;

/// Context that a page is rendered in.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The snapshot of the calendar.
    pub snapshot: Arc<Snapshot>,
    /// The interface texts of the language.
    pub words: Words,
    /// The language of events' texts.
    pub lang: Lang,
    /// The addresses in the language.
    pub paths: Paths,
    /// Scheme, host and port of this site, without a trailing slash.
    pub origin: String,
}

impl PageContext {
    /// Returns the context for a language. `origin` is the site's address, with or without a trailing slash.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, lang: Lang, origin: &str) -> Self {
        Self {
            snapshot,
            words: Words::new(lang),
            lang,
            paths: Paths::new(lang),
            origin: origin.trim_end_matches('/').to_owned(),
        }
    }

    /// Returns the context of a request, or `None` if a service is not managed.
    #[must_use]
    pub fn from_request(request: &Request<'_>) -> Option<Self> {
        let calendar = request.rocket().state::<Arc<Calendar>>()?;
        let site = request.rocket().state::<Site>()?;
        let lang = PageLang::new(request.uri()).0;
        let base = site.base();
        Some(Self::new(calendar.snapshot(), lang, base.as_str()).marking())
    }

    /// Returns the context of an HTML page, on which interface texts in another language are
    /// [marked](calendar_language::marks).
    #[must_use]
    pub fn marking(&self) -> Self {
        Self {
            words: self.words.marking(),
            ..self.clone()
        }
    }

    /// Returns today in the region.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.snapshot.version().today
    }

    /// Returns the layout of a page. `path` is its path in the page's language, with its query.
    #[must_use]
    pub fn layout(&self, section: Section, title: impl Into<String>, path: String) -> Layout {
        let region = self.snapshot.region();
        Layout {
            t: self.words,
            paths: self.paths,
            site: region.name.get(self.words.lang()).to_owned(),
            publisher: region.publisher.clone(),
            licence: self.snapshot.usual_licence(),
            licence_label: "footer-licence",
            title: title.into(),
            description: String::new(),
            section,
            alternates: alternates(&path, self.words),
            default_path: Paths::new(Lang::default()).same_page(&path),
            path,
            origin: self.origin.clone(),
            feed: self.paths.feed_of_all(),
            embeddable: false,
            indexed: true,
            preview: self.site_card(),
            shared_picture: None,
            structured: Vec::new(),
            privacy: "footer-privacy",
            account: None,
        }
    }

    /// Returns a text with its language.
    #[must_use]
    pub fn said(&self, text: &Text) -> LocalizedText {
        LocalizedText::from_text(text, self.lang, self.words)
    }

    /// Returns a text in the page's language, or the best other one.
    #[must_use]
    pub fn text(&self, text: &Text) -> String {
        text.get(self.lang).to_owned()
    }

    /// Returns «Elverum, Åmot og Våler».
    #[must_use]
    pub fn region_names(&self) -> String {
        let names: Vec<&str> = self
            .snapshot
            .region()
            .municipalities
            .iter()
            .map(|municipality| municipality.name.as_str())
            .collect();
        self.words.listed(&names)
    }

    /// Returns the name of a municipality, or an empty string if it is not one of the region's.
    #[must_use]
    pub fn municipality(&self, number: Option<&MunicipalityNumber>) -> String {
        number
            .and_then(|number| self.snapshot.region().municipality(number.as_str()))
            .map_or_else(String::new, |found| found.name.clone())
    }

    /// Returns the name of a venue and of its municipality.
    #[must_use]
    pub fn venue(&self, venue: &Venue) -> (String, String) {
        match venue {
            Venue::Place(slug) => match self.snapshot.place(slug) {
                Some(place) => (
                    place.name.clone(),
                    self.municipality(place.municipality.as_ref()),
                ),
                None => (slug.to_string(), String::new()),
            },
            Venue::Described {
                name, municipality, ..
            } => (name.clone(), self.municipality(municipality.as_ref())),
        }
    }

    /// Returns the venues in one line: «Terningen Arena, Elverum og flere steder».
    #[must_use]
    pub fn venue_line(&self, venues: &[Venue]) -> String {
        let Some(first) = venues.first() else {
            return String::new();
        };
        let (name, municipality) = self.venue(first);
        let line = with_municipality(&name, &municipality);
        if venues.len() > 1 {
            self.words.say_with("place-and-more", &[("place", line)])
        } else {
            line
        }
    }

    /// Returns where an event with this status is, in one line: of one that has moved online, that it is.
    #[must_use]
    pub fn place_line(&self, status: EventStatus, venues: &[Venue]) -> String {
        match status {
            EventStatus::MovedOnline => self.words.say("calendar-online").into_owned(),
            _ => self.venue_line(venues),
        }
    }

    /// Returns links to categories, by rank.
    pub fn categories<'a>(&self, slugs: impl IntoIterator<Item = &'a Slug>) -> Vec<TextLink> {
        let mut found: Vec<_> = slugs
            .into_iter()
            .filter_map(|slug| self.snapshot.category(slug))
            .collect();
        found.sort_by_key(|category| (category.rank, &category.slug));
        let link = |name: &Text, slug: &Slug| TextLink {
            label: self.said(name),
            url: Some(self.paths.agenda_with(&[("category", slug.as_str())])),
        };
        found
            .into_iter()
            .map(|category| link(&category.name, &category.slug))
            .collect()
    }

    /// Returns links to audiences, by rank.
    pub fn audiences<'a>(&self, slugs: impl IntoIterator<Item = &'a Slug>) -> Vec<TextLink> {
        let mut found: Vec<_> = slugs
            .into_iter()
            .filter_map(|slug| self.snapshot.audience(slug))
            .collect();
        found.sort_by_key(|audience| (audience.rank, &audience.slug));
        let link = |name: &Text, slug: &Slug| TextLink {
            label: self.said(name),
            url: Some(self.paths.agenda_with(&[("audience", slug.as_str())])),
        };
        found
            .into_iter()
            .map(|audience| link(&audience.name, &audience.slug))
            .collect()
    }

    /// Returns a link to a place of the catalog.
    #[must_use]
    pub fn place_link(&self, slug: &Slug) -> Option<TextLink> {
        let place = self.snapshot.place(slug)?;
        let url = Some(self.paths.places(Some(slug.as_str())));
        Some(TextLink {
            label: LocalizedText::plain(place.name.clone()),
            url,
        })
    }

    /// Returns a link to an organizer of the catalog.
    #[must_use]
    pub fn organizer_link(&self, slug: &Slug) -> Option<TextLink> {
        let organizer = self.snapshot.organizer(slug)?;
        let url = Some(self.paths.organizers(Some(slug.as_str())));
        Some(TextLink {
            label: LocalizedText::plain(organizer.name.clone()),
            url,
        })
    }

    /// Returns a link to a series of the catalog.
    #[must_use]
    pub fn series_link(&self, slug: &Slug) -> Option<TextLink> {
        let series = self.snapshot.series(slug)?;
        let url = Some(self.paths.series(Some(slug.as_str())));
        Some(TextLink {
            label: self.said(&series.title),
            url,
        })
    }

    /// Returns the first and last day of a time in the region's zone.
    #[must_use]
    pub fn days(&self, when: &When) -> (NaiveDate, NaiveDate) {
        let touched = when.days_touched(self.snapshot.region().time_zone);
        let last = touched
            .end
            .pred_opt()
            .unwrap_or(touched.start)
            .max(touched.start);
        match when.seen_in(self.snapshot.region().time_zone) {
            // An event that ends after midnight counts towards the evening before.
            When::Timed {
                start,
                end: Some(end),
                ..
            } if Words::one_evening(start, end) => (touched.start, touched.start),
            _ => (touched.start, last),
        }
    }

    /// Returns «3 arrangementer».
    #[must_use]
    pub fn count(&self, count: usize) -> String {
        self.words.say_with("count-events", &[("count", count)])
    }

    /// Returns the region's time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.snapshot.region().time_zone
    }

    /// Returns the day a week after today.
    #[must_use]
    pub fn soon(&self) -> NaiveDate {
        let today = self.today();
        today.checked_add_days(Days::new(7)).unwrap_or(today)
    }

    /// Returns the two years from today, the window of lists of places and organizers.
    #[must_use]
    pub fn ahead(&self) -> Window {
        let from = self.today();
        let until = from
            .checked_add_months(chrono::Months::new(24))
            .unwrap_or(from);
        Window {
            from,
            until,
            zone: self.snapshot.region().time_zone,
        }
    }
}

/// Returns the name of a venue with that of its municipality, unless it is known or part of the name.
pub(super) fn with_municipality(name: &str, municipality: &str) -> String {
    if municipality.is_empty() || name.contains(municipality) {
        name.to_owned()
    } else {
        format!("{name}, {municipality}")
    }
}
