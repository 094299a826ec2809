//! Errors in data files, worded for their editors.

use std::fmt;
use std::path::PathBuf;

use calendar_domain::IdError;
use calendar_domain::place::CoordinatesError;
use calendar_domain::recurrence::RuleError;

/// One error in a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError {
    /// The path of the file as opened.
    pub file: PathBuf,
    /// The position; absent if the file could not be read.
    pub at: Option<FilePosition>,
    /// The key with the error.
    pub field: String,
    /// What is wrong.
    pub wrong: String,
    /// What is allowed; empty if unknown.
    pub allowed: String,
}

/// A position in a text file, both numbers from 1. Columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePosition {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl FilePosition {
    /// Returns the position of a byte offset; an offset past the end gives the end.
    #[must_use]
    pub fn new(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(FilePosition { line, column }) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}", self.wrong)?;
        if !self.allowed.is_empty() {
            write!(f, "; allowed: {}", self.allowed)?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedError {}

/// All errors found in the data files, in the order of files and lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedErrors(pub Vec<SeedError>);

impl fmt::Display for SeedErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("one error in the data files")?,
            many => write!(f, "{many} errors in the data files")?,
        }
        for error in &self.0 {
            write!(f, "\n  {error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedErrors {}

/// An error in one value, without its position.
#[derive(Debug)]
pub(super) struct Mistake {
    pub wrong: String,
    pub allowed: String,
}

impl Mistake {
    pub fn new(wrong: impl Into<String>, allowed: impl Into<String>) -> Self {
        let (wrong, allowed) = (wrong.into(), allowed.into());
        Self { wrong, allowed }
    }
}

impl From<IdError> for Mistake {
    fn from(error: IdError) -> Self {
        let wrong = format!("«{}» is not a valid {}", error.given, error.kind);
        Self::new(wrong, error.allowed)
    }
}

impl From<RuleError> for Mistake {
    fn from(error: RuleError) -> Self {
        Self::new(format!("{} {}", error.part, error.fault), error.allowed)
    }
}

impl From<CoordinatesError> for Mistake {
    fn from(error: CoordinatesError) -> Self {
        Self::new(error.to_string(), "")
    }
}
