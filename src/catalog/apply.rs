//! How a commit changes the catalog: in time that depends on the commit.

use std::sync::Arc;

use chrono::NaiveDate;
use imbl::OrdSet;

use crate::domain::{Event, EventId, PartnerId, Record, RecordKey, RecordKind, ShortName, Slug};

use super::changes::Changes;
use super::days::DayIndex;
use super::index::Sets;
use super::snapshot::{Snapshot, Version};
use super::{Entry, Index};

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
        let mut stale: OrdSet<EventId> = OrdSet::new();
        let mut region_changed = false;
        let mut events: Vec<(EventId, Option<Arc<Event>>)> = Vec::new();
        let mut touched: Vec<EventId> = Vec::new();
        for (key, record) in changes {
            if key.kind == RecordKind::Event {
                events.extend(key.id.parse().ok().map(|id| (id, published(record))));
                continue;
            }
            stale = stale.union(next.events_that_name(key.kind, &key.id));
            region_changed |= key.kind == RecordKind::Region;
            next.put_other(key, record);
        }
        if region_changed {
            next.rebuild();
            stale = OrdSet::new();
        }
        for (id, event) in events {
            if next.looks_different_as_a_whole(&id, event.as_deref()) {
                stale = stale.union(next.parts.get(&id).cloned().unwrap_or_default());
            }
            stale.remove(&id);
            touched.push(id.clone());
            next.put_event(&id, event);
        }
        next.refresh(&stale);
        touched.extend(stale);
        match region_changed {
            true => next.changes = Changes::after(version.commit),
            false => next.changes.note(version.commit, touched),
        }
        next
    }

    /// The same calendar on another day.
    #[must_use]
    pub fn on(&self, today: NaiveDate) -> Self {
        let mut next = self.clone();
        next.version.today = today;
        next.rebuild();
        next
    }

    /// The events that are shown with a record.
    fn events_that_name(&self, kind: RecordKind, id: &str) -> OrdSet<EventId> {
        let index = &self.index;
        let named = |sets: &Sets<Slug>| {
            id.parse()
                .ok()
                .and_then(|slug: Slug| sets.get(&slug).cloned())
        };
        let set = match kind {
            RecordKind::Category => named(&index.categories),
            RecordKind::Audience => named(&index.audiences),
            RecordKind::Place => named(&index.places),
            RecordKind::Organizer => named(&index.organizers),
            RecordKind::Series => named(&index.series),
            RecordKind::Partner => id
                .parse()
                .ok()
                .and_then(|id: PartnerId| index.partners.get(&id).cloned()),
            // All of them, and those of an event: both are seen to on their own.
            RecordKind::Region | RecordKind::Event | RecordKind::Filter => None,
        };
        set.unwrap_or_default()
    }

    /// Whether the parts of an event have to name it otherwise from now on.
    fn looks_different_as_a_whole(&self, id: &EventId, next: Option<&Event>) -> bool {
        let face = |event: &Event| (event.uid.clone(), event.slug.clone(), event.title.clone());
        let old = self.events.get(id).map(|entry| face(&entry.event));
        self.parts.contains_key(id) && old != next.map(face)
    }

    /// Makes the entries of events anew.
    fn refresh(&mut self, stale: &OrdSet<EventId>) {
        for id in stale {
            let event = self.events.get(id).map(|entry| Arc::clone(&entry.event));
            self.put_event(id, event);
        }
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
            RecordKind::Event => {}
        }
    }

    /// Puts an event in place of what stood under its id, or takes it out, everywhere.
    fn put_event(&mut self, id: &EventId, event: Option<Arc<Event>>) {
        if let Some(old) = self.events.remove(id) {
            self.index.remove(&old);
            self.days.remove(&old);
            self.by_slug.remove(&old.event.slug);
            self.by_uid.remove(&old.event.uid);
            if let Some(whole) = &old.event.super_event
                && let Some(parts) = self.parts.get_mut(whole)
            {
                parts.remove(id);
            }
        }
        let Some(event) = event else { return };
        let entry = Arc::new(Entry::of(event, self));
        self.index.insert(&entry);
        self.days.insert(&entry);
        self.by_slug.insert(entry.event.slug.clone(), id.clone());
        self.by_uid.insert(entry.event.uid.clone(), id.clone());
        if let Some(whole) = &entry.event.super_event {
            self.parts
                .entry(whole.clone())
                .or_default()
                .insert(id.clone());
        }
        self.events.insert(id.clone(), entry);
    }

    /// Derives everything anew from the records: after a change of the zone or of the day.
    fn rebuild(&mut self) {
        let events: Vec<_> = self
            .events
            .values()
            .map(|entry| Arc::clone(&entry.event))
            .collect();
        self.events.clear();
        self.by_slug.clear();
        self.by_uid.clear();
        self.parts.clear();
        self.index = Index::default();
        self.days = DayIndex::around(self.version.today, self.region.time_zone);
        for event in events {
            let id = event.id.clone();
            self.put_event(&id, Some(event));
        }
    }
}

/// The event of a record that the public sees.
fn published(record: Option<&Record>) -> Option<Arc<Event>> {
    match record {
        Some(Record::Event(event)) if event.is_public() => Some(Arc::clone(event)),
        _ => None,
    }
}
