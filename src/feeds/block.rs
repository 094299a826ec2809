//! Runs of neighbouring events: what is hashed and compressed as one.

use std::borrow::Borrow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::catalog::Entry;
use crate::ical::write::Zones;

use super::piece::Pieces;
use super::{Feed, FeedRequest, Numbering, Piece};

/// How many events stand in a block on the average. A power of two.
const USUAL: u32 = 32;
/// How many stand in one at most.
const MOST: usize = 4 * USUAL as usize;

/// Some bytes of a feed, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The bytes.
    pub bytes: Bytes,
    /// SHA-256 of them.
    pub digest: [u8; 32],
    /// Their checksum as gzip wants it.
    pub crc: crc32fast::Hasher,
    /// What deflate makes of them, once the press has been at it.
    pub deflated: OnceLock<Bytes>,
}

impl Part {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let mut crc = crc32fast::Hasher::new();
        crc.update(bytes);
        Self {
            digest: Sha256::digest(bytes).into(),
            crc,
            // Copied, since what was made by and by has up to as much room again behind its end,
            // which nobody would count.
            bytes: Bytes::copy_from_slice(bytes),
            deflated: OnceLock::new(),
        }
    }
}

/// What the frame of a feed wants to know of the events in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gist {
    /// How many events are in the feed.
    pub count: usize,
    /// The zones that they name.
    pub zones: Zones,
    /// Whether one in the feed names no organizer by its address.
    pub lacks_organizer: bool,
    /// When one of them changed last, those included that the reader's choices leave out.
    pub changed: Option<DateTime<Utc>>,
    /// When one that is in the feed changed last.
    pub newest: Option<DateTime<Utc>>,
}

impl Gist {
    /// Notes one more event, and what of it is in the feed.
    fn note(&mut self, entry: &Entry, piece: Option<&Piece>) {
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
    /// The events, in order.
    entries: Box<[Arc<Entry>]>,
    /// What of the first one's number the bytes depend on.
    numbered: usize,
    /// What is in it.
    pub gist: Gist,
    /// The bytes.
    pub part: Part,
}

impl Block {
    /// Makes the block of a run whose first piece has the number `first`.
    pub(super) fn of(
        entries: &[Arc<Entry>],
        first: usize,
        feed: &dyn Feed,
        request: &FeedRequest<'_>,
        pieces: &Pieces,
    ) -> Self {
        let (bytes, gist) = run(entries, first, feed, |entry| {
            pieces.of(feed, entry, request)
        });
        Self {
            entries: entries.into(),
            numbered: numbered(feed, first),
            gist,
            part: Part::new(&bytes),
        }
    }

    /// Whether the block of this run would be this one.
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

    /// The [beginning] of its run.
    pub(super) fn begins_with(&self) -> usize {
        beginning(&self.entries)
    }
}

/// Where the first entry of a run lies in memory.
pub(super) fn beginning(run: &[Arc<Entry>]) -> usize {
    run.first().map_or(0, |entry| Arc::as_ptr(entry).addr())
}

/// The pieces of a run one behind the other, the first of them with the number `first`, and what is
/// in them.
pub(super) fn run<P: Borrow<Piece>>(
    entries: &[Arc<Entry>],
    first: usize,
    feed: &dyn Feed,
    piece: impl Fn(&Arc<Entry>) -> Option<P>,
) -> (Vec<u8>, Gist) {
    let mut gist = Gist::default();
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

/// What of a piece's number the bytes before it depend on.
fn numbered(feed: &dyn Feed, first: usize) -> usize {
    match feed.numbering() {
        Numbering::None => 0,
        Numbering::FirstDiffers => first.min(1),
        Numbering::Each => first,
    }
}

/// Cuts a feed into runs, given the [key](key_of) of each event. Where a run begins is decided by
/// the event that begins it, not by its number: one that comes in or goes out changes its own run
/// and no other.
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

/// A short key of an event, evenly spread.
pub(super) fn key_of(id: &str) -> u32 {
    crc32fast::hash(id.as_bytes())
}
