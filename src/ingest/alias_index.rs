//! Lookup of places, organizers, categories and audiences by name or alias.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Snapshot;
use calendar_domain::query::fold;
use calendar_domain::{OrganizerRef, Slug, Text, Venue};

/// Index of the catalog's records by folded name and alias.
#[derive(Debug, Default)]
pub struct AliasIndex {
    places: BTreeMap<String, Slug>,
    organizers: BTreeMap<String, Slug>,
    categories: BTreeMap<String, Slug>,
    audiences: BTreeMap<String, Slug>,
}

impl AliasIndex {
    /// Builds the index of a snapshot.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        let mut known = Self::default();
        for place in snapshot.places() {
            note(
                &mut known.places,
                &place.slug,
                [&place.name].into_iter().chain(&place.aliases),
            );
        }
        for organizer in snapshot.organizers() {
            note(
                &mut known.organizers,
                &organizer.slug,
                [&organizer.name].into_iter().chain(&organizer.aliases),
            );
        }
        for category in snapshot.categories() {
            note(&mut known.categories, &category.slug, &category.aliases);
            note_text(&mut known.categories, &category.slug, &category.name);
        }
        for audience in snapshot.audiences() {
            note(&mut known.audiences, &audience.slug, &audience.aliases);
            note_text(&mut known.audiences, &audience.slug, &audience.name);
        }
        known
    }

    /// Replaces a described venue by the place with its name, or with the part of its name before the first
    /// comma. Returns other venues unchanged.
    #[must_use]
    pub fn venue(&self, venue: Venue) -> Venue {
        let Venue::Described { name, .. } = &venue else {
            return venue;
        };
        let head = name.split(',').next().unwrap_or(name);
        let known = self
            .places
            .get(&fold(name))
            .or_else(|| self.places.get(&fold(head)));
        known.cloned().map_or(venue, Venue::Place)
    }

    /// Replaces a described organizer by the known one with its name. Returns others unchanged.
    #[must_use]
    pub fn organizer(&self, organizer: OrganizerRef) -> OrganizerRef {
        let OrganizerRef::Described { name, .. } = &organizer else {
            return organizer;
        };
        let known = self.organizers.get(&fold(name)).cloned();
        known.map_or(organizer, OrganizerRef::Organizer)
    }

    /// Returns the categories that the words name. Unknown words are ignored.
    #[must_use]
    pub fn categories(&self, words: &[String]) -> BTreeSet<Slug> {
        slugs(&self.categories, words)
    }

    /// Returns the audiences that the words name. Unknown words are ignored.
    #[must_use]
    pub fn audiences(&self, words: &[String]) -> BTreeSet<Slug> {
        slugs(&self.audiences, words)
    }
}

fn note<'t>(
    map: &mut BTreeMap<String, Slug>,
    slug: &Slug,
    names: impl IntoIterator<Item = &'t String>,
) {
    map.insert(fold(slug.as_str()), slug.clone());
    for name in names {
        map.entry(fold(name)).or_insert_with(|| slug.clone());
    }
}

fn note_text(map: &mut BTreeMap<String, Slug>, slug: &Slug, text: &Text) {
    for found in text.iter() {
        map.entry(fold(found.text)).or_insert_with(|| slug.clone());
    }
}

fn slugs(known: &BTreeMap<String, Slug>, words: &[String]) -> BTreeSet<Slug> {
    words
        .iter()
        .filter_map(|word| known.get(&fold(word)).cloned())
        .collect()
}
