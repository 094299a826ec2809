//! Inverted index of words, which makes searches independent of the calendar's size.
//!
//! The index is shared by all snapshots of a calendar, and nothing is removed from it. It therefore
//! returns every event that contains a word in any snapshot, and some that once did; the caller
//! must check the event. In return it is smaller than persistent sets, and a commit adds only a few
//! bytes per word. Once most entries are stale ([`TextIndex::is_wasteful`]), the next snapshot starts a
//! new index.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::doc_set::{DocId, DocSet};

/// Maximum number of matches; beyond it, scanning the events is no slower.
const MOST: usize = 2_000_000;
/// Number of stale entries that is always allowed.
const SPARE: usize = 200_000;
/// Maximum ratio of all entries to current ones, beyond [`SPARE`].
const WASTE: usize = 3;

/// TextIndex of all events, folded.
#[derive(Debug, Default)]
pub(super) struct TextIndex {
    lists: RwLock<Lists>,
    /// Whether the index is no longer maintained and finds nothing.
    stopped: AtomicBool,
    /// Whether the index is closed and no thread is filling it yet.
    unfilled: AtomicBool,
}

#[derive(Debug, Default)]
struct Lists {
    /// Position of a word's list.
    places: HashMap<Box<str>, usize>,
    lists: Vec<List>,
    /// All words, each followed by a space, in the order of the lists.
    text: String,
    /// Start of each word in `text`.
    starts: Vec<usize>,
    /// Additions that arrive while the initial events are being indexed.
    waiting: Option<Vec<(DocId, String)>>,
    /// Current number of words per event, by slot.
    live: Vec<u32>,
    /// Number of entries in all lists, stale ones included.
    total: usize,
    /// Number of current entries.
    live_total: usize,
}

/// DocSet of one word, delta-encoded as varints.
#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    last: DocId,
    count: usize,
    /// DocSet added out of order.
    late: BTreeSet<DocId>,
}

impl TextIndex {
    /// Returns true if the index is maintained.
    pub(super) fn is_kept(&self) -> bool {
        !self.stopped.load(Ordering::Relaxed)
    }

    /// Stops maintaining the index; it finds nothing from then on.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Adds the words of an event's folded text.
    pub(super) fn add(&self, slot: DocId, text: &str) {
        let mut lists = self.write();
        match &mut lists.waiting {
            Some(waiting) => waiting.push((slot, text.to_owned())),
            None => lists.add(slot, text),
        }
    }

    /// Records that an event was removed.
    pub(super) fn forget(&self, slot: DocId) {
        let mut lists = self.write();
        match &mut lists.waiting {
            Some(waiting) => waiting.push((slot, String::new())),
            None => lists.note_live(slot, 0),
        }
    }

    /// Returns true if most entries are stale.
    pub(super) fn is_wasteful(&self) -> bool {
        let lists = self.read();
        lists.waiting.is_none() && lists.total > SPARE + WASTE * lists.live_total
    }

    /// Returns the number of entries, stale ones included.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.read().total
    }

    /// Returns true once after [`Self::leave_unfilled`], to the caller that must fill the index.
    pub(super) fn take_unfilled(&self) -> bool {
        self.unfilled.swap(false, Ordering::Relaxed)
    }

    /// Marks the index as to be filled by the first caller of [`Self::take_unfilled`].
    pub(super) fn leave_unfilled(&self) {
        self.unfilled.store(true, Ordering::Relaxed);
    }

    /// Closes the index: it finds nothing and queues additions until [`Self::fill`] has added the
    /// initial events.
    pub(super) fn close(&self) {
        self.write().waiting = Some(Vec::new());
    }

    /// Adds the texts of the initial events, in order of their slots, and opens the index.
    pub(super) fn fill(&self, texts: impl Iterator<Item = (DocId, String)>) {
        let mut made = Lists::default();
        for (slot, text) in texts {
            if !self.is_kept() {
                return;
            }
            made.add(slot, &text);
        }
        let mut lists = self.write();
        for (slot, text) in lists.waiting.take().unwrap_or_default() {
            made.add(slot, &text);
        }
        for list in &mut made.lists {
            list.bytes.shrink_to_fit();
        }
        *lists = made;
    }

    /// Returns all events with a word that contains this folded text, and possibly others; `None`
    /// if the index cannot narrow the search.
    pub(super) fn find(&self, text: &str) -> Option<DocSet> {
        let lists = self.read();
        if lists.waiting.is_some() || !self.is_kept() {
            return None;
        }
        // A text with spaces spans several words; its longest part is the most selective.
        let part = text.split(' ').max_by_key(|part| part.len())?;
        let found: Vec<&List> = lists.with(part).collect();
        if found.iter().map(|list| list.count).sum::<usize>() > MOST {
            return None;
        }
        let mut slots = DocSet::default();
        for list in found {
            slots.extend(list.iter());
        }
        Some(slots)
    }

    fn read(&self) -> RwLockReadGuard<'_, Lists> {
        // After a panic, a partially written list misses at most the event being added.
        self.lists.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Lists> {
        self.lists.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    fn add(&mut self, slot: DocId, text: &str) {
        let mut count = 0;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            count += 1;
            let place = match self.places.get(word) {
                Some(place) => *place,
                None => self.begin(word),
            };
            self.total += usize::from(self.lists[place].add(slot));
        }
        self.note_live(slot, count);
    }

    /// Sets the number of words of an event; repeated words count repeatedly.
    fn note_live(&mut self, slot: DocId, count: u32) {
        let at = slot as usize;
        if self.live.len() <= at {
            self.live.resize(at + 1, 0);
        }
        let before = std::mem::replace(&mut self.live[at], count);
        self.live_total = self.live_total - before as usize + count as usize;
    }

    fn begin(&mut self, word: &str) -> usize {
        let place = self.lists.len();
        self.places.insert(word.into(), place);
        self.lists.push(List::default());
        self.starts.push(self.text.len());
        self.text.push_str(word);
        self.text.push(' ');
        place
    }

    /// Returns the lists of all words that contain a text.
    fn with<'a>(&'a self, part: &'a str) -> impl Iterator<Item = &'a List> {
        let mut last = None;
        let places = self.text.match_indices(part).map(|(at, _)| {
            let after = self.starts.partition_point(|start| *start <= at);
            after.saturating_sub(1)
        });
        let each_once = places.filter(move |place| last.replace(*place) != Some(*place));
        each_once.filter_map(|place| self.lists.get(place))
    }
}

