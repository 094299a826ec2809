//! Parses a repetition.

use super::{ParsedRepetition, RepetitionError, assemble, parser};
use chrono::NaiveDate;

/// Returns what a sentence means for an event that starts on `start` or later.
///
/// # Errors
/// Returns [`RepetitionError`] if a word is not understood or something is missing.
pub fn parse(text: &str, start: NaiveDate) -> Result<ParsedRepetition, RepetitionError> {
    let parts = parser::Parser::new(text, start).parts()?;
    assemble::assemble(parts, start)
}
