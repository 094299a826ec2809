//! The filters of a request, evaluated on events and occurrences.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use calendar_domain::event_filter::OccurrenceFacts;
use calendar_domain::{Coordinates, Event, EventStatus, Venue, Window};

use crate::catalog::denormalize::is_meant;
use crate::catalog::doc_set::{DocId, DocSet};
use crate::catalog::selection::Selection;
use crate::catalog::{Entry, EventOccurrence, Snapshot, caught};

use super::{ListingRequest, Ongoing, StartKey};

/// Number of days over which a recurring event is expanded first.
const FIRST_STRETCH: u64 = 31;
/// Maximum number of days over which a recurring event is expanded at once.
const LONGEST_STRETCH: u64 = 366;
/// Maximum number of stretches in which a matching occurrence is looked for.
const MOST_STRETCHES: usize = 62;

/// The events that a request may list.
#[derive(Debug)]
pub(super) struct Candidates<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) request: &'a ListingRequest<'a>,
    selection: Selection<'a>,
    /// Events of partners that refuse republication.
    refused: Vec<&'a DocSet>,
    /// Whether an event without overrides passes the filters if [`Candidates::entry`] returns it.
    is_by_sets: bool,
    /// Number of stretches over which recurring events were expanded.
    stretches: Cell<usize>,
}

