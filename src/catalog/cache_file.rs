//! Cache file of the catalog, for a fast start of large calendars.
//!
//! A file beside the store with all published records as of one commit, the events encoded as in
//! memory. It can be deleted at any time: if it is missing, damaged, older than the journal reaches
//! back, or written by another version of the program, the catalog is built from the store's
//! records. Its blocks have checksums and are decoded by several threads.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::encoded::{EncodedEvent, form};
use super::hidden::Hidden;
use super::snapshot::Snapshot;
use super::{Entry, SnapshotVersion};
use calendar_domain::bounds::check_event;
use calendar_domain::clock::Clock;
use calendar_domain::{Event, EventId, OriginKey, Record};
use calendar_store::Checkpoint;

const NAME: &str = "catalog.image";
const UNFINISHED: &str = "catalog.image.unfinished";
/// Approximate number of bytes of events per block.
const BLOCK: usize = 128 << 10;
/// Maximum block size in bytes, whatever the stored length.
const MOST: usize = 64 << 20;

/// File header.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    program: String,
    form: String,
    standing: Checkpoint,
    at: DateTime<Utc>,
    events: usize,
    /// All records other than events.
    others: Vec<Record>,
    /// Unpublished events by their origins.
    hidden: Vec<(EventId, Vec<OriginKey>)>,
}

/// Writes an image of a snapshot atomically. `standing` is the matching state of the store.
pub(super) fn write(folder: &Path, snapshot: &Snapshot, standing: Checkpoint) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(UNFINISHED);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&unfinished)?);
    let head = Head {
        program: program(),
        form: form(),
        standing,
        at: snapshot.version().at,
        events: snapshot.event_count(),
        others: snapshot.other_records(),
        hidden: snapshot.hidden.image(),
    };
    put(&mut out, &serde_json::to_vec(&head)?)?;
    let mut block = Vec::with_capacity(BLOCK + (BLOCK >> 4));
    for entry in snapshot.events() {
        let bytes = entry.packed().bytes();
        block.extend_from_slice(&length(bytes));
        block.extend_from_slice(bytes);
        if block.len() >= BLOCK {
            put(&mut out, &block)?;
            block.clear();
        }
    }
    put(&mut out, &block)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?;
    std::fs::rename(&unfinished, folder.join(NAME))
}

/// Removes the image, and one that was not completed.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    for name in [NAME, UNFINISHED] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Returns true if there is an image; small calendars have none.
pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(NAME).exists()
}

/// Reads an image into a snapshot for the current date; the caller must call [`Snapshot::finish`].
/// Returns `None` if there is no usable image, or once `wanted` is false.
pub(super) fn read(
    folder: &Path,
    clock: &dyn Clock,
    wanted: &AtomicBool,
) -> Option<(Snapshot, Checkpoint)> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(folder.join(NAME)).ok()?);
    let head: Head = serde_json::from_slice(&get(&mut file)?).ok()?;
    if head.program != program() || head.form != form() {
        return None;
    }
    let version = SnapshotVersion {
        commit: head.standing.number.0,
        at: head.at,
        today: clock.now().date_naive(),
    };
    let snapshot = Snapshot::empty(version).with_others(&head.others);
    let zone = snapshot.region().time_zone;
    let mut snapshot = snapshot.on(clock.today(zone));
    snapshot.hidden = Hidden::of_image(head.hidden);
    // One thread reads, two decode, and this one inserts; the order is irrelevant.
    std::thread::scope(|threads| {
        let (blocks, to_unpack) = sync_channel::<Vec<u8>>(2);
        // Owned by the decoding threads, so that the reader does not block after they end.
        let to_unpack = Arc::new(Mutex::new(to_unpack));
        let (unpacked, made) = sync_channel(2);
        for _ in 0..2 {
            let (to_unpack, unpacked) = (Arc::clone(&to_unpack), unpacked.clone());
            threads.spawn(move || {
                while let Some(block) = next(&to_unpack) {
                    if unpacked.send(unpack(block, zone)).is_err() {
                        return;
                    }
                }
            });
        }
        drop((unpacked, to_unpack));
        threads.spawn(move || {
            while let Some(block) = get(&mut file) {
                if block.is_empty() || blocks.send(block).is_err() {
                    return;
                }
            }
        });
        for events in made {
            if !wanted.load(Ordering::Relaxed) {
                return None;
            }
            for (entry, event) in events? {
                // Written by an earlier build without this check; loading the records handles it.
                check_event(&event).ok()?;
                snapshot.take_in(entry, &event);
            }
        }
        Some(())
    })?;
    (snapshot.event_count() == head.events).then_some((snapshot, head.standing))
}

fn next(blocks: &Mutex<Receiver<Vec<u8>>>) -> Option<Vec<u8>> {
    let blocks = blocks.lock().ok()?;
    blocks.recv().ok()
}

fn unpack(block: Vec<u8>, zone: Tz) -> Option<Vec<(Entry, Event)>> {
    let block: Arc<[u8]> = block.into();
    let mut events = Vec::with_capacity(block.len() / 300);
    let mut at = 0;
    while at < block.len() {
        let count = block.get(at..at + 4)?;
        let count = u32::from_le_bytes(count.try_into().ok()?) as usize;
        let (packed, event) = EncodedEvent::read(&block, at + 4..at + 4 + count)?;
        events.push((Entry::with(packed, &event, zone), event));
        at += 4 + count;
    }
    Some(events)
}

