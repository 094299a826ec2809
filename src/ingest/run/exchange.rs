//! Fetches, plans and writes what one partner sent.

use super::asking::asked_as;
use super::error::LONGEST;
use super::locking::lock;
use super::marks::SyncMarks;
use super::write::{RunWrites, StateBefore};
use super::{Ended, RunError, RunReport, Runner};
use crate::catalog::Snapshot;
use crate::ingest::fetch::{FetchOutcome, FetchedBatch};
use crate::ingest::import::Rehearsal;
use crate::ingest::reconcile::batch::{PartnerBatch, ReconcilePlan};
use crate::ingest::reconcile::{IntakeTerms, Lookup, Origin, Pairings, Planner};
use crate::ingest::{names, returning};
use calendar_connectors::connector::ParsedItem;
use calendar_domain::{
    Claim, Connection, Event, EventId, Guard, PartnerId, PartnerState, Publication, Uid,
};
use calendar_store::{Store, StoreError, records};
use rocket::tokio;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;
use url::Url;

/// Maximum number of plans under concurrent writes.
const ROUNDS: usize = 5;

impl Runner {
    /// Runs the exchange with one partner and records its health. Waits for a concurrent run to end.
    ///
    /// # Errors
    /// See [`RunError`]. Nothing was written then, except the first commits of a large run.
    pub async fn run(
        self: &Arc<Self>,
        partner: &PartnerId,
        rehearsal: Rehearsal,
    ) -> Result<RunReport, RunError> {
        let turn = self.turn(partner);
        let _alone = turn.lock().await;
        let began = Instant::now();
        let at = self.calendar.clock().now();
        let run = tokio::time::timeout(LONGEST, self.exchange(partner, rehearsal)).await;
        let result = run.unwrap_or(Err(RunError::TooLong));
        if rehearsal == Rehearsal::No {
            self.health.note(partner, at, began.elapsed(), &result);
        }
        match &result {
            Ok(report) => report.log(),
            Err(error) => tracing::warn!(%partner, %error, "cannot fetch from a partner"),
        }
        result
    }

    async fn exchange(
        self: &Arc<Self>,
        partner: &PartnerId,
        rehearsal: Rehearsal,
    ) -> Result<RunReport, RunError> {
        let snapshot = self.calendar.snapshot();
        let known = snapshot.partner(partner);
        let known = known.ok_or_else(|| RunError::UnknownPartner(partner.clone()))?;
        let connection = known.connection.clone();
        let connection = connection.filter(|connection| connection.url.is_some());
        let connection = connection.ok_or_else(|| RunError::NoAddress(partner.clone()))?;
        let (state, revision) = self.state(partner)?;
        if let Guard::Held { run } = &state.guard
            && rehearsal == Rehearsal::No
        {
            return Err(RunError::Held {
                partner: partner.clone(),
                run: run.clone(),
            });
        }
        let marks = self.marks_of(&state, revision, &connection);
        let asked = self.ask(&connection, &snapshot, &state, marks).await?;
        let told = match asked {
            FetchOutcome::NotModified => return Ok(RunReport::not_modified(partner)),
            FetchOutcome::Fetched(told) => {
                told.for_partner(&self.calendar, partner, &connection)?
            }
        };
        let (this, partner) = (Arc::clone(self), partner.clone());
        let finish = move || this.take(&partner, &connection, told, rehearsal);
        let done = tokio::task::spawn_blocking(finish);
        done.await.unwrap_or(Err(RunError::Stopped))
    }

