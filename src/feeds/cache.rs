//! Cache of rendered feeds.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::ArcSwapOption;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use tokio::sync::{Mutex as Turn, Semaphore};
use url::Url;

use crate::catalog::{Snapshot, SnapshotVersion};

use super::fragment::Pieces;
use super::queue::Queue;
use super::{Coding, Feed, FeedRequest, Scope, Stitched, WriteOptions};

/// Weight in bytes of an empty feed: key, frame and bookkeeping.
const LEAST: u64 = 2048;
/// Maximum number of changed events that are applied on the request's own thread.
const QUICK: usize = 32;
/// Maximum number of feeds that are updated on every commit.
const HOT: usize = 1024;

/// Key of a feed: scope, format and options.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FeedKey {
    /// Extension of its format.
    pub extension: &'static str,
    /// Scope.
    pub scope: Scope,
    /// Client options.
    pub choices: WriteOptions,
}

impl FeedKey {
    fn feed(&self) -> &'static dyn Feed {
        super::format(self.extension).expect("the extension is a format's own")
    }
}

/// Counters since the start, for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedFigures {
    /// Number of requests for feeds.
    pub asked: u64,
    /// Number of feeds rendered from scratch, or from older blocks after a change of day or name.
    pub made: u64,
    /// Number of feeds updated by the changed events only.
    pub followed: u64,
    /// Number of feeds in the cache.
    pub kept: u64,
    /// Bytes used by feeds and pieces.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct Counts {
    asked: AtomicU64,
    made: AtomicU64,
    followed: AtomicU64,
}

/// A cached feed and its state.
pub(super) struct CacheSlot {
    wanted: FeedKey,
    base: Arc<Url>,
    current: ArcSwapOption<Stitched>,
    /// Last commit for which `current` is known to be valid.
    checked: AtomicU64,
    /// Number of requests since it was last found idle.
    pub(super) asked: AtomicU32,
    /// Bit set of the expensive codings that were requested.
    codings: AtomicU8,
    turn: Arc<Turn<()>>,
    weighed: AtomicU64,
}

impl CacheSlot {
    fn new(wanted: FeedKey, base: Arc<Url>) -> Self {
        Self {
            wanted,
            base,
            current: ArcSwapOption::empty(),
            checked: AtomicU64::new(0),
            asked: AtomicU32::new(0),
            codings: AtomicU8::new(0),
            turn: Arc::default(),
            weighed: AtomicU64::new(LEAST),
        }
    }

    /// Returns the feed if it is at least as new as this version of the calendar.
    fn current(&self, version: SnapshotVersion) -> Option<Arc<Stitched>> {
        // Read before `current`, which is written first, so the feed found is at least this new.
        let checked = self.checked.load(Ordering::Acquire);
        let current = self.current.load_full()?;
        (checked >= version.commit && current.day >= version.today).then_some(current)
    }

    /// Returns the latest feed, however old.
    pub(super) fn latest(&self) -> Option<Arc<Stitched>> {
        self.current.load_full()
    }

    /// Returns true if the feed was requested in this coding.
    pub(super) fn wants(&self, coding: Coding) -> bool {
        self.codings.load(Ordering::Relaxed) & bit(coding) != 0
    }

    fn publish(&self, stitched: Arc<Stitched>, version: SnapshotVersion) {
        self.current.store(Some(stitched));
        self.checked.store(version.commit, Ordering::Release);
    }

    fn request<'a>(&'a self, snapshot: &'a Snapshot) -> FeedRequest<'a> {
        FeedRequest {
            snapshot,
            scope: &self.wanted.scope,
            choices: self.wanted.choices,
            base: &self.base,
        }
    }
}

fn bit(coding: Coding) -> u8 {
    1 << coding as u8
}

