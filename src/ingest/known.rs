//! The words of others for what the catalog knows.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Snapshot;
use calendar_domain::query::fold;
use calendar_domain::{OrganizerRef, Slug, Text, Venue};

/// Records of the catalog by their folded names and aliases.
#[derive(Debug, Default)]
pub struct Known {
    places: BTreeMap<String, Slug>,
    organizers: BTreeMap<String, Slug>,
    categories: BTreeMap<String, Slug>,
    audiences: BTreeMap<String, Slug>,
}

impl Known {
    /// What a state of the calendar knows.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut known = Self::default();
        for it in snapshot.places() {
            note(
                &mut known.places,
                &it.slug,
                [&it.name].into_iter().chain(&it.aliases),
            );
        }
        for it in snapshot.organizers() {
            note(
                &mut known.organizers,
                &it.slug,
                [&it.name].into_iter().chain(&it.aliases),
            );
        }
        for it in snapshot.categories() {
            note(&mut known.categories, &it.slug, &it.aliases);
            note_text(&mut known.categories, &it.slug, &it.name);
        }
        for it in snapshot.audiences() {
            note(&mut known.audiences, &it.slug, &it.aliases);
            note_text(&mut known.audiences, &it.slug, &it.name);
        }
        known
    }

    /// A described place as the catalog's own, where it is known by its name or by what stands
    /// before a comma.
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

    /// A described organizer as the catalog's own, where it is known.
    #[must_use]
    pub fn organizer(&self, organizer: OrganizerRef) -> OrganizerRef {
        let OrganizerRef::Described { name, .. } = &organizer else {
            return organizer;
        };
        let known = self.organizers.get(&fold(name)).cloned();
        known.map_or(organizer, OrganizerRef::Organizer)
    }

    /// The categories that the words mean; words for nothing here are left out.
    #[must_use]
    pub fn categories(&self, words: &[String]) -> BTreeSet<Slug> {
        slugs(&self.categories, words)
    }

    /// The audiences that the words mean; words for nobody here are left out.
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
