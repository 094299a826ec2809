//! iCalendar, RFC 5545 and 7986.

use chrono::Datelike;
use url::Url;

use crate::ical::write::{Head, Piece, calendar, event_piece};

use super::scope::{Kind, Scope};
use super::{Feed, FeedRequest, Resolved};

/// `.ics`.
pub struct Ics;

impl Feed for Ics {
    fn extension(&self) -> &'static str {
        "ics"
    }

    fn media_type(&self) -> &'static str {
        "text/calendar; charset=utf-8"
    }

    fn render(&self, request: &FeedRequest<'_>) -> Vec<u8> {
        let resolved: Vec<Resolved<'_>> = request
            .entries
            .iter()
            .map(|entry| Resolved::of(entry, request))
            .collect();
        let pieces: Vec<Piece> = resolved
            .iter()
            .filter(|it| it.may_be_passed_on())
            .map(|it| event_piece(&it.view(), request.choices))
            .collect();
        let window = request.snapshot.feed_window();
        let region = request.snapshot.region();
        let lang = request.choices.lang;
        let name = request.title();
        let source = Url::parse(&request.own_address(self.extension())).ok();
        let page = Url::parse(&request.address(&request.page())).ok();
        // Of the records alone: the day may turn without a new word in the feed.
        let changed = request.entries.iter().map(|entry| entry.modified()).max();
        let head = Head {
            name: &name,
            description: region.tagline.get(lang),
            lang,
            zone: region.time_zone,
            color: color(request),
            source: source.as_ref(),
            url: page.as_ref(),
            last_modified: changed,
        };
        calendar(&head, window.from.year()..=window.until.year(), &pieces)
    }
}

/// A category's own colour.
fn color<'a>(request: &'a FeedRequest<'_>) -> Option<&'a str> {
    match request.scope {
        Scope::Of(Kind::Category, slug) => request.snapshot.category(slug)?.color.as_deref(),
        _ => None,
    }
}
