//! Recurrence: the rules of RFC 5545 section 3.3.10 (and `SKIP` of RFC 7529) and the dates they
//! give.
//!
//! [`RecurrenceRule`] is read from text with `parse` and written with `to_string`. [`expand()`]
//! gives the members in a window. It works on local, wall-clock time, because that is what a
//! rule speaks of: «every Thursday at 18:00» is 18:00 on both sides of a change of clocks.
//!
//! How it works: the day parts of a rule become one row of bits for each year (`year`,
//! `pattern`, `times` for the clock), and expansion walks the rule's periods (`period`, or `sub_daily`) and reads the
//! bits. Without COUNT the walk begins at the window, by arithmetic. It always ends: at the
//! window, at UNTIL, at COUNT, at the year 9999, after 400 years without a member (the Gregorian
//! calendar then repeats), or at one of the [`Limits`].
//!
//! Where RFC 5545 leaves a choice or programs differ:
//! - a DTSTART out of step is no member and not counted (as libical and ical.js do);
//! - `BYWEEKNO` counts week years, so `INTERVAL` and `BYSETPOS` treat 31 December 2024 as a day
//!   of 2025; without `BYDAY` it gives DTSTART's weekday;
//! - what RFC 5545 forbids is read as a plain limit where it can be ([`violations`] lists it), and
//!   refused in public events by [`check_public`];
//! - an UNTIL that is a date admits that whole day, also when DTSTART has a time;
//! - `SKIP` moves days that a month lacks; day 366 of a common year just falls away.

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

pub use check::{Limits, check_public, violations};
pub use error::{Fault, RuleError};
pub use expand::{ExpansionError, expand, expand_within, in_step};
pub use rule::{Frequency, RecurrenceRule, Skip, Until, WeekdayNum};

#[cfg(test)]
mod tests;
