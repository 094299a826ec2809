//! sled's four trees: `current` (the current version of each record), `history` (earlier versions), `claims`
//! (the index of names) and `meta` (the schema version, the state, and the state of the claims).

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ::sled::transaction::{ConflictableTransactionError, TransactionError};
use ::sled::{IVec, Transactional, Tree};

use super::allocation::kept_apart;
use super::claims_mark::{CLAIMS_KEY, claims_mark};
use super::memory::Memory;
use super::sled_guard::{SCHEMA, SledFault, apart, guard};
use super::space::bytes_in;
use crate::StoreError;
use crate::body::{self, State, Totals};
use crate::claims::{ClaimWrite, Holders};
use crate::history::history_prefix;
use crate::journal::SnapshotItem;
use crate::plan::{StorePart, Write};
use crate::view::View;

const SCHEMA_KEY: &str = "schema";
const STATE_KEY: &str = "state";

/// Maximum time for opening. A database that takes longer is rebuilt.
const OPENING: Duration = Duration::from_secs(30);
/// Maximum time for closing, and the same after a failure. The program stops within 10 s.
const CLOSING: Duration = Duration::from_secs(5);
const CLOSING_FAILED: Duration = Duration::from_millis(300);

/// Size of sled's page cache in bytes. sled uses several times as much memory, and readers are served by the
/// catalog.
const CACHE_BYTES: u64 = 64 << 20;

/// Maximum size in bytes of a database that is read completely when it is opened.
const READ_THROUGH: u64 = 32 << 20;

/// Interval of sled's own flushes, in milliseconds. Unflushed data is in the journal, and flushes slow the
/// journal's syncs down.
const FLUSH_MILLIS: u64 = 3_000;

/// An open sled database, or the records in memory.
pub(super) struct Trees {
    root: PathBuf,
    pub(super) open: Option<OpenTrees>,
    /// The records, if they are in memory. sled is not used then.
    pub(super) memory: Option<Memory>,
    /// Whether any operation failed.
    pub(super) failed: AtomicBool,
    /// Whether the claims match the records, so that each commit must update them.
    pub(super) claims_follow: AtomicBool,
    #[cfg(test)]
    fails_next_write: AtomicBool,
}

pub(super) struct OpenTrees {
    pub(super) current: Tree,
    pub(super) history: Tree,
    pub(super) claims: Tree,
    pub(super) meta: Tree,
}

impl Drop for Trees {
    /// Closes sled, with a time limit. After a disk error, closing may wait forever for a failed write. The
    /// journal has everything.
    fn drop(&mut self) {
        let Some(open) = self.open.take() else { return };
        let patience = if *self.failed.get_mut() {
            CLOSING_FAILED
        } else {
            CLOSING
        };
        let close = move || catch_unwind(AssertUnwindSafe(move || drop(open))).is_ok();
        if apart("store-close", patience, close) != Some(true) {
            tracing::warn!(store = %self.root.display(), "the database was not closed properly");
        }
    }
}

