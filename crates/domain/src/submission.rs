//! Submissions: events that organizers and visitors propose, and edits of public ones, until an editor decides.
//!
//! Submissions are private: [`RecordKind::is_private`](super::RecordKind::is_private).

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event_form::{EventForm, FormField, ProgrammePart};
use super::{
    AccountId, Event, EventId, Field, Lang, MunicipalityNumber, OrganisationId, SubmissionId,
    VisitorId,
};

/// Maximum number of steps in the history of a submission.
pub const STEPS_LIMIT: usize = 200;

/// A proposed event, or a proposed edit of a public one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// Key.
    pub id: SubmissionId,
    /// Who proposes it.
    #[serde(flatten)]
    pub proposer: Proposer,
    /// The event that it proposes or edits.
    pub event: EventId,
    /// The public version that an edit started from; `None` for a new event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Box<Event>>,
    /// The parts that the public event had when an edit started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base_parts: Vec<EventId>,
    /// The fields of an edit that went live when it was sent.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub live: BTreeSet<Field>,
    /// The municipality of the public event before an edit moved it: its editors see the edit, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_municipality: Option<MunicipalityNumber>,
    /// The public event with the values that those fields had before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_live: Option<Box<Event>>,
    /// The form as typed.
    pub form: EventForm,
    /// The open form that saved it last, such as a page in a browser; `None` if its form was changed otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_id: Option<Uuid>,
    /// Whether the form is a copy of another event's, whose texts may be about another time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copied: bool,
    /// The event that the form says; `None` until it was free of errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<Event>>,
    /// The parts of its programme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ProgrammePart>,
    /// What only organizer and editors may know.
    #[serde(default)]
    pub private: PrivateFacts,
    /// Its state.
    pub state: SubmissionState,
    /// What an editor wants changed, until it is sent again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<ReviewComment>,
    /// Its changes of state, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<SubmissionStep>,
    /// The length of the history when its author was last reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<usize>,
    /// Time of creation.
    pub created: DateTime<Utc>,
    /// Time of the last change.
    pub modified: DateTime<Utc>,
}

/// Who proposes an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Proposer {
    /// A member, in the name of an organisation.
    Member {
        /// The organisation.
        organisation: OrganisationId,
        /// The member.
        author: AccountId,
    },
    /// A visitor without an account.
    Visitor {
        /// The visitor.
        visitor: VisitorId,
        /// Language of mails to the visitor.
        language: Lang,
    },
}

/// The state of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Its author edits it.
    Draft,
    /// It waits for an editor.
    Submitted,
    /// Its author should change something.
    ChangesWanted,
    /// It is public.
    Approved,
    /// An editor rejected it.
    Rejected,
    /// Its author withdrew it.
    Withdrawn,
}

impl SubmissionState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Submitted,
        Self::ChangesWanted,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// Returns the name in records and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::ChangesWanted => "changes-wanted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Returns true if a submission may change from this state to `next`. A trusted organisation's goes from the
    /// author to the public directly.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use SubmissionState::{Approved, ChangesWanted, Draft, Rejected, Submitted, Withdrawn};
        matches!(
            (self, next),
            (Draft | ChangesWanted, Submitted | Approved | Withdrawn)
                | (
                    Submitted,
                    Draft | ChangesWanted | Approved | Rejected | Withdrawn
                )
        )
    }

    /// Returns true if the author may change it.
    #[must_use]
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesWanted | Self::Submitted)
    }
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionStep {
    /// Time of the change.
    pub at: DateTime<Utc>,
    /// Who made it; `None` for a visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// The state after it.
    pub state: SubmissionState,
    /// The reason; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The comments made with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<ReviewComment>,
}

/// What an editor wants changed at a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewComment {
    /// The field; `None` if it is about the event as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FormField>,
    /// The comment.
    pub text: String,
}

/// What only organizer, editors and emergency services may know. It is part of no event, and nothing writes it for
/// readers.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateFacts {
    /// The contact on duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// The telephone of the contact on duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_telephone: Option<String>,
    /// The expected attendance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_attendance: Option<u32>,
    /// When most people are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_time: Option<String>,
}

/// Keeps the facts out of logs.
impl fmt::Debug for PrivateFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateFacts(…)")
    }
}

impl Submission {
    /// Returns an empty draft of a member of an organisation.
    #[must_use]
    pub fn new(
        id: SubmissionId,
        organisation: OrganisationId,
        author: AccountId,
        event: EventId,
        now: DateTime<Utc>,
    ) -> Self {
        let proposer = Proposer::Member {
            organisation,
            author,
        };
        Self::by(id, proposer, event, now)
    }

