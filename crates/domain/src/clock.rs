//! The clock and the source of new ids.
//!
//! The clock is built once in `main` and passed in; nothing else reads
//! the system time or its randomness.

use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::zone::to_local;

/// A clock that also creates ids.
pub trait Clock: Send + Sync {
    /// Returns the current time.
    fn now(&self) -> DateTime<Utc>;

    /// Returns a new id. [`SystemClock`] returns UUIDs of version 7, which sort by time of
    /// creation.
    fn new_id(&self) -> Uuid;

    /// Returns the current day in a zone.
    fn today(&self, zone: Tz) -> NaiveDate {
        to_local(self.now(), zone).date()
    }
}

/// The system clock.
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

/// A clock that stays at a fixed time until it is set, for tests and previews of another day.
///
/// ```
/// use calendar_domain::clock::{Clock, FixedClock};
/// use chrono::NaiveDate;
///
/// let clock = FixedClock::at("2027-06-01T22:30:00Z".parse().unwrap());
/// let tomorrow = NaiveDate::from_ymd_opt(2027, 6, 2).unwrap();
/// assert_eq!(clock.today(chrono_tz::Europe::Oslo), tomorrow);
/// ```
#[derive(Debug)]
pub struct FixedClock {
    state: Mutex<(DateTime<Utc>, u64)>,
}

impl FixedClock {
    /// Returns a clock at a fixed time.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            state: Mutex::new((now, 0)),
        }
    }

    /// Sets the time, forwards or backwards.
    pub fn set(&self, now: DateTime<Utc>) {
        self.lock().0 = now;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (DateTime<Utc>, u64)> {
        // A poisoned lock still guards a consistent state.
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
