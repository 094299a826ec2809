//! One state of the published calendar.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use imbl::{HashMap, OrdMap, Vector};

use calendar_domain::partner::Permission;
use calendar_domain::zone::to_utc;
use calendar_domain::{
    Audience, Category, Event, EventId, Lang, Organizer, Owner, Partner, PartnerId, Place, Record,
    Region, Series, ShortName, Slug, StoredFilter, Text, Uid,
};

use super::Entry;
use super::changes::Changes;
use super::days::DayIndex;
use super::hidden::Hidden;
use super::index::Index;
use super::names::{Name, Names};
use super::skipped::Skipped;
use super::slots::{Slot, Slots};
use super::words::Words;

/// Which state a snapshot shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The last commit that is in it.
    pub commit: u64,
    /// When the last commit was made that changed anything for readers: one of filters alone,
    /// which changes no page and no feed, leaves it.
    pub at: DateTime<Utc>,
    /// The day, in the region's zone, around which it was made: what is past and what is to come
    /// changes at midnight even where nobody writes.
    pub today: NaiveDate,
}

/// An immutable state of the calendar with its indexes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(super) version: Version,
    pub(super) region: Arc<Region>,
    pub(super) categories: OrdMap<Slug, Arc<Category>>,
    pub(super) audiences: OrdMap<Slug, Arc<Audience>>,
    pub(super) places: OrdMap<Slug, Arc<Place>>,
    pub(super) organizers: OrdMap<Slug, Arc<Organizer>>,
    pub(super) partners: OrdMap<PartnerId, Arc<Partner>>,
    pub(super) series: OrdMap<Slug, Arc<Series>>,
    pub(super) filters: OrdMap<ShortName, Arc<StoredFilter>>,
    /// By slot; none where the event is gone.
    pub(super) entries: Vector<Option<Arc<Entry>>>,
    /// How many of them are there.
    pub(super) count: usize,
    pub(super) names: Names,
    pub(super) parts: HashMap<EventId, Slots>,
    pub(super) index: Index,
    pub(super) days: DayIndex,
    pub(super) words: Arc<Words>,
    pub(super) changes: Changes,
    /// The commit that last changed a record that is no event.
    pub(super) named: u64,
    pub(super) skipped: Skipped,
    pub(super) hidden: Hidden,
}

impl Snapshot {
    /// A calendar of a region that nothing is known of yet.
    #[must_use]
    pub fn empty(version: Version) -> Self {
        let region = Arc::new(nameless_region());
        Self {
            version,
            days: DayIndex::around(version.today, region.time_zone),
            region,
            categories: OrdMap::new(),
            audiences: OrdMap::new(),
            places: OrdMap::new(),
            organizers: OrdMap::new(),
            partners: OrdMap::new(),
            series: OrdMap::new(),
            filters: OrdMap::new(),
            entries: Vector::new(),
            count: 0,
            names: Names::default(),
            parts: HashMap::new(),
            index: Index::default(),
            words: Arc::new(Words::default()),
            changes: Changes::after(version.commit),
            named: version.commit,
            skipped: Skipped::new(),
            hidden: Hidden::default(),
        }
    }

    /// Which state this is.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The events that are shown differently here than in an earlier version: changed, new or gone
    /// themselves, or with another record that is shown with them. An event may come more than
    /// once. `None` where that is not known, and everything may differ: the version is of another
    /// day, or too many commits ago, or the region has changed since.
    #[must_use]
    pub fn changes_since(&self, version: Version) -> Option<impl Iterator<Item = &EventId>> {
        let comparable =
            version.today == self.version.today && version.commit <= self.version.commit;
        self.changes.since(version.commit).filter(|_| comparable)
    }

    /// The events that commits after this one touched, each with the commit, the latest first; an event
    /// comes once for each commit that touched it, itself or by a record that is shown with it. `None`
    /// where that is not remembered.
    #[must_use]
    pub fn touched_since(&self, commit: u64) -> Option<impl Iterator<Item = (u64, &EventId)>> {
        self.changes.touched_since(commit)
    }

