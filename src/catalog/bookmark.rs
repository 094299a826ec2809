//! Where pages of the agenda begin.

use std::fmt;

use chrono::NaiveDate;

/// Where a page of the agenda begins: with a day, and on a day of very many with one of them. Written
/// `2027-03-01`, and `2027-03-01.60` where 60 of that day's have been shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bookmark {
    /// The day.
    pub day: NaiveDate,
    /// How many happenings that begin on it were on the pages before.
    pub shown: usize,
}

impl From<NaiveDate> for Bookmark {
    fn from(day: NaiveDate) -> Self {
        Self { day, shown: 0 }
    }
}

impl fmt::Display for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown {
            0 => self.day.fmt(f),
            shown => write!(f, "{}.{shown}", self.day),
        }
    }
}
