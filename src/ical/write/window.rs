//! Which events stand in a feed: bounded in time, and never gone while somebody could still need
//! them.

use chrono::{Months, NaiveDate};
use chrono_tz::Tz;

use crate::domain::recurrence::Limits;
use crate::domain::{Event, EventStatus, Window};

/// How far back a feed goes, in months.
const BACK: Months = Months::new(3);
/// How far ahead a feed goes, in months.
const AHEAD: Months = Months::new(18);

/// The window of a feed as it is read on a day: three months back to eighteen months ahead.
#[must_use]
pub fn feed_window(today: NaiveDate, zone: Tz) -> Window {
    Window {
        from: today.checked_sub_months(BACK).unwrap_or(NaiveDate::MIN),
        until: today.checked_add_months(AHEAD).unwrap_or(NaiveDate::MAX),
        zone,
    }
}

/// Whether an event stands in the feed of a day.
///
/// - An edition of a series stands for ever.
/// - A cancelled event stands until its date has passed: who planned to come has to see it.
/// - Everything else stands while one of its occurrences touches the window, so that a festival
///   that runs stays until it ends.
#[must_use]
pub fn stands(event: &Event, window: Window, today: NaiveDate) -> bool {
    let (_, after) = event.schedule.span(window.zone);
    if event.status == EventStatus::Cancelled && after.is_some_and(|after| after <= today) {
        return false;
    }
    if event.series.is_some() {
        return true;
    }
    let within = event.schedule.occurrences(window, &Limits::default());
    // A rule that cannot be followed is no reason to lose the event.
    within.map_or(true, |found| !found.is_empty())
}
