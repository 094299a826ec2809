//! The store and the catalog as one: a write is in the next read.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::ArcSwap;
use chrono::{DateTime, NaiveDate};

use crate::clock::Clock;
use crate::domain::{Record, RecordKey, RecordKind, ShortName};
use crate::store::{
    self, Author, Change, Commit, Committed, Head, Standing, Store, StoreError, Stored,
};

use super::Bell;
use super::image;
use super::load::{self, Early, Left, Loaded};
use super::snapshot::{Snapshot, Version};

/// From so many events on the catalog is read from its image faster than from the store.
const IMAGE_FROM: usize = 2_000;

/// The calendar of a running program.
pub struct Calendar {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    snapshot: ArcSwap<Snapshot>,
    /// Commits that are durable but whose forerunners are not in the snapshot yet.
    waiting: Mutex<BTreeMap<u64, Committed>>,
    applied: Condvar,
    /// Where the store stood when the image was read or written last.
    imaged: Mutex<Option<Standing>>,
    bells: Mutex<Vec<Weak<Bell>>>,
    /// Held while a filter is judged and kept.
    pub(super) keeping: Mutex<()>,
    /// Filters that were used since this was written down.
    pub(super) used_filters: Mutex<HashSet<ShortName>>,
}

impl Calendar {
    /// Reads the whole store into a snapshot.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_with(store, clock, None)
    }

    /// The same, with an image whose reading was begun before the store was opened.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn open_with(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        early: Option<Early>,
    ) -> Result<Self, StoreError> {
        let head = store.head();
        // The day is only known once the region's zone is: begin with UTC's.
        let version = Version {
            commit: head.number.0,
            at: head.at.unwrap_or(DateTime::UNIX_EPOCH),
            today: clock.now().date_naive(),
        };
        let Loaded {
            snapshot,
            left,
            imaged,
        } = load::load(&*store, &*clock, version, early)?;
        let snapshot = Arc::new(snapshot);
        if left == Left::Words {
            let snapshot = Arc::clone(&snapshot);
            // Until it is done, and should it fail, a search looks at every event.
            std::thread::spawn(move || snapshot.fill_words());
        }
        Ok(Self {
            store,
            clock,
            snapshot: ArcSwap::new(snapshot),
            waiting: Mutex::new(BTreeMap::new()),
            applied: Condvar::new(),
            imaged: Mutex::new(imaged),
            bells: Mutex::default(),
            keeping: Mutex::new(()),
            used_filters: Mutex::default(),
        })
    }

    /// The present state. Never waits.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// From now on the bell rings with each new state.
    pub fn ring(&self, bell: &Arc<Bell>) {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells.retain(|it| it.strong_count() > 0);
        bells.push(Arc::downgrade(bell));
    }

    fn put(&self, snapshot: Arc<Snapshot>) {
        self.snapshot.store(snapshot);
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells
            .iter()
            .filter_map(Weak::upgrade)
            .for_each(|it| it.ring());
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

    /// Commits changes now, in somebody's name. No changes are no commit.
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

    /// Moves the calendar to the present day. Returns whether the day has changed.
    pub fn advance(&self) -> bool {
        let _waiting = self.lock();
        let snapshot = self.snapshot.load();
        let today: NaiveDate = self.clock.today(snapshot.region().time_zone);
        if today == snapshot.version().today {
            return false;
        }
        self.put(Arc::new(snapshot.on(today)));
        true
    }

    /// From now on words are looked for in the events themselves: keeping an index of them is not worth
    /// its time in a program that writes much, searches little and ends.
    pub fn forgo_words(&self) {
        self.snapshot().words.stop();
    }

    /// Keeps an image of the catalog beside the store where starting with it is worth its bytes, so
    /// that the next start finds everything ready. It changes nothing else; that it could not be
    /// written is told to the log alone.
    pub fn keep_image(&self) {
        let snapshot = self.snapshot();
        let (Some(folder), Some(standing)) = (self.cache_folder(), self.store.standing()) else {
            return;
        };
        let whole = standing.number.0 == snapshot.version().commit;
        if !whole || snapshot.event_count() < IMAGE_FROM {
            return;
        }
        let mut imaged = self.imaged.lock().unwrap_or_else(PoisonError::into_inner);
        if *imaged == Some(standing) {
            return;
        }
        match image::write(folder, &snapshot, standing) {
            Ok(()) => *imaged = Some(standing),
            Err(error) => tracing::warn!(%error, "the catalog's image could not be written"),
        }
    }

    fn apply_in_order(&self, waiting: &mut BTreeMap<u64, Committed>) {
        let mut snapshot = self.snapshot.load_full();
        let mut moved = false;
        while let Some(entry) = waiting.first_entry()
            && *entry.key() <= snapshot.version().commit + 1
        {
            let committed = entry.remove();
            let changes = &committed.changes;
            let shows = changes.iter().any(|it| it.key.kind.is_shown());
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
            self.put(snapshot);
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

    fn scan(
        &self,
        kinds: &[RecordKind],
        each: &mut dyn FnMut(Vec<Stored>),
    ) -> Result<(), StoreError> {
        self.store.scan(kinds, each)
    }

    fn folder(&self) -> Option<&Path> {
        self.store.folder()
    }

    fn cache_folder(&self) -> Option<&Path> {
        self.store.cache_folder()
    }

    fn get(&self, key: &RecordKey) -> Result<Option<Stored>, StoreError> {
        self.store.get(key)
    }

    fn history(&self, key: &RecordKey) -> Result<Vec<store::Version>, StoreError> {
        self.store.history(key)
    }

    fn writable(&self) -> Result<(), StoreError> {
        self.store.writable()
    }

    fn figures(&self) -> store::Figures {
        self.store.figures()
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
