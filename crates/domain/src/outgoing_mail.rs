//! Mails that wait to be sent. Each is a record in the commit of its cause, so that neither exists without the other.
//!
//! Mails are private: [`RecordKind::is_private`](super::RecordKind::is_private). The text is written when the mail is
//! sent, from its kind and its facts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EmailAddress, EventId, EventStatus, Lang, MailId, MailRecipient, Start, VisitorId, When,
};

/// A mail to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMail {
    /// Key. The `Message-ID` is derived from it, so that a repeated mail is recognized as one.
    pub id: MailId,
    /// Recipient.
    pub to: MailRecipient,
    /// Language of the text.
    pub language: Lang,
    /// The occasion, which decides the text.
    pub kind: MailKind,
    /// The facts in the text.
    #[serde(default)]
    pub facts: MailFacts,
    /// The mail is not sent before this time. Until then removing the record takes it back.
    pub not_before: DateTime<Utc>,
    /// Progress of the delivery.
    pub state: MailState,
    /// The change that it reports, if undoing the change withdraws it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<ReportedChange>>,
}

/// A change of status that a mail reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedChange {
    /// The event.
    pub event: EventId,
    /// The occurrence, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Start>,
    /// What recipients knew before it.
    pub before: KnownStatus,
}

/// The status and time of an event or occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStatus {
    /// The status.
    pub status: EventStatus,
    /// The time, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

impl OutgoingMail {
    /// Returns a mail that has not been tried yet.
    #[must_use]
    pub fn new(
        id: MailId,
        to: EmailAddress,
        language: Lang,
        kind: MailKind,
        facts: MailFacts,
        not_before: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            to: to.into(),
            language,
            kind,
            facts,
            not_before,
            state: MailState::Waiting {
                attempts: 0,
                next: not_before,
                error: None,
            },
            change: None,
        }
    }

    /// Returns the mail to a visitor instead of an address.
    #[must_use]
    pub fn to_visitor(
        id: MailId,
        visitor: VisitorId,
        language: Lang,
        kind: MailKind,
        facts: MailFacts,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            to: MailRecipient::Visitor(visitor),
            language,
            kind,
            facts,
            not_before: now,
            state: MailState::Waiting {
                attempts: 0,
                next: now,
                error: None,
            },
            change: None,
        }
    }

    /// Returns true if it is delayed and can still be withdrawn.
    #[must_use]
    pub fn is_held(&self, now: DateTime<Utc>) -> bool {
        let is_new = matches!(self.state, MailState::Waiting { attempts: 0, .. });
        is_new && self.not_before > now
    }

    /// Returns the time of the next attempt, or `None` if there is none.
    #[must_use]
    pub fn next_attempt(&self) -> Option<DateTime<Utc>> {
        match &self.state {
            MailState::Waiting { next, .. } => Some(self.not_before.max(*next)),
            MailState::Bounced { .. } => None,
        }
    }
}

/// The occasion of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Someone was given access: as an editor, or to an organisation.
    Invited,
    /// Someone asks to join an organisation; to its members or the editors.
    MembershipRequested,
    /// A request to join an organisation was approved.
    MembershipApproved,
    /// A submission arrived; to its author.
    Received,
    /// A submission was approved.
    Approved,
    /// An editor asks for changes.
    ChangesWanted,
    /// A submission was rejected.
    Rejected,
    /// An edit was rejected, and time and place are as they were before it.
    RejectedRestored,
    /// An event was cancelled.
    Cancelled,
    /// An event was postponed.
    Postponed,
    /// An event or occurrence has a new time.
    Rescheduled,
    /// An event takes place as planned after all.
    AsPlanned,
    /// An organisation was approved.
    OrganisationApproved,
    /// An organisation was refused.
    OrganisationRefused,
    /// A draft whose event is soon was not sent.
    Reminder,
    /// An editor's request for changes was not answered.
    ChangesReminder,
    /// What waits for an editor.
    EditorDigest,
    /// An editor answered a report of a mistake; to the visitor.
    ReportAnswered,
    /// A visitor reports a mistake; to the organizer.
    ReportForwarded,
    /// A passkey was added to an account.
    PasskeyAdded,
    /// A passkey was removed from an account.
    PasskeyRemoved,
    /// The receipt of an erasure.
    DataErased,
    /// An account is deleted unless its owner signs in.
    AccountEnding,
    /// To a person: an identity at an OpenID provider was linked to the account.
    LoginLinked,
    /// To a person: an identity at an OpenID provider was removed from the account.
    LoginRemoved,
}

