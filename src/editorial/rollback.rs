//! A run taken back whole.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::domain::revise::revise;
use crate::domain::{
    Event, EventId, Field, Guard, Owner, PartnerState, Publication, Record, RecordKey, RecordKind,
    Run, RunOutcome,
};
use crate::store::{Change, CommitNumber, Revision, Store, StoreError, records};

use super::{DecisionError, Editor, commit, event};

/// An event that was changed since the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The event.
    pub event: EventId,
    /// The revision that the run made.
    pub wrote: Revision,
    /// The one that stands now.
    pub now: Revision,
}

/// What was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RolledBack {
    /// The commit.
    pub commit: CommitNumber,
    /// Events that are as they were before the run.
    pub restored: usize,
    /// Events that the run had made, and that are public no more.
    pub withdrawn: usize,
    /// Events that were changed since, and stay.
    pub kept: Vec<Changed>,
}

/// The first few of the events, for a message.
pub(super) fn named(changed: &[Changed]) -> String {
    let mut out = String::new();
    for (index, it) in changed.iter().take(5).enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(out, "{comma}{}", it.event);
    }
    if changed.len() > 5 {
        out.push_str(", …");
    }
    out
}

/// What becomes of an event's changes since the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// They stop the whole.
    Stop,
    /// Such events stay as they are.
    Keep,
}

/// Takes a run back: what it changed is as before, what it made is withdrawn. The partner's runs write
/// nothing more until they are released, since the next one would write the same again.
///
/// # Errors
/// Where the run is not remembered, or events were changed since and `keep_changed` is not set.
pub fn roll_back(
    store: &dyn Store,
    editor: &Editor,
    id: &str,
    later: Later,
) -> Result<RolledBack, DecisionError> {
    let (run, run_revision) = run(store, id)?;
    if run.wrote.is_empty() || run.outcome != RunOutcome::Done {
        return Err(DecisionError::NothingWritten(id.to_owned()));
    }
    let mut done = RolledBack::default();
    let mut changes = Vec::new();
    for (event_id, wrote) in &run.wrote {
        let wrote = Revision(*wrote);
        let Some((now, revision)) = event(store, event_id)? else {
            continue;
        };
        if revision != wrote {
            done.kept.push(Changed {
                event: event_id.clone(),
                wrote,
                now: revision,
            });
            continue;
        }
        let before = before(store, event_id, wrote)?;
        let next = match before {
            Some(before) => {
                done.restored += 1;
                Event {
                    sequence: now.sequence,
                    ..before
                }
            }
            None => {
                done.withdrawn += 1;
                withdrawn(&now, editor)
            }
        };
        let next = revise(&now, next, editor.now);
        changes.extend(next.map(|next| Change::update(next.into(), revision)));
    }
    if later == Later::Stop && !done.kept.is_empty() {
        return Err(DecisionError::ChangedSince(done.kept));
    }
    changes.extend(held(store, &run)?);
    let outcome = RunOutcome::RolledBack;
    changes.push(Change::update(Run { outcome, ..run }.into(), run_revision));
    done.commit = commit(store, editor, format!("run {id} taken back"), changes)?;
    Ok(done)
}

fn run(store: &dyn Store, id: &str) -> Result<(Run, Revision), DecisionError> {
    records::one(store, id)?.ok_or_else(|| DecisionError::UnknownRun(id.to_owned()))
}

/// What an event was before a revision; none where that made it.
fn before(
    store: &dyn Store,
    id: &EventId,
    wrote: Revision,
) -> Result<Option<Event>, DecisionError> {
    if wrote == Revision::FIRST {
        return Ok(None);
    }
    let key = RecordKey::new(RecordKind::Event, id.as_str());
    let versions = store.history(&key)?;
    let version = versions.into_iter().find(|it| it.revision.next() == wrote);
    let version = version.ok_or_else(|| DecisionError::Forgotten(id.clone()))?;
    Ok(match version.record {
        Some(Record::Event(event)) => Some((*event).clone()),
        _ => None,
    })
}

fn withdrawn(event: &Event, editor: &Editor) -> Event {
    let mut next = event.clone();
    next.publication = Publication::Withdrawn;
    // The partner may bring it back once its runs are let through again.
    let partner = event.sources.first().map(|it| it.partner.clone());
    let owner = partner.map_or(Owner::Editor(editor.name.clone()), Owner::Partner);
    next.owners.insert(Field::Publication, owner);
    next
}

fn held(store: &dyn Store, run: &Run) -> Result<Option<Change>, StoreError> {
    let known = records::one::<PartnerState>(store, run.partner.as_str())?;
    let (known, revision) = known.unzip();
    let state = PartnerState {
        guard: Guard::Held {
            run: run.id.clone(),
        },
        validators: BTreeMap::new(),
        resume: None,
        ..known.unwrap_or_else(|| PartnerState::new(run.partner.clone()))
    };
    Ok(Some(match revision {
        Some(revision) => Change::update(state.into(), revision),
        None => Change::create(state.into()),
    }))
}
