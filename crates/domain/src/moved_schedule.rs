//! A whole series that gets another time.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Schedule, Start, When};

impl Schedule {
    /// Returns the schedule with another time. Dates that a series leaves out, adds or changes stay the same dates: those
    /// at the former time of day get the new one.
    ///
    /// Returns `None` if a series would get another first date or kind of time: its rule may name weekdays or days of the
    /// month that don't fit then.
    #[must_use]
    pub fn moved_to(&self, when: When) -> Option<Self> {
        let mut moved = self.clone();
        let (old, new) = (self.when.start(), when.start());
        moved.when = when;
        let Some(recurrence) = &mut moved.recurrence else {
            return Some(moved);
        };
        let is_same_kind = matches!(
            (old, new),
            (Start::Local(_), Start::Local(_)) | (Start::Date(_), Start::Date(_))
        );
        if old.date() != new.date() || !is_same_kind {
            return None;
        }
        let follow = |start: Start| match (start, old, new) {
            (Start::Local(at), Start::Local(old), Start::Local(new)) if at.time() == old.time() => {
                Start::Local(at.date().and_time(new.time()))
            }
            _ => start,
        };
        let all = |starts: &BTreeSet<Start>| starts.iter().map(|start| follow(*start)).collect();
        recurrence.rdates = all(&recurrence.rdates);
        recurrence.exdates = all(&recurrence.exdates);
        let overrides = std::mem::take(&mut recurrence.overrides).into_iter();
        recurrence.overrides = overrides
            .map(|(start, change)| (follow(start), change))
            .collect::<BTreeMap<_, _>>();
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EventStatus, Override, Recurrence};

    fn at(time: &str) -> Start {
        Start::Local(time.parse().unwrap())
    }

    fn evening(time: &str) -> When {
        When::Timed {
            start: time.parse().unwrap(),
            end: None,
            zone: chrono_tz::Europe::Oslo,
        }
    }

    fn weekly() -> Schedule {
        let cancelled = Override {
            status: Some(EventStatus::Cancelled),
            ..Override::default()
        };
        let recurrence = Recurrence {
            rule: Some("FREQ=WEEKLY;BYDAY=WE;COUNT=5".parse().unwrap()),
            exdates: [at("2027-06-09T18:00:00"), at("2027-06-16T12:00:00")].into(),
            overrides: [(at("2027-06-23T18:00:00"), cancelled)].into(),
            ..Recurrence::default()
        };
        Schedule {
            recurrence: Some(recurrence),
            ..Schedule::once(evening("2027-06-02T18:00:00"))
        }
    }

    #[test]
    fn dates_that_are_left_out_stay_left_out_at_another_time_of_day() {
        let moved = weekly().moved_to(evening("2027-06-02T19:30:00")).unwrap();
        let recurrence = moved.recurrence.unwrap();
        let left_out = [at("2027-06-09T19:30:00"), at("2027-06-16T12:00:00")];
        assert_eq!(recurrence.exdates, left_out.into());
        let cancelled: Vec<_> = recurrence.overrides.keys().copied().collect();
        assert_eq!(cancelled, [at("2027-06-23T19:30:00")]);
    }

    #[test]
    fn a_series_does_not_get_another_date_and_a_single_event_does() {
        assert!(weekly().moved_to(evening("2027-06-04T18:00:00")).is_none());
        assert!(
            weekly()
                .moved_to(When::day("2027-06-02".parse().unwrap()))
                .is_none()
        );
        let single = Schedule::once(evening("2027-06-02T18:00:00"));
        assert!(single.moved_to(evening("2027-06-04T18:00:00")).is_some());
    }
}
