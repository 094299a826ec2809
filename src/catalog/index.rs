//! Inverted indexes of the filters.

use std::collections::BTreeSet;

use imbl::HashMap;

use calendar_domain::query::Query;
use calendar_domain::{Admission, Event, OrganizerRef, PartnerId, Slug, Venue};

use super::doc_set::{DocId, DocSet};

/// Sets of events by one kind of term.
pub(super) type Sets<K> = HashMap<K, DocSet>;

/// Inverted indexes, which define every filter of a [`Query`] except words and days: [`Indexed`] says under
/// which terms an event is found, [`Index::groups`] which terms a query requires. The tests compare them with
/// a plain evaluation of each event.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    pub(super) categories: Sets<Slug>,
    pub(super) audiences: Sets<Slug>,
    pub(super) places: Sets<Slug>,
    /// Places of single occurrences that differ from the event's.
    pub(super) other_places: Sets<Slug>,
    pub(super) municipalities: Sets<Slug>,
    pub(super) organizers: Sets<Slug>,
    pub(super) series: Sets<Slug>,
    pub(super) partners: Sets<PartnerId>,
    accessibility: Sets<Slug>,
    free: DocSet,
    /// Editions of all series.
    pub(super) editions: DocSet,
}

/// An event with the data derived from other records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indexed<'a> {
    pub(super) event: &'a Event,
    pub(super) municipalities: &'a BTreeSet<Slug>,
}

impl<'a> Indexed<'a> {
    pub(super) fn new(
        event: Option<&'a Event>,
        municipalities: Option<&'a BTreeSet<Slug>>,
    ) -> Option<Self> {
        let (event, municipalities) = event.zip(municipalities)?;
        Some(Self {
            event,
            municipalities,
        })
    }

    fn categories(self) -> Vec<&'a Slug> {
        self.event.categories.iter().collect()
    }

    fn audiences(self) -> Vec<&'a Slug> {
        self.event.audiences.iter().collect()
    }

    fn accessibility(self) -> Vec<&'a Slug> {
        self.event.accessibility.iter().collect()
    }

    fn municipalities(self) -> Vec<&'a Slug> {
        self.municipalities.iter().collect()
    }

    fn places(self) -> Vec<&'a Slug> {
        places(&self.event.venues).collect()
    }

    fn other_places(self) -> Vec<&'a Slug> {
        let recurrence = self.event.schedule.recurrence.iter();
        let others = recurrence.flat_map(|recurrence| recurrence.overrides.values());
        let others = others.filter_map(|change| change.venues.as_deref());
        others.flat_map(places).collect()
    }

    fn organizers(self) -> Vec<&'a Slug> {
        match &self.event.organizer {
            Some(OrganizerRef::Organizer(slug)) => vec![slug],
            Some(OrganizerRef::Described { .. }) | None => Vec::new(),
        }
    }

    fn series(self) -> Vec<&'a Slug> {
        self.event.series.iter().map(|of| &of.series).collect()
    }

    fn partners(self) -> Vec<&'a PartnerId> {
        let sources = self.event.sources.iter();
        sources.map(|source| &source.partner).collect()
    }
}

/// Union of several sets.
#[derive(Debug)]
pub(super) struct SetUnion<'a>(Vec<&'a DocSet>);

impl SetUnion<'_> {
    /// Returns an upper bound of the number of events.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|set| set.len()).sum()
    }

    pub(super) fn contains(&self, slot: DocId) -> bool {
        self.0.iter().any(|set| set.contains(slot))
    }

    /// Returns the union as a set.
    pub(super) fn slots(&self) -> DocSet {
        let Some((first, others)) = self.0.split_first() else {
            return DocSet::default();
        };
        let mut all = DocSet::clone(first);
        for set in others {
            all.extend(set.iter());
        }
        all
    }
}

