//! Blocks: runs of consecutive events that are hashed and compressed together.

use std::borrow::Borrow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use sha2::{Digest, Sha256};

use crate::catalog::Entry;

use super::fragment::Pieces;
use super::{Feed, FeedRequest, Fragment, Numbering, Summary};

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
