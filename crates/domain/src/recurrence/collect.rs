//! Gathering members: DTSTART, UNTIL, COUNT, the window and the caps are all applied here.

use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::check::Limits;
use super::expand::ExpansionError;
use super::year::{Day, LAST_YEAR, first_day};

/// Seconds on a local clock since the midnight before 1 January of the year 1.
pub(super) type Stamp = i64;

pub(super) const DAY: Stamp = 86_400;

/// The first moment that no rule reaches: 1 January 10000.
pub(super) fn end_of_dates() -> Stamp {
    at(first_day(LAST_YEAR + 1), 0)
}

pub(super) fn at(day: Day, second: u32) -> Stamp {
    Stamp::from(day) * DAY + Stamp::from(second)
}

pub(super) fn day_of(stamp: Stamp) -> Day {
    stamp.div_euclid(DAY) as Day
}

/// A local time as a stamp; parts of a second fall away.
pub(super) fn floor(time: NaiveDateTime) -> Stamp {
    at(time.num_days_from_ce(), time.num_seconds_from_midnight())
}

/// A local time as a stamp; parts of a second round up.
pub(super) fn ceil(time: NaiveDateTime) -> Stamp {
    floor(time) + Stamp::from(time.nanosecond() > 0)
}

fn local(stamp: Stamp) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_num_days_from_ce_opt(day_of(stamp))?;
    let second = stamp.rem_euclid(DAY) as u32;
    Some(date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(second, 0)?))
}

/// Whether to go on looking for members.
pub(super) type Flow = Result<ControlFlow<()>, ExpansionError>;

pub(super) const MORE: Flow = Ok(ControlFlow::Continue(()));
pub(super) const ENOUGH: Flow = Ok(ControlFlow::Break(()));

/// Takes the members of a rule's set in order and keeps those in the window.
pub(super) struct Collector<'l> {
    /// DTSTART.
    pub first: Stamp,
    /// The last admitted moment, inclusive.
    pub last: Stamp,
    /// The window, its end exclusive.
    pub from: Stamp,
    pub to: Stamp,
    /// How many members COUNT still admits.
    pub left: Option<u64>,
    limits: &'l Limits,
    steps: u64,
    matched: bool,
    found: Vec<NaiveDateTime>,
}

impl<'l> Collector<'l> {
    pub fn new(
        (first, last): (Stamp, Stamp),
        (from, to): (Stamp, Stamp),
        count: Option<u32>,
        limits: &'l Limits,
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

    /// The earliest moment worth looking at: with COUNT the members before the window have to
    /// be counted, without it they need not even be found.
    pub fn earliest(&self) -> Stamp {
        if self.left.is_some() {
            self.first
        } else {
            self.first.max(self.from)
        }
    }

    /// The first moment that is no longer worth looking at.
    pub fn end(&self) -> Stamp {
        self.to.min(self.last + 1)
    }

    /// Counts a step against the cap.
    pub fn step(&mut self) -> Result<(), ExpansionError> {
        self.steps += 1;
        let limit = self.limits.max_iterations;
        if self.steps > limit {
            Err(ExpansionError::TooManySteps { limit })
        } else {
            Ok(())
        }
    }

    /// Takes one moment that the BY parts select.
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

    /// Takes one selected day with all its times, which are in order.
    pub fn offer_day(&mut self, day: Day, times: &[u32]) -> Flow {
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

    /// The members in the window. `all` says that the caller asked for the whole set, which
    /// then must not have been cut off by the end of dates: an error beside them where it was.
    pub fn finish(self, all: bool) -> (Vec<NaiveDateTime>, Option<ExpansionError>) {
        let cut_off = self.left.is_some_and(|left| left > 0) && self.last + 1 == end_of_dates();
        let error = (all && cut_off && self.matched).then_some(ExpansionError::BeyondDates);
        (self.found, error)
    }
}
