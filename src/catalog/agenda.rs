//! Pages of the agenda: occurrences in order of their days, a limited number at a time.
//!
//! The day index lists what begins on each day, in order. A page walks along the days, tests each
//! event number against the sets of the filters, and decodes only the events that it shows. If a
//! filter leaves so few events that the walk would mostly meet others, the days of those events are
//! looked up first, and only these days are walked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};

use calendar_domain::{Event, EventId, Query, Window};

use super::agenda_cursor::AgendaCursor;
use super::day_bucket::{Begin, Sheet};
use super::denormalize::is_meant;
use super::doc_set::{DocId, DocSet};
use super::search::in_order;
use super::selection::Selection;
use super::{Entry, EventOccurrence, Snapshot};

/// Minimum number of days that the day index must extend beyond the first day of a page.
const LEFT: u64 = 180;
/// Number of set tests that take about as long as looking up the days of one event.
const WALKED_FOR_ONE: usize = 8;

/// A page of occurrences.
#[derive(Debug, Clone, Default)]
pub struct OccurrencePage {
    /// Occurrences, in order of their start.
    pub items: Vec<EventOccurrence>,
    /// Start of the next page, if any.
    pub next: Option<AgendaCursor>,
}

/// Events that a page accepts.
pub(super) enum Admits<'a> {
    /// All events.
    Everything,
    /// Events that pass the filters, with the number of tests left.
    Filtered(&'a Selection<'a>, usize),
    /// These events.
    Known(DocSet),
}

/// Contents of a page.
#[derive(Debug, Default)]
pub(super) struct Picked {
    days: Vec<AgendaDay>,
    pub(super) next: Option<AgendaCursor>,
}

/// Capacity of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Number of occurrences after which the page ends with the day.
    room: usize,
    /// Number of further occurrences up to which a day is not split.
    spare: usize,
    /// Where the page ends in any case.
    end: Option<AgendaCursor>,
}

impl Room {
    fn new(room: usize, spare: usize) -> Self {
        Self {
            room,
            spare,
            end: None,
        }
    }

    pub(super) fn until(end: AgendaCursor, limit: usize) -> Self {
        Self {
            room: limit * 2,
            spare: limit,
            end: Some(end),
        }
    }
}

/// A day of a page.
#[derive(Debug)]
pub(super) struct AgendaDay {
    day: NaiveDate,
    begins: Vec<Begin>,
    /// Number of occurrences of the first event that begin at the same moment and were on an
    /// earlier page.
    before: usize,
}

/// The filters required more tests than allowed.
#[derive(Debug)]
pub(super) struct BudgetExceeded;

impl Snapshot {
    /// Returns the occurrences from a bookmark on, about `limit` of them.
    ///
    /// A page has whole days until there are enough, and at most half as many again; a day with
    /// more is split. Occurrences that began earlier and are still running come first, and leave
    /// room for at least half a page.
    #[must_use]
    pub fn agenda(
        &self,
        query: &Query,
        from: impl Into<AgendaCursor>,
        limit: usize,
    ) -> OccurrencePage {
        let start: AgendaCursor = from.into();
        let from = start.day;
        let zone = self.region.time_zone;
        let horizon = self.days.window();
        let last = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        // Near its end the index covers too few of the following days.
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
        let selection = Selection::new(self, query);
        let mut items = self.running_on(&selection, all);
        let room = room(limit, items.len());
        let picked = self.by_days(&selection, all, limit, |admits, days| {
            self.pick(days, admits, start, Room::new(room, limit / 2))
        });
        items.extend(self.happenings_picked(&picked));
        items.retain(|item| is_meant(query, item, self));
        OccurrencePage {
            items: in_order(items, all),
            next: picked.next,
        }
    }

    /// Calls `walk` with the days of a window and the events to accept: all days if most events are
    /// accepted, otherwise those on which an accepted one begins.
    pub(super) fn by_days<T: Default>(
        &self,
        selection: &Selection<'_>,
        window: Window,
        limit: usize,
        walk: impl Fn(
            &mut Admits<'_>,
            &mut dyn DoubleEndedIterator<Item = (NaiveDate, &Sheet)>,
        ) -> Result<T, BudgetExceeded>,
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
        let (mut known, mut days) = (DocSet::default(), BTreeSet::new());
        for (slot, entry) in admitted {
            known.insert(slot);
            self.days.add_begins(slot, entry, window, &mut days);
        }
        let sheets = days.into_iter();
        let mut sheets = sheets.filter_map(|day| Some((day, self.days.sheet(day)?)));
        walk(&mut Admits::Known(known), &mut sheets).unwrap_or_default()
    }

    /// Returns the occurrences that are running on the first day of a window and began before it.
    fn running_on(&self, selection: &Selection<'_>, window: Window) -> Vec<EventOccurrence> {
        let Some(sheet) = self.days.sheet(window.from) else {
            return Vec::new();
        };
        let day = Window {
            until: window.from.succ_opt().unwrap_or(window.from),
            ..window
        };
        let began =
            |occurrence: &EventOccurrence| occurrence.when.days_touched(day.zone).start < day.from;
        let running = self.entries_of(sheet.running());
        let running = running.filter(|(slot, entry)| selection.admits(*slot, entry));
        let running = running.flat_map(|(_, entry)| entry.happenings(day));
        let mut running = running.filter(began).collect();
        keep_one_running_of_each(&mut running, day);
        running
    }

