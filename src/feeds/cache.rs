//! Finished feeds, kept while they are true.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::ArcSwapOption;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use tokio::sync::{Mutex as Turn, Semaphore};
use url::Url;

use crate::catalog::{Snapshot, Version};

use super::piece::Pieces;
use super::press::Queue;
use super::{Choices, Coding, Feed, FeedRequest, Scope, Stitched};

/// What a feed that finds nothing weighs: its name, its frame and the bookkeeping.
const LEAST: u64 = 2048;
/// How many changed events a reader's own thread takes in; more is work for another one.
const QUICK: usize = 32;
/// How many feeds are brought up to date as soon as something is written.
const HOT: usize = 1024;

/// Which feed, in which form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// The extension of its format.
    pub extension: &'static str,
    /// What it is of.
    pub scope: Scope,
    /// The reader's choices.
    pub choices: Choices,
}

impl Wanted {
    fn feed(&self) -> &'static dyn Feed {
        super::format(self.extension).expect("the extension is a format's own")
    }
}

/// What the feeds have come to since the start, for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedFigures {
    /// How often a feed was asked for.
    pub asked: u64,
    /// How often one was made from nothing, or out of its older blocks after a day or a name changed.
    pub made: u64,
    /// How often one was brought up to date by the events that changed.
    pub followed: u64,
    /// How many feeds are kept.
    pub kept: u64,
    /// The bytes that they and their pieces take.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct Counts {
    asked: AtomicU64,
    made: AtomicU64,
    followed: AtomicU64,
}

/// A feed as it is kept, and what happens to it.
pub(super) struct Slot {
    wanted: Wanted,
    base: Arc<Url>,
    current: ArcSwapOption<Stitched>,
    /// The commit up to which `current` is known to be true.
    checked: AtomicU64,
    /// How often it was asked for since it was last found idle.
    pub(super) asked: AtomicU32,
    /// The costly codings that somebody asked for: a bit each.
    codings: AtomicU8,
    turn: Arc<Turn<()>>,
    weighed: AtomicU64,
}

