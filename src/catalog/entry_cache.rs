//! A cache of data derived from entries.

use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::Entry;

/// Approximate size in bytes of a cached value without its heap data, and of its key.
const OVERHEAD: u64 = 256;

/// A value that an [`EntryCache`] can hold.
pub trait CachedValue: Clone {
    /// Returns the number of bytes on the heap.
    fn heap_size(&self) -> usize;
}

/// A cache of values derived from entries, bounded in bytes. `K` tells apart the values of one entry.
///
/// The address of an entry identifies its revision: entries never change, and a cached value keeps its entry alive, so that
/// the address is not reused.
pub struct EntryCache<K, V> {
    values: Cache<(usize, K), Kept<V>, ByBytes>,
}

#[derive(Clone)]
struct Kept<V> {
    entry: Arc<Entry>,
    value: V,
}

#[derive(Clone)]
struct ByBytes;

impl<K, V: CachedValue> Weighter<(usize, K), Kept<V>> for ByBytes {
    fn weight(&self, _: &(usize, K), kept: &Kept<V>) -> u64 {
        kept.value.heap_size() as u64 + OVERHEAD
    }
}

impl<K: Hash + Eq + Clone, V: CachedValue> EntryCache<K, V> {
    /// Returns a cache that holds at most about `bytes`.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(usize::try_from(bytes / 1024).unwrap_or(1024).max(64))
            .weight_capacity(bytes)
            .shards(4)
            .build()
            .expect("both capacities are given");
        Self {
            values: Cache::with_options(
                options,
                ByBytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
        }
    }

    /// Returns the number of bytes in use.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.values.weight()
    }

    /// Returns the value of an entry under a key, made if it is not there. Two threads may make it at once.
    pub fn get_or_make(&self, entry: &Arc<Entry>, key: K, make: impl FnOnce() -> V) -> V {
        let key = (Arc::as_ptr(entry).addr(), key);
        if let Some(kept) = self.values.get(&key) {
            debug_assert!(Arc::ptr_eq(&kept.entry, entry), "a value keeps its entry");
            return kept.value;
        }
        let value = make();
        let kept = Kept {
            entry: Arc::clone(entry),
            value: value.clone(),
        };
        self.values.insert(key, kept);
        value
    }
}
