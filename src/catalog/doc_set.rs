//! Sets of events by slot.
//!
//! Each published event has a slot, a number that no other event gets while the program runs. A set
//! consists of blocks of 16,384 slots, each a sorted list if sparse and a bitmap if dense. Copies
//! of a set share blocks, and a change copies only the blocks it affects.

use std::sync::Arc;

/// Number of an event in the catalog.
pub(super) type DocId = u32;

const BITS: u32 = 14;
const BLOCK: usize = 1 << BITS;
/// Number of slots from which a bitmap is smaller than a list of 16-bit numbers.
const DENSE: usize = BLOCK / 16;

/// A set of slots.
#[derive(Debug, Clone, Default)]
pub(super) struct DocSet {
    blocks: Arc<Vec<Option<Arc<Block>>>>,
    len: usize,
}

#[derive(Debug, Clone)]
enum Block {
    /// Sorted list.
    Sparse(Vec<u16>),
    /// Number of slots, and bitmap.
    Dense(usize, Box<[u64; BLOCK / 64]>),
}

impl DocSet {
    /// Returns the number of slots.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn contains(&self, slot: DocId) -> bool {
        let (block, low) = split(slot);
        match self.blocks.get(block) {
            Some(Some(block)) => block.contains(low),
            _ => false,
        }
    }

    /// Adds a slot, if absent.
    pub(super) fn insert(&mut self, slot: DocId) {
        if self.contains(slot) {
            return;
        }
        let (block, low) = split(slot);
        let blocks = Arc::make_mut(&mut self.blocks);
        if blocks.len() <= block {
            blocks.resize(block + 1, None);
        }
        let block = blocks[block].get_or_insert_with(|| Arc::new(Block::Sparse(Vec::new())));
        Arc::make_mut(block).insert(low);
        self.len += 1;
    }

    /// Removes a slot, if present.
    pub(super) fn remove(&mut self, slot: DocId) {
        if !self.contains(slot) {
            return;
        }
        let (number, low) = split(slot);
        let blocks = Arc::make_mut(&mut self.blocks);
        if let Some(Some(block)) = blocks.get_mut(number) {
            let block = Arc::make_mut(block);
            block.remove(low);
            if block.len() == 0 {
                blocks[number] = None;
            }
        }
        self.len -= 1;
    }

    /// Returns the slots in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = DocId> {
        let there = self.blocks.iter().zip(0..);
        let there = there.filter_map(|(block, number)| Some((block.as_ref()?, number)));
        there.flat_map(|(block, number): (_, DocId)| {
            block
                .iter()
                .map(move |low| number << BITS | DocId::from(low))
        })
    }
}

impl Extend<DocId> for DocSet {
    fn extend<I: IntoIterator<Item = DocId>>(&mut self, slots: I) {
        for slot in slots {
            self.insert(slot);
        }
    }
}

impl FromIterator<DocId> for DocSet {
    fn from_iter<I: IntoIterator<Item = DocId>>(slots: I) -> Self {
        let mut made = Self::default();
        made.extend(slots);
        made
    }
}

impl Block {
    fn len(&self) -> usize {
        match self {
            Self::Sparse(list) => list.len(),
            Self::Dense(len, _) => *len,
        }
    }

    fn contains(&self, low: u16) -> bool {
        match self {
            // DocSet are assigned in ascending order, so most insertions are at the end.
            Self::Sparse(list) => {
                list.last().is_some_and(|last| low <= *last) && list.binary_search(&low).is_ok()
            }
            Self::Dense(_, bits) => bits[usize::from(low / 64)] >> (low % 64) & 1 == 1,
        }
    }

    fn insert(&mut self, low: u16) {
        match self {
            Self::Sparse(list) => {
                let place = list.partition_point(|list| *list < low);
                list.insert(place, low);
                if list.len() > DENSE {
                    let mut bits = Box::new([0; BLOCK / 64]);
                    for low in &*list {
                        bits[usize::from(low / 64)] |= 1 << (low % 64);
                    }
                    *self = Self::Dense(list.len(), bits);
                }
            }
            Self::Dense(len, bits) => {
                bits[usize::from(low / 64)] |= 1 << (low % 64);
                *len += 1;
            }
        }
    }

    fn remove(&mut self, low: u16) {
        match self {
            Self::Sparse(list) => {
                let place = list.partition_point(|list| *list < low);
                list.remove(place);
            }
            Self::Dense(len, bits) => {
                bits[usize::from(low / 64)] &= !(1 << (low % 64));
                *len -= 1;
                // Well below the threshold, to avoid switching back and forth.
                if *len < DENSE / 2 {
                    *self = Self::Sparse(self.iter().collect());
                }
            }
        }
    }

    fn iter(&self) -> Box<dyn Iterator<Item = u16> + '_> {
        match self {
            Self::Sparse(list) => Box::new(list.iter().copied()),
            Self::Dense(_, bits) => {
                Box::new(bits.iter().zip(0_u16..).flat_map(|(word, number)| {
                    let mut left = *word;
                    std::iter::from_fn(move || {
                        let bit = u16::try_from(left.trailing_zeros())
                            .ok()
                            .filter(|bit| *bit < 64)?;
                        left &= left - 1;
                        Some(number * 64 + bit)
                    })
                }))
            }
        }
    }
}

/// Returns the block of a slot, and the position in it.
fn split(slot: DocId) -> (usize, u16) {
    let low = slot & ((1 << BITS) - 1);
    let low = u16::try_from(low).expect("fourteen bits are left");
    ((slot >> BITS) as usize, low)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_set_holds_what_a_plain_set_holds_whatever_is_put_in_and_taken_out() {
        let (mut set, mut plain) = (DocSet::default(), BTreeSet::new());
        let mut random = 1_u64;
        for step in 0..60_000_u64 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            // First many, so that blocks become dense, then fewer and fewer.
            let slot = DocId::try_from((random >> 33) % 50_000).unwrap();
            if (random >> 20) % 60_000 > step {
                set.insert(slot);
                plain.insert(slot);
            } else {
                set.remove(slot);
                plain.remove(&slot);
            }
            assert_eq!(set.contains(slot), plain.contains(&slot));
            assert_eq!(set.len(), plain.len());
            if step % 10_000 == 0 {
                assert!(set.iter().eq(plain.iter().copied()));
            }
        }
        for slot in plain {
            set.remove(slot);
        }
        assert!(set.is_empty() && set.iter().next().is_none());
    }

    #[test]
    fn a_copy_stays_as_it_was() {
        let first: DocSet = (0..40_000).collect();
        let mut second = first.clone();
        second.remove(17);
        second.insert(90_000);
        assert!(first.contains(17) && !first.contains(90_000));
        assert_eq!((first.len(), second.len()), (40_000, 40_000));
    }
}
