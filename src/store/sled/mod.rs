//! The sled backend: a journal that keeps the promise, and a sled database that follows it.
//!
//! sled 0.34 alone can't promise durability: its `flush` doesn't call fsync on Linux, and there
//! are reports of databases that would not open after an abrupt stop. So a commit is written to the
//! journal and synced, then to sled, then answered; and sled is whatever the journal says. Should
//! sled fail at any time, it is opened again, caught up or rebuilt before the next commit.
//!
//! A store's folder has `lock`, `journal/`, `sled/`, and after damage `sled.damaged-<n>/` or
//! `journal.damaged-<n>/` with what was set aside.
//!
//! `turns` lets writers share one sync; `trees` is the border to sled; `recover` and `replay` bring
//! the two together.

mod aside;
mod recover;
mod replay;
#[cfg(test)]
mod tests;
mod trees;
mod turns;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::body::{self, BodyError, Envelope, State};
use super::commit::{Commit, Committed, Head, Stored, Version};
use super::journal::{self, Journal, Limits, sync_folder};
use super::lock::Lock;
use super::plan::{HISTORY_KEPT, Plan, Submission};
use super::{Store, StoreError};
use crate::domain::RecordKey;
use recover::{Recovered, recover};
use replay::Overlay;
use trees::{Fault, Trees};
use turns::Turns;

type Answer = Result<Committed, StoreError>;

/// Opens the store in the folder `path`; makes it when it isn't there.
pub(super) fn open(path: &str) -> Result<Arc<dyn Store>, StoreError> {
    if path.is_empty() {
        return Err(StoreError::BadAddress {
            url: "sled:".to_owned(),
            detail: "a folder must follow, as in 'sled:var/store'".to_owned(),
        });
    }
    Ok(Arc::new(SledStore::open(
        Path::new(path),
        Limits::default(),
    )?))
}

/// A store in a folder.
struct SledStore {
    root: PathBuf,
    limits: Limits,
    turns: Turns<Submission, Answer>,
    writer: Mutex<Writer>,
    /// Held for writing while a commit goes into sled, for reading by who reads more than one
    /// record; never while the disk is waited for.
    applying: RwLock<()>,
    /// `None` while sled is out of order.
    trees: RwLock<Option<Arc<Trees>>>,
    head: RwLock<Head>,
    /// Set by a reader that met damage; the next writer mends it.
    suspect: AtomicBool,
    /// Last, so that it is let go last.
    _lock: Lock,
}

/// What only the leading writer touches.
struct Writer {
    /// `None` while the store is out of order.
    journal: Option<Journal>,
    state: State,
}

