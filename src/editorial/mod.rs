//! The use cases of those who look after the calendar: what runs with partners have left open is
//! listed, shown and decided here, for the command line and the interface alike.
//!
//! **May import:** `domain`, `clock`, `store`, `catalog`, `sync`. Who may decide is the caller's business; what a
//! decision means is this module's. Every decision is one commit in the name of whoever took it, but for a run
//! taken back that is too heavy for one.

mod beside;
mod pairs;
mod review;
mod rollback;
mod runs;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use calendar_domain::{Event, EventId, PartnerId, PartnerState, Publication};
use calendar_store::{Author, Change, Commit, CommitNumber, Revision, Store, StoreError, records};

pub use pairs::{join, split};
pub use review::{Open, accept, approve, dismiss, open_matters, reject, release};
pub use rollback::{Changed, Later, RolledBack, roll_back};
pub use runs::runs;

/// Whoever decides, and when.
#[derive(Debug, Clone)]
pub struct Editor {
    /// An account, or `operator` at the command line.
    pub name: String,
    /// When it is decided.
    pub now: DateTime<Utc>,
}

/// Why a decision could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// There is no such thing to decide.
    #[error("there is nothing to decide under «{0}»; `sync review` lists what is open")]
    Unknown(String),
    /// No such event.
    #[error("there is no event «{0}»")]
    UnknownEvent(String),
    /// No such run.
    #[error("there is no run «{0}»; `sync runs` lists those that are remembered")]
    UnknownRun(String),
    /// It was decided before.
    #[error("«{0}» is decided already")]
    Decided(String),
    /// The partner's runs are not held up.
    #[error("nothing of «{0}» is held back")]
    NotHeld(PartnerId),
    /// The event does not come from that partner, or from nobody else.
    #[error("«{event}» does not come from {partner} and somebody else besides")]
    NotJoined {
        /// The event.
        event: EventId,
        /// The partner.
        partner: PartnerId,
    },
    /// The event does not wait for an editor.
    #[error("«{0}» does not wait to be approved")]
    NotWaiting(EventId),
    /// An event cannot be joined with itself.
    #[error("«{0}» and itself are one already")]
    Itself(EventId),
    /// Others have changed what the run wrote.
    #[error(
        "{} of the events that the run wrote were changed since: {}; `--keep-changed` takes the others back",
        .0.len(), rollback::named(.0)
    )]
    ChangedSince(Vec<Changed>),
    /// The suggestion is about an event that is not there any more.
    #[error("«{0}» is not published and does not wait, so there is nothing to decide about it")]
    NotThere(EventId),
    /// Somebody changed each of the events that the run wrote.
    #[error("every event that the run wrote was changed since; nothing was taken back")]
    AllChanged,
    /// The run was taken back before, or wrote nothing.
    #[error("run «{0}» wrote nothing that could be taken back")]
    NothingWritten(String),
    /// What it was before is no longer remembered.
    #[error("what {0} was before the run is no longer remembered")]
    Forgotten(EventId),
    /// The store refused.
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

/// The change after which the partner is asked for everything, whatever it was asked before; none where it was
/// never asked.
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
