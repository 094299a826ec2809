//! The store: its state, and reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Instant;

use super::database::Trees;
use super::ephemeral::SledEphemeral;
use super::group_commit::GroupCommit;
use super::locks::{lock, read_lock};
use super::read_error::ReadError;
use super::{scan, space};
use crate::audit_log::AuditLog;
use crate::body::{BodyError, Envelope, State};
use crate::commit::{
    Checkpoint, Commit, CommitNumber, CommitRecord, Committed, RecordVersion, Revision, StoreHead,
    Stored,
};
use crate::ephemeral::EphemeralStore;
use crate::erasure::ErasedVersions;
use crate::generation::Generation;
use crate::history;
use crate::image_files::ImageFiles;
use crate::journal::{Journal, JournalLimits, Survey};
use crate::lock::Lock;
use crate::owner::FileOwner;
use crate::plan::CheckedCommit;
use crate::stats::{Counters, StoreStats};
use crate::{Store, StoreError};
use calendar_domain::{Claim, RecordKey, RecordKind};

/// The subfolder for data that may be deleted.
pub(super) const CACHE: &str = "cache";

pub(super) type Answer = Result<Committed, StoreError>;

/// A store in a folder.
pub(super) struct SledStore {
    pub(super) root: PathBuf,
    pub(super) cache: PathBuf,
    pub(super) images: ImageFiles,
    pub(super) audit: AuditLog,
    pub(super) limits: JournalLimits,
    pub(super) turns: GroupCommit<CheckedCommit, Answer>,
    pub(super) writer: Mutex<Writer>,
    /// Locked for writing while a commit is applied to sled, and for reading by readers of several records.
    /// Never held during a sync.
    pub(super) applying: RwLock<()>,
    /// The database, or the reason why it can't be used.
    pub(super) trees: RwLock<Result<Arc<Trees>, StoreError>>,
    pub(super) head: RwLock<StoreHead>,
    pub(super) generation: Generation,
    /// Set by a reader that found damage. The next writer repairs it.
    pub(super) suspect: AtomicBool,
    /// The content of the journal at the start, until it is used once.
    pub(super) survey: Mutex<Option<Survey>>,
    /// The time of the last disk check and the reason why commits are refused.
    pub(super) refusal: Mutex<Option<(Instant, StoreError)>>,
    pub(super) counters: Counters,
    pub(super) ephemeral: SledEphemeral,
    /// Held while versions are erased.
    pub(super) erasing: Mutex<()>,
    /// Dropped after the trees, which write when they are closed.
    pub(super) _owner: FileOwner,
    /// Dropped last. `None` if the lock could not be taken because the disk can't be written.
    pub(super) lock: Mutex<Option<Lock>>,
}

/// State that only the leading writer uses.
pub(super) struct Writer {
    /// `None` while the store is damaged or can't be written.
    pub(super) journal: Option<Journal>,
    pub(super) state: State,
    /// The time and the error of the last failed repair.
    pub(super) failed: Option<(Instant, StoreError)>,
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

    pub(super) fn trees(&self) -> Result<Arc<Trees>, StoreError> {
        read_lock(&self.trees).clone()
    }

    pub(super) fn note_damage(&self, error: &StoreError) {
        if matches!(error, StoreError::Damaged { .. }) {
            self.suspect.store(true, Ordering::SeqCst);
        }
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Trees) -> Result<T, ReadError>,
    ) -> Result<T, StoreError> {
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

    fn images(&self) -> Option<&ImageFiles> {
        Some(&self.images)
    }

    fn audit(&self) -> Option<&AuditLog> {
        Some(&self.audit)
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

    fn scan_versions(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(&RecordKey, RecordVersion),
    ) -> Result<(), StoreError> {
        let _whole = read_lock(&self.applying);
        self.read(|trees| {
            let mut kinds = kinds.iter();
            kinds.try_for_each(|kind| trees.each_version(*kind, each))
        })
    }

    fn erase_versions(
        &self,
        keys: &BTreeMap<RecordKey, Revision>,
    ) -> Result<ErasedVersions, StoreError> {
        self.erase(keys)
    }

    fn writable(&self) -> Result<(), StoreError> {
        space::require(&self.root, self.limits.reserve)?;
        self.look_again()
    }

    fn stats(&self) -> StoreStats {
        self.counters.read()
    }
}

pub(super) fn head_of(state: &State) -> StoreHead {
    StoreHead {
        number: state.number,
        at: state.at,
    }
}
