//! What a run tells about itself.

use serde::Serialize;

use crate::ingest::fetch::Told;
use crate::ingest::reconcile::answer::Plan;
use crate::ingest::reconcile::{Outcome, Planned, Step};
use calendar_connectors::connector::Listing;
use calendar_connectors::remark::Remark;
use calendar_domain::PartnerId;
use calendar_ical::finding::Severity;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Something was written.
    Written,
    /// There was nothing to write.
    Unchanged,
    /// The partner said that nothing has changed since it was asked last.
    NotModified,
    /// It was a rehearsal.
    Rehearsed,
    /// The answer looked wrong, and nothing was written.
    Quarantined(String),
}

/// What a run did.
#[derive(Debug, Clone, Serialize)]
pub struct RunReport {
    /// With whom.
    pub partner: PartnerId,
    /// How it ended.
    pub ended: Ended,
    /// Its record, where it left one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The commit, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<u64>,
    /// How many requests it took.
    pub requests: usize,
    /// How many events the partner told of.
    pub told: usize,
    /// How many are new here.
    pub created: usize,
    /// How many changed.
    pub updated: usize,
    /// How many were told of by another partner before.
    pub joined: usize,
    /// How many are as they were.
    pub unchanged: usize,
    /// How many are of a kind that is not taken from this partner.
    pub left: usize,
    /// How many cannot be kept.
    pub refused: usize,
    /// How many were no longer told of, and wait.
    pub missing: usize,
    /// How many were withdrawn.
    pub withdrawn: usize,
    /// How much somebody has to decide: `sync review`.
    pub suggestions: usize,
    /// The events that are not as they were, and those that were refused.
    pub items: Vec<RunItem>,
    /// What was noticed while reading.
    pub remarks: Vec<Remark>,
    /// Whether the partner told of everything, not only of what changed.
    #[serde(skip)]
    pub whole: bool,
}

/// What became of one event.
#[derive(Debug, Clone, Serialize)]
pub struct RunItem {
    /// What became of it.
    pub outcome: &'static str,
    /// What the partner calls it.
    pub origin_id: String,
    /// Its title.
    pub title: String,
    /// Its page, where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why, or what of it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl RunReport {
    /// The partner said that nothing has changed.
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

    /// What a plan would do.
    pub(super) fn rehearsed(partner: &PartnerId, told: &Told, plan: &Plan) -> Self {
        let ended = match &plan.doubt {
            Some(doubt) => Ended::Quarantined(doubt.to_string()),
            None => Ended::Rehearsed,
        };
        Self {
            ended,
            ..Self::of(partner, told, plan)
        }
    }

    /// What a plan does.
    pub(super) fn of(partner: &PartnerId, told: &Told, plan: &Plan) -> Self {
        let count = |outcome| {
            let all = plan.planned.iter();
            all.filter(|it| it.step.outcome() == outcome).count()
        };
        let mut items: Vec<RunItem> = plan.planned.iter().filter_map(item).collect();
        items.extend(plan.withdrawn.iter().map(|event| RunItem {
            outcome: "withdrawn",
            origin_id: String::new(),
            title: event.title_in(calendar_domain::Lang::Nb).to_owned(),
            path: Some(format!("/events/{}", event.slug)),
            note: Some("it is no longer told of".into()),
        }));
        Self {
            requests: told.requests,
            told: told.items.len(),
            created: count(Outcome::Created),
            updated: count(Outcome::Updated),
            joined: count(Outcome::Joined),
            unchanged: count(Outcome::Unchanged),
            left: count(Outcome::Left),
            refused: count(Outcome::Refused),
            missing: plan.missing.len(),
            withdrawn: plan.withdrawn.len(),
            suggestions: plan.matters.raised.len(),
            items,
            remarks: told.remarks.clone(),
            whole: told.listing != Listing::Changes,
            ..Self::empty(partner)
        }
    }

    /// Whether something was refused, could not be read, or is in doubt.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        let unread = |it: &Remark| it.severity == Severity::Error;
        self.refused > 0
            || matches!(self.ended, Ended::Quarantined(_))
            || self.remarks.iter().any(unread)
    }

    /// A line in the log: a loud one where the answer is in doubt.
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
                "a partner's answer looks wrong; nothing was written (`sync review`)"
            ),
            Ended::Written => tracing::info!(
                %partner, told, created, updated, joined, withdrawn, missing, requests, "in step"
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
        Step::Update(_) => ("updated", None),
        Step::Join(_, score) => (
            "joined",
            Some(format!(
                "another partner told of it: {} of 100 alike",
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
        format!("kept what was set here: {names}")
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