impl List {
    /// Adds a slot. Returns false if it is known to be present.
    fn add(&mut self, slot: DocId) -> bool {
        match slot.checked_sub(self.last) {
            Some(0) if self.count > 0 => return false,
            None => {
                let is_new = self.late.insert(slot);
                self.count += usize::from(is_new);
                return is_new;
            }
            Some(mut distance) => {
                // Grow by an eighth instead of doubling: there are many lists.
                if self.bytes.capacity() - self.bytes.len() < 5 {
                    self.bytes.reserve_exact(self.bytes.len() / 8 + 5);
                }
                while distance >= 0x80 {
                    self.bytes.push(distance.to_le_bytes()[0] | 0x80);
                    distance >>= 7;
                }
                self.bytes.push(distance.to_le_bytes()[0]);
                self.last = slot;
                self.count += 1;
            }
        }
        true
    }

    fn iter(&self) -> impl Iterator<Item = DocId> {
        let mut bytes = self.bytes.iter();
        let mut slot = 0;
        let rising = std::iter::from_fn(move || {
            let (mut distance, mut shift) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                distance |= DocId::from(byte & 0x7F) << shift;
                shift += 7;
                if byte < 0x80 {
                    slot += distance;
                    return Some(slot);
                }
            }
        });
        rising.chain(self.late.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &TextIndex, text: &str) -> Vec<DocId> {
        words.find(text).unwrap().iter().collect()
    }

    #[test]
    fn a_part_of_a_word_finds_the_events_of_every_word_it_is_in() {
        let words = TextIndex::default();
        words.add(3, "grundsetmartn marked");
        words.add(300, "mart marked mart");
        words.add(0, "mark");
        assert_eq!(found(&words, "mart"), [3, 300]);
        assert_eq!(found(&words, "mark"), [0, 3, 300]);
        assert!(found(&words, "marknad").is_empty());
        // Two words: the longer one is used.
        assert_eq!(found(&words, "martn marked"), [3, 300]);
    }

    #[test]
    fn slots_are_kept_in_any_order_and_however_far_apart() {
        let words = TextIndex::default();
        let slots = [5, 4, 1_000_000, 7, 7, 1_000_001, 0, 4];
        for slot in slots {
            words.add(slot, "ord");
        }
        let all: BTreeSet<DocId> = slots.into();
        assert!(found(&words, "ord").into_iter().eq(all));
    }

    #[test]
    fn what_comes_while_the_index_is_filled_is_found_afterwards() {
        let words = TextIndex::default();
        words.close();
        words.add(7, "ny");
        assert!(words.find("ny").is_none());
        words.fill([(1, "gammel".to_owned()), (2, "ny".to_owned())].into_iter());
        assert_eq!(found(&words, "ny"), [2, 7]);
        assert_eq!(found(&words, "gammel"), [1]);
    }

    #[test]
    fn words_that_events_no_longer_have_are_counted_until_there_are_too_many() {
        let words = TextIndex::default();
        let text =
            |round: usize| -> String { (0..1_000).map(|n| format!("w{round}x{n} ")).collect() };
        let rounds = (SPARE / 1_000) + WASTE + 1;
        for round in 0..rounds {
            assert!(!words.is_wasteful(), "{round}");
            words.add(3, &text(round));
        }
        assert_eq!(words.len(), rounds * 1_000);
        assert!(words.is_wasteful());
        // Adding the same words again produces no stale entries.
        let same = TextIndex::default();
        (0..rounds).for_each(|_| same.add(3, &text(0)));
        assert_eq!(same.len(), 1_000);
        // All entries are stale.
        (0..rounds).for_each(|slot| same.add(u32::try_from(slot).unwrap(), &text(0)));
        assert!(!same.is_wasteful());
        (0..rounds).for_each(|slot| same.forget(u32::try_from(slot).unwrap()));
        assert!(same.is_wasteful());
    }
}
