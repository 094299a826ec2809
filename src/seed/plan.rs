//! Plan of the changes from the data files to the store.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use super::DataSet;
use super::editions::{PlannedEvent, called_off, wanted};
use calendar_domain::claim::uid_candidates;
use calendar_domain::revision::revise;
use calendar_domain::{
    Claim, Event, EventId, EventStatus, Field, Owner, PartnerId, Record, RecordKey, RecordKind,
    Region, Text,
};
use calendar_store::{Change, Stored};

/// The stored records that are relevant for a plan.
#[derive(Debug, Default)]
pub struct Current {
    records: BTreeMap<RecordKey, Stored>,
    names: BTreeSet<Claim>,
}

impl Current {
    /// Returns the state of a store with these records.
    pub fn new(stored: impl IntoIterator<Item = Stored>) -> Self {
        let mut current = Self::default();
        current.extend(stored);
        current
    }

    /// Adds records.
    pub(super) fn extend(&mut self, stored: impl IntoIterator<Item = Stored>) {
        for stored in stored {
            self.names.extend(stored.record.claims());
            self.records.insert(stored.record.key(), stored);
        }
    }

    /// Adds a name that is in use.
    pub(super) fn note_name(&mut self, claim: Claim) {
        self.names.insert(claim);
    }

    /// Returns an event with its stored record.
    fn event(&self, id: &EventId) -> Option<(&Event, &Stored)> {
        let stored = self.records.get(&event_key(id))?;
        match &stored.record {
            Record::Event(event) => Some((event, stored)),
            _ => None,
        }
    }
}

fn event_key(id: &EventId) -> RecordKey {
    RecordKey::new(RecordKind::Event, id.as_str())
}

/// Returns the changes that bring the store up to date with the files, with tentative editions for
/// `years`; empty if it is. Values of other owners stay.
#[must_use]
pub fn plan(
    data: &DataSet,
    current: &Current,
    now: DateTime<Utc>,
    years: &RangeInclusive<i32>,
) -> Vec<Change> {
    let mut changes: Vec<Change> = data
        .records()
        .filter_map(|record| record_change(record, current))
        .collect();
    changes.extend(left_partners(data, current));
    let mut all = wanted(data, years, now);
    settle_wholes(&mut all, current);
    changes.extend(
        all.iter()
            .filter_map(|wanted| event_change(&data.region, &wanted.event, current, now)),
    );
    let off = called_off(data);
    changes.extend(
        off.iter()
            .filter_map(|(id, note)| call_off(id, note, current, now)),
    );
    changes
}

/// Returns the ids of the events that a [`plan()`] compares, and the events that it may create.
pub(super) fn named_events(
    data: &DataSet,
    years: &RangeInclusive<i32>,
    now: DateTime<Utc>,
) -> (BTreeSet<EventId>, Vec<Event>) {
    let all = wanted(data, years, now);
    let mut named: BTreeSet<EventId> = called_off(data).into_keys().collect();
    let mut made = Vec::with_capacity(all.len());
    for PlannedEvent { event, whole } in all {
        named.insert(event.id.clone());
        named.extend(whole);
        made.push(event);
    }
    (named, made)
}

/// Returns an endless sequence of slugs for a new event, the event's own first.
pub(super) fn slugs_of(event: &Event) -> impl Iterator<Item = Claim> + use<> {
    let own = event.slug.clone();
    let next = {
        let own = own.clone();
        (2_u64..).map(move |n| own.with_suffix(&n.to_string()))
    };
    std::iter::once(own).chain(next).map(Claim::EventSlug)
}

/// Returns an endless sequence of UIDs for a new event, the event's own first.
pub(super) fn uids_of(region: &Region, event: &Event) -> impl Iterator<Item = Claim> + use<> {
    let next = uid_candidates(region.uid_namespace, &event.id);
    std::iter::once(event.uid.clone())
        .chain(next)
        .map(Claim::EventUid)
}

/// Sets the super-event of those events for which it exists, in the store or in the plan.
fn settle_wholes(all: &mut [PlannedEvent], current: &Current) {
    let ids: BTreeSet<EventId> = all.iter().map(|wanted| wanted.event.id.clone()).collect();
    for wanted in all {
        let exists = |id: &EventId| ids.contains(id) || current.event(id).is_some();
        wanted.event.super_event = wanted.whole.take().filter(exists);
    }
}

/// Returns the change of a record that is not an event. It changes as a whole, and only while the
/// files own it. A partner changes except for the fields set by commands.
fn record_change(record: Record, current: &Current) -> Option<Change> {
    let Some(stored) = current.records.get(&record.key()) else {
        return Some(Change::create(record));
    };
    let (record, may_change) = match (&stored.record, &record) {
        (Record::Partner(kept), Record::Partner(file)) => (kept.following(file).into(), true),
        _ => {
            let yields = owner(&stored.record).is_some_and(Owner::yields_to_data_files);
            (record, yields)
        }
    };
    (may_change && stored.record != record).then(|| Change::update(record, stored.revision))
}