    /// Selects what begins on the days from a bookmark on: whole days until the page is full, and
    /// part of the last one if it exceeds the remaining capacity.
    pub(super) fn pick(
        &self,
        days: &mut dyn DoubleEndedIterator<Item = (NaiveDate, &Sheet)>,
        admits: &mut Admits<'_>,
        start: AgendaCursor,
        room: Room,
    ) -> Result<Picked, BudgetExceeded> {
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
            // The number comes from the client and may be too large.
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
                picked.next = Some(AgendaCursor {
                    day,
                    shown: shown + left,
                });
            }
            let begins = there.split_off(shown.min(there.len()));
            let same = there.iter().rev();
            let same = same.take_while(|same| begins.first() == Some(*same));
            taken += begins.len();
            picked.days.push(AgendaDay {
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

    /// Returns the first accepted starts of a day: the `shown` earlier ones and `count` more. They
    /// are in display order if the day is split.
    fn first_on(
        &self,
        sheet: &Sheet,
        admits: &mut Admits<'_>,
        shown: usize,
        count: usize,
    ) -> Result<Vec<Begin>, BudgetExceeded> {
        let count = shown + count;
        let mut found: Vec<Begin> = Vec::new();
        for begin in sheet.begins() {
            // Ties are ordered by id, which is not known here, so all starts at the same moment are
            // needed.
            if found.len() >= count && found.last().is_some_and(|last| last.at < begin.at) {
                break;
            }
            if self.takes(admits, begin.slot)? {
                found.push(begin);
            }
        }
        if shown > 0 || found.len() >= count {
            let id = |begin: &Begin| self.entry(begin.slot).map(|entry| entry.id());
            found.sort_by_cached_key(|start| (start.at, id(start)));
            found.truncate(count);
        }
        Ok(found)
    }

    /// Returns the number of accepted starts on a day. Stops counting at `enough`.
    pub(super) fn count(
        &self,
        sheet: &Sheet,
        admits: &mut Admits<'_>,
        enough: usize,
    ) -> Result<usize, BudgetExceeded> {
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

    fn takes(&self, admits: &mut Admits<'_>, slot: DocId) -> Result<bool, BudgetExceeded> {
        match admits {
            Admits::Everything => Ok(true),
            Admits::Known(known) => Ok(known.contains(slot)),
            Admits::Filtered(selection, left) => {
                *left = left.checked_sub(1).ok_or(BudgetExceeded)?;
                let may = selection.may_admit(slot);
                Ok(may
                    && self
                        .entry(slot)
                        .is_some_and(|entry| selection.admits(slot, entry)))
            }
        }
    }

    pub(super) fn happenings_picked(&self, picked: &Picked) -> Vec<EventOccurrence> {
        let zone = self.region.time_zone;
        let mut events: HashMap<DocId, (&Arc<Entry>, Arc<Event>)> = HashMap::new();
        let mut made = Vec::new();
        for leaf in &picked.days {
            let mut before = leaf.before;
            // Occurrences of one event at the same moment are found together.
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

/// Returns how many starts a page has room for besides the running occurrences.
fn room(limit: usize, running: usize) -> usize {
    limit.saturating_sub(running).max(limit / 2).max(1)
}

/// Keeps one occurrence of each event that began before a window, the latest, so that the
/// overlapping occurrences of an event take one row.
pub(super) fn keep_one_running_of_each(items: &mut Vec<EventOccurrence>, window: Window) {
    let began = |occurrence: &EventOccurrence| {
        occurrence.when.days_touched(window.zone).start < window.from
    };
    let mut last: HashMap<EventId, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate().filter(|(_, value)| began(value)) {
        let begins = |at: usize| items[at].when.begins(window.zone);
        let known = last.entry(item.event.id.clone()).or_insert(at);
        if begins(at) > begins(*known) {
            *known = at;
        }
    }
    let kept: HashSet<usize> = last.into_values().collect();
    let mut at = 0..;
    items.retain(|item| {
        at.next()
            .is_some_and(|at| !began(item) || kept.contains(&at))
    });
}

/// Drops what earlier pages have shown of the first day, and ends the list after the day that fills
/// the page, or within it if it has too many.
pub(super) fn cut(
    mut items: Vec<EventOccurrence>,
    window: Window,
    shown: usize,
    limit: usize,
) -> OccurrencePage {
    let day = |occurrence: &EventOccurrence| occurrence.when.days_touched(window.zone).start;
    let running = items.partition_point(|item| day(item) < window.from);
    let there = items.partition_point(|item| day(item) <= window.from);
    items.drain(running..running.saturating_add(shown).min(there));
    let room = room(limit, running);
    let Some(last) = items.get(running + room - 1).map(day) else {
        return OccurrencePage { items, next: None };
    };
    let end = items.partition_point(|item| day(item) <= last);
    let next = if end - running > room + limit / 2 {
        let before = items.partition_point(|item| day(item) < last) - running;
        let again = if last == window.from { shown } else { 0 };
        items.truncate(running + room);
        Some(AgendaCursor {
            day: last,
            shown: room - before + again,
        })
    } else {
        let next = items.get(end).map(|item| day(item).into());
        items.truncate(end);
        next
    };
    OccurrencePage { items, next }
}