impl MailKind {
    /// All kinds.
    pub const ALL: [Self; 25] = [
        Self::Invited,
        Self::MembershipRequested,
        Self::MembershipApproved,
        Self::Received,
        Self::Approved,
        Self::ChangesWanted,
        Self::Rejected,
        Self::RejectedRestored,
        Self::Cancelled,
        Self::Postponed,
        Self::Rescheduled,
        Self::AsPlanned,
        Self::OrganisationApproved,
        Self::OrganisationRefused,
        Self::Reminder,
        Self::ChangesReminder,
        Self::EditorDigest,
        Self::ReportAnswered,
        Self::ReportForwarded,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::DataErased,
        Self::AccountEnding,
        Self::LoginLinked,
        Self::LoginRemoved,
    ];

    /// Returns the name, as in records and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::MembershipRequested => "membership_requested",
            Self::MembershipApproved => "membership_approved",
            Self::Received => "received",
            Self::Approved => "approved",
            Self::ChangesWanted => "changes_wanted",
            Self::Rejected => "rejected",
            Self::RejectedRestored => "rejected_restored",
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
            Self::Rescheduled => "rescheduled",
            Self::AsPlanned => "as_planned",
            Self::OrganisationApproved => "organisation_approved",
            Self::OrganisationRefused => "organisation_refused",
            Self::Reminder => "reminder",
            Self::ChangesReminder => "changes_reminder",
            Self::EditorDigest => "editor_digest",
            Self::ReportAnswered => "report_answered",
            Self::ReportForwarded => "report_forwarded",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::DataErased => "data_erased",
            Self::AccountEnding => "account_ending",
            Self::LoginLinked => "login_linked",
            Self::LoginRemoved => "login_removed",
        }
    }
}

/// The facts in a mail, as finished texts in its language. Each kind uses some of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailFacts {
    /// What the mail is about: the title of an event, the name of an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When the event is, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The path of one page of this site, with its query: `/organizer/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What the sender wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Who caused the mail: the name of a person or an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Lines of a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
}

/// Progress of a mail's delivery. A mail that the mail server accepted has no record any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It waits for the next attempt.
    Waiting {
        /// Number of attempts.
        attempts: u32,
        /// Time of the next attempt.
        next: DateTime<Utc>,
        /// Last error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// The mail server refused it for good, or every attempt failed.
    Bounced {
        /// Time of the last attempt.
        at: DateTime<Utc>,
        /// The reply of the mail server.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_waits_until_its_time_and_a_bounced_one_is_not_tried() {
        let early: DateTime<Utc> = "2027-03-01T12:00:00Z".parse().unwrap();
        let late = early + chrono::TimeDelta::minutes(10);
        let id = uuid::Uuid::nil().into();
        let to = "a@example.org".parse().unwrap();
        let facts = MailFacts::default();
        let mut mail = OutgoingMail::new(id, to, Lang::Nb, MailKind::Cancelled, facts, late);
        assert_eq!(mail.next_attempt(), Some(late));
        assert!(mail.is_held(early) && !mail.is_held(late));
        mail.change = Some(Box::new(ReportedChange {
            event: uuid::Uuid::nil().into(),
            occurrence: Some(Start::Date("2027-03-01".parse().unwrap())),
            before: KnownStatus {
                status: EventStatus::Scheduled,
                when: None,
            },
        }));
        mail.state = MailState::Waiting {
            attempts: 1,
            next: early,
            error: None,
        };
        assert_eq!(mail.next_attempt(), Some(late));
        assert!(!mail.is_held(early), "it may have been sent");
        mail.state = MailState::Bounced {
            at: late,
            reason: "550 no such user".to_owned(),
        };
        assert_eq!(mail.next_attempt(), None);
        let json = serde_json::to_string(&mail).unwrap();
        assert_eq!(serde_json::from_str::<OutgoingMail>(&json).unwrap(), mail);
    }

    #[test]
    fn a_kind_is_named_as_it_is_stored() {
        for kind in MailKind::ALL {
            let stored = serde_json::to_value(kind).unwrap();
            assert_eq!(stored, kind.as_str());
        }
    }
}
