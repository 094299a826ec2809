//! The schedule of an event: its time and its recurrence.
//!
//! A time is local wall time with its IANA zone: a concert «at 18.00» stays at 18.00 when the rules
//! of summer time change. Instants in UTC are derived for ordering and never stored.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::recurrence::RecurrenceRule;
use super::zone::{LATEST, to_local, to_utc};
use super::{Availability, EventStatus, Text, Venue};

/// The time of one occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum When {
    /// Whole days from `first` to before `until`, RFC 5545's exclusive `DTEND`. Pages show the last
    /// day, the one before `until`.
    AllDay {
        /// The first day.
        first: NaiveDate,
        /// The day after the last one; always later than `first`.
        until: NaiveDate,
    },
    /// A start time, with or without a known end.
    Timed {
        /// Local start.
        start: NaiveDateTime,
        /// Local end in the same zone, not before the start.
        end: Option<NaiveDateTime>,
        /// The zone of both.
        zone: Tz,
    },
    /// A known day whose time of day is not known yet.
    TimeToCome {
        /// The day.
        date: NaiveDate,
    },
}

/// The start of an occurrence, which also identifies it (`RECURRENCE-ID`): a date, or a local time
/// in the zone of the event's schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Start {
    /// The local start of a timed event.
    Local(NaiveDateTime),
    /// The first day of an all-day event.
    Date(NaiveDate),
}

/// The time of an event and its recurrence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Schedule {
    /// The only time, or the first of a recurring event.
    pub when: When,
    /// The recurrence, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
}

/// The recurrence of an event (RFC 5545 3.8.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recurrence {
    /// The rule, `RRULE`. Without one, the starts are the event's own and `rdates`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RecurrenceRule>,
    /// Additional starts, `RDATE`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rdates: BTreeSet<Start>,
    /// Excluded starts, `EXDATE`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exdates: BTreeSet<Start>,
    /// Changed occurrences by their original start, `RECURRENCE-ID`.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        with = "override_list"
    )]
    pub overrides: BTreeMap<Start, Override>,
}

/// The changes in one occurrence; an absent field is the same as in the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Override {
    /// The changed time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// The changed status, such as cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EventStatus>,
    /// The changed availability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// The changed title.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub title: Text,
    /// The changed description.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// The changed places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venues: Option<Vec<Venue>>,
}

/// Serialization as a list of `{recurrence_id, …}`, since keys of JSON objects are strings.
mod override_list {
    use super::{BTreeMap, Override, Start};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Item {
        recurrence_id: Start,
        #[serde(flatten)]
        change: Override,
    }

    pub fn serialize<S: Serializer>(
        map: &BTreeMap<Start, Override>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map.iter().map(|(id, change)| Item {
            recurrence_id: *id,
            change: change.clone(),
        }))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<Start, Override>, D::Error> {
        let items = Vec::<Item>::deserialize(from)?;
        Ok(items
            .into_iter()
            .map(|item| (item.recurrence_id, item.change))
            .collect())
    }
}

/// One occurrence of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// Identifies the occurrence; absent for an event that does not recur.
    pub recurrence_id: Option<Start>,
    /// The time of the occurrence.
    pub when: When,
    /// The changes in this occurrence.
    pub change: Option<&'a Override>,
}

