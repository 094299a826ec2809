//! The store together with the catalog: a write is visible to the next read.

mod store;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use chrono::{DateTime, NaiveDate, Utc};

use calendar_domain::clock::Clock;
use calendar_domain::{Record, ShortName};
use calendar_store::{Author, Change, Checkpoint, Commit, Committed, Store, StoreError};

use super::change_times::ChangeTimes;
use super::lag::Lag;
use super::load::{self, Loaded, Preload, fill_words_beside};
use super::panics::caught;
use super::planning::Planning;
use super::snapshot::{Snapshot, SnapshotVersion};
use super::{ChangeNotifier, cache_file};

/// Minimum number of events for which an image loads faster than the store.
const IMAGE_FROM: usize = 2_000;

/// How long a commit waits for the previous one to be applied. This takes milliseconds unless the
/// thread of that commit has ended.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 10_000 });

/// The calendar of a running program.
pub struct Calendar {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    snapshot: ArcSwap<Snapshot>,
    /// Durable commits whose predecessors are not in the snapshot yet.
    waiting: Mutex<BTreeMap<u64, Committed>>,
    applied: Condvar,
    lag: Mutex<Lag>,
    /// State of the store when the image was last read or written.
    imaged: Mutex<Option<Checkpoint>>,
    bells: Mutex<Vec<Weak<ChangeNotifier>>>,
    times: ChangeTimes,
    planning: Planning,
    /// Held while a filter is checked and stored.
    pub(super) keeping: Mutex<()>,
    /// Filters used since uses were last stored.
    pub(super) used_filters: Mutex<HashSet<ShortName>>,
}

