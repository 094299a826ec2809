//! Word that the calendar has changed, for threads that wait for it.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Rings when the calendar has changed; rings once for who comes late, however often it rang.
#[derive(Debug, Default)]
pub struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    pub(super) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_one();
    }

    /// Waits until it rings, or for as long as `patience` says. Returns whether it rang.
    pub fn wait(&self, patience: Duration) -> bool {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .heard
            .wait_timeout_while(rung, patience, |rung| !*rung)
            .unwrap_or_else(PoisonError::into_inner);
        let mut rung = waited.0;
        std::mem::take(&mut *rung)
    }
}
