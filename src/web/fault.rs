//! What is wrong with a field of a request, in the reader's language.

use calendar_domain::Lang;
use calendar_language::Words;

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field, as it is called in the query string or the body.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No such parameter; the known ones.
    Unknown(Vec<String>),
    /// Longer than so many bytes.
    TooLong(usize),
    /// More parameters than so many.
    TooMany(usize),
    /// None of the allowed values.
    NotOneOf(Vec<String>),
    /// A word that names nothing here.
    NothingCalled(String),
    /// Not a date.
    NotADate,
    /// An end before its start.
    BeforeStart,
    /// Not a name of letters, digits and hyphens.
    NotAName,
    /// What an interface for programs says, in English.
    Said(String),
}

impl FieldProblem {
    /// A wrong field; its name is cut to 60 characters, since it comes from outside.
    #[must_use]
    pub fn new(field: &str, fault: Fault) -> Self {
        Self {
            field: field.chars().take(60).collect(),
            fault,
        }
    }
}

impl Fault {
    /// What is wrong and what is allowed, for people.
    #[must_use]
    pub fn said(&self, words: Words) -> String {
        let list = |all: &[String]| all.join(", ");
        match self {
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
            Self::Said(text) => text.clone(),
        }
    }

    /// The same for programs, in English.
    #[must_use]
    pub fn in_english(&self) -> String {
        self.said(Words::of(Lang::En))
    }
}
