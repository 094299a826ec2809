//! Lists of events in the order of their changes.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::catalog::Entry;
use crate::catalog::doc_set::DocId;

use super::candidates::Candidates;
use super::page::{MOST_EXAMINED, PageBuilder};
use super::{ChangeKey, ListKey, ListPage, Ongoing};

/// Maximum number of stretches over which recurring events are expanded for a page. The page then ends early.
const MOST_STRETCHES: usize = 2_000;

struct Row<'a> {
    modified: DateTime<Utc>,
    slot: DocId,
    entry: &'a Arc<Entry>,
}

impl Row<'_> {
    fn place(&self) -> (DateTime<Utc>, &str) {
        (self.modified, self.entry.id())
    }

    fn key(&self) -> ListKey {
        ListKey::Change(ChangeKey::new(self.entry))
    }
}

impl Candidates<'_> {
    /// Returns a page of events in the order of their changes.
    pub(super) fn by_change(&self) -> ListPage<Arc<Entry>> {
        let is_descending = self.request.order.is_descending();
        let compare = |a: (DateTime<Utc>, &str), b: (DateTime<Utc>, &str)| {
            let order = a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1));
            if is_descending {
                order.reverse()
            } else {
                order
            }
        };
        let mut rows: Vec<Row<'_>> = self.after_the_last_page(compare);
        let is_cut = rows.len() > MOST_EXAMINED;
        if is_cut {
            rows.select_nth_unstable_by(MOST_EXAMINED, |a, b| compare(a.place(), b.place()));
            rows.truncate(MOST_EXAMINED);
        }
        rows.sort_unstable_by(|a, b| compare(a.place(), b.place()));
        let mut page = PageBuilder::new(self.request.limit);
        for row in &rows {
            if self.is_listed(row.slot, row.entry) {
                page.push(row.key(), Arc::clone(row.entry));
            }
            if self.stretches() >= MOST_STRETCHES {
                page.stop(row.key());
            }
            if page.is_finished() {
                break;
            }
        }
        if let (true, Some(last)) = (is_cut, rows.last()) {
            page.stop(last.key());
        }
        page.into_page()
    }

    fn after_the_last_page(
        &self,
        compare: impl Fn((DateTime<Utc>, &str), (DateTime<Utc>, &str)) -> Ordering,
    ) -> Vec<Row<'_>> {
        let after = match self.request.after {
            Some(ListKey::Change(key)) => Some((key.modified, key.id.as_str())),
            Some(ListKey::Start(_)) | None => None,
        };
        let window = self.request.window;
        if window.from >= window.until {
            return Vec::new();
        }
        let rows = self
            .all()
            .into_iter()
            .filter(|(_, value)| value.may_touch(window));
        let rows = rows.map(|(slot, entry)| Row {
            modified: entry.modified(),
            slot,
            entry,
        });
        rows.filter(|row| after.is_none_or(|last| compare(row.place(), last).is_gt()))
            .collect()
    }

    /// Returns true if an event has a matching occurrence in the window.
    fn is_listed(&self, slot: DocId, entry: &Arc<Entry>) -> bool {
        let is_known_to_touch = !entry.recurs() && self.request.ongoing == Ongoing::Include;
        if is_known_to_touch && self.is_by_sets(entry) {
            return true;
        }
        let Some(event) = self.event(slot, entry) else {
            return false;
        };
        let window = self.request.window;
        self.first_match(entry, &event, window).is_some()
    }
}