/// A slot with the weight recorded in the cache. A slot grows, but the weight of a cache entry must
/// not change.
#[derive(Clone)]
struct Weighed {
    slot: Arc<CacheSlot>,
    weight: u64,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<FeedKey, Weighed> for ByBytes {
    fn weight(&self, _: &FeedKey, weighed: &Weighed) -> u64 {
        weighed.weight
    }
}

/// Cache of the feeds of one site, bounded in bytes. The base URL of the site must not change.
///
/// A response is never older than the last commit before its request: each request passes its
/// snapshot, and a feed is returned only if it is valid for that snapshot or a later one.
#[derive(Clone)]
pub struct Feeds(pub(super) Arc<Inner>);

pub(super) struct Inner {
    slots: Cache<FeedKey, Weighed, ByBytes>,
    pieces: Pieces,
    making: Arc<Semaphore>,
    counts: Counts,
    pub(super) queue: Queue<CacheSlot>,
    pub(super) hot: Mutex<Vec<Weak<CacheSlot>>>,
}

impl Feeds {
    /// Returns a cache that holds at most about `bytes` of rendered feeds.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(usize::try_from(bytes / 8192).unwrap_or(1024).max(64))
            .weight_capacity(bytes / 4 * 3)
            .shards(2)
            .build()
            .expect("both capacities are given");
        Self(Arc::new(Inner {
            slots: Cache::with_options(
                options,
                ByBytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            pieces: Pieces::new(bytes / 4),
            making: Arc::new(Semaphore::new(making())),
            counts: Counts::default(),
            queue: Queue::default(),
            hot: Mutex::new(Vec::new()),
        }))
    }

    /// Returns the feed as of this snapshot or a later one, rendering it if necessary.
    ///
    /// Concurrent requests share one rendering. `codings` are those that the client accepts; the
    /// expensive ones are produced in the background for later requests.
    pub async fn get(
        &self,
        wanted: FeedKey,
        codings: &[Coding],
        snapshot: &Arc<Snapshot>,
        base: &Arc<Url>,
    ) -> Arc<Stitched> {
        let slot = self.slot(wanted, base);
        self.0.counts.asked.fetch_add(1, Ordering::Relaxed);
        let asked = slot.asked.fetch_add(1, Ordering::Relaxed);
        let found = match slot.current(snapshot.version()) {
            Some(found) => found,
            // Boxed: this rare future would enlarge every response future.
            None => Box::pin(self.made(&slot, snapshot)).await,
        };
        if asked == 1 {
            self.0.watch(&slot);
        }
        for coding in codings {
            let costly = matches!(coding, Coding::Brotli | Coding::Zstd);
            if costly && asked > 0 && !found.is_pressed(*coding) && !slot.wants(*coding) {
                slot.codings.fetch_or(bit(*coding), Ordering::Relaxed);
                self.0.queue.push(&slot);
            }
        }
        found
    }

    /// Returns the counters.
    #[must_use]
    pub fn stats(&self) -> FeedFigures {
        let Inner {
            slots,
            pieces,
            counts,
            ..
        } = &*self.0;
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        FeedFigures {
            asked: read(&counts.asked),
            made: read(&counts.made),
            followed: read(&counts.followed),
            kept: slots.len() as u64,
            bytes: slots.weight() + pieces.weight(),
        }
    }

    fn slot(&self, wanted: FeedKey, base: &Arc<Url>) -> Arc<CacheSlot> {
        if let Some(kept) = self.0.slots.get(&wanted) {
            return kept.slot;
        }
        let make = || -> Result<_, std::convert::Infallible> {
            Ok(Weighed {
                slot: Arc::new(CacheSlot::new(wanted.clone(), Arc::clone(base))),
                weight: LEAST,
            })
        };
        match self.0.slots.get_or_insert_with(&wanted, make) {
            Ok(kept) => kept.slot,
        }
    }

