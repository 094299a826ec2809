//! Index of occurrences by day, over a horizon around today.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use imbl::{HashMap, OrdMap};

use calendar_domain::{Event, When, Window};

use super::Entry;
use super::day_bucket::{Begin, Sheet, moment};
use super::doc_set::{DocId, DocSet};

/// Days before today in the index: the three months of feeds, and a year of paging back in the
/// agenda.
const DAYS_BACK: u64 = 370;
/// Days from today in the index: somewhat more than the eighteen months of feeds.
const DAYS_AHEAD: u64 = 800;

/// Occurrences by day.
#[derive(Debug, Clone)]
pub(super) struct DayIndex {
    from: NaiveDate,
    until: NaiveDate,
    zone: Tz,
    sheets: OrdMap<NaiveDate, Sheet>,
    /// Days on which the occurrences of a recurring event begin, in order and with repetitions.
    /// Some may be before the horizon, which has moved.
    recurring: HashMap<DocId, Arc<[NaiveDate]>>,
    /// Events that may touch a day from `until` on.
    beyond: DocSet,
}

impl DayIndex {
    /// Returns an empty index around a day.
    pub(super) fn around(today: NaiveDate, zone: Tz) -> Self {
        let (from, until) = horizon(today);
        Self {
            from,
            until,
            zone,
            sheets: OrdMap::new(),
            recurring: HashMap::new(),
            beyond: DocSet::default(),
        }
    }

    /// Returns the days covered.
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

    pub(super) fn insert(&mut self, slot: DocId, entry: &Entry, event: &Event) {
        let begins = self.fill(slot, entry, event, self.window());
        if !begins.is_empty() {
            self.recurring.insert(slot, begins.into());
        }
        if entry.until.is_none_or(|until| until > self.until) {
            self.beyond.insert(slot);
        }
    }

    /// Adds what touches a part of the horizon. Returns the days on which it begins, if the event
    /// recurs.
    fn fill(&mut self, slot: DocId, entry: &Entry, event: &Event, part: Window) -> Vec<NaiveDate> {
        let mut begins = Vec::new();
        let times = entry.times_in(event, part);
        for when in &times {
            let day = when.days_touched(part.zone).start;
            if day >= part.from {
                let at = moment(when, day, part.zone);
                let sheet = self.sheets.entry(day).or_default();
                sheet.insert(Begin { at, slot });
                begins.extend(Some(day).filter(|_| entry.recurs()));
            }
        }
        for day in running_days(&times, part) {
            let sheet = self.sheets.entry(day).or_default();
            sheet.running_mut().insert(slot);
        }
        begins.sort_unstable();
        begins
    }

    pub(super) fn remove(&mut self, slot: DocId, entry: &Entry, event: &Event) {
        let window = self.window();
        let times = entry.times_in(event, window);
        for when in &times {
            let day = when.days_touched(window.zone).start;
            if day >= window.from {
                let at = moment(when, day, window.zone);
                self.change(day, |sheet| sheet.remove(Begin { at, slot }));
            }
        }
        for day in running_days(&times, window) {
            self.change(day, |sheet| sheet.running_mut().remove(slot));
        }
        self.recurring.remove(&slot);
        self.beyond.remove(slot);
    }

    fn change(&mut self, day: NaiveDate, change: impl FnOnce(&mut Sheet)) {
        let Some(sheet) = self.sheets.get_mut(&day) else {
            return;
        };
        change(sheet);
        if sheet.is_empty() {
            self.sheets.remove(&day);
        }
    }

