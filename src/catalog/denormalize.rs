//! Fields derived from other records for queries on an event.

use std::collections::BTreeSet;

use calendar_domain::query::fold_onto;
use calendar_domain::{Event, EventStatus, OrganizerRef, Override, Query, Slug, Text, Venue};
use calendar_search::{SearchDocument, SearchField};

use super::doc_set::DocId;
use super::{EventOccurrence, Snapshot};

/// Returns true if an event contains all words of a query.
pub(super) fn has_words(query: &Query, event: &Event, snapshot: &Snapshot) -> bool {
    if query.words.is_empty() {
        return true;
    }
    let text = searchable(event, snapshot);
    query.words.iter().all(|word| text.contains(word.as_str()))
}

/// Returns the municipalities of an event's places, including those of single occurrences, and of
/// its series.
pub(super) fn municipalities(event: &Event, snapshot: &Snapshot) -> BTreeSet<Slug> {
    let mut found = municipalities_of(&event.venues, snapshot);
    for venues in other_venues(event) {
        found.extend(municipalities_of(venues, snapshot));
    }
    let series = event
        .series
        .as_ref()
        .and_then(|of| snapshot.series(&of.series));
    found.extend(series.and_then(|series| series.municipality.clone()));
    found
}

/// Returns the changed occurrences.
fn overrides(event: &Event) -> impl Iterator<Item = &Override> {
    let recurrence = event.schedule.recurrence.iter();
    recurrence.flat_map(|recurrence| recurrence.overrides.values())
}

/// Returns the places of occurrences that differ.
fn other_venues(event: &Event) -> impl Iterator<Item = &[Venue]> {
    overrides(event).filter_map(|change| change.venues.as_deref())
}

/// Returns true if an occurrence of an admitted event is itself what the query looks for: its place
/// and its title may differ from the event's.
pub(super) fn is_meant(query: &Query, happening: &EventOccurrence, snapshot: &Snapshot) -> bool {
    is_there(query, happening, snapshot) && is_called(query, happening, snapshot)
}

/// Returns true if an occurrence has the words of the query without the titles of others.
fn is_called(query: &Query, happening: &EventOccurrence, snapshot: &Snapshot) -> bool {
    let event = &*happening.event;
    if query.words.is_empty() || overrides(event).all(|item| item.title.is_empty()) {
        return true;
    }
    let text = searchable_with(event, happening.title(), std::iter::empty(), snapshot);
    query.words.iter().all(|word| text.contains(word.as_str()))
}

/// Returns true if an occurrence is at a place the query allows. One that moved online on its own is
/// at none.
fn is_there(query: &Query, happening: &EventOccurrence, snapshot: &Snapshot) -> bool {
    if query.places.is_empty() && query.municipalities.is_empty() {
        return true;
    }
    let event = &*happening.event;
    let changed = |value: &Override| value.venues.is_some() || is_online(value);
    if !overrides(event).any(changed) {
        return true;
    }
    let online = happening.change.as_ref().is_some_and(is_online);
    let venues = if online { &[] } else { happening.venues() };
    let at = |venue: &Venue| matches!(venue, Venue::Place(slug) if query.places.contains(slug));
    let series = event
        .series
        .as_ref()
        .and_then(|of| snapshot.series(&of.series));
    let in_series = series.and_then(|series| series.municipality.as_ref());
    let lies_in = || {
        in_series.is_some_and(|value| query.municipalities.contains(value))
            || !municipalities_of(venues, snapshot).is_disjoint(&query.municipalities)
    };
    (query.places.is_empty() || venues.iter().any(at))
        && (query.municipalities.is_empty() || lies_in())
}

fn is_online(change: &Override) -> bool {
    change.status == Some(EventStatus::MovedOnline)
}

fn municipalities_of(venues: &[Venue], snapshot: &Snapshot) -> BTreeSet<Slug> {
    let region = snapshot.region();
    let mut found = BTreeSet::new();
    for venue in venues {
        let number = match venue {
            Venue::Place(slug) => snapshot
                .place(slug)
                .and_then(|place| place.municipality.as_ref()),
            Venue::Described { municipality, .. } => municipality.as_ref(),
        };
        let known = number.and_then(|number| region.municipality(number.as_str()));
        found.extend(known.map(|municipality| municipality.slug.clone()));
    }
    found
}

/// Maximum number of searchable bytes per event.
const MOST_TEXT: usize = 64 << 10;

