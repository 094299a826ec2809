//! Duplicates of an event that waited for an editor.

use chrono::Days;

use crate::catalog::Snapshot;
use crate::ingest::matching::{SAME, score};
use calendar_domain::{Event, EventId, OriginKey, Query, Source, Window};

use super::Pairings;

/// Returns the published event of another source that duplicates `event`, by the same criteria as a plan.
#[must_use]
pub fn published_twin(snapshot: &Snapshot, event: &Event, pairings: &Pairings) -> Option<EventId> {
    let day = event.schedule.when.start().date();
    let window = Window {
        from: day,
        until: day.checked_add_days(Days::new(1))?,
        zone: snapshot.region().time_zone,
    };
    let own = |source: &Source| {
        event
            .sources
            .iter()
            .any(|own| own.partner == source.partner)
    };
    let key = |source: &Source| OriginKey {
        partner: Some(source.partner.clone()),
        origin_id: source.origin_id.clone(),
    };
    let happenings = snapshot.happenings(&Query::default(), window).into_iter();
    let alike = happenings.filter_map(|happening| {
        let other = happening.event;
        let is_another = other.id == event.id
            || other.schedule.when.start().date() != day
            || other.sources.iter().any(own)
            || event
                .sources
                .iter()
                .any(|source| pairings.parts(&key(source), &other));
        let total = score(event, &other).total;
        (!is_another && total >= SAME).then(|| (total, other.id.clone()))
    });
    let best = alike.min_by_key(|(total, id)| (u8::MAX - total, id.clone()));
    best.map(|(_, id)| id)
}
