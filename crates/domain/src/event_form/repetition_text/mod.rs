//! Repetition in plain words, in bokmål, nynorsk and English: «hver onsdag til 15. juni», «annankvar torsdag, 8 gonger»,
//! `first Saturday of the month until Christmas`.
//!
//! [`parse`] returns the rule that a sentence means, or the words that it does not know. [`write()`] returns a sentence
//! that [`parse`] reads as the same rule. Nothing is guessed: a word that is not in `vocabulary` is an error.
//!
//! A date without a year is the first such day after the start. «til» with a date includes it; «til» with a month or
//! year ends the day before it, «ut» and «til og med» on its last day. «til jul» ends on 24 December, «til nyttår» on
//! 31 December, and «til påske» on the Wednesday before Maundy Thursday.

mod assemble;
mod ends;
mod parser;
#[cfg(test)]
mod tests;
mod vocabulary;
mod write;

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::recurrence::RecurrenceRule;

pub use write::write;

/// Maximum number of dates of a repetition.
pub(super) const MOST_DATES: u32 = 400;
/// Maximum number of days, weeks or months from one date to the next.
const MOST_INTERVAL: u32 = 52;
/// Maximum number of months from the first date to the last. A repetition over more years is no plan, and «2207» a slip
/// for «2027».
pub(super) const MOST_MONTHS: u32 = 60;

/// What a sentence means.
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

/// Returns what a sentence means for an event that starts on `start` or later.
///
/// # Errors
/// Returns [`RepetitionError`] if a word is not understood or something is missing.
pub fn parse(text: &str, start: NaiveDate) -> Result<ParsedRepetition, RepetitionError> {
    let parts = parser::Parser::new(text, start).parts()?;
    assemble::assemble(parts, start)
}

/// Returns which of its weekday a date is in its month; the last one if it is the fifth.
pub(super) fn nth_of_month(date: NaiveDate) -> i8 {
    match date.day0() / 7 {
        0 => 1,
        1 => 2,
        2 => 3,
        3 => 4,
        _ => -1,
    }
}
