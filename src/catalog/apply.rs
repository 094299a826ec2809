//! How a commit changes the catalog: in time that depends on the commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::{Event, EventId, PartnerId, Record, RecordKey, RecordKind, ShortName, Slug};

use super::Entry;
use super::changes::Changes;
use super::days::DayIndex;
use super::facts::{municipalities, searchable};
use super::index::{Index, Indexed, Sets};
use super::names::Names;
use super::slots::{Slot, Slots};
use super::snapshot::{Snapshot, Version};
use super::words::Words;

impl Snapshot {
    /// The snapshot after some records changed (`None`: removed).
    #[must_use]
    pub fn with<'a>(
        &self,
        version: Version,
        changes: impl IntoIterator<Item = (&'a RecordKey, Option<&'a Record>)>,
    ) -> Self {
        let mut next = self.clone();
        next.version = version;
        let mut stale = Slots::default();
        let mut region_changed = false;
        let mut events: BTreeMap<EventId, Option<&Event>> = BTreeMap::new();
        for (key, record) in changes {
            if key.kind == RecordKind::Event {
                events.extend(key.id.parse().map(|id| (id, published(record))));
                continue;
            }
            stale.extend(self.events_that_name(key.kind, &key.id));
            region_changed |= key.kind == RecordKind::Region;
            if key.kind.is_shown() {
                next.named = version.commit;
            }
            next.put_other(key, record);
        }
        if region_changed {
            next.rebuild();
            for (id, event) in events {
                next.put_event(&next.clone(), &id, event);
            }
            next.changes = Changes::after(version.commit);
            return next;
        }
        for (id, event) in &events {
            if self.looks_different_as_a_whole(id, *event) {
                stale.extend(self.parts.get(id).into_iter().flat_map(Slots::iter));
            }
        }
        let stale = stale
            .iter()
            .filter_map(|slot| self.entry(slot).map(|entry| &**entry));
        let stale: Vec<EventId> = stale.filter_map(|entry| entry.id().parse().ok()).collect();
        for id in stale.iter().filter(|id| !events.contains_key(id)) {
            let event = self.event(id).map(|entry| entry.event());
            next.put_event(self, id, event.as_deref());
        }
        for (id, event) in &events {
            next.put_event(self, id, *event);
        }
        next.changes.note(
            version.commit,
            stale.into_iter().chain(events.into_keys()).collect(),
        );
        next
    }

    /// The same calendar on another day. Entries stay: what an event is does not change at midnight.
    #[must_use]
    pub fn on(&self, today: NaiveDate) -> Self {
        let mut next = self.clone();
        next.version.today = today;
        if !next
            .days
            .advance(today, |slot| self.entry(slot).map(|entry| &**entry))
        {
            next.days = DayIndex::around(today, self.region.time_zone);
            for (slot, entry) in self.entries_with_slots() {
                next.days.insert(slot, entry, &entry.event());
            }
        }
        next
    }

    /// The events that are shown with a record.
    fn events_that_name(&self, kind: RecordKind, id: &str) -> Vec<Slot> {
        let index = &self.index;
        let named = |sets: &[&Sets<Slug>]| {
            let slug: Option<Slug> = id.parse().ok();
            let sets = slug
                .iter()
                .flat_map(|slug| sets.iter().filter_map(move |it| it.get(slug)));
            sets.flat_map(Slots::iter).collect()
        };
        match kind {
            RecordKind::Category => named(&[&index.categories]),
            RecordKind::Audience => named(&[&index.audiences]),
            RecordKind::Place => named(&[&index.places, &index.other_places]),
            RecordKind::Organizer => named(&[&index.organizers]),
            RecordKind::Series => named(&[&index.series]),
            RecordKind::Partner => {
                let id: Option<PartnerId> = id.parse().ok();
                let found = id.and_then(|id| index.partners.get(&id));
                found.into_iter().flat_map(Slots::iter).collect()
            }
            // All of them, and those of an event: both are seen to on their own.
            RecordKind::Region | RecordKind::Event => Vec::new(),
            // What readers never see.
            RecordKind::Filter
            | RecordKind::Run
            | RecordKind::PartnerState
            | RecordKind::Suggestion
            | RecordKind::Pairing
            | RecordKind::AccessKey
            | RecordKind::Webhook
            | RecordKind::HubSubscription
            | RecordKind::Pushed
            | RecordKind::Pushing => Vec::new(),
        }
    }

    /// Whether the parts of an event have to name it otherwise from now on.
    fn looks_different_as_a_whole(&self, id: &EventId, next: Option<&Event>) -> bool {
        if !self.parts.contains_key(id) {
            return false;
        }
        let old = self.event(id).map(|entry| entry.event());
        let face = |event: &Event| (event.uid.clone(), event.slug.clone(), event.title.clone());
        old.as_deref().map(face) != next.map(face)
    }

    fn put_other(&mut self, key: &RecordKey, record: Option<&Record>) {
        /// Puts or removes a record of one kind in its map.
        macro_rules! put {
            ($map:ident, $kind:ident, $id:ty) => {
                match (key.id.parse::<$id>(), record) {
                    (Ok(id), Some(Record::$kind(it))) => {
                        self.$map.insert(id, Arc::clone(it));
                    }
                    (Ok(id), _) => {
                        self.$map.remove(&id);
                    }
                    (Err(_), _) => {}
                }
            };
        }
        match key.kind {
            RecordKind::Region => {
                if let Some(Record::Region(region)) = record {
                    self.region = Arc::clone(region);
                }
            }
            RecordKind::Category => put!(categories, Category, Slug),
            RecordKind::Audience => put!(audiences, Audience, Slug),
            RecordKind::Place => put!(places, Place, Slug),
            RecordKind::Organizer => put!(organizers, Organizer, Slug),
            RecordKind::Partner => put!(partners, Partner, PartnerId),
            RecordKind::Series => put!(series, Series, Slug),
            RecordKind::Filter => put!(filters, Filter, ShortName),
            RecordKind::Event
            | RecordKind::Run
            | RecordKind::PartnerState
            | RecordKind::Suggestion
            | RecordKind::Pairing
            | RecordKind::AccessKey
            | RecordKind::Webhook
            | RecordKind::HubSubscription
            | RecordKind::Pushed
            | RecordKind::Pushing => {}
        }
    }

    /// Puts an event in place of what stood under its id, or takes it out, everywhere. `before` is
    /// the snapshot in which that stood.
    fn put_event(&mut self, before: &Self, id: &EventId, event: Option<&Event>) {
        let old_slot = before.slot_of(id);
        let old = old_slot.and_then(|slot| before.entry(slot));
        let old_event = old.map(|entry| entry.event());
        if old.is_none() && event.is_none() {
            return;
        }
        let slot = old_slot.unwrap_or_else(|| self.next_slot());
        let entry = event.map(|event| Entry::of(event, self.region.time_zone));
        let places = old_event
            .as_deref()
            .map(|event| municipalities(event, before));
        let next_places = event.map(|event| municipalities(event, self));
        self.index.change(
            slot,
            Indexed::of(old_event.as_deref(), places.as_ref()),
            Indexed::of(event, next_places.as_ref()),
        );
        let same_days =
            old_event.as_deref().map(|event| &event.schedule) == event.map(|event| &event.schedule);
        if let (Some(old), Some(event), false) = (old, &old_event, same_days) {
            self.days.remove(slot, old, event);
        }
        if let Some(old) = old {
            self.names.remove(old, slot);
        }
        self.put_part(slot, old_event.as_deref(), event);
        if let (Some(entry), Some(event)) = (&entry, event) {
            if !same_days {
                self.days.insert(slot, entry, event);
            }
            self.names.insert(entry, slot);
            if self.words.is_kept() {
                self.words.add(slot, &searchable(event, self));
            }
        }
        self.count = self.count + usize::from(entry.is_some()) - usize::from(old.is_some());
        self.entries.set(slot as usize, entry.map(Arc::new));
    }

    fn next_slot(&mut self) -> Slot {
        let slot = Slot::try_from(self.entries.len()).expect("memory ends long before slots do");
        self.entries.push_back(None);
        slot
    }

    /// Keeps up which events are parts of which.
    pub(super) fn put_part(&mut self, slot: Slot, old: Option<&Event>, event: Option<&Event>) {
        let whole = |event: Option<&Event>| event.and_then(|event| event.super_event.clone());
        let (old, now) = (whole(old), whole(event));
        if old == now {
            return;
        }
        if let Some(whole) = old
            && let Some(parts) = self.parts.get_mut(&whole)
        {
            parts.remove(slot);
            if parts.is_empty() {
                self.parts.remove(&whole);
            }
        }
        if let Some(whole) = now {
            self.parts.entry(whole).or_default().insert(slot);
        }
    }

    /// Derives everything anew from the records: after a change of the region.
    fn rebuild(&mut self) {
        let events: Vec<Arc<Event>> = self.events().map(|entry| entry.event()).collect();
        let empty = Self::empty(self.version);
        self.entries = empty.entries.clone();
        self.names = Names::default();
        self.parts = empty.parts.clone();
        self.index = Index::default();
        self.words = Arc::new(Words::default());
        self.count = 0;
        self.days = DayIndex::around(self.version.today, self.region.time_zone);
        for event in events {
            self.put_event(&empty, &event.id, Some(&event));
        }
    }
}

/// The event of a record that the public sees.
fn published(record: Option<&Record>) -> Option<&Event> {
    match record {
        Some(Record::Event(event)) if event.is_public() => Some(event),
        _ => None,
    }
}
