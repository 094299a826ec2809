//! What becomes of one draft.

use serde::Serialize;

use calendar_domain::{Event, EventId, Field, Score, SourceVersion};

/// What is to be done with one draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// It is new.
    Create(Box<Event>),
    /// It changed at its source.
    Update(Box<Event>),
    /// Another partner told of it before: it gets a source more, and what only this one knows.
    Join(Box<Event>, Score),
    /// It is as it was.
    Same,
    /// It is one of ours that has come back.
    Ours,
    /// The partner's connection says that such events are not taken.
    Left(String),
    /// It cannot be kept, for this reason.
    Refuse(String),
}

/// A draft with what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What the source calls it.
    pub origin_id: String,
    /// What it is called, for the report.
    pub title: String,
    /// The event that it is about, where there is one.
    pub event: Option<EventId>,
    /// What is to be done.
    pub step: Step,
    /// Fields that somebody has set here and the source would have changed.
    pub kept: Vec<Field>,
    /// What the sources of the event say, as far as that is to be written.
    pub versions: Vec<SourceVersion>,
}

/// Names of the steps in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The event is new.
    Created,
    /// The event changed.
    Updated,
    /// The event is one that another partner told of before.
    Joined,
    /// The event was as it is.
    Unchanged,
    /// The connection says not to take it.
    Left,
    /// The event cannot be kept.
    Refused,
}

impl Step {
    /// Its name in a report.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Create(_) => Outcome::Created,
            Self::Update(_) => Outcome::Updated,
            Self::Join(..) => Outcome::Joined,
            Self::Same | Self::Ours => Outcome::Unchanged,
            Self::Left(_) => Outcome::Left,
            Self::Refuse(_) => Outcome::Refused,
        }
    }

    /// The event as it is to be written.
    #[must_use]
    pub fn written(&self) -> Option<&Event> {
        match self {
            Self::Create(event) | Self::Update(event) | Self::Join(event, _) => Some(event),
            Self::Same | Self::Ours | Self::Left(_) | Self::Refuse(_) => None,
        }
    }

    /// The same, where nothing else of the step is wanted.
    #[must_use]
    pub fn into_written(self) -> Option<Event> {
        match self {
            Self::Create(event) | Self::Update(event) | Self::Join(event, _) => Some(*event),
            Self::Same | Self::Ours | Self::Left(_) | Self::Refuse(_) => None,
        }
    }
}