    /// Compares a fetched batch and writes the changes, or only reports them. Blocks during the writes.
    ///
    /// # Errors
    /// See [`RunError`]. Nothing was written then, except the first commits of a large run.
    pub fn take(
        &self,
        partner: &PartnerId,
        connection: &Connection,
        told: FetchedBatch,
        rehearsal: Rehearsal,
    ) -> Result<RunReport, RunError> {
        let told = returning::without(&self.calendar, &self.site, partner, connection, told)?;
        let mut written = RunWrites::default();
        let mut collided = HashSet::new();
        let _turn = self.calendar.planning().alone();
        for round in 0..ROUNDS {
            let (state, revision) = self.state(partner)?;
            let snapshot = self.calendar.snapshot();
            let now = snapshot
                .partner(partner)
                .and_then(|partner| partner.connection.as_ref());
            if now.map(asked_as) != Some(asked_as(connection)) {
                return Err(RunError::Changed(partner.clone()));
            }
            if let Guard::Held { run } = &state.guard
                && rehearsal == Rehearsal::No
            {
                // A run was rolled back during the fetch.
                return Err(RunError::Held {
                    partner: partner.clone(),
                    run: run.clone(),
                });
            }
            let mut plan = self.plan(partner, connection, &told, &state)?;
            if round > 0 || rehearsal == Rehearsal::Yes {
                let namespace = self.calendar.snapshot().region().uid_namespace;
                plan.settle_names(&*self.calendar, namespace)?;
                plan.leave_out(&collided);
            }
            if rehearsal == Rehearsal::Yes {
                return Ok(RunReport::rehearsed(partner, &told, &plan));
            }
            let before = StateBefore {
                state: &state,
                revision,
                asked_as: asked_as(connection),
            };
            match self.write(&told, &plan, &before, &mut written) {
                Err(RunError::Store(StoreError::Conflict { .. })) => {}
                Err(RunError::Store(StoreError::Taken { key, .. })) => {
                    if round + 2 >= ROUNDS {
                        collided.insert(key.id);
                    }
                    names::catch_up(&self.calendar);
                }
                Err(error) => return Err(error),
                Ok(report) => {
                    // An incremental response says nothing about the names missing from it.
                    let whole = told.listing != calendar_connectors::connector::Listing::Changes;
                    self.health.note_renamed(partner, plan.renamed, whole);
                    // A run that wrote has its marks in the store.
                    if report.ended == Ended::Unchanged {
                        let marks = SyncMarks {
                            validators: told.validators.clone(),
                            resume: told.resume.clone(),
                            after: revision,
                        };
                        lock(&self.marks).insert(partner.clone(), marks);
                    }
                    return Ok(report);
                }
            }
        }
        Err(RunError::Contended)
    }

    fn plan(
        &self,
        partner: &PartnerId,
        connection: &Connection,
        told: &FetchedBatch,
        state: &PartnerState,
    ) -> Result<ReconcilePlan, RunError> {
        let snapshot = self.calendar.snapshot();
        let origin = Origin {
            partner: partner.clone(),
            url: connection
                .url
                .as_ref()
                .map(Url::to_string)
                .unwrap_or_default(),
            at: self.calendar.clock().now(),
        };
        let pairings = Pairings::kept(&*self.calendar)?;
        let names = told.items.iter().filter_map(|item| match item {
            ParsedItem::Event(draft) => Some(draft.origin_id.clone()),
            ParsedItem::Unread { origin_id } => Some(origin_id.clone()),
            ParsedItem::Gone { .. } => None,
        });
        let names: HashSet<String> = names.collect();
        let whole = told.listing != calendar_connectors::connector::Listing::Changes;
        let withdrawn = self.withdrawn(told, &snapshot)?;
        let terms = IntakeTerms {
            connection: Some(connection),
            pairings: &pairings,
            site: self.site.as_ref(),
            told: whole.then_some(&names),
            withdrawn: Some(&withdrawn),
            is_single: false,
            infers_moves: false,
            afresh: state.asked_as.as_ref() != Some(&asked_as(connection)),
            renamed: Some(&self.health.of(partner).renamed),
            missing: None,
        };
        let planner = Planner::new(&origin, &snapshot, terms);
        let heard = PartnerBatch {
            items: told.items.clone(),
            listing: told.listing,
            unreadable: told.unreadable(),
        };
        let mut kept = |id: &EventId| self.kept(&snapshot, id);
        let mut stored = Lookup::new(&*self.calendar, &mut kept);
        Ok(planner.answer(heard, state, &mut stored)?)
    }

    /// Returns the stored event with an id, from the snapshot if it is published.
    fn kept(&self, snapshot: &Snapshot, id: &EventId) -> Result<Option<Event>, StoreError> {
        if let Some(entry) = snapshot.event(id) {
            return Ok(Some((*entry.event()).clone()));
        }
        let found = records::one(&*self.calendar, id.as_str())?;
        Ok(found.map(|(event, _)| event))
    }

    /// Returns the UIDs of withdrawn events that the response lists second-hand.
    fn withdrawn(
        &self,
        told: &FetchedBatch,
        snapshot: &Snapshot,
    ) -> Result<HashSet<Uid>, StoreError> {
        let secondhand = told.items.iter().filter_map(|item| match item {
            ParsedItem::Event(draft) if draft.secondhand => draft.uid.as_ref(),
            _ => None,
        });
        let mut found = HashSet::new();
        for uid in secondhand.filter(|uid| snapshot.event_of(uid).is_none()) {
            for holder in self.calendar.holders(&Claim::EventUid(uid.clone()))? {
                let event = records::one::<Event>(&*self.calendar, &holder.id)?;
                if event.is_some_and(|(value, _)| value.publication == Publication::Withdrawn) {
                    found.insert(uid.clone());
                }
            }
        }
        Ok(found)
    }
}
