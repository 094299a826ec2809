//! Decisions of editors about what runs with partners leave open, for the command line and the web interface.
//!
//! **May import:** `catalog`, `ingest`.
//!
//! The caller decides who may decide. Each decision is one commit authored by the editor, except a rollback
//! that is too large for one.
//!
//! **One more decision** is a function in the module of its subject, exported here.

mod beside;
mod merge;
mod review;
mod rollback;
mod runs;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use calendar_domain::{Event, EventId, PartnerId, PartnerState, Publication};
use calendar_store::{Author, Change, Commit, CommitNumber, Revision, Store, StoreError, records};

pub use merge::{join, split};
pub use review::{OpenReview, accept, approve, dismiss, open_matters, reject, release};
pub use rollback::{ChangedSinceRun, Later, RolledBack, roll_back};
pub use runs::runs;

/// The editor and the time of a decision.
#[derive(Debug, Clone)]
pub struct Editor {
    /// Account name, or `operator` on the command line.
    pub name: String,
    /// Time of the decision.
    pub now: DateTime<Utc>,
}

/// An error while carrying out a decision.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// There is nothing open with this id.
    #[error("there is nothing to decide under «{0}»; `sync review` lists what is open")]
    Unknown(String),
    /// The event does not exist.
    #[error("there is no event «{0}»")]
    UnknownEvent(String),
    /// The run does not exist or is no longer stored.
    #[error("there is no run «{0}»; `sync runs` lists those that are remembered")]
    UnknownRun(String),
    /// It is already decided.
    #[error("«{0}» is decided already")]
    Decided(String),
    /// The partner is neither quarantined nor on hold.
    #[error("nothing of «{0}» is held back")]
    NotHeld(PartnerId),
    /// The event has no source from the partner, or only that one.
    #[error("«{event}» does not come from {partner} and somebody else besides")]
    NotJoined {
        /// The event.
        event: EventId,
        /// The partner.
        partner: PartnerId,
    },
    /// The event does not wait for approval.
    #[error("«{0}» does not wait to be approved")]
    NotWaiting(EventId),
    /// An event cannot be merged with itself.
    #[error("«{0}» and itself are one already")]
    Itself(EventId),
    /// Events were changed since the run.
    #[error(
        "{} of the events that the run wrote were changed since: {}; `--keep-changed` takes the others back",
        .0.len(), rollback::named(.0)
    )]
    ChangedSince(Vec<ChangedSinceRun>),
    /// The event of the suggestion is neither published nor waiting.
    #[error("«{0}» is not published and does not wait, so there is nothing to decide about it")]
    NotThere(EventId),
    /// All events of the run were changed since.
    #[error("every event that the run wrote was changed since; nothing was taken back")]
    AllChanged,
    /// The run was already rolled back, or wrote nothing.
    #[error("run «{0}» wrote nothing that could be taken back")]
    NothingWritten(String),
    /// The state before the run is no longer in the history.
    #[error("what {0} was before the run is no longer remembered")]
    Forgotten(EventId),
    /// The store returned an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn event(store: &dyn Store, id: &EventId) -> Result<Option<(Event, Revision)>, StoreError> {
    records::one(store, id.as_str())
}

fn known_event(store: &dyn Store, id: &EventId) -> Result<(Event, Revision), DecisionError> {
    let found = event(store, id)?;
    found.ok_or_else(|| DecisionError::UnknownEvent(id.to_string()))
}

fn is_there(event: &Event) -> bool {
    matches!(
        event.publication,
        Publication::Published | Publication::Submitted
    )
}

/// Returns the change that makes the next run fetch everything. Returns `None` if the partner was never run.
fn ask_anew(store: &dyn Store, partner: &PartnerId) -> Result<Option<Change>, StoreError> {
    let known = records::one::<PartnerState>(store, partner.as_str())?;
    Ok(known.map(|(state, revision)| {
        let state = PartnerState {
            validators: BTreeMap::new(),
            resume: None,
            ..state
        };
        Change::update(state.into(), revision)
    }))
}

fn commit(
    store: &dyn Store,
    editor: &Editor,
    note: impl Into<String>,
    changes: Vec<Change>,
) -> Result<CommitNumber, StoreError> {
    let committed = store.commit(Commit {
        author: Author::Person(editor.name.clone()),
        at: editor.now,
        note: note.into(),
        changes,
    })?;
    Ok(committed.number)
}
