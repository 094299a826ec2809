//! Steps of a plan.

use serde::Serialize;

use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::bounds::draft_errors;
use calendar_domain::recurrence::{ExpansionLimits, check_public};
use calendar_domain::{Event, EventDraft, EventId, Field, Score, SourceVersion};

/// Maximum number of events that are each part of the next.
pub const DEEPEST: usize = 10;

/// Why an event cannot be part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPart {
    /// It would be part of itself.
    #[error("the event would be its own parent")]
    OfItself,
    /// It would be part of too many others, or others of it.
    #[error("the events would be nested more than {DEEPEST} deep")]
    TooDeep,
}

/// The step for one draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Create an event.
    Create(Box<Event>),
    /// Update an event.
    Update(Box<Event>),
    /// Add a source to an event of another partner, and the values that only this source has.
    Join(Box<Event>, Score),
    /// The event is unchanged.
    Same,
    /// The draft is one of our own events, republished.
    Ours,
    /// The connection's mapping filters the draft out.
    Left(String),
    /// The draft is invalid, with the reason.
    Refuse(String),
}

/// A draft with its step.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The source's identifier.
    pub origin_id: String,
    /// The title, for the report.
    pub title: String,
    /// The event, unless the draft was filtered out or refused.
    pub event: Option<EventId>,
    /// The step.
    pub step: Step,
    /// Fields that a person has set and the source would have changed.
    pub kept: Vec<Field>,
    /// Source versions to store.
    pub versions: Vec<SourceVersion>,
    /// Values that were read differently from the source.
    pub remarks: Vec<Diagnostic>,
    /// Why the event is not made part of the one that the draft names, and that it is not yet part of.
    pub not_part: Option<NotPart>,
}

/// The outcome of a step, for reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// The event was created.
    Created,
    /// The event was updated.
    Updated,
    /// The event was merged with another partner's.
    Joined,
    /// The event is unchanged.
    Unchanged,
    /// The event was filtered out.
    Left,
    /// The event was refused.
    Refused,
}

impl Step {
    /// Returns the outcome.
    #[must_use]
    pub fn outcome(&self) -> StepOutcome {
        match self {
            Self::Create(_) => StepOutcome::Created,
            Self::Update(_) => StepOutcome::Updated,
            Self::Join(..) => StepOutcome::Joined,
            Self::Same | Self::Ours => StepOutcome::Unchanged,
            Self::Left(_) => StepOutcome::Left,
            Self::Refuse(_) => StepOutcome::Refused,
        }
    }

    /// Returns the event to write.
    #[must_use]
    pub fn written(&self) -> Option<&Event> {
        match self {
            Self::Create(event) | Self::Update(event) | Self::Join(event, _) => Some(event),
            Self::Same | Self::Ours | Self::Left(_) | Self::Refuse(_) => None,
        }
    }

    /// Returns the event to write, consuming the step.
    #[must_use]
    pub fn into_written(self) -> Option<Event> {
        match self {
            Self::Create(event) | Self::Update(event) | Self::Join(event, _) => Some(*event),
            Self::Same | Self::Ours | Self::Left(_) | Self::Refuse(_) => None,
        }
    }
}

/// Returns why a draft cannot be stored.
pub(super) fn unfit(draft: &EventDraft) -> Option<String> {
    if draft.title.is_empty() {
        return Some("it has no title".into());
    }
    if draft.origin_id.is_empty() {
        return Some("it has no id to identify it in the next run".into());
    }
    if let Some(error) = draft_errors(draft).into_iter().next() {
        return Some(error.to_string());
    }
    let rule = draft
        .schedule
        .recurrence
        .as_ref()
        .and_then(|recurrence| recurrence.rule.as_ref());
    rule.and_then(|rule| check_public(rule, &ExpansionLimits::default()).err())
        .map(|e| e.to_string())
}
