//! From a plan to commits.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use crate::domain::{
    Event, EventId, Guard, Matter, PartnerId, PartnerState, Record, RecordKey, RecordKind, Run,
    RunOutcome, Suggestion,
};
use crate::store::{
    Author, Change, Commit, Expected, Revision, Store, StoreError, Stored, records,
};
use crate::sync::fetch::Told;
use crate::sync::reconcile::answer::Plan;
use crate::sync::reconcile::{Planned, Step, raised};
use crate::sync::remark::Remark;

use super::report::{Ended, RunReport};
use super::{RunError, Runner};

/// Events of one commit. A first run with more is several commits, each with a record of its own, so
/// that none grows beyond what the store takes.
const EVENTS: usize = 8_000;
/// Runs that are remembered of a partner.
const RUNS_KEPT: usize = 100;
/// Remarks that are remembered of a run.
const REMARKS_KEPT: usize = 100;

/// Events with the revision that a run makes of each.
type Wrote = Vec<(EventId, u64)>;

impl Runner {
    /// Writes what a plan says, and tells what was done.
    pub(super) fn write(
        &self,
        partner: &PartnerId,
        told: &Told,
        plan: &Plan,
        state: &PartnerState,
    ) -> Result<RunReport, RunError> {
        let mut report = RunReport::of(partner, told, plan);
        let at = self.calendar.clock().now();
        if let Some(doubt) = &plan.doubt {
            report.ended = Ended::Quarantined(doubt.to_string());
            report.run = self.quarantine(&report, &doubt.to_string(), state, at)?;
            return Ok(report);
        }
        let events = events_of(plan);
        let suggestions = self.suggestion_changes(partner, plan)?;
        let settled = state.guard == Guard::Watching && state.missing == plan.missing;
        if events.is_empty() && suggestions.is_empty() && settled {
            return Ok(report);
        }
        let parts = events.len().div_ceil(EVENTS).max(1);
        let mut suggestions = Some(suggestions);
        for part in 0..parts {
            let some = events.iter().skip(part * EVENTS).take(EVENTS);
            let (mut changes, wrote) = self.event_changes(some.copied(), plan.as_of)?;
            let mut run = self.record(&report, at);
            run.wrote = wrote;
            report.run = Some(run.id.clone());
            changes.extend(self.forgotten_runs(partner)?);
            changes.push(Change::create(run.into()));
            if part + 1 == parts {
                changes.extend(suggestions.take().into_iter().flatten());
                changes.push(Change::put(next_state(state, told, plan, at).into()));
            }
            let committed = self.commit(partner, at, "in step", changes)?;
            report.commit = Some(committed);
        }
        report.ended = Ended::Written;
        Ok(report)
    }

    fn commit(
        &self,
        partner: &PartnerId,
        at: DateTime<Utc>,
        what: &str,
        changes: Vec<Change>,
    ) -> Result<u64, StoreError> {
        let committed = self.calendar.commit(Commit {
            author: Author::Partner(partner.to_string()),
            at,
            note: format!("{what} with {partner}"),
            changes,
        })?;
        Ok(committed.number.0)
    }

    /// The record of a run of which nothing was written. One stands for all until somebody decides.
    fn quarantine(
        &self,
        report: &RunReport,
        why: &str,
        state: &PartnerState,
        at: DateTime<Utc>,
    ) -> Result<Option<String>, RunError> {
        if let Guard::Quarantined { run } = &state.guard {
            return Ok(Some(run.clone()));
        }
        let run = Run {
            outcome: RunOutcome::Quarantined(why.to_owned()),
            told: report.told,
            remarks: lines(&report.remarks),
            ..self.blank(&report.partner, at)
        };
        let id = run.id.clone();
        let state = PartnerState {
            guard: Guard::Quarantined { run: id.clone() },
            ..state.clone()
        };
        let changes = vec![Change::create(run.into()), Change::put(state.into())];
        self.commit(&report.partner, at, "quarantine of a run", changes)?;
        Ok(Some(id))
    }

    fn blank(&self, partner: &PartnerId, at: DateTime<Utc>) -> Run {
        Run {
            id: self.calendar.clock().new_id().to_string(),
            partner: partner.clone(),
            at,
            outcome: RunOutcome::Done,
            told: 0,
            created: 0,
            updated: 0,
            withdrawn: 0,
            missing: 0,
            remarks: Vec::new(),
            wrote: Vec::new(),
        }
    }