/// Returns the program version, which must match that of the image.
fn program() -> String {
    concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned()
}

fn length(bytes: &[u8]) -> [u8; 4] {
    let length = u32::try_from(bytes.len()).expect("a record is capped at a megabyte");
    length.to_le_bytes()
}

/// Writes length, checksum and bytes.
fn put(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&length(bytes))?;
    out.write_all(&crc32fast::hash(bytes).to_le_bytes())?;
    out.write_all(bytes)
}

fn get(from: &mut impl Read) -> Option<Vec<u8>> {
    let mut prefix = [0; 8];
    from.read_exact(&mut prefix).ok()?;
    let [a, b, c, d, sum @ ..] = prefix;
    let count = u32::from_le_bytes([a, b, c, d]) as usize;
    if count > MOST {
        return None;
    }
    let mut bytes = vec![0; count];
    from.read_exact(&mut bytes).ok()?;
    (crc32fast::hash(&bytes) == u32::from_le_bytes(sum)).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::super::tests::{day, event};
    use super::*;
    use crate::catalog::{Calendar, Preload};
    use calendar_domain::When;
    use calendar_domain::clock::FixedClock;
    use calendar_store::{Author, Change, Commit, Store};

    fn clock() -> Arc<dyn Clock> {
        let noon = chrono::Utc.with_ymd_and_hms(2027, 2, 1, 12, 0, 0);
        Arc::new(FixedClock::at(noon.unwrap()))
    }

    /// Returns the snapshot of a store with three events and an image of the first two.
    fn imaged(url: &str) -> Snapshot {
        let calendar = Calendar::open(calendar_store::open(url).unwrap(), clock()).unwrap();
        let commit = |id: &str| {
            let event = event(id, When::day(day("2027-03-01")));
            let commit = Commit {
                author: Author::System,
                at: clock().now(),
                note: String::new(),
                changes: vec![Change::put(event.into())],
            };
            calendar.commit(commit).unwrap();
        };
        commit("one");
        commit("two");
        let standing = calendar.store().standing().unwrap();
        let folder = calendar_store::cache_folder(url).unwrap();
        assert_eq!(calendar.store().cache_folder(), Some(&*folder));
        write(&folder, &calendar.snapshot(), standing).unwrap();
        commit("three");
        Snapshot::clone(&calendar.snapshot())
    }

    fn ids(snapshot: &Snapshot) -> Vec<String> {
        let mut ids: Vec<String> = snapshot
            .events()
            .map(|events| events.id().to_owned())
            .collect();
        ids.sort();
        ids
    }

    fn read_now(folder: &Path) -> Option<(Snapshot, Checkpoint)> {
        read(folder, &*clock(), &AtomicBool::new(true))
    }

    #[test]
    fn a_calendar_is_the_same_with_an_image_read_early_or_late_or_without_one() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sled:{}", folder.path().join("store").display());
        let before = imaged(&url);
        let cache = calendar_store::cache_folder(&url).unwrap();
        assert_eq!(ids(&read_now(&cache).unwrap().0), ["one", "two"]);
        let opened = |early| {
            let calendar = Calendar::open_with(calendar_store::open(&url).unwrap(), clock(), early);
            Snapshot::clone(&calendar.unwrap().snapshot())
        };
        let early = opened(Preload::begin(cache.clone(), clock()));
        let late = opened(None);
        std::fs::remove_dir_all(&cache).unwrap();
        let nowhere = opened(Preload::begin(cache, clock()));
        for after in [early, late, nowhere] {
            assert_eq!(ids(&after), ["one", "three", "two"]);
            assert_eq!(after.version(), before.version());
            let on = after.days.sheet(day("2027-03-01")).map(|sheet| sheet.len());
            assert_eq!(on, Some(3));
        }
    }

    #[test]
    fn an_image_of_another_program_or_form_or_a_damaged_one_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sled:{}", folder.path().join("store").display());
        imaged(&url);
        let cache = calendar_store::cache_folder(&url).unwrap();
        let path = cache.join(NAME);
        let good = std::fs::read(&path).unwrap();
        for what in ["form", "program"] {
            let mut rest = &good[..];
            let mut head: Head = serde_json::from_slice(&get(&mut rest).unwrap()).unwrap();
            match what {
                "form" => head.form.push_str(" dress_code"),
                _ => head.program += ".1",
            }
            let mut other = Vec::new();
            put(&mut other, &serde_json::to_vec(&head).unwrap()).unwrap();
            other.extend_from_slice(rest);
            std::fs::write(&path, other).unwrap();
            assert!(read_now(&cache).is_none(), "{what}");
        }
        let mut damaged = good.clone();
        let last = damaged.len() - 20;
        damaged[last] ^= 1;
        std::fs::write(&path, damaged).unwrap();
        assert!(read_now(&cache).is_none());
        std::fs::write(&path, good).unwrap();
        assert!(read_now(&cache).is_some());
        assert!(read(&cache, &*clock(), &AtomicBool::new(false)).is_none());
    }
}
