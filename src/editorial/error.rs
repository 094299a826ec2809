//! Errors of decisions.

use std::fmt::Write as _;

use calendar_domain::{EventId, PartnerId};
use calendar_store::{Revision, StoreError};

/// An event that was changed since the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSinceRun {
    /// The event.
    pub event: EventId,
    /// The revision that the run wrote.
    pub wrote: Revision,
    /// The current revision.
    pub now: Revision,
}

/// An error while carrying out a decision.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// There is nothing open with this id.
    #[error("there is no open matter «{0}»; `sync review` lists them")]
    Unknown(String),
    /// The event does not exist.
    #[error("there is no event «{0}»")]
    UnknownEvent(String),
    /// The run does not exist or is no longer stored.
    #[error("there is no run «{0}»; `sync runs` lists recent runs")]
    UnknownRun(String),
    /// It is already decided.
    #[error("«{0}» has already been decided")]
    Decided(String),
    /// The partner is neither quarantined nor on hold.
    #[error("«{0}» is neither quarantined nor on hold")]
    NotHeld(PartnerId),
    /// The event has no source from the partner, or only that one.
    #[error("«{event}» does not combine an event of {partner} with another source")]
    NotJoined {
        /// The event.
        event: EventId,
        /// The partner.
        partner: PartnerId,
    },
    /// The event does not wait for approval.
    #[error("«{0}» is not queued for approval")]
    NotWaiting(EventId),
    /// An event cannot be merged with itself.
    #[error("cannot merge «{0}» with itself")]
    Itself(EventId),
    /// Events were changed since the run.
    #[error(
        "{} events of the run have changed since: {}; `--keep-changed` rolls back only the others",
        .0.len(), named(.0)
    )]
    ChangedSince(Vec<ChangedSinceRun>),
    /// The event of the suggestion is neither published nor waiting.
    #[error("«{0}» is neither published nor queued, so there is nothing to decide")]
    NotThere(EventId),
    /// All events of the run were changed since.
    #[error("every event of the run has changed since; nothing was rolled back")]
    AllChanged,
    /// The run was already rolled back, or wrote nothing.
    #[error("run «{0}» wrote no events, so there is nothing to roll back")]
    NothingWritten(String),
    /// The state before the run is no longer in the history.
    #[error("the state of {0} before the run is no longer stored")]
    Forgotten(EventId),
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists the first few events, for a message.
fn named(changed: &[ChangedSinceRun]) -> String {
    let mut out = String::new();
    for (index, pair) in changed.iter().take(5).enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Writing to a string is infallible.
        let _ = write!(out, "{comma}{}", pair.event);
    }
    if changed.len() > 5 {
        out.push_str(", …");
    }
    out
}