impl Slot {
    fn new(wanted: Wanted, base: Arc<Url>) -> Self {
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

    /// The feed, if it is as new as this version of the calendar or newer.
    fn current(&self, version: Version) -> Option<Arc<Stitched>> {
        // Read before `current`, which is written first: what is found is as new as this or newer.
        let checked = self.checked.load(Ordering::Acquire);
        let current = self.current.load_full()?;
        (checked >= version.commit && current.day >= version.today).then_some(current)
    }

    /// The feed, however old.
    pub(super) fn latest(&self) -> Option<Arc<Stitched>> {
        self.current.load_full()
    }

    /// Whether somebody wants the feed in this coding.
    pub(super) fn wants(&self, coding: Coding) -> bool {
        self.codings.load(Ordering::Relaxed) & bit(coding) != 0
    }

    fn publish(&self, stitched: Arc<Stitched>, version: Version) {
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

/// A slot with the weight that the cache knows it by. A slot gets heavier with time; what stands in
/// the cache must not.
#[derive(Clone)]
struct Weighed {
    slot: Arc<Slot>,
    weight: u64,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Wanted, Weighed> for ByBytes {
    fn weight(&self, _: &Wanted, weighed: &Weighed) -> u64 {
        weighed.weight
    }
}

/// The feeds of a running program, bounded by bytes: of one site, whose address does not change.
///
/// No reader gets a feed older than what was written before the reader asked: each request comes
/// with the snapshot that it found, and a feed is given only where it is known to be true of that
/// snapshot or a later one.
#[derive(Clone)]
pub struct Feeds(pub(super) Arc<Inner>);

pub(super) struct Inner {
    slots: Cache<Wanted, Weighed, ByBytes>,
    pieces: Pieces,
    making: Arc<Semaphore>,
    counts: Counts,
    pub(super) queue: Queue,
    pub(super) hot: Mutex<Vec<Weak<Slot>>>,
}

impl Feeds {
    /// Keeps at most about `bytes` of finished feeds.
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

    /// The feed as of this snapshot or a later one, made now if it is not there; readers who come
    /// together share one making. `codings` are those that the reader takes: the costly ones among
    /// them are made for the next reader.
    pub async fn get(
        &self,
        wanted: Wanted,
        codings: &[Coding],
        snapshot: &Arc<Snapshot>,
        base: &Arc<Url>,
    ) -> Arc<Stitched> {
        let slot = self.slot(wanted, base);
        self.0.counts.asked.fetch_add(1, Ordering::Relaxed);
        let asked = slot.asked.fetch_add(1, Ordering::Relaxed);
        let found = match slot.current(snapshot.version()) {
            Some(found) => found,
            // In a box of its own: what is seldom needed would else be moved about with each answer.
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

    /// What they have come to.
    #[must_use]
    pub fn figures(&self) -> FeedFigures {
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

    fn slot(&self, wanted: Wanted, base: &Arc<Url>) -> Arc<Slot> {
        if let Some(kept) = self.0.slots.get(&wanted) {
            return kept.slot;
        }
        let make = || -> Result<_, std::convert::Infallible> {
            Ok(Weighed {
                slot: Arc::new(Slot::new(wanted.clone(), Arc::clone(base))),
                weight: LEAST,
            })
        };
        match self.0.slots.get_or_insert_with(&wanted, make) {
            Ok(kept) => kept.slot,
        }
    }

    async fn made(&self, slot: &Arc<Slot>, snapshot: &Arc<Snapshot>) -> Arc<Stitched> {
        let turn = Arc::clone(&slot.turn).lock_owned().await;
        if let Some(found) = slot.current(snapshot.version()) {
            return found;
        }
        if let Some(found) = self.0.follow(slot, snapshot, QUICK) {
            return found;
        }
        // Closed never: nothing here closes it.
        let place = Arc::clone(&self.0.making).acquire_owned().await;
        let (inner, own, snapshot) = (Arc::clone(&self.0), Arc::clone(slot), Arc::clone(snapshot));
        let made = tokio::task::spawn_blocking(move || {
            // To the end of the work, even if the reader has gone: who comes next must not put in
            // a newer feed meanwhile.
            let _held = (turn, place);
            let followed = inner.follow(&own, &snapshot, usize::MAX);
            followed.unwrap_or_else(|| inner.make(&own, &snapshot))
        });
        let made = made.await;
        made.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}

/// How many feeds are made from nothing at once: a crawler's new filters take their turn, and
/// leave half of the machine to feeds that people subscribe to.
fn making() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

impl Inner {
    /// Brings a feed up to date by what changed since, if that is known and no more than `most`
    /// events; its turn is the caller's.
    fn follow(&self, slot: &Arc<Slot>, snapshot: &Snapshot, most: usize) -> Option<Arc<Stitched>> {
        let version = snapshot.version();
        let older = slot.latest().filter(|it| it.day == version.today)?;
        let then = Version {
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

    /// Makes a feed, out of the older one's blocks where they are the same.
    fn make(&self, slot: &Arc<Slot>, snapshot: &Snapshot) -> Arc<Stitched> {
        let older = slot.latest();
        let request = slot.request(snapshot);
        let feed = slot.wanted.feed();
        self.counts.made.fetch_add(1, Ordering::Relaxed);
        let stitched = Stitched::of(feed, &request, older.as_deref(), &self.pieces);
        let stitched = Arc::new(stitched);
        slot.publish(Arc::clone(&stitched), snapshot.version());
        self.weigh(slot);
        // What a crawler asks for once is not worth pressing; a feed with a name is asked again.
        if !matches!(slot.wanted.scope, Scope::Search(_)) || older.is_some() {
            self.queue.push(slot);
        }
        stitched
    }

    /// Brings a feed up to date ahead of its readers. A feed that a reader is just having made is
    /// left to that reader.
    pub(super) fn refresh(&self, slot: &Arc<Slot>, snapshot: &Snapshot) {
        let Ok(_turn) = slot.turn.try_lock() else {
            return;
        };
        if slot.current(snapshot.version()).is_none()
            && self.follow(slot, snapshot, usize::MAX).is_none()
        {
            self.make(slot, snapshot);
        }
    }

    /// Tells the cache what a feed weighs by now.
    pub(super) fn weigh(&self, slot: &Arc<Slot>) {
        let Some(latest) = slot.latest() else { return };
        // One that is larger than all the room is kept all the same: to make it for each reader
        // would cost that memory too, and the time on top.
        let weight = (LEAST + latest.weight()).min(self.slots.shard_capacity() / 2);
        let known = slot.weighed.swap(weight, Ordering::Relaxed);
        if weight.abs_diff(known) > known / 8 {
            let kept = Weighed {
                slot: Arc::clone(slot),
                weight,
            };
            // Thrown out meanwhile: then it weighs nothing.
            let _ = self.slots.replace(slot.wanted.clone(), kept, true);
        }
    }

    /// A feed that is asked for again is brought up to date with each write from now on.
    fn watch(&self, slot: &Arc<Slot>) {
        self.queue.push(slot);
        let mut hot = self.hot.lock().unwrap_or_else(PoisonError::into_inner);
        if hot.len() < HOT {
            hot.push(Arc::downgrade(slot));
        }
    }
}
