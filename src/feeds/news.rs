//! Events as news: what RSS, Atom and JSON Feed have in common. Each event is one item, the one that
//! changed last first.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Offset, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;

use crate::catalog::{Entry, Happening};
use crate::domain::zone::to_utc;
use crate::domain::{Event, EventStatus, When};
use crate::ical::write::{Told, told};
use crate::language::{Words, Year, capitalised};

use super::occurrences::{LISTED, Listed, coming, lines};
use super::{FeedRequest, Frame, Gist, HUB, Resolved};

/// A feed of news.
pub struct News {
    /// Its name.
    pub title: String,
    /// One line on what it is; the title again where there is none.
    pub description: String,
    /// BCP 47.
    pub lang: &'static str,
    /// Who publishes it.
    pub author: String,
    /// The feed's own address.
    pub address: String,
    /// Where one subscribes to its changes (W3C WebSub).
    pub hub: String,
    /// The page that shows the same.
    pub page: String,
    /// When an item changed last.
    pub updated: DateTime<Utc>,
}

/// An event in the news.
pub struct Item {
    /// Its `UID`.
    pub uid: String,
    /// The address that stays its own in every language.
    pub permanent: String,
    /// Its page in the reader's language.
    pub page: String,
    /// The title with its mark.
    pub title: String,
    /// The language of the text, BCP 47.
    pub lang: &'static str,
    /// When it is, in words.
    pub when: String,
    /// All there is to tell, plain text.
    pub text: String,
    /// When the record was made.
    pub published: DateTime<Utc>,
    /// When the record changed last.
    pub updated: DateTime<Utc>,
    /// Names of its categories.
    pub categories: Vec<String>,
    /// Where it is, on one line.
    pub location: Option<String>,
    /// Who holds it.
    pub organizer: Option<String>,
    /// The first picture that may be shown.
    pub image: Option<String>,
    /// Start in ISO 8601: a date, or a time with its offset.
    pub start: String,
    /// End in the same form, the last day of whole days.
    pub end: Option<String>,
    /// The zone of the times, where there are times.
    pub zone: Option<&'static str>,
    /// What becomes of it.
    pub status: EventStatus,
    /// The occurrences to come of one that recurs.
    pub(super) occurrences: Vec<Listed>,
}

impl News {
    /// The news of a request for the format with this extension.
    #[must_use]
    pub fn of(request: &FeedRequest<'_>, extension: &str, gist: &Gist) -> Self {
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
            lang: Words::of(lang).lang().tag(),
            author: printable(region.publisher.as_deref().unwrap_or(region.name.get(lang))),
            title,
            address: request.own_address(extension),
            hub: request.address(HUB),
            page: request.address(&request.page()),
            // Of an empty feed: a time that no commit elsewhere in the calendar changes.
            updated: gist.newest.unwrap_or_else(|| request.snapshot.midnight()),
        }
    }
}

impl Item {
    /// An event as news; nothing where the reader's choices or a partner's policy leave it out.
    #[must_use]
    pub fn of(entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Self> {
        let resolved = Resolved::of(entry, request);
        let wanted = request.choices.admit(entry.status()) && resolved.may_be_passed_on();
        wanted.then(|| Self::told(&resolved, &coming(entry, request), request))
    }

    fn told(resolved: &Resolved<'_>, happenings: &[Happening], request: &FeedRequest<'_>) -> Self {
        let view = resolved.view();
        let event = view.event;
        let Told {
            title,
            title_lang,
            description,
            description_lang,
            location,
        } = told(&view, request.choices);
        let words = Words::of(request.choices.lang);
        let leading = event.schedule.leading();
        let when = in_words(words, event, &leading, request.snapshot.region().time_zone);
        let about = [Some(&when), location.as_ref()];
        let head: Vec<&str> = about.into_iter().flatten().map(String::as_str).collect();
        let dates = lines(happenings, &view, request.choices).join("\n");
        let blocks = [head.join("\n"), dates, description];
        let blocks: Vec<String> = blocks.into_iter().filter(|it| !it.is_empty()).collect();
        let listed = happenings.iter().take(LISTED);
        let listed = listed.map(|it| Listed::new(it, &view, request.choices));
        let (start, end) = span(&leading);
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
            image: view.images.first().map(|image| image.url.to_string()),
            start,
            end,
            zone: match &event.schedule.when {
                When::Timed { zone, .. } => Some(zone.name()),
                _ => None,
            },
            status: event.status,
            occurrences: listed.collect(),
        }
    }
}

/// When it is on the region's clock, in a sentence: how it comes back, or its only time.
fn in_words(words: Words, event: &Event, leading: &When, zone: Tz) -> String {
    let repeated = words.repetition_in(&event.schedule, zone);
    if repeated.is_empty() {
        capitalised(&words.when_in(leading, zone, Year::Said))
    } else {
        capitalised(&repeated)
    }
}

/// Start and end in ISO 8601, the last day of whole days included.
#[must_use]
pub fn span(when: &When) -> (String, Option<String>) {
    match when {
        When::AllDay { first, until } => {
            let last = until.pred_opt().unwrap_or(*first).max(*first);
            (first.to_string(), Some(last.to_string()))
        }
        When::TimeToCome { date } => (date.to_string(), None),
        When::Timed { start, end, zone } => {
            let end = end.map(|end| with_offset(end, *zone));
            (with_offset(*start, *zone), end)
        }
    }
}

/// A wall time with the offset that it has in its zone, RFC 3339.
fn with_offset(local: NaiveDateTime, zone: Tz) -> String {
    let instant = to_utc(local, zone);
    let offset = zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
    instant
        .with_timezone(&offset)
        .to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// The text without what XML 1.0 2.2 has no place for: control characters and two non-characters.
#[must_use]
pub fn printable(text: &str) -> String {
    let kept = |c: &char| match c {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    text.chars().filter(kept).collect()
}

/// Plain text as paragraphs of HTML.
#[must_use]
pub fn paragraphs_of(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for paragraph in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
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

/// Where the items stand in a document without them. No text has this character: [`printable`]
/// leaves it out, and addresses write it in another way.
pub const ITEMS: char = '\u{ffff}';

/// The bytes of a part of a document. A template fails only where writing to memory does.
#[must_use]
pub fn rendered(part: &impl askama::Template) -> Vec<u8> {
    part.render().unwrap_or_default().into_bytes()
}

/// A document without its items, cut where they stand.
#[must_use]
pub fn frame(document: &impl askama::Template) -> Frame {
    let whole = document.render().unwrap_or_default();
    let (head, tail) = whole.split_once(ITEMS).unwrap_or((whole.as_str(), ""));
    Frame {
        head: head.into(),
        tail: tail.into(),
    }
}

/// What the templates of RSS and Atom call in them.
pub mod filters {
    use askama::{Result, Values, filter_fn};
    use chrono::{DateTime, SecondsFormat, Utc};

    /// RFC 2822, as RSS wants its dates.
    #[filter_fn]
    pub fn rfc2822(at: &DateTime<Utc>, _: &dyn Values) -> Result<String> {
        Ok(at.to_rfc2822())
    }

    /// RFC 3339, as Atom wants its dates.
    #[filter_fn]
    pub fn rfc3339(at: &DateTime<Utc>, _: &dyn Values) -> Result<String> {
        Ok(at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// Plain text as paragraphs of HTML, which then stand in XML as text.
    #[filter_fn]
    pub fn paragraphs(text: &str, _: &dyn Values) -> Result<String> {
        Ok(super::paragraphs_of(text))
    }
}
