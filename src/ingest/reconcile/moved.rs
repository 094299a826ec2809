//! A new date from a source that has no word for it.

use super::Planner;
use super::merge::{Say, say};
use calendar_domain::{Event, EventStatus, Field};

impl Planner<'_> {
    /// Returns what a source says of the event `old`, rescheduled where it gives another date and cannot
    /// say so. What it says again of an event that has moved this way leaves it rescheduled.
    pub(super) fn with_move(&self, old: &Event, mut told: Event) -> Event {
        let recurs = |it: &Event| it.schedule.recurrence.is_some();
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
