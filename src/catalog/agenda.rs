//! Pages of the agenda: happenings in the order of their days, so many at a time.
//!
//! The index of days has what begins on each day in its order. So a page walks along the days, asks the
//! sets of the filters about each number that it meets, and unpacks only the events that it shows, however
//! many others the days have. Where a filter leaves so few events that walking would come upon others most
//! of the time, their own days are looked up first, and only those are walked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};

use calendar_domain::{Event, EventId, Query, Window};

use super::bookmark::Bookmark;
use super::facts::is_there;
use super::search::in_order;
use super::selection::Selection;
use super::sheet::{Begin, Sheet};
use super::slots::{Slot, Slots};
use super::{Entry, Happening, Snapshot};

/// From a page's first day on the index of days has to reach so many days further.
const LEFT: u64 = 180;
/// Looking up one event's own days takes about as long as asking the sets about so many others.
const WALKED_FOR_ONE: usize = 8;

/// One page of happenings.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The happenings, in order of their start.
    pub items: Vec<Happening>,
    /// Where the next page begins, where there is one.
    pub next: Option<Bookmark>,
}

/// Which events a page takes.
pub(super) enum Admits<'a> {
    /// All.
    Everything,
    /// Those that the filters leave, looking at so many at most.
    Filtered(&'a Selection<'a>, usize),
    /// These.
    Known(Slots),
}

/// What a page will show.
#[derive(Debug, Default)]
pub(super) struct Picked {
    days: Vec<Leaf>,
    pub(super) next: Option<Bookmark>,
}

/// How much a page takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// So many, then to the end of the day.
    room: usize,
    /// A day with so many more is parted.
    spare: usize,
    /// Where the page ends in any case.
    end: Option<Bookmark>,
}

impl Room {
    fn of(room: usize, spare: usize) -> Self {
        Self {
            room,
            spare,
            end: None,
        }
    }

    pub(super) fn until(end: Bookmark, limit: usize) -> Self {
        Self {
            room: limit * 2,
            spare: limit,
            end: Some(end),
        }
    }
}

/// A day of a page.
#[derive(Debug)]
pub(super) struct Leaf {
    day: NaiveDate,
    begins: Vec<Begin>,
    /// How many happenings of the first event that begin at that very moment were on an earlier page.
    before: usize,
}

/// The filters asked for more than was allowed.
#[derive(Debug)]
pub(super) struct TooFar;

impl Snapshot {
    /// The happenings from a bookmark on, about `limit` of them: whole days, until there are enough,
    /// and half as many again at most: a day with more is parted. What began before that day and
    /// still runs comes with it, and leaves room for half a page at least.
    #[must_use]
    pub fn agenda(&self, query: &Query, from: impl Into<Bookmark>, limit: usize) -> Page {
        let start: Bookmark = from.into();
        let from = start.day;
        let zone = self.region.time_zone;
        let horizon = self.days.window();
        let last = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        // Close to its end the index has too little behind the day.
        let enough = from.checked_add_days(Days::new(LEFT)).unwrap_or(from);
        let within = horizon.from <= from && enough <= horizon.until;
        let open_end = if within {
            horizon.until
        } else {
            let ahead = from.checked_add_months(Months::new(24));
            horizon.until.max(ahead.unwrap_or(from))
        };
        let until = last.unwrap_or(open_end).max(from);
        let all = Window { from, until, zone };
        if !self.days.covers(all) {
            let mut items = self.happenings(query, all);
            keep_one_running_of_each(&mut items, all);
            return cut(items, all, start.shown, limit);
        }
        let selection = Selection::of(self, query);
        let mut items = self.running_on(&selection, all);
        let room = room(limit, items.len());
        let picked = self.by_days(&selection, all, limit, |admits, days| {
            self.pick(days, admits, start, Room::of(room, limit / 2))
        });
        items.extend(self.happenings_picked(&picked));
        items.retain(|it| is_there(query, it, self));
        Page {
            items: in_order(items, all),
            next: picked.next,
        }
    }

