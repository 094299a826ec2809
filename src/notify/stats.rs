//! Counters of mail.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the start.
#[derive(Debug, Default)]
pub struct MailStats {
    sent: AtomicU64,
    failed: AtomicU64,
    bounced: AtomicU64,
}

impl MailStats {
    pub(super) fn count_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_bounced(&self) {
        self.bounced.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of mails that the mail server accepted.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Returns the number of attempts that failed.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Returns the number of mails that were given up.
    #[must_use]
    pub fn bounced(&self) -> u64 {
        self.bounced.load(Ordering::Relaxed)
    }
}
