//! Numbered periods of a day or longer, so that any of them is found by arithmetic.

use super::rule::{Frequency, RecurrenceRule};
use super::year::{DayNumber, first_day, first_week, year_of};

/// The kind of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Period {
    /// Calendar years, by their number.
    Year,
    /// Week years, made of whole weeks that start on `wkst` (Monday 0), for rules with `BYWEEKNO`:
    /// 31 December 2024 is in week 1 of 2025.
    WeekYear { wkst: u32 },
    /// Months since January of the year 0.
    Month,
    /// Weeks that start on `wkst`.
    Week { wkst: u32 },
    /// Days.
    Day,
}

impl Period {
    /// Returns the kind of period of a rule, or `None` if it is shorter than a day.
    pub fn new(rule: &RecurrenceRule) -> Option<Self> {
        let wkst = rule.wkst.num_days_from_monday();
        match rule.freq {
            Frequency::Yearly if rule.by_week_no.is_empty() => Some(Period::Year),
            Frequency::Yearly => Some(Period::WeekYear { wkst }),
            Frequency::Monthly => Some(Period::Month),
            Frequency::Weekly => Some(Period::Week { wkst }),
            Frequency::Daily => Some(Period::Day),
            Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => None,
        }
    }

    /// Returns the number of the period of a day.
    pub fn index_of(self, day: DayNumber) -> i64 {
        match self {
            Period::Year => i64::from(year_of(day)),
            Period::WeekYear { wkst } => {
                // A week belongs to the year of its fourth day.
                let into_week = (day - 1 - wkst as DayNumber).rem_euclid(7);
                i64::from(year_of(day - into_week + 3))
            }
            Period::Month => {
                let year = year_of(day);
                let shape = super::year::YearShape::new(year);
                let day = (day - shape.first) as u32;
                let month = (1..12)
                    .take_while(|&month| shape.month_start(month) <= day)
                    .count();
                i64::from(year) * 12 + month as i64
            }
            Period::Week { wkst } => i64::from((day - 1 - wkst as DayNumber).div_euclid(7)),
            Period::Day => i64::from(day),
        }
    }

    /// Returns the first day of a period and the first day after it. `index` must be a value of
    /// [`index_of`](Self::index_of).
    pub fn days(self, index: i64) -> (DayNumber, DayNumber) {
        match self {
            Period::Year => (first_day(index as i32), first_day(index as i32 + 1)),
            Period::WeekYear { wkst } => (
                first_week(index as i32, wkst),
                first_week(index as i32 + 1, wkst),
            ),
            Period::Month => {
                let shape = super::year::YearShape::new(index.div_euclid(12) as i32);
                let month = index.rem_euclid(12) as u32;
                let day = |month| shape.first + shape.month_start(month) as DayNumber;
                (day(month), day(month + 1))
            }
            Period::Week { wkst } => {
                let first = index as DayNumber * 7 + 1 + wkst as DayNumber;
                (first, first + 7)
            }
            Period::Day => (index as DayNumber, index as DayNumber + 1),
        }
    }

    /// Returns the number of periods in 400 years, after which the Gregorian calendar repeats. A
    /// rule that selects nothing in as many of its periods never selects anything.
    pub fn in_cycle(self) -> u32 {
        match self {
            Period::Year | Period::WeekYear { .. } => 400,
            Period::Month => 4_800,
            Period::Week { .. } => 20_871,
            Period::Day => 146_097,
        }
    }
}
