//! Create, update, lookup and withdrawal of single events that a partner sends.

use crate::catalog::{Calendar, Snapshot};
use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::{
    Claim, Event, EventDraft, EventId, Field, PartnerId, PartnerState, RecordKey, RecordKind,
    Source,
};
use calendar_store::{Author, Change, Expected, Revision, Store, StoreError, records};

mod error;
mod outweighed;
mod stored;
mod withdraw;

use crate::ingest::import::Rehearsal;
use crate::ingest::missing::found_again;
use crate::ingest::names;
use crate::ingest::reconcile::{IntakeTerms, Lookup, Origin, Pairings, Planned, Planner, Step};
use crate::ingest::suggestions::Matters;

pub use error::UpsertError;
pub use stored::{all_of, find, in_own_words, record};
pub use withdraw::withdraw;

/// Maximum number of attempts under concurrent writes.
const ATTEMPTS: usize = 16;
/// Number of attempts that plan again if a name is taken, so that the events can be merged. Later attempts rename.
const JOINING: usize = 4;

/// The result of an upsert.
#[derive(Debug, Clone, PartialEq)]
pub struct Upserted {
    /// The outcome.
    pub outcome: UpsertOutcome,
    /// The event as stored, or as it would be stored in a rehearsal.
    pub event: Event,
    /// Fields that an editor has set, and that were therefore kept.
    pub kept: Vec<Field>,
    /// Values that were changed or ignored.
    pub remarks: Vec<Diagnostic>,
}

/// The outcome of an upsert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpsertOutcome {
    /// The event was created.
    Created,
    /// The event was updated.
    Updated,
    /// The event was already up to date.
    Unchanged,
    /// The event was merged with one from another source.
    Merged,
}

/// A stored event, published or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The event.
    pub event: Event,
    /// Its revision.
    pub revision: Revision,
}

/// Stores one event of a partner. Blocks during the write.
///
/// # Errors
/// Errors if the partner is unknown, the event is refused, or the store fails.
pub fn upsert(
    calendar: &Calendar,
    partner: &PartnerId,
    draft: EventDraft,
    rehearsal: Rehearsal,
) -> Result<Upserted, UpsertError> {
    upsert_where(calendar, partner, draft, rehearsal, &|_| true)
}

/// Stores one event of a partner if `expected` accepts the stored event. `expected` is called in every attempt.
///
/// # Errors
/// Returns [`UpsertError::Changed`] if `expected` returns false. Errors otherwise as [`upsert`].
pub fn upsert_where(
    calendar: &Calendar,
    partner: &PartnerId,
    draft: EventDraft,
    rehearsal: Rehearsal,
    expected: &dyn Fn(Option<&Event>) -> bool,
) -> Result<Upserted, UpsertError> {
    let mut attempt = 1;
    // Which events are part of others is decided from all of them.
    let is_part = draft.super_event.is_some();
    let _alone = is_part.then(|| calendar.planning().alone());
    let day = draft.schedule.when.start().date();
    let _turn = (!is_part).then(|| calendar.planning().on_day(day));
    loop {
        let names = if attempt <= JOINING {
            Names::Planned
        } else {
            Names::Free
        };
        match once(calendar, partner, draft.clone(), rehearsal, expected, names) {
            Err(UpsertError::Store(error)) if error.is_overtaken() && attempt < ATTEMPTS => {
                names::catch_up(calendar);
            }
            outcome => return outcome,
        }
        attempt += 1;
    }
}

/// How a new event is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// As planned. On a conflict, the next plan may merge the two events.
    Planned,
    /// By any free name.
    Free,
}

