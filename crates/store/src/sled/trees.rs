//! sled's four trees: `current` (the newest version of each record), `history` (the versions before it),
//! `claims` (who has which name) and `meta` (the schema's version, the state, and the state that the claims
//! belong to).

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ::sled::transaction::{ConflictableTransactionError, TransactionError};
use ::sled::{IVec, Transactional, Tree};

use super::allocation::kept_apart;
use super::border::{Fault, SCHEMA, apart, guard};
use super::claims::{CLAIMS_KEY, claims_mark};
use super::memory::Memory;
use crate::StoreError;
use crate::body::{self, State, Totals};
use crate::claims::ClaimWrite;
use crate::history::history_prefix;
use crate::journal::Item;
use crate::plan::{Part, View, Write};
use calendar_domain::{RecordKey, RecordKind};

const SCHEMA_KEY: &str = "schema";
const STATE_KEY: &str = "state";

/// How long opening may take; a database that takes longer is rebuilt.
const OPENING: Duration = Duration::from_secs(30);
/// How long closing may take, and how long after a failure; the program stops within 10 s.
const CLOSING: Duration = Duration::from_secs(5);
const CLOSING_FAILED: Duration = Duration::from_millis(300);

/// Memory for sled's pages, of which it takes several times as much; the catalog has its own copy of
/// what readers want.
const CACHE_BYTES: u64 = 64 << 20;

/// Databases of up to so many bytes are read through when they are opened.
const READ_THROUGH: u64 = 32 << 20;

/// How often sled writes by itself. What it hasn't written when the process ends is in the journal, and
/// its writing slows the journal's syncs down.
const FLUSH_MILLIS: u64 = 3_000;

/// Bytes of the files in a folder and directly beneath it; what can't be read counts for nothing.
fn bytes_in(folder: &Path) -> u64 {
    let files = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let inner = files(folder).flat_map(|entry| files(&entry.path()));
    let all = files(folder)
        .chain(inner)
        .filter_map(|entry| entry.metadata().ok());
    all.filter(std::fs::Metadata::is_file)
        .map(|it| it.len())
        .sum()
}

/// An open sled database, or what stands in its place.
pub(super) struct Trees {
    root: PathBuf,
    open: Option<Open>,
    /// The records, where they are in memory and sled has no part in them.
    memory: Option<Memory>,
    /// Whether anything in it ever failed.
    failed: AtomicBool,
    /// Whether the claims are those of the records, so that each commit keeps them so.
    pub(super) claims_follow: AtomicBool,
    #[cfg(test)]
    fails_next_write: AtomicBool,
}

pub(super) struct Open {
    pub(super) current: Tree,
    history: Tree,
    pub(super) claims: Tree,
    pub(super) meta: Tree,
}

impl Drop for Trees {
    /// Closes sled, but never waits for one that hangs: after an error of the disk, closing it
    /// waits for ever for what could not be written. The journal has everything.
    fn drop(&mut self) {
        let Some(open) = self.open.take() else { return };
        let patience = if *self.failed.get_mut() {
            CLOSING_FAILED
        } else {
            CLOSING
        };
        let close = move || catch_unwind(AssertUnwindSafe(move || drop(open))).is_ok();
        if apart("store-close", patience, close) != Some(true) {
            tracing::warn!(store = %self.root.display(), "the database did not close properly");
        }
    }
}

impl Trees {
    /// Begins an empty one in memory.
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

    /// Whether it is in memory, and no file of the store is open in it.
    pub(super) fn is_in_memory(&self) -> bool {
        self.memory.is_some()
    }

    /// Makes an empty database in `path`, which must not be there.
    pub(super) fn create(root: &Path, path: &Path) -> Result<Self, Fault> {
        let trees = Self::open_files(root, path, Vec::new)?;
        trees.guarded(|open| open.meta.insert(SCHEMA_KEY, SCHEMA.to_string().as_bytes()))?;
        Ok(trees)
    }

    /// Opens the database in `path`; answers the state it is in.
    ///
    /// A small one is read through, so that damage shows here. A large one is not, since that would
    /// take longer than everything else at the start together, and more memory: sled checks the sum of
    /// each page when it comes to read it, and `store check` reads them all.
    pub(super) fn open(root: &Path, path: &Path) -> Result<(Self, State), Fault> {
        let trees = Self::open_files(root, path, kept_apart)?;
        let schema = trees.guarded(|open| open.meta.get(SCHEMA_KEY))?;
        match schema.map(|bytes| String::from_utf8_lossy(&bytes).parse()) {
            Some(Ok(SCHEMA)) => {}
            Some(Ok(newer)) if newer > SCHEMA => return Err(Fault::Newer(newer)),
            _ => return Err(Fault::Damage("it has no schema version".to_owned())),
        }
        let state = trees.state()?;
        if bytes_in(path) <= READ_THROUGH {
            trees.read_through(&state)?;
        }
        Ok((trees, state))
    }

    fn read_through(&self, state: &State) -> Result<(), Fault> {
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
        Err(Fault::Damage(detail.to_owned()))
    }

