//! When an event is: once, or again and again.
//!
//! A time is local wall time with its IANA zone, because that is what an organizer means: a
//! concert «at 18.00» stays at 18.00 when the rules of summer time change. Instants in UTC are
//! derived where events are put in order, never stored.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::recurrence::RecurrenceRule;
use super::zone::{LATEST, to_local, to_utc};
use super::{EventStatus, Text, Venue};

/// The time of one happening.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum When {
    /// Whole days, from `first` to before `until`: RFC 5545's exclusive `DTEND`. People are
    /// shown the last day, which is the one before `until`.
    AllDay {
        /// The first day.
        first: NaiveDate,
        /// The day after the last one; always later than `first`.
        until: NaiveDate,
    },
    /// A start on the clock, with or without a known end.
    Timed {
        /// Local start.
        start: NaiveDateTime,
        /// Local end in the same zone, not before the start.
        end: Option<NaiveDateTime>,
        /// The zone of both.
        zone: Tz,
    },
    /// The day is known, the time of day is not yet.
    TimeToCome {
        /// The day.
        date: NaiveDate,
    },
}

/// A start as RFC 5545 gives it, naming one occurrence among many (`RECURRENCE-ID`): a date, or
/// a local time in the zone of the event's own schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Start {
    /// The start of a timed event, local.
    Local(NaiveDateTime),
    /// The first day of an all-day event.
    Date(NaiveDate),
}

/// When an event is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Schedule {
    /// The only time, or the first where it recurs.
    pub when: When,
    /// How it recurs, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
}

/// How an event recurs (RFC 5545 3.8.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recurrence {
    /// The rule, `RRULE`. Without one, the starts are those listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RecurrenceRule>,
    /// Further starts, `RDATE`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rdates: BTreeSet<Start>,
    /// Starts left out, `EXDATE`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub exdates: BTreeSet<Start>,
    /// Occurrences that differ, by the start that they would have had, `RECURRENCE-ID`.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        with = "override_list"
    )]
    pub overrides: BTreeMap<Start, Override>,
}

/// What differs in one occurrence; what is absent is as in the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Override {
    /// Another time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Another standing, such as cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<EventStatus>,
    /// Another title.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub title: Text,
    /// Another description.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// Other places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venues: Option<Vec<Venue>>,
}

/// JSON has no map with such keys: a list of `{recurrence_id, …}`.
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

/// One happening of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// Which of many it is; absent where the event happens once.
    pub recurrence_id: Option<Start>,
    /// Its own time.
    pub when: When,
    /// What differs in it from the event.
    pub change: Option<&'a Override>,
}

impl When {
    /// One whole day.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self::AllDay {
            first: date,
            until: day_after(date),
        }
    }

    /// Whole days from the first to the last, both included; one day where `last` is earlier.
    #[must_use]
    pub fn days(first: NaiveDate, last: NaiveDate) -> Self {
        Self::AllDay {
            first,
            until: day_after(last.max(first)),
        }
    }

    /// The start as it stands in a calendar object.
    #[must_use]
    pub fn start(&self) -> Start {
        match self {
            Self::AllDay { first, .. } => Start::Date(*first),
            Self::Timed { start, .. } => Start::Local(*start),
            Self::TimeToCome { date } => Start::Date(*date),
        }
    }

    /// The instant it begins, whole days beginning at local midnight in `zone`.
    #[must_use]
    pub fn begins(&self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::AllDay { first, .. } => to_utc(first.and_time(NaiveTime::MIN), zone),
            Self::Timed { start, zone, .. } => to_utc(*start, *zone),
            Self::TimeToCome { date } => to_utc(date.and_time(NaiveTime::MIN), zone),
        }
    }

    /// The instant it is over: the end where one is known, else the end of the day it begins on
    /// (in `zone`), since nobody knows better.
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

    /// The days it touches as seen in `zone`, the second exclusive; never empty. An end at
    /// midnight does not touch the day that begins then.
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

    /// The same time seen from another zone; whole days stay the days they are.
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

    /// The same length from another start; a start of the other kind gives `None`.
    ///
    /// A timed length is kept exact, as RFC 5545 3.8.5.3 asks where `DTEND` is given: across a
    /// change of summer time the local end shifts. An end past the year 9999 is the last moment of
    /// that year.
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

    /// The occurrence at a start, as clocks show it: what the clocks skip is the hour after the gap. An
    /// end in the hour that comes twice, which local time cannot tell from the first, is told in UTC.
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

    /// The same time as clocks show it: a time that they skip is the one after the gap (RFC 5545
    /// section 3.3.5).
    #[must_use]
    pub fn on_clock(&self) -> Self {
        let Self::Timed { start, end, zone } = self else {
            return self.clone();
        };
        // The years end in UTC, too: what is cut off there stays what it is.
        let shown = |local: NaiveDateTime| to_local(to_utc(local, *zone), *zone).max(local);
        Self::Timed {
            start: shown(*start),
            end: end.map(shown),
            zone: *zone,
        }
    }

    /// The same, a timed one in UTC: in the hour that comes twice, an end has a name of its own only
    /// there.
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
    /// The day it falls on, local.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Local(time) => time.date(),
            Self::Date(date) => date,
        }
    }

    /// The local time, midnight for a date.
    #[must_use]
    pub fn local(self) -> NaiveDateTime {
        match self {
            Self::Local(time) => time,
            Self::Date(date) => date.and_time(NaiveTime::MIN),
        }
    }
}

impl Schedule {
    /// A schedule that happens once.
    #[must_use]
    pub fn once(when: When) -> Self {
        Self {
            when,
            recurrence: None,
        }
    }

    /// The rule as it counts beside the schedule's start: of whole days the parts that tell times of day
    /// are ignored (RFC 5545 section 3.3.10).
    #[must_use]
    pub fn rule(&self) -> Option<Cow<'_, RecurrenceRule>> {
        let rule = self.recurrence.as_ref()?.rule.as_ref()?;
        Some(match self.when.start() {
            Start::Date(_) => rule.without_times(),
            Start::Local(_) => Cow::Borrowed(rule),
        })
    }

    /// The earliest start: DTSTART, or an RDATE before it. RFC 5545 section 3.8.5.2 makes the set the
    /// union of both, whichever comes first.
    #[must_use]
    pub fn earliest_start(&self) -> Start {
        let own = self.when.start();
        let listed = self.recurrence.as_ref().and_then(|it| it.rdates.first());
        listed.map_or(own, |listed| own.min(*listed))
    }
}

/// The next day; the calendar's last day stays itself.
fn day_after(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1))
        .unwrap_or(NaiveDate::MAX)
}
