//! The store and the catalog as one: a write is in the next read.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use chrono::{DateTime, NaiveDate};

use crate::clock::Clock;
use crate::domain::{Record, RecordKey, RecordKind};
use crate::store::{self, Commit, Committed, Head, Store, StoreError, Stored};

use super::snapshot::{Snapshot, Version};

/// The calendar of a running program.
pub struct Calendar {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    snapshot: ArcSwap<Snapshot>,
    /// Commits that are durable but whose forerunners are not in the snapshot yet.
    waiting: Mutex<BTreeMap<u64, Committed>>,
    applied: Condvar,
    /// Held while a filter is judged and kept.
    pub(super) keeping: Mutex<()>,
}

impl Calendar {
    /// Reads the whole store into a snapshot.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let head = store.head();
        let stored = store.load()?;
        // The day is only known once the region's zone is: begin with UTC's.
        let today = clock.now().date_naive();
        let at = head.at.unwrap_or(DateTime::UNIX_EPOCH);
        let version = Version {
            commit: head.number.0,
            at,
            today,
        };
        let keyed: Vec<(RecordKey, &Stored)> =
            stored.iter().map(|it| (it.record.key(), it)).collect();
        let changes = keyed.iter().map(|(key, it)| (key, Some(&it.record)));
        let mut snapshot = Snapshot::empty(version).with(version, changes);
        let local = clock.today(snapshot.region().time_zone);
        if local != today {
            snapshot = snapshot.on(local);
        }
        Ok(Self {
            store,
            clock,
            snapshot: ArcSwap::from_pointee(snapshot),
            waiting: Mutex::new(BTreeMap::new()),
            applied: Condvar::new(),
            keeping: Mutex::new(()),
        })
    }

    /// The present state. Never waits.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The store beneath, for what readers never see: history, drafts.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The clock that the calendar lives by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Moves the calendar to the present day. Returns whether the day has changed.
    pub fn advance(&self) -> bool {
        let _waiting = self.lock();
        let snapshot = self.snapshot.load();
        let today: NaiveDate = self.clock.today(snapshot.region().time_zone);
        if today == snapshot.version().today {
            return false;
        }
        self.snapshot.store(Arc::new(snapshot.on(today)));
        true
    }

    fn apply_in_order(&self, waiting: &mut BTreeMap<u64, Committed>) {
        let mut snapshot = self.snapshot.load_full();
        let mut moved = false;
        while let Some(entry) = waiting.first_entry()
            && *entry.key() <= snapshot.version().commit + 1
        {
            let committed = entry.remove();
            let changes = &committed.changes;
            let shows = changes.iter().any(|it| it.key.kind != RecordKind::Filter);
            let version = Version {
                commit: committed.number.0,
                at: if shows {
                    committed.at
                } else {
                    snapshot.version().at
                },
                today: snapshot.version().today,
            };
            let changes = changes.iter().map(|applied| {
                let after: Option<&Record> = applied.after.as_ref().map(|it| &it.record);
                (&applied.key, after)
            });
            snapshot = Arc::new(snapshot.with(version, changes));
            moved = true;
        }
        if moved {
            self.snapshot.store(snapshot);
            self.applied.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Committed>> {
        // What a panicking thread left behind is whole: commits are put in and taken out as one.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is written through the calendar is in its snapshot when the call returns; reading goes to
/// the store beneath.
impl Store for Calendar {
    fn head(&self) -> Head {
        self.store.head()
    }

    fn load(&self) -> Result<Vec<Stored>, StoreError> {
        self.store.load()
    }

    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError> {
        self.store.get(key)
    }

    fn history(&self, key: &RecordKey) -> Result<Vec<store::Version>, StoreError> {
        self.store.history(key)
    }

    fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        let committed = self.store.commit(commit)?;
        let number = committed.number.0;
        let mut waiting = self.lock();
        // A commit that changed nothing carries the number of another one, which brings itself.
        let is_new = number > self.snapshot.load().version().commit;
        if is_new && !committed.changes.is_empty() {
            waiting.insert(number, committed.clone());
        }
        self.apply_in_order(&mut waiting);
        // Writers share the journal's fsync and may come here out of order: the snapshot takes
        // commits by number, so whoever is early waits for the one before.
        while self.snapshot.load().version().commit < number {
            waiting = self
                .applied
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(committed)
    }
}