    /// Opens the database while what `beside` makes lives.
    fn open_files(root: &Path, path: &Path, beside: fn() -> Vec<Vec<u8>>) -> Result<Self, Fault> {
        let config = ::sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(Some(FLUSH_MILLIS));
        let open = move || {
            let beside = beside();
            black_box(&beside);
            guard(|| {
                let db = config.open()?;
                Ok(Open {
                    current: db.open_tree("current")?,
                    history: db.open_tree("history")?,
                    claims: db.open_tree("claims")?,
                    meta: db.open_tree("meta")?,
                })
            })
        };
        let opened = apart("store-open", OPENING, open);
        let hangs = || Fault::Damage(format!("it did not open within {OPENING:?}"));
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

    fn state(&self) -> Result<State, Fault> {
        match self.guarded(|open| open.meta.get(STATE_KEY))? {
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| Fault::Damage(format!("its state can't be read: {error}"))),
            None => Ok(State::default()),
        }
    }

    /// Makes all `writes`, changes the `claims` and sets `state`, in one transaction.
    pub(super) fn apply<'a>(
        &self,
        writes: impl Iterator<Item = &'a Write> + Clone,
        claims: impl Iterator<Item = &'a ClaimWrite> + Clone,
        state: &State,
    ) -> Result<(), Fault> {
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
                    let tree = if write.part == Part::Current {
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
                    ::sled::Error::ReportableBug("a transaction stopped by itself".to_owned())
                }
            })
        })
    }

    /// Everything: the current versions, then the earlier ones, each in the order of its keys.
    pub(super) fn items(&self) -> impl Iterator<Item = Result<Item, Fault>> + '_ {
        let memory = self.memory.iter().flat_map(Memory::items).map(Ok);
        let part = |part: Part| {
            let mut iter = self.open.as_ref().map(|open| match part {
                Part::Current => open.current.iter(),
                Part::History => open.history.iter(),
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
        memory.chain(part(Part::Current).chain(part(Part::History)))
    }

    /// The current version of each record of a kind, as stored, in the order of their keys.
    pub(super) fn current_of(
        &self,
        kind: RecordKind,
    ) -> impl Iterator<Item = Result<IVec, Fault>> + Send + '_ {
        self.current_with_keys(kind)
            .map(|pair| pair.map(|(_, value)| value))
    }

    /// The same with their keys.
    pub(super) fn current_with_keys(
        &self,
        kind: RecordKind,
    ) -> impl Iterator<Item = Result<(IVec, IVec), Fault>> + Send + '_ {
        let prefix = RecordKey::new(kind, "").to_string();
        let memory = self.memory.iter();
        let memory = memory.flat_map({
            let prefix = prefix.clone();
            move |memory| memory.pairs(Part::Current, prefix.as_bytes())
        });
        let mut iter = self
            .open
            .as_ref()
            .map(|open| open.current.scan_prefix(prefix));
        let sled = std::iter::from_fn(move || {
            let next = guard(|| iter.as_mut().and_then(Iterator::next).transpose());
            if next.is_err() {
                iter = None;
                self.failed.store(true, Ordering::SeqCst);
            }
            next.transpose()
        });
        memory.map(Ok).chain(sled)
    }

    pub(super) fn current_value(&self, key: &str) -> Result<Option<IVec>, Fault> {
        if let Some(memory) = &self.memory {
            return Ok(memory.get(Part::Current, key.as_bytes()));
        }
        self.guarded(|open| open.current.get(key))
    }

    /// The earlier versions of a record, as stored, oldest first.
    pub(super) fn earlier_values(&self, key: &str) -> Result<Vec<IVec>, Fault> {
        let prefix = history_prefix(key);
        if let Some(memory) = &self.memory {
            let pairs = memory.pairs(Part::History, &prefix).into_iter();
            return Ok(pairs.map(|(_, value)| value).collect());
        }
        self.guarded(|open| open.history.scan_prefix(prefix).values().collect())
    }

    pub(super) fn guarded<T>(
        &self,
        work: impl FnOnce(&Open) -> Result<T, ::sled::Error>,
    ) -> Result<T, Fault> {
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

/// Failures at the tests' wish.
#[cfg(test)]
impl Trees {
    /// The next write doesn't reach sled.
    pub(super) fn fail_next_write(&self) {
        self.fails_next_write.store(true, Ordering::SeqCst);
    }

    fn meet_failure(&self) -> Result<(), Fault> {
        if self.fails_next_write.swap(false, Ordering::SeqCst) {
            return Err(Fault::Damage("a test wants it so".to_owned()));
        }
        Ok(())
    }

    /// Loses the oldest version of a record.
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
            let value = memory.get(Part::History, key);
            return Ok(value.map(|value| value.to_vec()));
        }
        let value = self
            .guarded(|open| open.history.get(key))
            .map_err(|f| f.at(&self.root))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn holders(&self, claim: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if self.is_in_memory() {
            // No commit is taken there that would need them, and none is kept.
            return Ok(None);
        }
        let value = self
            .guarded(|open| open.claims.get(claim))
            .map_err(|f| f.at(&self.root))?;
        Ok(value.map(|value| value.to_vec()))
    }
}