impl Index {
    /// Adds an event under the terms that only `now` has, and removes it from those that only
    /// `before` had.
    pub(super) fn change(
        &mut self,
        slot: DocId,
        before: Option<Indexed<'_>>,
        now: Option<Indexed<'_>>,
    ) {
        /// Updates one map by the terms of the event.
        macro_rules! words {
            ($map:ident) => {
                let (old, new) = (before.map(Indexed::$map), now.map(Indexed::$map));
                let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
                moved(&mut self.$map, slot, &old, &new);
            };
        }
        words!(categories);
        words!(audiences);
        words!(accessibility);
        words!(municipalities);
        words!(places);
        words!(other_places);
        words!(organizers);
        words!(series);
        words!(partners);
        let is = |flag: Option<Indexed<'_>>, what: fn(&Event) -> bool| {
            flag.is_some_and(|flag| what(flag.event))
        };
        let free = |event: &Event| event.admission == Admission::Free;
        let edition = |event: &Event| event.series.is_some();
        put(&mut self.free, slot, is(now, free));
        put(&mut self.editions, slot, is(now, edition));
    }

    /// Returns the events that pass each filter of a query, smallest first; empty if there are no
    /// filters.
    pub(super) fn groups(&self, query: &Query) -> Vec<SetUnion<'_>> {
        let mut groups = Vec::new();
        groups.extend(any_of(&self.categories, &query.categories));
        groups.extend(any_of(&self.audiences, &query.audiences));
        let places = [&self.places, &self.other_places];
        groups.extend(any_of_all(&places, &query.places));
        groups.extend(any_of(&self.municipalities, &query.municipalities));
        groups.extend(any_of(&self.organizers, &query.organizers));
        groups.extend(any_of(&self.series, &query.series));
        groups.extend(any_of(&self.partners, &query.partners));
        // All of these are required, not any one of them.
        let features = query.accessibility.iter();
        groups.extend(
            features.map(|feature| SetUnion(self.accessibility.get(feature).into_iter().collect())),
        );
        groups.extend(query.free.then(|| SetUnion(vec![&self.free])));
        groups.sort_by_key(SetUnion::len);
        groups
    }
}

fn any_of<'a, K: Clone + Eq + Ord + std::hash::Hash>(
    sets: &'a Sets<K>,
    words: &BTreeSet<K>,
) -> Option<SetUnion<'a>> {
    let found = words.iter().filter_map(|word| sets.get(word)).collect();
    (!words.is_empty()).then_some(SetUnion(found))
}

/// Returns the union over several indexes with the same kind of term.
fn any_of_all<'a, K: Clone + Eq + Ord + std::hash::Hash>(
    sets: &[&'a Sets<K>],
    words: &BTreeSet<K>,
) -> Option<SetUnion<'a>> {
    let found = words
        .iter()
        .flat_map(|word| sets.iter().filter_map(move |set| set.get(word)));
    (!words.is_empty()).then(|| SetUnion(found.collect()))
}

fn moved<K: Clone + Eq + std::hash::Hash>(
    sets: &mut Sets<K>,
    slot: DocId,
    before: &[&K],
    now: &[&K],
) {
    for word in before.iter().filter(|word| !now.contains(word)) {
        let Some(set) = sets.get_mut(*word) else {
            continue;
        };
        set.remove(slot);
        if set.is_empty() {
            sets.remove(*word);
        }
    }
    for word in now.iter().filter(|word| !before.contains(word)) {
        match sets.get_mut(*word) {
            Some(set) => set.insert(slot),
            None => {
                sets.insert(K::clone(word), DocSet::from_iter([slot]));
            }
        }
    }
}

fn put(set: &mut DocSet, slot: DocId, there: bool) {
    if there {
        set.insert(slot);
    } else {
        set.remove(slot);
    }
}

fn places(venues: &[Venue]) -> impl Iterator<Item = &Slug> {
    venues.iter().filter_map(|venue| match venue {
        Venue::Place(slug) => Some(slug),
        Venue::Described { .. } => None,
    })
}
