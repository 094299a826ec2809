//! Lookup of events by key, slug and `UID`.

use std::hash::{DefaultHasher, Hash, Hasher};

use imbl::OrdSet;

use super::Entry;
use super::doc_set::DocId;

/// A name of an event.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) enum NameKind<'a> {
    /// Key of its record.
    Id(&'a str),
    /// Slug of its page.
    Slug(&'a str),
    /// `UID`.
    Uid(&'a str),
}

/// Bits of a slot, which limits their number.
const SLOT_BITS: u32 = 28;

/// NameIndex of all events, each as a 64-bit number: 36 bits of a hash, and the slot. Different names
/// may share a hash, so the caller must compare the event's name.
#[derive(Debug, Clone, Default)]
pub(super) struct NameIndex(OrdSet<u64>);

impl NameIndex {
    /// Returns the slots of events that may have a name.
    pub(super) fn candidates(&self, name: NameKind<'_>) -> impl Iterator<Item = DocId> {
        let from = hashed(name) << SLOT_BITS;
        let found = self.0.range(from..=from | ((1 << SLOT_BITS) - 1));
        found.filter_map(move |range| DocId::try_from(range - from).ok())
    }

    pub(super) fn insert(&mut self, entry: &Entry, slot: DocId) {
        for number in numbers(entry, slot) {
            self.0.insert(number);
        }
    }

    pub(super) fn remove(&mut self, entry: &Entry, slot: DocId) {
        for number in numbers(entry, slot) {
            self.0.remove(&number);
        }
    }

    /// Collects the names of many events. Sorted insertion is much faster.
    pub(super) fn new<'a>(entries: impl Iterator<Item = (&'a Entry, DocId)>) -> Self {
        let mut all: Vec<u64> = entries
            .flat_map(|(entry, slot)| numbers(entry, slot))
            .collect();
        all.sort_unstable();
        Self(all.into_iter().collect())
    }
}

fn numbers(entry: &Entry, slot: DocId) -> [u64; 3] {
    let names = [
        NameKind::Id(entry.id()),
        NameKind::Slug(entry.slug()),
        NameKind::Uid(entry.uid()),
    ];
    names.map(|name| hashed(name) << SLOT_BITS | u64::from(slot))
}

fn hashed(name: NameKind<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish() >> SLOT_BITS
}