impl When {
    /// Returns one whole day.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self::AllDay {
            first: date,
            until: day_after(date),
        }
    }

    /// Returns whole days from the first to the last, inclusive; one day if `last` is before
    /// `first`.
    #[must_use]
    pub fn days(first: NaiveDate, last: NaiveDate) -> Self {
        Self::AllDay {
            first,
            until: day_after(last.max(first)),
        }
    }

    /// Returns the start.
    #[must_use]
    pub fn start(&self) -> Start {
        match self {
            Self::AllDay { first, .. } => Start::Date(*first),
            Self::Timed { start, .. } => Start::Local(*start),
            Self::TimeToCome { date } => Start::Date(*date),
        }
    }

    /// Returns the instant of the start; whole days start at local midnight in `zone`.
    #[must_use]
    pub fn begins(&self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::AllDay { first, .. } => to_utc(first.and_time(NaiveTime::MIN), zone),
            Self::Timed { start, zone, .. } => to_utc(*start, *zone),
            Self::TimeToCome { date } => to_utc(date.and_time(NaiveTime::MIN), zone),
        }
    }

    /// Returns the instant of the end. If it is unknown, this is the end of the day of the start in
    /// `zone`.
    #[must_use]
    pub fn ends(&self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::AllDay { until, .. } => to_utc(until.and_time(NaiveTime::MIN), zone),
            Self::Timed {
                end: Some(end),
                zone,
                start,
            } => to_utc(*end, *zone).max(to_utc(*start, *zone)),
            Self::Timed { .. } | Self::TimeToCome { .. } => {
                let day = to_local(self.begins(zone), zone).date();
                to_utc(day_after(day).and_time(NaiveTime::MIN), zone)
            }
        }
    }

    /// Returns the days in `zone` that the time touches, the second exclusive; never empty. An end
    /// at midnight does not touch the following day.
    #[must_use]
    pub fn days_touched(&self, zone: Tz) -> Range<NaiveDate> {
        match self {
            Self::AllDay { first, until } => *first..(*until).max(day_after(*first)),
            Self::TimeToCome { date } => *date..day_after(*date),
            Self::Timed { .. } => {
                let first = to_local(self.begins(zone), zone).date();
                let end = to_local(self.ends(zone), zone);
                let last = end.checked_sub_signed(TimeDelta::nanoseconds(1));
                let last = last.map_or(first, |last| last.date().max(first));
                first..day_after(last)
            }
        }
    }

    /// Returns the same time in another zone; all-day times stay unchanged.
    #[must_use]
    pub fn seen_in(&self, zone: Tz) -> Self {
        match self {
            Self::Timed {
                start,
                end,
                zone: own,
            } if *own != zone => Self::Timed {
                start: to_local(to_utc(*start, *own), zone),
                end: end.map(|end| to_local(to_utc(end, *own), zone)),
                zone,
            },
            other => other.clone(),
        }
    }

    /// Returns a time of the same length with another start, or `None` if the start is of another kind.
    ///
    /// The exact length of a timed event is kept, as RFC 5545 3.8.5.3 requires for `DTEND`: the
    /// local end shifts across a change of summer time. An end after the year 9999 becomes the last
    /// moment of that year.
    #[must_use]
    pub fn moved_to(&self, start: Start) -> Option<Self> {
        match (self, start) {
            (Self::AllDay { first, until }, Start::Date(to)) => {
                let until = to.checked_add_signed(*until - *first)?;
                let until = until.min(day_after(LATEST.date())).max(day_after(to));
                Some(Self::AllDay { first: to, until })
            }
            (Self::TimeToCome { .. }, Start::Date(date)) => Some(Self::TimeToCome { date }),
            (Self::Timed { start, end, zone }, Start::Local(to)) => {
                let length = end.map(|end| to_utc(end, *zone) - to_utc(*start, *zone));
                let end = length.map(|length| {
                    let end = to_utc(to, *zone).checked_add_signed(length);
                    end.map_or(LATEST, |end| to_local(end, *zone))
                });
                Some(Self::Timed {
                    start: to,
                    end,
                    zone: *zone,
                })
            }
            _ => None,
        }
    }

    /// Returns the time of the occurrence at a start, in valid local time: a time in a gap is moved
    /// after the gap. A time whose end is the second of two equal local times is returned in UTC,
    /// since local time cannot represent that end.
    #[must_use]
    pub fn occurring_at(&self, start: Start) -> Option<Self> {
        let moved = self.moved_to(start)?.on_clock();
        let exact = self.moved_in_utc(start);
        if let (
            Self::Timed {
                end: Some(end),
                zone,
                ..
            },
            Some(Self::Timed {
                end: Some(exact_end),
                ..
            }),
        ) = (&moved, &exact)
            && *exact_end <= LATEST
            && to_utc(*end, *zone).naive_utc() != *exact_end
        {
            return exact;
        }
        Some(moved)
    }

    /// Returns the same time in valid local time: a time in a gap is moved after the gap (RFC 5545
    /// section 3.3.5).
    #[must_use]
    pub fn on_clock(&self) -> Self {
        let Self::Timed { start, end, zone } = self else {
            return self.clone();
        };
        // UTC saturates at the year 9999, too: a local time that would be cut off stays unchanged.
        let shown = |local: NaiveDateTime| to_local(to_utc(local, *zone), *zone).max(local);
        Self::Timed {
            start: shown(*start),
            end: end.map(shown),
            zone: *zone,
        }
    }

    /// Returns a time of the same length with another start like [`moved_to`](Self::moved_to), a
    /// timed one in UTC. Only in UTC is an end in a repeated hour unambiguous.
    #[must_use]
    pub fn moved_in_utc(&self, start: Start) -> Option<Self> {
        match (self, start) {
            (
                Self::Timed {
                    start: own,
                    end,
                    zone,
                },
                Start::Local(to),
            ) => {
                let at = to_utc(to, *zone).naive_utc();
                let length = end.map(|end| to_utc(end, *zone) - to_utc(*own, *zone));
                Some(Self::Timed {
                    start: at,
                    end: length.and_then(|length| at.checked_add_signed(length)),
                    zone: Tz::UTC,
                })
            }
            _ => self.moved_to(start),
        }
    }
}

impl Start {
    /// Returns the local day.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Local(time) => time.date(),
            Self::Date(date) => date,
        }
    }

    /// Returns the local time, midnight for a date.
    #[must_use]
    pub fn local(self) -> NaiveDateTime {
        match self {
            Self::Local(time) => time,
            Self::Date(date) => date.and_time(NaiveTime::MIN),
        }
    }
}

impl Schedule {
    /// Returns a schedule without recurrence.
    #[must_use]
    pub fn once(when: When) -> Self {
        Self {
            when,
            recurrence: None,
        }
    }

    /// Returns the rule in effect: for all-day events, its parts with times of day are ignored (RFC
    /// 5545 section 3.3.10).
    #[must_use]
    pub fn rule(&self) -> Option<Cow<'_, RecurrenceRule>> {
        let rule = self.recurrence.as_ref()?.rule.as_ref()?;
        Some(match self.when.start() {
            Start::Date(_) => rule.without_times(),
            Start::Local(_) => Cow::Borrowed(rule),
        })
    }

    /// Returns the earliest start: `DTSTART`, or an earlier `RDATE`. By RFC 5545 section 3.8.5.2
    /// the recurrence set is the union of both.
    #[must_use]
    pub fn earliest_start(&self) -> Start {
        let (own, recurrence) = (self.when.start(), self.recurrence.as_ref());
        let listed = recurrence.and_then(|recurrence| recurrence.rdates.first());
        listed.map_or(own, |listed| own.min(*listed))
    }
}

/// Returns the next day; the last representable day returns itself.
fn day_after(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1))
        .unwrap_or(NaiveDate::MAX)
}
