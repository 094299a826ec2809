//! From keys, slugs and `UID`s to events.

use std::hash::{DefaultHasher, Hash, Hasher};

use imbl::OrdSet;

use super::Entry;
use super::slots::Slot;

/// Which name of an event.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) enum Name<'a> {
    /// The key of its record.
    Id(&'a str),
    /// The address of its page.
    Slug(&'a str),
    /// Its `UID`.
    Uid(&'a str),
}

/// The bits of a slot; more slots are never given out.
const SLOT_BITS: u32 = 28;

/// The names of all events. Each is a number of 64 bits: 36 of a hash, and the slot. Different
/// names may share a hash, so whoever looks one up asks the event for its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(OrdSet<u64>);

impl Names {
    /// The slots of the events that may have a name.
    pub(super) fn candidates(&self, name: Name<'_>) -> impl Iterator<Item = Slot> {
        let from = hashed(name) << SLOT_BITS;
        let found = self.0.range(from..=from | ((1 << SLOT_BITS) - 1));
        found.filter_map(move |it| Slot::try_from(it - from).ok())
    }

    pub(super) fn insert(&mut self, entry: &Entry, slot: Slot) {
        for number in numbers(entry, slot) {
            self.0.insert(number);
        }
    }

    pub(super) fn remove(&mut self, entry: &Entry, slot: Slot) {
        for number in numbers(entry, slot) {
            self.0.remove(&number);
        }
    }

    /// The names of many events at once: rising numbers are put in several times as fast.
    pub(super) fn of<'a>(entries: impl Iterator<Item = (&'a Entry, Slot)>) -> Self {
        let mut all: Vec<u64> = entries
            .flat_map(|(entry, slot)| numbers(entry, slot))
            .collect();
        all.sort_unstable();
        Self(all.into_iter().collect())
    }
}

fn numbers(entry: &Entry, slot: Slot) -> [u64; 3] {
    let names = [
        Name::Id(entry.id()),
        Name::Slug(entry.slug()),
        Name::Uid(entry.uid()),
    ];
    names.map(|name| hashed(name) << SLOT_BITS | u64::from(slot))
}

fn hashed(name: Name<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish() >> SLOT_BITS
}
