//! Trait of the feed formats, and what they render.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::catalog::Entry;
use calendar_ical::write::Zones;

use super::request::FeedRequest;

/// A feed format.
pub trait Feed: Send + Sync {
    /// Returns the extension of its URLs, without the dot.
    fn extension(&self) -> &'static str;

    /// Returns the name of the format, the same in every language.
    fn name(&self) -> &'static str;

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
    /// Must be a function of the entry, the options and the base URL alone (and of the listed days,
    /// if [`Self::ages`] says so), since the result is cached.
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
                let key = |entry: &'_ Entry| Reverse(entry.modified());
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
    /// The days whose occurrences are listed. They move at midnight.
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

/// An event as rendered in a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fragment {
    /// Bytes.
    pub bytes: Vec<u8>,
    /// Zones they refer to, to be defined in the feed's header.
    pub zones: Zones,
    /// Whether they have no organizer address.
    pub lacks_organizer: bool,
}

impl From<Vec<u8>> for Fragment {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            zones: Zones::default(),
            lacks_organizer: true,
        }
    }
}

/// Data about the events of a feed that its frame needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of events in the feed.
    pub count: usize,
    /// Zones they refer to.
    pub zones: Zones,
    /// Whether one of them has no organizer address.
    pub lacks_organizer: bool,
    /// Time of the last change, including events excluded by the client's options.
    pub changed: Option<DateTime<Utc>>,
    /// Time of the last change of an event in the feed.
    pub newest: Option<DateTime<Utc>>,
}

impl Summary {
    /// Adds an event, and its piece if it is in the feed.
    pub(super) fn note(&mut self, entry: &Entry, piece: Option<&Fragment>) {
        let modified = Some(entry.modified());
        self.changed = self.changed.max(modified);
        if let Some(piece) = piece {
            self.count += 1;
            self.zones.join(&piece.zones);
            self.lacks_organizer |= piece.lacks_organizer;
            self.newest = self.newest.max(modified);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.zones.join(&other.zones);
        self.lacks_organizer |= other.lacks_organizer;
        self.changed = self.changed.max(other.changed);
        self.newest = self.newest.max(other.newest);
    }
}
