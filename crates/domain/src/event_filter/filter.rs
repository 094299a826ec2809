//! The filter of events.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::{Area, TimeOfDayRange};
use crate::{Coordinates, Event, EventStatus, When};

/// Filters of occurrences and events. An occurrence has to match all of them; the default matches everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventFilter {
    /// The moment before which the occurrence must not be over.
    pub ends_after: Option<DateTime<Utc>>,
    /// The moment before which the occurrence has to begin.
    pub begins_before: Option<DateTime<Utc>>,
    /// The weekdays, one of which it has to touch; any if empty.
    pub weekdays: BTreeSet<DayOfWeek>,
    /// The part of the day in which it has to begin. An occurrence without a time of day does not match.
    pub time_of_day: Option<TimeOfDayRange>,
    /// The least duration. An occurrence without a known end counts as one without duration.
    pub min_duration: Option<TimeDelta>,
    /// The greatest duration.
    pub max_duration: Option<TimeDelta>,
    /// The areas that all have to contain one of its places. An occurrence without a known position is in none.
    pub areas: Vec<Area>,
    /// The allowed statuses; `None` for all.
    pub statuses: Option<BTreeSet<EventStatus>>,
    /// The time since which the event has to have changed, inclusive.
    pub updated_since: Option<DateTime<Utc>>,
    /// Whether parts of other events are left out.
    pub without_parts: bool,
}

/// A weekday, ordered from Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOfWeek(pub Weekday);

impl PartialOrd for DayOfWeek {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DayOfWeek {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let number = |value: &Self| value.0.num_days_from_monday();
        number(self).cmp(&number(other))
    }
}

/// The facts of an occurrence that filters look at.
#[derive(Debug, Clone)]
pub struct OccurrenceFacts<'a> {
    /// Its time.
    pub when: &'a When,
    /// Its status.
    pub status: EventStatus,
    /// The positions of its places, as far as they are known.
    pub positions: Vec<Coordinates>,
}

impl EventFilter {
    /// Returns true if an occurrence matches. Weekdays and times of day are those in `zone`.
    #[must_use]
    pub fn admits_occurrence(&self, facts: &OccurrenceFacts<'_>, zone: Tz) -> bool {
        let is_in = |area: &Area| {
            facts
                .positions
                .iter()
                .any(|position| area.contains(*position))
        };
        self.admits_status(facts.status)
            && self.admits_time(facts.when, zone)
            && self.areas.iter().all(is_in)
    }

    /// Returns true if an event may have an occurrence that matches.
    #[must_use]
    pub fn admits_event(&self, event: &Event) -> bool {
        self.admits_change(event.modified) && !(self.without_parts && event.super_event.is_some())
    }

    /// Returns true if the last change of an event is recent enough.
    #[must_use]
    pub fn admits_change(&self, modified: DateTime<Utc>) -> bool {
        self.updated_since.is_none_or(|since| modified >= since)
    }

    /// Returns true if no filter depends on the time, status or place of an occurrence.
    #[must_use]
    pub fn admits_any_occurrence(&self) -> bool {
        self.statuses.is_none() && self.admits_any_time_and_place()
    }

    /// Returns true if no filter depends on the time or place of an occurrence; one may depend on its status.
    #[must_use]
    pub fn admits_any_time_and_place(&self) -> bool {
        *self
            == Self {
                updated_since: self.updated_since,
                without_parts: self.without_parts,
                statuses: self.statuses.clone(),
                ..Self::default()
            }
    }

    /// Returns true if occurrences of a status are allowed.
    #[must_use]
    pub fn admits_status(&self, status: EventStatus) -> bool {
        let allowed = self.statuses.as_ref();
        allowed.is_none_or(|allowed| allowed.contains(&status))
    }

    fn admits_time(&self, when: &When, zone: Tz) -> bool {
        self.ends_after.is_none_or(|at| when.ends(zone) > at)
            && self.begins_before.is_none_or(|at| when.begins(zone) < at)
            && self.admits_weekday(when, zone)
            && self
                .time_of_day
                .is_none_or(|range| begins_in(range, when, zone))
            && self.admits_duration(when, zone)
    }

    fn admits_weekday(&self, when: &When, zone: Tz) -> bool {
        let days = when.days_touched(zone);
        let touched = days.start.iter_days().take_while(|day| *day < days.end);
        // After a week every weekday has come.
        let mut touched = touched
            .take(7)
            .map(|day| DayOfWeek(chrono::Datelike::weekday(&day)));
        self.weekdays.is_empty() || touched.any(|day| self.weekdays.contains(&day))
    }

    fn admits_duration(&self, when: &When, zone: Tz) -> bool {
        if self.min_duration.is_none() && self.max_duration.is_none() {
            return true;
        }
        let has_end = matches!(when, When::AllDay { .. } | When::Timed { end: Some(_), .. });
        let duration = match when {
            When::AllDay { first, until } => *until - *first,
            _ if has_end => when.ends(zone) - when.begins(zone),
            _ => TimeDelta::zero(),
        };
        self.min_duration.is_none_or(|least| duration >= least)
            && self.max_duration.is_none_or(|most| duration <= most)
    }
}

fn begins_in(range: TimeOfDayRange, when: &When, zone: Tz) -> bool {
    match when.seen_in(zone) {
        When::Timed { start, .. } => range.contains(start.time()),
        When::AllDay { .. } | When::TimeToCome { .. } => false,
    }
}
