//! The state that commands share, and the slots of running commands.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::cli::open::OpenCalendar;

use super::waits::Waits;

/// Maximum number of concurrent commands.
pub(super) const AT_ONCE: usize = 16;

/// Shared state of commands.
pub(super) struct Home {
    pub(super) opened: OpenCalendar,
    /// The store's directory.
    pub(super) folder: PathBuf,
    /// Clients that a command is waiting for.
    pub(super) waits: Waits,
    running: Mutex<Running>,
    ended: Condvar,
}

#[derive(Default)]
struct Running {
    count: usize,
    so_far: u64,
}

impl Home {
    /// Returns the state of a server without commands.
    pub(super) fn new(opened: OpenCalendar, folder: PathBuf) -> Self {
        Self {
            opened,
            folder,
            waits: Waits::default(),
            running: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        // Two numbers that are valid at any time.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no command runs or until the deadline; returns the number of running commands.
    pub(super) fn wait(&self, until: Instant) -> usize {
        let left = until.saturating_duration_since(Instant::now());
        let waited = self
            .ended
            .wait_timeout_while(self.lock(), left, |end| end.count > 0);
        waited.unwrap_or_else(PoisonError::into_inner).0.count
    }
}

/// A slot for one command, released on drop.
pub(super) struct CommandPermit {
    pub(super) home: Arc<Home>,
    /// Unique while the server runs.
    pub(super) number: u64,
}

impl CommandPermit {
    /// Takes a slot, or returns `None` if all are taken.
    pub(super) fn take(home: &Arc<Home>) -> Option<Self> {
        let mut running = home.lock();
        if running.count >= AT_ONCE {
            return None;
        }
        running.count += 1;
        running.so_far += 1;
        let number = running.so_far;
        drop(running);
        let home = Arc::clone(home);
        Some(Self { home, number })
    }
}

impl Drop for CommandPermit {
    fn drop(&mut self) {
        self.home.lock().count -= 1;
        self.home.ended.notify_all();
    }
}
