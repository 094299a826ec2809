//! What is noticed while reading what others say.

use serde::Serialize;

use calendar_ical::finding::{Finding, Severity};

/// Something that was noticed while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Where: `line 12: VEVENT DTSTART`, or `event 3: start_date`.
    pub at: String,
    /// How much it matters: an error means that something was left out.
    pub severity: Severity,
    /// What it is.
    pub detail: String,
}

impl Remark {
    /// Something was left out.
    #[must_use]
    pub fn error(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            severity: Severity::Error,
            detail: detail.into(),
        }
    }

    /// Something is as it should be, and good to know.
    #[must_use]
    pub fn note(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            severity: Severity::Note,
            detail: detail.into(),
        }
    }

    /// Something was read otherwise than it was said, or looks odd.
    #[must_use]
    pub fn warning(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            severity: Severity::Warning,
            detail: detail.into(),
        }
    }
}

impl From<Finding> for Remark {
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