/// Returns the searchable text of an event, [folded](calendar_domain::query::fold): titles, texts,
/// names and aliases, limited to the first [`MOST_TEXT`] bytes.
pub(super) fn searchable(event: &Event, snapshot: &Snapshot) -> String {
    let others = overrides(event).map(|change| &change.title);
    searchable_with(event, &event.title, others, snapshot)
}

/// Returns the searchable text of an event with a title, and with the titles of other occurrences.
fn searchable_with<'e>(
    event: &'e Event,
    title: &Text,
    others: impl Iterator<Item = &'e Text>,
    snapshot: &Snapshot,
) -> String {
    let texts = [&event.title, &event.summary, &event.description];
    let length: usize = texts
        .iter()
        .flat_map(|text| text.iter())
        .map(|item| item.text.len())
        .sum();
    let mut out = String::with_capacity(length.min(MOST_TEXT) + 200);
    title.iter().for_each(|text| fold_onto(&mut out, text.text));
    each_name(event, snapshot, |_, name| fold_onto(&mut out, name));
    let texts = others.chain([&event.summary, &event.description]);
    for text in texts.flat_map(|text| text.iter()) {
        let room = MOST_TEXT.saturating_sub(out.len());
        fold_onto(&mut out, cut(text.text, room));
    }
    // Folding may lengthen a text.
    let end = cut(&out, MOST_TEXT).len();
    out.truncate(end);
    out.truncate(out.trim_end().len());
    out
}

/// Returns the beginning of a text of at most `most` bytes, ending at a word boundary.
fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let mut end = most;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    let word = |c: char| !c.is_alphanumeric();
    start.rfind(word).map_or("", |end| &start[..end])
}

/// Passes the names of an event to `add`, with their aliases: of its categories, series, places and organizer.
fn each_name(event: &Event, snapshot: &Snapshot, mut add: impl FnMut(SearchField, &str)) {
    let mut name = |text: &str| add(SearchField::Name, text);
    let categories = event.categories.iter();
    for category in categories.filter_map(|slug| snapshot.category(slug)) {
        category.name.iter().for_each(|text| name(text.text));
    }
    let series = event.series.as_ref();
    if let Some(series) = series.and_then(|of| snapshot.series(&of.series)) {
        series.title.iter().for_each(|text| name(text.text));
        series.aliases.iter().for_each(|alias| name(alias));
    }
    let mut place_name = |text: &str| add(SearchField::Place, text);
    for venue in event.venues.iter().chain(other_venues(event).flatten()) {
        match venue {
            Venue::Place(slug) => {
                if let Some(place) = snapshot.place(slug) {
                    place_name(&place.name);
                    place.aliases.iter().for_each(|alias| place_name(alias));
                }
            }
            Venue::Described { name, .. } => place_name(name),
        }
    }
    match &event.organizer {
        Some(OrganizerRef::Organizer(slug)) => {
            if let Some(organizer) = snapshot.organizer(slug) {
                add(SearchField::Organizer, &organizer.name);
            }
        }
        Some(OrganizerRef::Described { name, .. }) => add(SearchField::Organizer, name),
        None => {}
    }
}

/// Returns the texts and names of an event for the search of the pages.
pub(super) fn search_document(slot: DocId, event: &Event, snapshot: &Snapshot) -> SearchDocument {
    let mut made = SearchDocument::new(slot);
    let titles = overrides(event).map(|change| &change.title);
    for text in titles.chain([&event.title]).flat_map(|text| text.iter()) {
        made.add(SearchField::Title(text.lang), text.text);
    }
    each_name(event, snapshot, |field, name| made.add(field, name));
    let audiences = event.audiences.iter();
    for audience in audiences.filter_map(|slug| snapshot.audience(slug)) {
        let names = audience.name.iter();
        names.for_each(|name| made.add(SearchField::Name, name.text));
    }
    let lies_in = municipalities(event, snapshot);
    for municipality in &snapshot.region().municipalities {
        if lies_in.contains(&municipality.slug) {
            made.add(SearchField::Name, municipality.name.as_str());
        }
    }
    let mut room = MOST_TEXT;
    for text in [&event.summary, &event.description]
        .into_iter()
        .flat_map(|text| text.iter())
    {
        let shown = cut(text.text, room);
        room -= shown.len();
        made.add(SearchField::Text(text.lang), shown);
    }
    made
}
