//! Searches of the pages: the best matches first.

use calendar_domain::{Lang, Query, Window};
use calendar_search::SearchRequest;
use chrono::{Days, NaiveDate};

use super::denormalize::is_meant;
use super::doc_set::DocId;
use super::selection::Selection;
use super::{Entry, EventOccurrence, Snapshot};

/// Result of a search of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RankedOccurrences {
    /// The next occurrence of each event found, best match first.
    pub items: Vec<EventOccurrence>,
    /// Number of all events found, those beyond the limit included.
    pub total: usize,
    /// The words with typing errors corrected, if there are any.
    pub did_you_mean: Option<String>,
    /// Words that no event has, as typed.
    pub unknown_words: Vec<String>,
    /// Whether each event found has all words that any event has.
    pub has_all_words: bool,
}

impl Snapshot {
    /// Returns the events that best match the words, and pass the other filters of a query. Its own words are ignored.
    ///
    /// Returns `None` while the index is being built.
    #[must_use]
    pub fn ranked(
        &self,
        text: &str,
        lang: Lang,
        query: &Query,
        limit: usize,
    ) -> Option<RankedOccurrences> {
        let indexed = self.searchable_events()?;
        let mut filters = query.clone();
        filters.words.clear();
        let selection = Selection::new(self, &filters);
        let window = self.search_window(&filters);
        let next = |slot: DocId| {
            let entry = self.entry(slot)?;
            let day = self.next_day(slot, entry, window)?;
            let days = day.signed_duration_since(window.from).num_days();
            selection
                .admits(slot, entry)
                .then(|| u32::try_from(days).unwrap_or(0))
        };
        let request = SearchRequest {
            text,
            lang,
            is_typing: false,
            limit,
        };
        let found = indexed.index.search(&request, next);
        // A date may have a title of its own: it is meant rather than another one of the event.
        let occurrence = |slot: DocId| {
            let mut found = self.entry(slot)?.happenings(window);
            let first = |query: &Query| found.iter().position(|one| is_meant(query, one, self));
            let at = first(query).or_else(|| first(&filters))?;
            Some(found.swap_remove(at))
        };
        let hits = found.hits.iter();
        Some(RankedOccurrences {
            items: hits.filter_map(|hit| occurrence(hit.key)).collect(),
            total: found.total,
            did_you_mean: found.did_you_mean,
            unknown_words: found.unknown_words,
            has_all_words: found.has_all_words,
        })
    }

    /// Returns the days of a query, from today on if it names no first one.
    fn search_window(&self, query: &Query) -> Window {
        let from = query.from.unwrap_or(self.version.today);
        let horizon = self.days.window();
        let until = query.to.and_then(|to| to.checked_add_days(Days::new(1)));
        Window {
            from,
            until: until.unwrap_or(horizon.until).max(from),
            zone: self.region.time_zone,
        }
    }

    /// Returns the first day of a window on which an event takes place; without recurrence it may have begun earlier.
    fn next_day(&self, slot: DocId, entry: &Entry, window: Window) -> Option<NaiveDate> {
        if !entry.may_touch(window) {
            return None;
        }
        if !entry.recurs() || !self.days.covers(window) {
            return Some(entry.first.max(window.from));
        }
        if !self.days.touches(slot, window) {
            return None;
        }
        let begins = self.days.begins_of(slot, window).next();
        Some(begins.unwrap_or(window.from))
    }
}
