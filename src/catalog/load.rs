//! Many events at once: how the catalog begins.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use calendar_domain::clock::Clock;
use calendar_domain::{Event, Record, RecordKey, RecordKind};
use calendar_store::{Standing, Store, StoreError};

use super::facts::{municipalities, searchable};
use super::index::Indexed;
use super::names::Names;
use super::skipped::caught;
use super::slots::Slot;
use super::snapshot::Snapshot;
use super::words::Words;
use super::{Entry, Version, image};

/// Up to so many events their words are indexed before anyone asks; of more, while the calendar is
/// open already.
pub(super) const WORDS_AT_ONCE: usize = 20_000;

/// The image of a catalog that is read while its store is being opened, which takes as long. Whoever drops
/// it unused ends the reading.
pub struct Early {
    read: JoinHandle<Option<(Snapshot, Standing)>>,
    wanted: Wanted,
}

/// Whether somebody still waits.
struct Wanted(Arc<AtomicBool>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Early {
    /// Begins to read the image in a store's [`cache_folder`](calendar_store::cache_folder), if there is one.
    #[must_use]
    pub fn begin(folder: PathBuf, clock: Arc<dyn Clock>) -> Option<Self> {
        if !image::is_there(&folder) {
            return None;
        }
        let wanted = Wanted(Arc::new(AtomicBool::new(true)));
        let told = Arc::clone(&wanted.0);
        let read = std::thread::spawn(move || image::read(&folder, &*clock, &told));
        Some(Self { read, wanted })
    }

    /// Waits for it. One whose reading failed is none.
    fn image(self) -> Option<(Snapshot, Standing)> {
        let image = self.read.join().ok().flatten();
        drop(self.wanted);
        image
    }
}

/// What was loaded.
pub(super) struct Loaded {
    pub(super) snapshot: Snapshot,
    /// Where the store stood when the image was made that this comes from.
    pub(super) imaged: Option<Standing>,
}

/// Everything in a store, on the day that the clock has where the region is.
pub(super) fn load(
    store: &dyn Store,
    clock: &dyn Clock,
    version: Version,
    early: Option<Early>,
) -> Result<Loaded, StoreError> {
    let found = match early {
        Some(early) => early.image(),
        None => (store.cache_folder()).and_then(|folder| {
            let read = caught(|| image::read(folder, clock, &AtomicBool::new(true)));
            read.ok().flatten()
        }),
    };
    if let Some((snapshot, then)) = found
        && let Some(snapshot) = caught_up(store, snapshot, then)?
    {
        return Ok(Loaded {
            snapshot,
            imaged: Some(then),
        });
    }
    Ok(Loaded {
        snapshot: from_records(store, clock, version)?,
        imaged: None,
    })
}

/// The snapshot of the store's records, made without any image.
pub(super) fn from_records(
    store: &dyn Store,
    clock: &dyn Clock,
    version: Version,
) -> Result<Snapshot, StoreError> {
    let mut others = Vec::new();
    let mut kinds = RecordKind::ALL.to_vec();
    let kept = |kind: &RecordKind| kind.is_shown() || *kind == RecordKind::Filter;
    kinds.retain(|kind| kept(kind) && *kind != RecordKind::Event);
    store.scan(&kinds, &mut |batch| {
        others.extend(batch.into_iter().map(|stored| stored.record));
    })?;
    let snapshot = Snapshot::empty(version).with_others(&others);
    let zone = snapshot.region().time_zone;
    let mut snapshot = snapshot.on(clock.today(zone));
    store.scan(&[RecordKind::Event], &mut |batch| {
        let events = batch.iter().filter_map(|stored| match &stored.record {
            Record::Event(event) => Some(&**event),
            _ => None,
        });
        let (shown, hidden): (Vec<&Event>, Vec<&Event>) = events.partition(|it| it.is_public());
        for event in hidden {
            snapshot.hidden.put(&event.id, Some(event));
        }
        snapshot.take_in_all(&shown);
    })?;
    snapshot.finish();
    Ok(snapshot)
}

/// The snapshot of an image, with what has been committed since; `None` where that is not known.
fn caught_up(
    store: &dyn Store,
    mut snapshot: Snapshot,
    then: Standing,
) -> Result<Option<Snapshot>, StoreError> {
    snapshot.finish();
    let known = store.commits_since(then, &mut |past| {
        let shows = past.changes.iter().any(|(key, _)| key.kind.is_shown());
        let now = snapshot.version();
        let version = Version {
            commit: past.number.0,
            at: if shows { past.at } else { now.at },
            ..now
        };
        let changes = past.changes.iter();
        snapshot = snapshot.with(version, changes.map(|(key, it)| (key, it.as_ref())));
    })?;
    Ok(known.then_some(snapshot))
}

impl Snapshot {
    /// The snapshot with records that are no events.
    pub(super) fn with_others(&self, records: &[Record]) -> Self {
        let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
        self.with(self.version, keys.iter().zip(records.iter().map(Some)))
    }

    /// Takes in published events, of which none is there yet; those that cannot be shown are left out.
    fn take_in_all(&mut self, events: &[&Event]) {
        let zone = self.region.time_zone;
        let before = self.clone();
        let taken = caught(|| {
            for event in events {
                if let Some(event) = self.showable(&event.id, Some(event)) {
                    self.take_in(Entry::of(event, zone), event);
                }
            }
        });
        if taken.is_ok() {
            return;
        }
        *self = before;
        for event in events {
            let Some(event) = self.showable(&event.id, Some(event)) else {
                continue;
            };
            let taken = caught(|| {
                let mut next = self.clone();
                next.take_in(Entry::of(event, zone), event);
                next
            });
            match taken {
                Ok(next) => *self = next,
                Err(why) => self.skip(&event.id, &why),
            }
        }
    }

    /// Takes in a published event that is not there yet. Before [`Self::finish`] it is not
    /// found by name or word.
    pub(super) fn take_in(&mut self, entry: Entry, event: &Event) {
        let slot = Slot::try_from(self.entries.len()).expect("memory ends long before slots do");
        let places = municipalities(event, self);
        self.index
            .change(slot, None, Indexed::of(Some(event), Some(&places)));
        self.days.insert(slot, &entry, event);
        self.put_part(slot, None, Some(event));
        self.entries.push_back(Some(Arc::new(entry)));
        self.count += 1;
    }

    /// Makes what was taken in found; by word only after [`Words::take_unfilled`] where it is much.
    pub(super) fn finish(&mut self) {
        let entries = self.entries_with_slots();
        self.names = Names::of(entries.map(|(slot, entry)| (&**entry, slot)));
        self.words = Arc::new(Words::default());
        self.words.close();
        if self.count > WORDS_AT_ONCE {
            self.words.leave_unfilled();
            return;
        }
        self.fill_words();
    }

    /// Puts the words of all events into the index. Until then a search looks at every event.
    pub(super) fn fill_words(&self) {
        let entries = self.entries_with_slots();
        // One that cannot be read is found by no word.
        let texts = entries.map(|(slot, entry)| {
            let text = caught(|| searchable(&entry.shown(), self));
            (slot, text.unwrap_or_default())
        });
        self.words.fill(texts);
    }
}

/// Fills the index of words on a thread of its own, where that is left to do. Until it is done, and
/// should it fail, a search looks at every event.
pub(super) fn fill_words_beside(snapshot: &Arc<Snapshot>) {
    if snapshot.words.take_unfilled() {
        let snapshot = Arc::clone(snapshot);
        let thread = std::thread::Builder::new().name("words".into());
        if let Err(error) = thread.spawn(move || snapshot.fill_words()) {
            tracing::warn!(%error, "no thread to fill the index of words: searches look at every event");
        }
    }
}
