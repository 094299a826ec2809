//! Lock-free counters of a store's work.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the histogram of journal write times.
pub const SYNC_BOUNDS: [Duration; 9] = [
    Duration::from_micros(250),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_millis(2),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(250),
    Duration::from_secs(1),
];

/// Counters since the store was opened, and the store's size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreStats {
    /// Number of commits.
    pub commits: u64,
    /// Number of commits that could not be written.
    pub refused: u64,
    /// Number of writes and syncs of the journal. Concurrent commits share one.
    pub syncs: u64,
    /// Total duration of these syncs.
    pub sync_time: Duration,
    /// Number of syncs that took at most each of [`SYNC_BOUNDS`].
    pub sync_classes: [u64; SYNC_BOUNDS.len()],
    /// Size in bytes of the journal's segments.
    pub journal_bytes: u64,
    /// Size in bytes of the journal's snapshot.
    pub snapshot_bytes: u64,
}

/// The atomic form of [`StoreStats`].
#[derive(Debug, Default)]
pub(super) struct Counters {
    commits: AtomicU64,
    refused: AtomicU64,
    syncs: AtomicU64,
    sync_nanos: AtomicU64,
    sync_classes: [AtomicU64; SYNC_BOUNDS.len()],
    journal_bytes: AtomicU64,
    snapshot_bytes: AtomicU64,
}

impl Counters {
    /// Counts commits that were written in one sync.
    pub(super) fn synced(&self, commits: usize, took: Duration) {
        let add = |counter: &AtomicU64, by: u64| counter.fetch_add(by, Ordering::Relaxed);
        add(&self.commits, commits as u64);
        add(&self.syncs, 1);
        add(
            &self.sync_nanos,
            u64::try_from(took.as_nanos()).unwrap_or(u64::MAX),
        );
        let classes = self.sync_classes.iter().zip(SYNC_BOUNDS);
        for (class, _) in classes.filter(|(_, bound)| took <= *bound) {
            add(class, 1);
        }
    }

    /// Counts commits that could not be written.
    pub(super) fn refused(&self, commits: usize) {
        self.refused.fetch_add(commits as u64, Ordering::Relaxed);
    }

    /// Sets the size of the journal in bytes.
    pub(super) fn journal(&self, (segments, snapshot): (u64, u64)) {
        self.journal_bytes.store(segments, Ordering::Relaxed);
        self.snapshot_bytes.store(snapshot, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> StoreStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        StoreStats {
            commits: get(&self.commits),
            refused: get(&self.refused),
            syncs: get(&self.syncs),
            sync_time: Duration::from_nanos(get(&self.sync_nanos)),
            sync_classes: std::array::from_fn(|i| get(&self.sync_classes[i])),
            journal_bytes: get(&self.journal_bytes),
            snapshot_bytes: get(&self.snapshot_bytes),
        }
    }
}
