//! Which days of which months can be shown.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::catalog::Snapshot;

/// Months before the current one that can be shown. The day index of the catalog has them all.
const MONTHS_BACK: u32 = 10;
/// Months after the current one that can be shown.
const MONTHS_AHEAD: u32 = 24;

/// Returns the first days of the months that can be shown.
#[must_use]
pub fn shown_months(snapshot: &Snapshot) -> RangeInclusive<NaiveDate> {
    let current = first_of_month(snapshot.version().today);
    let earliest = current.checked_sub_months(Months::new(MONTHS_BACK));
    let latest = current.checked_add_months(Months::new(MONTHS_AHEAD));
    earliest.unwrap_or(current)..=latest.unwrap_or(current)
}

/// Returns the first day of a day's month.
#[must_use]
pub fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Returns whole weeks that cover a month.
#[must_use]
pub fn days_shown(month: NaiveDate) -> Vec<NaiveDate> {
    let back = Days::new(month.weekday().num_days_from_monday().into());
    let monday = month.checked_sub_days(back).unwrap_or(month);
    let is_over = |week: &[NaiveDate]| week.iter().all(|day| *day > month && !is_in(*day, month));
    let all: Vec<NaiveDate> = monday.iter_days().take(42).collect();
    let weeks = all.chunks(7).take_while(|week| !is_over(week));
    weeks.flatten().copied().collect()
}

/// Returns true if a day is in the month that begins on `month`.
#[must_use]
pub fn is_in(day: NaiveDate, month: NaiveDate) -> bool {
    (day.year(), day.month()) == (month.year(), month.month())
}
