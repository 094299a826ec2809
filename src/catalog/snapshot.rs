//! A state of the published calendar.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use imbl::{HashMap, OrdMap, Vector};

use calendar_domain::zone::to_utc;
use calendar_domain::{
    Audience, Category, EventId, Lang, Organizer, Owner, Partner, PartnerId, Place, Record, Region,
    Series, ShortName, Slug, StoredFilter, Text, Uid,
};

use super::Entry;
use super::changes::Changes;
use super::days::DayIndex;
use super::doc_set::{DocId, DocSet};
use super::full_text::FullText;
use super::hidden::Hidden;
use super::index::Index;
use super::names::{NameIndex, NameKind};
use super::text_index::TextIndex;

/// SnapshotVersion of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotVersion {
    /// Last commit included.
    pub commit: u64,
    /// Time of the last commit that changed public data. A commit of filters alone changes no page
    /// or feed and does not count.
    pub at: DateTime<Utc>,
    /// Date in the region's zone on which past and future depend; it changes at midnight without a
    /// commit.
    pub today: NaiveDate,
}

/// An immutable state of the calendar with its indexes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(super) version: SnapshotVersion,
    pub(super) region: Arc<Region>,
    pub(super) categories: OrdMap<Slug, Arc<Category>>,
    pub(super) audiences: OrdMap<Slug, Arc<Audience>>,
    pub(super) places: OrdMap<Slug, Arc<Place>>,
    pub(super) organizers: OrdMap<Slug, Arc<Organizer>>,
    pub(super) partners: OrdMap<PartnerId, Arc<Partner>>,
    pub(super) series: OrdMap<Slug, Arc<Series>>,
    pub(super) filters: OrdMap<ShortName, Arc<StoredFilter>>,
    /// By slot; `None` for removed events.
    pub(super) entries: Vector<Option<Arc<Entry>>>,
    /// Number of events.
    pub(super) count: usize,
    pub(super) names: NameIndex,
    pub(super) parts: HashMap<EventId, DocSet>,
    pub(super) index: Index,
    pub(super) days: DayIndex,
    pub(super) words: Arc<TextIndex>,
    pub(super) full_text: Arc<FullText>,
    pub(super) changes: Changes,
    /// Last commit that changed a public record other than an event.
    pub(super) named: u64,
    /// Dropped events with the reasons.
    pub(super) skipped: OrdMap<EventId, Arc<str>>,
    pub(super) hidden: Hidden,
}

