//! Counters of connections.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::close_reason::CloseReason;

/// Counters of connections.
#[derive(Debug, Default)]
pub struct ConnectionStats {
    pub(super) enforcing: AtomicBool,
    pub(super) open: AtomicU64,
    pub(super) closed: [AtomicU64; CloseReason::ALL.len()],
}

impl ConnectionStats {
    /// Returns true while limits are enforced.
    pub fn enforcing(&self) -> bool {
        self.enforcing.load(Ordering::Relaxed)
    }

    /// Returns the number of connections in the last round.
    pub fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    /// Returns the number of closed connections by reason.
    pub fn closed(&self) -> impl Iterator<Item = (CloseReason, u64)> {
        let counts = self
            .closed
            .iter()
            .map(|closed| closed.load(Ordering::Relaxed));
        CloseReason::ALL.into_iter().zip(counts)
    }
}
