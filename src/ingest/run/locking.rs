//! Locking of state that is shared by runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, also after a panic.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each value is changed in one step, so it is consistent even after a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