/// Returns changes for partners that are no longer in the file. They stay because of their events
/// but are not fetched.
fn left_partners(data: &DataSet, current: &Current) -> Vec<Change> {
    let named: BTreeSet<&PartnerId> = data.partners.iter().map(|partner| &partner.id).collect();
    let stored = current.records.values();
    let change = |stored: &Stored| match &stored.record {
        Record::Partner(kept) if kept.owner.yields_to_data_files() && !named.contains(&kept.id) => {
            let next = kept.left_by_file();
            (next != **kept).then(|| Change::update(next.into(), stored.revision))
        }
        _ => None,
    };
    stored.filter_map(change).collect()
}

/// Returns the owner of a record; `None` for events, whose fields have owners, and for records that
/// files do not contain.
fn owner(record: &Record) -> Option<&Owner> {
    Some(match record {
        Record::Region(region) => &region.owner,
        Record::Category(category) => &category.owner,
        Record::Audience(audience) => &audience.owner,
        Record::Place(place) => &place.owner,
        Record::Organizer(organizer) => &organizer.owner,
        Record::Partner(partner) => &partner.owner,
        Record::Series(series) => &series.owner,
        Record::Event(_)
        | Record::Filter(_)
        | Record::Run(_)
        | Record::PartnerState(_)
        | Record::Suggestion(_)
        | Record::Pairing(_)
        | Record::AccessKey(_)
        | Record::Webhook(_)
        | Record::HubSubscription(_)
        | Record::Pushed(_)
        | Record::Pushing(_)
        | Record::SourceVersion(_)
        | Record::Account(_)
        | Record::Mail(_)
        | Record::Organisation(_)
        | Record::Submission(_)
        | Record::Report(_)
        | Record::Erasure(_) => return None,
    })
}

fn event_change(
    region: &Region,
    wanted: &Event,
    current: &Current,
    now: DateTime<Utc>,
) -> Option<Change> {
    let Some((old, stored)) = current.event(&wanted.id) else {
        let mut new = wanted.clone();
        // Another event may have the slug or UID; this one keeps its id and takes the next unused
        // ones.
        let free = |claim: &Claim| !current.names.contains(claim);
        let names = slugs_of(wanted).find(free).into_iter();
        for name in names.chain(uids_of(region, wanted).find(free)) {
            match name {
                Claim::EventSlug(slug) => new.slug = slug,
                Claim::EventUid(uid) => new.uid = uid,
                // No name of an event.
                Claim::AccountEmail(_) | Claim::Passkey(_) | Claim::AccountLogin { .. } => {}
            }
        }
        return Some(Change::create(new.into()));
    };
    let changed = revise(old, merged(old, wanted), now)?;
    Some(Change::update(changed.into(), stored.revision))
}

/// Returns the stored event with the fields that the files may set.
fn merged(old: &Event, wanted: &Event) -> Event {
    let mut next = old.clone();
    for (field, owner) in &wanted.owners {
        if may_set(*field, old, wanted) {
            next.take(*field, wanted);
            next.owners.insert(*field, owner.clone());
        }
    }
    next
}

/// Returns true if the files may set a field, which no one else owns.
///
/// Date and status depend on each other. Once another owner set the status, the date is fixed as
/// well. A status of the files applies to the date of the files only, unless it is cancelled or
/// postponed.
fn may_set(field: Field, old: &Event, wanted: &Event) -> bool {
    let free = |field| old.owner(field).is_none_or(Owner::yields_to_data_files);
    match field {
        Field::Schedule => free(Field::Schedule) && free(Field::Status),
        Field::Status => {
            let off = matches!(
                wanted.status,
                EventStatus::Cancelled | EventStatus::Postponed
            );
            let same_date = free(Field::Schedule) || old.schedule == wanted.schedule;
            free(Field::Status) && (off || same_date)
        }
        other => free(other),
    }
}

/// Cancels a tentative edition on its date if the files now list it without one, so that
/// subscribers see the cancellation.
fn call_off(id: &EventId, note: &Text, current: &Current, now: DateTime<Utc>) -> Option<Change> {
    let (old, stored) = current.event(id)?;
    if !old
        .owner(Field::Status)
        .is_none_or(Owner::yields_to_data_files)
    {
        return None;
    }
    let mut next = old.clone();
    next.status = EventStatus::Cancelled;
    next.status_note = note.clone();
    next.owners.insert(Field::Status, Owner::DataFile);
    let changed = revise(old, next, now)?;
    Some(Change::update(changed.into(), stored.revision))
}