    /// Whether every partner that an event came from lets it be passed on.
    #[must_use]
    pub fn may_pass_on(&self, event: &Event) -> bool {
        let partners = event.sources.iter();
        let mut partners = partners.filter_map(|source| self.partner(&source.partner));
        partners.all(|partner| partner.policy.passing_on == Permission::Allowed)
    }

    /// Whether the region, or a category, place, organizer or other record that names things, has
    /// changed since an earlier version.
    #[must_use]
    pub fn names_changed_since(&self, version: Version) -> bool {
        self.named > version.commit
    }

    /// When what is shown may have changed last: the last commit, or the midnight at which the
    /// day began and windows moved, whichever is later.
    #[must_use]
    pub fn modified(&self) -> DateTime<Utc> {
        self.version.at.max(self.midnight())
    }

    /// When the day of the snapshot began, in the region's zone.
    #[must_use]
    pub fn midnight(&self) -> DateTime<Utc> {
        let midnight = self.version.today.and_time(NaiveTime::MIN);
        to_utc(midnight, self.region.time_zone)
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// A subject.
    #[must_use]
    pub fn category(&self, slug: &Slug) -> Option<&Arc<Category>> {
        self.categories.get(slug)
    }

    /// All subjects, in the order of lists.
    #[must_use]
    pub fn categories(&self) -> Vec<&Arc<Category>> {
        let mut all: Vec<_> = self.categories.values().collect();
        all.sort_by_key(|category| (category.rank, &category.slug));
        all
    }

    /// A group of people.
    #[must_use]
    pub fn audience(&self, slug: &Slug) -> Option<&Arc<Audience>> {
        self.audiences.get(slug)
    }

    /// All groups of people, in the order of lists.
    #[must_use]
    pub fn audiences(&self) -> Vec<&Arc<Audience>> {
        let mut all: Vec<_> = self.audiences.values().collect();
        all.sort_by_key(|audience| (audience.rank, &audience.slug));
        all
    }

    /// A place.
    #[must_use]
    pub fn place(&self, slug: &Slug) -> Option<&Arc<Place>> {
        self.places.get(slug)
    }

    /// All places, by slug.
    pub fn places(&self) -> impl Iterator<Item = &Arc<Place>> {
        self.places.values()
    }

    /// An organizer.
    #[must_use]
    pub fn organizer(&self, slug: &Slug) -> Option<&Arc<Organizer>> {
        self.organizers.get(slug)
    }

    /// All organizers, by slug.
    pub fn organizers(&self) -> impl Iterator<Item = &Arc<Organizer>> {
        self.organizers.values()
    }

    /// A partner.
    #[must_use]
    pub fn partner(&self, id: &PartnerId) -> Option<&Arc<Partner>> {
        self.partners.get(id)
    }

    /// Whether any published event came from a partner.
    #[must_use]
    pub fn gives(&self, id: &PartnerId) -> bool {
        let found = self.index.partners.get(id);
        found.is_some_and(|events| !events.is_empty())
    }

    /// The published events that a partner is a source of.
    pub fn events_from(&self, id: &PartnerId) -> impl Iterator<Item = &Arc<Entry>> {
        let slots = self.index.partners.get(id).into_iter();
        slots
            .flat_map(Slots::iter)
            .filter_map(|slot| self.entry(slot))
    }

    /// The event that a partner knows by a name and that the public does not see.
    #[must_use]
    pub fn hidden_event(&self, partner: &PartnerId, origin_id: &str) -> Option<&EventId> {
        self.hidden.event(partner, origin_id)
    }

    /// The events of a partner that the public does not see, by the names that it knows them by.
    pub fn hidden_events(&self, partner: &PartnerId) -> impl Iterator<Item = (&str, &EventId)> {
        self.hidden.of(partner)
    }

    /// All partners, by id.
    pub fn partners(&self) -> impl Iterator<Item = &Arc<Partner>> {
        self.partners.values()
    }

    /// A series.
    #[must_use]
    pub fn series(&self, slug: &Slug) -> Option<&Arc<Series>> {
        self.series.get(slug)
    }

    /// All series, in the order of lists.
    #[must_use]
    pub fn all_series(&self) -> Vec<&Arc<Series>> {
        let mut all: Vec<_> = self.series.values().collect();
        all.sort_by_key(|series| (series.rank, &series.slug));
        all
    }

    /// Every record but the events.
    pub(super) fn other_records(&self) -> Vec<Record> {
        let mut all = vec![Record::Region(Arc::clone(&self.region))];
        all.extend(self.categories.values().cloned().map(Record::Category));
        all.extend(self.audiences.values().cloned().map(Record::Audience));
        all.extend(self.places.values().cloned().map(Record::Place));
        all.extend(self.organizers.values().cloned().map(Record::Organizer));
        all.extend(self.partners.values().cloned().map(Record::Partner));
        all.extend(self.series.values().cloned().map(Record::Series));
        all.extend(self.filters.values().cloned().map(Record::Filter));
        all
    }

    /// An event by its key.
    #[must_use]
    pub fn event(&self, id: &EventId) -> Option<&Arc<Entry>> {
        self.entry(self.slot_of(id)?)
    }

    /// An event by the address of its page.
    #[must_use]
    pub fn event_at(&self, slug: &Slug) -> Option<&Arc<Entry>> {
        let slots = self.names.candidates(Name::Slug(slug.as_str()));
        let mut found = slots.filter_map(|slot| self.entry(slot));
        found.find(|entry| entry.slug() == slug.as_str())
    }

    /// An event by its `UID`.
    #[must_use]
    pub fn event_of(&self, uid: &Uid) -> Option<&Arc<Entry>> {
        let slots = self.names.candidates(Name::Uid(uid.as_str()));
        let mut found = slots.filter_map(|slot| self.entry(slot));
        found.find(|entry| entry.uid() == uid.as_str())
    }

    /// All published events, in no order that means anything.
    pub fn events(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter().flatten()
    }

    /// How many events are published.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.count
    }

