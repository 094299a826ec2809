//! Whether commits would be taken: remembered while all is well, tried out after a refusal.

use std::time::{Duration, Instant};

use super::{SledStore, lock, space};
use crate::StoreError;

/// How long a look at a disk that refuses stands.
const LOOK: Duration = Duration::from_secs(1);

impl SledStore {
    /// What [`Store::writable`](crate::Store::writable) answers where there is room.
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
        // Whoever writes just now finds it out by that.
        if let Ok(mut writer) = self.writer.try_lock() {
            let probed = space::probe(&self.root).and_then(|()| self.ready(&mut writer).map(drop));
            self.note_refusal(probed.as_ref().err());
            return probed;
        }
        let refusal = lock(&self.refusal).clone();
        refusal.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Remembers what became of the last commit.
    pub(super) fn note_refusal(&self, error: Option<&StoreError>) {
        *lock(&self.refusal) = error.map(|error| (Instant::now(), error.clone()));
    }
}
