//! Items common to RSS, Atom and JSON Feed: one per event, last changed first.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::catalog::{ComingOccurrences, Entry, EventOccurrence};
use calendar_domain::{Availability, Event, EventStatus, Lang, LicenceLink, When};
use calendar_ical::write::{EventTexts, ImageView, told};
use calendar_language::{Words, Year, capitalised};

use super::iso8601::span;
use super::occurrences::{LISTED, ListedOccurrence, coming, lines, words_of};
use super::xml_chars::printable;
use super::{FeedFrame, FeedRequest, HUB, ResolvedEvent, Summary};

/// A news feed without its items.
pub struct News {
    /// Title.
    pub title: String,
    /// One-line description, or the title.
    pub description: String,
    /// Language, BCP 47.
    pub lang: &'static str,
    /// Publisher.
    pub author: String,
    /// URL of the feed itself.
    pub address: String,
    /// URL of its WebSub hub (W3C WebSub).
    pub hub: String,
    /// URL of the web page with the same content.
    pub page: String,
    /// Licence of the data, unless items have one of their own; `None` if none is granted.
    pub licence: Option<LicenceLink>,
    /// Time of the last change of an item.
    pub updated: DateTime<Utc>,
}

/// A file that belongs to an item.
pub struct Enclosure {
    /// Address.
    pub url: String,
    /// Size in bytes.
    pub length: u64,
    /// Media type.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What is said about the image, if anything.
    pub about: Option<ImageFacts>,
}

impl Enclosure {
    /// Returns the file of an image, if its size is known.
    fn new(image: &ImageView<'_>, lang: Lang) -> Option<Self> {
        let file = image.file?;
        Some(Self {
            url: image.address.clone(),
            length: file.bytes,
            media_type: "image/jpeg",
            width: file.width,
            height: file.height,
            about: ImageFacts::new(image, lang),
        })
    }
}

/// What is said about an image.
#[derive(Serialize)]
pub struct ImageFacts {
    /// What it shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alt: String,
    /// The creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// The licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<LicenceLink>,
}

impl ImageFacts {
    /// Returns what is said, or `None` if that is nothing.
    fn new(view: &ImageView<'_>, lang: Lang) -> Option<Self> {
        let image = view.image;
        let facts = Self {
            alt: printable(image.alt.get(lang)),
            credit: image.credit.as_deref().map(printable),
            licence: image.licence_link().map(printable_licence),
        };
        let is_empty = facts.alt.is_empty() && facts.credit.is_none() && facts.licence.is_none();
        (!is_empty).then_some(facts)
    }
}

/// An event as a news item.
pub struct SyndicationItem {
    /// Its `UID`.
    pub uid: String,
    /// URL that is the same in every language.
    pub permanent: String,
    /// URL of its page in the client's language.
    pub page: String,
    /// Title with its mark.
    pub title: String,
    /// Language of the text, BCP 47.
    pub lang: &'static str,
    /// Time, in words.
    pub when: String,
    /// Full text, plain.
    pub text: String,
    /// Time at which the record was created.
    pub published: DateTime<Utc>,
    /// Time of the last change of the record.
    pub updated: DateTime<Utc>,
    /// Names of its categories.
    pub categories: Vec<String>,
    /// Location on one line.
    pub location: Option<String>,
    /// Name of the organizer.
    pub organizer: Option<String>,
    /// Licence that its partner states.
    pub licence: Option<LicenceLink>,
    /// URL of the first image that may be shown.
    pub image: Option<String>,
    /// What is said about that image.
    pub image_facts: Option<ImageFacts>,
    /// The first image that is a file of this service.
    pub enclosure: Option<Enclosure>,
    /// Start in ISO 8601: a date, or a time with its offset; absent for an event without dates.
    pub start: Option<String>,
    /// End in the same form; the last day, inclusive, of an all-day event.
    pub end: Option<String>,
    /// Zone of the times, if it has times.
    pub zone: Option<&'static str>,
    /// Status.
    pub status: EventStatus,
    /// The availability of places.
    pub availability: Availability,
    /// The occurrences to come of one that recurs.
    pub(super) occurrences: Vec<ListedOccurrence>,
    /// Whether there are more.
    pub more_occurrences: bool,
}

impl News {
    /// Returns the feed of a request in the format with this extension.
    #[must_use]
    pub fn new(request: &FeedRequest<'_>, extension: &str, gist: &Summary) -> Self {
        let lang = request.choices.lang;
        let region = request.snapshot.region();
        let title = printable(&request.title());
        let tagline = printable(region.tagline.get(lang));
        Self {
            description: if tagline.is_empty() {
                title.clone()
            } else {
                tagline
            },
            lang: Words::new(lang).lang().tag(),
            author: printable(region.publisher.as_deref().unwrap_or(region.name.get(lang))),
            title,
            address: request.own_address(extension),
            hub: request.address(HUB),
            page: request.address(&request.page()),
            licence: request.licence().map(printable_licence),
            // For an empty feed: a time that does not change with unrelated commits.
            updated: gist.newest.unwrap_or_else(|| request.snapshot.midnight()),
        }
    }
}

