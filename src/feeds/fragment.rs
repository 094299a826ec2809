//! Rendered events, cached per format.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalog::{CachedValue, Entry, EntryCache, caught};

use super::{Feed, FeedRequest, Fragment, Freshness, WriteOptions};

/// Renders the piece of an event. A panic is logged and excludes only that event from the feed.
pub(super) fn made(
    feed: &dyn Feed,
    entry: &Arc<Entry>,
    request: &FeedRequest<'_>,
) -> Option<Fragment> {
    caught(|| feed.piece(entry, request)).unwrap_or_else(|why| {
        let format = feed.extension();
        tracing::error!(event = %entry.id(), format, why, "skipped an event in a feed");
        None
    })
}

/// Key of a piece among those of its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    extension: &'static str,
    choices: WriteOptions,
    /// The first day whose occurrences are listed, and the day after the last.
    listed: Option<(NaiveDate, NaiveDate)>,
}

/// The piece of an event; `None` if the format leaves it out.
type Piece = Option<Arc<Fragment>>;

impl CachedValue for Piece {
    fn heap_size(&self) -> usize {
        self.as_ref().map_or(0, |value| value.bytes.capacity())
    }
}

/// Cache of pieces, bounded in bytes.
pub(super) struct Pieces(EntryCache<Key, Piece>);

impl Pieces {
    /// Returns a cache that holds at most about `bytes`.
    pub(super) fn new(bytes: u64) -> Self {
        Self(EntryCache::new(bytes))
    }

    /// Returns the number of bytes in use.
    pub(super) fn weight(&self) -> u64 {
        self.0.weight()
    }

    /// Returns the piece of an event, rendering it if necessary.
    pub(super) fn fragment(
        &self,
        feed: &dyn Feed,
        entry: &Arc<Entry>,
        request: &FeedRequest<'_>,
    ) -> Option<Arc<Fragment>> {
        let key = Key {
            extension: feed.extension(),
            choices: request.choices,
            listed: match feed.ages() {
                Freshness::WithItsEvent => None,
                Freshness::WithTheDay => entry.recurs().then(|| {
                    let days = request.listed_days();
                    (days.from, days.until)
                }),
            },
        };
        let make = || made(feed, entry, request).map(Arc::new);
        self.0.get_or_make(entry, key, make)
    }
}
