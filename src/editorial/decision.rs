//! Decisions: who makes them, and the commit of each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use calendar_domain::{Event, EventId, PartnerId, PartnerState, Publication};
use calendar_store::{Author, Change, Commit, CommitNumber, Revision, Store, StoreError, records};

use super::error::DecisionError;

/// The editor and the time of a decision.
#[derive(Debug, Clone)]
pub struct Editor {
    /// Account name, or `operator` on the command line.
    pub name: String,
    /// Time of the decision.
    pub now: DateTime<Utc>,
}

pub(super) fn event(
    store: &dyn Store,
    id: &EventId,
) -> Result<Option<(Event, Revision)>, StoreError> {
    records::one(store, id.as_str())
}

pub(super) fn known_event(
    store: &dyn Store,
    id: &EventId,
) -> Result<(Event, Revision), DecisionError> {
    let found = event(store, id)?;
    found.ok_or_else(|| DecisionError::UnknownEvent(id.to_string()))
}

pub(super) fn is_there(event: &Event) -> bool {
    matches!(
        event.publication,
        Publication::Published | Publication::Submitted
    )
}

/// Returns the change that makes the next run fetch everything. Returns `None` if the partner was never run.
pub(super) fn ask_anew(
    store: &dyn Store,
    partner: &PartnerId,
) -> Result<Option<Change>, StoreError> {
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

pub(super) fn commit(
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
