//! A run taken back whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use uuid::Uuid;

use calendar_domain::revise::revise;
use calendar_domain::{
    Event, EventId, Field, Guard, Owner, PartnerState, Publication, Record, RecordKey, RecordKind,
    Run, RunOutcome,
};
use calendar_store::{Batches, Change, CommitNumber, Revision, Store, StoreError, records};

use super::runs::parts;
use super::{DecisionError, Editor, beside, commit, event, pairs};

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
/// What is too heavy for one commit is several. Each notes in the run's records what it took back, so doing it
/// again after one failed takes the rest back.
///
/// # Errors
/// Where the run is not remembered, or events were changed since and `keep_changed` is not set: then nothing is
/// taken back. Or what the store says.
pub fn roll_back(
    store: &dyn Store,
    editor: &Editor,
    id: &str,
    later: Later,
) -> Result<RolledBack, DecisionError> {
    let mut parts = parts(store, id)?;
    parts.retain(|(run, _)| run.outcome == RunOutcome::Done);
    if parts.iter().all(|(run, _)| run.wrote.is_empty()) {
        return Err(DecisionError::NothingWritten(id.to_owned()));
    }
    let mut kept = Vec::new();
    for (run, _) in &parts {
        kept.extend(changed_since(store, run)?);
    }
    if later == Later::Stop && !kept.is_empty() {
        return Err(DecisionError::ChangedSince(kept));
    }
    let written: usize = parts.iter().map(|(run, _)| run.wrote.len()).sum();
    if kept.len() == written {
        return Err(DecisionError::AllChanged);
    }
    let mut rollback = Rollback {
        store,
        editor,
        held: held(store, &parts[0].0)?,
        namespace: pairs::namespace(store)?,
        commits: beside::commits(store, &parts)?,
        done: RolledBack {
            kept,
            ..RolledBack::default()
        },
    };
    for (run, revision) in parts {
        rollback.part(run, revision)?;
    }
    Ok(rollback.done)
}

/// The events of a record that were changed since. Those that are gone count for nothing.
fn changed_since(store: &dyn Store, run: &Run) -> Result<Vec<Changed>, StoreError> {
    let mut changed = Vec::new();
    for (id, wrote) in &run.wrote {
        let wrote = Revision(*wrote);
        if let Some((_, now)) = event(store, id)?
            && now != wrote
            && !is_as_written(store, id, wrote)?
        {
            changed.push(Changed {
                event: id.clone(),
                wrote,
                now,
            });
        }
    }
    Ok(changed)
}

/// Whether an event says again what the run made of it, as after a later run was taken back.
fn is_as_written(store: &dyn Store, id: &EventId, wrote: Revision) -> Result<bool, StoreError> {
    let Some((now, _)) = event(store, id)? else {
        return Ok(false);
    };
    let versions = store.history(&RecordKey::new(RecordKind::Event, id.as_str()))?;
    let written = versions.into_iter().find(|it| it.revision == wrote);
    let Some(Record::Event(written)) = written.and_then(|it| it.record) else {
        return Ok(false);
    };
    Ok(Event {
        sequence: now.sequence,
        modified: now.modified,
        last_change: now.last_change.clone(),
        ..Event::clone(&written)
    } == now)
}

/// A run that is being taken back.
struct Rollback<'a> {
    store: &'a dyn Store,
    editor: &'a Editor,
    /// What stops the partner's next runs; it goes with the first commit.
    held: Option<Change>,
    namespace: Uuid,
    /// The commits that wrote it.
    commits: BTreeSet<CommitNumber>,
    done: RolledBack,
}

impl Rollback<'_> {
    /// Takes back what one record of the run names. Events that were changed since stay in it: they can be taken
    /// back once what changed them is.
    fn part(&mut self, run: Run, mut revision: Revision) -> Result<(), DecisionError> {
        let mut batches = Batches::of_at_most(usize::MAX);
        // What of it is taken back already, and noted so.
        let mut noted = 0;
        for (index, (id, wrote)) in run.wrote.iter().enumerate() {
            for change in self.changes(id, Revision(*wrote))? {
                if let Some(full) = batches.push(change) {
                    noted = index;
                    let left = Run {
                        wrote: run.wrote[noted..].to_vec(),
                        ..run.clone()
                    };
                    self.commit(full, left, revision)?;
                    revision = revision.next();
                }
            }
        }
        let is_kept = |id: &EventId| self.done.kept.iter().any(|it| it.event == *id);
        let kept: Vec<_> = run
            .wrote
            .iter()
            .filter(|(id, _)| is_kept(id))
            .cloned()
            .collect();
        let taken_back = if kept.is_empty() {
            Run {
                outcome: RunOutcome::RolledBack,
                wrote: run.wrote[noted..].to_vec(),
                ..run
            }
        } else {
            Run { wrote: kept, ..run }
        };
        self.commit(batches.rest(), taken_back, revision)
    }

    fn commit(
        &mut self,
        mut changes: Vec<Change>,
        run: Run,
        revision: Revision,
    ) -> Result<(), DecisionError> {
        let note = format!("run {} taken back", run.first_record());
        changes.extend(self.held.take());
        changes.push(Change::update(run.into(), revision));
        self.done.commit = commit(self.store, self.editor, note, changes)?;
        Ok(())
    }

    /// The changes that take an event back, its own the last; none where somebody changed it since, or it is so
    /// already.
    fn changes(&mut self, id: &EventId, wrote: Revision) -> Result<Vec<Change>, DecisionError> {
        let Some((now, revision)) = event(self.store, id)? else {
            return Ok(Vec::new());
        };
        if revision != wrote && !is_as_written(self.store, id, wrote)? {
            return Ok(Vec::new());
        }
        let before = before(self.store, id, wrote)?;
        let (store, commits) = (self.store, &self.commits);
        let mut changes = beside::restored(store, self.namespace, &now, before.as_ref(), commits)?;
        let next = match before {
            Some(before) => {
                self.done.restored += 1;
                Event {
                    sequence: now.sequence,
                    ..before
                }
            }
            None => {
                self.done.withdrawn += 1;
                withdrawn(&now, self.editor)
            }
        };
        let next = revise(&now, next, self.editor.now);
        changes.extend(next.map(|next| Change::update(next.into(), revision)));
        Ok(changes)
    }
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
            run: run.first_record().to_owned(),
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