    /// Returns an empty draft.
    #[must_use]
    pub fn by(id: SubmissionId, proposer: Proposer, event: EventId, now: DateTime<Utc>) -> Self {
        Self {
            id,
            proposer,
            event,
            base: None,
            base_parts: Vec::new(),
            live: BTreeSet::new(),
            first_municipality: None,
            before_live: None,
            form: EventForm::default(),
            form_id: None,
            copied: false,
            next: None,
            parts: Vec::new(),
            private: PrivateFacts::default(),
            state: SubmissionState::Draft,
            comments: Vec::new(),
            history: Vec::new(),
            reminded: None,
            created: now,
            modified: now,
        }
    }

    /// Returns the organisation in whose name it is made, if it is made by a member.
    #[must_use]
    pub fn organisation(&self) -> Option<&OrganisationId> {
        match &self.proposer {
            Proposer::Member { organisation, .. } => Some(organisation),
            Proposer::Visitor { .. } => None,
        }
    }

    /// Returns the account that made it; `None` for a visitor.
    #[must_use]
    pub fn author(&self) -> Option<&AccountId> {
        match &self.proposer {
            Proposer::Member { author, .. } => Some(author),
            Proposer::Visitor { .. } => None,
        }
    }

    /// Returns true if an organisation made it.
    #[must_use]
    pub fn is_of(&self, organisation: &OrganisationId) -> bool {
        self.organisation() == Some(organisation)
    }

    /// Changes the state and notes it in the history. Returns false and changes nothing if the state may not change so.
    pub fn step(&mut self, step: SubmissionStep) -> bool {
        let is_full = self.history.len() >= STEPS_LIMIT && step.state != SubmissionState::Withdrawn;
        if is_full || !self.state.may_become(step.state) {
            return false;
        }
        self.state = step.state;
        self.modified = step.at.max(self.modified);
        self.comments.clone_from(&step.comments);
        self.history.push(step);
        true
    }

    /// Returns the time since which it waits, if it waits.
    #[must_use]
    pub fn waits_since(&self) -> Option<DateTime<Utc>> {
        let last = self.history.last()?;
        (self.state == SubmissionState::Submitted).then_some(last.at)
    }

    /// Returns true if it edits a public event.
    #[must_use]
    pub fn is_edit(&self) -> bool {
        self.base.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission() -> Submission {
        let id = |n| uuid::Uuid::from_u128(n);
        let event: EventId = id(4).into();
        Submission::new(
            id(1).into(),
            id(2).into(),
            id(3).into(),
            event,
            DateTime::UNIX_EPOCH,
        )
    }

    fn step(state: SubmissionState) -> SubmissionStep {
        SubmissionStep {
            at: DateTime::UNIX_EPOCH,
            by: Some(uuid::Uuid::from_u128(3).into()),
            state,
            reason: String::new(),
            comments: Vec::new(),
        }
    }

    #[test]
    fn what_is_decided_stays_decided() {
        use SubmissionState::{Approved, Rejected, Withdrawn};
        for end in [Approved, Rejected, Withdrawn] {
            let mut one = submission();
            assert!(one.step(step(SubmissionState::Submitted)));
            assert!(one.waits_since().is_some());
            assert!(one.step(step(end)));
            assert!(one.waits_since().is_none());
            for next in SubmissionState::ALL {
                assert!(!one.step(step(next)), "{end:?} became {next:?}");
            }
        }
    }

    #[test]
    fn a_draft_is_neither_rejected_nor_sent_back() {
        for next in [SubmissionState::Rejected, SubmissionState::ChangesWanted] {
            assert!(!submission().step(step(next)));
        }
    }

    #[test]
    fn a_member_is_stored_as_before_there_were_visitors_and_a_visitor_without_an_account() {
        let mut one = submission();
        assert!(one.step(step(SubmissionState::Submitted)));
        let json = serde_json::to_value(&one).unwrap();
        assert_eq!(json["organisation"], "00000000-0000-0000-0000-000000000002");
        assert_eq!(json["author"], "00000000-0000-0000-0000-000000000003");
        assert_eq!(json["history"][0]["by"], json["author"]);
        assert_eq!(serde_json::from_value::<Submission>(json).unwrap(), one);
        one.proposer = Proposer::Visitor {
            visitor: uuid::Uuid::from_u128(5).into(),
            language: Lang::En,
        };
        let json = serde_json::to_value(&one).unwrap();
        assert_eq!(json["author"], serde_json::Value::Null);
        assert_eq!(serde_json::from_value::<Submission>(json).unwrap(), one);
        assert_eq!(one.organisation(), None);
    }

    #[test]
    fn private_facts_are_neither_logged_nor_part_of_an_event() {
        let facts = PrivateFacts {
            contact_name: Some("Kari Kanari".into()),
            contact_telephone: Some("+47 99 99 99 99".into()),
            expected_attendance: Some(4_711),
            peak_time: Some("Kanaritid".into()),
        };
        let mut one = submission();
        one.form = one.form.with(FormField::ContactName, "Kari Kanari");
        one.private = facts;
        assert!(!format!("{one:?}").contains("anari"));
    }
}
