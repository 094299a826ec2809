//! The rule itself: what RFC 5545 calls a RECUR value, as data.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::zone;

/// How long one period of a rule is; `INTERVAL` counts these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Frequency {
    /// Every second.
    Secondly,
    /// Every minute.
    Minutely,
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week, beginning on the rule's `WKST`.
    Weekly,
    /// Every month.
    Monthly,
    /// Every year; with `BYWEEKNO` the years are week years.
    Yearly,
}

impl Frequency {
    /// All frequencies, the shortest period first.
    pub const ALL: [Frequency; 7] = [
        Frequency::Secondly,
        Frequency::Minutely,
        Frequency::Hourly,
        Frequency::Daily,
        Frequency::Weekly,
        Frequency::Monthly,
        Frequency::Yearly,
    ];

    /// The word of RFC 5545, in capitals.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Frequency::Secondly => "SECONDLY",
            Frequency::Minutely => "MINUTELY",
            Frequency::Hourly => "HOURLY",
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        }
    }

    /// Whether a period is shorter than a day.
    #[must_use]
    pub fn is_sub_daily(self) -> bool {
        self < Frequency::Daily
    }
}

/// The last moment that a rule may reach, in one of the three forms of RFC 5545.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// A date: that whole day still counts.
    Date(NaiveDate),
    /// A date and time in UTC, inclusive.
    Utc(NaiveDateTime),
    /// A date and time on the same clock as DTSTART, inclusive.
    Local(NaiveDateTime),
}

/// One entry of `BYDAY`: a weekday, or the nth of them in the month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeekdayNum {
    /// Which of them: 1 is the first, -1 the last; `None` means every one. `Some(0)` stands in
    /// some files; it is no day at all and matches none.
    pub nth: Option<i8>,
    /// The weekday.
    pub weekday: Weekday,
}

impl WeekdayNum {
    /// Every such weekday of the period.
    #[must_use]
    pub fn every(weekday: Weekday) -> Self {
        WeekdayNum { nth: None, weekday }
    }

    /// The nth such weekday, counted from the end when negative.
    #[must_use]
    pub fn nth(nth: i8, weekday: Weekday) -> Self {
        WeekdayNum {
            nth: Some(nth),
            weekday,
        }
    }
}

/// What becomes of a date that a month does not have, such as 30 February (RFC 7529).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Skip {
    /// It falls away, as in RFC 5545.
    #[default]
    Omit,
    /// It moves to the last day of that month.
    Backward,
    /// It moves to the first day of the next month.
    Forward,
}

/// A recurrence rule of RFC 5545 section 3.3.10, on the Gregorian calendar.
///
/// Its text form is read with `parse` and written with `to_string`. The lists are sorted and
/// without repetitions when they come from text; an empty list means that the part is absent.
/// Values outside their range, which only code can put here, match nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecurrenceRule {
    /// `FREQ`: the length of a period.
    pub freq: Frequency,
    /// `INTERVAL`: every how many periods, 1 or more.
    pub interval: u32,
    /// `UNTIL`: the inclusive end.
    pub until: Option<Until>,
    /// `COUNT`: how many members the set has, 1 or more.
    pub count: Option<u32>,
    /// `WKST`: the day on which a week begins; Monday unless said.
    pub wkst: Weekday,
    /// `BYSECOND`: 0 to 60; 60 is read as 59, since a leap second is not kept.
    pub by_second: Vec<u8>,
    /// `BYMINUTE`: 0 to 59.
    pub by_minute: Vec<u8>,
    /// `BYHOUR`: 0 to 23.
    pub by_hour: Vec<u8>,
    /// `BYDAY`: weekdays, numbered or not.
    pub by_day: Vec<WeekdayNum>,
    /// `BYMONTHDAY`: 1 to 31, or -31 to -1 from the month's end.
    pub by_month_day: Vec<i8>,
    /// `BYYEARDAY`: 1 to 366, or -366 to -1 from the year's end.
    pub by_year_day: Vec<i16>,
    /// `BYWEEKNO`: 1 to 53, or -53 to -1 from the year's end.
    pub by_week_no: Vec<i8>,
    /// `BYMONTH`: 1 to 12.
    pub by_month: Vec<u8>,
    /// `BYSETPOS`: which members of each period's set to keep; 1 to 366 or -366 to -1.
    pub by_set_pos: Vec<i16>,
    /// `SKIP` of RFC 7529.
    pub skip: Skip,
}

impl RecurrenceRule {
    /// The rule that consists of a frequency alone: once each period, without end.
    #[must_use]
    pub fn new(freq: Frequency) -> Self {
        RecurrenceRule {
            freq,
            interval: 1,
            until: None,
            count: None,
            wkst: Weekday::Mon,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
            skip: Skip::Omit,
        }
    }

    /// Whether the rule has neither `COUNT` nor `UNTIL`.
    #[must_use]
    pub fn is_endless(&self) -> bool {
        self.count.is_none() && self.until.is_none()
    }

    /// The last local time that `UNTIL` admits, inclusive, on the clock of DTSTART's zone.
    ///
    /// Give the zone of DTSTART, or `None` for all-day and floating starts, for which a time in
    /// UTC is taken as it stands. A date admits its whole day.
    #[must_use]
    pub fn until_in(&self, zone: Option<Tz>) -> Option<NaiveDateTime> {
        Some(match self.until? {
            Until::Date(date) => date.and_time(LAST_SECOND),
            Until::Local(at) => at,
            Until::Utc(at) => zone.map_or(at, |zone| zone::to_local(at.and_utc(), zone)),
        })
    }

    /// The rule as it counts beside a DTSTART that is a date: `BYHOUR`, `BYMINUTE` and `BYSECOND` are
    /// ignored there (RFC 5545 section 3.3.10).
    #[must_use]
    pub fn without_times(&self) -> Cow<'_, Self> {
        if !self.has_times() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self {
            by_hour: Vec::new(),
            by_minute: Vec::new(),
            by_second: Vec::new(),
            ..self.clone()
        })
    }

    /// Whether the rule says times of day itself, with `BYHOUR`, `BYMINUTE` or `BYSECOND`.
    #[must_use]
    pub fn has_times(&self) -> bool {
        [&self.by_hour, &self.by_minute, &self.by_second]
            .iter()
            .any(|list| !list.is_empty())
    }

    /// The product of the lengths of all BY lists: how much work a hostile rule could ask for.
    #[must_use]
    pub fn by_product(&self) -> u64 {
        [
            self.by_second.len(),
            self.by_minute.len(),
            self.by_hour.len(),
            self.by_day.len(),
            self.by_month_day.len(),
            self.by_year_day.len(),
            self.by_week_no.len(),
            self.by_month.len(),
        ]
        .iter()
        .fold(1, |product: u64, &len| {
            product.saturating_mul(len.max(1) as u64)
        })
    }
}

const LAST_SECOND: NaiveTime = match NaiveTime::from_hms_opt(23, 59, 59) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
