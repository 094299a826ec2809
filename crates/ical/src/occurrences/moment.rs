//! Times in their printed form.

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Serialize, Serializer};

use crate::read::CalTime;
use calendar_domain::bounds::is_writable;

/// A time without its zone: a date, an instant, or a floating wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// A date, printed `YYYYMMDD`.
    Date(NaiveDate),
    /// An instant, printed `YYYYMMDDTHHMMSSZ`.
    Utc(NaiveDateTime),
    /// A wall time, printed `YYYYMMDDTHHMMSS`.
    Floating(NaiveDateTime),
}

impl Moment {
    /// Converts a time: zoned times to UTC.
    pub fn new(time: &CalTime) -> Moment {
        match (time, time.utc()) {
            (CalTime::Date(date), _) => Moment::Date(*date),
            (_, Some(utc)) => Moment::Utc(utc),
            (_, None) => Moment::Floating(time.local()),
        }
    }

    /// Returns true if its year has four digits, as iCalendar writes it.
    pub fn is_writable(self) -> bool {
        is_writable(self.local().date())
    }

    /// Returns the wall time: in UTC for an instant, midnight for a date.
    pub fn local(self) -> NaiveDateTime {
        match self {
            Moment::Date(date) => date.and_time(NaiveTime::MIN),
            Moment::Utc(time) | Moment::Floating(time) => time,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local();
        write!(
            f,
            "{:04}{:02}{:02}",
            local.year(),
            local.month(),
            local.day()
        )?;
        if matches!(self, Moment::Date(_)) {
            return Ok(());
        }
        write!(
            f,
            "T{:02}{:02}{:02}",
            local.hour(),
            local.minute(),
            local.second()
        )?;
        f.write_str(if matches!(self, Moment::Utc(_)) {
            "Z"
        } else {
            ""
        })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
