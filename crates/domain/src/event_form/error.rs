//! Errors of the form, each at its field.

use chrono::{NaiveDate, NaiveTime};

use super::FormField;

/// An error at a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    /// The field.
    pub field: FormField,
    /// The row of a table, counted from 0; 0 for other fields.
    pub row: usize,
    /// The error.
    pub fault: FormFault,
}

/// The kind of a form error. The interface texts name the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormFault {
    /// A required value is missing.
    Missing,
    /// Longer than this many characters.
    TooLong(usize),
    /// Not a date.
    NotADate,
    /// Not a time of day.
    NotATime,
    /// The day is over.
    Past(NaiveDate),
    /// The end is not after this time.
    EndNotAfter(NaiveTime),
    /// The last day is before this day.
    BeforeDay(NaiveDate),
    /// The last day is after this latest day.
    AfterDay(NaiveDate),
    /// A time for the end is needed, since it ends on another day.
    EndNeeded,
    /// Not one of the choices.
    UnknownChoice,
    /// Not a whole number between these.
    NotANumber(u32, u32),
    /// Not a number of days, at most so many in either direction.
    NotDays(u32),
    /// The programme is to be moved, and was not.
    NotMoved,
    /// Not a price.
    NotAPrice,
    /// Not a web address.
    NotAnAddress,
    /// Not a postal code.
    NotAPostalCode,
    /// These words of the repetition are not understood.
    NotARepetition(String),
    /// The repetition does not say how often.
    FrequencyMissing,
    /// Neither a last date nor a number of dates.
    EndOfRepetitionMissing,
    /// Both a last date and a number of dates.
    TwoEndsOfRepetition,
    /// The event has this date and time already.
    DateTwice,
    /// The repetition has no date left.
    NoDateLeft,
    /// The repetition has no such date.
    NotADateOfRepetition,
    /// The sentence leaves out a date on which the event would not take place.
    NothingLeftOut(NaiveDate),
    /// A repeated event lasts a day or an evening; longer ones are events of their own.
    RepeatedOverDays,
}

impl FormError {
    /// Returns an error at a field.
    #[must_use]
    pub fn new(field: FormField, fault: FormFault) -> Self {
        Self {
            field,
            row: 0,
            fault,
        }
    }

    /// Returns an error in a row of a table.
    #[must_use]
    pub fn in_row(field: FormField, row: usize, fault: FormFault) -> Self {
        Self { field, row, fault }
    }
}
