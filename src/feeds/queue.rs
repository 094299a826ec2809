//! Bounded queue of feeds that wait for compression.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// Maximum number of feeds waiting for compression. Others are queued again on their next request.
pub(super) const QUEUE: usize = 1024;

/// Items waiting for a worker, which the queue does not keep alive.
pub(super) struct Queue<T> {
    waiting: Mutex<VecDeque<Weak<T>>>,
    filled: Condvar,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            filled: Condvar::new(),
        }
    }
}

impl<T> Queue<T> {
    /// Adds an item, unless it is waiting already or the queue is full.
    pub(super) fn push(&self, item: &Arc<T>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let item = Arc::downgrade(item);
        if waiting.len() < QUEUE && !waiting.iter().any(|waiting| waiting.ptr_eq(&item)) {
            waiting.push_back(item);
            self.filled.notify_one();
        }
    }

    /// Returns the next item, or `None` if there is none within `patience` or it was dropped.
    pub(super) fn pop(&self, patience: Duration) -> Option<Arc<T>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.is_empty() {
            let woken = self.filled.wait_timeout(waiting, patience);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.pop_front()?.upgrade()
    }
}
