//! iCalendar, RFC 5545 and 7986.

use std::sync::Arc;

use chrono::Datelike;
use url::Url;

use crate::catalog::Entry;
use calendar_ical::write::{CalendarHeader, Method, around, event_piece};

use super::selector::{Scope, ScopeKind};
use super::{Feed, FeedFrame, FeedRequest, Fragment, ResolvedEvent, Summary};

/// Color of the site, `theme-color` in `base.html`.
const COLOR: &str = "#143a2b";

/// Feed format `.ics`.
pub struct Ics;

impl Feed for Ics {
    fn extension(&self) -> &'static str {
        "ics"
    }

    fn name(&self) -> &'static str {
        "iCalendar"
    }

    fn media_type(&self) -> &'static str {
        "text/calendar; charset=utf-8"
    }

    /// RFC 5545 3.7.2: the media type repeats METHOD.
    fn media_type_of(&self, gist: &Summary) -> &'static str {
        match method(gist) {
            Method::Publish => "text/calendar; charset=utf-8; method=PUBLISH",
            Method::Absent => self.media_type(),
        }
    }

    /// Returns false: browsers download calendars or pass them on. As a script it would run only in
    /// a page that requests it, and the pages of this site allow no such scripts.
    fn guessable(&self) -> bool {
        false
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let resolved = ResolvedEvent::new(entry, request);
        if !resolved.may_be_passed_on() {
            return None;
        }
        let made = event_piece(&resolved.view(), request.choices);
        made.left_out.is_none().then_some(Fragment {
            bytes: made.bytes,
            zones: made.zones,
            lacks_organizer: made.lacks_organizer,
        })
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Summary) -> FeedFrame {
        let window = request.snapshot.feed_window();
        let region = request.snapshot.region();
        let lang = request.choices.lang;
        let name = request.title();
        let source = Url::parse(&request.own_address(self.extension())).ok();
        let page = Url::parse(&request.address(&request.page())).ok();
        let head = CalendarHeader {
            name: &name,
            description: &description(request),
            lang,
            zone: region.time_zone,
            color: color(request),
            source: source.as_ref(),
            url: page.as_ref(),
            // From the records only: the date may change without a change in the feed.
            last_modified: gist.changed,
        };
        let (head, tail) = around(
            &head,
            window.from.year()..=window.until.year(),
            &gist.zones,
            method(gist),
        );
        FeedFrame { head, tail }
    }
}

/// Returns METHOD for a feed of these events.
fn method(gist: &Summary) -> Method {
    Method::new(gist.count > 0 && !gist.lacks_organizer)
}

/// Returns a sentence about the feed: that of the series, otherwise that of the region.
fn description(request: &FeedRequest<'_>) -> String {
    let lang = request.choices.lang;
    let series = match request.scope {
        Scope::Of(ScopeKind::Series, slug) => request.snapshot.series(slug),
        _ => None,
    };
    let told = series
        .into_iter()
        .flat_map(|series| [&series.summary, &series.description]);
    let told = told
        .map(|text| text.get(lang).trim())
        .find(|text| !text.is_empty());
    let told = told.unwrap_or_else(|| request.snapshot.region().tagline.get(lang));
    told.to_owned()
}

/// Returns the color of the category, otherwise that of the site.
fn color<'a>(request: &'a FeedRequest<'_>) -> Option<&'a str> {
    let own = match request.scope {
        Scope::Of(ScopeKind::Category, slug) => request.snapshot.category(slug),
        _ => None,
    };
    let own = own.and_then(|category| category.color.as_deref());
    own.or(Some(COLOR))
}
