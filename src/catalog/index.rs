//! Which events stand under which word of a filter.

use imbl::{HashMap, OrdSet};

use crate::domain::query::Query;
use crate::domain::{Event, EventId, OrganizerRef, PartnerId, Slug, Venue};

use super::Entry;

/// Sets of events by one kind of word.
pub(super) type Sets<K> = HashMap<K, OrdSet<EventId>>;

/// The inverted indexes of the catalog. Each only narrows: [`Query::admits`] has the last word.
#[derive(Debug, Clone, Default)]
pub struct Index {
    pub(super) categories: Sets<Slug>,
    pub(super) audiences: Sets<Slug>,
    pub(super) places: Sets<Slug>,
    pub(super) municipalities: Sets<Slug>,
    pub(super) organizers: Sets<Slug>,
    pub(super) series: Sets<Slug>,
    pub(super) partners: Sets<PartnerId>,
}

impl Index {
    /// Notes an event under all its words.
    pub(super) fn insert(&mut self, entry: &Entry) {
        self.change(entry, &mut |set, id| {
            set.insert(id.clone());
        });
    }

    /// Takes an event out from under all its words.
    pub(super) fn remove(&mut self, entry: &Entry) {
        self.change(entry, &mut |set, id| {
            set.remove(id);
        });
    }

    fn change(&mut self, entry: &Entry, how: &mut dyn FnMut(&mut OrdSet<EventId>, &EventId)) {
        let event = &entry.event;
        let mut each = |sets: &mut Sets<Slug>, words: &mut dyn Iterator<Item = &Slug>| {
            for word in words {
                how(sets.entry(word.clone()).or_default(), &event.id);
            }
        };
        each(&mut self.categories, &mut event.categories.iter());
        each(&mut self.audiences, &mut event.audiences.iter());
        each(
            &mut self.municipalities,
            &mut entry.facts.municipalities.iter(),
        );
        each(
            &mut self.series,
            &mut event.series.iter().map(|of| &of.series),
        );
        each(&mut self.places, &mut places(event));
        let organizer = event
            .organizer
            .iter()
            .filter_map(|organizer| match organizer {
                OrganizerRef::Organizer(slug) => Some(slug),
                OrganizerRef::Described { .. } => None,
            });
        each(&mut self.organizers, &mut { organizer });
        for source in &event.sources {
            how(
                self.partners.entry(source.partner.clone()).or_default(),
                &event.id,
            );
        }
    }

    /// The smallest group of sets whose union holds every event that the query can admit; `None`
    /// where no index narrows it.
    pub(super) fn candidates(&self, query: &Query) -> Option<Vec<OrdSet<EventId>>> {
        let mut best: Option<(usize, Vec<OrdSet<EventId>>)> = None;
        let mut offer = |sets: Option<Vec<OrdSet<EventId>>>| {
            let Some(sets) = sets else { return };
            let size = sets.iter().map(OrdSet::len).sum();
            if best.as_ref().is_none_or(|(smallest, _)| size < *smallest) {
                best = Some((size, sets));
            }
        };
        offer(sets_of(&self.categories, &query.categories));
        offer(sets_of(&self.audiences, &query.audiences));
        offer(sets_of(&self.places, &query.places));
        offer(sets_of(&self.municipalities, &query.municipalities));
        offer(sets_of(&self.organizers, &query.organizers));
        offer(sets_of(&self.series, &query.series));
        offer(sets_of(&self.partners, &query.partners));
        best.map(|(_, sets)| sets)
    }
}

/// The places of the catalog that an event names, also for single happenings only.
fn places(event: &Event) -> impl Iterator<Item = &Slug> {
    let recurrence = event.schedule.recurrence.iter();
    let others = recurrence.flat_map(|it| it.overrides.values().flat_map(|change| &change.venues));
    let all = event.venues.iter().chain(others.flatten());
    all.filter_map(|venue| match venue {
        Venue::Place(slug) => Some(slug),
        Venue::Described { .. } => None,
    })
}

fn sets_of<K: Clone + Eq + std::hash::Hash>(
    index: &Sets<K>,
    words: &std::collections::BTreeSet<K>,
) -> Option<Vec<OrdSet<EventId>>> {
    if words.is_empty() {
        return None;
    }
    Some(
        words
            .iter()
            .filter_map(|word| index.get(word).cloned())
            .collect(),
    )
}
