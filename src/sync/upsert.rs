//! One event that a partner sends by itself: taken in, looked up, taken back.

use crate::catalog::Calendar;
use crate::domain::revise::revise;
use crate::domain::{
    Event, EventDraft, EventId, Field, PartnerId, Publication, Record, RecordKey, RecordKind,
    Source,
};
use crate::store::{Author, Change, Commit, Revision, Store, StoreError};

use super::import::Rehearsal;
use super::reconcile::{Origin, Planner, Step, partner_event_id};

/// How often a write is tried that others get ahead of.
const ATTEMPTS: usize = 8;

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

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UpsertError {
    /// No such partner.
    #[error("there is no partner «{0}»")]
    UnknownPartner(PartnerId),
    /// It cannot be kept, for this reason.
    #[error("{0}")]
    Refused(String),
    /// It is not what the sender takes it for.
    #[error("the event has changed meanwhile")]
    Changed,
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
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
    loop {
        match once(calendar, partner, draft.clone(), rehearsal, expected) {
            Err(UpsertError::Store(StoreError::Conflict { .. })) if attempt < ATTEMPTS => {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

fn once(
    calendar: &Calendar,
    partner: &PartnerId,
    draft: EventDraft,
    rehearsal: Rehearsal,
    expected: &dyn Fn(Option<&Event>) -> bool,
) -> Result<Upserted, UpsertError> {
    let snapshot = calendar.snapshot();
    if snapshot.partner(partner).is_none() {
        return Err(UpsertError::UnknownPartner(partner.clone()));
    }
    let kept = find(calendar, partner, &draft.origin_id)?;
    if !expected(kept.as_ref().map(|it| &it.event)) {
        return Err(UpsertError::Changed);
    }
    let origin = Origin {
        partner: partner.clone(),
        url: draft
            .website
            .as_ref()
            .map_or_else(|| "partner interface".to_owned(), ToString::to_string),
        at: calendar.clock().now(),
    };
    let uid = draft.uid.clone();
    let mut planner = Planner::new(&origin, &snapshot);
    let planned = planner.plan(vec![draft], |id| {
        Ok::<_, StoreError>(record(calendar, id)?.map(|it| it.event))
    })?;
    let planned = planned.into_iter().next();
    let planned = planned.ok_or_else(|| UpsertError::Refused("it cannot be planned".into()))?;
    let gone = || UpsertError::Refused("it was taken away meanwhile".into());
    let (outcome, event, change) = match planned.step {
        Step::Create(event) => {
            let change = Change::create(Event::clone(&event).into());
            (UpsertOutcome::Created, *event, Some(change))
        }
        Step::Update(event) => {
            let revision = record(calendar, &event.id)?.ok_or_else(gone)?.revision;
            let seen = kept.filter(|it| it.event.id == event.id);
            let revision = seen.map_or(revision, |it| it.revision);
            let change = Change::update(Event::clone(&event).into(), revision);
            (UpsertOutcome::Updated, *event, Some(change))
        }
        Step::Same => (UpsertOutcome::Unchanged, kept.ok_or_else(gone)?.event, None),
        Step::Ours => {
            let known = uid.and_then(|uid| snapshot.event_of(&uid).cloned());
            let known = known.ok_or_else(gone)?.event();
            (UpsertOutcome::Merged, Event::clone(&known), None)
        }
        Step::Refuse(why) => return Err(UpsertError::Refused(why)),
    };
    if let (Some(change), Rehearsal::No) = (change, rehearsal) {
        write(calendar, partner, "sent by the partner", change)?;
    }
    Ok(Upserted {
        outcome,
        event,
        kept: planned.kept,
    })
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
    let id = partner_event_id(snapshot.region().uid_namespace, partner, origin_id);
    if let Some(kept) = record(calendar, &id)? {
        return Ok(Some(kept));
    }
    // One that came another way first and was joined with the partner's.
    let joined = snapshot.events_from(partner).find(|entry| {
        let event = entry.event();
        event
            .sources
            .iter()
            .any(|it| is_origin(it, partner, origin_id))
    });
    let id = joined.and_then(|entry| entry.id().parse::<EventId>().ok());
    id.map_or(Ok(None), |id| record(calendar, &id))
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
        let next = without(calendar, &event, partner, origin_id);
        let Some(next) = revise(&event, next, calendar.clock().now()) else {
            return Ok(true);
        };
        let change = Change::update(next.into(), revision);
        match write(calendar, partner, "taken back by the partner", change) {
            Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
            outcome => return Ok(outcome.map(|()| true)?),
        }
    }
}

/// An event without what a partner told of it.
fn without(calendar: &Calendar, event: &Event, partner: &PartnerId, origin_id: &str) -> Event {
    let mut next = event.clone();
    let namespace = calendar.snapshot().region().uid_namespace;
    let is_own = event.id == partner_event_id(namespace, partner, origin_id);
    let others = event.sources.len() > 1;
    if is_own && !others {
        next.publication = Publication::Withdrawn;
        // Sent again as it was, it is news again.
        for source in &mut next.sources {
            source.content_hash.clear();
        }
    } else {
        next.sources.retain(|it| !is_origin(it, partner, origin_id));
    }
    next
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
    let key = RecordKey::new(RecordKind::Event, id.as_str());
    Ok(calendar.get(&key)?.and_then(|it| match it.record {
        Record::Event(event) => Some(Kept {
            event: std::sync::Arc::unwrap_or_clone(event),
            revision: it.revision,
        }),
        _ => None,
    }))
}

fn is_origin(source: &Source, partner: &PartnerId, origin_id: &str) -> bool {
    source.partner == *partner && source.origin_id == origin_id
}

fn write(
    calendar: &Calendar,
    partner: &PartnerId,
    note: &str,
    change: Change,
) -> Result<(), StoreError> {
    let commit = Commit {
        author: Author::Partner(partner.to_string()),
        at: calendar.clock().now(),
        note: note.to_owned(),
        changes: vec![change],
    };
    calendar.commit(commit).map(|_| ())
}
