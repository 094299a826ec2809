//! Errors in fields of a request, in the client's language.

use calendar_domain::Lang;
use calendar_language::Words;

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Name of the field in the query string or body.
    pub field: String,
    /// The error.
    pub fault: FieldError,
}

/// An error in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldError {
    /// Unknown parameter; carries the known names.
    Unknown(Vec<String>),
    /// Longer than this many characters.
    TooLong(usize),
    /// More than this many parameters.
    TooMany(usize),
    /// Not one of these values.
    NotOneOf(Vec<String>),
    /// No record has this name.
    NothingCalled(String),
    /// Not a valid date.
    NotADate,
    /// The end is before the start.
    BeforeStart,
    /// Not a name of letters, digits and hyphens.
    NotAName,
    /// Not a whole number between these.
    NotBetween(usize, usize),
    /// Not a month that can be shown.
    NotAMonth,
    /// Not a color.
    NotAColor,
    /// No letter or digit to search for.
    NoWord,
    /// A finished message. Those of the API are in English.
    Said(String),
}

impl FieldProblem {
    /// Returns an error for a field. The name comes from the client and is cut to 60 characters.
    #[must_use]
    pub fn new(field: &str, fault: FieldError) -> Self {
        Self {
            field: field.chars().take(60).collect(),
            fault,
        }
    }
}

impl FieldError {
    /// Returns the message for people: the error and what is allowed.
    #[must_use]
    pub fn said(&self, words: Words) -> String {
        let list = |all: &[String]| all.join(", ");
        match self {
            Self::Unknown(known) if known.is_empty() => {
                words.say("fault-no-parameters").into_owned()
            }
            Self::Unknown(known) => words.say_with("fault-unknown", &[("known", list(known))]),
            Self::TooLong(limit) => {
                words.say_with("fault-too-long", &[("limit", limit.to_string())])
            }
            Self::TooMany(limit) => {
                words.say_with("fault-too-many", &[("limit", limit.to_string())])
            }
            Self::NotOneOf(allowed) => {
                words.say_with("fault-not-one-of", &[("allowed", list(allowed))])
            }
            Self::NothingCalled(word) => {
                words.say_with("fault-nothing-called", &[("word", word.as_str())])
            }
            Self::NotADate => words.say("fault-not-a-date").into_owned(),
            Self::BeforeStart => words.say("fault-before-start").into_owned(),
            Self::NotAName => words.say("fault-not-a-name").into_owned(),
            Self::NotBetween(least, most) => {
                words.say_with("wrong-number", &[("least", *least), ("most", *most)])
            }
            Self::NotAMonth => words.say("fault-not-a-month").into_owned(),
            Self::NotAColor => words.say("fault-not-a-color").into_owned(),
            Self::NoWord => words.say("fault-no-word").into_owned(),
            Self::Said(text) => text.clone(),
        }
    }

    /// Returns the message in English, for programs.
    #[must_use]
    pub fn in_english(&self) -> String {
        self.said(Words::new(Lang::En))
    }
}
