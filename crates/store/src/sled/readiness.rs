//! Whether commits would be accepted: known while all is well, tested after a refusal.

use std::time::{Duration, Instant};

use super::locks::lock;
use super::space;
use super::store::SledStore;
use crate::StoreError;

/// Time for which the result of a disk test is reused.
const LOOK: Duration = Duration::from_secs(1);

impl SledStore {
    /// Implements [`Store::writable`](crate::Store::writable), after the check for free space.
    pub(super) fn look_again(&self) -> Result<(), StoreError> {
        let mut refusal = lock(&self.refusal);
        let Some((at, error)) = &mut *refusal else {
            return Ok(());
        };
        if at.elapsed() < LOOK {
            return Err(error.clone());
        }
        *at = Instant::now();
        drop(refusal);
        // A concurrent writer tests the disk itself.
        if let Ok(mut writer) = self.writer.try_lock() {
            let probed = space::probe(&self.root).and_then(|()| self.ready(&mut writer).map(drop));
            self.note_refusal(probed.as_ref().err());
            return probed;
        }
        let refusal = lock(&self.refusal).clone();
        refusal.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Records the result of the last commit.
    pub(super) fn note_refusal(&self, error: Option<&StoreError>) {
        *lock(&self.refusal) = error.map(|error| (Instant::now(), error.clone()));
    }
}
