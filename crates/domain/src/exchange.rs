//! What is remembered of the exchange with partners: runs, what they left to decide, and decisions
//! that hold for good. Readers of the calendar see none of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Event, EventId, Field, PartnerId};

/// One exchange with a partner that changed something or was refused. One that found everything as
/// it was leaves no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its key; sorts by time.
    pub id: String,
    /// With whom.
    pub partner: PartnerId,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How it ended.
    pub outcome: RunOutcome,
    /// How many events the partner told of.
    pub told: usize,
    /// How many were made, changed and withdrawn.
    pub created: usize,
    /// See `created`.
    pub updated: usize,
    /// See `created`.
    pub withdrawn: usize,
    /// How many were no longer told of.
    pub missing: usize,
    /// What could not be read or taken, a line each.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// The events it wrote, with the revision that it made; what a rollback needs.
    #[serde(default)]
    pub wrote: Vec<(EventId, u64)>,
    /// The key of the run's first record, where the run took several commits and this is not the first.
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

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// It was written.
    Done,
    /// The answer looked wrong, so nothing was written until somebody decides.
    Quarantined(String),
    /// Somebody let the next answer of this kind through.
    Released(String),
    /// It was written, and taken back later.
    RolledBack,
}

/// Where the exchange with one partner stands. Changes only together with what a run writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerState {
    /// Whose.
    pub partner: PartnerId,
    /// When a run was last written.
    pub written_at: Option<DateTime<Utc>>,
    /// Events in the last whole answer.
    pub told: usize,
    /// Validators of answers that need not be sent again, by address (RFC 9110 13.1).
    #[serde(default)]
    pub validators: BTreeMap<String, Validators>,
    /// Where to go on, in the connector's own words.
    #[serde(default)]
    pub resume: Option<String>,
    /// Events that the partner no longer tells of, with the number of whole answers without them.
    #[serde(default)]
    pub missing: BTreeMap<EventId, u8>,
    /// Whether the next run may write.
    #[serde(default)]
    pub guard: Guard,
    /// A hash over how the partner was asked and read: its answer means something else after a change of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_as: Option<String>,
}

/// Whether a partner's next run may write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Guard {
    /// Unless its answer looks wrong.
    #[default]
    Watching,
    /// Its answer looked wrong; runs go on asking, and write once it looks right again.
    Quarantined {
        /// The run that found it.
        run: String,
    },
    /// Whatever its answer looks like, once.
    Released,
    /// Not at all: a run was taken back, and the next one would write the same again.
    Held {
        /// The run that was taken back.
        run: String,
    },
}

impl PartnerState {
    /// Nothing has been exchanged yet.
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

/// What an answer is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    #[serde(default)]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default)]
    pub last_modified: Option<String>,
}

/// Something that a person has to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Its key: the same matter always has the same.
    pub id: String,
    /// Who raised it.
    pub partner: PartnerId,
    /// Which event it is about.
    pub event: EventId,
    /// When it came up, or last changed.
    pub at: DateTime<Utc>,
    /// What it is.
    pub matter: Matter,
    /// What became of it; absent while it waits.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// What there is to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Matter {
    /// The partner says something else than the person who set these fields.
    Fields {
        /// Which fields.
        fields: BTreeSet<Field>,
        /// The event as the partner tells it, as far as those fields go; the others mean nothing.
        told: Box<Event>,
    },
    /// Two events may be one.
    SameEvent {
        /// The other one.
        other: EventId,
        /// How alike they are.
        score: Score,
    },
}

/// How alike two events are, part by part: 0 is nothing alike, 100 is the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Their titles, normalised.
    pub title: u8,
    /// Their times.
    pub time: u8,
    /// Their places; 50 where one of them says nothing.
    pub place: u8,
    /// Their own web pages; 50 where one of them has none.
    pub address: u8,
    /// All of it.
    pub total: u8,
}

/// A person's answer to a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who, as an account or `operator`.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub verdict: Verdict,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As the partner says; or: the two are one.
    Accepted,
    /// As it stands here; or: the two are two.
    Dismissed,
}