impl Trees {
    /// Creates empty trees in memory.
    pub(super) fn in_memory(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            open: None,
            memory: Some(Memory::default()),
            failed: AtomicBool::new(false),
            claims_follow: AtomicBool::new(false),
            #[cfg(test)]
            fails_next_write: false.into(),
        }
    }

    /// Returns true if the trees are in memory, so that no file of the store is open.
    pub(super) fn is_in_memory(&self) -> bool {
        self.memory.is_some()
    }

    /// Creates an empty database in `path`, which must not exist.
    pub(super) fn create(root: &Path, path: &Path) -> Result<Self, SledFault> {
        let trees = Self::open_files(root, path, Vec::new)?;
        trees.guarded(|open| open.meta.insert(SCHEMA_KEY, SCHEMA.to_string().as_bytes()))?;
        Ok(trees)
    }

    /// Opens the database in `path` and returns its state.
    ///
    /// A small database is read completely to detect damage. A large one is not, since that takes too much
    /// time and memory: sled verifies the checksum of each page when it reads it, and `store check` reads
    /// them all.
    pub(super) fn open(root: &Path, path: &Path) -> Result<(Self, State), SledFault> {
        let trees = Self::open_files(root, path, kept_apart)?;
        let schema = trees.guarded(|open| open.meta.get(SCHEMA_KEY))?;
        match schema.map(|bytes| String::from_utf8_lossy(&bytes).parse()) {
            Some(Ok(SCHEMA)) => {}
            Some(Ok(newer)) if newer > SCHEMA => return Err(SledFault::Newer(newer)),
            _ => return Err(SledFault::Damage("it has no schema version".to_owned())),
        }
        let state = trees.state()?;
        if bytes_in(path) <= READ_THROUGH {
            trees.read_through(&state)?;
        }
        Ok((trees, state))
    }

    fn read_through(&self, state: &State) -> Result<(), SledFault> {
        let mut totals = Totals::default();
        for item in self.items() {
            let (_, key, value) = item?;
            totals.add(&key, &value);
        }
        self.each_claim(|_, _| ())?;
        if totals == state.totals {
            return Ok(());
        }
        let detail = "its records are not those of its last commit";
        Err(SledFault::Damage(detail.to_owned()))
    }

    /// Opens the database while the result of `beside` is alive.
    fn open_files(
        root: &Path,
        path: &Path,
        beside: fn() -> Vec<Vec<u8>>,
    ) -> Result<Self, SledFault> {
        let config = ::sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(Some(FLUSH_MILLIS));
        let open = move || {
            let beside = beside();
            black_box(&beside);
            guard(|| {
                let db = config.open()?;
                Ok(OpenTrees {
                    current: db.open_tree("current")?,
                    history: db.open_tree("history")?,
                    claims: db.open_tree("claims")?,
                    meta: db.open_tree("meta")?,
                })
            })
        };
        let opened = apart("store-open", OPENING, open);
        let hangs = || SledFault::Damage(format!("it did not open within {OPENING:?}"));
        Ok(Self {
            root: root.to_owned(),
            open: Some(opened.ok_or_else(hangs)??),
            memory: None,
            failed: AtomicBool::new(false),
            claims_follow: AtomicBool::new(false),
            #[cfg(test)]
            fails_next_write: false.into(),
        })
    }

    fn state(&self) -> Result<State, SledFault> {
        match self.guarded(|open| open.meta.get(STATE_KEY))? {
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| SledFault::Damage(format!("cannot read its state: {error}"))),
            None => Ok(State::default()),
        }
    }

    /// Applies all `writes` and `claims` and sets `state`, in one transaction.
    pub(super) fn apply<'a>(
        &self,
        writes: impl Iterator<Item = &'a Write> + Clone,
        claims: impl Iterator<Item = &'a ClaimWrite> + Clone,
        state: &State,
    ) -> Result<(), SledFault> {
        #[cfg(test)]
        self.meet_failure()?;
        if let Some(memory) = &self.memory {
            memory.apply(writes);
            return Ok(());
        }
        let follow = self.claims_follow.load(Ordering::SeqCst);
        let mark = follow.then(|| claims_mark(state));
        let state = body::write(state);
        self.guarded(|open| {
            let trees = (&open.current, &open.history, &open.claims, &open.meta);
            let result = trees.transaction(|(current, history, index, meta)| {
                for write in writes.clone() {
                    let tree = if write.part == StorePart::Current {
                        current
                    } else {
                        history
                    };
                    match &write.value {
                        Some(value) => tree.insert(write.key.as_slice(), value.as_slice())?,
                        None => tree.remove(write.key.as_slice())?,
                    };
                }
                for write in claims.clone() {
                    match &write.holders {
                        Some(holders) => index.insert(write.key.as_bytes(), holders.as_slice())?,
                        None => index.remove(write.key.as_bytes())?,
                    };
                }
                if let Some(mark) = &mark {
                    meta.insert(CLAIMS_KEY, mark.as_slice())?;
                }
                meta.insert(STATE_KEY, state.as_slice())?;
                Ok::<(), ConflictableTransactionError<()>>(())
            });
            result.map_err(|error| match error {
                TransactionError::Storage(error) => error,
                TransactionError::Abort(()) => {
                    ::sled::Error::ReportableBug("a transaction aborted itself".to_owned())
                }
            })
        })
    }

    /// Returns all items: the current versions, then the earlier ones, each sorted by key.
    pub(super) fn items(&self) -> impl Iterator<Item = Result<SnapshotItem, SledFault>> + '_ {
        let memory = self.memory.iter().flat_map(Memory::items).map(Ok);
        let part = |part: StorePart| {
            let mut iter = self.open.as_ref().map(|open| match part {
                StorePart::Current => open.current.iter(),
                StorePart::History => open.history.iter(),
            });
            std::iter::from_fn(move || {
                let next = guard(|| iter.as_mut().and_then(Iterator::next).transpose());
                if next.is_err() {
                    iter = None;
                }
                next.map(|pair| pair.map(|(key, value)| (part, key.to_vec(), value.to_vec())))
                    .transpose()
            })
        };
        memory.chain(part(StorePart::Current).chain(part(StorePart::History)))
    }

    /// Passes each entry of the index to `each`.
    pub(super) fn each_claim(&self, mut each: impl FnMut(&str, &Holders)) -> Result<(), SledFault> {
        let mut entries = self.guarded(|open| Ok(open.claims.iter()))?;
        while let Some((claim, holders)) = guard(|| entries.next().transpose())? {
            each(&String::from_utf8_lossy(&claim), &Holders::read(&holders));
        }
        Ok(())
    }

    pub(super) fn current_value(&self, key: &str) -> Result<Option<IVec>, SledFault> {
        if let Some(memory) = &self.memory {
            return Ok(memory.get(StorePart::Current, key.as_bytes()));
        }
        self.guarded(|open| open.current.get(key))
    }

    /// Returns the stored earlier versions of a record, oldest first.
    pub(super) fn earlier_values(&self, key: &str) -> Result<Vec<IVec>, SledFault> {
        let prefix = history_prefix(key);
        if let Some(memory) = &self.memory {
            let pairs = memory.pairs(StorePart::History, &prefix).into_iter();
            return Ok(pairs.map(|(_, value)| value).collect());
        }
        self.guarded(|open| open.history.scan_prefix(prefix).values().collect())
    }

    pub(super) fn guarded<T>(
        &self,
        work: impl FnOnce(&OpenTrees) -> Result<T, ::sled::Error>,
    ) -> Result<T, SledFault> {
        let result = guard(|| {
            let closed = || ::sled::Error::ReportableBug("it is closed".to_owned());
            work(self.open.as_ref().ok_or_else(closed)?)
        });
        if result.is_err() {
            self.failed.store(true, Ordering::SeqCst);
        }
        result
    }
}

