//! Queries on a snapshot.

use std::sync::Arc;

use chrono::{Days, Months};

use calendar_domain::{EventId, EventStatus, Query, Window};

use super::denormalize::is_meant;
use super::doc_set::{DocId, DocSet};
use super::selection::Selection;
use super::{Entry, EventOccurrence, Snapshot};

impl Snapshot {
    /// Returns the default window of a feed: three months back to eighteen months ahead.
    #[must_use]
    pub fn feed_window(&self) -> Window {
        let today = self.version.today;
        Window {
            from: today.checked_sub_months(Months::new(3)).unwrap_or(today),
            until: today.checked_add_months(Months::new(18)).unwrap_or(today),
            zone: self.region.time_zone,
        }
    }

    /// Returns the days of a query; open ends are filled from `default`.
    #[must_use]
    pub fn window_of(&self, query: &Query, default: Window) -> Window {
        let until = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        let from = query.from.unwrap_or(default.from);
        // With a first day far ahead, the window extends eighteen months from it.
        let ahead = || {
            let ahead = from.checked_add_months(Months::new(18));
            ahead.map_or(default.until, |ahead| default.until.max(ahead))
        };
        let until = until.unwrap_or_else(|| {
            if query.from.is_some() {
                ahead()
            } else {
                default.until
            }
        });
        Window {
            from,
            until,
            zone: default.zone,
        }
    }

    /// Returns the events that a query admits, ignoring days, in arbitrary order.
    #[must_use]
    pub fn admitted(&self, query: &Query) -> Vec<Arc<Entry>> {
        let selection = Selection::new(self, query);
        let admitted = |(slot, entry): (DocId, &Arc<Entry>)| {
            selection.admits(slot, entry).then(|| Arc::clone(entry))
        };
        self.sift(selection.narrowest().as_ref(), admitted)
    }

    /// Returns the events of a feed, earliest first.
    ///
    /// Without days in the query, these are the events in [`Self::feed_window`] and the editions of
    /// every series, however old. A cancelled event is included until its date has passed, so that
    /// subscribers see the cancellation.
    #[must_use]
    pub fn feed(&self, query: &Query) -> Vec<Arc<Entry>> {
        let selection = Selection::new(self, query);
        let window = self.window_of(query, self.feed_window());
        let mut candidates = self.candidates(&selection, window);
        if !is_bounded(query)
            && let Some(slots) = &mut candidates
        {
            slots.extend(self.index.editions.iter());
        }
        let wanted = |(slot, entry): (DocId, &Arc<Entry>)| {
            let there = self.is_in_feed(query, window, slot, entry);
            (there && selection.admits(slot, entry)).then(|| Arc::clone(entry))
        };
        let mut found = self.sift(candidates.as_ref(), wanted);
        // Comparing ids costs a memory access each, so it is done only for equal days.
        found.sort_by(|a, b| a.first.cmp(&b.first).then_with(|| a.id().cmp(b.id())));
        found
    }

    /// Returns a lookup of events by key that are in the [feed](Self::feed) of a query.
    pub fn in_feed<'a>(
        &'a self,
        query: &'a Query,
    ) -> impl Fn(&EventId) -> Option<&'a Arc<Entry>> + use<'a> {
        let selection = Selection::new(self, query);
        let window = self.window_of(query, self.feed_window());
        move |id| {
            let slot = self.slot_of(id)?;
            let entry = self.entry(slot)?;
            let there = self.is_in_feed(query, window, slot, entry);
            (there && selection.admits(slot, entry)).then_some(entry)
        }
    }

    fn is_in_feed(&self, query: &Query, window: Window, slot: DocId, entry: &Arc<Entry>) -> bool {
        if is_bounded(query) {
            return self.happens_in(slot, entry, window) && self.has_meant(query, entry, window);
        }
        let today = self.version.today;
        let gone = entry.status() == EventStatus::Cancelled
            && entry.until.is_some_and(|until| until <= today);
        let is_edition = || self.index.editions.contains(slot) && entry.has_dates();
        !gone && (self.happens_in(slot, entry, window) || is_edition())
    }

    /// Returns the occurrences in a window that a query admits, in order. The days of the query are
    /// ignored.
    #[must_use]
    pub fn happenings(&self, query: &Query, window: Window) -> Vec<EventOccurrence> {
        let selection = Selection::new(self, query);
        let happening = |(slot, entry): (DocId, &Arc<Entry>)| {
            let there = self.happens_in(slot, entry, window) && selection.admits(slot, entry);
            there.then(|| entry.happenings(window))
        };
        let found = self.sift(self.candidates(&selection, window).as_ref(), happening);
        let found = found.into_iter().flatten();
        in_order(
            found.filter(|sift| is_meant(query, sift, self)).collect(),
            window,
        )
    }

    /// Returns the events to examine for a window: those under the rarest term, or those on its
    /// days. `None` means all.
    fn candidates(&self, selection: &Selection<'_>, window: Window) -> Option<DocSet> {
        let by_word = selection.narrowest();
        if !self.days.covers(window) {
            return by_word;
        }
        match by_word {
            Some(slots) if self.days.has(slots.len(), window) => Some(slots),
            _ => Some(self.days.slots_in(window)),
        }
    }

    /// Returns true if an event has an occurrence in the window.
    fn happens_in(&self, slot: DocId, entry: &Arc<Entry>, window: Window) -> bool {
        if entry.recurs() && self.days.covers(window) {
            return entry.may_touch(window) && self.days.touches(slot, window);
        }
        entry.happens_in(window)
    }

    /// Returns true if an event with an occurrence in the window has one there that the query looks
    /// for.
    fn has_meant(&self, query: &Query, entry: &Arc<Entry>, window: Window) -> bool {
        let any = query.places.is_empty() && query.municipalities.is_empty();
        if (any && query.words.is_empty()) || !entry.recurs() {
            return true;
        }
        let found = entry.happenings(window);
        found
            .iter()
            .any(|happening| is_meant(query, happening, self))
    }

    /// Applies `take` to the events in these slots, or to all events if `None`.
    fn sift<T>(
        &self,
        slots: Option<&DocSet>,
        take: impl FnMut((DocId, &Arc<Entry>)) -> Option<T>,
    ) -> Vec<T> {
        match slots {
            Some(slots) => self.entries_of(slots).filter_map(take).collect(),
            None => self.entries_with_slots().filter_map(take).collect(),
        }
    }

    pub(super) fn entries_of<'s>(
        &'s self,
        slots: &'s DocSet,
    ) -> impl Iterator<Item = (DocId, &'s Arc<Entry>)> {
        slots
            .iter()
            .filter_map(|slot| Some((slot, self.entry(slot)?)))
    }
}

pub(super) fn in_order(
    mut happenings: Vec<EventOccurrence>,
    window: Window,
) -> Vec<EventOccurrence> {
    happenings.sort_by_cached_key(|happening| happening.sort_key(window.zone));
    happenings
}

/// Returns true if a query has days.
fn is_bounded(query: &Query) -> bool {
    query.from.is_some() || query.to.is_some()
}