    async fn made(&self, slot: &Arc<CacheSlot>, snapshot: &Arc<Snapshot>) -> Arc<Stitched> {
        let turn = Arc::clone(&slot.turn).lock_owned().await;
        if let Some(found) = slot.current(snapshot.version()) {
            return found;
        }
        if let Some(found) = self.0.follow(slot, snapshot, QUICK) {
            return found;
        }
        // Infallible: the semaphore is never closed.
        let place = Arc::clone(&self.0.making).acquire_owned().await;
        let (inner, own, snapshot) = (Arc::clone(&self.0), Arc::clone(slot), Arc::clone(snapshot));
        let made = tokio::task::spawn_blocking(move || {
            // Held until the work is done, even if the request is dropped: a later request must not
            // publish a newer feed meanwhile.
            let _held = (turn, place);
            let followed = inner.follow(&own, &snapshot, usize::MAX);
            followed.unwrap_or_else(|| inner.make(&own, &snapshot))
        });
        let made = made.await;
        made.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}

/// Returns how many feeds are rendered at once: half of the cores, so that filters requested by
/// crawlers leave room for subscribed feeds.
fn making() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

impl Inner {
    /// Updates a feed by the events changed since, if they are known and at most `most`. The caller
    /// holds the lock of the slot.
    fn follow(
        &self,
        slot: &Arc<CacheSlot>,
        snapshot: &Snapshot,
        most: usize,
    ) -> Option<Arc<Stitched>> {
        let version = snapshot.version();
        let older = slot.latest().filter(|latest| latest.day == version.today)?;
        let then = SnapshotVersion {
            commit: slot.checked.load(Ordering::Acquire),
            ..version
        };
        if snapshot.names_changed_since(then) {
            return None;
        }
        if snapshot.changes_since(then)?.nth(most).is_some() {
            return None;
        }
        let changed = snapshot.changes_since(then)?;
        let feed = slot.wanted.feed();
        match older.after(changed, feed, &slot.request(snapshot), &self.pieces) {
            None => {
                slot.publish(Arc::clone(&older), version);
                Some(older)
            }
            Some(stitched) => {
                let stitched = Arc::new(stitched);
                self.counts.followed.fetch_add(1, Ordering::Relaxed);
                slot.publish(Arc::clone(&stitched), version);
                self.queue.push(slot);
                Some(stitched)
            }
        }
    }

    /// Renders a feed, reusing identical blocks of the older one.
    fn make(&self, slot: &Arc<CacheSlot>, snapshot: &Snapshot) -> Arc<Stitched> {
        let older = slot.latest();
        let request = slot.request(snapshot);
        let feed = slot.wanted.feed();
        self.counts.made.fetch_add(1, Ordering::Relaxed);
        let stitched = Stitched::new(feed, &request, older.as_deref(), &self.pieces);
        let stitched = Arc::new(stitched);
        slot.publish(Arc::clone(&stitched), snapshot.version());
        self.weigh(slot);
        // A crawler requests a filter once, so compressing it is wasted; named feeds are requested
        // again.
        if !matches!(slot.wanted.scope, Scope::Search(_)) || older.is_some() {
            self.queue.push(slot);
        }
        stitched
    }

    /// Updates a feed before it is requested. Does nothing if a request is rendering it.
    pub(super) fn refresh(&self, slot: &Arc<CacheSlot>, snapshot: &Snapshot) {
        let Ok(_turn) = slot.turn.try_lock() else {
            return;
        };
        if slot.current(snapshot.version()).is_none()
            && self.follow(slot, snapshot, usize::MAX).is_none()
        {
            self.make(slot, snapshot);
        }
    }

    /// Updates the weight of a feed in the cache.
    pub(super) fn weigh(&self, slot: &Arc<CacheSlot>) {
        let Some(latest) = slot.latest() else { return };
        // A feed larger than the cache is kept nevertheless: rendering it for each request would
        // use as much memory, and time as well.
        let weight = (LEAST + latest.weight()).min(self.slots.shard_capacity() / 2);
        let known = slot.weighed.swap(weight, Ordering::Relaxed);
        if weight.abs_diff(known) > known / 8 {
            let kept = Weighed {
                slot: Arc::clone(slot),
                weight,
            };
            // Fails if the slot was evicted meanwhile; it then has no weight.
            let _ = self.slots.replace(slot.wanted.clone(), kept, true);
        }
    }

    /// Adds a feed that was requested again to those updated on every commit.
    fn watch(&self, slot: &Arc<CacheSlot>) {
        self.queue.push(slot);
        let mut hot = self.hot.lock().unwrap_or_else(PoisonError::into_inner);
        if hot.len() < HOT {
            hot.push(Arc::downgrade(slot));
        }
    }
}
