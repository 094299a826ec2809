//! Writing of commits, and repair after a failure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::database::Trees;
use super::locks::{lock, write_lock};
use super::open_database::Occasion;
use super::recover::recover;
use super::replay::Overlay;
use super::space;
use super::store::{Answer, SledStore, Writer, head_of};
use crate::StoreError;
use crate::body::{self, State};
use crate::commit::Committed;
use crate::journal;
use crate::plan::{CheckedCommit, CommitPlan};

/// Time before a failed repair is tried again.
const MENDING_PAUSE: Duration = Duration::from_secs(5);

impl SledStore {
    /// Serves a batch of commits. Never panics.
    ///
    /// A commit that gets an error doesn't count, now or after the journal is reopened in this process.
    /// Commit numbers have no gaps.
    pub(super) fn serve(&self, batch: Vec<CheckedCommit>) -> Vec<Answer> {
        let count = batch.len();
        let mut writer = lock(&self.writer);
        let planned = self.unbroken(|| {
            let trees = self.ready(&mut writer)?;
            let (answers, plans) = self.plan(&writer.state, &trees, batch);
            Ok((trees, answers, plans))
        });
        let (trees, mut answers, plans) = match planned {
            Ok(planned) => planned,
            Err(error) => {
                self.refuse(&error, count);
                return vec![Err(error); count];
            }
        };
        let Some(last) = plans.last() else {
            return answers;
        };
        let state = last.state;
        if let Err(error) = self.unbroken(|| self.append(&mut writer, &plans, &state)) {
            self.refuse(&error, plans.len());
            // Commits without changes were compared with records that were not written, so they fail too.
            for answer in answers.iter_mut().filter(|answer| answer.is_ok()) {
                *answer = Err(error.clone());
            }
            return answers;
        }
        self.note_refusal(None);
        // From here on the commits count, even if sled fails.
        writer.state = state;
        let applied = self.unbroken(|| {
            self.apply(&trees, &plans, &state);
            drop(trees);
            if self.suspect.load(Ordering::SeqCst) {
                self.ready(&mut writer)?;
            }
            Ok(())
        });
        if let Err(error) = applied {
            tracing::error!(%error, "the database is unavailable; commits wait in the journal");
        }
        answers
    }

    fn refuse(&self, error: &StoreError, commits: usize) {
        self.counters.refused(commits);
        self.note_refusal(Some(error));
    }

