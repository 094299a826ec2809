//! A parsed repetition and the errors of parsing one.

use crate::recurrence::RecurrenceRule;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// Maximum number of dates of a repetition.
pub(in crate::event_form) const MOST_DATES: u32 = 400;

/// Maximum number of days, weeks or months from one date to the next.
pub(super) const MOST_INTERVAL: u32 = 52;

/// Maximum number of months from the first date to the last. A repetition over more years is no plan, and «2207» a slip
/// for «2027».
pub(in crate::event_form) const MOST_MONTHS: u32 = 60;

/// A repetition, parsed from words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedRepetition {
    /// The rule, with its end.
    pub rule: RecurrenceRule,
    /// The first date: that of the rule on or after the start.
    pub first: NaiveDate,
    /// Dates that the sentence leaves out.
    pub except: BTreeSet<NaiveDate>,
}

/// Why a sentence means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepetitionError {
    /// These words are not known, or not in this place.
    NotUnderstood(String),
    /// It does not say how often.
    NoFrequency,
    /// It says neither a last date nor a number of dates.
    NoEnd,
    /// It says more than one end.
    TwoEnds,
    /// The end is before this first date.
    EndBefore(NaiveDate),
    /// The end is after this latest date.
    EndAfter(NaiveDate),
    /// The number of dates is not from 1 to the maximum.
    Count(u32),
}

/// Returns which of its weekday a date is in its month; the last one if it is the fifth.
pub(in crate::event_form) fn nth_of_month(date: NaiveDate) -> i8 {
    match date.day0() / 7 {
        0 => 1,
        1 => 2,
        2 => 3,
        3 => 4,
        _ => -1,
    }
}
