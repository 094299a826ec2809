//! The report of an import.

use serde::Serialize;

use crate::ingest::reconcile::{Planned, Step, StepOutcome};
use calendar_connectors::diagnostic::Diagnostic;
use calendar_ical::finding::Severity;

/// The report of an import.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The file or address.
    pub source: String,
    /// The events of the source.
    pub items: Vec<ImportedItem>,
    /// Remarks from reading, in the order of the source.
    pub remarks: Vec<Diagnostic>,
    /// Number of the last commit after the import.
    pub commit: u64,
}

/// The result for one event of the source.
#[derive(Debug, Clone, Serialize)]
pub struct ImportedItem {
    /// The outcome.
    pub outcome: StepOutcome,
    /// The source's identifier.
    pub origin_id: String,
    /// The title.
    pub title: String,
    /// Path of its page, if it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Reason for refusal, or what was not imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Report {
    /// Returns the number of items with an outcome.
    #[must_use]
    pub fn count(&self, outcome: StepOutcome) -> usize {
        self.items
            .iter()
            .filter(|item| item.outcome == outcome)
            .count()
    }

    /// Returns true if an item was refused or could not be read.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        self.count(StepOutcome::Refused) > 0
            || self
                .remarks
                .iter()
                .any(|remark| remark.severity == Severity::Error)
    }
}

pub(super) fn item(planned: &Planned) -> ImportedItem {
    let note = match &planned.step {
        Step::Refuse(why) | Step::Left(why) => Some(why.clone()),
        Step::Join(_, score) => Some(format!(
            "another partner lists it too (similarity {} of 100)",
            score.total
        )),
        Step::Ours => Some("already published here; kept unchanged".into()),
        _ if !planned.kept.is_empty() => Some(format!(
            "kept fields that a person set here: {}",
            field_names(&planned.kept)
        )),
        _ => None,
    };
    let written = planned.step.written();
    let path = written.map(|event| format!("/events/{}", event.slug));
    let outcome = planned.step.outcome();
    ImportedItem {
        outcome,
        origin_id: planned.origin_id.clone(),
        title: planned.title.clone(),
        path,
        note,
    }
}

fn field_names(fields: &[calendar_domain::Field]) -> String {
    let name = |field: &calendar_domain::Field| {
        let value = serde_json::to_value(field).unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    };
    fields.iter().map(name).collect::<Vec<_>>().join(", ")
}
