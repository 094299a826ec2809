//! Kinds of personal data with a time of retention.

use serde::{Deserialize, Serialize};

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetainedKind {
    /// Accounts without a sign-in.
    Account,
    /// Drafts that wait for their author.
    Draft,
    /// Decided submissions of organizers.
    Submission,
    /// Decided suggestions of visitors.
    Suggestion,
    /// Closed reports of visitors.
    Report,
    /// Refused mails.
    Mail,
    /// Unanswered invitations and requests to join.
    Invitation,
    /// Sessions.
    Session,
    /// Entries of the audit.
    Audit,
}

impl RetainedKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Account,
        Self::Draft,
        Self::Submission,
        Self::Suggestion,
        Self::Report,
        Self::Mail,
        Self::Invitation,
        Self::Session,
        Self::Audit,
    ];

    /// Returns the name, as in the log and in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Draft => "draft",
            Self::Submission => "submission",
            Self::Suggestion => "suggestion",
            Self::Report => "report",
            Self::Mail => "mail",
            Self::Invitation => "invitation",
            Self::Session => "session",
            Self::Audit => "audit",
        }
    }
}
