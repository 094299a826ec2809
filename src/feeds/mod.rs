//! Feeds: the calendar for programs to subscribe to.
//!
//! **May import:** `domain`, `language`, `ical`, `catalog`, `wire`.
//!
//! A [`Feed`] turns one event into a [`Piece`] of bytes and puts a [`Frame`] around any number of
//! them; [`FEEDS`] lists the formats, and the routes, the subscribe page and the tests read that
//! table. [`Feeds`] keeps finished feeds, so that the thousandth subscriber costs a look-up.
//!
//! From an event to an answer: a piece is made once per revision of its event ([`piece`]); some
//! 32 pieces make a [`block`], which is hashed and compressed once; blocks and a frame make a
//! [`stitched`] feed, whose gzip form is its blocks' one behind the other ([`coding`]). A commit
//! changes one event, so one block is made anew and the others stay what they are. Compression is
//! the [`press`]'s work, away from readers: until a block is pressed it stands in the gzip form
//! uncompressed, so that nobody waits and nobody gets old content.
//!
//! To add a format: one file with a type that is a [`Feed`], and one line in [`FEEDS`].

mod atom;
mod block;
mod body;
mod cache;
mod coding;
mod csv;
mod ics;
mod json;
pub mod jsonld;
mod news;
mod occurrences;
mod piece;
mod press;
mod rss;
mod scope;
mod stitched;
#[cfg(test)]
mod tests;
mod view;

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use url::Url;

use crate::catalog::{Entry, Snapshot};
use crate::domain::Lang;
pub use crate::ical::write::{Cancelled, Choices, Tentative};
pub use block::Gist;
pub use body::{Body, HTTP_DATE, http_date};
pub use cache::{FeedFigures, Feeds, Wanted};
pub use coding::{Coding, Deflater};
pub use piece::Piece;
pub use press::work_ahead;
pub use scope::{Kind, Scope};
pub use stitched::{Stitched, etag, render};
pub use view::Resolved;

/// A feed format.
pub trait Feed: Send + Sync {
    /// What its addresses end with, without the dot.
    fn extension(&self) -> &'static str;

    /// Its media type with parameters.
    fn media_type(&self) -> &'static str;

    /// The media type of a feed of these events.
    fn media_type_of(&self, _gist: &Gist) -> &'static str {
        self.media_type()
    }

    /// Whether browsers are told to believe the media type (`X-Content-Type-Options`, WHATWG Fetch 3.6):
    /// wherever one might show or run what it takes the bytes for.
    fn guessable(&self) -> bool {
        true
    }

    /// The order of the events in it.
    fn order(&self) -> Order {
        Order::EarliestFirst
    }

    /// What an event's bytes depend on beside the event.
    fn ages(&self) -> Ages {
        Ages::WithItsEvent
    }

    /// How what [`Self::lead`] writes depends on the number of the piece.
    fn numbering(&self) -> Numbering {
        Numbering::None
    }

    /// Writes what stands before the piece with this number; the first is 0.
    fn lead(&self, _number: usize, _out: &mut Vec<u8>) {}

    /// One event as it stands in the feed, or nothing where the reader's choices or a partner's
    /// policy leave it out. A function of the entry, the choices and the base alone (and of the
    /// day, where [`Self::ages`] says so): that is what makes it worth keeping.
    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Piece>;

    /// What stands around the pieces.
    fn frame(&self, request: &FeedRequest<'_>, gist: &Gist) -> Frame;
}

/// The order of the events in a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By the first day that they touch.
    EarliestFirst,
    /// By their last change, the latest first.
    LastChangedFirst,
}

impl Order {
    /// Which of two events comes first. Never equal for two different ones, so that the order is
    /// the same whoever asks.
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

/// What an event's bytes depend on beside the event itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ages {
    /// On nothing: they are the same until the event changes.
    WithItsEvent,
    /// On the day too, for events that recur: what has passed is not listed any more.
    WithTheDay,
}

/// How the bytes before a piece depend on its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Not at all.
    None,
    /// The first differs from all others, as with commas.
    FirstDiffers,
    /// Each has its own.
    Each,
}

/// What stands before the first and behind the last piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Before the first.
    pub head: Vec<u8>,
    /// Behind the last.
    pub tail: Vec<u8>,
}

/// Every format there is.
pub static FEEDS: &[&dyn Feed] = &[
    &ics::Ics,
    &rss::Rss,
    &atom::Atom,
    &json::Json,
    &jsonld::JsonLd,
    &csv::Csv,
];

/// The format of an extension.
#[must_use]
pub fn format(extension: &str) -> Option<&'static dyn Feed> {
    FEEDS
        .iter()
        .copied()
        .find(|feed| feed.extension() == extension)
}

/// The path of the hub where one subscribes to a feed's changes (W3C WebSub).
pub const HUB: &str = "/websub";

/// What a feed is made of, its events aside.
#[derive(Clone, Copy)]
pub struct FeedRequest<'a> {
    /// The state of the calendar.
    pub snapshot: &'a Snapshot,
    /// What the feed is of.
    pub scope: &'a Scope,
    /// The reader's choices, the language among them.
    pub choices: Choices,
    /// The address that the service's own addresses begin with, `/` at its end.
    pub base: &'a Url,
}

impl FeedRequest<'_> {
    /// A path of the site, which begins with `/`, as a full address.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// The feed's own address in a format, with the filters and choices that it was asked with.
    #[must_use]
    pub fn own_address(&self, extension: &str) -> String {
        let mut params = match self.scope {
            Scope::Search(query) => query.params(),
            Scope::All | Scope::Of(..) | Scope::Event(_) | Scope::Stored(..) => Vec::new(),
        };
        params.extend(self.choices.params());
        let path = format!("{}.{extension}", self.scope.path());
        match scope::encoded(&params) {
            params if params.is_empty() => self.address(&path),
            params => self.address(&format!("{path}?{params}")),
        }
    }

    /// The hub and the feed's own address, as the `Link` header has them.
    #[must_use]
    pub fn link(&self, extension: &str) -> String {
        let (hub, own) = (self.address(HUB), self.own_address(extension));
        format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"")
    }

    /// The feed's name: the site's, and what it is of.
    #[must_use]
    pub fn title(&self) -> String {
        let site = self.snapshot.region().name.get(self.choices.lang);
        match self.scope.title(self.snapshot, self.choices.lang) {
            own if own.is_empty() => site.to_owned(),
            own => format!("{own} – {site}"),
        }
    }

    /// The path of the page that shows the same to people, in the reader's language.
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
