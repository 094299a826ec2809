//! Diagnostics of parsing.

use serde::Serialize;

use calendar_ical::finding::{Finding, Severity};

/// A diagnostic of parsing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The location: `line 12: VEVENT DTSTART`, or `event 3: start_date`.
    pub at: String,
    /// The severity. An error means that something was left out.
    pub severity: Severity,
    /// The description.
    pub detail: String,
}

impl Diagnostic {
    /// Creates an error: something was left out.
    #[must_use]
    pub fn error(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            severity: Severity::Error,
            detail: detail.into(),
        }
    }

    /// Creates a note, about something correct but worth knowing.
    #[must_use]
    pub fn note(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            severity: Severity::Note,
            detail: detail.into(),
        }
    }

    /// Creates a warning: something was read with a correction or looks wrong.
    #[must_use]
    pub fn warning(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            severity: Severity::Warning,
            detail: detail.into(),
        }
    }
}

impl From<Finding> for Diagnostic {
    fn from(finding: Finding) -> Self {
        let names = [finding.component, finding.property];
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let at = format!("line {}: {}", finding.line, names.join(" "));
        let at = at.trim_end_matches([':', ' ']).to_owned();
        Self {
            at,
            severity: finding.severity,
            detail: finding.detail,
        }
    }
}
