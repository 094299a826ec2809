//! State of the exchange with partners: runs, open suggestions and lasting decisions. It is not
//! shown to readers of the calendar.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Event, EventId, Field, PartnerId};

/// A run that changed something or was refused. A run without changes leaves no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Key; sorts by time.
    pub id: String,
    /// The partner.
    pub partner: PartnerId,
    /// Start of the run.
    pub at: DateTime<Utc>,
    /// The outcome.
    pub outcome: RunOutcome,
    /// Number of events in the partner's response.
    pub told: usize,
    /// Number of events created.
    pub created: usize,
    /// Number of events updated.
    pub updated: usize,
    /// Number of events withdrawn.
    pub withdrawn: usize,
    /// Number of known events missing from the response.
    pub missing: usize,
    /// Items that could not be read or accepted, one line each.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// The events written, each with the resulting revision; needed for a rollback.
    #[serde(default)]
    pub wrote: Vec<(EventId, u64)>,
    /// Key of the run's first record, if the run took several commits and this is not the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
}

impl Run {
    /// Returns the key of the run's first record.
    #[must_use]
    pub fn first_record(&self) -> &str {
        self.part_of.as_deref().unwrap_or(&self.id)
    }
}

/// Outcome of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// The run was written.
    Done,
    /// The response looked wrong for this reason, so nothing was written.
    Quarantined(String),
    /// An operator released the next response of this kind.
    Released(String),
    /// The run was written and later rolled back.
    RolledBack,
}

/// State of the exchange with one partner. Changes only together with what a run writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerState {
    /// The partner.
    pub partner: PartnerId,
    /// Time of the last written run.
    pub written_at: Option<DateTime<Utc>>,
    /// Number of events in the last complete response.
    pub told: usize,
    /// Validators for conditional requests, by address (RFC 9110 13.1).
    #[serde(default)]
    pub validators: BTreeMap<String, Validators>,
    /// Position to resume from, in the connector's own format.
    #[serde(default)]
    pub resume: Option<String>,
    /// Events missing from the partner's responses, with the number of complete responses without
    /// them.
    #[serde(default)]
    pub missing: BTreeMap<EventId, u8>,
    /// Whether the next run may write.
    #[serde(default)]
    pub guard: Guard,
    /// Hash of the connection's settings except the interval. After a change, `validators` and
    /// `resume` are not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_as: Option<String>,
}

/// Whether a partner's next run may write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Guard {
    /// Yes, unless the response looks wrong.
    #[default]
    Watching,
    /// The last response looked wrong. Runs continue to fetch and write once a response looks
    /// right.
    Quarantined {
        /// The run that found it.
        run: String,
    },
    /// Yes, once, whatever the response looks like.
    Released,
    /// No: a run was rolled back, and the next one would write the same again.
    Held {
        /// The run that was rolled back.
        run: String,
    },
}

impl PartnerState {
    /// Returns the state before the first exchange.
    #[must_use]
    pub fn new(partner: PartnerId) -> Self {
        Self {
            partner,
            written_at: None,
            told: 0,
            validators: BTreeMap::new(),
            resume: None,
            missing: BTreeMap::new(),
            guard: Guard::Watching,
            asked_as: None,
        }
    }
}

/// Validators of a response.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    #[serde(default)]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default)]
    pub last_modified: Option<String>,
}

/// A question for an editor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Key, derived from the subject: the same question always has the same key.
    pub id: String,
    /// The partner whose run raised it.
    pub partner: PartnerId,
    /// The event it is about.
    pub event: EventId,
    /// Time at which it was raised or last changed.
    pub at: DateTime<Utc>,
    /// The subject.
    pub matter: Subject,
    /// The decision; absent while it is open.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// The subject of a suggestion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// The partner's values differ from those that a person set.
    Fields {
        /// The fields that differ.
        fields: BTreeSet<Field>,
        /// The event with the partner's values of these fields; all other fields are meaningless.
        told: Box<Event>,
    },
    /// Two events may be duplicates.
    SameEvent {
        /// The other event.
        other: EventId,
        /// Their similarity.
        score: Score,
    },
}

/// Similarity of two events by part, from 0 (none) to 100 (equal).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Similarity of the normalized titles.
    pub title: u8,
    /// Similarity of the times.
    pub time: u8,
    /// Similarity of the places; 50 if one event has none.
    pub place: u8,
    /// Similarity of the web pages; 50 if one event has none.
    pub address: u8,
    /// The overall similarity.
    pub total: u8,
}

/// A person's decision on a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The account, or `operator`.
    pub by: String,
    /// Time of the decision.
    pub at: DateTime<Utc>,
    /// The decision.
    pub verdict: Verdict,
}

/// The decision itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Take the partner's values, or treat the two events as one.
    Accepted,
    /// Keep the current values, or treat the two events as distinct.
    Dismissed,
}
