//! Building of the change log from the store, at the start and after too many changes at once.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::partner::Permission;
use calendar_domain::{
    Event, EventId, OrganizerRef, PartnerId, Publication, Record, RecordKey, RecordKind, Venue,
};
use calendar_store::{HISTORY_KEPT, RecordVersion, Revision, Store, StoreError, Stored};

use super::{ChangeIndex, Known, face_of, is_told, was_public};

/// The commit of a change, and its time.
type When = (u64, DateTime<Utc>);

/// The relevant data of an event in the store.
struct Found {
    id: EventId,
    own: When,
    /// The last change of a record shown with the event.
    named: Option<When>,
    revision: Revision,
    known: Known,
    event_is: Publication,
    created: DateTime<Utc>,
    partners: Vec<PartnerId>,
}

impl ChangeIndex {
    /// Builds the index, keeping the entries of events that were removed from the store.
    pub(super) fn fill(
        &mut self,
        calendar: &Calendar,
        snapshot: &Snapshot,
    ) -> Result<(), StoreError> {
        let before = std::mem::take(self);
        let found = events(calendar)?;
        let mut refusals = Refusals::default();
        let mut there = HashSet::new();
        for event in found {
            let was_told = before.known.contains_key(&event.id)
                || is_told(snapshot, &event.id)
                || refusals.was_told(calendar, snapshot, &event)?;
            if was_told {
                let last = event.named.map_or(event.own, |named| named.max(event.own));
                // It may have lost a part, which the store does not tell.
                let told = before.known.get(&event.id);
                let last = told.map_or(last, |told| last.max((told.commit, told.at)));
                let known = Known {
                    commit: last.0,
                    at: last.1,
                    ..event.known
                };
                self.put(&event.id, known);
            }
            there.insert(event.id);
        }
        for (id, known) in before.known {
            if there.contains(&id) {
                continue;
            }
            if known.face.is_some() {
                self.put(&id, known);
                continue;
            }
            // A removed event: the last version in its history has the commit that removed it.
            let key = RecordKey::new(RecordKind::Event, id.as_str());
            let history = calendar.history(&key)?;
            let end = history.last().map(|history| (history.commit.0, history.at));
            let (commit, at) = end.unwrap_or((known.commit, known.at));
            let mut versions = history.iter().rev();
            let face = versions.find_map(|version| version.record.as_ref().and_then(face_of));
            self.put(&id, Known { commit, at, face });
        }
        // Commits after the snapshot may be included, and are processed again.
        self.at = Some(snapshot.version().commit);
        Ok(())
    }
}

fn when(stored: &Stored) -> When {
    (stored.commit.0, stored.changed_at)
}

/// Returns every event in the store, with the last change of a record shown with it.
fn events(calendar: &Calendar) -> Result<Vec<Found>, StoreError> {
    let others = RecordKind::ALL.into_iter();
    let others = others
        .filter(|kind| kind.is_shown() && !matches!(kind, RecordKind::Event | RecordKind::Region));
    let mut named: HashMap<(RecordKind, String), When> = HashMap::new();
    calendar.scan(&others.collect::<Vec<_>>(), &mut |batch| {
        for stored in batch {
            let RecordKey { kind, id } = stored.record.key();
            named.insert((kind, id), when(&stored));
        }
    })?;
    let mut found = Vec::new();
    let mut wholes: HashMap<EventId, EventId> = HashMap::new();
    calendar.scan(&[RecordKind::Event], &mut |batch| {
        for stored in batch {
            let Record::Event(event) = &stored.record else {
                continue;
            };
            if let Some(whole) = &event.super_event {
                wholes.insert(event.id.clone(), whole.clone());
            }
            let names = names(event).into_iter();
            let latest = names.filter_map(|name| named.get(&name)).max().copied();
            found.push(found_event(&stored, event, latest));
        }
    })?;
    // A part is shown with the event that it is part of, and that event with its parts.
    let own: HashMap<EventId, When> = found
        .iter()
        .map(|item| (item.id.clone(), item.own))
        .collect();
    let of_parts = changes_of_parts(calendar, &found, &wholes)?;
    let licence = licence_change(calendar)?;
    for vec in &mut found {
        let whole = wholes.get(&vec.id).and_then(|id| own.get(id)).copied();
        let parts = of_parts.get(&vec.id).copied();
        vec.named = vec.named.max(whole).max(parts).max(licence);
    }
    Ok(found)
}

