//! Questions to a snapshot.

use std::fmt;
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};

use crate::domain::{EventId, EventStatus, Query, Window};

use super::selection::Selection;
use super::slots::{Slot, Slots};
use super::{Entry, Happening, Snapshot};

/// One page of happenings.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The happenings, in order of their start.
    pub items: Vec<Happening>,
    /// Where the next page begins, where there is one.
    pub next: Option<Bookmark>,
}

/// Where a page of the agenda begins: with a day, and on a day of very many with one of them. Written
/// `2027-03-01`, and `2027-03-01.60` where 60 of that day's have been shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bookmark {
    /// The day.
    pub day: NaiveDate,
    /// How many happenings that begin on it were on the pages before.
    pub shown: usize,
}

impl From<NaiveDate> for Bookmark {
    fn from(day: NaiveDate) -> Self {
        Self { day, shown: 0 }
    }
}

impl fmt::Display for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shown {
            0 => self.day.fmt(f),
            shown => write!(f, "{}.{shown}", self.day),
        }
    }
}

impl Snapshot {
    /// The window of a feed that names no days: three months back to eighteen months ahead.
    #[must_use]
    pub fn feed_window(&self) -> Window {
        let today = self.version.today;
        Window {
            from: today.checked_sub_months(Months::new(3)).unwrap_or(today),
            until: today.checked_add_months(Months::new(18)).unwrap_or(today),
            zone: self.region.time_zone,
        }
    }

    /// The days that a query names, open ends filled from `default`.
    #[must_use]
    pub fn window_of(&self, query: &Query, default: Window) -> Window {
        let until = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        Window {
            from: query.from.unwrap_or(default.from),
            until: until.unwrap_or(default.until),
            zone: default.zone,
        }
    }

    /// The events that a query admits, whatever their days, in no order that means anything.
    #[must_use]
    pub fn admitted(&self, query: &Query) -> Vec<Arc<Entry>> {
        let selection = Selection::of(self, query);
        let admitted = |(slot, entry): (Slot, &Arc<Entry>)| {
            selection.admits(slot, entry).then(|| Arc::clone(entry))
        };
        self.sift(selection.narrowest().as_ref(), admitted)
    }

    /// The events of a feed, earliest first. One without days of its own gets what happens within
    /// [`Self::feed_window`], and the editions of every series, however old; a cancelled event
    /// until its date has passed, so that who planned to come sees it.
    #[must_use]
    pub fn feed(&self, query: &Query) -> Vec<Arc<Entry>> {
        let selection = Selection::of(self, query);
        let window = self.window_of(query, self.feed_window());
        let mut candidates = self.candidates(&selection, window);
        if !is_bounded(query)
            && let Some(slots) = &mut candidates
        {
            slots.extend(self.index.editions.iter());
        }
        let wanted = |(slot, entry): (Slot, &Arc<Entry>)| {
            let there = self.is_in_feed(query, window, slot, entry);
            (there && selection.admits(slot, entry)).then(|| Arc::clone(entry))
        };
        let mut found = self.sift(candidates.as_ref(), wanted);
        found.sort_by(|a, b| (a.first, a.id()).cmp(&(b.first, b.id())));
        found
    }