    /// A filter by its short name.
    #[must_use]
    pub fn filter(&self, name: &ShortName) -> Option<&Arc<StoredFilter>> {
        self.filters.get(name)
    }

    /// All filters that have a short name.
    pub fn filters(&self) -> impl Iterator<Item = &Arc<StoredFilter>> {
        self.filters.values()
    }

    /// The parts of an event, earliest first.
    #[must_use]
    pub fn parts_of(&self, id: &EventId) -> Vec<&Arc<Entry>> {
        let slots = self.parts.get(id).into_iter().flat_map(Slots::iter);
        let mut parts: Vec<_> = slots.filter_map(|slot| self.entry(slot)).collect();
        parts.sort_by_key(|entry| (entry.first, entry.id()));
        parts
    }

    pub(super) fn entry(&self, slot: Slot) -> Option<&Arc<Entry>> {
        self.entries.get(slot as usize)?.as_ref()
    }

    pub(super) fn slot_of(&self, id: &EventId) -> Option<Slot> {
        let mut slots = self.names.candidates(Name::Id(id.as_str()));
        slots.find(|slot| {
            self.entry(*slot)
                .is_some_and(|entry| entry.id() == id.as_str())
        })
    }

    pub(super) fn entries_with_slots(&self) -> impl Iterator<Item = (Slot, &Arc<Entry>)> {
        let numbered = (0..).zip(self.entries.iter());
        numbered.filter_map(|(slot, entry)| Some((slot, entry.as_ref()?)))
    }
}

/// Stands in until the first commit brings the region.
fn nameless_region() -> Region {
    Region {
        name: Text::default(),
        tagline: Text::default(),
        publisher: None,
        time_zone: chrono_tz::Europe::Oslo,
        languages: vec![Lang::Nb],
        uid_namespace: uuid::Uuid::nil(),
        municipalities: Vec::new(),
        county: None,
        holidays: Vec::new(),
        owner: Owner::DataFile,
    }
}
