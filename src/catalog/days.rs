//! Which events touch which day, over a horizon around today.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use imbl::OrdMap;

use crate::domain::{Event, Window};

use super::Entry;
use super::slots::{Slot, Slots};

/// How many days before today the index reaches back: a feed's three months, and a year of leafing
/// back in the agenda.
const DAYS_BACK: u64 = 370;
/// How many days from today it reaches ahead: a feed's eighteen months and some.
const DAYS_AHEAD: u64 = 800;

/// The events by day.
#[derive(Debug, Clone)]
pub(super) struct DayIndex {
    from: NaiveDate,
    until: NaiveDate,
    zone: Tz,
    buckets: OrdMap<NaiveDate, Slots>,
    /// The events that may touch a day from `until` on.
    beyond: Slots,
}

impl DayIndex {
    /// An empty index around a day.
    pub(super) fn around(today: NaiveDate, zone: Tz) -> Self {
        let (from, until) = horizon(today);
        Self {
            from,
            until,
            zone,
            buckets: OrdMap::new(),
            beyond: Slots::default(),
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

    pub(super) fn covers(&self, window: Window) -> bool {
        self.from <= window.from && window.until <= self.until && window.zone == self.zone
    }

    pub(super) fn insert(&mut self, slot: Slot, entry: &Entry, event: &Event) {
        for day in entry.days_in(event, self.window()) {
            self.buckets.entry(day).or_default().insert(slot);
        }
        if entry.until.is_none_or(|until| until > self.until) {
            self.beyond.insert(slot);
        }
    }

    pub(super) fn remove(&mut self, slot: Slot, entry: &Entry, event: &Event) {
        for day in entry.days_in(event, self.window()) {
            let Some(bucket) = self.buckets.get_mut(&day) else {
                continue;
            };
            bucket.remove(slot);
            if bucket.is_empty() {
                self.buckets.remove(&day);
            }
        }
        self.beyond.remove(slot);
    }

    /// Moves the horizon on to another day. Of the events only those are looked at that reach
    /// beyond it. Answers `false`, and does nothing, where it moves back, or so far that nothing of
    /// it stays.
    pub(super) fn advance<'a>(
        &mut self,
        today: NaiveDate,
        mut entry: impl FnMut(Slot) -> Option<&'a Entry>,
    ) -> bool {
        let (from, until) = horizon(today);
        if from < self.from || from >= self.until {
            return false;
        }
        let (_, _, kept) = self.buckets.split_lookup(&from.pred_opt().unwrap_or(from));
        let coming = Window {
            from: self.until,
            until,
            zone: self.zone,
        };
        self.buckets = kept;
        (self.from, self.until) = (from, until);
        for slot in self.beyond.clone().iter() {
            let Some(entry) = entry(slot) else { continue };
            if entry.until.is_none_or(|until| until > coming.from) && entry.first < coming.until {
                for day in entry.days_in(&entry.event(), coming) {
                    self.buckets.entry(day).or_default().insert(slot);
                }
            }
            if entry.until.is_some_and(|last| last <= until) {
                self.beyond.remove(slot);
            }
        }
        true
    }

    /// The events that touch a day of the window, as far as the index covers it.
    pub(super) fn slots_in(&self, window: Window) -> Slots {
        let mut buckets = self
            .buckets
            .range(window.from..window.until.max(window.from));
        let Some((_, first)) = buckets.next() else {
            return Slots::default();
        };
        let mut found = first.clone();
        for (_, bucket) in buckets {
            found.extend(bucket.iter());
        }
        found
    }

    /// How many events the days of the window have together, each as often as it has days there.
    pub(super) fn count_in(&self, window: Window) -> usize {
        self.days(window).map(|(_, bucket)| bucket.len()).sum()
    }

    /// Whether an event touches a day of the window, as far as the index covers it.
    pub(super) fn touches(&self, slot: Slot, window: Window) -> bool {
        let mut buckets = self
            .buckets
            .range(window.from..window.until.max(window.from));
        buckets.any(|(_, bucket)| bucket.contains(slot))
    }

    /// The days of a window on which something is, with what is on them. The last come first where
    /// it is read from the end.
    pub(super) fn days(
        &self,
        window: Window,
    ) -> impl DoubleEndedIterator<Item = (&NaiveDate, &Slots)> {
        self.buckets
            .range(window.from..window.until.max(window.from))
    }
}

fn horizon(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let from = today.checked_sub_days(Days::new(DAYS_BACK));
    let until = today.checked_add_days(Days::new(DAYS_AHEAD));
    (from.unwrap_or(today), until.unwrap_or(today))
}