/// Returns when events last got, changed or lost a part. The whole of each part is in `wholes`.
fn changes_of_parts(
    calendar: &Calendar,
    found: &[Found],
    wholes: &HashMap<EventId, EventId>,
) -> Result<HashMap<EventId, When>, StoreError> {
    let mut last: HashMap<EventId, When> = HashMap::new();
    let mut note = |whole: &EventId, when: When| {
        let known = last.entry(whole.clone()).or_insert(when);
        *known = when.max(*known);
    };
    for item in found
        .iter()
        .filter(|found| found.event_is != Publication::Draft)
    {
        if let Some(whole) = wholes.get(&item.id) {
            // Its partner may have begun or ceased to refuse republication.
            note(
                whole,
                item.named.map_or(item.own, |named| named.max(item.own)),
            );
        }
    }
    let whole_of = |version: &RecordVersion| match &version.record {
        Some(Record::Event(event)) => event.super_event.clone(),
        _ => None,
    };
    for item in found
        .iter()
        .filter(|found| found.revision > Revision::FIRST)
    {
        let history = calendar.history(&RecordKey::new(RecordKind::Event, item.id.as_str()))?;
        for (before, after) in history.iter().zip(history.iter().skip(1)) {
            if let Some(former) = whole_of(before)
                && Some(&former) != whole_of(after).as_ref()
            {
                note(&former, (after.commit.0, after.at));
            }
        }
    }
    Ok(last)
}

/// Returns when the region's licence last changed, with which events are shown.
fn licence_change(calendar: &Calendar) -> Result<Option<When>, StoreError> {
    let licence = |record: &RecordVersion| match &record.record {
        Some(Record::Region(region)) => region.licence.clone(),
        _ => None,
    };
    let history = calendar.history(&RecordKey::new(RecordKind::Region, "region"))?;
    let mut changes = history.windows(2).rev().filter_map(|pair| match pair {
        [before, after] if licence(before) != licence(after) => Some((after.commit.0, after.at)),
        _ => None,
    });
    Ok(changes.next())
}

fn found_event(stored: &Stored, event: &Event, named: Option<When>) -> Found {
    let public = event.publication == Publication::Published;
    Found {
        id: event.id.clone(),
        own: when(stored),
        named,
        revision: stored.revision,
        known: Known {
            commit: stored.commit.0,
            at: stored.changed_at,
            face: if public {
                None
            } else {
                face_of(&stored.record)
            },
        },
        event_is: event.publication,
        created: event.created,
        partners: event
            .sources
            .iter()
            .map(|source| source.partner.clone())
            .collect(),
    }
}

/// Returns the records shown with an event.
fn names(event: &Event) -> Vec<(RecordKind, String)> {
    let mut all = Vec::new();
    let mut name = |kind, id: &dyn ToString| all.push((kind, id.to_string()));
    for venue in &event.venues {
        if let Venue::Place(slug) = venue {
            name(RecordKind::Place, slug);
        }
    }
    if let Some(OrganizerRef::Organizer(slug)) = &event.organizer {
        name(RecordKind::Organizer, slug);
    }
    for slug in &event.categories {
        name(RecordKind::Category, slug);
    }
    for slug in &event.audiences {
        name(RecordKind::Audience, slug);
    }
    if let Some(of) = &event.series {
        name(RecordKind::Series, &of.series);
    }
    for source in &event.sources {
        name(RecordKind::Partner, &source.partner);
    }
    all
}

/// Since when partners refuse republication, cached per partner.
#[derive(Default)]
struct Refusals(HashMap<PartnerId, Option<DateTime<Utc>>>);

impl Refusals {
    /// Returns true if an event that is not listed now was listed before.
    fn was_told(
        &mut self,
        calendar: &Calendar,
        snapshot: &Snapshot,
        found: &Found,
    ) -> Result<bool, StoreError> {
        for id in &found.partners {
            let refuses = |partner: &calendar_domain::Partner| {
                partner.policy.passing_on == Permission::Refused
            };
            if !snapshot.partner(id).is_some_and(|partner| refuses(partner)) {
                continue;
            }
            // It was listed only if it was created before the refusal.
            if self
                .until(calendar, id)?
                .is_none_or(|until| found.created >= until)
            {
                return Ok(false);
            }
        }
        if found.event_is == Publication::Published {
            return Ok(true);
        }
        if found.revision == Revision::FIRST {
            return Ok(false);
        }
        // The history is truncated, so its beginning is unknown.
        if found.revision.0 > HISTORY_KEPT {
            return Ok(found.event_is == Publication::Withdrawn);
        }
        let key = RecordKey::new(RecordKind::Event, found.id.as_str());
        let history = calendar.history(&key)?;
        Ok(history
            .iter()
            .any(|history| was_public(history.record.as_ref())))
    }

    /// Returns the time since when a partner refuses republication, or `None` if it always has.
    fn until(
        &mut self,
        calendar: &Calendar,
        id: &PartnerId,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        if let Some(known) = self.0.get(id) {
            return Ok(*known);
        }
        let key = RecordKey::new(RecordKind::Partner, id.as_str());
        let history = calendar.history(&key)?;
        let allowed = |record: Option<&Record>| matches!(record, Some(Record::Partner(partner)) if partner.policy.passing_on == Permission::Allowed);
        let last = history
            .iter()
            .rposition(|history| allowed(history.record.as_ref()));
        let until = last.and_then(|at| history.get(at + 1)).map(|next| next.at);
        self.0.insert(id.clone(), until);
        Ok(until)
    }
}
