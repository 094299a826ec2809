//! What follows from the outcome of a delivery: the receiver's progress, and the times of retries.

pub mod progress;
pub mod retry;

use std::time::Duration;

/// What came of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// It was taken, or there was nothing to tell.
    Done,
    /// It was not taken.
    Failed {
        /// Why, for people.
        error: String,
        /// For how long the receiver wants to be left alone.
        wait: Option<Duration>,
        /// Whether others would fare no better now: nobody answers, or the receiver has trouble.
        everything: bool,
    },
    /// The receiver wants nothing more, for this reason.
    Stop(String),
}
