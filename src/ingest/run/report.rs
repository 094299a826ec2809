//! The report of a run.

use serde::Serialize;

use crate::ingest::fetch::FetchedBatch;
use crate::ingest::reconcile::batch::ReconcilePlan;
use crate::ingest::reconcile::{Planned, Step, StepOutcome};
use calendar_connectors::connector::Listing;
use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{PartnerId, Publication};
use calendar_ical::finding::Severity;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Changes were written.
    Written,
    /// There was nothing to write.
    Unchanged,
    /// The partner reported no change since the last run.
    NotModified,
    /// The run was a rehearsal.
    Rehearsed,
    /// The response is implausible, and nothing was written.
    Quarantined(String),
}

/// The report of a run.
#[derive(Debug, Clone, Serialize)]
pub struct RunReport {
    /// The partner.
    pub partner: PartnerId,
    /// How the run ended.
    pub ended: Ended,
    /// Id of its record, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Number of its last commit, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<u64>,
    /// Number of requests.
    pub requests: usize,
    /// Number of events in the response.
    pub told: usize,
    /// Number of created events.
    pub created: usize,
    /// Number of updated events.
    pub updated: usize,
    /// Number of events merged with another partner's.
    pub joined: usize,
    /// Number of unchanged events.
    pub unchanged: usize,
    /// Number of events filtered out by the mapping.
    pub left: usize,
    /// Number of refused events.
    pub refused: usize,
    /// Number of events missing from the response and not withdrawn yet.
    pub missing: usize,
    /// Number of withdrawn events.
    pub withdrawn: usize,
    /// Number of suggestions for editors (`sync review`).
    pub suggestions: usize,
    /// The events that changed or were refused.
    pub items: Vec<RunItem>,
    /// Remarks from reading the responses.
    pub remarks: Vec<Diagnostic>,
    /// Whether the response was a whole one.
    #[serde(skip)]
    pub whole: bool,
}

/// The result for one event.
#[derive(Debug, Clone, Serialize)]
pub struct RunItem {
    /// The outcome.
    pub outcome: &'static str,
    /// The partner's identifier.
    pub origin_id: String,
    /// The title.
    pub title: String,
    /// Path of its page, if it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The reason, or the values that were ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl RunReport {
    /// Returns the report of a run whose response was not modified.
    pub(super) fn not_modified(partner: &PartnerId) -> Self {
        Self {
            ended: Ended::NotModified,
            requests: 1,
            ..Self::empty(partner)
        }
    }

    fn empty(partner: &PartnerId) -> Self {
        Self {
            partner: partner.clone(),
            ended: Ended::Unchanged,
            run: None,
            commit: None,
            requests: 0,
            told: 0,
            created: 0,
            updated: 0,
            joined: 0,
            unchanged: 0,
            left: 0,
            refused: 0,
            missing: 0,
            withdrawn: 0,
            suggestions: 0,
            items: Vec::new(),
            remarks: Vec::new(),
            whole: false,
        }
    }

    /// Returns the report of a rehearsal.
    pub(super) fn rehearsed(
        partner: &PartnerId,
        told: &FetchedBatch,
        plan: &ReconcilePlan,
    ) -> Self {
        let ended = match &plan.doubt {
            Some(doubt) => Ended::Quarantined(doubt.to_string()),
            None => Ended::Rehearsed,
        };
        Self {
            ended,
            ..Self::new(partner, told, plan)
        }
    }

    /// Returns the report of a plan.
    pub(super) fn new(partner: &PartnerId, told: &FetchedBatch, plan: &ReconcilePlan) -> Self {
        let count = |outcome| {
            let all = plan.planned.iter();
            all.filter(|planned| planned.step.outcome() == outcome)
                .count()
        };
        let mut items: Vec<RunItem> = plan.planned.iter().filter_map(item).collect();
        items.extend(plan.withdrawn.iter().map(|event| RunItem {
            outcome: "withdrawn",
            origin_id: String::new(),
            title: event.title_in(calendar_domain::Lang::Nb).to_owned(),
            path: Some(format!("/events/{}", event.slug)),
            note: Some("no longer listed by its source".into()),
        }));
        Self {
            requests: told.requests,
            told: told.items.len(),
            created: count(StepOutcome::Created),
            updated: count(StepOutcome::Updated),
            joined: count(StepOutcome::Joined),
            unchanged: count(StepOutcome::Unchanged),
            left: count(StepOutcome::Left),
            refused: count(StepOutcome::Refused),
            missing: plan.missing.len(),
            withdrawn: plan.withdrawn.len(),
            suggestions: plan.matters.raised.len(),
            items,
            remarks: {
                let planned = plan.planned.iter().flat_map(|planned| &planned.remarks);
                told.remarks.iter().chain(planned).cloned().collect()
            },
            whole: told.listing != Listing::Changes,
            ..Self::empty(partner)
        }
    }

    /// Returns true if an event was refused or unreadable, or the response is implausible.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        let unread = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        self.refused > 0
            || matches!(self.ended, Ended::Quarantined(_))
            || self.remarks.iter().any(unread)
    }

    /// Logs the outcome; at level `error` if the response is implausible.
    pub(super) fn log(&self) {
        let Self {
            partner,
            told,
            created,
            updated,
            joined,
            withdrawn,
            missing,
            requests,
            ..
        } = self;
        match &self.ended {
            Ended::Quarantined(why) => tracing::error!(
                %partner, told, why,
                "a partner's response looks implausible; nothing was written (`sync review`)"
            ),
            Ended::Written => tracing::info!(
                %partner, told, created, updated, joined, withdrawn, missing, requests, "synced"
            ),
            Ended::Unchanged | Ended::NotModified | Ended::Rehearsed => {
                tracing::debug!(%partner, told, requests, "nothing new");
            }
        }
    }
}

fn item(planned: &Planned) -> Option<RunItem> {
    let (outcome, note) = match &planned.step {
        Step::Create(_) => ("created", None),
        Step::Update(event) => {
            let waits = event.publication == Publication::Submitted;
            let note = "queued for an editor (`sync review`)";
            ("updated", waits.then(|| note.to_owned()))
        }
        Step::Join(_, score) => (
            "joined",
            Some(format!(
                "another partner lists it too: similarity {} of 100",
                score.total
            )),
        ),
        Step::Left(why) => ("left", Some(why.clone())),
        Step::Refuse(why) => ("refused", Some(why.clone())),
        Step::Same | Step::Ours if planned.kept.is_empty() => return None,
        Step::Same | Step::Ours => ("unchanged", None),
    };
    let kept = (!planned.kept.is_empty()).then(|| {
        let names = planned.kept.iter().map(|field| field.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        format!("kept fields that were set here: {names}")
    });
    let notes: Vec<String> = note.into_iter().chain(kept).collect();
    Some(RunItem {
        outcome,
        origin_id: planned.origin_id.clone(),
        title: planned.title.clone(),
        path: planned
            .step
            .written()
            .map(|event| format!("/events/{}", event.slug)),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    })
}
