//! One state of the published calendar.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use imbl::{HashMap, OrdMap, OrdSet};

use crate::domain::zone::to_utc;
use crate::domain::{
    Audience, Category, EventId, Lang, Organizer, Owner, Partner, PartnerId, Place, Region, Series,
    ShortName, Slug, StoredFilter, Text, Uid,
};

use super::changes::Changes;
use super::days::DayIndex;
use super::{Entry, Index};

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
    pub(super) events: OrdMap<EventId, Arc<Entry>>,
    pub(super) filters: OrdMap<ShortName, Arc<StoredFilter>>,
    pub(super) by_slug: HashMap<Slug, EventId>,
    pub(super) by_uid: HashMap<Uid, EventId>,
    pub(super) parts: HashMap<EventId, OrdSet<EventId>>,
    pub(super) index: Index,
    pub(super) days: DayIndex,
    pub(super) changes: Changes,
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
            events: OrdMap::new(),
            filters: OrdMap::new(),
            by_slug: HashMap::new(),
            by_uid: HashMap::new(),
            parts: HashMap::new(),
            index: Index::default(),
            changes: Changes::after(version.commit),
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

    /// When what is shown may have changed last: the last commit, or the midnight at which the
    /// day began and windows moved, whichever is later.
    #[must_use]
    pub fn modified(&self) -> DateTime<Utc> {
        let midnight = self.version.today.and_time(NaiveTime::MIN);
        self.version.at.max(to_utc(midnight, self.region.time_zone))
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

    /// An event by its key.
    #[must_use]
    pub fn event(&self, id: &EventId) -> Option<&Arc<Entry>> {
        self.events.get(id)
    }

    /// An event by the address of its page.
    #[must_use]
    pub fn event_at(&self, slug: &Slug) -> Option<&Arc<Entry>> {
        self.by_slug.get(slug).and_then(|id| self.events.get(id))
    }

    /// An event by its `UID`.
    #[must_use]
    pub fn event_of(&self, uid: &Uid) -> Option<&Arc<Entry>> {
        self.by_uid.get(uid).and_then(|id| self.events.get(id))
    }

    /// All published events, by key.
    pub fn events(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.events.values()
    }

    /// How many events are published.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.events.len()
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
        let ids = self.parts.get(id).into_iter().flatten();
        let mut parts: Vec<_> = ids.filter_map(|id| self.events.get(id)).collect();
        parts.sort_by_key(|entry| (entry.first, &entry.event.id));
        parts
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
