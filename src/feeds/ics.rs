//! iCalendar, RFC 5545 and 7986.

use std::sync::Arc;

use chrono::Datelike;
use url::Url;

use crate::catalog::Entry;
use crate::ical::write::{Head, around, event_piece};

use super::scope::{Kind, Scope};
use super::{Feed, FeedRequest, Frame, Gist, Piece, Resolved};

/// `.ics`.
pub struct Ics;

impl Feed for Ics {
    fn extension(&self) -> &'static str {
        "ics"
    }

    fn media_type(&self) -> &'static str {
        "text/calendar; charset=utf-8"
    }

    /// Browsers save a calendar or hand it on. As a script it would only run in a page that asks for it,
    /// and ours let none run.
    fn guessable(&self) -> bool {
        false
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Piece> {
        let resolved = Resolved::of(entry, request);
        if !resolved.may_be_passed_on() {
            return None;
        }
        let made = event_piece(&resolved.view(), request.choices);
        made.left_out.is_none().then_some(Piece {
            bytes: made.bytes,
            zones: made.zones,
        })
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Gist) -> Frame {
        let window = request.snapshot.feed_window();
        let region = request.snapshot.region();
        let lang = request.choices.lang;
        let name = request.title();
        let source = Url::parse(&request.own_address(self.extension())).ok();
        let page = Url::parse(&request.address(&request.page())).ok();
        let head = Head {
            name: &name,
            description: region.tagline.get(lang),
            lang,
            zone: region.time_zone,
            color: color(request),
            source: source.as_ref(),
            url: page.as_ref(),
            // Of the records alone: the day may turn without a new word in the feed.
            last_modified: gist.changed,
        };
        let (head, tail) = around(&head, window.from.year()..=window.until.year(), &gist.zones);
        Frame { head, tail }
    }
}

/// A category's own colour.
fn color<'a>(request: &'a FeedRequest<'_>) -> Option<&'a str> {
    match request.scope {
        Scope::Of(Kind::Category, slug) => request.snapshot.category(slug)?.color.as_deref(),
        _ => None,
    }
}
