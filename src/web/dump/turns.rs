//! Who may write and read dumps.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rocket::tokio::sync::Semaphore;

/// Managed state: the right to write a batch. One at a time, so that dumps take at most one core, and each client reads
/// one dump at a time, so that one client does not keep the others waiting.
#[derive(Debug, Clone)]
pub struct DumpTurns {
    pub(super) batches: Arc<Semaphore>,
    readers: Arc<Mutex<HashSet<IpAddr>>>,
}

impl Default for DumpTurns {
    fn default() -> Self {
        Self {
            batches: Arc::new(Semaphore::new(1)),
            readers: Arc::default(),
        }
    }
}

impl DumpTurns {
    /// Notes that a client reads a dump. Returns `None` if it is reading one already.
    pub(super) fn begin(&self, client: IpAddr) -> Option<DumpReading> {
        let is_first = self.readers().insert(client);
        is_first.then(|| DumpReading {
            turns: self.clone(),
            client,
        })
    }

    fn readers(&self) -> MutexGuard<'_, HashSet<IpAddr>> {
        // A panic cannot leave the set half-written.
        let readers = self.readers.lock();
        readers.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that reads a dump, until this is dropped.
pub(super) struct DumpReading {
    turns: DumpTurns,
    client: IpAddr,
}

impl Drop for DumpReading {
    fn drop(&mut self) {
        self.turns.readers().remove(&self.client);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_reads_one_dump_at_a_time_and_keeps_no_other_from_it() {
        let turns = DumpTurns::default();
        let [one, other] = [[203, 0, 113, 7], [203, 0, 113, 8]].map(IpAddr::from);
        let first = turns.begin(one);
        assert!(first.is_some());
        assert!(turns.begin(one).is_none());
        assert!(turns.begin(other).is_some());
        assert!(turns.begin(one).is_none());
        drop(first);
        assert!(turns.begin(one).is_some());
    }
}
