//! Notification of waiting threads that the calendar has changed.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Notification of changes to the calendar. Several changes before a wait are reported once.
#[derive(Debug, Default)]
pub struct ChangeNotifier {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl ChangeNotifier {
    pub(super) fn notify(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.heard.notify_one();
    }

    /// Waits for a change, at most for `patience`. Returns whether there was one.
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
