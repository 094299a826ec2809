//! Which events have which words: what makes a search independent of the calendar's size.
//!
//! The one index that no snapshot owns: snapshots of a calendar share it, and nothing is ever taken
//! out of it. So it names every event that has a word in any of them, and some that had it once;
//! whoever asks looks at the event itself. In return it is four times smaller than persistent sets,
//! and a commit adds to it a byte or two for each word. Once it has several times as many words of
//! events as they have now ([`Words::is_wasteful`]), the next snapshot begins a new one.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::slots::{Slot, Slots};

/// Where a part of a word stands in so many places, looking at the events is no slower.
const MOST: usize = 2_000_000;
/// An index may have so many words of events that they no longer have, whatever the rest.
const SPARE: usize = 200_000;
/// Beyond these it may have so many times as many as they have now.
const WASTE: usize = 3;

/// The words of all events, folded.
#[derive(Debug, Default)]
pub(super) struct Words {
    lists: RwLock<Lists>,
    /// Nothing is put in any more, so that nothing is found here either.
    stopped: AtomicBool,
    /// It is closed, and nobody fills it yet.
    unfilled: AtomicBool,
}

#[derive(Debug, Default)]
struct Lists {
    /// Where a word's list stands.
    places: HashMap<Box<str>, usize>,
    lists: Vec<List>,
    /// All words, each between spaces, in the order of the lists.
    text: String,
    /// Where each word begins in `text`.
    starts: Vec<usize>,
    /// What came while the events that were there at the start are still being put in.
    waiting: Option<Vec<(Slot, String)>>,
    /// How many words each event has now, by slot.
    live: Vec<u32>,
    /// How many words of events are in all lists, those included that events no longer have.
    total: usize,
    /// How many of them events have now.
    live_total: usize,
}

/// The slots of one word: each as the distance from the one before, seven bits a byte.
#[derive(Debug, Default)]
struct List {
    bytes: Vec<u8>,
    last: Slot,
    count: usize,
    /// Those that came out of order.
    late: BTreeSet<Slot>,
}

impl Words {
    /// Whether it is kept up.
    pub(super) fn is_kept(&self) -> bool {
        !self.stopped.load(Ordering::Relaxed)
    }

    /// From now on it is not kept up, and nobody finds anything here.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Notes the words of an event's folded text.
    pub(super) fn add(&self, slot: Slot, text: &str) {
        let mut lists = self.write();
        match &mut lists.waiting {
            Some(waiting) => waiting.push((slot, text.to_owned())),
            None => lists.add(slot, text),
        }
    }

    /// Notes that an event is gone.
    pub(super) fn forget(&self, slot: Slot) {
        let mut lists = self.write();
        match &mut lists.waiting {
            Some(waiting) => waiting.push((slot, String::new())),
            None => lists.note_live(slot, 0),
        }
    }

    /// Returns true if most of the words here are ones that events no longer have.
    pub(super) fn is_wasteful(&self) -> bool {
        let lists = self.read();
        lists.waiting.is_none() && lists.total > SPARE + WASTE * lists.live_total
    }

