//! A plain evaluation of queries, to compare the indexes with.

use std::collections::BTreeSet;

use super::super::Snapshot;
use super::super::denormalize::{municipalities, searchable};
use calendar_domain::{Admission, Event, OrganizerRef, Query, Venue};

/// Returns true if an event matches every filter of a query except the days.
pub fn admits(query: &Query, event: &Event, snapshot: &Snapshot) -> bool {
    let text = searchable(event, snapshot);
    let mut sources = event.sources.iter();
    any_of(&query.categories, &event.categories)
        && any_of(&query.audiences, &event.audiences)
        && any_of(&query.municipalities, &municipalities(event, snapshot))
        && (query.places.is_empty() || is_at_place(query, event))
        && (query.organizers.is_empty() || is_by_organizer(query, event))
        && (query.series.is_empty()
            || event
                .series
                .as_ref()
                .is_some_and(|of| query.series.contains(&of.series)))
        && (query.partners.is_empty()
            || sources.any(|source| query.partners.contains(&source.partner)))
        && (!query.free || event.admission == Admission::Free)
        && query.accessibility.is_subset(&event.accessibility)
        && query.words.iter().all(|word| text.contains(word.as_str()))
}

fn any_of<T: Ord>(wanted: &BTreeSet<T>, present: &BTreeSet<T>) -> bool {
    wanted.is_empty() || !wanted.is_disjoint(present)
}

fn is_at_place(query: &Query, event: &Event) -> bool {
    let recurrence = event.schedule.recurrence.iter();
    let changes = recurrence.flat_map(|recurrence| recurrence.overrides.values());
    let elsewhere = changes
        .filter_map(|change| change.venues.as_ref())
        .flatten();
    let mut venues = event.venues.iter().chain(elsewhere);
    venues.any(|venue| matches!(venue, Venue::Place(slug) if query.places.contains(slug)))
}

fn is_by_organizer(query: &Query, event: &Event) -> bool {
    matches!(&event.organizer, Some(OrganizerRef::Organizer(slug)) if query.organizers.contains(slug))
}
