//! What can be wrong with a rule, in words that a person who wrote it can act on.

use std::fmt;

/// A rule that cannot be read, or may not be used: which part, what is wrong, what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {fault}; allowed: {allowed}")]
pub struct RuleError {
    /// The rule part in capitals, such as `BYDAY`, or `RRULE` when it is the rule as a whole.
    pub part: String,
    /// What is wrong with it.
    pub fault: Fault,
    /// What would be right.
    pub allowed: String,
}

/// The kinds of fault, so that an interface can say each in its reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A required part is absent.
    Missing,
    /// The part stands more than once.
    Repeated,
    /// RFC 5545 knows no such part.
    Unknown,
    /// The part has no value.
    Empty,
    /// The value, quoted, is not of the part's form.
    NotUnderstood(String),
    /// The number, quoted, is outside the part's range.
    OutOfRange(String),
    /// The value is longer than any rule can be; the length in bytes.
    TooLong(usize),
    /// Two parts that exclude each other; the other one, by name.
    Excludes(&'static str),
    /// The part needs another that is absent.
    NeedsOther,
    /// Numbered weekdays (`2MO`) where only plain ones may stand.
    NumberedDay,
    /// A period shorter than a day in a public event.
    SubDaily,
    /// The BY lists multiply to more than the cap.
    Product {
        /// The product of their lengths.
        product: u64,
        /// The cap.
        limit: u64,
    },
    /// More members than the cap.
    Count {
        /// The rule's `COUNT`.
        count: u32,
        /// The cap.
        limit: u32,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing => f.write_str("is missing"),
            Fault::Repeated => f.write_str("stands more than once"),
            Fault::Unknown => f.write_str("is not a rule part"),
            Fault::Empty => f.write_str("has no value"),
            Fault::NotUnderstood(value) => write!(f, "“{value}” is not understood"),
            Fault::OutOfRange(value) => write!(f, "{value} is out of range"),
            Fault::TooLong(bytes) => write!(f, "is {bytes} bytes long"),
            Fault::Excludes(other) => write!(f, "cannot stand together with {other}"),
            Fault::NeedsOther => f.write_str("cannot stand alone"),
            Fault::NumberedDay => f.write_str("has a numbered weekday where none may stand"),
            Fault::SubDaily => f.write_str("repeats more often than daily"),
            Fault::Product { product, limit } => {
                write!(f, "the BY lists multiply to {product}, more than {limit}")
            }
            Fault::Count { count, limit } => write!(f, "{count} is more than {limit}"),
        }
    }
}

impl RuleError {
    /// An error about one part; long input is cut so that a message stays a message.
    pub(super) fn new(part: &str, fault: Fault, allowed: impl Into<String>) -> Self {
        RuleError {
            part: excerpt(part),
            fault,
            allowed: allowed.into(),
        }
    }
}

/// At most forty characters of somebody else's text, without control characters.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut cut: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    if text.chars().count() > LONGEST {
        cut.push('…');
    }
    cut
}