    /// How many words of events are here, those included that events no longer have.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.read().total
    }

    /// Returns true once after [`Self::leave_unfilled`]: to whoever fills it then.
    pub(super) fn take_unfilled(&self) -> bool {
        self.unfilled.swap(false, Ordering::Relaxed)
    }

    /// Leaves [`Self::fill`] to whoever asks first.
    pub(super) fn leave_unfilled(&self) {
        self.unfilled.store(true, Ordering::Relaxed);
    }

    /// From now on nobody finds anything here, and what is added waits, until [`Self::fill`] has put
    /// in what was there before.
    pub(super) fn close(&self) {
        self.write().waiting = Some(Vec::new());
    }

    /// Puts in the texts of the events that were there before [`Self::close`], in the order of their
    /// slots, and lets everyone in.
    pub(super) fn fill(&self, texts: impl Iterator<Item = (Slot, String)>) {
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

    /// All events that have a word with this folded text in it, and perhaps others; `None` where
    /// that is no help.
    pub(super) fn find(&self, text: &str) -> Option<Slots> {
        let lists = self.read();
        if lists.waiting.is_some() || !self.is_kept() {
            return None;
        }
        // A text with a space in it reaches over several words: its longest part narrows best.
        let part = text.split(' ').max_by_key(|part| part.len())?;
        let found: Vec<&List> = lists.with(part).collect();
        if found.iter().map(|list| list.count).sum::<usize>() > MOST {
            return None;
        }
        let mut slots = Slots::default();
        for list in found {
            slots.extend(list.iter());
        }
        Some(slots)
    }

    fn read(&self) -> RwLockReadGuard<'_, Lists> {
        // A list that a panicking thread left half-written narrows too much at worst by its event.
        self.lists.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Lists> {
        self.lists.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    fn add(&mut self, slot: Slot, text: &str) {
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

    /// Notes how many words an event has from now on; a word that it has twice counts twice.
    fn note_live(&mut self, slot: Slot, count: u32) {
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

    /// The lists of all words that a text is part of.
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
    /// Returns false if it is there already, as far as that is known.
    fn add(&mut self, slot: Slot) -> bool {
        match slot.checked_sub(self.last) {
            Some(0) if self.count > 0 => return false,
            None => {
                let is_new = self.late.insert(slot);
                self.count += usize::from(is_new);
                return is_new;
            }
            Some(mut distance) => {
                // An eighth more at a time instead of twice as much: there are many lists.
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

    fn iter(&self) -> impl Iterator<Item = Slot> {
        let mut bytes = self.bytes.iter();
        let mut slot = 0;
        let rising = std::iter::from_fn(move || {
            let (mut distance, mut shift) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                distance |= Slot::from(byte & 0x7F) << shift;
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

    fn found(words: &Words, text: &str) -> Vec<Slot> {
        words.find(text).unwrap().iter().collect()
    }

    #[test]
    fn a_part_of_a_word_finds_the_events_of_every_word_it_is_in() {
        let words = Words::default();
        words.add(3, "grundsetmartn marked");
        words.add(300, "mart marked mart");
        words.add(0, "mark");
        assert_eq!(found(&words, "mart"), [3, 300]);
        assert_eq!(found(&words, "mark"), [0, 3, 300]);
        assert!(found(&words, "marknad").is_empty());
        // Over two words: the longer one.
        assert_eq!(found(&words, "martn marked"), [3, 300]);
    }

    #[test]
    fn slots_are_kept_in_any_order_and_however_far_apart() {
        let words = Words::default();
        let slots = [5, 4, 1_000_000, 7, 7, 1_000_001, 0, 4];
        for slot in slots {
            words.add(slot, "ord");
        }
        let all: BTreeSet<Slot> = slots.into();
        assert!(found(&words, "ord").into_iter().eq(all));
    }

    #[test]
    fn what_comes_while_the_index_is_filled_is_found_afterwards() {
        let words = Words::default();
        words.close();
        words.add(7, "ny");
        assert!(words.find("ny").is_none());
        words.fill([(1, "gammel".to_owned()), (2, "ny".to_owned())].into_iter());
        assert_eq!(found(&words, "ny"), [2, 7]);
        assert_eq!(found(&words, "gammel"), [1]);
    }

    #[test]
    fn words_that_events_no_longer_have_are_counted_until_there_are_too_many() {
        let words = Words::default();
        let text =
            |round: usize| -> String { (0..1_000).map(|n| format!("w{round}x{n} ")).collect() };
        let rounds = (SPARE / 1_000) + WASTE + 1;
        for round in 0..rounds {
            assert!(!words.is_wasteful(), "{round}");
            words.add(3, &text(round));
        }
        assert_eq!(words.len(), rounds * 1_000);
        assert!(words.is_wasteful());
        // The same words again are no waste.
        let same = Words::default();
        (0..rounds).for_each(|_| same.add(3, &text(0)));
        assert_eq!(same.len(), 1_000);
        // All that is there has gone.
        (0..rounds).for_each(|slot| same.add(u32::try_from(slot).unwrap(), &text(0)));
        assert!(!same.is_wasteful());
        (0..rounds).for_each(|slot| same.forget(u32::try_from(slot).unwrap()));
        assert!(same.is_wasteful());
    }
}
