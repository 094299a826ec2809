//! Lists in the order of dates.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use calendar_domain::zone::LATEST;
use calendar_domain::{Event, Start, Window};

use crate::catalog::day_bucket::Begin;
use crate::catalog::doc_set::DocId;
use crate::catalog::{Entry, EventOccurrence, Snapshot, caught};

use super::beyond::Stretches;
use super::candidates::Candidates;
use super::page::PageBuilder;
use super::page_start::PageStart;
use super::window_part::WindowPart;
use super::{ListKey, ListOrder, ListPage, ListingRequest, Ongoing, StartKey};

/// Number of events up to which the days of each are looked up instead of walking all days.
const FEW: usize = 500;

impl Snapshot {
    /// Returns a page of occurrences. The order is by start.
    #[must_use]
    pub fn list_occurrences(&self, request: &ListingRequest<'_>) -> ListPage<EventOccurrence> {
        let candidates = Candidates::new(self, request);
        let mut walk = Walk::new(&candidates, |_, occurrence| occurrence.cloned());
        walk.is_once = request.without_repetition;
        walk.finish()
    }

    /// Returns a page of events, each once.
    #[must_use]
    pub fn list_events(&self, request: &ListingRequest<'_>) -> ListPage<Arc<Entry>> {
        let candidates = Candidates::new(self, request);
        match request.order {
            ListOrder::Change | ListOrder::ChangeDescending => candidates.by_change(),
            ListOrder::Start | ListOrder::StartDescending => {
                let mut walk = Walk::new(&candidates, |entry, _| Some(Arc::clone(entry)));
                walk.is_once = true;
                walk.is_by_sets = true;
                walk.finish()
            }
        }
    }
}

/// Makes the item of an event, or of its occurrence if that was computed.
type MakeItem<T> = fn(&Arc<Entry>, Option<&EventOccurrence>) -> Option<T>;

/// A walk along the days of a window.
struct Walk<'a, T> {
    candidates: &'a Candidates<'a>,
    page: PageBuilder<T>,
    make: MakeItem<T>,
    /// Whether a recurring event is listed at its first matching occurrence only.
    is_once: bool,
    /// Whether events that are known to match need not be decoded.
    is_by_sets: bool,
    start: PageStart<'a>,
    /// Recurring events that were met at an occurrence that is not their first, or are listed.
    settled: HashSet<DocId>,
    /// The first matching occurrences of recurring events, for a list that meets them last.
    firsts: HashMap<DocId, Option<StartKey>>,
}

impl<'a, T> Walk<'a, T> {
    fn new(candidates: &'a Candidates<'a>, make: MakeItem<T>) -> Self {
        let request = candidates.request;
        Self {
            candidates,
            page: PageBuilder::new(request.limit),
            make,
            is_once: false,
            is_by_sets: false,
            start: PageStart {
                after: request.after.and_then(|key| match key {
                    ListKey::Start(key) => Some(key),
                    ListKey::Change(_) => None,
                }),
                is_descending: request.order.is_descending(),
            },
            settled: HashSet::new(),
            firsts: HashMap::new(),
        }
    }

    fn finish(mut self) -> ListPage<T> {
        let parts = self.parts().into_iter();
        for part in self.start.in_order(parts) {
            if self.page.is_finished() {
                break;
            }
            match part {
                WindowPart::Running => self.walk_running(),
                WindowPart::Indexed(days) => self.walk_indexed(days),
                WindowPart::Beyond(days) => self.walk_beyond(days),
            }
        }
        self.page.into_page()
    }

