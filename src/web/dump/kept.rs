//! Dumps that are kept until the calendar changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::feeds::Coding;

/// Maximum size in bytes of a kept dump. Two formats in three codings take at most six times as much.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// The batches of a dump, in order.
pub(super) type DumpBatches = Arc<[Arc<Vec<u8>>]>;

/// The extension of the format, and the coding of the bytes.
pub(super) type DumpKind = (&'static str, Coding);

/// Managed state: the last compressed dump of each kind.
#[derive(Debug, Clone, Default)]
pub struct KeptDumps(Arc<Mutex<HashMap<DumpKind, KeptDump>>>);

/// A dump of a state of the calendar.
#[derive(Debug)]
struct KeptDump {
    /// The entity tag of the state.
    etag: String,
    /// Absent while a client reads the first dump of the state.
    batches: Option<DumpBatches>,
}

impl KeptDumps {
    /// Returns the dump of a state of the calendar, if it is kept.
    pub(super) fn get(&self, kind: DumpKind, etag: &str) -> Option<DumpBatches> {
        let dumps = self.lock();
        let dump = dumps.get(&kind).filter(|dump| dump.etag == etag)?;
        dump.batches.clone()
    }

    /// Returns what collects the dump of a state, in the place of an older one. Returns `None` if another one does it
    /// already, or if the dump is not compressed.
    pub(super) fn collect(&self, kind: DumpKind, etag: &str) -> Option<DumpCollector> {
        let mut dumps = self.lock();
        let is_known = dumps.get(&kind).is_some_and(|dump| dump.etag == etag);
        if is_known || kind.1 == Coding::Identity {
            return None;
        }
        let begun = KeptDump {
            etag: etag.to_owned(),
            batches: None,
        };
        dumps.insert(kind, begun);
        Some(DumpCollector {
            dumps: self.clone(),
            kind,
            etag: etag.to_owned(),
            batches: Vec::new(),
            bytes: 0,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DumpKind, KeptDump>> {
        // A panic cannot leave the map half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Collects a dump while a client reads it.
pub(super) struct DumpCollector {
    dumps: KeptDumps,
    kind: DumpKind,
    etag: String,
    batches: Vec<Arc<Vec<u8>>>,
    bytes: usize,
}

impl DumpCollector {
    /// Adds a batch. Returns `None` if the dump is too large to be kept.
    pub(super) fn with(mut self, batch: &Arc<Vec<u8>>) -> Option<Self> {
        self.bytes += batch.len();
        self.batches.push(Arc::clone(batch));
        (self.bytes <= MOST_BYTES).then_some(self)
    }

    /// Keeps the dump, which is complete.
    pub(super) fn keep(mut self) {
        let batches = std::mem::take(&mut self.batches);
        if let Some(dump) = self.dumps.lock().get_mut(&self.kind)
            && dump.etag == self.etag
        {
            dump.batches = Some(batches.into());
        }
    }
}

impl Drop for DumpCollector {
    /// Lets the next reader collect the dump, unless it is complete.
    fn drop(&mut self) {
        let mut dumps = self.dumps.lock();
        let dump = dumps.get(&self.kind);
        if dump.is_some_and(|dump| dump.etag == self.etag && dump.batches.is_none()) {
            dumps.remove(&self.kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: DumpKind = ("csv", Coding::Gzip);

    fn batch(bytes: usize) -> Arc<Vec<u8>> {
        Arc::new(vec![0; bytes])
    }

    #[test]
    fn a_dump_is_kept_when_it_is_complete_and_until_the_next_state() {
        let dumps = KeptDumps::default();
        let first = dumps.collect(KIND, "1").unwrap();
        assert!(dumps.collect(KIND, "1").is_none());
        let first = first.with(&batch(1)).unwrap();
        assert!(dumps.get(KIND, "1").is_none());
        first.keep();
        assert_eq!(dumps.get(KIND, "1").unwrap().len(), 1);
        assert!(dumps.get(KIND, "2").is_none());
        let second = dumps.collect(KIND, "2").unwrap();
        assert!(dumps.get(KIND, "1").is_none());
        drop(second);
        assert!(dumps.collect(KIND, "2").is_some());
    }

    #[test]
    fn a_reader_of_an_older_state_does_not_replace_a_newer_one() {
        let dumps = KeptDumps::default();
        let slow = dumps.collect(KIND, "1").unwrap();
        dumps.collect(KIND, "2").unwrap().keep();
        slow.keep();
        assert!(dumps.get(KIND, "1").is_none());
        assert!(dumps.get(KIND, "2").is_some());
    }

    #[test]
    fn a_large_dump_and_one_without_coding_are_not_kept() {
        let dumps = KeptDumps::default();
        let large = dumps.collect(KIND, "1").unwrap();
        assert!(large.with(&batch(MOST_BYTES + 1)).is_none());
        assert!(dumps.get(KIND, "1").is_none());
        assert!(dumps.collect(("csv", Coding::Identity), "1").is_none());
    }
}