    /// What `walk` makes of the days of a window and of whom to take on them: all days where most events
    /// are admitted, else those on which an admitted one begins.
    pub(super) fn by_days<T: Default>(
        &self,
        selection: &Selection<'_>,
        window: Window,
        limit: usize,
        walk: impl Fn(
            &mut Admits<'_>,
            &mut dyn DoubleEndedIterator<Item = (NaiveDate, &Sheet)>,
        ) -> Result<T, TooFar>,
    ) -> T {
        let Some(narrow) = selection.narrowest() else {
            let walked = walk(&mut Admits::Everything, &mut self.days.sheets_in(window));
            return walked.unwrap_or_default();
        };
        if narrow.len() > limit {
            let mut admits = Admits::Filtered(selection, narrow.len() * WALKED_FOR_ONE);
            if let Ok(walked) = walk(&mut admits, &mut self.days.sheets_in(window)) {
                return walked;
            }
        }
        let admitted = self.entries_of(&narrow);
        let admitted = admitted.filter(|(slot, entry)| selection.admits(*slot, entry));
        let (mut known, mut days) = (Slots::default(), BTreeSet::new());
        for (slot, entry) in admitted {
            known.insert(slot);
            if entry.recurs() {
                days.extend(self.days.begins_of(slot, window));
            } else if window.from <= entry.first && entry.first < window.until {
                days.insert(entry.first);
            }
        }
        let sheets = days.into_iter();
        let mut sheets = sheets.filter_map(|day| Some((day, self.days.sheet(day)?)));
        walk(&mut Admits::Known(known), &mut sheets).unwrap_or_default()
    }

    /// What runs on the first day of a window and began before it.
    fn running_on(&self, selection: &Selection<'_>, window: Window) -> Vec<Happening> {
        let Some(sheet) = self.days.sheet(window.from) else {
            return Vec::new();
        };
        let day = Window {
            until: window.from.succ_opt().unwrap_or(window.from),
            ..window
        };
        let began = |it: &Happening| it.when.days_touched(day.zone).start < day.from;
        let running = self.entries_of(sheet.running());
        let running = running.filter(|(slot, entry)| selection.admits(*slot, entry));
        let running = running.flat_map(|(_, entry)| entry.happenings(day));
        let mut running = running.filter(began).collect();
        keep_one_running_of_each(&mut running, day);
        running
    }

    /// What begins on the days from a bookmark on: whole days until there is no room left, the last one in
    /// part where it has more than there is room for and to spare.
    pub(super) fn pick(
        &self,
        days: &mut dyn DoubleEndedIterator<Item = (NaiveDate, &Sheet)>,
        admits: &mut Admits<'_>,
        start: Bookmark,
        room: Room,
    ) -> Result<Picked, TooFar> {
        let Room { room, spare, end } = room;
        let (mut picked, mut taken) = (Picked::default(), 0);
        for (day, sheet) in days {
            if taken >= room {
                if self.count(sheet, admits, 1)? > 0 {
                    picked.next = Some(day.into());
                    break;
                }
                continue;
            }
            // However many a reader says were shown.
            let shown = start.shown.min(sheet.len());
            let shown = if day == start.day { shown } else { 0 };
            let left = room - taken;
            let there = match end.filter(|end| end.day == day) {
                Some(end) => (end.shown.saturating_sub(shown)).min(left + spare),
                None => left + spare + 1,
            };
            let mut there = self.first_on(sheet, admits, shown, there)?;
            if there.len() > shown + left + spare {
                there.truncate(shown + left);
                picked.next = Some(Bookmark {
                    day,
                    shown: shown + left,
                });
            }
            let begins = there.split_off(shown.min(there.len()));
            let same = there.iter().rev();
            let same = same.take_while(|it| begins.first() == Some(*it));
            taken += begins.len();
            picked.days.push(Leaf {
                day,
                before: same.count(),
                begins,
            });
            if picked.next.is_some() {
                break;
            }
        }
        Ok(picked)
    }

    /// The first of those that begin on a day and are admitted: `count` of them, and before them those
    /// that were `shown`. In the order of a list, where the day is parted.
    fn first_on(
        &self,
        sheet: &Sheet,
        admits: &mut Admits<'_>,
        shown: usize,
        count: usize,
    ) -> Result<Vec<Begin>, TooFar> {
        let count = shown + count;
        let mut found: Vec<Begin> = Vec::new();
        for begin in sheet.begins() {
            // Of those that begin at once an id is first, which is not known here: all of them.
            if found.len() >= count && found.last().is_some_and(|last| last.at < begin.at) {
                break;
            }
            if self.takes(admits, begin.slot)? {
                found.push(begin);
            }
        }
        if shown > 0 || found.len() >= count {
            let id = |it: &Begin| self.entry(it.slot).map(|entry| entry.id());
            found.sort_by_cached_key(|it| (it.at, id(it)));
            found.truncate(count);
        }
        Ok(found)
    }

