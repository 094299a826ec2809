//! Errors in a rule, worded for the person who wrote it.

use std::fmt;

/// An error in a rule that cannot be parsed or is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {fault}; allowed: {allowed}")]
pub struct RuleError {
    /// The rule part in capitals, such as `BYDAY`, or `RRULE` for the rule as a whole.
    pub part: String,
    /// The kind of error.
    pub fault: RuleFault,
    /// What is allowed.
    pub allowed: String,
}

/// The kind of an error in a rule. Interfaces translate it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleFault {
    /// A required part is missing.
    Missing,
    /// The part occurs more than once.
    Repeated,
    /// The part is not defined in RFC 5545.
    Unknown,
    /// The part has no value.
    Empty,
    /// The quoted value has the wrong form.
    NotUnderstood(String),
    /// The quoted number is out of range.
    OutOfRange(String),
    /// The value is longer than any rule needs; contains the length in bytes.
    TooLong(usize),
    /// The part excludes the named one.
    Excludes(&'static str),
    /// The part requires another that is missing.
    NeedsOther,
    /// Weekdays are numbered (`2MO`) where only plain ones are allowed.
    NumberedDay,
    /// A public event recurs more often than daily.
    SubDaily,
    /// The product of the lengths of the BY lists exceeds the limit.
    Product {
        /// The product.
        product: u64,
        /// The limit.
        limit: u64,
    },
    /// `COUNT` exceeds the limit.
    Count {
        /// The rule's `COUNT`.
        count: u32,
        /// The limit.
        limit: u32,
    },
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleFault::Missing => f.write_str("is missing"),
            RuleFault::Repeated => f.write_str("occurs more than once"),
            RuleFault::Unknown => f.write_str("is not a rule part"),
            RuleFault::Empty => f.write_str("has no value"),
            RuleFault::NotUnderstood(value) => write!(f, "“{value}” is not understood"),
            RuleFault::OutOfRange(value) => write!(f, "{value} is out of range"),
            RuleFault::TooLong(bytes) => write!(f, "is {bytes} bytes long"),
            RuleFault::Excludes(other) => write!(f, "cannot be combined with {other}"),
            RuleFault::NeedsOther => f.write_str("requires another BY part"),
            RuleFault::NumberedDay => f.write_str("has a numbered weekday where none is allowed"),
            RuleFault::SubDaily => f.write_str("repeats more often than daily"),
            RuleFault::Product { product, limit } => {
                write!(f, "the BY lists multiply to {product}, more than {limit}")
            }
            RuleFault::Count { count, limit } => write!(f, "{count} is more than {limit}"),
        }
    }
}

impl RuleError {
    /// Returns an error in one part. Long input is truncated.
    pub(super) fn new(part: &str, fault: RuleFault, allowed: impl Into<String>) -> Self {
        RuleError {
            part: excerpt(part),
            fault,
            allowed: allowed.into(),
        }
    }
}

/// Returns at most forty characters of a text, without control characters.
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

/// Reason for not expanding a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpansionError {
    /// The window contains more occurrences than the limit.
    #[error("the rule has more than {limit} occurrences in this time")]
    TooManyOccurrences {
        /// [`ExpansionLimits::max_occurrences`](super::ExpansionLimits::max_occurrences).
        limit: usize,
    },
    /// The expansion takes more steps than the limit.
    #[error("the rule needs more than {limit} steps to expand this far")]
    TooManySteps {
        /// [`ExpansionLimits::max_iterations`](super::ExpansionLimits::max_iterations).
        limit: u64,
    },
    /// The product of the lengths of the BY lists exceeds the limit.
    #[error("the rule's BY lists multiply to {product}, more than {limit}")]
    TooLarge {
        /// [`RecurrenceRule::by_product`](super::RecurrenceRule::by_product).
        product: u64,
        /// [`ExpansionLimits::max_by_product`](super::ExpansionLimits::max_by_product).
        limit: u64,
    },
    /// The whole set of a rule without COUNT and UNTIL was requested.
    #[error("the rule has no end, and neither has the requested window")]
    Endless,
    /// The whole set was requested, and COUNT extends beyond 31 December 9999.
    #[error("the rule continues after the year 9999")]
    BeyondDates,
}
