//! Locks for decisions based on current events followed by a write, so that each one sees the
//! writes of those before it.
//!
//! The store checks revisions and names in any case. It cannot detect that a similar event was just
//! written.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{Datelike, NaiveDate};

/// Number of groups of days; days of one group share a lock.
const GROUPS: usize = 64;

/// Locks for planning changes.
#[derive(Debug)]
pub struct Planning {
    all: RwLock<()>,
    days: [Mutex<()>; GROUPS],
}

/// Lock for planning an event of one day.
pub struct DayTurn<'a> {
    _all: RwLockReadGuard<'a, ()>,
    _day: MutexGuard<'a, ()>,
}

impl Planning {
    pub(super) fn new() -> Self {
        Self {
            all: RwLock::new(()),
            days: std::array::from_fn(|_| Mutex::new(())),
        }
    }

    /// Waits until no one else is planning. For changes to many events.
    pub fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        // The lock guards no data, so poisoning is ignored.
        self.all.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no one else is planning an event that begins on this day.
    pub fn on_day(&self, day: NaiveDate) -> DayTurn<'_> {
        let group = day.num_days_from_ce().unsigned_abs() as usize % GROUPS;
        DayTurn {
            _all: self.all.read().unwrap_or_else(PoisonError::into_inner),
            _day: self.days[group]
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        }
    }
}
