//! Mistakes in public events that visitors report to the editors.
//!
//! Reports are private: [`RecordKind::is_private`](super::RecordKind::is_private).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, EventId, Lang, ReportId, VisitorId};

/// A mistake in a public event, as a visitor reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReport {
    /// Key.
    pub id: ReportId,
    /// The event.
    pub event: EventId,
    /// The visitor who reported the mistake.
    pub visitor: VisitorId,
    /// Language of mails to the visitor.
    pub language: Lang,
    /// Kind of the mistake.
    pub fault: ReportedFault,
    /// The visitor's text.
    pub text: String,
    /// When the visitor confirmed it.
    pub reported: DateTime<Utc>,
    /// When an editor passed it on to the organizer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<DateTime<Utc>>,
    /// The closing; `None` while the report is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<ReportClosing>,
}

/// The closing of a report by an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportClosing {
    /// The editor.
    pub by: AccountId,
    /// Time of the decision.
    pub at: DateTime<Utc>,
    /// The answer that the visitor got; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
}

/// What is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedFault {
    /// Date or time.
    Time,
    /// The place.
    Place,
    /// It does not take place.
    Cancelled,
    /// A text, a price or a link.
    Text,
    /// It is there twice.
    Duplicate,
    /// Something else.
    Other,
}

impl ReportedFault {
    /// Every fault, in the order of the form.
    pub const ALL: [Self; 6] = [
        Self::Time,
        Self::Place,
        Self::Cancelled,
        Self::Text,
        Self::Duplicate,
        Self::Other,
    ];

    /// Returns the name in forms, records and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Place => "place",
            Self::Cancelled => "cancelled",
            Self::Text => "text",
            Self::Duplicate => "duplicate",
            Self::Other => "other",
        }
    }

    /// Returns the fault with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_named_as_it_is_stored() {
        for fault in ReportedFault::ALL {
            assert_eq!(serde_json::to_value(fault).unwrap(), fault.as_str());
            assert_eq!(ReportedFault::named(fault.as_str()), Some(fault));
        }
        assert_eq!(ReportedFault::named("nonsense"), None);
    }
}
