//! Applies commits to the catalog, in time that depends on the size of the commit only.

use std::collections::BTreeMap;
use std::sync::Arc;

use calendar_domain::{Event, EventId, PartnerId, Record, RecordKey, RecordKind, ShortName, Slug};

use super::Entry;
use super::changes::Changes;
use super::days::DayIndex;
use super::denormalize::{municipalities, searchable};
use super::doc_set::{DocId, DocSet};
use super::index::{Index, Indexed, Sets};
use super::load::WORDS_AT_ONCE;
use super::names::NameIndex;
use super::panics::caught;
use super::snapshot::{Snapshot, SnapshotVersion};
use super::text_index::TextIndex;

/// How a commit is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// As a whole: a panic discards the commit.
    Usual,
    /// Event by event, each on a copy, after a panic.
    EachEvent,
}

impl Snapshot {
    /// Returns the snapshot after some records changed (`None`: removed). A panic drops the event
    /// that caused it, or at worst the contents of the commit, never the snapshot.
    #[must_use]
    pub fn with<'a>(
        &self,
        version: SnapshotVersion,
        changes: impl IntoIterator<Item = (&'a RecordKey, Option<&'a Record>)>,
    ) -> Self {
        let changes: Vec<_> = changes.into_iter().collect();
        let made = caught(|| self.after(version, &changes, Care::Usual));
        let made = made.or_else(|_| caught(|| self.after(version, &changes, Care::EachEvent)));
        made.unwrap_or_else(|why| {
            let commit = version.commit;
            tracing::error!(commit, why, "skipped a commit");
            Self {
                version,
                named: commit,
                changes: Changes::after(commit),
                ..self.clone()
            }
        })
    }

    fn after(
        &self,
        version: SnapshotVersion,
        changes: &[(&RecordKey, Option<&Record>)],
        care: Care,
    ) -> Self {
        let mut next = self.clone();
        next.version = version;
        let mut stale = DocSet::default();
        let mut region_changed = false;
        let mut events: BTreeMap<EventId, Option<&Event>> = BTreeMap::new();
        for &(key, record) in changes {
            if key.kind == RecordKind::Event {
                if let Ok(id) = key.id.parse() {
                    next.hidden.put(&id, event_of(record));
                    events.insert(id, published(record));
                }
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
            next.rebuild(care);
            for (id, event) in events {
                next.replace_event(&next.clone(), &id, event, care);
            }
            next.changes = Changes::after(version.commit);
            return next;
        }
        for (id, event) in &events {
            if self.looks_different_as_a_whole(id, *event) {
                stale.extend(self.parts.get(id).into_iter().flat_map(DocSet::iter));
            }
        }
        let stale = stale
            .iter()
            .filter_map(|slot| self.entry(slot).map(|entry| &**entry));
        let mut stale: Vec<EventId> = stale.filter_map(|entry| entry.id().parse().ok()).collect();
        for id in stale.iter().filter(|id| !events.contains_key(id)) {
            let event = self.event(id).map(|entry| entry.event());
            next.replace_event(self, id, event.as_deref(), care);
        }
        for (id, event) in &events {
            next.replace_event(self, id, *event, care);
        }
        next.renew_words();
        let other = stale.iter().filter(|id| !events.contains_key(id));
        let other = other.filter(|id| self.passes_on(id) != next.passes_on(id));
        let changed = events.keys().chain(other);
        let wholes = changed.flat_map(|id| self.wholes_that_change(&next, id));
        let wholes: Vec<EventId> = wholes.collect();
        stale.extend(wholes);
        next.changes.note(
            version.commit,
            stale.into_iter().chain(events.into_keys()).collect(),
        );
        next
    }

    /// Returns the events that are shown with a record.
    fn events_that_name(&self, kind: RecordKind, id: &str) -> Vec<DocId> {
        let index = &self.index;
        let named = |sets: &[&Sets<Slug>]| {
            let slug: Option<Slug> = id.parse().ok();
            let sets = slug
                .iter()
                .flat_map(|slug| sets.iter().filter_map(move |set| set.get(slug)));
            sets.flat_map(DocSet::iter).collect()
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
                found.into_iter().flat_map(DocSet::iter).collect()
            }
            // Handled separately: the region affects all events, an event its parts.
            RecordKind::Region | RecordKind::Event => Vec::new(),
            // Not public.
            RecordKind::Filter
            | RecordKind::Run
            | RecordKind::PartnerState
            | RecordKind::Suggestion
            | RecordKind::Pairing
            | RecordKind::AccessKey
            | RecordKind::Webhook
            | RecordKind::HubSubscription
            | RecordKind::Pushed
            | RecordKind::Pushing
            | RecordKind::SourceVersion
            | RecordKind::Account
            | RecordKind::Mail
            | RecordKind::Organisation
            | RecordKind::Submission
            | RecordKind::Report
            | RecordKind::Erasure => Vec::new(),
        }
    }

    /// Returns true if the parts of an event must refer to it differently.
    fn looks_different_as_a_whole(&self, id: &EventId, next: Option<&Event>) -> bool {
        if !self.parts.contains_key(id) {
            return false;
        }
        let old = self.event(id).map(|entry| entry.event());
        let face = |event: &Event| (event.uid.clone(), event.slug.clone(), event.title.clone());
        old.as_deref().map(face) != next.map(face)
    }

    /// Returns the events that have got or lost an event as a part in the next snapshot.
    fn wholes_that_change(&self, next: &Self, id: &EventId) -> Vec<EventId> {
        let (old, next) = (self.whole_passed_on(id), next.whole_passed_on(id));
        if old == next {
            return Vec::new();
        }
        old.into_iter().chain(next).collect()
    }

    /// Returns the event that an event is part of, if the part may be passed on.
    fn whole_passed_on(&self, id: &EventId) -> Option<EventId> {
        let part = self.event(id).filter(|_| self.passes_on(id))?;
        part.event().super_event.clone()
    }

    fn put_other(&mut self, key: &RecordKey, record: Option<&Record>) {
        /// Inserts or removes a record of one kind in its map.
        macro_rules! put {
            ($map:ident, $kind:ident, $id:ty) => {
                match (key.id.parse::<$id>(), record) {
                    (Ok(id), Some(Record::$kind(value))) => {
                        self.$map.insert(id, Arc::clone(value));
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
            | RecordKind::Pushing
            | RecordKind::SourceVersion
            | RecordKind::Account
            | RecordKind::Mail
            | RecordKind::Organisation
            | RecordKind::Submission
            | RecordKind::Report
            | RecordKind::Erasure => {}
        }
    }

    /// Replaces or removes an event in all indexes. `before` is the snapshot with the old event. An
    /// event that cannot be shown is dropped.
    fn replace_event(&mut self, before: &Self, id: &EventId, event: Option<&Event>, care: Care) {
        let event = self.showable(id, event);
        if care == Care::Usual {
            self.put_event(before, id, event);
            return;
        }
        let tried = |event: Option<&Event>| {
            caught(|| {
                let mut next = self.clone();
                next.put_event(before, id, event);
                next
            })
        };
        match tried(event) {
            Ok(next) => *self = next,
            Err(why) => {
                match tried(None) {
                    Ok(next) => *self = next,
                    Err(_) => self.evict(before, id),
                }
                self.skip(id, &why);
            }
        }
    }

    /// Removes an event as far as possible without decoding it. References to its slot in other
    /// indexes are harmless.
    pub(super) fn evict(&mut self, before: &Self, id: &EventId) {
        let Some(slot) = before.slot_of(id) else {
            return;
        };
        let Some(entry) = self.entry(slot).cloned() else {
            return;
        };
        self.names.remove(&entry, slot);
        self.words.forget(slot);
        self.entries.set(slot as usize, None);
        self.count -= 1;
    }

    /// Starts a new text index if most of the current one is stale. Earlier snapshots keep the old
    /// one.
    fn renew_words(&mut self) {
        if self.words.is_kept() && self.words.is_wasteful() {
            self.words = Arc::new(TextIndex::default());
            self.words.close();
            if self.count <= WORDS_AT_ONCE {
                self.fill_words();
            } else {
                self.words.leave_unfilled();
            }
        }
    }

    /// Replaces or removes an event in all indexes. `before` is the snapshot with the old event.
    fn put_event(&mut self, before: &Self, id: &EventId, event: Option<&Event>) {
        let old_slot = before.slot_of(id);
        let old = old_slot.and_then(|slot| before.entry(slot));
        let old_event = old.map(|entry| entry.event());
        if old.is_none() && event.is_none() {
            return;
        }
        let slot = old_slot.unwrap_or_else(|| self.next_slot());
        let entry = event.map(|event| Entry::new(event, self.region.time_zone));
        let places = old_event
            .as_deref()
            .map(|event| municipalities(event, before));
        let next_places = event.map(|event| municipalities(event, self));
        self.index.change(
            slot,
            Indexed::new(old_event.as_deref(), places.as_ref()),
            Indexed::new(event, next_places.as_ref()),
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
        } else {
            self.words.forget(slot);
        }
        self.count = self.count + usize::from(entry.is_some()) - usize::from(old.is_some());
        self.entries.set(slot as usize, entry.map(Arc::new));
    }

    fn next_slot(&mut self) -> DocId {
        let slot = DocId::try_from(self.entries.len()).expect("memory ends long before slots do");
        self.entries.push_back(None);
        slot
    }

    /// Updates which events are parts of which.
    pub(super) fn put_part(&mut self, slot: DocId, old: Option<&Event>, event: Option<&Event>) {
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

    /// Rebuilds all indexes from the records, after a change of the region.
    fn rebuild(&mut self, care: Care) {
        let events = self.events().map(|entry| caught(|| entry.event()));
        let events: Vec<Arc<Event>> = events.filter_map(Result::ok).collect();
        let empty = Self::empty(self.version);
        self.entries = empty.entries.clone();
        self.names = NameIndex::default();
        self.parts = empty.parts.clone();
        self.index = Index::default();
        if self.words.is_kept() {
            self.words = Arc::new(TextIndex::default());
        }
        self.count = 0;
        self.days = DayIndex::around(self.version.today, self.region.time_zone);
        for event in events {
            self.replace_event(&empty, &event.id, Some(&event), care);
        }
    }
}

/// Returns the event of a record if it is public.
fn published(record: Option<&Record>) -> Option<&Event> {
    event_of(record).filter(|event| event.is_public())
}

fn event_of(record: Option<&Record>) -> Option<&Event> {
    match record {
        Some(Record::Event(event)) => Some(event),
        _ => None,
    }
}