impl Calendar {
    /// Loads the whole store into a snapshot.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read.
    pub fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_with(store, clock, None)
    }

    /// Like [`Self::open`], with an image that is already being read.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read.
    pub fn open_with(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        early: Option<Preload>,
    ) -> Result<Self, StoreError> {
        let head = store.head();
        // The zone of the region is not known yet, so start with the date in UTC.
        let version = SnapshotVersion {
            commit: head.number.0,
            at: head.at.unwrap_or(DateTime::UNIX_EPOCH),
            today: clock.now().date_naive(),
        };
        let Loaded {
            mut snapshot,
            imaged,
        } = load::load(&*store, &*clock, version, early)?;
        if let Some(restored_at) = store.generation().restored_at {
            // Clients may have copies of later states that were lost, which must not validate.
            snapshot.version.at = snapshot.version.at.max(restored_at);
        }
        let times = ChangeTimes::new(snapshot.modified());
        let snapshot = Arc::new(snapshot);
        fill_words_beside(&snapshot);
        Ok(Self {
            store,
            clock,
            snapshot: ArcSwap::new(snapshot),
            waiting: Mutex::new(BTreeMap::new()),
            applied: Condvar::new(),
            lag: Mutex::default(),
            imaged: Mutex::new(imaged),
            bells: Mutex::default(),
            times,
            planning: Planning::new(),
            keeping: Mutex::new(()),
            used_filters: Mutex::default(),
        })
    }

    /// Returns the current state, without blocking.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Registers a notifier that is signaled on each new state.
    pub fn notify(&self, bell: &Arc<ChangeNotifier>) {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells.retain(|bell| bell.strong_count() > 0);
        bells.push(Arc::downgrade(bell));
    }

    fn put(&self, snapshot: Arc<Snapshot>) {
        fill_words_beside(&snapshot);
        self.snapshot.store(snapshot);
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells
            .iter()
            .filter_map(Weak::upgrade)
            .for_each(|item| item.notify());
    }

    /// Returns the underlying store, for data that is not public: history, drafts.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Returns the locks for planning changes.
    #[must_use]
    pub fn planning(&self) -> &Planning {
        &self.planning
    }

    /// Returns the clock of the calendar.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Commits changes in an author's name, at the current time. Does nothing if there are no
    /// changes.
    ///
    /// # Errors
    /// See [`Store::commit`].
    pub fn write(
        &self,
        author: Author,
        note: impl Into<String>,
        changes: Vec<Change>,
    ) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let (at, note) = (self.clock.now(), note.into());
        self.commit(Commit {
            author,
            at,
            note,
            changes,
        })
        .map(|_| ())
    }

    /// Waits until the snapshot has all current commits of the store, at most for `limit`.
    pub fn wait_for_store(&self, limit: Duration) {
        let (head, until) = (self.head().number.0, Instant::now() + limit);
        let mut waiting = self.lock();
        while self.snapshot.load().version().commit < head {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                return;
            };
            let waited = self.applied.wait_timeout(waiting, left);
            waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Sets the modification time to now: the output changes although no record did.
    pub fn date_anew(&self) {
        let _waiting = self.lock();
        let mut snapshot = Snapshot::clone(&self.snapshot.load_full());
        snapshot.version.at = snapshot.version.at.max(self.clock.now());
        self.put(Arc::new(snapshot));
    }

    /// Advances the calendar to the current date. Returns whether the date has changed.
    pub fn advance(&self) -> bool {
        let _waiting = self.lock();
        let snapshot = self.snapshot.load_full();
        let today = self.today(snapshot);
        if let Some(turned) = today {
            self.put(turned);
            return true;
        }
        false
    }

    /// Returns a snapshot for the current date if that differs from its own.
    fn today(&self, snapshot: Arc<Snapshot>) -> Option<Arc<Snapshot>> {
        let today: NaiveDate = self.clock.today(snapshot.region().time_zone);
        (today != snapshot.version().today).then(|| Arc::new(snapshot.on(today)))
    }

    /// Returns true if the modification time of the current state may be sent to clients; see RFC
    /// 9110 8.8.2 and the module `change_times`.
    #[must_use]
    pub fn may_tell(&self, modified: DateTime<Utc>) -> bool {
        let current = || self.snapshot.load().modified();
        self.times.may_tell(modified, self.clock.now(), current)
    }

    /// Stops the text index; searches scan the events. For programs that write much, search little
    /// and end.
    pub fn forgo_words(&self) {
        self.snapshot().words.stop();
    }

    /// Writes an image of the catalog to the cache folder, if the calendar is large enough to
    /// benefit, for the next start. A failure is only logged.
    pub fn keep_image(&self) {
        let snapshot = self.snapshot();
        let (Some(folder), Some(standing)) = (self.cache_folder(), self.store.standing()) else {
            return;
        };
        let whole = standing.number.0 == snapshot.version().commit;
        // An image has no record of dropped events, which the next start must report.
        let complete = whole && snapshot.skipped().next().is_none();
        if !complete || snapshot.event_count() < IMAGE_FROM {
            return;
        }
        let mut imaged = self.imaged.lock().unwrap_or_else(PoisonError::into_inner);
        if *imaged == Some(standing) {
            return;
        }
        match cache_file::write(folder, &snapshot, standing) {
            Ok(()) => *imaged = Some(standing),
            Err(error) => tracing::warn!(%error, "cannot write the catalog's cache file"),
        }
    }

    /// Removes the image, and writes one of the current state where one is useful.
    pub(super) fn renew_image(&self) -> Result<(), StoreError> {
        let Some(folder) = self.cache_folder() else {
            return Ok(());
        };
        let mut imaged = self.imaged.lock().unwrap_or_else(PoisonError::into_inner);
        *imaged = None;
        cache_file::remove(folder).map_err(|error| StoreError::Io {
            action: "removing",
            path: folder.to_owned(),
            source: Arc::new(error),
        })?;
        drop(imaged);
        self.keep_image();
        Ok(())
    }

    /// Returns how long the catalog has lagged behind the commits acknowledged by the store; `None`
    /// if it has all of them. It lags briefly during a commit.
    #[must_use]
    pub fn lag(&self) -> Option<Duration> {
        let stored = self.store.head().number.0;
        let shown = self.snapshot.load().version().commit;
        let mut lag = self.lag.lock().unwrap_or_else(PoisonError::into_inner);
        lag.note(stored, shown, Instant::now())
    }

    fn apply_in_order(&self, waiting: &mut BTreeMap<u64, Committed>) {
        let mut snapshot = self.snapshot.load_full();
        let mut moved = false;
        if !waiting.is_empty()
            && let Some(turned) = self.today(Arc::clone(&snapshot))
        {
            // The date advances before the commit, or one modification time would belong
            // to two states.
            snapshot = turned;
        }
        while let Some(entry) = waiting.first_entry()
            && *entry.key() <= snapshot.version().commit + 1
        {
            let committed = entry.remove();
            if committed.number.0 <= snapshot.version().commit {
                continue;
            }
            let changes = &committed.changes;
            let shows = changes.iter().any(|change| change.key.kind.is_shown());
            let version = SnapshotVersion {
                commit: committed.number.0,
                at: if shows {
                    committed.at.max(snapshot.version().at)
                } else {
                    snapshot.version().at
                },
                today: snapshot.version().today,
            };
            let changes = changes.iter().map(|applied| {
                let after: Option<&Record> = applied.after.as_ref().map(|after| &after.record);
                (&applied.key, after)
            });
            snapshot = Arc::new(snapshot.with(version, changes));
            moved = true;
        }
        if moved {
            self.put(snapshot);
            self.applied.notify_all();
        }
    }

    /// Reloads the catalog from the store, for commits whose thread ended before applying them.
    fn reload(&self, waiting: &mut BTreeMap<u64, Committed>) {
        tracing::error!("the catalog lags behind the store; reading it again");
        let head = self.store.head();
        let version = SnapshotVersion {
            commit: head.number.0,
            at: head.at.unwrap_or(DateTime::UNIX_EPOCH),
            today: self.snapshot.load().version().today,
        };
        match caught(|| load::from_records(&*self.store, &*self.clock, version)) {
            Ok(Ok(snapshot)) => {
                waiting.retain(|number, _| *number > version.commit);
                self.put(Arc::new(snapshot));
                self.applied.notify_all();
            }
            Ok(Err(error)) => tracing::error!(%error, "cannot read the catalog again"),
            Err(why) => tracing::error!(why, "cannot read the catalog again"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Committed>> {
        // A panic leaves no partial state: commits are inserted and removed as a whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
