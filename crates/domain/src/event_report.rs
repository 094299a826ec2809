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
    /// Further visitors who reported the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<JoinedReport>,
    /// When an editor passed it on to the organizer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<DateTime<Utc>>,
    /// The closing; `None` while the report is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<ReportClosing>,
}

/// A report that joined an open one of the same event and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedReport {
    /// The key that it would have had, so that it is received once.
    pub id: ReportId,
    /// The visitor.
    pub visitor: VisitorId,
    /// Language of mails to the visitor.
    pub language: Lang,
    /// The visitor's text.
    pub text: String,
    /// When the visitor confirmed it.
    pub reported: DateTime<Utc>,
}

impl EventReport {
    /// Maximum number of reports that join one.
    pub const JOINED: usize = 19;

    /// Returns the visitors with the language of their mails.
    pub fn visitors(&self) -> impl Iterator<Item = (&VisitorId, Lang)> {
        let joined = self.joined.iter();
        let joined = joined.map(|joined| (&joined.visitor, joined.language));
        std::iter::once((&self.visitor, self.language)).chain(joined)
    }

    /// Returns what the visitors wrote.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let joined = self.joined.iter().map(|joined| joined.text.as_str());
        std::iter::once(self.text.as_str()).chain(joined)
    }

    /// Returns true if the report or one that joined it has a key.
    #[must_use]
    pub fn has(&self, id: &ReportId) -> bool {
        self.id == *id || self.joined.iter().any(|joined| joined.id == *id)
    }
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
