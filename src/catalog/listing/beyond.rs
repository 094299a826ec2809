//! Days outside the day index, computed a stretch at a time.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use calendar_domain::Window;

use crate::catalog::day_bucket::{Begin, moment};
use crate::catalog::doc_set::DocId;
use crate::catalog::{Entry, caught};

use super::candidates::Candidates;

/// Number of days of the first stretch.
const USUAL: u64 = 31;
/// Maximum number of days of a stretch with events: what a rule may be expanded over at once.
const LONGEST: u64 = 366;
/// Number of events above which a stretch is made shorter.
const MANY: usize = 500;

/// Maximum number of stretches for a page.
const MOST_STRETCHES: usize = 240;

/// A day with what begins on it, in order.
pub(super) type ComputedDay = (NaiveDate, Vec<Begin>);

/// The days of a window, a stretch at a time. Stretches without events are skipped.
pub(super) struct Stretches<'a> {
    events: Vec<(DocId, &'a Arc<Entry>)>,
    left: Window,
    days: u64,
    /// Number of stretches so far.
    taken: usize,
    is_descending: bool,
}

impl<'a> Stretches<'a> {
    pub(super) fn new(candidates: &Candidates<'a>, window: Window, is_descending: bool) -> Self {
        let events = candidates.all().into_iter();
        Self {
            events: events
                .filter(|(_, value)| value.may_touch(window))
                .collect(),
            left: window,
            days: USUAL,
            taken: 0,
            is_descending,
        }
    }

    /// Returns the days of the next stretch on which something begins, in the direction of the list. `settled` events are
    /// left out.
    pub(super) fn next_days(&mut self, settled: &HashSet<DocId>) -> Option<Vec<ComputedDay>> {
        self.events.retain(|(slot, _)| !settled.contains(slot));
        while self.left.from < self.left.until && self.end().is_none() {
            let stretch = self.stretch();
            let touching = self
                .events
                .iter()
                .filter(|(_, value)| value.may_touch(stretch));
            let count = touching.clone().count();
            let is_long = self.days > LONGEST && count > 0;
            if is_long || (self.days > 1 && count > MANY) {
                self.days = (self.days / 4).max(1);
                continue;
            }
            let mut days: BTreeMap<NaiveDate, Vec<Begin>> = BTreeMap::new();
            for (slot, entry) in touching {
                add_begins(*slot, entry, stretch, &mut days);
            }
            self.skip(stretch);
            self.taken += 1;
            if count == 0 || self.days < USUAL {
                self.days *= 4;
            }
            if days.is_empty() {
                continue;
            }
            let days = days.into_iter().map(|(day, mut begins)| {
                begins.sort_unstable();
                (day, begins)
            });
            return Some(if self.is_descending {
                days.rev().collect()
            } else {
                days.collect()
            });
        }
        None
    }

    /// Returns the day at which the page has to end, if so many stretches were computed that the next page should go on.
    pub(super) fn end(&self) -> Option<NaiveDate> {
        let is_over = self.taken >= MOST_STRETCHES && self.left.from < self.left.until;
        is_over.then_some(if self.is_descending {
            self.left.until
        } else {
            self.left.from
        })
    }

    fn stretch(&self) -> Window {
        let Window { from, until, zone } = self.left;
        let length = Days::new(self.days);
        if self.is_descending {
            let first = until.checked_sub_days(length);
            let from = first.map_or(from, |first| first.max(from));
            Window { from, until, zone }
        } else {
            let end = from.checked_add_days(length);
            let until = end.map_or(until, |end| end.min(until));
            Window { from, until, zone }
        }
    }

    fn skip(&mut self, stretch: Window) {
        if self.is_descending {
            self.left.until = stretch.from;
        } else {
            self.left.from = stretch.until;
        }
    }
}

/// Adds what begins in a stretch. An event whose rule causes a panic adds nothing.
fn add_begins(
    slot: DocId,
    entry: &Arc<Entry>,
    stretch: Window,
    days: &mut BTreeMap<NaiveDate, Vec<Begin>>,
) {
    let times = caught(|| entry.times_in(&entry.event(), stretch));
    for when in times.unwrap_or_default() {
        let day = when.days_touched(stretch.zone).start;
        if day >= stretch.from {
            let at = moment(&when, day, stretch.zone);
            days.entry(day).or_default().push(Begin { at, slot });
        }
    }
}
