//! Opening of a store: an existing one, a new one, or, if the disk can't be written, the content of the
//! journal.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Instant;

use super::database::Trees;
use super::ephemeral::SledEphemeral;
use super::erase;
use super::folders::{AUDIT, IMAGES, JOURNAL};
use super::group_commit::GroupCommit;
use super::locks::lock;
use super::open_database::{Database, Occasion};
use super::rebuild::replay_all;
use super::recover::{Recovered, StoreFiles, recover};
use super::store::{CACHE, SledStore, Writer, head_of};
use super::{remains, restore, space, store_folder};
use crate::audit_log::AuditLog;
use crate::body::State;
use crate::generation::{self, Generation};
use crate::image_files::ImageFiles;
use crate::journal::{Journal, JournalLimits, Survey};
use crate::lock::Lock;
use crate::owner::FileOwner;
use crate::stats::Counters;
use crate::{IfMissing, StoreError};

/// An opened store.
struct Opened {
    trees: Trees,
    /// The journal, or why the store can't be written.
    journal: Result<Journal, StoreError>,
    state: State,
    survey: Survey,
}

impl From<Recovered> for Opened {
    fn from(recovered: Recovered) -> Self {
        Self {
            trees: recovered.trees,
            journal: Ok(recovered.journal),
            state: recovered.state,
            survey: recovered.survey,
        }
    }
}

impl SledStore {
    #[cfg(test)]
    pub(super) fn open(path: &Path, limits: JournalLimits) -> Result<Self, StoreError> {
        Self::open_or(path, limits, IfMissing::Create)
    }

    pub(super) fn open_or(
        path: &Path,
        limits: JournalLimits,
        if_missing: IfMissing,
    ) -> Result<Self, StoreError> {
        let mut owner = FileOwner::new(path);
        let place = store_folder::find(path, if_missing)?;
        let root = place.root;
        owner.add(root.clone());
        place.top.into_iter().for_each(|top| owner.add(top));
        let (lock, refused) = match Lock::take(&root) {
            Ok(lock) => (Some(lock), None),
            Err(error) if error.is_passing() => (Lock::take_unwritten(&root)?, Some(error)),
            Err(error) => return Err(error),
        };
        let opened = match refused {
            Some(error) => read_only(&root, error)?,
            None => match writable(&root, limits) {
                Err(error) if error.is_passing() => read_only(&root, error)?,
                outcome => outcome?.into(),
            },
        };
        if opened.journal.is_ok() {
            remains::remove(&root);
            store_folder::mark(path)
                .into_iter()
                .for_each(|mark| owner.add(mark));
        }
        if place.is_new {
            tracing::info!("created a new store at {}", root.display());
        }
        let journal_folder = root.join(JOURNAL);
        let was_restored = restore::was_restored(&root);
        let generation = generation::open(&journal_folder, opened.state.number.0, was_restored)?;
        Ok(Self::new(root, limits, opened, generation, lock, owner))
    }

    fn new(
        root: std::path::PathBuf,
        limits: JournalLimits,
        opened: Opened,
        generation: Generation,
        lock: Option<Lock>,
        owner: FileOwner,
    ) -> Self {
        let counters = Counters::default();
        let (journal, why) = match opened.journal {
            Ok(journal) => {
                counters.journal(journal.size());
                (Some(journal), None)
            }
            Err(why) => (None, Some((Instant::now(), why))),
        };
        let state = opened.state;
        Self {
            cache: root.join(CACHE),
            images: ImageFiles::new(root.join(IMAGES)),
            audit: AuditLog::new(root.join(AUDIT)),
            ephemeral: SledEphemeral::new(root.clone(), limits.reserve),
            erasing: Mutex::new(()),
            root,
            limits,
            counters,
            refusal: Mutex::new(why),
            turns: GroupCommit::new(),
            writer: Mutex::new(Writer {
                journal,
                state,
                failed: None,
            }),
            applying: RwLock::new(()),
            trees: RwLock::new(Ok(Arc::new(opened.trees))),
            head: RwLock::new(head_of(&state)),
            generation,
            suspect: AtomicBool::new(false),
            survey: Mutex::new(Some(opened.survey)),
            _owner: owner,
            lock: Mutex::new(lock),
        }
    }

    /// Takes the lock if it could not be taken when the store was opened.
    ///
    /// # Errors
    /// Errors if another program holds the lock or has written to the store since.
    pub(super) fn lock_again(&self, state: &State) -> Result<(), StoreError> {
        let mut held = lock(&self.lock);
        if held.is_some() {
            return Ok(());
        }
        let taken = Lock::take(&self.root)?;
        let survey = Survey::new(&self.root, &self.root.join(JOURNAL))?;
        if survey.highest() != state.number.0 {
            return Err(StoreError::Damaged {
                path: self.root.clone(),
                detail: "another program has written to it meanwhile".to_owned(),
                advice: "restart this program".to_owned(),
            });
        }
        *held = Some(taken);
        Ok(())
    }
}

/// Opens a store that takes commits. Tests the disk first, since sled hangs on a full one.
fn writable(root: &Path, limits: JournalLimits) -> Result<Recovered, StoreError> {
    space::require(root, limits.reserve)?;
    space::probe(root)?;
    erase::resume(root)?;
    recover(root, limits, Occasion::Start)
}

/// Reads the store in `root` from its journal into memory, because it can't be written.
///
/// # Errors
/// Returns `why` if the journal alone is not complete.
fn read_only(root: &Path, why: StoreError) -> Result<Opened, StoreError> {
    let survey = Survey::new(root, &root.join(JOURNAL))?;
    let found = StoreFiles::new(survey, Database::Absent);
    if found.survey.is_empty() || !found.is_journal_whole() {
        return Err(why);
    }
    let trees = Trees::in_memory(root);
    let state = replay_all(root, &trees, &found.survey, u64::MAX)?;
    tracing::warn!(
        error = %why, commit = state.number.0,
        "the store cannot be written: reads are served from its journal, and commits are refused until it is \
         writable",
    );
    Ok(Opened {
        trees,
        journal: Err(why),
        state,
        survey: found.survey,
    })
}
