//! Turns of those who decide by what is there and then write: who plans sees what everyone before has written.
//!
//! The store checks revisions and names whatever happens here. What it cannot check is that nobody has just
//! written an event that is like another one.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{Datelike, NaiveDate};

/// How many groups the days are in; those of one group have one turn.
const GROUPS: usize = 64;

/// Who may plan now.
#[derive(Debug)]
pub struct Planning {
    all: RwLock<()>,
    days: [Mutex<()>; GROUPS],
}

/// A turn of whoever plans for one day.
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

    /// Waits until nobody else plans. For what is about many events.
    pub fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        // There is nothing that a panicking thread could leave half done.
        self.all.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else plans an event that begins on a day. Events of other days are other events.
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