    /// Runs `work`. A panic in it becomes an error, and the store is inspected before its next use.
    fn unbroken<T>(&self, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            self.suspect.store(true, Ordering::SeqCst);
            Err(StoreError::damaged(
                &self.root,
                "writing stopped unexpectedly",
            ))
        })
    }

    fn plan(
        &self,
        before: &State,
        trees: &Trees,
        batch: Vec<CheckedCommit>,
    ) -> (Vec<Answer>, Vec<CommitPlan>) {
        let (mut overlay, mut state) = (Overlay::on(trees), *before);
        let (mut answers, mut plans) = (Vec::with_capacity(batch.len()), Vec::new());
        for checked in batch {
            let at = state.at.unwrap_or(checked.at);
            answers.push(match checked.plan(&self.root, &state, &overlay) {
                Ok(Some((plan, committed))) => {
                    overlay.note(&plan.writes, &plan.claims);
                    state = plan.state;
                    plans.push(plan);
                    Ok(committed)
                }
                Ok(None) => Ok(Committed {
                    number: state.number,
                    at,
                    changes: Vec::new(),
                }),
                Err(error) => {
                    self.note_damage(&error);
                    Err(error)
                }
            });
        }
        (answers, plans)
    }

    fn apply(&self, trees: &Trees, plans: &[CommitPlan], state: &State) {
        let writes = plans.iter().flat_map(|plan| &plan.writes);
        let claims = plans.iter().flat_map(|plan| &plan.claims);
        let _applying = write_lock(&self.applying);
        if let Err(fault) = trees.apply(writes, claims, state) {
            let error = fault.at(&self.root);
            tracing::error!(%error, "the database failed to apply a commit that is in the journal");
            self.suspect.store(true, Ordering::SeqCst);
        }
        *write_lock(&self.head) = head_of(state);
    }

    fn append(
        &self,
        writer: &mut Writer,
        plans: &[CommitPlan],
        state: &State,
    ) -> Result<(), StoreError> {
        let mut frames = Vec::new();
        for plan in plans {
            journal::encode(plan.entry.number.0, &body::write(&plan.entry), &mut frames);
        }
        // Space for the journal and for sled, which needs several times as much.
        space::require(&self.root, self.limits.reserve + 4 * frames.len() as u64)?;
        let closed = || StoreError::damaged(&self.root, "its journal is closed");
        let journal = writer.journal.as_mut().ok_or_else(closed)?;
        let began = Instant::now();
        journal.append(&frames, state.number.0)?;
        self.counters.synced(plans.len(), began.elapsed());
        self.counters.journal(journal.size());
        Ok(())
    }

    /// Returns the trees, after repairing them if necessary.
    pub(super) fn ready(&self, writer: &mut Writer) -> Result<Arc<Trees>, StoreError> {
        let sound = !self.suspect.load(Ordering::SeqCst) && writer.journal.is_some();
        if sound {
            return self.trees();
        }
        if let Some((at, error)) = &writer.failed
            && at.elapsed() < MENDING_PAUSE
        {
            return Err(error.clone());
        }
        self.mend(writer).inspect_err(|error| {
            self.close_trees(error);
            // A check for free space is cheap to repeat. Other failures may have cost a rebuild.
            let costly = !matches!(error, StoreError::DiskFull { .. });
            writer.failed = costly.then(|| (Instant::now(), error.clone()));
        })
    }

    fn mend(&self, writer: &mut Writer) -> Result<Arc<Trees>, StoreError> {
        space::require(&self.root, self.limits.reserve)?;
        space::probe(&self.root)?;
        self.lock_again(&writer.state)?;
        self.close_trees(&StoreError::damaged(&self.root, "it is being repaired"));
        writer.journal = None;
        let recovered = recover(
            &self.root,
            self.limits,
            Occasion::Mending(writer.state.number),
        )?;
        let trees = Arc::new(recovered.trees);
        let (journal, state) = (Some(recovered.journal), recovered.state);
        *writer = Writer {
            journal,
            state,
            failed: None,
        };
        *write_lock(&self.trees) = Ok(Arc::clone(&trees));
        *write_lock(&self.head) = head_of(&state);
        self.suspect.store(false, Ordering::SeqCst);
        tracing::info!(commit = state.number.0, "the store accepts commits again");
        Ok(trees)
    }

    /// Closes the database so that it can be reopened. Readers get `why` meanwhile. Records in memory stay
    /// available.
    fn close_trees(&self, why: &StoreError) {
        let mut trees = write_lock(&self.trees);
        if !trees.as_ref().is_ok_and(|trees| trees.is_in_memory()) {
            *trees = Err(why.clone());
        }
    }

    /// Compacts the journal if it has grown beyond its limit. No commit depends on the outcome.
    pub(super) fn compact(&self) {
        // An erasure compacts the journal itself, and then reads what follows.
        let Ok(_no_erasure) = self.erasing.try_lock() else {
            return;
        };
        let mut writer = lock(&self.writer);
        let state = writer.state;
        let Some(journal) = writer.journal.as_mut().filter(|j| j.is_compaction_due()) else {
            return;
        };
        let Ok(trees) = self.trees() else { return };
        let items = trees
            .items()
            .map(|item| item.map_err(|fault| fault.at(&self.root)));
        match journal.compact(&state, items) {
            Ok(()) => {
                self.counters.journal(journal.size());
                tracing::info!(commit = state.number.0, "compacted the journal");
            }
            Err(error) => {
                tracing::warn!(%error, "cannot compact the journal; it stays unchanged");
                journal.postpone_compaction();
                self.note_damage(&error);
            }
        }
    }
}
