//! What an import tells about itself.

use serde::Serialize;

use crate::ingest::reconcile::{Outcome, Planned, Step};
use calendar_connectors::remark::Remark;
use calendar_ical::finding::Severity;

/// What an import did.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The file or address.
    pub source: String,
    /// Each event of the source.
    pub items: Vec<Item>,
    /// What was noticed while reading, in the order of the source.
    pub remarks: Vec<Remark>,
    /// The last commit's number, after the import.
    pub commit: u64,
}

/// What became of one event of the source.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// What became of it.
    pub outcome: Outcome,
    /// What the source calls it.
    pub origin_id: String,
    /// Its title.
    pub title: String,
    /// Its page, where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why it was refused, or what of it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Report {
    /// How many items had an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.items
            .iter()
            .filter(|item| item.outcome == outcome)
            .count()
    }

    /// Whether something was refused or could not be read.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        self.count(Outcome::Refused) > 0
            || self
                .remarks
                .iter()
                .any(|remark| remark.severity == Severity::Error)
    }
}

pub(super) fn item(planned: &Planned) -> Item {
    let note = match &planned.step {
        Step::Refuse(why) | Step::Left(why) => Some(why.clone()),
        Step::Join(_, score) => Some(format!(
            "another partner tells of it too ({} of 100 alike)",
            score.total
        )),
        Step::Ours => Some("it is published here already and was left as it is".into()),
        _ if !planned.kept.is_empty() => Some(format!(
            "kept what a person set here: {}",
            field_names(&planned.kept)
        )),
        _ => None,
    };
    let written = planned.step.written();
    let path = written.map(|event| format!("/events/{}", event.slug));
    let outcome = planned.step.outcome();
    Item {
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
