//! The sled backend: a durable journal and a sled database that follows it.
//!
//! sled 0.34 alone can't guarantee durability: its `flush` doesn't call fsync on Linux, and there are reports
//! of databases that don't open after a crash. A commit is therefore written to the journal and synced, then
//! written to sled, then acknowledged. The journal is authoritative. If sled fails, it is reopened, caught up
//! or rebuilt before the next commit.
//!
//! A store's folder contains `lock`, `journal/` and `sled-<n>/`, and after damage `sled.damaged-<n>/` or
//! `journal.damaged-<n>/`.
//!
//! - Opening: `backend` reads the address, `store_folder` finds the folder and `open` opens the store. If the disk can't be written, the records
//!   are in `memory`.
//! - Commits: `write` writes them, in the batches that `group_commit` collects, so that they share one sync.
//! - Database: `database` has sled's trees, isolated by `sled_guard`; `claims` is the index of names; `scan` reads
//!   records in parallel.
//! - Short-lived data: `ephemeral`, in a database of its own in the folder `ephemeral`.
//! - Recovery: `recover` decides what `rebuild` and `replay` do, `folders` names the folders, and `space`
//!   checks the free space.
//! - Operators: `repair`, `backup` and `restore`.

mod allocation;
mod backend;
mod backup;
mod claims;
mod claims_mark;
mod database;
mod ephemeral;
mod folders;
mod group_commit;
mod memory;
mod open;
mod open_database;
mod readiness;
mod rebuild;
mod recover;
mod repair;
mod replay;
mod restore;
mod scan;
mod sled_guard;
mod space;
mod store_folder;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use super::body::{BodyError, Envelope, State};
use super::commit::{
    Checkpoint, Commit, CommitNumber, CommitRecord, Committed, RecordVersion, StoreHead, Stored,
};
use super::ephemeral::EphemeralStore;
use super::generation::Generation;
use super::history;
use super::journal::{Journal, JournalLimits, Survey};
use super::lock::Lock;
use super::owner::FileOwner;
use super::plan::CheckedCommit;
use super::stats::{Counters, StoreStats};
use super::{Store, StoreError};
use calendar_domain::{Claim, RecordKey, RecordKind};
use database::Trees;
use ephemeral::SledEphemeral;
use group_commit::GroupCommit;
use sled_guard::SledFault;

/// The subfolder for data that may be deleted.
const CACHE: &str = "cache";

type Answer = Result<Committed, StoreError>;

pub(super) use backend::Sled;

/// A store in a folder.
struct SledStore {
    root: PathBuf,
    cache: PathBuf,
    limits: JournalLimits,
    turns: GroupCommit<CheckedCommit, Answer>,
    writer: Mutex<Writer>,
    /// Locked for writing while a commit is applied to sled, and for reading by readers of several records.
    /// Never held during a sync.
    applying: RwLock<()>,
    /// The database, or the reason why it can't be used.
    trees: RwLock<Result<Arc<Trees>, StoreError>>,
    head: RwLock<StoreHead>,
    generation: Generation,
    /// Set by a reader that found damage. The next writer repairs it.
    suspect: AtomicBool,
    /// The content of the journal at the start, until it is used once.
    survey: Mutex<Option<Survey>>,
    /// The time of the last disk check and the reason why commits are refused.
    refusal: Mutex<Option<(Instant, StoreError)>>,
    counters: Counters,
    ephemeral: SledEphemeral,
    /// Dropped after the trees, which write when they are closed.
    _owner: FileOwner,
    /// Dropped last. `None` if the lock could not be taken because the disk can't be written.
    lock: Mutex<Option<Lock>>,
}

/// State that only the leading writer uses.
struct Writer {
    /// `None` while the store is damaged or can't be written.
    journal: Option<Journal>,
    state: State,
    /// The time and the error of the last failed repair.
    failed: Option<(Instant, StoreError)>,
}