impl Snapshot {
    /// Returns an empty calendar with a placeholder region.
    #[must_use]
    pub fn empty(version: SnapshotVersion) -> Self {
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
            names: NameIndex::default(),
            parts: HashMap::new(),
            index: Index::default(),
            words: Arc::new(TextIndex::default()),
            full_text: Arc::new(FullText::default()),
            changes: Changes::after(version.commit),
            named: version.commit,
            skipped: OrdMap::new(),
            hidden: Hidden::default(),
        }
    }

    /// Returns the version of this state.
    #[must_use]
    pub fn version(&self) -> SnapshotVersion {
        self.version
    }

    /// Returns the events that differ from an earlier version: changed, added or removed, or shown
    /// with a record that changed. An event may be repeated.
    ///
    /// Returns `None` if that is unknown and everything may differ: the version is of another date,
    /// is too many commits old, or precedes a change of the region.
    #[must_use]
    pub fn changes_since(
        &self,
        version: SnapshotVersion,
    ) -> Option<impl Iterator<Item = &EventId>> {
        let comparable =
            version.today == self.version.today && version.commit <= self.version.commit;
        self.changes.since(version.commit).filter(|_| comparable)
    }

    /// Returns the events affected by commits after this one, each with its commit, latest first.
    /// An event is repeated for each commit that affected it or a record shown with it. Returns
    /// `None` if the history does not reach back that far.
    #[must_use]
    pub fn touched_since(&self, commit: u64) -> Option<impl Iterator<Item = (u64, &EventId)>> {
        self.changes.touched_since(commit)
    }

    /// Returns true if the region or a record shown with events, such as a category, place or
    /// organizer, has changed since an earlier version.
    #[must_use]
    pub fn names_changed_since(&self, version: SnapshotVersion) -> bool {
        self.named > version.commit
    }

    /// Returns an upper bound of the time of the last visible change: the last commit or the last
    /// midnight, whichever is later.
    #[must_use]
    pub fn modified(&self) -> DateTime<Utc> {
        self.version.at.max(self.midnight())
    }

    /// Returns the beginning of the snapshot's date in the region's zone.
    #[must_use]
    pub fn midnight(&self) -> DateTime<Utc> {
        let midnight = self.version.today.and_time(NaiveTime::MIN);
        to_utc(midnight, self.region.time_zone)
    }

    /// Returns the region.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Returns a category.
    #[must_use]
    pub fn category(&self, slug: &Slug) -> Option<&Arc<Category>> {
        self.categories.get(slug)
    }

    /// Returns all categories, in display order.
    #[must_use]
    pub fn categories(&self) -> Vec<&Arc<Category>> {
        let mut all: Vec<_> = self.categories.values().collect();
        all.sort_by_key(|category| (category.rank, &category.slug));
        all
    }

    /// Returns an audience.
    #[must_use]
    pub fn audience(&self, slug: &Slug) -> Option<&Arc<Audience>> {
        self.audiences.get(slug)
    }

    /// Returns all audiences, in display order.
    #[must_use]
    pub fn audiences(&self) -> Vec<&Arc<Audience>> {
        let mut all: Vec<_> = self.audiences.values().collect();
        all.sort_by_key(|audience| (audience.rank, &audience.slug));
        all
    }

    /// Returns a place.
    #[must_use]
    pub fn place(&self, slug: &Slug) -> Option<&Arc<Place>> {
        self.places.get(slug)
    }

    /// Returns all places, by slug.
    pub fn places(&self) -> impl Iterator<Item = &Arc<Place>> {
        self.places.values()
    }

    /// Returns an organizer.
    #[must_use]
    pub fn organizer(&self, slug: &Slug) -> Option<&Arc<Organizer>> {
        self.organizers.get(slug)
    }

    /// Returns all organizers, by slug.
    pub fn organizers(&self) -> impl Iterator<Item = &Arc<Organizer>> {
        self.organizers.values()
    }

    /// Returns a partner.
    #[must_use]
    pub fn partner(&self, id: &PartnerId) -> Option<&Arc<Partner>> {
        self.partners.get(id)
    }

    /// Returns true if any published event came from a partner.
    #[must_use]
    pub fn gives(&self, id: &PartnerId) -> bool {
        let found = self.index.partners.get(id);
        found.is_some_and(|events| !events.is_empty())
    }

    /// Returns the published events with a partner as source.
    pub fn events_from(&self, id: &PartnerId) -> impl Iterator<Item = &Arc<Entry>> {
        let slots = self.index.partners.get(id).into_iter();
        slots
            .flat_map(DocSet::iter)
            .filter_map(|slot| self.entry(slot))
    }

    /// Returns the unpublished event with an origin id of a partner.
    #[must_use]
    pub fn hidden_event(&self, partner: &PartnerId, origin_id: &str) -> Option<&EventId> {
        self.hidden.event(partner, origin_id)
    }

    /// Returns the unpublished events of a partner, by origin id.
    pub fn hidden_events(&self, partner: &PartnerId) -> impl Iterator<Item = (&str, &EventId)> {
        self.hidden.of(partner)
    }

    /// Returns all partners, by id.
    pub fn partners(&self) -> impl Iterator<Item = &Arc<Partner>> {
        self.partners.values()
    }

    /// Returns a series.
    #[must_use]
    pub fn series(&self, slug: &Slug) -> Option<&Arc<Series>> {
        self.series.get(slug)
    }

    /// Returns all series, in display order.
    #[must_use]
    pub fn all_series(&self) -> Vec<&Arc<Series>> {
        let mut all: Vec<_> = self.series.values().collect();
        all.sort_by_key(|series| (series.rank, &series.slug));
        all
    }

    /// Returns all records other than events.
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

    /// Returns an event by key.
    #[must_use]
    pub fn event(&self, id: &EventId) -> Option<&Arc<Entry>> {
        self.entry(self.slot_of(id)?)
    }

    /// Returns an event by the slug of its page.
    #[must_use]
    pub fn event_at(&self, slug: &Slug) -> Option<&Arc<Entry>> {
        let slots = self.names.candidates(NameKind::Slug(slug.as_str()));
        let mut found = slots.filter_map(|slot| self.entry(slot));
        found.find(|entry| entry.slug() == slug.as_str())
    }

    /// Returns an event by `UID`.
    #[must_use]
    pub fn event_of(&self, uid: &Uid) -> Option<&Arc<Entry>> {
        let slots = self.names.candidates(NameKind::Uid(uid.as_str()));
        let mut found = slots.filter_map(|slot| self.entry(slot));
        found.find(|entry| entry.uid() == uid.as_str())
    }

    /// Returns all published events, in arbitrary order.
    pub fn events(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.entries.iter().flatten()
    }

    /// Returns the number of published events.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.count
    }

    /// Returns a stored filter by its short name.
    #[must_use]
    pub fn filter(&self, name: &ShortName) -> Option<&Arc<StoredFilter>> {
        self.filters.get(name)
    }

    /// Returns all stored filters.
    pub fn filters(&self) -> impl Iterator<Item = &Arc<StoredFilter>> {
        self.filters.values()
    }

    /// Returns the parts of an event, earliest first.
    #[must_use]
    pub fn parts_of(&self, id: &EventId) -> Vec<&Arc<Entry>> {
        let slots = self.parts.get(id).into_iter().flat_map(DocSet::iter);
        let mut parts: Vec<_> = slots.filter_map(|slot| self.entry(slot)).collect();
        parts.sort_by_key(|entry| (entry.first, entry.id()));
        parts
    }

    /// Returns true if an event has parts.
    #[must_use]
    pub fn has_parts(&self, id: &EventId) -> bool {
        self.parts.contains_key(id)
    }

    pub(super) fn entry(&self, slot: DocId) -> Option<&Arc<Entry>> {
        self.entries.get(slot as usize)?.as_ref()
    }

    pub(super) fn slot_of(&self, id: &EventId) -> Option<DocId> {
        let mut slots = self.names.candidates(NameKind::Id(id.as_str()));
        slots.find(|slot| {
            self.entry(*slot)
                .is_some_and(|entry| entry.id() == id.as_str())
        })
    }

    pub(super) fn entries_with_slots(&self) -> impl Iterator<Item = (DocId, &Arc<Entry>)> {
        let numbered = (0..).zip(self.entries.iter());
        numbered.filter_map(|(slot, entry)| Some((slot, entry.as_ref()?)))
    }
}

/// Returns the placeholder used until a commit provides the region.
fn nameless_region() -> Region {
    Region {
        name: Text::default(),
        tagline: Text::default(),
        publisher: None,
        contact: None,
        licence: None,
        time_zone: chrono_tz::Europe::Oslo,
        languages: vec![Lang::Nb],
        uid_namespace: uuid::Uuid::nil(),
        municipalities: Vec::new(),
        county: None,
        country: None,
        holidays: Vec::new(),
        school_breaks: Vec::new(),
        owner: Owner::DataFile,
    }
}
