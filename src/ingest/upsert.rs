//! One event that a partner sends by itself: taken in, looked up, taken back.

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::revise::revise;
use calendar_domain::{
    Claim, Event, EventDraft, EventId, Field, PartnerId, Publication, Record, RecordKey,
    RecordKind, Source, SourceVersion,
};
use calendar_store::{Author, Change, Expected, Revision, Store, StoreError, records};

mod error;

use crate::ingest::import::Rehearsal;
use crate::ingest::names;
use crate::ingest::reconcile::answer::lose_source;
use crate::ingest::reconcile::{
    Lookup, Origin, Pairings, Planned, Planner, Step, Terms, partner_event_id,
};
use crate::ingest::suggestions::Matters;

pub use error::UpsertError;

/// How often a write is tried that others get ahead of.
const ATTEMPTS: usize = 16;
/// How often of these a new event whose names were taken meanwhile is planned anew before it just gets others.
const JOINING: usize = 4;

/// What became of an event that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Upserted {
    /// What became of it.
    pub outcome: UpsertOutcome,
    /// The event as it is kept now, or would be.
    pub event: Event,
    /// What a person has set here and was left as it is.
    pub kept: Vec<Field>,
}

/// What can become of an event that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UpsertOutcome {
    /// It was new.
    Created,
    /// It had changed.
    Updated,
    /// It was as it is.
    Unchanged,
    /// It is one that came another way.
    Merged,
}

/// An event as it stands in the store, published or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The event.
    pub event: Event,
    /// Its revision.
    pub revision: Revision,
}

/// Takes one event of a partner in. It blocks while the store writes.
///
/// # Errors
/// Where it cannot be kept, or the store refuses.
pub fn upsert(
    calendar: &Calendar,
    partner: &PartnerId,
    draft: EventDraft,
    rehearsal: Rehearsal,
) -> Result<Upserted, UpsertError> {
    upsert_where(calendar, partner, draft, rehearsal, &|_| true)
}

/// The same, only where what is kept now is as the sender expects; asked again for each attempt.
///
/// # Errors
/// [`UpsertError::Changed`] where it is not; else as [`upsert`].
pub fn upsert_where(
    calendar: &Calendar,
    partner: &PartnerId,
    draft: EventDraft,
    rehearsal: Rehearsal,
    expected: &dyn Fn(Option<&Event>) -> bool,
) -> Result<Upserted, UpsertError> {
    let mut attempt = 1;
    let _turn = calendar
        .planning()
        .on_day(draft.schedule.when.start().date());
    loop {
        let names = if attempt <= JOINING {
            Names::Planned
        } else {
            Names::Free
        };
        match once(calendar, partner, draft.clone(), rehearsal, expected, names) {
            Err(UpsertError::Store(StoreError::Conflict { .. } | StoreError::Taken { .. }))
                if attempt < ATTEMPTS =>
            {
                names::catch_up(calendar);
            }
            outcome => return outcome,
        }
        attempt += 1;
    }
}

/// Which names a new event gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Those of the plan. Where another writer is faster, the next plan may join the two events.
    Planned,
    /// Those that are free whatever the plan says.
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
    if !expected(kept.as_ref().map(|it| &it.event)) {
        return Err(UpsertError::Changed);
    }
    let (uid, origin_id) = (draft.uid.clone(), draft.origin_id.clone());
    let (planned, matters) = plan(calendar, &snapshot, partner, draft)?;
    // The plan is about an event that was not there when the sender's expectation was looked at.
    if matches!(planned.step, Step::Update(_) | Step::Same)
        && kept.is_none()
        && let Some(now) = find(calendar, partner, &origin_id)?
    {
        return Err(overtaken(&now.event.id, now.revision));
    }
    let revision = |event: &Event| match kept.as_ref().filter(|it| it.event.id == event.id) {
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
            (UpsertOutcome::Updated, *event, Some(change))
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
            let id = holders.first().and_then(|it| it.id.parse().ok());
            let known = id.map(|id| record(calendar, &id)).transpose()?.flatten();
            (UpsertOutcome::Merged, known.ok_or_else(gone)?.event, None)
        }
        Step::Left(why) | Step::Refuse(why) => return Err(UpsertError::Refused(why)),
    };
    if rehearsal == Rehearsal::No {
        let mut changes: Vec<Change> = change.into_iter().collect();
        let versions = planned.versions.into_iter();
        changes.extend(versions.map(|version| Change::put(version.into())));
        changes.extend(matters.changes(calendar)?);
        write(calendar, partner, "sent by the partner", changes)?;
    }
    Ok(Upserted {
        outcome,
        event,
        kept: planned.kept,
    })
}

/// The revision of an event that a plan of the snapshot was made of.
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

/// An attempt that was about an event which is there no more.
fn gone() -> UpsertError {
    UpsertError::Refused("it was taken away meanwhile".into())
}

/// An attempt that somebody else was faster than.
fn overtaken(id: &EventId, found: Revision) -> UpsertError {
    let conflict = StoreError::Conflict {
        key: RecordKey::new(RecordKind::Event, id.as_str()),
        expected: Expected::Absent,
        found: Some(found),
    };
    conflict.into()
}

