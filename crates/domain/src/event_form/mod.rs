//! The form of an event: its fields as typed, and their conversion to an event.
//!
//! An [`EventForm`] keeps every value as typed, so that nothing is lost by an error. [`EventForm::read`] returns the
//! event and its private facts, or every error at its field. [`EventForm::from_event`] fills the form from an event; a
//! field that is left as it was filled keeps the event's value, even one that the form cannot express.

mod copy;
mod dated_words;
mod error;
mod facts;
mod field;
mod form;
mod images;
mod merge;
mod moved_days;
mod other_dates;
mod places;
mod prefill;
mod prices;
mod programme;
mod read;
mod reader;
mod repetition;
pub mod repetition_text;
mod schedule;
#[cfg(test)]
mod tests;
mod typed_dates;

pub use error::{FormError, FormFault};
pub use field::FormField;
pub use form::{EventForm, MOST_ROWS};
pub use images::MOST_IMAGES;
pub use merge::MergedForm;
pub use programme::ProgrammePart;
pub use read::ReadForm;
pub use reader::{FormContext, KnownNames};
pub use typed_dates::{parse_clock, parse_date};
