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
mod parse_repetition;
mod parsed;
mod parser;
#[cfg(test)]
mod tests;
mod vocabulary;
mod write;

pub use parse_repetition::parse;
use parsed::MOST_INTERVAL;
pub(super) use parsed::{MOST_DATES, MOST_MONTHS, nth_of_month};
pub use parsed::{ParsedRepetition, RepetitionError};
pub use write::write;