    /// Finds an event by its key if it is in the [feed](Self::feed) of a query.
    pub fn in_feed<'a>(
        &'a self,
        query: &'a Query,
    ) -> impl Fn(&EventId) -> Option<&'a Arc<Entry>> + use<'a> {
        let selection = Selection::of(self, query);
        let window = self.window_of(query, self.feed_window());
        move |id| {
            let slot = self.slot_of(id)?;
            let entry = self.entry(slot)?;
            let there = self.is_in_feed(query, window, slot, entry);
            (there && selection.admits(slot, entry)).then_some(entry)
        }
    }

    fn is_in_feed(&self, query: &Query, window: Window, slot: Slot, entry: &Arc<Entry>) -> bool {
        if is_bounded(query) {
            return self.happens_in(slot, entry, window);
        }
        let today = self.version.today;
        let gone = entry.status() == EventStatus::Cancelled
            && entry.until.is_some_and(|until| until <= today);
        !gone && (self.happens_in(slot, entry, window) || self.index.editions.contains(slot))
    }

    /// The happenings in a window that a query admits, in order. The days of the query itself are
    /// not looked at.
    #[must_use]
    pub fn happenings(&self, query: &Query, window: Window) -> Vec<Happening> {
        let selection = Selection::of(self, query);
        let happening = |(slot, entry): (Slot, &Arc<Entry>)| {
            let there = self.happens_in(slot, entry, window) && selection.admits(slot, entry);
            there.then(|| entry.happenings(window))
        };
        let found = self.sift(self.candidates(&selection, window).as_ref(), happening);
        in_order(found.into_iter().flatten().collect(), window)
    }

    /// The happenings from a bookmark on, about `limit` of them: whole days, until there are enough,
    /// and half as many again at most: a day with more is parted. What began before that day and
    /// still runs comes with it.
    #[must_use]
    pub fn agenda(&self, query: &Query, from: impl Into<Bookmark>, limit: usize) -> Page {
        let Bookmark { day: from, shown } = from.into();
        let zone = self.region.time_zone;
        let horizon = self.days.window();
        let last = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        let within = horizon.from <= from && from < horizon.until;
        let open_end = if within {
            horizon.until
        } else {
            horizon.until.max(from + Months::new(24))
        };
        let until = last.unwrap_or(open_end).max(from);
        let all = Window { from, until, zone };
        if !self.days.covers(all) {
            return cut(self.happenings(query, all), all, shown, limit);
        }
        // No page of a day begins behind all that is on it, whatever a reader asks for.
        let first_day = Window {
            until: from + Days::new(1),
            ..all
        };
        let shown = shown.min(self.days.count_in(first_day));
        let (enough, slots) = self.first_of(query, all, limit + shown);
        let window = Window {
            until: enough,
            ..all
        };
        let found = self.entries_of(&slots);
        let found = found.flat_map(|(_, entry)| entry.happenings(window));
        let mut page = cut(in_order(found.collect(), window), window, shown, limit);
        if page.next.is_none() && enough < until {
            page.next = Some(enough.into());
        }
        page
    }

    /// The day that a page of about `limit` happenings before `before` begins with, as far back as the
    /// index of days goes; `None` where nothing is.
    #[must_use]
    pub fn page_before(&self, query: &Query, before: NaiveDate, limit: usize) -> Option<NaiveDate> {
        let zone = self.region.time_zone;
        let from = query.from.unwrap_or(NaiveDate::MIN).min(before);
        let window = Window {
            from,
            until: before,
            zone,
        };
        let selection = Selection::of(self, query);
        let (mut first, mut seen) = (None, 0);
        for (day, slots) in self.days.days(window).rev() {
            let admitted = self.entries_of(slots).filter(|(slot, entry)| {
                // What goes on for days is listed under its first one.
                (entry.recurs() || entry.first == *day) && selection.admits(*slot, entry)
            });
            let count = admitted.count();
            seen += count;
            first = Some(*day).filter(|_| count > 0).or(first);
            if seen >= limit {
                break;
            }
        }
        first
    }

    /// The events of the first days of a window, until there are more than `limit`, and the day up to
    /// which those are all.
    fn first_of(&self, query: &Query, window: Window, limit: usize) -> (NaiveDate, Slots) {
        let selection = Selection::of(self, query);
        let narrow = selection
            .narrowest()
            .filter(|slots| slots.len() <= limit * 4);
        let mut seen = Slots::default();
        if let Some(slots) = narrow {
            let admitted = self.entries_of(&slots);
            let admitted = admitted.filter(|(slot, entry)| selection.admits(*slot, entry));
            seen.extend(admitted.map(|(slot, _)| slot));
            return (window.until, seen);
        }
        for (day, slots) in self.days.days(window) {
            if seen.len() > limit {
                return (*day, seen);
            }
            let admitted = self.entries_of(slots);
            let admitted = admitted.filter(|(slot, entry)| selection.admits(*slot, entry));
            seen.extend(admitted.map(|(slot, _)| slot));
        }
        (window.until, seen)
    }

    /// Where to look for the events of a window: under the word that fewest have, or under its days.
    /// `None`: everywhere.
    fn candidates(&self, selection: &Selection<'_>, window: Window) -> Option<Slots> {
        let by_word = selection.narrowest();
        if !self.days.covers(window) {
            return by_word;
        }
        match by_word {
            Some(slots) if slots.len() <= self.days.count_in(window) => Some(slots),
            _ => Some(self.days.slots_in(window)),
        }
    }

    /// Whether an event has a happening in the window.
    fn happens_in(&self, slot: Slot, entry: &Arc<Entry>, window: Window) -> bool {
        if entry.recurs() && self.days.covers(window) {
            return entry.may_touch(window) && self.days.touches(slot, window);
        }
        entry.happens_in(window)
    }

    /// What `take` makes of the events in these slots, or of all where none are named.
    fn sift<T>(
        &self,
        slots: Option<&Slots>,
        take: impl FnMut((Slot, &Arc<Entry>)) -> Option<T>,
    ) -> Vec<T> {
        match slots {
            Some(slots) => self.entries_of(slots).filter_map(take).collect(),
            None => self.entries_with_slots().filter_map(take).collect(),
        }
    }

    fn entries_of<'s>(&'s self, slots: &'s Slots) -> impl Iterator<Item = (Slot, &'s Arc<Entry>)> {
        slots
            .iter()
            .filter_map(|slot| Some((slot, self.entry(slot)?)))
    }
}

fn in_order(mut happenings: Vec<Happening>, window: Window) -> Vec<Happening> {
    happenings.sort_by_cached_key(|it| it.sort_key(window.zone));
    happenings
}

/// Whether a query names days of its own.
fn is_bounded(query: &Query) -> bool {
    query.from.is_some() || query.to.is_some()
}

/// Leaves out what earlier pages have shown of the first day, and cuts the list behind the day that
/// fills the page, or within it where it has too many.
fn cut(mut items: Vec<Happening>, window: Window, shown: usize, limit: usize) -> Page {
    let day = |it: &Happening| it.when.days_touched(window.zone).start;
    if shown > 0 {
        let first = items.partition_point(|it| day(it) < window.from);
        let there = items.partition_point(|it| day(it) <= window.from);
        items.drain(first..(first + shown).min(there));
    }
    let Some(last) = items.get(limit.saturating_sub(1)).map(day) else {
        return Page { items, next: None };
    };
    let end = items.partition_point(|it| day(it) <= last);
    let next = if end > limit.saturating_add(limit / 2) {
        let before = items.partition_point(|it| day(it) < last);
        let again = if last == window.from { shown } else { 0 };
        items.truncate(limit);
        Some(Bookmark {
            day: last,
            shown: limit - before + again,
        })
    } else {
        let next = items.get(end).map(|it| day(it).into());
        items.truncate(end);
        next
    };
    Page { items, next }
}