    /// Moves the horizon to another day, processing only events that extend beyond it. Returns
    /// false, and does nothing, if it moves back or so far that nothing of it remains.
    pub(super) fn advance<'a>(
        &mut self,
        today: NaiveDate,
        mut entry: impl FnMut(DocId) -> Option<&'a Entry>,
    ) -> bool {
        let (from, until) = horizon(today);
        if from < self.from || from >= self.until {
            return false;
        }
        let (_, _, kept) = self.sheets.split_lookup(&from.pred_opt().unwrap_or(from));
        let coming = Window {
            from: self.until,
            until,
            zone: self.zone,
        };
        self.sheets = kept;
        (self.from, self.until) = (from, until);
        for slot in self.beyond.clone().iter() {
            let Some(entry) = entry(slot) else { continue };
            if entry.until.is_none_or(|until| until > coming.from) && entry.first < coming.until {
                let further = self.fill(slot, entry, &entry.event(), coming);
                self.begins_further(slot, further);
            }
            if entry.until.is_some_and(|last| last <= until) {
                self.beyond.remove(slot);
            }
        }
        true
    }

    fn begins_further(&mut self, slot: DocId, further: Vec<NaiveDate>) {
        if further.is_empty() {
            return;
        }
        let known = self.recurring.get(&slot).into_iter();
        let known = known.flat_map(|days| days.iter().copied());
        let begins = known.filter(|day| *day >= self.from).chain(further);
        self.recurring.insert(slot, begins.collect());
    }

    /// Returns the events that touch a day of the window, within the horizon.
    pub(super) fn slots_in(&self, window: Window) -> DocSet {
        let first = self.sheets.get(&window.from);
        let mut found: Vec<DocId> =
            first.map_or_else(Vec::new, |sheet| sheet.running().iter().collect());
        for (_, sheet) in self.sheets_in(window) {
            found.extend(sheet.begins().map(|start| start.slot));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().collect()
    }

    /// Returns true if at least `many` events are on the days of the window, counted once per
    /// start.
    pub(super) fn has(&self, many: usize, window: Window) -> bool {
        let first = self.sheets.get(&window.from);
        let mut seen = first.map_or(0, |sheet| sheet.running().len());
        let mut sheets = self.sheets_in(window);
        while seen < many
            && let Some((_, sheet)) = sheets.next()
        {
            seen += sheet.len();
        }
        seen >= many
    }

    /// Returns true if a recurring event touches a day of the window, within the horizon.
    pub(super) fn touches(&self, slot: DocId, window: Window) -> bool {
        self.begins_of(slot, window).next().is_some()
            // What began earlier and extends into the window is running on its first day.
            || (self.sheets.get(&window.from)).is_some_and(|value| value.running().contains(slot))
    }

    /// Returns the days of the window on which occurrences of a recurring event begin.
    pub(super) fn begins_of(&self, slot: DocId, window: Window) -> impl Iterator<Item = NaiveDate> {
        let days = self.recurring.get(&slot).map_or(&[][..], |days| days);
        let after = days.get(days.partition_point(|day| *day < window.from)..);
        let days = after.unwrap_or_default().iter().copied();
        days.take_while(move |day| *day < window.until)
    }

    /// Adds the days of the window on which an event begins.
    pub(super) fn add_begins(
        &self,
        slot: DocId,
        entry: &Entry,
        window: Window,
        days: &mut BTreeSet<NaiveDate>,
    ) {
        if entry.recurs() {
            days.extend(self.begins_of(slot, window));
        } else if window.from <= entry.first && entry.first < window.until {
            days.insert(entry.first);
        }
    }

    /// Returns the contents of a day.
    pub(super) fn sheet(&self, day: NaiveDate) -> Option<&Sheet> {
        self.sheets.get(&day)
    }

    /// Returns the non-empty days of a window with their contents.
    pub(super) fn sheets_in(
        &self,
        window: Window,
    ) -> impl DoubleEndedIterator<Item = (NaiveDate, &Sheet)> {
        let days = window.from..window.until.max(window.from);
        self.sheets.range(days).map(|(day, sheet)| (*day, sheet))
    }
}

/// Returns the days of a window on which a span from `first` to before `until` continues.
fn running(first: NaiveDate, until: NaiveDate, window: Window) -> impl Iterator<Item = NaiveDate> {
    let from = first.succ_opt().unwrap_or(first).max(window.from);
    let last = until.min(window.until);
    from.iter_days().take_while(move |day| *day < last)
}

/// Returns the days of a window on which one of these times continues, each once even if they
/// overlap. The times are ordered by start.
fn running_days(times: &[When], window: Window) -> Vec<NaiveDate> {
    let mut found = Vec::new();
    // The last start so far, and the end of all times that began by then.
    let (mut started, mut until) = (NaiveDate::MIN, NaiveDate::MIN);
    for when in times {
        let days = when.days_touched(window.zone);
        let known = if days.start >= started {
            until
        } else {
            NaiveDate::MIN
        };
        let rest = Window {
            from: window.from.max(known),
            ..window
        };
        found.extend(running(days.start, days.end, rest));
        started = started.max(days.start);
        until = until.max(days.end);
    }
    found
}

fn horizon(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let from = today.checked_sub_days(Days::new(DAYS_BACK));
    let until = today.checked_add_days(Days::new(DAYS_AHEAD));
    (from.unwrap_or(today), until.unwrap_or(today))
}
