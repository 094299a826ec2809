//! Collection of occurrences, applying DTSTART, UNTIL, COUNT, the window and the limits.

use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::check::ExpansionLimits;
use super::error::ExpansionError;
use super::year::{DayNumber, LAST_YEAR, first_day};

/// Seconds of local time since midnight of [`DayNumber`] 0, the day before 1 January of the year 1.
pub(super) type Stamp = i64;

pub(super) const DAY: Stamp = 86_400;

/// Returns the exclusive end of all rules: 1 January 10000.
pub(super) fn end_of_dates() -> Stamp {
    at(first_day(LAST_YEAR + 1), 0)
}

pub(super) fn at(day: DayNumber, second: u32) -> Stamp {
    Stamp::from(day) * DAY + Stamp::from(second)
}

pub(super) fn day_of(stamp: Stamp) -> DayNumber {
    stamp.div_euclid(DAY) as DayNumber
}

/// Returns a local time as a stamp, rounded down to seconds.
pub(super) fn floor(time: NaiveDateTime) -> Stamp {
    at(time.num_days_from_ce(), time.num_seconds_from_midnight())
}

/// Returns a local time as a stamp, rounded up to seconds.
pub(super) fn ceil(time: NaiveDateTime) -> Stamp {
    floor(time) + Stamp::from(time.nanosecond() > 0)
}

fn local(stamp: Stamp) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_num_days_from_ce_opt(day_of(stamp))?;
    let second = stamp.rem_euclid(DAY) as u32;
    Some(date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(second, 0)?))
}

/// Whether to look for further occurrences.
pub(super) type Flow = Result<ControlFlow<()>, ExpansionError>;

pub(super) const MORE: Flow = Ok(ControlFlow::Continue(()));
pub(super) const ENOUGH: Flow = Ok(ControlFlow::Break(()));

/// Receives the occurrences of a rule in order and keeps those in the window.
pub(super) struct Collector<'l> {
    /// DTSTART.
    pub first: Stamp,
    /// The last allowed time, inclusive.
    pub last: Stamp,
    /// The window, its end exclusive.
    pub from: Stamp,
    pub to: Stamp,
    /// Number of further occurrences that COUNT allows.
    pub left: Option<u64>,
    limits: &'l ExpansionLimits,
    steps: u64,
    matched: bool,
    found: Vec<NaiveDateTime>,
}

impl<'l> Collector<'l> {
    pub fn new(
        (first, last): (Stamp, Stamp),
        (from, to): (Stamp, Stamp),
        count: Option<u32>,
        limits: &'l ExpansionLimits,
    ) -> Self {
        let left = count.map(u64::from);
        let found = Vec::new();
        Collector {
            first,
            last,
            from,
            to,
            left,
            limits,
            steps: 0,
            matched: false,
            found,
        }
    }

    /// Returns the earliest relevant time. With COUNT the occurrences before the window are
    /// counted; without it they are skipped.
    pub fn earliest(&self) -> Stamp {
        if self.left.is_some() {
            self.first
        } else {
            self.first.max(self.from)
        }
    }

    /// Returns the exclusive end of the relevant times.
    pub fn end(&self) -> Stamp {
        self.to.min(self.last + 1)
    }

    /// Counts a step against the limit.
    pub fn step(&mut self) -> Result<(), ExpansionError> {
        self.steps += 1;
        let limit = self.limits.max_iterations;
        if self.steps > limit {
            Err(ExpansionError::TooManySteps { limit })
        } else {
            Ok(())
        }
    }

    /// Adds a time selected by the BY parts.
    pub fn offer(&mut self, stamp: Stamp) -> Flow {
        if stamp < self.first {
            return MORE;
        }
        self.matched = true;
        if stamp >= self.end() {
            return ENOUGH;
        }
        match &mut self.left {
            Some(0) => return ENOUGH,
            Some(left) => *left -= 1,
            None => {}
        }
        if stamp < self.from {
            self.step()?;
            return MORE;
        }
        let limit = self.limits.max_occurrences;
        if self.found.len() >= limit {
            return Err(ExpansionError::TooManyOccurrences { limit });
        }
        self.found.extend(local(stamp));
        MORE
    }

    /// Adds a selected day with all its times in ascending order.
    pub fn offer_day(&mut self, day: DayNumber, times: &[u32]) -> Flow {
        let (Some(&earliest), Some(&latest)) = (times.first(), times.last()) else {
            return MORE;
        };
        if at(day, latest) < self.earliest() {
            return MORE;
        }
        let all_counted = at(day, earliest) >= self.first && at(day, latest) < self.from;
        if let (Some(left), true) = (&mut self.left, all_counted && at(day, latest) <= self.last) {
            self.matched = true;
            *left = left.saturating_sub(times.len() as u64);
            let spent = *left == 0;
            self.step()?;
            return if spent { ENOUGH } else { MORE };
        }
        for &time in times {
            if self.offer(at(day, time))?.is_break() {
                return ENOUGH;
            }
        }
        MORE
    }

    /// Returns the occurrences in the window. If `all` of the set was requested and it is cut off
    /// by the last year, an error is returned as well.
    pub fn finish(self, all: bool) -> (Vec<NaiveDateTime>, Option<ExpansionError>) {
        let cut_off = self.left.is_some_and(|left| left > 0) && self.last + 1 == end_of_dates();
        let error = (all && cut_off && self.matched).then_some(ExpansionError::BeyondDates);
        (self.found, error)
    }
}
