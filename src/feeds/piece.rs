//! One event in one format, made once.

use std::sync::Arc;

use chrono::NaiveDate;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use crate::catalog::{Entry, caught};
use crate::ical::write::Zones;

use super::{Ages, Choices, Feed, FeedRequest};

/// One event as it stands in a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The zones that they name and that the feed's head has to explain.
    pub zones: Zones,
    /// Whether they name no organizer by its address.
    pub lacks_organizer: bool,
}

impl From<Vec<u8>> for Piece {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            zones: Zones::default(),
            lacks_organizer: true,
        }
    }
}

/// Makes the piece of an event. One whose making panics is left out of the feed, and nothing else is.
pub(super) fn made(
    feed: &dyn Feed,
    entry: &Arc<Entry>,
    request: &FeedRequest<'_>,
) -> Option<Piece> {
    caught(|| feed.piece(entry, request)).unwrap_or_else(|why| {
        let format = feed.extension();
        tracing::error!(event = %entry.id(), format, why, "an event is left out of a feed");
        None
    })
}

/// Which piece. The entry is known by where it lies in memory, which says more than its id: an
/// entry never changes, and the kept piece holds it, so that nothing else comes to lie there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    entry: usize,
    extension: &'static str,
    choices: Choices,
    day: Option<NaiveDate>,
}

#[derive(Clone)]
struct Kept {
    entry: Arc<Entry>,
    piece: Option<Arc<Piece>>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Kept> for ByBytes {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        let bytes = kept.piece.as_ref().map_or(0, |it| it.bytes.capacity());
        bytes as u64 + 256
    }
}

/// The pieces that were made, bounded by their bytes.
pub(super) struct Pieces {
    kept: Cache<Key, Kept, ByBytes>,
}

impl Pieces {
    /// Keeps at most about `bytes`.
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

    /// How many bytes are kept.
    pub(super) fn weight(&self) -> u64 {
        self.kept.weight()
    }

    /// The piece of an event, made now if it is not there.
    pub(super) fn of(
        &self,
        feed: &dyn Feed,
        entry: &Arc<Entry>,
        request: &FeedRequest<'_>,
    ) -> Option<Arc<Piece>> {
        let key = Key {
            entry: Arc::as_ptr(entry).addr(),
            extension: feed.extension(),
            choices: request.choices,
            day: match feed.ages() {
                Ages::WithItsEvent => None,
                Ages::WithTheDay => entry.recurs().then(|| request.snapshot.version().today),
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
