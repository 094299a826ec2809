//! All changes of the deletion of a person's data.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use calendar_domain::revision::revise;
use calendar_domain::{
    Contact, ErasedKey, Event, Field, ImageName, Organisation, Organizer, OwnEvents, Owner,
    Publication, Record, RecordKey, RecordKind,
};
use calendar_store::{Author, Change, Revision, Store, StoreError, records};

use super::redaction::{Redaction, add_images, redact};
use super::subject::DataSubject;

/// Kinds of records with personal data.
pub(super) const KINDS: [RecordKind; 5] = [
    RecordKind::Account,
    RecordKind::Mail,
    RecordKind::Organisation,
    RecordKind::Submission,
    RecordKind::Report,
];

/// The changes of a deletion.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Public events without their texts and pictures, to be committed before they are withdrawn: subscribers get the
    /// last public version as cancelled.
    pub(super) stripped: Vec<Change>,
    pub(super) changes: Vec<Change>,
    pub(super) removed: BTreeSet<ErasedKey>,
    pub(super) changed: BTreeSet<ErasedKey>,
    pub(super) images: BTreeSet<ImageName>,
    pub(super) events_left: usize,
    pub(super) events_withdrawn: usize,
}

/// A record of which some version is about the person.
#[derive(Default)]
struct Found {
    /// Whether a version is about the person.
    is_affected: bool,
    /// Whether the person made a version.
    is_author: bool,
    /// The last version, and what becomes of it.
    last: Option<(Revision, Option<Record>, Redaction)>,
}

impl Plan {
    /// Plans the deletion. Records in `gone` are removed in any case.
    ///
    /// # Errors
    /// Errors if the store can't be read.
    pub(super) fn new(
        store: &dyn Store,
        subject: &DataSubject,
        gone: &BTreeSet<ErasedKey>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut plan = Self::default();
        let mut alone = Vec::new();
        for (key, found) in find(store, subject, gone, &mut plan.images)? {
            let Some((revision, record, redaction)) = found.last.filter(|_| found.is_affected)
            else {
                continue;
            };
            let is_gone = gone.contains(&ErasedKey(key.clone()));
            let is_removed = is_gone || redaction == Redaction::Removed;
            if let Some(Record::Organisation(organisation)) = &record
                && (is_removed || subject.alone.contains(&organisation.id))
            {
                alone.push(Organisation::clone(organisation));
            }
            match (record, redaction) {
                (None, _) => _ = plan.removed.insert(ErasedKey(key)),
                (Some(_), _) if is_removed => plan.remove(key, revision),
                (Some(_), Redaction::Removed) => {}
                (Some(_), Redaction::Changed(next)) => {
                    plan.changed.insert(ErasedKey(key));
                    plan.changes.push(Change::update(next, revision));
                }
                (Some(_), Redaction::Unaffected) => _ = plan.changed.insert(ErasedKey(key)),
            }
        }
        for organisation in &alone {
            plan.add_events(store, organisation, subject.own_events, now)?;
            plan.add_organizer(store, organisation, subject.own_events)?;
        }
        Ok(plan)
    }

    fn remove(&mut self, key: RecordKey, revision: Revision) {
        if self.removed.insert(ErasedKey(key.clone())) {
            self.changes.push(Change::remove(key, revision));
        }
    }

    /// Adds the public events of an organisation that is removed.
    fn add_events(
        &mut self,
        store: &dyn Store,
        organisation: &Organisation,
        own_events: OwnEvents,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut own = Vec::new();
        store.scan(&[RecordKind::Event], &mut |batch| {
            for stored in batch {
                if let Record::Event(event) = stored.record
                    && event.is_public()
                    && organisation.organizes(&event)
                {
                    own.push((event, stored.revision));
                }
            }
        })?;
        if own_events == OwnEvents::Keep {
            self.events_left += own.len();
            return Ok(());
        }
        for (event, mut revision) in own {
            add_images(&Record::Event(event.clone()), &mut self.images);
            let mut last = Event::clone(&event);
            if let Some(stripped) = revise(&event, stripped(&event), now) {
                last.clone_from(&stripped);
                self.stripped
                    .push(Change::update(stripped.into(), revision));
                revision = revision.next();
            }
            let mut gone = last.clone();
            gone.publication = Publication::Withdrawn;
            if let Some(gone) = revise(&last, gone, now) {
                let key = RecordKey::new(RecordKind::Event, gone.id.as_str());
                self.changed.insert(ErasedKey(key));
                self.changes.push(Change::update(gone.into(), revision));
                self.events_withdrawn += 1;
            }
        }
        Ok(())
    }

