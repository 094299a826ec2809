//! Positions in lists.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use calendar_domain::Start;

use crate::catalog::day_bucket::moment;
use crate::catalog::{Entry, EventOccurrence};

/// The position of an item in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKey {
    /// In the order of dates.
    Start(StartKey),
    /// In the order of changes.
    Change(ChangeKey),
}

/// The position of an occurrence in the order of dates: without a time of day before those with one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StartKey {
    /// The first day that it touches, in the region's zone.
    pub day: NaiveDate,
    /// Its place within the day; 0 without a time of day, otherwise one more than the seconds since the day began.
    pub at: u32,
    /// The key of the event.
    pub id: String,
    /// The original start, for an occurrence of a recurring event.
    pub date: Option<Start>,
}

/// The position of an event in the order of changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChangeKey {
    /// The time of its last change.
    pub modified: DateTime<Utc>,
    /// The key of the event.
    pub id: String,
}

impl StartKey {
    /// Returns the position of an occurrence; `zone` is the region's.
    pub(super) fn new(occurrence: &EventOccurrence, zone: Tz) -> Self {
        let day = occurrence.when.days_touched(zone).start;
        Self {
            day,
            at: moment(&occurrence.when, day, zone),
            id: occurrence.entry.id().to_owned(),
            date: occurrence.recurrence_id,
        }
    }
}

impl ChangeKey {
    /// Returns the position of an event.
    pub(super) fn new(entry: &Entry) -> Self {
        Self {
            modified: entry.modified(),
            id: entry.id().to_owned(),
        }
    }
}
