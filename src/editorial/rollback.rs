//! Rollback of a run.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use calendar_domain::revision::revise;
use calendar_domain::{
    Event, EventId, Field, Guard, Owner, PartnerState, Publication, Record, RecordKey, RecordKind,
    Run, RunOutcome, Source,
};
use calendar_store::{Batches, Change, CommitNumber, Revision, Store, StoreError, records};

use super::runs::parts;
use super::{ChangedSinceRun, DecisionError, Editor, beside, commit, event, merge};

/// The result of a rollback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RolledBack {
    /// Its last commit.
    pub commit: CommitNumber,
    /// Number of events restored to their state before the run.
    pub restored: usize,
    /// Number of withdrawn events that the run had created.
    pub withdrawn: usize,
    /// Events that were changed since, and kept.
    pub kept: Vec<ChangedSinceRun>,
}

/// How to treat events that were changed since the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// Roll back nothing.
    Stop,
    /// Keep such events as they are.
    Keep,
}

/// Rolls a run back: events that it updated are restored, events that it created are withdrawn. The partner is
/// put on hold until it is released, since its next run would write the same again.
///
/// A large rollback takes several commits. Each records in the run what it rolled back, so an interrupted
/// rollback can be repeated.
///
/// # Errors
/// Returns [`DecisionError::ChangedSince`] if events were changed since and `later` is [`Later::Stop`]; nothing
/// is rolled back then. Errors if the run is unknown, has nothing left to roll back, or the store fails.
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
    let passed_on = passed_on(store, &parts)?;
    let mut kept = Vec::new();
    for (run, _) in &parts {
        kept.extend(changed_since(store, run, &passed_on)?);
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
        namespace: merge::namespace(store)?,
        commits: beside::commits(store, &parts)?,
        passed_on,
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

/// Returns the events of a run's record that were changed since, with those of `passed_on`. Deleted ones do not count.
fn changed_since(
    store: &dyn Store,
    run: &Run,
    passed_on: &BTreeSet<EventId>,
) -> Result<Vec<ChangedSinceRun>, StoreError> {
    let mut changed = Vec::new();
    for (id, wrote) in &run.wrote {
        let wrote = Revision(*wrote);
        if let Some((_, now)) = event(store, id)?
            && (passed_on.contains(id) || now != wrote && !is_as_written(store, id, wrote)?)
        {
            changed.push(ChangedSinceRun {
                event: id.clone(),
                wrote,
                now,
            });
        }
    }
    Ok(changed)
}

/// Returns the events of a run that lost a source in it which another event has now.
fn passed_on(
    store: &dyn Store,
    parts: &[(Run, Revision)],
) -> Result<BTreeSet<EventId>, DecisionError> {
    let mut lost = BTreeMap::new();
    for (id, wrote) in parts.iter().flat_map(|(run, _)| &run.wrote) {
        let Some((now, _)) = event(store, id)? else {
            continue;
        };
        let before = match before(store, id, Revision(*wrote)) {
            // It matters only if the event is rolled back.
            Err(DecisionError::Forgotten(_)) => None,
            before => before?,
        };
        let sources = before.into_iter().flat_map(|before| before.sources);
        for source in sources.filter(|source| !has_origin(&now, source)) {
            lost.insert((source.partner, source.origin_id), id.clone());
        }
    }
    let mut found = BTreeSet::new();
    if lost.is_empty() {
        return Ok(found);
    }
    store.scan(&[RecordKind::Event], &mut |batch| {
        for stored in batch {
            let Record::Event(event) = stored.record else {
                continue;
            };
            let origins = event.sources.iter();
            let origins = origins.map(|own| (own.partner.clone(), own.origin_id.clone()));
            let losers = origins.filter_map(|origin| lost.get(&origin));
            found.extend(losers.filter(|id| **id != event.id).cloned());
        }
    })?;
    Ok(found)
}

fn has_origin(event: &Event, source: &Source) -> bool {
    let mut sources = event.sources.iter();
    sources.any(|other| (&other.partner, &other.origin_id) == (&source.partner, &source.origin_id))
}

/// Returns true if an event has the content that the run wrote, as after the rollback of a later run.
fn is_as_written(store: &dyn Store, id: &EventId, wrote: Revision) -> Result<bool, StoreError> {
    let Some((now, _)) = event(store, id)? else {
        return Ok(false);
    };
    let versions = store.history(&RecordKey::new(RecordKind::Event, id.as_str()))?;
    let written = versions
        .into_iter()
        .find(|version| version.revision == wrote);
    let Some(Record::Event(written)) = written.and_then(|written| written.record) else {
        return Ok(false);
    };
    Ok(Event {
        sequence: now.sequence,
        modified: now.modified,
        last_change: now.last_change.clone(),
        ..Event::clone(&written)
    } == now)
}

/// A rollback in progress.
struct Rollback<'a> {
    store: &'a dyn Store,
    editor: &'a Editor,
    /// Puts the partner on hold; part of the first commit.
    held: Option<Change>,
    namespace: Uuid,
    /// The commits that wrote the run.
    commits: BTreeSet<CommitNumber>,
    /// Events that lost a source which another event has now.
    passed_on: BTreeSet<EventId>,
    done: RolledBack,
}

impl Rollback<'_> {
    /// Rolls back one record of the run. Events that were changed since stay in the record: they can be rolled
    /// back after that change is.
    fn part(&mut self, run: Run, mut revision: Revision) -> Result<(), DecisionError> {
        let mut batches = Batches::of_at_most(usize::MAX);
        // Number of events that are rolled back and recorded as such.
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
        let is_kept = |id: &EventId| self.done.kept.iter().any(|kept| kept.event == *id);
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

    /// Returns the changes that roll an event back, the event itself last. Empty if the event was changed
    /// since.
    fn changes(&mut self, id: &EventId, wrote: Revision) -> Result<Vec<Change>, DecisionError> {
        let Some((now, revision)) = event(self.store, id)? else {
            return Ok(Vec::new());
        };
        let is_changed = revision != wrote && !is_as_written(self.store, id, wrote)?;
        if is_changed || self.passed_on.contains(id) {
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

/// Returns the state of an event before a revision. Returns `None` if the revision created it.
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
    let version = versions
        .into_iter()
        .find(|version| version.revision.next() == wrote);
    let version = version.ok_or_else(|| DecisionError::Forgotten(id.clone()))?;
    Ok(match version.record {
        Some(Record::Event(event)) => Some((*event).clone()),
        _ => None,
    })
}

fn withdrawn(event: &Event, editor: &Editor) -> Event {
    let mut next = event.clone();
    next.publication = Publication::Withdrawn;
    // The partner may restore it after its release.
    let partner = event.sources.first().map(|source| source.partner.clone());
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
