//! Occurrences as JSON.

use crate::catalog::{EventOccurrence, Snapshot};
use calendar_domain::When;
use calendar_domain::wire::WireOccurrence;

use super::event::{Times, place, start, write};

/// Returns the JSON form of an occurrence. `base` is the site's URL without a trailing slash.
#[must_use]
pub fn write_occurrence(
    occurrence: &EventOccurrence,
    snapshot: &Snapshot,
    base: &str,
) -> WireOccurrence {
    let event = &*occurrence.event;
    let times = Times::new(&occurrence.when);
    let (status, previous) = occurrence.standing();
    let mut places = occurrence
        .venues()
        .iter()
        .map(|venue| place(venue, snapshot));
    let zone = times.zone.unwrap_or(snapshot.region().time_zone);
    WireOccurrence {
        recurrence_id: occurrence.recurrence_id.map(|id| start(id, event)),
        start: times.start,
        end: times.end,
        time_zone: zone.name().to_owned(),
        all_day: matches!(occurrence.when, When::AllDay { .. }),
        status: status.as_str().to_owned(),
        previous_start: previous.as_ref().map(|when| Times::new(when).start),
        availability: occurrence.availability().as_str().to_owned(),
        title: occurrence.title().clone(),
        place: places.next(),
        other_places: places.collect(),
        ..WireOccurrence::from_event(write(&occurrence.entry, snapshot, base))
    }
}