impl<'a> Candidates<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, request: &'a ListingRequest<'a>) -> Self {
        Self {
            snapshot,
            request,
            selection: Selection::new(snapshot, request.query),
            refused: snapshot.refused().collect(),
            is_by_sets: request.filter.admits_any_time_and_place()
                && !request.without_repetition
                && request.query.words.is_empty(),
            stretches: Cell::new(0),
        }
    }

    /// Returns the number of stretches over which recurring events were expanded to find their first occurrences.
    pub(super) fn stretches(&self) -> usize {
        self.stretches.get()
    }

    /// Returns the zone of days.
    pub(super) fn zone(&self) -> Tz {
        self.request.window.zone
    }

    /// Returns the smallest known set that contains all candidates, if there is one.
    pub(super) fn narrowest(&self) -> Option<DocSet> {
        self.selection.narrowest()
    }

    /// Returns the event of a slot if it passes the filters that need no decoding.
    pub(super) fn entry(&self, slot: DocId) -> Option<&'a Arc<Entry>> {
        let is_refused = || self.refused.iter().any(|set| set.contains(slot));
        if !self.selection.may_admit(slot) || is_refused() {
            return None;
        }
        let entry = self.snapshot.entry(slot)?;
        let filter = self.request.filter;
        let is_admitted = filter.admits_change(entry.modified())
            && !(filter.without_parts && entry.is_part())
            && (entry.has_overrides() || filter.admits_status(entry.status()));
        is_admitted.then_some(entry)
    }

    /// Returns every event that passes the filters which need no decoding.
    pub(super) fn all(&self) -> Vec<(DocId, &'a Arc<Entry>)> {
        let of = |slot| Some((slot, self.entry(slot)?));
        match self.narrowest() {
            Some(slots) => slots.iter().filter_map(of).collect(),
            None => {
                let all = self.snapshot.entries_with_slots();
                all.filter_map(|(slot, _)| of(slot)).collect()
            }
        }
    }

    /// Returns the candidates that may have begun before a day and touch it.
    pub(super) fn running_on(&self, day: Window) -> Vec<(DocId, &'a Arc<Entry>)> {
        let index = &self.snapshot.days;
        if !index.covers(day) {
            let all = self.all().into_iter();
            return all
                .filter(|(_, entry)| entry.first < day.from && entry.may_touch(day))
                .collect();
        }
        let running = index.sheet(day.from).map(|sheet| sheet.running().iter());
        let running = running.into_iter().flatten();
        running
            .filter_map(|slot| Some((slot, self.entry(slot)?)))
            .collect()
    }

    /// Returns the days of a window on which one of a few events begins.
    pub(super) fn days_of(&self, few: &DocSet, window: Window) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        for slot in few.iter() {
            if let Some(entry) = self.entry(slot) {
                let index = &self.snapshot.days;
                index.add_begins(slot, entry, window, &mut days);
            }
        }
        days
    }

    /// Returns true if an event that [`Candidates::entry`] returns needs no further look: each of its occurrences matches.
    pub(super) fn is_by_sets(&self, entry: &Entry) -> bool {
        self.is_by_sets && !entry.has_overrides()
    }

    /// Returns whether an event of which every occurrence matches has one on earlier days of the window, as the day index
    /// says; `None` if it does not cover them.
    pub(super) fn has_earlier_day(&self, slot: DocId, day: NaiveDate) -> Option<bool> {
        let earlier = Window {
            until: day,
            ..self.request.window
        };
        let index = &self.snapshot.days;
        index.covers(earlier).then(|| match self.request.ongoing {
            Ongoing::Include => index.touches(slot, earlier),
            Ongoing::Omit | Ongoing::Only => index.begins_of(slot, earlier).next().is_some(),
        })
    }

    /// Decodes an event if it passes the filters of events. An event that causes a panic passes none.
    pub(super) fn event(&self, slot: DocId, entry: &Entry) -> Option<Arc<Event>> {
        let admitted = caught(|| {
            let event = entry.event();
            let passes = self.selection.admits(slot, entry)
                && self.request.filter.admits_event(&event)
                && !(self.request.without_repetition && self.is_part_of_recurring(&event));
            passes.then_some(event)
        });
        admitted.unwrap_or_else(|why| {
            tracing::error!(event = %entry.id(), why, "an event is left out of a list");
            None
        })
    }

    fn is_part_of_recurring(&self, event: &Event) -> bool {
        let whole = event.super_event.as_ref();
        let whole = whole.and_then(|id| self.snapshot.event(id));
        whole.is_some_and(|whole| whole.recurs())
    }

    /// Returns the matching ones of some occurrences with their positions.
    pub(super) fn matching(
        &self,
        found: impl IntoIterator<Item = EventOccurrence>,
    ) -> Vec<(StartKey, EventOccurrence)> {
        let found = found
            .into_iter()
            .filter(|occurrence| self.admits(occurrence));
        let mut found: Vec<_> = found
            .map(|found| (StartKey::new(&found, self.zone()), found))
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    /// Returns true if an occurrence matches. It touches the window.
    fn admits(&self, occurrence: &EventOccurrence) -> bool {
        let request = self.request;
        let days = occurrence.when.days_touched(self.zone());
        let is_wanted = match request.ongoing {
            Ongoing::Include => true,
            Ongoing::Omit => days.start >= request.window.from,
            Ongoing::Only => days.start < request.window.from,
        };
        if !is_wanted || !is_meant(request.query, occurrence, self.snapshot) {
            return false;
        }
        if request.filter.admits_any_occurrence() {
            return true;
        }
        let status = occurrence.standing().0;
        let positions = if request.filter.areas.is_empty() || status == EventStatus::MovedOnline {
            Vec::new()
        } else {
            self.positions(occurrence)
        };
        let facts = OccurrenceFacts {
            when: &occurrence.when,
            status,
            positions,
        };
        request.filter.admits_occurrence(&facts, self.zone())
    }

    fn positions(&self, occurrence: &EventOccurrence) -> Vec<Coordinates> {
        let position = |venue: &Venue| match venue {
            Venue::Place(slug) => self.snapshot.place(slug)?.coordinates,
            Venue::Described { coordinates, .. } => *coordinates,
        };
        occurrence.venues().iter().filter_map(position).collect()
    }

    /// Returns the matching occurrences of an event that touch some days of the window. A rule that causes a panic has
    /// none.
    pub(super) fn occurrences(
        &self,
        entry: &Arc<Entry>,
        event: &Arc<Event>,
        days: Window,
    ) -> Vec<(StartKey, EventOccurrence)> {
        let found = caught(|| self.matching(entry.happenings_of(event, days)));
        found.unwrap_or_default()
    }

    /// Returns the position of the first matching occurrence of an event that touches some days.
    pub(super) fn first_match(
        &self,
        entry: &Arc<Entry>,
        event: &Arc<Event>,
        days: Window,
    ) -> Option<StartKey> {
        let mut from = days.from.max(entry.first);
        let mut length = FIRST_STRETCH;
        for _ in 0..MOST_STRETCHES {
            let until = from.checked_add_days(Days::new(length));
            let until = until.unwrap_or(days.until);
            length = (length * 4).min(LONGEST_STRETCH);
            if entry.recurs() {
                self.stretches.set(self.stretches.get() + 1);
            }
            let stretch = Window {
                from,
                until: until.min(days.until),
                ..days
            };
            if stretch.from >= stretch.until {
                return None;
            }
            let found = self.occurrences(entry, event, stretch);
            if let Some((key, _)) = found.into_iter().next() {
                return Some(key);
            }
            if entry.until.is_some_and(|last| last <= stretch.until) {
                return None;
            }
            from = stretch.until;
        }
        None
    }

    /// Returns true if an event has a matching occurrence before a position.
    pub(super) fn has_earlier(
        &self,
        slot: DocId,
        entry: &Arc<Entry>,
        event: &Arc<Event>,
        key: &StartKey,
    ) -> bool {
        if !entry.recurs() {
            return false;
        }
        let days = self.days_until(slot, key.day);
        let first = self.first_match(entry, event, days);
        first.is_some_and(|first| first < *key)
    }

    /// Returns the days of the window up to one; without the earlier ones if the day index knows that nothing is on them.
    fn days_until(&self, slot: DocId, day: NaiveDate) -> Window {
        let window = Window {
            until: day.succ_opt().unwrap_or(day),
            ..self.request.window
        };
        let earlier = Window {
            until: day,
            ..window
        };
        let index = &self.snapshot.days;
        let is_first = index.covers(window) && !index.touches(slot, earlier);
        let from = if is_first { day } else { window.from };
        Window { from, ..window }
    }
}
