//! Writes plans as commits.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::ingest::fetch::FetchedBatch;
use crate::ingest::reconcile::Step;
use crate::ingest::reconcile::batch::ReconcilePlan;
use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{
    Event, EventId, Guard, PartnerId, PartnerState, Record, RecordKey, RecordKind, Run, RunOutcome,
    SourceVersion,
};
use calendar_store::{
    Author, Batches, Change, Commit, Expected, Revision, Store, StoreError, Stored, records,
};

use super::report::{Ended, RunReport};
use super::{RunError, Runner};

/// Maximum number of events per commit. The record of the run lists each, and its size is limited.
const EVENTS: usize = 8_000;
/// Number of runs kept per partner.
const RUNS_KEPT: usize = 100;
/// Number of remarks kept per run.
const REMARKS_KEPT: usize = 100;

/// What a run has written so far, across plans.
#[derive(Debug, Default)]
pub(super) struct RunWrites {
    /// Key of its first record.
    run: Option<String>,
    commit: Option<u64>,
    created: usize,
    updated: usize,
    withdrawn: usize,
}

/// The change of an event in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Created,
    Updated,
    Withdrawn,
}

impl Runner {
    /// Writes a plan in one commit, or in several if it is too large. The last one updates the state of the
    /// exchange. Each has a record of the run with the events that it wrote, so that an interrupted run can be
    /// rolled back.
    pub(super) fn write(
        &self,
        told: &FetchedBatch,
        plan: &ReconcilePlan,
        before: &StateBefore<'_>,
        written: &mut RunWrites,
    ) -> Result<RunReport, RunError> {
        let state = before.state;
        let partner = &state.partner;
        let mut report = RunReport::new(partner, told, plan);
        let at = self.calendar.clock().now();
        if let Some(doubt) = &plan.doubt {
            report.ended = Ended::Quarantined(doubt.to_string());
            report.run = self.quarantine(&report, &doubt.to_string(), before, at)?;
            return Ok(report);
        }
        report.created += written.created;
        report.updated += written.updated;
        report.withdrawn += written.withdrawn;
        let events = events_of(plan);
        let others = self.other_changes(plan)?;
        let next = before.next(told, plan, at);
        let settled = state.guard == Guard::Watching
            && (&state.missing, &state.asked_as) == (&next.missing, &next.asked_as);
        if events.is_empty() && others.is_empty() && settled && written.run.is_none() {
            return Ok(report);
        }
        let mut parts = Parts {
            runner: self,
            report: &report,
            written,
            batches: Batches::of_at_most(EVENTS),
            wrote: Vec::new(),
            fates: Vec::new(),
        };
        for (event, fate) in events {
            let (change, revision) = self.event_change(event, fate, plan.as_of)?;
            parts.add(change, Some((event.id.clone(), revision.0, fate)))?;
        }
        for change in others {
            parts.add(change, None)?;
        }
        parts.finish(before.put(next))?;
        report.run = written.run.clone();
        report.commit = written.commit;
        report.ended = Ended::Written;
        Ok(report)
    }

    fn commit(
        &self,
        partner: &PartnerId,
        what: &str,
        changes: Vec<Change>,
    ) -> Result<u64, StoreError> {
        let committed = self.calendar.commit(Commit {
            author: Author::Partner(partner.to_string()),
            at: self.calendar.clock().now(),
            note: format!("{what} with {partner}"),
            changes,
        })?;
        Ok(committed.number.0)
    }

    /// Writes the record of an implausible response. Repeated ones share a record until an editor decides.
    fn quarantine(
        &self,
        report: &RunReport,
        why: &str,
        before: &StateBefore<'_>,
        at: DateTime<Utc>,
    ) -> Result<Option<String>, RunError> {
        let state = before.state;
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
        let changes = vec![Change::create(run.into()), before.put(state)];
        self.commit(&report.partner, "quarantine of a run", changes)?;
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
            part_of: None,
        }
    }

    /// Returns the record of a run.
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

    /// Returns the change of an event, which expects the planned revision, and the revision it results in.
    fn event_change(
        &self,
        event: &Event,
        fate: Fate,
        as_of: u64,
    ) -> Result<(Change, Revision), RunError> {
        let record: Record = event.clone().into();
        if fate == Fate::Created {
            return Ok((Change::create(record), Revision::FIRST));
        }
        let key = RecordKey::new(RecordKind::Event, event.id.as_str());
        let stored = self.calendar.get(&key)?;
        let as_planned = |stored: &Stored| stored.commit.0 <= as_of;
        match stored.clone().filter(as_planned) {
            Some(Stored { revision, .. }) => {
                Ok((Change::update(record, revision), revision.next()))
            }
            // The event was changed after the plan: the next round plans anew.
            None => Err(StoreError::Conflict {
                key,
                expected: Expected::Any,
                found: stored.map(|stored| stored.revision),
            }
            .into()),
        }
    }

    /// Returns the changes of source versions and suggestions.
    fn other_changes(&self, plan: &ReconcilePlan) -> Result<Vec<Change>, StoreError> {
        let versions = plan.planned.iter().flat_map(|planned| &planned.versions);
        let mut changes: Vec<Change> = versions
            .map(|version| Change::put(version.clone().into()))
            .collect();
        for id in &plan.forgotten {
            if let Some((_, revision)) = records::one::<SourceVersion>(&*self.calendar, id)? {
                let key = RecordKey::new(RecordKind::SourceVersion, id.as_str());
                changes.push(Change::remove(key, revision));
            }
        }
        changes.extend(plan.matters.changes(&*self.calendar)?);
        Ok(changes)
    }

    /// Returns the removals of the oldest runs above the limit, with all their records.
    fn forgotten_runs(&self, partner: &PartnerId) -> Result<Vec<Change>, StoreError> {
        let all = records::every::<Run>(&*self.calendar)?.into_iter();
        let mut runs: BTreeMap<String, Vec<(String, Revision)>> = BTreeMap::new();
        for (run, revision) in all.filter(|(run, _)| run.partner == *partner) {
            let records = runs.entry(run.first_record().to_owned()).or_default();
            records.push((run.id, revision));
        }
        let surplus = (runs.len() + 1).saturating_sub(RUNS_KEPT);
        let oldest = runs.into_values().take(surplus).flatten();
        let forget = oldest
            .map(|(id, revision)| Change::remove(RecordKey::new(RecordKind::Run, id), revision));
        Ok(forget.collect())
    }
}

