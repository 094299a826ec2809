//! Words by a key that they share, such as a stem.

use std::collections::BTreeMap;

use fst::Map;

/// Numbers of words by key.
#[derive(Debug, Default)]
pub(crate) struct WordGroups {
    /// Each key with the position of its group.
    keys: Map<Vec<u8>>,
    starts: Vec<u32>,
    words: Vec<u32>,
}

impl WordGroups {
    /// Returns groups with these words.
    pub(crate) fn new(groups: &BTreeMap<String, Vec<u32>>) -> Self {
        let (mut starts, mut words) = (vec![0], Vec::new());
        for group in groups.values() {
            words.extend(group);
            starts.push(u32::try_from(words.len()).expect("there are fewer words than that"));
        }
        let keys = groups.keys().zip(0..);
        Self {
            keys: Map::from_iter(keys).expect("the keys are in order"),
            starts,
            words,
        }
    }

    /// Returns the words with a key.
    pub(crate) fn get(&self, key: &str) -> &[u32] {
        self.keys.get(key).map_or(&[], |at| self.at(at))
    }

    /// Returns the group at a position, a value of [`Self::keys`].
    pub(crate) fn at(&self, position: u64) -> &[u32] {
        let place = usize::try_from(position).unwrap_or(usize::MAX);
        let range = self
            .starts
            .get(place)
            .zip(self.starts.get(place.saturating_add(1)));
        let range = range.map(|(start, end)| *start as usize..*end as usize);
        range.and_then(|range| self.words.get(range)).unwrap_or(&[])
    }

    /// Returns all keys, each with the position of its group.
    pub(crate) fn keys(&self) -> &Map<Vec<u8>> {
        &self.keys
    }

    /// Returns the memory taken, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.keys.as_fst().size() + 4 * (self.starts.capacity() + self.words.capacity())
    }
}
