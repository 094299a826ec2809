//! Records in memory, for a store whose disk can't be written. sled can't be opened then, since it writes
//! even to read.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use ::sled::IVec;

use crate::journal::SnapshotItem;
use crate::plan::{StorePart, Write};

type Tree = BTreeMap<Vec<u8>, IVec>;

/// The trees of current and earlier versions.
#[derive(Default)]
pub(super) struct Memory {
    trees: RwLock<(Tree, Tree)>,
}

impl Memory {
    fn with<T>(&self, part: StorePart, read: impl FnOnce(&Tree) -> T) -> T {
        let trees = self.trees.read().unwrap_or_else(PoisonError::into_inner);
        read(match part {
            StorePart::Current => &trees.0,
            StorePart::History => &trees.1,
        })
    }

    /// Applies the writes.
    pub(super) fn apply<'a>(&self, writes: impl Iterator<Item = &'a Write>) {
        let mut trees = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        for write in writes {
            let tree = match write.part {
                StorePart::Current => &mut trees.0,
                StorePart::History => &mut trees.1,
            };
            match &write.value {
                Some(value) => tree.insert(write.key.clone(), value.as_slice().into()),
                None => tree.remove(&write.key),
            };
        }
    }

    /// Returns the value of a key.
    pub(super) fn get(&self, part: StorePart, key: &[u8]) -> Option<IVec> {
        self.with(part, |tree| tree.get(key).cloned())
    }

    /// Returns all keys that begin with `prefix`, sorted, with their values.
    pub(super) fn pairs(&self, part: StorePart, prefix: &[u8]) -> Vec<(IVec, IVec)> {
        self.with(part, |tree| {
            let from = tree.range(prefix.to_vec()..);
            let those = from.take_while(|(key, _)| key.starts_with(prefix));
            those
                .map(|(key, value)| (key.as_slice().into(), value.clone()))
                .collect()
        })
    }

    /// Returns all items, sorted by key within each part.
    pub(super) fn items(&self) -> Vec<SnapshotItem> {
        let of = |part| {
            self.with(part, |tree| {
                let items = tree.iter();
                let items = items.map(|(key, value)| (part, key.clone(), value.to_vec()));
                items.collect::<Vec<_>>()
            })
        };
        [of(StorePart::Current), of(StorePart::History)].concat()
    }
}
