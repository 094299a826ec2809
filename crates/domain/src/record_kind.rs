//! The kinds of records, and their keys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::IdError;

/// The kind of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// The region.
    Region,
    /// A category.
    Category,
    /// An audience.
    Audience,
    /// A place.
    Place,
    /// An organizer.
    Organizer,
    /// A partner.
    Partner,
    /// A series with its editions.
    Series,
    /// An event.
    Event,
    /// A filter under a short name.
    Filter,
    /// A run of the exchange with a partner.
    Run,
    /// State of the exchange with a partner.
    PartnerState,
    /// A question for an editor.
    Suggestion,
    /// Whether two origins are one event.
    Pairing,
    /// An access key of a program.
    AccessKey,
    /// A webhook.
    Webhook,
    /// A WebSub subscription.
    HubSubscription,
    /// An event in a partner's calendar.
    Pushed,
    /// Progress of the push to a partner.
    Pushing,
    /// An event as one of its sources describes it.
    SourceVersion,
    /// An account of a person.
    Account,
    /// A mail that waits to be sent.
    Mail,
    /// An organisation whose members register events.
    Organisation,
    /// An event that an organizer or visitor proposes.
    Submission,
    /// A mistake that a visitor reports.
    Report,
    /// What was erased when a person deleted their data.
    Erasure,
}

impl RecordKind {
    /// All kinds. Records refer to kinds before their own only.
    pub const ALL: [Self; 25] = [
        Self::Region,
        Self::Category,
        Self::Audience,
        Self::Place,
        Self::Organizer,
        Self::Partner,
        Self::Series,
        Self::Event,
        Self::Filter,
        Self::Run,
        Self::PartnerState,
        Self::Suggestion,
        Self::Pairing,
        Self::AccessKey,
        Self::Webhook,
        Self::HubSubscription,
        Self::Pushed,
        Self::Pushing,
        Self::SourceVersion,
        Self::Account,
        Self::Mail,
        Self::Organisation,
        Self::Submission,
        Self::Report,
        Self::Erasure,
    ];

    /// Returns true if pages and feeds show records of this kind.
    #[must_use]
    pub fn is_shown(self) -> bool {
        matches!(
            self,
            Self::Region
                | Self::Category
                | Self::Audience
                | Self::Place
                | Self::Organizer
                | Self::Partner
                | Self::Series
                | Self::Event
        )
    }

    /// Returns true if records of this kind contain personal data or keys of such records: no page, feed or interface shows
    /// them, and no export but `export --with-private`.
    #[must_use]
    pub fn is_private(self) -> bool {
        matches!(
            self,
            Self::Account
                | Self::Mail
                | Self::Organisation
                | Self::Submission
                | Self::Report
                | Self::Erasure
        )
    }

    /// Returns the name, as in keys and exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Category => "category",
            Self::Audience => "audience",
            Self::Place => "place",
            Self::Organizer => "organizer",
            Self::Partner => "partner",
            Self::Series => "series",
            Self::Event => "event",
            Self::Filter => "filter",
            Self::Run => "run",
            Self::PartnerState => "partner_state",
            Self::Suggestion => "suggestion",
            Self::Pairing => "pairing",
            Self::AccessKey => "access_key",
            Self::Webhook => "webhook",
            Self::HubSubscription => "hub_subscription",
            Self::Pushed => "pushed",
            Self::Pushing => "pushing",
            Self::SourceVersion => "source_version",
            Self::Account => "account",
            Self::Mail => "mail",
            Self::Organisation => "organisation",
            Self::Submission => "submission",
            Self::Report => "report",
            Self::Erasure => "erasure",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecordKind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| IdError {
                kind: "kind of record",
                given: text.chars().take(80).collect(),
                allowed: "a kind of record in an export, such as region, place, partner, series or event",
            })
    }
}

/// The key of a record: `event/grundsetmartn-2027`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordKey {
    /// The kind.
    pub kind: RecordKind,
    /// The id within the kind.
    pub id: String,
}

impl RecordKey {
    /// Returns a key from its parts.
    #[must_use]
    pub fn new(kind: RecordKind, id: impl Into<String>) -> Self {
        let id = id.into();
        Self { kind, id }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_is_both_shown_and_private() {
        let mut all = RecordKind::ALL.into_iter();
        assert!(!all.any(|kind| kind.is_shown() && kind.is_private()));
    }
}
