//! Positions of agenda pages.

use std::fmt;

use chrono::NaiveDate;

/// Start of an agenda page: a day, or a position within a day that is split. Formatted as
/// `2027-03-01`, or `2027-03-01.60` if 60 occurrences of the day are on earlier pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgendaCursor {
    /// Day.
    pub day: NaiveDate,
    /// Number of occurrences beginning on that day that are on earlier pages.
    pub shown: usize,
}

impl From<NaiveDate> for AgendaCursor {
    fn from(day: NaiveDate) -> Self {
        Self { day, shown: 0 }
    }
}

impl fmt::Display for AgendaCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown {
            0 => self.day.fmt(f),
            shown => write!(f, "{}.{shown}", self.day),
        }
    }
}