    /// How many begin on a day and are admitted; where there are more than `enough`, so many at least.
    pub(super) fn count(
        &self,
        sheet: &Sheet,
        admits: &mut Admits<'_>,
        enough: usize,
    ) -> Result<usize, TooFar> {
        if matches!(admits, Admits::Everything) {
            return Ok(sheet.len());
        }
        let mut count = 0;
        for begin in sheet.begins() {
            count += usize::from(self.takes(admits, begin.slot)?);
            if count >= enough {
                break;
            }
        }
        Ok(count)
    }

    fn takes(&self, admits: &mut Admits<'_>, slot: Slot) -> Result<bool, TooFar> {
        match admits {
            Admits::Everything => Ok(true),
            Admits::Known(known) => Ok(known.contains(slot)),
            Admits::Filtered(selection, left) => {
                *left = left.checked_sub(1).ok_or(TooFar)?;
                let may = selection.may_admit(slot);
                Ok(may
                    && self
                        .entry(slot)
                        .is_some_and(|it| selection.admits(slot, it)))
            }
        }
    }

    pub(super) fn happenings_picked(&self, picked: &Picked) -> Vec<Happening> {
        let zone = self.region.time_zone;
        let mut events: HashMap<Slot, (&Arc<Entry>, Arc<Event>)> = HashMap::new();
        let mut made = Vec::new();
        for leaf in &picked.days {
            let mut before = leaf.before;
            // What begins twice at once is found twice at once.
            for same in leaf.begins.chunk_by(|a, b| a == b) {
                let Begin { at, slot } = same[0];
                let Some(entry) = self.entry(slot) else {
                    continue;
                };
                let (entry, event) = events.entry(slot).or_insert_with(|| (entry, entry.event()));
                let found = entry.beginning(event, leaf.day, at, zone).into_iter();
                made.extend(found.skip(std::mem::take(&mut before)).take(same.len()));
            }
        }
        made
    }
}

/// How many that begin on its days a page has room for, beside those that run on.
fn room(limit: usize, running: usize) -> usize {
    limit.saturating_sub(running).max(limit / 2).max(1)
}

/// Keeps one happening of each event that began before a window: the one that began last. However many
/// of an event run at the same time, they are one row.
pub(super) fn keep_one_running_of_each(items: &mut Vec<Happening>, window: Window) {
    let began = |it: &Happening| it.when.days_touched(window.zone).start < window.from;
    let mut last: HashMap<EventId, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate().filter(|(_, it)| began(it)) {
        let begins = |at: usize| items[at].when.begins(window.zone);
        let known = last.entry(item.event.id.clone()).or_insert(at);
        if begins(at) > begins(*known) {
            *known = at;
        }
    }
    let kept: HashSet<usize> = last.into_values().collect();
    let mut at = 0..;
    items.retain(|it| at.next().is_some_and(|at| !began(it) || kept.contains(&at)));
}

/// Leaves out what earlier pages have shown of the first day, and cuts the list behind the day that
/// fills the page, or within it where it has too many.
pub(super) fn cut(mut items: Vec<Happening>, window: Window, shown: usize, limit: usize) -> Page {
    let day = |it: &Happening| it.when.days_touched(window.zone).start;
    let running = items.partition_point(|it| day(it) < window.from);
    let there = items.partition_point(|it| day(it) <= window.from);
    items.drain(running..running.saturating_add(shown).min(there));
    let room = room(limit, running);
    let Some(last) = items.get(running + room - 1).map(day) else {
        return Page { items, next: None };
    };
    let end = items.partition_point(|it| day(it) <= last);
    let next = if end - running > room + limit / 2 {
        let before = items.partition_point(|it| day(it) < last) - running;
        let again = if last == window.from { shown } else { 0 };
        items.truncate(running + room);
        Some(Bookmark {
            day: last,
            shown: room - before + again,
        })
    } else {
        let next = items.get(end).map(|it| day(it).into());
        items.truncate(end);
        next
    };
    Page { items, next }
}
