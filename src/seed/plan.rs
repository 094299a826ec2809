//! What has to change in the store for the data files to be true there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use super::DataSet;
use super::editions::{Wanted, called_off, wanted};
use calendar_domain::claim::uid_candidates;
use calendar_domain::revise::revise;
use calendar_domain::{
    Claim, Event, EventId, EventStatus, Field, Owner, PartnerId, Record, RecordKey, RecordKind,
    Region, Text,
};
use calendar_store::{Change, Stored};

/// What the store holds, as far as a plan has to know it.
#[derive(Debug, Default)]
pub struct Current {
    records: BTreeMap<RecordKey, Stored>,
    names: BTreeSet<Claim>,
}

impl Current {
    /// Of every record in the store.
    pub fn of(stored: impl IntoIterator<Item = Stored>) -> Self {
        let mut current = Self::default();
        current.extend(stored);
        current
    }

    /// Notes further records.
    pub(super) fn extend(&mut self, stored: impl IntoIterator<Item = Stored>) {
        for stored in stored {
            self.names.extend(stored.record.claims());
            self.records.insert(stored.record.key(), stored);
        }
    }

    /// Notes that a record has a name.
    pub(super) fn note_name(&mut self, claim: Claim) {
        self.names.insert(claim);
    }

    /// An event with the form of its record that it was seen in.
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

/// The changes that bring the store to what the files say, with tentative editions for `years`;
/// none where it says so already. What others set stays.
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

/// The events that a [`plan()`] looks at, and those that it may make.
pub(super) fn named_events(
    data: &DataSet,
    years: &RangeInclusive<i32>,
    now: DateTime<Utc>,
) -> (BTreeSet<EventId>, Vec<Event>) {
    let all = wanted(data, years, now);
    let mut named: BTreeSet<EventId> = called_off(data).into_keys().collect();
    let mut made = Vec::with_capacity(all.len());
    for Wanted { event, whole } in all {
        named.insert(event.id.clone());
        named.extend(whole);
        made.push(event);
    }
    (named, made)
}

/// The addresses that a new event may get, endlessly: its own first.
pub(super) fn slugs_of(event: &Event) -> impl Iterator<Item = Claim> + use<> {
    let own = event.slug.clone();
    let next = {
        let own = own.clone();
        (2_u64..).map(move |n| own.with_suffix(&n.to_string()))
    };
    std::iter::once(own).chain(next).map(Claim::EventSlug)
}

/// The identities that a new event may get, endlessly: its own first.
pub(super) fn uids_of(region: &Region, event: &Event) -> impl Iterator<Item = Claim> + use<> {
    let next = uid_candidates(region.uid_namespace, &event.id);
    std::iter::once(event.uid.clone())
        .chain(next)
        .map(Claim::EventUid)
}

/// Makes parts of those events whose whole is an event itself, in the store or about to be.
fn settle_wholes(all: &mut [Wanted], current: &Current) {
    let ids: BTreeSet<EventId> = all.iter().map(|wanted| wanted.event.id.clone()).collect();
    for wanted in all {
        let exists = |id: &EventId| ids.contains(id) || current.event(id).is_some();
        wanted.event.super_event = wanted.whole.take().filter(exists);
    }
}

/// A record that is no event changes as a whole, and only while it is the files' own. Of a partner, what no
/// command set changes.
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

/// Partners that are no longer in their file: they stay, for the events that they told of, and are not asked.
fn left_partners(data: &DataSet, current: &Current) -> Vec<Change> {
    let named: BTreeSet<&PartnerId> = data.partners.iter().map(|it| &it.id).collect();
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

/// Who last set a record; events are owned field by field.
fn owner(record: &Record) -> Option<&Owner> {
    Some(match record {
        Record::Region(it) => &it.owner,
        Record::Category(it) => &it.owner,
        Record::Audience(it) => &it.owner,
        Record::Place(it) => &it.owner,
        Record::Organizer(it) => &it.owner,
        Record::Partner(it) => &it.owner,
        Record::Series(it) => &it.owner,
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
        | Record::SourceVersion(_) => return None,
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
        // Somebody's event may have the address or the identity; ours keeps its id and takes the next free ones.
        let free = |claim: &Claim| !current.names.contains(claim);
        let names = slugs_of(wanted).find(free).into_iter();
        for name in names.chain(uids_of(region, wanted).find(free)) {
            match name {
                Claim::EventSlug(slug) => new.slug = slug,
                Claim::EventUid(uid) => new.uid = uid,
            }
        }
        return Some(Change::create(new.into()));
    };
    let changed = revise(old, merged(old, wanted), now)?;
    Some(Change::update(changed.into(), stored.revision))
}

/// The stored event with those fields taken over that the files may set.
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

/// Whether the files may set a field: nobody else set it. Date and status lean on each other:
/// once somebody has confirmed or cancelled the event, its date is theirs as well; and the files'
/// word that it takes place is about the files' date, not about one that somebody else gave.
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

/// A tentative edition whose year the files now tell to be off: whoever subscribed to it sees it
/// cancelled, on the date that it had.
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