impl SyndicationItem {
    /// Converts an event. Returns `None` if the client's options or a partner's policy exclude it.
    #[must_use]
    pub fn new(entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Self> {
        let resolved = ResolvedEvent::new(entry, request);
        let wanted = request.choices.admit(entry.status()) && resolved.may_be_passed_on();
        wanted.then(|| Self::told(entry, &resolved, &coming(entry, request), request))
    }

    fn told(
        entry: &Arc<Entry>,
        resolved: &ResolvedEvent<'_>,
        coming: &ComingOccurrences,
        request: &FeedRequest<'_>,
    ) -> Self {
        let view = resolved.view();
        let event = view.event;
        let EventTexts {
            title,
            title_lang,
            description,
            description_lang,
            location: usual,
        } = told(&view, request.choices);
        let words = Words::new(request.choices.lang);
        let shown = entry.leading(&resolved.event());
        let when = in_words(words, event, shown.as_ref(), view.zone);
        let about = [Some(&when), usual.as_ref()];
        let head: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
        let dates = lines(coming, &view, request.choices).join("\n");
        let blocks = [head.join("\n"), dates, description];
        let blocks: Vec<String> = blocks
            .into_iter()
            .filter(|block| !block.is_empty())
            .collect();
        let listed = coming.listed.iter().take(LISTED);
        let listed = listed.map(|listed| ListedOccurrence::new(listed, &view, request.choices));
        let times = shown.as_ref().map(|leading| span(&leading.when));
        let (start, end) = times.map_or((None, None), |(start, end)| (Some(start), end));
        let status = shown
            .as_ref()
            .map_or_else(|| entry.status(), |leading| leading.standing().0);
        let location = shown.as_ref().map_or(usual, |leading| {
            words_of(leading, &view, request.choices).location
        });
        let own = if event.description.is_empty() {
            title_lang
        } else {
            description_lang
        };
        Self {
            uid: event.uid.to_string(),
            permanent: request.address(&format!("/events/{}", event.slug)),
            page: view.page.to_string(),
            title: printable(&title),
            lang: own.tag(),
            text: printable(&blocks.join("\n\n")),
            when,
            published: event.created,
            updated: event.modified,
            categories: view.categories.iter().map(|name| printable(name)).collect(),
            location: location.as_deref().map(printable),
            organizer: view.organizer.map(|organizer| printable(organizer.name)),
            licence: view.licence.map(LicenceLink::stated).map(printable_licence),
            image: view.images.first().map(|image| image.address.clone()),
            image_facts: view
                .images
                .first()
                .and_then(|image| ImageFacts::new(image, request.choices.lang)),
            enclosure: view
                .images
                .iter()
                .find_map(|image| Enclosure::new(image, request.choices.lang)),
            start,
            end,
            zone: match &event.schedule.when {
                When::Timed { zone, .. } => Some(zone.name()),
                _ => None,
            },
            status,
            availability: shown
                .as_ref()
                .map_or(event.availability, EventOccurrence::availability),
            occurrences: listed.collect(),
            more_occurrences: coming.more || coming.listed.len() > LISTED,
        }
    }
}

fn printable_licence(licence: LicenceLink) -> LicenceLink {
    LicenceLink {
        name: printable(&licence.name),
        ..licence
    }
}

/// Returns the time in the region's zone as a phrase: the repetition, or the only time.
fn in_words(words: Words, event: &Event, leading: Option<&EventOccurrence>, zone: Tz) -> String {
    let Some(leading) = leading else {
        return words.say("dates-none").into_owned();
    };
    let repeated = words.repetition_in(&event.schedule, zone);
    if repeated.is_empty() {
        capitalised(&words.when_in(&leading.when, zone, Year::Said))
    } else {
        capitalised(&repeated)
    }
}

/// Converts plain text to paragraphs of HTML.
#[must_use]
pub fn paragraphs_of(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for paragraph in text.split("\n\n").filter(|part| !part.trim().is_empty()) {
        html.push_str("<p>");
        for (at, line) in paragraph.trim().lines().enumerate() {
            if at > 0 {
                html.push_str("<br>");
            }
            for c in line.chars() {
                match c {
                    '&' => html.push_str("&amp;"),
                    '<' => html.push_str("&lt;"),
                    '>' => html.push_str("&gt;"),
                    c => html.push(c),
                }
            }
        }
        html.push_str("</p>");
    }
    html
}

/// Placeholder of the items in a document. It occurs in no text: [`printable`] removes it, and URLs
/// encode it.
pub const ITEMS: char = '\u{ffff}';

/// Renders a template. Writing to memory never fails.
#[must_use]
pub fn rendered(part: &impl askama::Template) -> Vec<u8> {
    part.render().unwrap_or_default().into_bytes()
}

/// Renders a document without its items, split at their position.
#[must_use]
pub fn frame(document: &impl askama::Template) -> FeedFrame {
    let whole = document.render().unwrap_or_default();
    let (head, tail) = whole.split_once(ITEMS).unwrap_or((whole.as_str(), ""));
    FeedFrame {
        head: head.into(),
        tail: tail.into(),
    }
}

/// Filters of the RSS and Atom templates.
pub mod filters {
    use askama::{Result, Values, filter_fn};
    use chrono::{DateTime, SecondsFormat, Utc};

    /// Formats a date in RFC 2822, for RSS.
    #[filter_fn]
    pub fn rfc2822(at: &DateTime<Utc>, _: &dyn Values) -> Result<String> {
        Ok(at.to_rfc2822())
    }

    /// Formats a date in RFC 3339, for Atom.
    #[filter_fn]
    pub fn rfc3339(at: &DateTime<Utc>, _: &dyn Values) -> Result<String> {
        Ok(at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// Converts plain text to paragraphs of HTML, which XML contains as text.
    #[filter_fn]
    pub fn paragraphs(text: &str, _: &dyn Values) -> Result<String> {
        Ok(super::paragraphs_of(text))
    }
}
