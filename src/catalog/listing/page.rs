//! A page in the making.

use super::ListKey;

/// Maximum number of events that are decoded for a page. With filters that few events pass, the page then ends early.
pub(super) const MOST_EXAMINED: usize = 5_000;

/// Maximum number of occurrences that are passed over for a page because their events are listed at others.
const MOST_PASSED: usize = 1_000_000;

/// A page of a list.
#[derive(Debug, Clone)]
pub struct ListPage<T> {
    /// The items.
    pub items: Vec<T>,
    /// The position after which the next page begins; `None` on the last page. A page may have fewer items than requested
    /// and yet not be the last.
    pub next: Option<ListKey>,
}

/// Collects the items of a page.
#[derive(Debug)]
pub(super) struct PageBuilder<T> {
    items: Vec<(ListKey, T)>,
    limit: usize,
    examined: usize,
    passed: usize,
    /// Where the page ends early.
    stopped: Option<ListKey>,
    has_more: bool,
}

impl<T> PageBuilder<T> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            items: Vec::new(),
            limit,
            examined: 0,
            passed: 0,
            stopped: None,
            has_more: false,
        }
    }

    /// Returns true if nothing more belongs to the page.
    pub(super) fn is_finished(&self) -> bool {
        self.has_more || self.stopped.is_some()
    }

    /// Adds an item, or notes that there are more if the page is full.
    pub(super) fn push(&mut self, key: ListKey, item: T) {
        if self.items.len() < self.limit {
            self.items.push((key, item));
        } else {
            self.has_more = true;
        }
    }

    /// Counts a decoded event. After too many, the page ends at `key`, up to which everything was looked at.
    pub(super) fn examine(&mut self, key: impl FnOnce() -> ListKey) {
        self.examined += 1;
        if self.examined >= MOST_EXAMINED {
            self.stop(key());
        }
    }

    /// Counts an occurrence that is passed over undecoded. After too many, the page ends at `key`.
    pub(super) fn pass(&mut self, key: impl FnOnce() -> ListKey) {
        self.passed += 1;
        if self.passed >= MOST_PASSED {
            self.stop(key());
        }
    }

    /// Ends the page at a position, unless it is finished.
    pub(super) fn stop(&mut self, key: ListKey) {
        if !self.is_finished() {
            self.stopped = Some(key);
        }
    }

    /// Returns the page.
    pub(super) fn into_page(self) -> ListPage<T> {
        let last = self.items.last().map(|(key, _)| key.clone());
        let next = if self.has_more { last } else { self.stopped };
        ListPage {
            items: self.items.into_iter().map(|(_, item)| item).collect(),
            next,
        }
    }
}