/// The commits of one run.
struct Parts<'a> {
    runner: &'a Runner,
    report: &'a RunReport,
    written: &'a mut RunWrites,
    batches: Batches,
    /// Events of the batch, with their new revisions.
    wrote: Vec<(EventId, u64)>,
    fates: Vec<Fate>,
}

impl Parts<'_> {
    /// Adds a change. Commits the batch first if it would become too large.
    fn add(
        &mut self,
        change: Change,
        event: Option<(EventId, u64, Fate)>,
    ) -> Result<(), StoreError> {
        if let Some(full) = self.batches.push(change) {
            self.commit(full)?;
        }
        if let Some((id, revision, fate)) = event {
            self.wrote.push((id, revision));
            self.fates.push(fate);
        }
        Ok(())
    }

    /// Commits the rest, with the new state of the exchange.
    fn finish(mut self, state: Change) -> Result<(), StoreError> {
        let next = Batches::of_at_most(EVENTS);
        let mut changes = std::mem::replace(&mut self.batches, next).rest();
        changes.push(state);
        self.commit(changes)
    }

    fn commit(&mut self, mut changes: Vec<Change>) -> Result<(), StoreError> {
        let partner = &self.report.partner;
        let is_first = self.written.run.is_none();
        let mut run = self
            .runner
            .record(self.report, self.runner.calendar.clock().now());
        run.wrote = std::mem::take(&mut self.wrote);
        run.part_of.clone_from(&self.written.run);
        let id = run.first_record().to_owned();
        if is_first {
            changes.extend(self.runner.forgotten_runs(partner)?);
        }
        if is_first || !run.wrote.is_empty() {
            changes.push(Change::create(run.into()));
        }
        let commit = self.runner.commit(partner, "synced", changes)?;
        self.written.run = Some(id);
        self.written.commit = Some(commit);
        for fate in self.fates.drain(..) {
            match fate {
                Fate::Created => self.written.created += 1,
                Fate::Updated => self.written.updated += 1,
                Fate::Withdrawn => self.written.withdrawn += 1,
            }
        }
        Ok(())
    }
}

/// Returns the events to write, sorted by key because the store writes adjacent keys faster.
fn events_of(plan: &ReconcilePlan) -> Vec<(&Event, Fate)> {
    let planned = plan.planned.iter().filter_map(|planned| {
        let fate = match planned.step {
            Step::Create(_) => Fate::Created,
            _ => Fate::Updated,
        };
        Some((planned.step.written()?, fate))
    });
    let withdrawn = plan.withdrawn.iter().map(|event| (event, Fate::Withdrawn));
    let mut events: Vec<(&Event, Fate)> = planned.chain(withdrawn).collect();
    events.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    events
}

/// State of the exchange that the plan is based on.
pub(super) struct StateBefore<'a> {
    pub state: &'a PartnerState,
    /// Revision of `state`; `None` if it has no record yet.
    pub revision: Option<Revision>,
    /// Hash of the connection's settings.
    pub asked_as: String,
}

impl StateBefore<'_> {
    /// Returns the state after the response.
    fn next(&self, told: &FetchedBatch, plan: &ReconcilePlan, at: DateTime<Utc>) -> PartnerState {
        let state = self.state;
        PartnerState {
            written_at: Some(at),
            told: told.items.len(),
            validators: told.validators.clone(),
            resume: told.resume.clone().or_else(|| {
                let is_same = state.asked_as.as_ref() == Some(&self.asked_as);
                state.resume.clone().filter(|_| is_same)
            }),
            missing: plan.missing.clone(),
            guard: Guard::Watching,
            asked_as: Some(self.asked_as.clone()),
            ..state.clone()
        }
    }

    /// Returns the change to a new state. It conflicts with concurrent changes, such as a hold.
    fn put(&self, next: PartnerState) -> Change {
        match self.revision {
            Some(revision) => Change::update(next.into(), revision),
            None => Change::create(next.into()),
        }
    }
}

/// Formats the first remarks as lines.
fn lines(remarks: &[Diagnostic]) -> Vec<String> {
    let some = remarks.iter().take(REMARKS_KEPT);
    some.map(|remark| format!("{}: {}", remark.at, remark.detail))
        .collect()
}