impl SledStore {
    fn open(root: &Path, limits: Limits) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("making", root, error);
        std::fs::create_dir_all(root).map_err(failed)?;
        let root = root.canonicalize().map_err(failed)?;
        if let Some(parent) = root.parent() {
            sync_folder(parent)?;
        }
        let lock = Lock::take(&root)?;
        let Recovered {
            trees,
            journal,
            state,
        } = recover(&root, limits)?;
        Ok(Self {
            root,
            limits,
            turns: Turns::new(),
            writer: Mutex::new(Writer {
                journal: Some(journal),
                state,
            }),
            applying: RwLock::new(()),
            trees: RwLock::new(Some(Arc::new(trees))),
            head: RwLock::new(head_of(&state)),
            suspect: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// Serves a batch of writers; never panics.
    fn serve(&self, batch: Vec<Submission>) -> Vec<Answer> {
        let count = batch.len();
        catch_unwind(AssertUnwindSafe(|| self.write(batch))).unwrap_or_else(|_| {
            self.suspect.store(true, Ordering::SeqCst);
            vec![
                Err(StoreError::damaged(
                    &self.root,
                    "writing stopped unexpectedly"
                ));
                count
            ]
        })
    }

    fn write(&self, batch: Vec<Submission>) -> Vec<Answer> {
        let mut writer = lock(&self.writer);
        let trees = match self.ready(&mut writer) {
            Ok(trees) => trees,
            Err(error) => return vec![Err(error); batch.len()],
        };
        let (mut answers, plans) = self.plan(&writer.state, &trees, batch);
        let Some(last) = plans.last() else {
            return answers;
        };
        let state = last.state;
        let mut frames = Vec::new();
        for plan in &plans {
            journal::encode(plan.entry.number.0, &body::write(&plan.entry), &mut frames);
        }
        let journal = writer.journal.as_mut();
        let appended = journal.map_or(Ok(()), |journal| journal.append(&frames, state.number.0));
        if let Err(error) = appended {
            // Also those that change nothing were compared with what now isn't there.
            for answer in answers.iter_mut().filter(|answer| answer.is_ok()) {
                *answer = Err(error.clone());
            }
            return answers;
        }
        writer.state = state;
        self.apply(&trees, &plans, &state);
        drop(trees);
        // The commits are in the journal and count, whatever sled did with them.
        if self.suspect.load(Ordering::SeqCst)
            && let Err(error) = self.ready(&mut writer)
        {
            tracing::error!(%error, "the database is out of order; commits wait in the journal");
        }
        answers
    }

    fn plan(
        &self,
        before: &State,
        trees: &Trees,
        batch: Vec<Submission>,
    ) -> (Vec<Answer>, Vec<Plan>) {
        let (mut overlay, mut state) = (Overlay::on(trees), *before);
        let (mut answers, mut plans) = (Vec::with_capacity(batch.len()), Vec::new());
        for submission in batch {
            let at = state.at.unwrap_or(submission.at);
            answers.push(match submission.plan(&self.root, &state, &overlay) {
                Ok(Some((plan, committed))) => {
                    overlay.note(&plan.writes);
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

    fn apply(&self, trees: &Trees, plans: &[Plan], state: &State) {
        let writes = plans.iter().flat_map(|plan| &plan.writes);
        let _applying = write_lock(&self.applying);
        if let Err(fault) = trees.apply(writes, state) {
            let error = fault.at(&self.root);
            tracing::error!(%error, "the database did not take a commit that is in the journal");
            self.suspect.store(true, Ordering::SeqCst);
        }
        *write_lock(&self.head) = head_of(state);
    }

    /// The trees, after mending them when something was wrong with them.
    fn ready(&self, writer: &mut Writer) -> Result<Arc<Trees>, StoreError> {
        let sound = !self.suspect.load(Ordering::SeqCst) && writer.journal.is_some();
        if sound && let Some(trees) = read_lock(&self.trees).clone() {
            return Ok(trees);
        }
        *write_lock(&self.trees) = None;
        writer.journal = None;
        let Recovered {
            trees,
            journal,
            state,
        } = recover(&self.root, self.limits)?;
        let trees = Arc::new(trees);
        *writer = Writer {
            journal: Some(journal),
            state,
        };
        *write_lock(&self.trees) = Some(Arc::clone(&trees));
        *write_lock(&self.head) = head_of(&state);
        self.suspect.store(false, Ordering::SeqCst);
        Ok(trees)
    }

    /// Compacts the journal when it has grown; no commit depends on it.
    fn compact(&self) {
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
            Ok(()) => tracing::info!(commit = state.number.0, "compacted the journal"),
            Err(error) => {
                tracing::warn!(%error, "the journal could not be compacted; it stays as it is");
                journal.postpone_compaction();
                self.note_damage(&error);
            }
        }
    }

    fn trees(&self) -> Result<Arc<Trees>, StoreError> {
        read_lock(&self.trees)
            .clone()
            .ok_or_else(|| StoreError::damaged(&self.root, "its database is out of order"))
    }

    fn note_damage(&self, error: &StoreError) {
        if matches!(error, StoreError::Damaged { .. }) {
            self.suspect.store(true, Ordering::SeqCst);
        }
    }

    fn read<T>(&self, work: impl FnOnce(&Trees) -> Result<T, ReadError>) -> Result<T, StoreError> {
        let trees = self.trees()?;
        work(&trees).map_err(|error| {
            let error = match error {
                ReadError::Fault(fault) => fault.at(&self.root),
                ReadError::Body(error) => error.at(&self.root, "a record"),
                ReadError::Gap(key) => {
                    StoreError::damaged(&self.root, format!("versions of {key} are missing"))
                }
            };
            self.note_damage(&error);
            error
        })
    }
}

impl Store for SledStore {
    fn head(&self) -> Head {
        *read_lock(&self.head)
    }

    fn load(&self) -> Result<Vec<Stored>, StoreError> {
        let _whole = read_lock(&self.applying);
        self.read(|trees| {
            let mut records = Vec::new();
            for bytes in trees.all_current()? {
                records.extend(Envelope::read(&bytes)?.stored()?);
            }
            records.sort_by_cached_key(|stored| stored.record.key());
            Ok(records)
        })
    }

    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError> {
        self.read(|trees| match trees.current_value(&key.to_string())? {
            Some(bytes) => Ok(Envelope::read(&bytes)?.stored()?),
            None => Ok(None),
        })
    }

    fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let submission = Submission::check(commit)?;
        let bytes = submission.size;
        self.turns.take(
            submission,
            bytes,
            |batch| self.serve(batch),
            || self.compact(),
        )
    }

    fn history(&self, key: &RecordKey) -> Result<Vec<Version>, StoreError> {
        let _whole = read_lock(&self.applying);
        let text = key.to_string();
        self.read(|trees| {
            let mut values = trees.earlier_values(&text)?;
            values.extend(trees.current_value(&text)?);
            let read = |bytes: &::sled::IVec| Envelope::read(bytes)?.version();
            let versions = values.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            let last = versions.last().map_or(0, |version| version.revision.0);
            let first = last.saturating_sub(HISTORY_KEPT).max(1);
            let whole = versions
                .iter()
                .map(|version| version.revision.0)
                .eq(first..=last);
            if whole || versions.is_empty() {
                Ok(versions)
            } else {
                Err(ReadError::Gap(text.clone()))
            }
        })
    }
}

/// Why reading failed, before it is said in the words of the layer.
enum ReadError {
    Fault(Fault),
    Body(BodyError),
    Gap(String),
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<BodyError> for ReadError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

fn head_of(state: &State) -> Head {
    Head {
        number: state.number,
        at: state.at,
    }
}

// A lock is poisoned when its holder panicked; the data behind each of these is replaced as a
// whole, so what is there is good.

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_lock<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write_lock<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
