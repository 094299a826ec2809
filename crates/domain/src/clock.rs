//! The clock, and new identities: the two things a pure function must be given.
//!
//! **May import:** `domain`. Built once in `main` and passed in; nothing else asks the machine for
//! the time or for randomness.

use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::zone::to_local;

/// Tells the time and makes identities.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    /// A fresh identity (UUID version 7: it carries the time, so that keys sort by birth).
    fn new_id(&self) -> Uuid;

    /// The day it is in a zone.
    fn today(&self, zone: Tz) -> NaiveDate {
        to_local(self.now(), zone).date()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A clock that stands still until it is set, for tests and for showing another day.
#[derive(Debug)]
pub struct FixedClock {
    state: Mutex<(DateTime<Utc>, u64)>,
}

impl FixedClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            state: Mutex::new((now, 0)),
        }
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, now: DateTime<Utc>) {
        self.lock().0 = now;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (DateTime<Utc>, u64)> {
        // A poisoned clock still tells the time: its two numbers are always whole.
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.lock().0
    }

    fn new_id(&self) -> Uuid {
        let mut state = self.lock();
        state.1 += 1;
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &state.1.to_be_bytes())
    }
}