impl SledStore {
    /// Passes the commits of `survey` after `then`, up to `last`, to `each`.
    fn told_by(
        &self,
        survey: &Survey,
        then: Checkpoint,
        last: CommitNumber,
        each: &mut dyn FnMut(CommitRecord),
    ) -> Result<bool, StoreError> {
        let state = match &survey.base {
            Some((_, base)) if base.number == then.number => Some(base.totals),
            _ => survey.entry(then.number.0)?.map(|entry| entry.after),
        };
        if state.is_none_or(|totals| totals.fingerprint() != then.fingerprint) {
            return Ok(false);
        }
        survey.entries(then.number.0 + 1..=last.0, |entry| {
            let failed = |error: BodyError| error.at(&self.root, "a commit in the journal");
            let mut changes = Vec::with_capacity(entry.changes.len());
            for change in &entry.changes {
                if let Some((kind, id)) = change.key.split_once('/')
                    && let Ok(kind) = kind.parse()
                {
                    let record = change.record(entry.v).map_err(failed)?;
                    changes.push((RecordKey::new(kind, id), record));
                }
            }
            each(CommitRecord {
                number: entry.number,
                at: entry.at,
                changes,
            });
            Ok(())
        })?;
        Ok(true)
    }

    fn trees(&self) -> Result<Arc<Trees>, StoreError> {
        read_lock(&self.trees).clone()
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
    fn head(&self) -> StoreHead {
        *read_lock(&self.head)
    }

    fn generation(&self) -> Generation {
        self.generation
    }

    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError> {
        let _whole = read_lock(&self.applying);
        self.read(|trees| scan::scan(trees, kinds, each))
    }

    fn standing(&self) -> Option<Checkpoint> {
        let state = lock(&self.writer).state;
        Some(Checkpoint {
            number: state.number,
            fingerprint: state.totals.fingerprint(),
        })
    }

    fn commits_since(
        &self,
        then: Checkpoint,
        each: &mut dyn FnMut(CommitRecord),
    ) -> Result<bool, StoreError> {
        let Some(now) = self.standing().filter(|now| *now != then) else {
            return Ok(true);
        };
        match lock(&self.survey).take() {
            Some(survey) => self.told_by(&survey, then, now.number, each),
            None => Ok(false),
        }
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.root)
    }

    fn cache_folder(&self) -> Option<&Path> {
        Some(&self.cache)
    }

    fn ephemeral(&self) -> Option<&dyn EphemeralStore> {
        Some(&self.ephemeral)
    }

    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError> {
        self.read(|trees| match trees.current_value(&key.to_string())? {
            Some(bytes) => Ok(Envelope::read(&bytes)?.stored()?),
            None => Ok(None),
        })
    }

    fn holders(&self, claim: &Claim) -> Result<Vec<RecordKey>, StoreError> {
        self.read(|trees| Ok(trees.holders_of(claim)?.keys().collect()))
    }

    fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let checked = CheckedCommit::check(commit)?;
        let bytes = checked.size;
        self.turns
            .take(checked, bytes, |batch| self.serve(batch), || self.compact())
    }

    fn history(&self, key: &RecordKey) -> Result<Vec<RecordVersion>, StoreError> {
        let _whole = read_lock(&self.applying);
        let text = key.to_string();
        self.read(|trees| {
            let mut values = trees.earlier_values(&text)?;
            values.extend(trees.current_value(&text)?);
            let read = |bytes: &::sled::IVec| Envelope::read(bytes)?.version();
            let versions = values.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            if history::is_whole_history(versions.iter().map(|version| version.revision)) {
                Ok(versions)
            } else {
                Err(ReadError::Gap(text.clone()))
            }
        })
    }

    fn writable(&self) -> Result<(), StoreError> {
        space::require(&self.root, self.limits.reserve)?;
        self.look_again()
    }

    fn stats(&self) -> StoreStats {
        self.counters.read()
    }
}

/// Why reading failed.
enum ReadError {
    Fault(SledFault),
    Body(BodyError),
    Gap(String),
}

impl From<SledFault> for ReadError {
    fn from(fault: SledFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<BodyError> for ReadError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

fn head_of(state: &State) -> StoreHead {
    StoreHead {
        number: state.number,
        at: state.at,
    }
}

// A poisoned lock means that its holder panicked. The data behind these locks is replaced as a whole, so it
// is still valid.

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_lock<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write_lock<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
