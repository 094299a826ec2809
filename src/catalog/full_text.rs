//! The search index of the pages: forgiving, and beside the exact filters of feeds and of the API.
//!
//! All snapshots of a calendar share one index. The first search after a commit brings it up to date with the events that
//! the commit affected, so commits do not wait for it. It may be ahead of an old snapshot, or have events that were removed
//! since; a search skips events that the snapshot does not have.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use calendar_search::SearchIndex;

/// The search index of a calendar.
#[derive(Debug, Default)]
pub(super) struct FullText {
    current: Mutex<Option<Arc<IndexedText>>>,
    /// Whether a thread is building or compacting the index.
    pub(super) is_busy: AtomicBool,
}

/// The index with the events after a commit.
#[derive(Debug, Clone)]
pub(super) struct IndexedText {
    pub(super) commit: u64,
    pub(super) index: SearchIndex,
}

impl FullText {
    pub(super) fn lock(&self) -> MutexGuard<'_, Option<Arc<IndexedText>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