/// What becomes of the draft, and what somebody has to decide about it.
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
    let connection = known.and_then(|it| it.connection.as_ref());
    let terms = Terms::of_one(connection, &pairings);
    let mut planner = Planner::new(&origin, snapshot, terms);
    let mut kept = |id: &EventId| Ok(record(calendar, id)?.map(|it| it.event));
    let planned = planner.plan(vec![draft], &mut Lookup::new(calendar, &mut kept))?;
    let planned = planned.into_iter().next();
    let planned = planned.ok_or_else(|| UpsertError::Refused("it cannot be planned".into()))?;
    Ok((planned, planner.into_matters()))
}

/// The event that a partner knows by an id of its own, in whatever state.
///
/// # Errors
/// Where the store cannot be read.
pub fn find(
    calendar: &Calendar,
    partner: &PartnerId,
    origin_id: &str,
) -> Result<Option<Kept>, StoreError> {
    let snapshot = calendar.snapshot();
    let namespace = snapshot.region().uid_namespace;
    let tells = |event: &Event| {
        let mut sources = event.sources.iter();
        sources.any(|it| is_origin(it, partner, origin_id))
    };
    // Under another id where somebody parted it from an event of others that has the first.
    for named in [origin_id.to_owned(), format!("{origin_id}/again")] {
        let id = partner_event_id(namespace, partner, &named);
        if let Some(kept) = record(calendar, &id)?.filter(|it| tells(&it.event)) {
            return Ok(Some(kept));
        }
    }
    // One that came another way first and was joined with the partner's.
    let joined = snapshot
        .events_from(partner)
        .find(|entry| tells(&entry.event()));
    let id = joined.and_then(|entry| entry.id().parse::<EventId>().ok());
    let id = id.or_else(|| snapshot.hidden_event(partner, origin_id).cloned());
    let kept = id.map_or(Ok(None), |id| record(calendar, &id))?;
    Ok(kept.filter(|it| tells(&it.event)))
}

/// Returns an event as a partner itself has described it: what others say of it is not the partner's to send again.
///
/// # Errors
/// Where the store cannot be read.
pub fn in_own_words(
    calendar: &Calendar,
    partner: &PartnerId,
    origin_id: &str,
    event: &Event,
) -> Result<Event, StoreError> {
    let mut next = event.clone();
    let own = event
        .sources
        .iter()
        .find(|it| is_origin(it, partner, origin_id));
    let Some(source) = own.filter(|_| event.sources.len() > 1) else {
        return Ok(next);
    };
    let key = SourceVersion::key_of(partner, origin_id);
    if let Some((version, _)) = records::one::<SourceVersion>(calendar, &key)?
        && version.event == event.id
        && version.is_of(source)
    {
        for field in Field::ALL
            .into_iter()
            .filter(|it| *it != Field::Publication)
        {
            next.take(field, &version.told);
        }
    }
    Ok(next)
}

/// Takes an event of a partner's back: withdraws it where it is the partner's alone, and else only
/// forgets that the partner told of it. `false` where there is no such event.
///
/// # Errors
/// [`UpsertError::Changed`] where it is not as the sender expects; or what the store says.
pub fn withdraw(
    calendar: &Calendar,
    partner: &PartnerId,
    origin_id: &str,
    expected: &dyn Fn(Option<&Event>) -> bool,
) -> Result<bool, UpsertError> {
    let mut attempt = 1;
    loop {
        let Some(Kept { event, revision }) = find(calendar, partner, origin_id)? else {
            return Ok(false);
        };
        if !expected(Some(&event)) {
            return Err(UpsertError::Changed);
        }
        let mut next = event.clone();
        let mut kept = |id: &EventId| Ok(record(calendar, id)?.map(|it| it.event));
        let stored = Lookup::new(calendar, &mut kept);
        let keys = lose_source(&mut next, |it| is_origin(it, partner, origin_id), &stored)?;
        let Some(next) = revise(&event, next, calendar.clock().now()) else {
            return Ok(true);
        };
        let mut changes = vec![Change::update(next.into(), revision)];
        for key in keys {
            if let Some((_, revision)) = records::one::<SourceVersion>(calendar, &key)? {
                let key = RecordKey::new(RecordKind::SourceVersion, key);
                changes.push(Change::remove(key, revision));
            }
        }
        match write(calendar, partner, "taken back by the partner", changes) {
            Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
            outcome => return Ok(outcome.map(|()| true)?),
        }
    }
}

/// Every event that a partner sent or that was joined with one of its own, by the partner's id.
///
/// # Errors
/// Where the store cannot be read.
pub fn all_of(
    calendar: &Calendar,
    partner: &PartnerId,
) -> Result<Vec<(String, EventId)>, StoreError> {
    let mut found = Vec::new();
    calendar.scan(&[RecordKind::Event], &mut |batch| {
        for stored in batch {
            if let Record::Event(event) = &stored.record
                && event.publication != Publication::Withdrawn
            {
                let own = event.sources.iter().filter(|it| it.partner == *partner);
                found.extend(own.map(|it| (it.origin_id.clone(), event.id.clone())));
            }
        }
    })?;
    found.sort();
    Ok(found)
}

/// The event under an id.
///
/// # Errors
/// Where the store cannot be read.
pub fn record(calendar: &Calendar, id: &EventId) -> Result<Option<Kept>, StoreError> {
    let found = records::one(calendar, id.as_str())?;
    Ok(found.map(|(event, revision)| Kept { event, revision }))
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
