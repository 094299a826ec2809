//! What is looked up in other records to judge an event.

use std::collections::BTreeSet;

#[cfg(test)]
use crate::domain::query::Facts;
use crate::domain::query::fold_onto;
use crate::domain::{Event, OrganizerRef, Query, Slug, Text, Venue};

use super::Snapshot;

/// Whether an event has all words of a query.
pub(super) fn has_words(query: &Query, event: &Event, snapshot: &Snapshot) -> bool {
    if query.words.is_empty() {
        return true;
    }
    let text = searchable(event, snapshot);
    query.words.iter().all(|word| text.contains(word.as_str()))
}

/// All that a [`Query`] may look at beside the event.
#[cfg(test)]
pub(super) fn of(event: &Event, snapshot: &Snapshot) -> Facts {
    Facts {
        municipalities: municipalities(event, snapshot),
        text: searchable(event, snapshot),
    }
}

/// The municipalities that an event's places lie in, and its series'.
pub(super) fn municipalities(event: &Event, snapshot: &Snapshot) -> BTreeSet<Slug> {
    let region = snapshot.region();
    let mut found = BTreeSet::new();
    for venue in &event.venues {
        let number = match venue {
            Venue::Place(slug) => snapshot
                .place(slug)
                .and_then(|place| place.municipality.as_ref()),
            Venue::Described { municipality, .. } => municipality.as_ref(),
        };
        let known = number.and_then(|number| region.municipality(number.as_str()));
        found.extend(known.map(|municipality| municipality.slug.clone()));
    }
    let series = event
        .series
        .as_ref()
        .and_then(|of| snapshot.series(&of.series));
    found.extend(series.and_then(|series| series.municipality.clone()));
    found
}

/// Everything of an event that can be searched, [folded](crate::domain::query::fold): titles, texts,
/// names and aliases.
pub(super) fn searchable(event: &Event, snapshot: &Snapshot) -> String {
    let texts = [&event.title, &event.summary, &event.description];
    let length: usize = texts
        .iter()
        .flat_map(|it| it.iter())
        .map(|it| it.text.len())
        .sum();
    let mut out = String::with_capacity(length + 200);
    let mut add = |text: &str| fold_onto(&mut out, text);
    let mut add_text = |text: &Text| text.iter().for_each(|it| add(it.text));
    texts.into_iter().for_each(&mut add_text);
    let categories = event.categories.iter();
    for category in categories.filter_map(|slug| snapshot.category(slug)) {
        add_text(&category.name);
    }
    let series = event.series.as_ref();
    if let Some(series) = series.and_then(|of| snapshot.series(&of.series)) {
        add_text(&series.title);
        series.aliases.iter().for_each(|alias| add(alias));
    }
    for venue in &event.venues {
        match venue {
            Venue::Place(slug) => {
                if let Some(place) = snapshot.place(slug) {
                    add(&place.name);
                    place.aliases.iter().for_each(|alias| add(alias));
                }
            }
            Venue::Described { name, .. } => add(name),
        }
    }
    match &event.organizer {
        Some(OrganizerRef::Organizer(slug)) => {
            if let Some(organizer) = snapshot.organizer(slug) {
                add(&organizer.name);
            }
        }
        Some(OrganizerRef::Described { name, .. }) => add(name),
        None => {}
    }
    out.truncate(out.trim_end().len());
    out
}
