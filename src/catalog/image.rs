//! The catalog on the disk, so that a large calendar is there at once when the program starts.
//!
//! A file beside the store with all published records as of one commit, the events packed as they are
//! in memory. It is made of the store and can be thrown away at any time: one that is missing, older
//! than the journal reaches back, damaged or of another version of the program is made anew from the
//! store's records. It is in blocks with a checksum each, which several threads read at once.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::packed::{FORM, Packed};
use super::snapshot::Snapshot;
use super::{Entry, Version};
use crate::clock::Clock;
use crate::domain::{Event, Record};
use crate::store::Standing;

const NAME: &str = "catalog.image";
const UNFINISHED: &str = "catalog.image.unfinished";
/// Bytes of events in one block, about.
const BLOCK: usize = 128 << 10;
/// No block is larger, whatever its length says.
const MOST: usize = 64 << 20;

/// What stands in front.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    program: String,
    form: u32,
    standing: Standing,
    at: DateTime<Utc>,
    events: usize,
    /// Everything but the events.
    others: Vec<Record>,
}

/// Writes the image of a snapshot of the store that stood so into a folder, whole or not at all.
pub(super) fn write(folder: &Path, snapshot: &Snapshot, standing: Standing) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(UNFINISHED);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&unfinished)?);
    let head = Head {
        program: program(),
        form: FORM,
        standing,
        at: snapshot.version().at,
        events: snapshot.event_count(),
        others: snapshot.other_records(),
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

/// Reads an image into a snapshot that shows it, on today's day; [`Snapshot::finish`] is still to come.
/// `None` where there is none that can be used.
pub(super) fn read(folder: &Path, clock: &dyn Clock) -> Option<(Snapshot, Standing)> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(folder.join(NAME)).ok()?);
    let head: Head = serde_json::from_slice(&get(&mut file)?).ok()?;
    if head.program != program() || head.form != FORM {
        return None;
    }
    let version = Version {
        commit: head.standing.number.0,
        at: head.at,
        today: clock.now().date_naive(),
    };
    let snapshot = Snapshot::empty(version).with_others(&head.others);
    let zone = snapshot.region().time_zone;
    let mut snapshot = snapshot.on(clock.today(zone));
    // Two threads unpack what a third reads, and this one puts in: order does not matter.
    std::thread::scope(|threads| {
        let (blocks, to_unpack) = sync_channel::<Vec<u8>>(2);
        // Goes with the threads that unpack, so that nobody waits for them when they are no more.
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
            for (entry, event) in events? {
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
        let (packed, event) = Packed::read(&block, at + 4..at + 4 + count)?;
        events.push((Entry::with(packed, &event, zone), event));
        at += 4 + count;
    }
    Some(events)
}

/// The program that can read its own images, and no other.
fn program() -> String {
    concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned()
}

fn length(bytes: &[u8]) -> [u8; 4] {
    let length = u32::try_from(bytes.len()).expect("a record is capped at a megabyte");
    length.to_le_bytes()
}

/// Length, checksum, bytes.
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
