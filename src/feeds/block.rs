//! Blocks: runs of consecutive events that are hashed and compressed together.

use std::borrow::Borrow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::catalog::Entry;
use calendar_ical::write::Zones;

use super::fragment::Pieces;
use super::{Feed, FeedRequest, Fragment, Numbering};

/// Average number of events per block. A power of two.
const USUAL: u32 = 32;
/// Maximum number of events per block.
const MOST: usize = 4 * USUAL as usize;

/// A part of a feed with its digest, checksum and compressed form.
#[derive(Debug, Clone)]
pub(super) struct BlockPart {
    /// Bytes.
    pub bytes: Bytes,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
    /// CRC-32 of the bytes, for gzip.
    pub crc: crc32fast::Hasher,
    /// Deflated bytes, once compressed.
    pub deflated: OnceLock<Bytes>,
}

impl BlockPart {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut crc = crc32fast::Hasher::new();
        crc.update(bytes);
        Self {
            digest: Sha256::digest(bytes).into(),
            crc,
            // Copied: a buffer that grew step by step may have unused capacity, which is not
            // counted.
            bytes: Bytes::copy_from_slice(bytes),
            deflated: OnceLock::new(),
        }
    }
}

/// Data about the events of a feed that its frame needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of events in the feed.
    pub count: usize,
    /// Zones they refer to.
    pub zones: Zones,
    /// Whether one of them has no organizer address.
    pub lacks_organizer: bool,
    /// Time of the last change, including events excluded by the client's options.
    pub changed: Option<DateTime<Utc>>,
    /// Time of the last change of an event in the feed.
    pub newest: Option<DateTime<Utc>>,
}

impl Summary {
    /// Adds an event, and its piece if it is in the feed.
    fn note(&mut self, entry: &Entry, piece: Option<&Fragment>) {
        let modified = Some(entry.modified());
        self.changed = self.changed.max(modified);
        if let Some(piece) = piece {
            self.count += 1;
            self.zones.join(&piece.zones);
            self.lacks_organizer |= piece.lacks_organizer;
            self.newest = self.newest.max(modified);
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.count += other.count;
        self.zones.join(&other.zones);
        self.lacks_organizer |= other.lacks_organizer;
        self.changed = self.changed.max(other.changed);
        self.newest = self.newest.max(other.newest);
    }
}

/// A run of events in one format.
#[derive(Debug)]
pub(super) struct Block {
    /// Events, in order.
    entries: Box<[Arc<Entry>]>,
    /// Number of the first event, reduced to what the bytes depend on.
    numbered: usize,
    /// Data for the frame.
    pub gist: Summary,
    /// Bytes.
    pub part: BlockPart,
}

impl Block {
    /// Renders the block of a run whose first piece has the number `first`.
    pub(super) fn new(
        entries: &[Arc<Entry>],
        first: usize,
        feed: &dyn Feed,
        request: &FeedRequest<'_>,
        pieces: &Pieces,
    ) -> Self {
        let (bytes, gist) = run(entries, first, feed, |entry| {
            pieces.fragment(feed, entry, request)
        });
        Self {
            entries: entries.into(),
            numbered: numbered(feed, first),
            gist,
            part: BlockPart::new(&bytes),
        }
    }

    /// Returns true if the block of this run would be identical.
    pub(super) fn is_of(&self, entries: &[Arc<Entry>], first: usize, feed: &dyn Feed) -> bool {
        let same = |(a, b): (&Arc<Entry>, &Arc<Entry>)| Arc::ptr_eq(a, b);
        self.entries.len() == entries.len()
            && self.numbered == numbered(feed, first)
            && self.entries.iter().zip(entries).all(same)
    }

    /// Returns true if an event of it recurs.
    pub(super) fn recurs(&self) -> bool {
        self.entries.iter().any(|entry| entry.recurs())
    }

    /// Returns the [beginning] of its run.
    pub(super) fn begins_with(&self) -> usize {
        beginning(&self.entries)
    }
}

/// Returns the address of the first entry of a run.
pub(super) fn beginning(run: &[Arc<Entry>]) -> usize {
    run.first().map_or(0, |entry| Arc::as_ptr(entry).addr())
}

/// Concatenates the pieces of a run, the first with the number `first`, and collects the data for
/// the frame.
pub(super) fn run<P: Borrow<Fragment>>(
    entries: &[Arc<Entry>],
    first: usize,
    feed: &dyn Feed,
    piece: impl Fn(&Arc<Entry>) -> Option<P>,
) -> (Vec<u8>, Summary) {
    let mut gist = Summary::default();
    let mut bytes = Vec::new();
    for entry in entries {
        let piece = piece(entry);
        let piece = piece.as_ref().map(Borrow::borrow);
        if let Some(piece) = piece {
            feed.lead(first + gist.count, &mut bytes);
            bytes.extend_from_slice(&piece.bytes);
        }
        gist.note(entry, piece);
    }
    (bytes, gist)
}

/// Reduces the number of a piece to what the bytes before it depend on.
fn numbered(feed: &dyn Feed, first: usize) -> usize {
    match feed.numbering() {
        Numbering::None => 0,
        Numbering::FirstDiffers => first.min(1),
        Numbering::Each => first,
    }
}

/// Splits a feed into runs by the [key](key_of) of each event. The key of an event, not its
/// position, decides whether it begins a run, so that inserting or removing an event changes only
/// its own run.
pub(super) fn cut(keys: &[u32]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = keys.get(from..).filter(|rest| !rest.is_empty())?;
        let inside = rest[1..].iter().take(MOST - 1);
        let length = 1 + inside.take_while(|key| !key.is_multiple_of(USUAL)).count();
        let range = from..from + length;
        from = range.end;
        Some(range)
    })
}

/// Returns a short, evenly distributed key of an event.
pub(super) fn key_of(id: &str) -> u32 {
    crc32fast::hash(id.as_bytes())
}