fn once(
    calendar: &Calendar,
    partner: &PartnerId,
    draft: EventDraft,
    rehearsal: Rehearsal,
    expected: &dyn Fn(Option<&Event>) -> bool,
    names: Names,
) -> Result<Upserted, UpsertError> {
    let snapshot = calendar.snapshot();
    if snapshot.partner(partner).is_none() {
        return Err(UpsertError::UnknownPartner(partner.clone()));
    }
    let kept = find(calendar, partner, &draft.origin_id)?;
    if !expected(kept.as_ref().map(|find| &find.event)) {
        return Err(UpsertError::Changed);
    }
    let (uid, origin_id) = (draft.uid.clone(), draft.origin_id.clone());
    let (planned, matters) = plan(calendar, &snapshot, partner, draft)?;
    if let Some(why) = planned.not_part {
        return Err(why.into());
    }
    let told_of = planned.event.clone();
    // Another writer created the event after `expected` was evaluated.
    if matches!(planned.step, Step::Update(_) | Step::Same)
        && kept.is_none()
        && let Some(now) = find(calendar, partner, &origin_id)?
    {
        return Err(overtaken(&now.event.id, now.revision));
    }
    let revision = |event: &Event| match kept.as_ref().filter(|find| find.event.id == event.id) {
        Some(seen) => Ok(seen.revision),
        None => planned_revision(calendar, &snapshot, &event.id),
    };
    let (outcome, event, change) = match planned.step {
        Step::Create(mut event) => {
            match names {
                Names::Planned => names::settle_planned(calendar, &snapshot, &mut event)?,
                Names::Free => names::settle_one(calendar, &snapshot, &mut event)?,
            }
            let change = Change::create(Event::clone(&event).into());
            (UpsertOutcome::Created, *event, Some(change))
        }
        Step::Update(event) => {
            let change = Change::update(Event::clone(&event).into(), revision(&event)?);
            let before = kept.as_ref().map(|find| &find.event);
            let is_as_it_was = before.is_some_and(|before| same_value(before, &event));
            let outcome = if is_as_it_was {
                UpsertOutcome::Unchanged
            } else {
                UpsertOutcome::Updated
            };
            (outcome, *event, Some(change))
        }
        Step::Join(event, _) => {
            let change = Change::update(Event::clone(&event).into(), revision(&event)?);
            (UpsertOutcome::Merged, *event, Some(change))
        }
        Step::Same => {
            let now = planned.event.map(|id| record(calendar, &id));
            let now = now.transpose()?.flatten().ok_or_else(gone)?;
            (UpsertOutcome::Unchanged, now.event, None)
        }
        Step::Ours => {
            let holders = uid.map(|uid| calendar.holders(&Claim::EventUid(uid)));
            let holders = holders.transpose()?.unwrap_or_default();
            let id = holders.first().and_then(|value| value.id.parse().ok());
            let known = id.map(|id| record(calendar, &id)).transpose()?.flatten();
            let known = known.ok_or_else(gone)?.event;
            // Two ids of one event would make it unclear what a later deletion of one means.
            let mut sources = known.sources.iter();
            if let Some(own) = sources.find(|source| source.partner == *partner) {
                return Err(UpsertError::OtherId(own.origin_id.clone()));
            }
            (UpsertOutcome::Merged, known, None)
        }
        Step::Left(why) | Step::Refuse(why) => return Err(UpsertError::Refused(why)),
    };
    let mut remarks = planned.remarks;
    let outweighed = outweighed::remark(
        calendar,
        (partner, &origin_id),
        &event,
        (&planned.versions, &planned.kept),
    )?;
    remarks.extend(outweighed);
    if rehearsal == Rehearsal::No {
        let mut changes: Vec<Change> = change.into_iter().collect();
        let versions = planned.versions.into_iter();
        changes.extend(versions.map(|version| Change::put(version.into())));
        changes.extend(matters.changes(calendar)?);
        changes.extend(told_of.map_or(Ok(None), |id| found_again(calendar, partner, [&id]))?);
        write(calendar, partner, "sent by the partner", changes)?;
    }
    Ok(Upserted {
        outcome,
        event,
        kept: planned.kept,
        remarks,
    })
}

/// Returns true if two versions of an event are equal except for sources and times of change.
fn same_value(one: &Event, other: &Event) -> bool {
    let said = |event: &Event| Event {
        sources: Vec::new(),
        modified: one.modified,
        last_change: None,
        ..event.clone()
    };
    said(one) == said(other)
}

/// Returns the revision of an event, if it is the one that the snapshot's plan is based on.
fn planned_revision(
    calendar: &Calendar,
    snapshot: &Snapshot,
    id: &EventId,
) -> Result<Revision, UpsertError> {
    let key = RecordKey::new(RecordKind::Event, id.as_str());
    let stored = calendar.get(&key)?.ok_or_else(gone)?;
    if stored.commit.0 > snapshot.version().commit {
        return Err(overtaken(id, stored.revision));
    }
    Ok(stored.revision)
}

/// The error for an event that was removed during the attempt.
fn gone() -> UpsertError {
    UpsertError::Refused("it was withdrawn meanwhile".into())
}

/// The conflict with a concurrent write, which causes another attempt.
fn overtaken(id: &EventId, found: Revision) -> UpsertError {
    let conflict = StoreError::Conflict {
        key: RecordKey::new(RecordKind::Event, id.as_str()),
        expected: Expected::Absent,
        found: Some(found),
    };
    conflict.into()
}

/// Plans one draft, and collects the suggestions for editors.
fn plan(
    calendar: &Calendar,
    snapshot: &Snapshot,
    partner: &PartnerId,
    draft: EventDraft,
) -> Result<(Planned, Matters), UpsertError> {
    let origin = Origin {
        partner: partner.clone(),
        url: draft
            .website
            .as_ref()
            .map_or_else(|| "partner interface".to_owned(), ToString::to_string),
        at: calendar.clock().now(),
    };
    let pairings = Pairings::kept(calendar)?;
    let known = snapshot.partner(partner);
    let connection = known.and_then(|partner| partner.connection.as_ref());
    let state = records::one::<PartnerState>(calendar, partner.as_str())?;
    let terms = IntakeTerms {
        missing: state.as_ref().map(|(state, _)| &state.missing),
        ..IntakeTerms::of_one(connection, &pairings)
    };
    let mut planner = Planner::new(&origin, snapshot, terms);
    let mut kept = |id: &EventId| Ok(record(calendar, id)?.map(|record| record.event));
    let planned = planner.plan(vec![draft], &mut Lookup::new(calendar, &mut kept))?;
    let planned = planned.into_iter().next();
    let planned = planned.ok_or_else(|| UpsertError::Refused("it cannot be planned".into()))?;
    Ok((planned, planner.into_matters()))
}

fn is_origin(source: &Source, partner: &PartnerId, origin_id: &str) -> bool {
    source.partner == *partner && source.origin_id == origin_id
}

fn write(
    calendar: &Calendar,
    partner: &PartnerId,
    note: &str,
    changes: Vec<Change>,
) -> Result<(), StoreError> {
    calendar.write(Author::Partner(partner.to_string()), note, changes)
}
