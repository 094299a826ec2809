//! Rendered events, cached per format.

use std::sync::Arc;

use chrono::NaiveDate;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use crate::catalog::{Entry, caught};

use super::{Feed, FeedRequest, Fragment, Freshness, WriteOptions};

/// Renders the piece of an event. A panic is logged and excludes only that event from the feed.
pub(super) fn made(
    feed: &dyn Feed,
    entry: &Arc<Entry>,
    request: &FeedRequest<'_>,
) -> Option<Fragment> {
    caught(|| feed.piece(entry, request)).unwrap_or_else(|why| {
        let format = feed.extension();
        tracing::error!(event = %entry.id(), format, why, "an event is left out of a feed");
        None
    })
}

/// Key of a piece. The address of the entry identifies its revision: entries never change, and the
/// cached piece keeps its entry alive, so that the address is not reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    entry: usize,
    extension: &'static str,
    choices: WriteOptions,
    /// The first day whose occurrences are listed, and the day after the last.
    listed: Option<(NaiveDate, NaiveDate)>,
}

#[derive(Clone)]
struct Kept {
    entry: Arc<Entry>,
    piece: Option<Arc<Fragment>>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Kept> for ByBytes {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        let bytes = kept.piece.as_ref().map_or(0, |it| it.bytes.capacity());
        bytes as u64 + 256
    }
}

/// Cache of pieces, bounded in bytes.
pub(super) struct Pieces {
    kept: Cache<Key, Kept, ByBytes>,
}

impl Pieces {
    /// Returns a cache that holds at most about `bytes`.
    pub(super) fn new(bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(usize::try_from(bytes / 1024).unwrap_or(1024).max(64))
            .weight_capacity(bytes)
            .shards(4)
            .build()
            .expect("both capacities are given");
        Self {
            kept: Cache::with_options(
                options,
                ByBytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
        }
    }

    /// Returns the number of bytes in use.
    pub(super) fn weight(&self) -> u64 {
        self.kept.weight()
    }

    /// Returns the piece of an event, rendering it if necessary.
    pub(super) fn fragment(
        &self,
        feed: &dyn Feed,
        entry: &Arc<Entry>,
        request: &FeedRequest<'_>,
    ) -> Option<Arc<Fragment>> {
        let key = Key {
            entry: Arc::as_ptr(entry).addr(),
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
        let kept = self.kept.get(&key).unwrap_or_else(|| {
            let made = Kept {
                entry: Arc::clone(entry),
                piece: made(feed, entry, request).map(Arc::new),
            };
            self.kept.insert(key, made.clone());
            made
        });
        debug_assert!(Arc::ptr_eq(&kept.entry, entry), "a piece keeps its entry");
        kept.piece
    }
}