/// Test hooks.
#[cfg(test)]
impl Trees {
    /// Makes the next write fail.
    pub(super) fn fail_next_write(&self) {
        self.fails_next_write.store(true, Ordering::SeqCst);
    }

    fn meet_failure(&self) -> Result<(), SledFault> {
        if self.fails_next_write.swap(false, Ordering::SeqCst) {
            return Err(SledFault::Damage("a test wants it so".to_owned()));
        }
        Ok(())
    }

    /// Removes the oldest version of a record.
    pub(super) fn lose_earlier(&self, key: &str) {
        let open = self.open.as_ref().expect("open until it is dropped");
        let first = open.history.scan_prefix(history_prefix(key)).keys().next();
        let first = first
            .expect("it has earlier versions")
            .expect("sled is well");
        open.history.remove(first).expect("sled is well");
    }
}

impl View for Trees {
    fn current(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self
            .current_value(key)
            .map_err(|fault| fault.at(&self.root))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn earlier(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(memory) = &self.memory {
            let value = memory.get(StorePart::History, key);
            return Ok(value.map(|value| value.to_vec()));
        }
        let value = self
            .guarded(|open| open.history.get(key))
            .map_err(|f| f.at(&self.root))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn holders(&self, claim: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if self.is_in_memory() {
            // In memory no commit is taken that needs claims, and no claims are kept.
            return Ok(None);
        }
        let value = self
            .guarded(|open| open.claims.get(claim))
            .map_err(|f| f.at(&self.root))?;
        Ok(value.map(|value| value.to_vec()))
    }
}