    /// Adds what becomes of the public entry of an organisation that is removed, if a person made it.
    fn add_organizer(
        &mut self,
        store: &dyn Store,
        organisation: &Organisation,
        own_events: OwnEvents,
    ) -> Result<(), StoreError> {
        let Some(slug) = &organisation.organizer else {
            return Ok(());
        };
        let Some((organizer, revision)) = records::one::<Organizer>(store, slug.as_str())? else {
            return Ok(());
        };
        let others = records::every::<Organisation>(store)?;
        let is_shared = others.iter().any(|(other, _)| {
            other.id != organisation.id && other.organizer.as_ref() == Some(slug)
        });
        if !organizer.owner.is_person() || is_shared {
            return Ok(());
        }
        let key = RecordKey::new(RecordKind::Organizer, slug.as_str());
        // An erasure that is repeated removes it in any case.
        if self.removed.contains(&ErasedKey(key.clone())) {
            return Ok(());
        }
        if own_events == OwnEvents::Withdraw {
            self.remove(key, revision);
            return Ok(());
        }
        if organizer.contact != Contact::default() {
            let next = Organizer {
                contact: Contact::default(),
                ..organizer
            };
            self.changes.push(Change::update(next.into(), revision));
        }
        self.changed.insert(ErasedKey(key));
        Ok(())
    }
}

/// Returns the records of which some version is about the person, and adds the image files of those versions.
fn find(
    store: &dyn Store,
    subject: &DataSubject,
    gone: &BTreeSet<ErasedKey>,
    images: &mut BTreeSet<ImageName>,
) -> Result<BTreeMap<RecordKey, Found>, StoreError> {
    let author = Author::Person(subject.account.to_string());
    let mut found: BTreeMap<RecordKey, Found> = BTreeMap::new();
    let mut kinds: BTreeSet<RecordKind> = KINDS.into();
    kinds.extend(gone.iter().map(|key| key.0.kind));
    let kinds: Vec<RecordKind> = kinds.into_iter().collect();
    store.scan_versions(&kinds, &mut |key, version| {
        let known = found.get(key).is_some_and(|found| found.is_author);
        let is_author = known || version.author == author;
        let redaction = version
            .record
            .as_ref()
            .map_or(Redaction::Unaffected, |record| {
                redact(record, subject, is_author)
            });
        let is_gone = gone.contains(&ErasedKey(key.clone()));
        let is_affected = redaction != Redaction::Unaffected || is_gone;
        if !is_affected && !found.contains_key(key) {
            return;
        }
        if let Some(record) = &version.record
            && (redaction == Redaction::Removed || is_gone)
        {
            add_images(record, images);
        }
        let entry = found.entry(key.clone()).or_default();
        entry.is_affected |= is_affected;
        entry.is_author |= is_author;
        entry.last = Some((version.revision, version.record, redaction));
    })?;
    Ok(found)
}

/// Returns an event with title, time, place and classification only.
fn stripped(event: &Event) -> Event {
    let (slug, uid, title) = (event.slug.clone(), event.uid.clone(), event.title.clone());
    let mut next = Event::new(slug, uid, title, event.schedule.clone(), event.created);
    next.id = event.id.clone();
    next.status = event.status;
    next.previous.clone_from(&event.previous);
    next.publication = event.publication;
    next.venues.clone_from(&event.venues);
    next.categories.clone_from(&event.categories);
    next.audiences.clone_from(&event.audiences);
    next.series.clone_from(&event.series);
    next.super_event.clone_from(&event.super_event);
    next.sources.clone_from(&event.sources);
    next.owners.clone_from(&event.owners);
    let keeps = |owner: &Owner| !matches!(owner, Owner::DataFile | Owner::Rule);
    if event
        .owner(Field::Publication)
        .is_none_or(|owner| !keeps(owner))
    {
        next.owners.remove(&Field::Publication);
    }
    next
}
