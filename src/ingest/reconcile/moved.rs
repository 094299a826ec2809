//! Rescheduling inferred from a new date, for formats that cannot say so.

use super::Planner;
use super::merge::{Say, say};
use calendar_domain::{Event, EventStatus, Field};

impl Planner<'_> {
    /// Returns the new version of the event `old`, marked as rescheduled if its date changes. Unchanged content leaves
    /// an event rescheduled.
    pub(super) fn with_move(&self, old: &Event, mut told: Event) -> Event {
        let recurs = |event: &Event| event.schedule.recurrence.is_some();
        let is_plain = told.status == EventStatus::Scheduled && told.previous.is_none();
        if !self.terms.infers_moves || !is_plain || recurs(old) || recurs(&told) {
            return told;
        }
        let taken = |field| matches!(say(field, old, &told), Say::Take);
        if !taken(Field::Schedule) || !taken(Field::Status) {
            return told;
        }
        let zone = self.snapshot.region().time_zone;
        let (before, now) = (&old.schedule.when, &told.schedule.when);
        let moves = before.begins(zone) != now.begins(zone);
        let is_over = before.ends(zone) <= self.origin.at;
        // Back on the date that was announced first, it has not moved.
        let returns = old.previous.as_ref() == Some(now);
        match old.status {
            EventStatus::Rescheduled if !moves => {
                told.status = EventStatus::Rescheduled;
                told.previous.clone_from(&old.previous);
            }
            EventStatus::Scheduled | EventStatus::Rescheduled if moves && !is_over && !returns => {
                told.status = EventStatus::Rescheduled;
                told.previous = Some(before.clone());
            }
            _ => {}
        }
        told
    }
}
