//! The selected days of a rule, computed year by year on demand.

use super::pattern::{DayPattern, Selected};
use super::year::{DayNumber, Days, YearShape, year_of};

struct Year {
    shape: YearShape,
    selected: Selected,
    /// Union of own and moved days.
    all: Days,
}

/// A lookup of selected days that caches two adjacent years, since a week may span New Year.
pub(super) struct SelectedDays<'p> {
    pattern: &'p DayPattern,
    slots: [Option<Year>; 2],
}

impl<'p> SelectedDays<'p> {
    pub fn new(pattern: &'p DayPattern) -> Self {
        SelectedDays {
            pattern,
            slots: [None, None],
        }
    }

    fn year(&mut self, number: i32) -> &Year {
        let pattern = self.pattern;
        let slot = &mut self.slots[(number & 1) as usize];
        if slot
            .as_ref()
            .is_some_and(|year| year.shape.number != number)
        {
            *slot = None;
        }
        slot.get_or_insert_with(|| {
            let shape = YearShape::new(number);
            let selected = pattern.select(&shape);
            Year {
                shape,
                selected,
                all: selected.own.or(selected.moved),
            }
        })
    }

    /// Appends the selected days from `from` to before `to`.
    pub fn collect(&mut self, from: DayNumber, to: DayNumber, into: &mut Vec<DayNumber>) {
        self.collect_from(from, to, into, |year| year.all);
    }

    /// Like [`collect`](Self::collect), without days moved from the month before.
    pub fn collect_own(&mut self, from: DayNumber, to: DayNumber, into: &mut Vec<DayNumber>) {
        self.collect_from(from, to, into, |year| year.selected.own);
    }

    fn collect_from(
        &mut self,
        mut from: DayNumber,
        to: DayNumber,
        into: &mut Vec<DayNumber>,
        days: impl Fn(&Year) -> Days,
    ) {
        while from < to {
            let year = self.year(year_of(from));
            let (first, len) = (year.shape.first, year.shape.len);
            let end = ((to - first) as u32).min(len);
            let days = days(year);
            into.extend(
                days.iter_within((from - first) as u32, end)
                    .map(|day| first + day as DayNumber),
            );
            from = first + len as DayNumber;
        }
    }

    /// Returns true if a day was moved from the month before, which lacks it.
    pub fn is_moved(&mut self, day: DayNumber) -> bool {
        let year = self.year(year_of(day));
        year.selected
            .moved
            .contains((day - year.shape.first) as u32)
    }

    /// Returns the first selected day from `from` to `last`, inclusive.
    pub fn next(&mut self, mut from: DayNumber, last: DayNumber) -> Option<DayNumber> {
        while from <= last {
            let year = self.year(year_of(from));
            let (first, len) = (year.shape.first, year.shape.len);
            let found = year.all.iter_within((from - first) as u32, len).next();
            if let Some(day) = found {
                return Some(first + day as DayNumber).filter(|&day| day <= last);
            }
            from = first + len as DayNumber;
        }
        None
    }
}
