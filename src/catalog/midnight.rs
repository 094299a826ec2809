//! Change of date.

use chrono::NaiveDate;

use super::Snapshot;
use super::days::DayIndex;
use super::panics::caught;

impl Snapshot {
    /// Returns the same calendar on another date. Entries are kept, since they do not depend on the
    /// date. An event whose days cannot be computed is dropped.
    #[must_use]
    pub fn on(&self, today: NaiveDate) -> Self {
        caught(|| self.all_on(today)).unwrap_or_else(|_| self.each_on(today))
    }

    fn all_on(&self, today: NaiveDate) -> Self {
        let mut next = self.clone();
        next.version.today = today;
        if !next
            .days
            .advance(today, |slot| self.entry(slot).map(|entry| &**entry))
        {
            next.days = DayIndex::around(today, self.region.time_zone);
            for (slot, entry) in self.entries_with_slots() {
                next.days.insert(slot, entry, &entry.event());
            }
        }
        next
    }

    /// Returns the calendar on another date, adding each event on a copy.
    fn each_on(&self, today: NaiveDate) -> Self {
        let mut next = self.clone();
        next.version.today = today;
        next.days = DayIndex::around(today, self.region.time_zone);
        for (slot, entry) in self.entries_with_slots() {
            let days = caught(|| {
                let mut days = next.days.clone();
                days.insert(slot, entry, &entry.event());
                days
            });
            match days {
                Ok(days) => next.days = days,
                Err(why) => {
                    if let Ok(id) = entry.id().parse() {
                        next.evict(self, &id);
                        next.skip(&id, &why);
                    }
                }
            }
        }
        next
    }
}