    /// Returns the parts of the window that are not wholly on earlier pages, earliest first.
    fn parts(&self) -> Vec<WindowPart> {
        let request = self.candidates.request;
        let mut days = request.window;
        if days.from >= days.until {
            return Vec::new();
        }
        let mut has_running = request.ongoing != Ongoing::Omit;
        match self.start.after {
            Some(after) if self.start.is_descending => {
                let end = after.day.succ_opt().unwrap_or(after.day);
                days.until = days.until.min(end);
            }
            Some(after) => {
                has_running &= after.day < days.from;
                days.from = days.from.max(after.day);
            }
            None => {}
        }
        let mut parts = Vec::new();
        if has_running {
            parts.push(WindowPart::Running);
        }
        if request.ongoing != Ongoing::Only {
            let index = self.candidates.snapshot.days.window();
            let between = |from: NaiveDate, until: NaiveDate| Window {
                from: days.from.max(from),
                until: days.until.min(until),
                ..days
            };
            parts.extend([
                WindowPart::Beyond(between(NaiveDate::MIN, index.from)),
                WindowPart::Indexed(between(index.from, index.until)),
                WindowPart::Beyond(between(index.until, NaiveDate::MAX)),
            ]);
        }
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// Lists what began before the window and touches its first day.
    fn walk_running(&mut self) {
        let candidates = self.candidates;
        let window = candidates.request.window;
        let day = Window {
            until: window.from.succ_opt().unwrap_or(window.from),
            ..window
        };
        let mut found = Vec::new();
        for (slot, entry) in candidates.running_on(day) {
            let Some(event) = candidates.event(slot, entry) else {
                continue;
            };
            let running = candidates.occurrences(entry, &event, day).into_iter();
            let mut running = running.filter(|(key, _)| key.day < day.from);
            if self.is_once {
                found.extend(running.next().map(|running| (slot, running)));
            } else {
                found.extend(running.map(|running| (slot, running)));
            }
        }
        found.sort_by(|(_, a), (_, b)| a.0.cmp(&b.0));
        if self.start.is_descending {
            found.reverse();
        }
        for (slot, (key, occurrence)) in found {
            if self.is_once {
                self.settled.insert(slot);
            }
            if self.start.is_before(&key) {
                self.push(key, &occurrence.entry, Some(&occurrence));
            }
        }
    }

    /// Lists what begins on days of the day index.
    fn walk_indexed(&mut self, window: Window) {
        let index = &self.candidates.snapshot.days;
        let few = self.candidates.narrowest().filter(|set| set.len() <= FEW);
        if let Some(few) = few {
            let days = self.candidates.days_of(&few, window).into_iter();
            for day in self.start.in_order(days) {
                if let Some(sheet) = index.sheet(day) {
                    self.walk_day(day, sheet.begins());
                }
                if self.page.is_finished() {
                    return;
                }
            }
            return;
        }
        let mut sheets = index.sheets_in(window);
        while let Some((day, sheet)) = if self.start.is_descending {
            sheets.next_back()
        } else {
            sheets.next()
        } {
            self.walk_day(day, sheet.begins());
            if self.page.is_finished() {
                return;
            }
        }
    }

    /// Lists what begins on days outside the day index.
    fn walk_beyond(&mut self, window: Window) {
        let mut stretches = Stretches::new(self.candidates, window, self.start.is_descending);
        while let Some(days) = stretches.next_days(&self.settled) {
            for (day, begins) in days {
                self.walk_day(day, begins.into_iter());
                if self.page.is_finished() {
                    return;
                }
            }
        }
        if let Some(day) = stretches.end() {
            // Before everything on that day.
            self.page.stop(ListKey::Start(StartKey {
                day,
                at: 0,
                id: String::new(),
                date: None,
            }));
        }
    }

    /// Lists what begins on a day.
    fn walk_day(&mut self, day: NaiveDate, begins: impl Iterator<Item = Begin>) {
        let begins: Vec<Begin> = begins.collect();
        let moments = begins.chunk_by(|a, b| a.at == b.at);
        for begins in self.start.in_order(moments) {
            self.walk_moment(day, begins);
            if self.page.is_finished() {
                return;
            }
        }
    }

    /// Lists what begins at a moment of a day.
    fn walk_moment(&mut self, day: NaiveDate, begins: &[Begin]) {
        let of = |begin: &Begin| {
            let entry = self.candidates.entry(begin.slot)?;
            Some((begin.at, entry.id(), begin.slot, entry))
        };
        let mut rows: Vec<_> = begins.iter().filter_map(of).collect();
        rows.sort_unstable_by_key(|(_, id, ..)| *id);
        // Occurrences of one event at the same moment are found together.
        rows.dedup_by_key(|(_, id, ..)| *id);
        if self.start.is_descending {
            rows.reverse();
        }
        for (at, id, slot, entry) in rows {
            if self.start.compare((day, at, id)).is_lt() {
                continue;
            }
            self.visit((day, at), slot, entry);
            if self.page.is_finished() {
                return;
            }
        }
    }

    /// Lists the occurrences of an event that begin at a moment.
    fn visit(&mut self, (day, at): (NaiveDate, u32), slot: DocId, entry: &Arc<Entry>) {
        let candidates = self.candidates;
        if self.settled.contains(&slot) {
            return;
        }
        let position = || StartKey {
            day,
            at,
            id: entry.id().to_owned(),
            date: None,
        };
        // The last position of this event at this moment, whichever way the list runs.
        let is_descending = self.start.is_descending;
        let last_position = || StartKey {
            date: (!is_descending).then_some(Start::Date(LATEST.date())),
            ..position()
        };
        if self.is_other_than_first(slot, (day, at)) {
            self.page.pass(|| ListKey::Start(position()));
            return;
        }
        if self.is_by_sets
            && candidates.is_by_sets(entry)
            && let Some(is_first) = self.is_first_by_index(slot, entry, day)
        {
            if entry.recurs() {
                self.settled.insert(slot);
            }
            if is_first && self.start.compare((day, at, entry.id())).is_gt() {
                self.push(last_position(), entry, None);
            }
            return;
        }
        if let Some(event) = candidates.event(slot, entry) {
            let zone = candidates.zone();
            let found = caught(|| candidates.matching(entry.beginning(&event, day, at, zone)));
            let mut found = found.unwrap_or_default();
            if self.start.is_descending {
                found.reverse();
            }
            for (key, occurrence) in found {
                self.offer(slot, &event, key, &occurrence);
            }
        }
        self.page.examine(|| ListKey::Start(last_position()));
    }

    /// Returns whether an event of which every occurrence matches is listed at the occurrence that begins on a day, its
    /// first in the window; `None` if its occurrences have to be computed to tell.
    fn is_first_by_index(&self, slot: DocId, entry: &Entry, day: NaiveDate) -> Option<bool> {
        match self.start.after {
            _ if !entry.recurs() => Some(true),
            _ if self.start.is_descending => None,
            // Earlier occurrences would have settled the event on this page.
            None => Some(true),
            Some(after) if after.day < day => {
                let has_earlier = self.candidates.has_earlier_day(slot, day)?;
                Some(!has_earlier)
            }
            Some(_) => None,
        }
    }

    /// Returns true if a recurring event is listed at a first occurrence that is known and begins at another moment.
    fn is_other_than_first(&self, slot: DocId, moment: (NaiveDate, u32)) -> bool {
        let first = self.firsts.get(&slot);
        first.is_some_and(|first| first.as_ref().map(|key| (key.day, key.at)) != Some(moment))
    }

    /// Returns the first matching occurrence of an event in the window. It is looked for once per page.
    fn first(&mut self, slot: DocId, event: &Arc<Event>, entry: &Arc<Entry>) -> Option<&StartKey> {
        let candidates = self.candidates;
        let look = || candidates.first_match(entry, event, candidates.request.window);
        self.firsts.entry(slot).or_insert_with(look).as_ref()
    }

    /// Lists an occurrence unless it is on an earlier page, or its event is listed at another.
    fn offer(
        &mut self,
        slot: DocId,
        event: &Arc<Event>,
        key: StartKey,
        occurrence: &EventOccurrence,
    ) {
        let entry = &occurrence.entry;
        if self.is_once && entry.recurs() {
            if self.settled.contains(&slot) {
                return;
            }
            if self.start.is_descending {
                if self.first(slot, event, entry) != Some(&key) {
                    return;
                }
            } else if self.start.after.is_some()
                && self.candidates.has_earlier(slot, entry, event, &key)
            {
                // On a first page, earlier occurrences have settled the event.
                self.settled.insert(slot);
                return;
            }
            self.settled.insert(slot);
        }
        if self.start.is_before(&key) {
            self.push(key, entry, Some(occurrence));
        }
    }

    fn push(&mut self, key: StartKey, entry: &Arc<Entry>, occurrence: Option<&EventOccurrence>) {
        if let Some(item) = (self.make)(entry, occurrence) {
            self.page.push(ListKey::Start(key), item);
        }
    }
}
