//! Feeds of the calendar that clients subscribe to.
//!
//! **May import:** `catalog`.
//!
//! A [`Feed`] renders an event as a [`Fragment`] of bytes and puts a [`FeedFrame`] around any number of
//! them. [`FEEDS`] lists the formats; routes, the subscribe page and tests read that table.
//! [`Feeds`] caches rendered feeds.
//!
//! A response is assembled in steps. A piece is rendered once per revision of its event
//! ([`fragment`]). About 32 pieces make a [`block`], which is hashed and compressed once. Blocks and a
//! frame make a [`rendered_feed`] feed, whose gzip form is the concatenation of its compressed blocks
//! ([`content_encoding`]). A commit changes one event, so only one block is rendered anew. The [`compressor`]
//! compresses in the background. Until it is done, the gzip form is uncompressed, so that requests
//! neither wait nor get stale content.
//!
//! To add a format, add a file with a type that implements [`Feed`], and a line in [`FEEDS`].

mod atom;
mod block;
mod body;
mod cache;
mod compressor;
mod content_encoding;
mod csv;
mod fragment;
mod ics;
mod json;
pub mod jsonld;
mod occurrences;
mod rendered_feed;
mod resolve;
mod rss;
mod selector;
mod syndication;
#[cfg(test)]
mod tests;

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use url::Url;

use crate::catalog::{Entry, Snapshot};
pub use block::Summary;
pub use body::{EncodedBody, HTTP_DATE, last_modified};
pub use cache::{FeedFigures, FeedKey, Feeds};
use calendar_domain::Lang;
pub use calendar_ical::write::{Cancelled, Tentative, WriteOptions};
pub use compressor::work_ahead;
pub use content_encoding::{Coding, Deflater};
pub use fragment::Fragment;
pub use rendered_feed::{Stitched, etag, render};
pub use resolve::ResolvedEvent;
pub use selector::{Scope, ScopeKind};

/// A feed format.
pub trait Feed: Send + Sync {
    /// Returns the extension of its URLs, without the dot.
    fn extension(&self) -> &'static str;

    /// Returns its media type with parameters.
    fn media_type(&self) -> &'static str;

    /// Returns the media type of a feed of these events.
    fn media_type_of(&self, _gist: &Summary) -> &'static str {
        self.media_type()
    }

    /// Returns true if `X-Content-Type-Options: nosniff` (WHATWG Fetch 3.6) is sent. Needed if a
    /// browser might display or run the content as another type.
    fn guessable(&self) -> bool {
        true
    }

    /// Returns the order of the events.
    fn order(&self) -> Order {
        Order::EarliestFirst
    }

    /// Returns what the bytes of an event depend on besides the event.
    fn ages(&self) -> Freshness {
        Freshness::WithItsEvent
    }

    /// Returns how the output of [`Self::lead`] depends on the number of the piece.
    fn numbering(&self) -> Numbering {
        Numbering::None
    }

    /// Writes the bytes before the piece with this number, from 0.
    fn lead(&self, _number: usize, _out: &mut Vec<u8>) {}

    /// Renders an event. Returns `None` if the client's options or a partner's policy exclude it.
    ///
    /// Must be a function of the entry, the options and the base URL alone (and of the day, if
    /// [`Self::ages`] says so), since the result is cached.
    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment>;

    /// Renders the bytes around the pieces.
    fn frame(&self, request: &FeedRequest<'_>, gist: &Summary) -> FeedFrame;
}

/// Order of the events in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By first day.
    EarliestFirst,
    /// By time of the last change, latest first.
    LastChangedFirst,
}

impl Order {
    /// Compares two events. Different events never compare equal, so that the order is
    /// deterministic.
    #[must_use]
    pub fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        match self {
            Self::EarliestFirst => (a.first, a.id()).cmp(&(b.first, b.id())),
            Self::LastChangedFirst => {
                let key = |it: &'_ Entry| Reverse(it.modified());
                let by_change = key(a).cmp(&key(b));
                by_change.then_with(|| a.uid().cmp(b.uid()))
            }
        }
    }
}

/// What the bytes of an event depend on besides the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing: they are the same until the event changes.
    WithItsEvent,
    /// The current date: the window moves at midnight.
    WithTheDay,
}

/// How the bytes before a piece depend on its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// They do not.
    None,
    /// The first piece differs from all others, as with commas.
    FirstDiffers,
    /// Each piece is numbered.
    Each,
}

/// Bytes around the pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedFrame {
    /// Before the first piece.
    pub head: Vec<u8>,
    /// After the last piece.
    pub tail: Vec<u8>,
}

/// All formats.
pub static FEEDS: &[&dyn Feed] = &[
    &ics::Ics,
    &rss::Rss,
    &atom::Atom,
    &json::Json,
    &jsonld::JsonLd,
    &csv::Csv,
];

/// Returns the format with an extension.
#[must_use]
pub fn format(extension: &str) -> Option<&'static dyn Feed> {
    FEEDS
        .iter()
        .copied()
        .find(|feed| feed.extension() == extension)
}

/// Path of the WebSub hub of the feeds (W3C WebSub).
pub const HUB: &str = "/websub";

/// Input of a feed besides its events.
#[derive(Clone, Copy)]
pub struct FeedRequest<'a> {
    /// State of the calendar.
    pub snapshot: &'a Snapshot,
    /// Scope of the feed.
    pub scope: &'a Scope,
    /// Client options, including the language.
    pub choices: WriteOptions,
    /// Base URL of the service, ending in `/`.
    pub base: &'a Url,
}

impl FeedRequest<'_> {
    /// Returns the URL of a path of the site, which begins with `/`.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Returns the URL of the feed in a format, with its filters and options.
    #[must_use]
    pub fn own_address(&self, extension: &str) -> String {
        let mut params = match self.scope {
            Scope::Search(query) => query.params(),
            Scope::All | Scope::Of(..) | Scope::Event(_) | Scope::Stored(..) => Vec::new(),
        };
        params.extend(self.choices.params());
        let path = format!("{}.{extension}", self.scope.path());
        match selector::encoded(&params) {
            params if params.is_empty() => self.address(&path),
            params => self.address(&format!("{path}?{params}")),
        }
    }

    /// Returns the value of the `Link` header: the hub and the feed's own URL.
    #[must_use]
    pub fn link(&self, extension: &str) -> String {
        let (hub, own) = (self.address(HUB), self.own_address(extension));
        format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"")
    }

    /// Returns the title of the feed: its scope and the name of the site.
    #[must_use]
    pub fn title(&self) -> String {
        let site = self.snapshot.region().name.get(self.choices.lang);
        match self.scope.title(self.snapshot, self.choices.lang) {
            own if own.is_empty() => site.to_owned(),
            own => format!("{own} – {site}"),
        }
    }

    /// Returns the path of the web page with the same content, in the client's language.
    #[must_use]
    pub fn page(&self) -> String {
        let prefix = if self.choices.lang == Lang::En {
            "/en"
        } else {
            ""
        };
        format!("{prefix}{}", self.scope.page())
    }
}
