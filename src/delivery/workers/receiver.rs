//! Trait of the receivers of changes.

use std::future::Future;

use chrono::{DateTime, Utc};

use crate::catalog::Snapshot;
use calendar_domain::Progress;
use calendar_domain::delivery::Outcome;
use calendar_store::StoreError;

use crate::delivery::change_log::EventChange;

/// A change to deliver to one receiver.
#[derive(Debug)]
pub struct PendingChange<'a> {
    /// The state of the calendar with the change.
    pub snapshot: &'a Snapshot,
    /// The change.
    pub changed: &'a EventChange,
    /// The commit up to which the receiver knows everything.
    pub since: u64,
    /// The current time by the calendar's clock (UTC).
    pub now: DateTime<Utc>,
}

/// A receiver of changes.
pub trait Receiver: Send + Sync + 'static {
    /// Returns the progress, with a mark that changes whenever the record changes, or `None` if the receiver
    /// no longer exists.
    ///
    /// # Errors
    /// Errors if the store can't be read.
    fn load(&self) -> Result<Option<(Progress, u64)>, StoreError>;

    /// Stores the progress if the record still has this mark. Returns the new mark.
    ///
    /// # Errors
    /// Returns [`StoreError::Conflict`] if the record was changed concurrently. Also errors if the store
    /// rejects the commit.
    fn save(&self, progress: &Progress, mark: u64) -> Result<u64, StoreError>;

    /// Delivers one change.
    fn deliver(&self, parcel: PendingChange<'_>) -> impl Future<Output = Outcome> + Send;

    /// Returns the number of concurrent deliveries. They are always of different events.
    fn at_once(&self) -> usize {
        1
    }

    /// Returns the receiver's name for the log.
    fn name(&self) -> String;
}
