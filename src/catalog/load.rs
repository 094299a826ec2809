//! Loads the catalog at the start.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use calendar_domain::clock::Clock;
use calendar_domain::{Event, Record, RecordKey, RecordKind};
use calendar_store::{Checkpoint, Store, StoreError};

use super::denormalize::{municipalities, searchable};
use super::doc_set::DocId;
use super::index::Indexed;
use super::names::NameIndex;
use super::panics::caught;
use super::snapshot::Snapshot;
use super::text_index::TextIndex;
use super::{Entry, SnapshotVersion, cache_file};

/// Maximum number of events whose text is indexed before the calendar opens; for more, the index is
/// built in the background.
pub(super) const WORDS_AT_ONCE: usize = 20_000;

/// An image that is read while its store is being opened. Dropping it ends the reading.
pub struct Preload {
    read: JoinHandle<Option<(Snapshot, Checkpoint)>>,
    wanted: CancelFlag,
}

/// Sets the flag to false when dropped.
struct CancelFlag(Arc<AtomicBool>);

impl Drop for CancelFlag {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Preload {
    /// Starts reading the image in a store's [`cache_folder`](calendar_store::cache_folder), if
    /// there is one.
    #[must_use]
    pub fn begin(folder: PathBuf, clock: Arc<dyn Clock>) -> Option<Self> {
        if !cache_file::is_there(&folder) {
            return None;
        }
        let wanted = CancelFlag(Arc::new(AtomicBool::new(true)));
        let told = Arc::clone(&wanted.0);
        let read = std::thread::spawn(move || cache_file::read(&folder, &*clock, &told));
        Some(Self { read, wanted })
    }

    /// Waits for the image. Returns `None` if reading failed.
    fn image(self) -> Option<(Snapshot, Checkpoint)> {
        let image = self.read.join().ok().flatten();
        drop(self.wanted);
        image
    }
}

/// Result of loading.
pub(super) struct Loaded {
    pub(super) snapshot: Snapshot,
    /// State of the store in the image that was used, if any.
    pub(super) imaged: Option<Checkpoint>,
}

/// Loads the store for the current date in the region.
pub(super) fn load(
    store: &dyn Store,
    clock: &dyn Clock,
    version: SnapshotVersion,
    early: Option<Preload>,
) -> Result<Loaded, StoreError> {
    let found = match early {
        Some(early) => early.image(),
        None => (store.cache_folder()).and_then(|folder| {
            let read = caught(|| cache_file::read(folder, clock, &AtomicBool::new(true)));
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

/// Loads a snapshot from the store's records, without an image.
pub(super) fn from_records(
    store: &dyn Store,
    clock: &dyn Clock,
    version: SnapshotVersion,
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
        let (shown, hidden): (Vec<&Event>, Vec<&Event>) =
            events.partition(|event| event.is_public());
        for event in hidden {
            snapshot.hidden.put(&event.id, Some(event));
        }
        snapshot.take_in_all(&shown);
    })?;
    snapshot.finish();
    Ok(snapshot)
}

/// Applies the commits since an image was written. Returns `None` if the journal does not reach
/// back that far.
fn caught_up(
    store: &dyn Store,
    mut snapshot: Snapshot,
    then: Checkpoint,
) -> Result<Option<Snapshot>, StoreError> {
    snapshot.finish();
    let known = store.commits_since(then, &mut |past| {
        let shows = past.changes.iter().any(|(key, _)| key.kind.is_shown());
        let now = snapshot.version();
        let version = SnapshotVersion {
            commit: past.number.0,
            at: if shows { past.at } else { now.at },
            ..now
        };
        let changes = past.changes.iter();
        snapshot = snapshot.with(version, changes.map(|(key, value)| (key, value.as_ref())));
    })?;
    Ok(known.then_some(snapshot))
}

impl Snapshot {
    /// Returns the snapshot with records other than events.
    pub(super) fn with_others(&self, records: &[Record]) -> Self {
        let keys: Vec<RecordKey> = records.iter().map(Record::key).collect();
        self.with(self.version, keys.iter().zip(records.iter().map(Some)))
    }

    /// Adds published events that are not in the snapshot yet; those that cannot be shown are
    /// dropped.
    fn take_in_all(&mut self, events: &[&Event]) {
        let zone = self.region.time_zone;
        let before = self.clone();
        let taken = caught(|| {
            for event in events {
                if let Some(event) = self.showable(&event.id, Some(event)) {
                    self.take_in(Entry::new(event, zone), event);
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
                next.take_in(Entry::new(event, zone), event);
                next
            });
            match taken {
                Ok(next) => *self = next,
                Err(why) => self.skip(&event.id, &why),
            }
        }
    }

    /// Adds a published event that is not in the snapshot yet. It cannot be found by name or text
    /// before [`Self::finish`].
    pub(super) fn take_in(&mut self, entry: Entry, event: &Event) {
        let slot = DocId::try_from(self.entries.len()).expect("memory ends long before slots do");
        let places = municipalities(event, self);
        self.index
            .change(slot, None, Indexed::new(Some(event), Some(&places)));
        self.days.insert(slot, &entry, event);
        self.put_part(slot, None, Some(event));
        self.entries.push_back(Some(Arc::new(entry)));
        self.count += 1;
    }

    /// Builds the indexes of names and text. For many events the text index is left to
    /// [`TextIndex::take_unfilled`].
    pub(super) fn finish(&mut self) {
        let entries = self.entries_with_slots();
        self.names = NameIndex::new(entries.map(|(slot, entry)| (&**entry, slot)));
        self.words = Arc::new(TextIndex::default());
        self.words.close();
        if self.count > WORDS_AT_ONCE {
            self.words.leave_unfilled();
            return;
        }
        self.fill_words();
    }

    /// Builds the text index. Until then, searches scan all events.
    pub(super) fn fill_words(&self) {
        let entries = self.entries_with_slots();
        // An event that cannot be decoded has no text.
        let texts = entries.map(|(slot, entry)| {
            let text = caught(|| searchable(&entry.shown(), self));
            (slot, text.unwrap_or_default())
        });
        self.words.fill(texts);
    }
}

/// Builds the text index in a thread of its own, if that is pending. Until it is done, and if it
/// fails, searches scan all events.
pub(super) fn fill_words_beside(snapshot: &Arc<Snapshot>) {
    if snapshot.words.take_unfilled() {
        let snapshot = Arc::clone(snapshot);
        let thread = std::thread::Builder::new().name("words".into());
        if let Err(error) = thread.spawn(move || snapshot.fill_words()) {
            tracing::warn!(%error, "cannot start a thread for the text index: searches scan every event");
        }
    }
}
