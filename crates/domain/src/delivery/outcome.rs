//! The outcome of a delivery.

use std::time::Duration;

/// Outcome of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The message was accepted, or there was nothing to send.
    Done,
    /// The message was not accepted.
    Failed {
        /// The reason, for people.
        error: String,
        /// Minimum wait that the receiver asked for.
        wait: Option<Duration>,
        /// Whether other messages would fail too, because the receiver is unreachable or has an
        /// internal error.
        everything: bool,
    },
    /// The receiver wants no further messages, for this reason.
    Stop(String),
}
