//! Recurrence rules of RFC 5545 section 3.3.10 (with `SKIP` of RFC 7529) and their expansion.
//!
//! [`RecurrenceRule`] is parsed with `parse` and written with `to_string`. [`expand()`] returns the
//! occurrences in a window. It uses local time, as rules do: «every Thursday at 18:00» is 18:00
//! before and after a change of summer time.
//!
//! The day parts of a rule become a bit set for each year (`year`, `pattern`; `times` for times of
//! day). The expansion iterates over the rule's periods (`period`, or `sub_daily`) and reads the
//! bits. Without COUNT it starts directly at the window. It always ends: at the window, UNTIL,
//! COUNT or the year 9999, after 400 years without an occurrence (the Gregorian calendar then
//! repeats), or at one of the [`ExpansionLimits`].
//!
//! Where RFC 5545 leaves a choice or programs differ:
//! - A DTSTART that the rule does not select is neither included nor counted (as in libical and
//!   ical.js).
//! - `BYWEEKNO` uses week years, so `INTERVAL` and `BYSETPOS` treat 31 December 2024 as a day of
//!   2025. Without `BYDAY` it selects DTSTART's weekday.
//! - A part that RFC 5545 forbids is treated as a limit if possible ([`violations`] lists it), and
//!   refused in public events by [`check_public`].
//! - An UNTIL that is a date includes that whole day, even if DTSTART has a time.
//! - `SKIP` moves days that a month lacks, and day 366 of a common year unless the rule also has
//!   months, weeks or days of the month.

mod calendar;
mod check;
mod collect;
mod error;
mod expand;
mod parse;
mod pattern;
mod period;
mod rule;
mod sub_daily;
mod text;
mod times;
mod year;

pub use check::{ExpansionLimits, check_public, violations};
pub use error::{ExpansionError, RuleError, RuleFault};
pub use expand::{expand, expand_within, in_step};
pub use rule::{Frequency, RecurrenceRule, RuleEnd, Skip, WeekdayNum};

#[cfg(test)]
mod tests;
