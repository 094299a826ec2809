//! Occurrences of the events of a file in a range of days, as printed by `ics occurrences`.
//!
//! An occurrence belongs to the range if it *starts* in it: dates and floating times by their own
//! calendar, all others by UTC.
//!
//! Where RFC 5545 is silent:
//!
//! * A DTSTART that does not match its rule is no occurrence, as in libical and ical.js.
//! * An override of a start that the rule does not generate is kept, unless an EXDATE names it or
//!   its SEQUENCE is lower than the event's.
//! * RANGE=THISANDFUTURE shifts later starts by as much as its own, with its length and texts,
//!   until the next such override.
//! * An override with a rule of its own, whose event is not in the file, is an event of its own.
//! * An RDATE before DTSTART is an occurrence, since section 3.8.5.2 defines the set as the union
//!   of rule and dates.
//! * BYHOUR, BYMINUTE and BYSECOND are ignored if DTSTART is a date (section 3.3.10).

mod expansion;
mod moment;
mod set;
#[cfg(test)]
mod tests;

pub use expansion::{ReadOccurrence, for_each_occurrence, occurrences};
pub use moment::Moment;
pub(super) use set::{
    Exceptions, OverrideSet, StartSet, Starts, end_of, override_key, rule_beside, shift_of,
    until_on_clock_of,
};
