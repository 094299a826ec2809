//! Which events touch which day, over a horizon around today.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use imbl::{OrdMap, OrdSet};

use crate::domain::{EventId, Window};

use super::Entry;

/// How many days before today the index reaches back: a feed's three months and some.
const DAYS_BACK: u64 = 120;
/// How many days from today it reaches ahead: a feed's eighteen months and some.
const DAYS_AHEAD: u64 = 800;

/// The events by day.
#[derive(Debug, Clone)]
pub(super) struct DayIndex {
    from: NaiveDate,
    until: NaiveDate,
    zone: Tz,
    buckets: OrdMap<NaiveDate, OrdSet<EventId>>,
}

impl DayIndex {
    /// An empty index around a day.
    pub(super) fn around(today: NaiveDate, zone: Tz) -> Self {
        let from = today
            .checked_sub_days(Days::new(DAYS_BACK))
            .unwrap_or(today);
        let until = today
            .checked_add_days(Days::new(DAYS_AHEAD))
            .unwrap_or(today);
        Self {
            from,
            until,
            zone,
            buckets: OrdMap::new(),
        }
    }

    /// The days that it covers.
    pub(super) fn window(&self) -> Window {
        Window {
            from: self.from,
            until: self.until,
            zone: self.zone,
        }
    }

    pub(super) fn insert(&mut self, entry: &Arc<Entry>) {
        for day in self.days_of(entry) {
            self.buckets
                .entry(day)
                .or_default()
                .insert(entry.event.id.clone());
        }
    }

    pub(super) fn remove(&mut self, entry: &Arc<Entry>) {
        for day in self.days_of(entry) {
            if let Some(bucket) = self.buckets.get_mut(&day) {
                bucket.remove(&entry.event.id);
                if bucket.is_empty() {
                    self.buckets.remove(&day);
                }
            }
        }
    }

    /// The events that touch a day of the window, if the index covers all of it.
    pub(super) fn events_in(&self, window: Window) -> Option<OrdSet<EventId>> {
        if window.from < self.from || window.until > self.until || window.zone != self.zone {
            return None;
        }
        let mut found = OrdSet::new();
        for (_, bucket) in self.buckets.range(window.from..window.until) {
            found = found.union(bucket.clone());
        }
        Some(found)
    }

    /// The days, from `from` on, on which something is, with what is on them.
    pub(super) fn days_from(
        &self,
        from: NaiveDate,
    ) -> impl Iterator<Item = (&NaiveDate, &OrdSet<EventId>)> {
        self.buckets.range(from.max(self.from)..)
    }

    fn days_of(&self, entry: &Arc<Entry>) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = Vec::new();
        for happening in entry.happenings(self.window()) {
            let touched = happening.when.days_touched(self.zone);
            let last = touched.end.min(self.until);
            days.extend(
                touched
                    .start
                    .max(self.from)
                    .iter_days()
                    .take_while(|day| *day < last),
            );
        }
        days.sort_unstable();
        days.dedup();
        days
    }
}