    /// The record of a run, from what it tells of itself.
    fn record(&self, report: &RunReport, at: DateTime<Utc>) -> Run {
        Run {
            told: report.told,
            created: report.created,
            updated: report.updated + report.joined,
            withdrawn: report.withdrawn,
            missing: report.missing,
            remarks: lines(&report.remarks),
            ..self.blank(&report.partner, at)
        }
    }

    /// The changes of events, by key, each expecting what the plan was made of.
    fn event_changes<'e>(
        &self,
        events: impl Iterator<Item = (&'e Event, bool)>,
        as_of: u64,
    ) -> Result<(Vec<Change>, Wrote), RunError> {
        let (mut changes, mut wrote) = (Vec::new(), Vec::new());
        for (event, is_new) in events {
            let key = RecordKey::new(RecordKind::Event, event.id.as_str());
            let record: Record = event.clone().into();
            if is_new {
                wrote.push((event.id.clone(), Revision::FIRST.0));
                changes.push(Change::create(record));
                continue;
            }
            let stored = self.calendar.get(&key)?;
            let as_planned = |it: &Stored| it.commit.0 <= as_of;
            let Some(Stored { revision, .. }) = stored.clone().filter(as_planned) else {
                // Somebody changed it since it was planned: the next round sees that.
                return Err(StoreError::Conflict {
                    key,
                    expected: Expected::Any,
                    found: stored.map(|it| it.revision),
                }
                .into());
            };
            wrote.push((event.id.clone(), revision.next().0));
            changes.push(Change::update(record, revision));
        }
        Ok((changes, wrote))
    }

    /// Suggestions that are new or say something else than before, and those that have become moot.
    fn suggestion_changes(
        &self,
        partner: &PartnerId,
        plan: &Plan,
    ) -> Result<Vec<Change>, StoreError> {
        let mut changes = raised(&*self.calendar, &plan.suggestions)?;
        let again: HashSet<&str> = plan.suggestions.iter().map(|it| it.id.as_str()).collect();
        let same = |it: &&Planned| matches!(it.step, Step::Same);
        let unchanged: HashSet<&EventId> = plan
            .planned
            .iter()
            .filter(same)
            .filter_map(|it| it.event.as_ref())
            .collect();
        for (kept, revision) in records::every::<Suggestion>(&*self.calendar)? {
            let waits = kept.partner == *partner
                && kept.decision.is_none()
                && matches!(kept.matter, Matter::Fields { .. });
            let told_otherwise =
                plan.seen.contains(&kept.event) && !unchanged.contains(&kept.event);
            if waits && told_otherwise && !again.contains(kept.id.as_str()) {
                let key = RecordKey::new(RecordKind::Suggestion, kept.id.as_str());
                changes.push(Change::remove(key, revision));
            }
        }
        Ok(changes)
    }

    /// The oldest runs beyond those that are remembered.
    fn forgotten_runs(&self, partner: &PartnerId) -> Result<Vec<Change>, StoreError> {
        let all = records::every::<Run>(&*self.calendar)?.into_iter();
        let own = all.filter(|(run, _)| run.partner == *partner);
        let runs: BTreeMap<String, Revision> = own
            .map(|(run, revision)| (run.id.clone(), revision))
            .collect();
        let surplus = (runs.len() + 1).saturating_sub(RUNS_KEPT);
        let oldest = runs.into_iter().take(surplus);
        let forget = oldest
            .map(|(id, revision)| Change::remove(RecordKey::new(RecordKind::Run, id), revision));
        Ok(forget.collect())
    }
}

/// The events to be written, by key, and whether each is new: the store takes neighbours faster.
fn events_of(plan: &Plan) -> Vec<(&Event, bool)> {
    let planned = plan.planned.iter().filter_map(|it| {
        let event = it.step.written()?;
        Some((event, matches!(it.step, Step::Create(_))))
    });
    let withdrawn = plan.withdrawn.iter().map(|event| (event, false));
    let mut events: Vec<(&Event, bool)> = planned.chain(withdrawn).collect();
    events.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    events
}

fn next_state(state: &PartnerState, told: &Told, plan: &Plan, at: DateTime<Utc>) -> PartnerState {
    PartnerState {
        written_at: Some(at),
        told: told.items.len(),
        validators: told.validators.clone(),
        resume: told.resume.clone().or_else(|| state.resume.clone()),
        missing: plan.missing.clone(),
        guard: Guard::Watching,
        ..state.clone()
    }
}

/// The first remarks, a line each.
fn lines(remarks: &[Remark]) -> Vec<String> {
    let some = remarks.iter().take(REMARKS_KEPT);
    some.map(|it| format!("{}: {}", it.at, it.detail)).collect()
}
