//! The data of a rule, a RECUR value of RFC 5545.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::zone;

/// The length of a rule's period, the unit of `INTERVAL`.
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
    /// Every week, starting on the rule's `WKST`.
    Weekly,
    /// Every month.
    Monthly,
    /// Every year; with `BYWEEKNO`, every week year.
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

    /// Returns the value in RFC 5545, in capitals.
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

    /// Returns true if a period is shorter than a day.
    #[must_use]
    pub fn is_sub_daily(self) -> bool {
        self < Frequency::Daily
    }
}

/// The end of a rule, in one of the three forms of RFC 5545.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleEnd {
    /// A date; that whole day is included.
    Date(NaiveDate),
    /// A date and time in UTC, inclusive.
    Utc(NaiveDateTime),
    /// A date and time local to the zone of DTSTART, inclusive.
    Local(NaiveDateTime),
}

/// One entry of `BYDAY`: a weekday, or the nth of them in the month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeekdayNum {
    /// 1 is the first, -1 the last, `None` every one. `Some(0)` occurs in some files and matches
    /// nothing.
    pub nth: Option<i8>,
    /// The weekday.
    pub weekday: Weekday,
}

impl WeekdayNum {
    /// Returns every such weekday of the period.
    #[must_use]
    pub fn every(weekday: Weekday) -> Self {
        WeekdayNum { nth: None, weekday }
    }

    /// Returns the nth such weekday, counted from the end if negative.
    #[must_use]
    pub fn nth(nth: i8, weekday: Weekday) -> Self {
        WeekdayNum {
            nth: Some(nth),
            weekday,
        }
    }
}

/// Treatment of a date that a month does not have, such as 30 February (RFC 7529).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Omitted, as in RFC 5545.
    #[default]
    Omit,
    /// Moved to the last day of that month.
    Backward,
    /// Moved to the first day of the next month.
    Forward,
}

/// A recurrence rule of RFC 5545 section 3.3.10, in the Gregorian calendar.
///
/// Its text is parsed with `parse` and written with `to_string`. Parsed lists are sorted and have
/// no duplicates; an empty list means that the part is absent. Values out of range, which only code
/// can set, match nothing.
///
/// ```
/// use calendar_domain::recurrence::{Frequency, RecurrenceRule};
///
/// let rule: RecurrenceRule = "FREQ=WEEKLY;BYDAY=TH;COUNT=8".parse().unwrap();
/// assert_eq!(rule.freq, Frequency::Weekly);
/// assert_eq!(rule.count, Some(8));
/// assert_eq!(rule.to_string(), "FREQ=WEEKLY;COUNT=8;BYDAY=TH");
///
/// let error = "FREQ=WEEKLY;COUNT=0".parse::<RecurrenceRule>().unwrap_err();
/// assert!(error.to_string().starts_with("COUNT: "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecurrenceRule {
    /// `FREQ`: the length of a period.
    pub freq: Frequency,
    /// `INTERVAL`: number of periods between occurrences, 1 or more.
    pub interval: u32,
    /// `UNTIL`: the inclusive end.
    pub until: Option<RuleEnd>,
    /// `COUNT`: number of occurrences, 1 or more.
    pub count: Option<u32>,
    /// `WKST`: the first day of the week; Monday by default.
    pub wkst: Weekday,
    /// `BYSECOND`: 0 to 60; 60 is treated as 59, since leap seconds are not supported.
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
    /// `BYSETPOS`: positions to keep within each period's set; 1 to 366 or -366 to -1.
    pub by_set_pos: Vec<i16>,
    /// `SKIP` of RFC 7529.
    pub skip: Skip,
}

impl RecurrenceRule {
    /// Returns an endless rule with a frequency only: once each period.
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

    /// Returns true if the rule has neither `COUNT` nor `UNTIL`.
    #[must_use]
    pub fn is_endless(&self) -> bool {
        self.count.is_none() && self.until.is_none()
    }

    /// Returns the last local time that `UNTIL` includes, in the zone of DTSTART.
    ///
    /// `zone` is the zone of DTSTART, or `None` for all-day and floating starts, for which a time
    /// in UTC is not converted. A date includes its whole day.
    #[must_use]
    pub fn until_in(&self, zone: Option<Tz>) -> Option<NaiveDateTime> {
        Some(match self.until? {
            RuleEnd::Date(date) => date.and_time(LAST_SECOND),
            RuleEnd::Local(at) => at,
            RuleEnd::Utc(at) => zone.map_or(at, |zone| zone::to_local(at.and_utc(), zone)),
        })
    }

    /// Returns the rule without `BYHOUR`, `BYMINUTE` and `BYSECOND`, which are ignored if DTSTART
    /// is a date (RFC 5545 section 3.3.10).
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

    /// Returns true if the rule has `BYHOUR`, `BYMINUTE` or `BYSECOND`.
    #[must_use]
    pub fn has_times(&self) -> bool {
        [&self.by_hour, &self.by_minute, &self.by_second]
            .iter()
            .any(|list| !list.is_empty())
    }

    /// Returns the product of the lengths of all BY lists except `BYSETPOS`, an upper bound on the
    /// work per period.
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
