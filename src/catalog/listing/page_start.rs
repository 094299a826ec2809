//! Where a page of a list in the order of dates begins.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::StartKey;

/// Where a page begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageStart<'a> {
    /// The position of the last item of the page before; `None` on the first page.
    pub(super) after: Option<&'a StartKey>,
    pub(super) is_descending: bool,
}

impl PageStart<'_> {
    /// Compares day, moment and id of an event with the last item of the page before, in the direction of the list. On
    /// the first page, all are greater.
    pub(super) fn compare(&self, place: (NaiveDate, u32, &str)) -> Ordering {
        let Some(after) = self.after else {
            return Ordering::Greater;
        };
        self.directed(place.cmp(&(after.day, after.at, after.id.as_str())))
    }

    /// Returns true if a position is on this page or a later one.
    pub(super) fn is_before(&self, key: &StartKey) -> bool {
        self.after
            .is_none_or(|after| self.directed(key.cmp(after)).is_gt())
    }

    /// Returns items, given earliest first, in the direction of the list.
    pub(super) fn in_order<T>(&self, items: impl DoubleEndedIterator<Item = T>) -> Vec<T> {
        if self.is_descending {
            items.rev().collect()
        } else {
            items.collect()
        }
    }

    fn directed(&self, order: Ordering) -> Ordering {
        if self.is_descending {
            order.reverse()
        } else {
            order
        }
    }
}
