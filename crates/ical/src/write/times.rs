//! Dates and times as properties, and which zones they name.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use icalendar::{CalendarDateTime, DatePerhapsTime, Property};

use super::nights::LONGEST;
use crate::zones::canonical;
use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{Start, When};

/// The zones that a calendar names, each with the years that it is needed for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zones(BTreeMap<&'static str, (Tz, i32, i32)>);

impl Zones {
    /// Notes that a zone is named in these years.
    pub fn note(&mut self, zone: Tz, years: RangeInclusive<i32>) {
        if is_utc(zone) {
            return;
        }
        let zone = canonical(zone);
        let (first, last) = years.into_inner();
        let known = self.0.entry(zone.name()).or_insert((zone, first, last));
        known.1 = known.1.min(first);
        known.2 = known.2.max(last);
    }

    /// Takes in the zones of another.
    pub fn join(&mut self, other: &Self) {
        for (zone, years) in other.iter() {
            self.note(zone, years);
        }
    }

    /// The zones by name, each with its years.
    pub fn iter(&self) -> impl Iterator<Item = (Tz, RangeInclusive<i32>)> {
        self.0
            .values()
            .map(|(zone, first, last)| (*zone, *first..=*last))
    }
}

/// Whether times of the zone are written with `Z` and need no VTIMEZONE.
fn is_utc(zone: Tz) -> bool {
    canonical(zone) == Tz::UTC
}

/// Whether RFC 5545 can say the date: its years have four digits.
pub(super) fn sayable(date: NaiveDate) -> bool {
    (1..=9999).contains(&date.year())
}

/// An instant.
pub(super) fn instant(key: &str, at: DateTime<Utc>) -> Property {
    DatePerhapsTime::from(at).to_property(key)
}

/// The start of a schedule's kind: a date, or a local time in its zone.
pub(super) fn start(key: &str, start: Start, zone: Option<Tz>) -> Property {
    match (start, zone) {
        (Start::Date(date), _) => DatePerhapsTime::Date(date).to_property(key),
        (Start::Local(local), Some(zone)) => zoned(key, local, zone),
        (Start::Local(local), None) => DatePerhapsTime::from(local).to_property(key),
    }
}

fn zoned(key: &str, local: NaiveDateTime, zone: Tz) -> Property {
    let time = if is_utc(zone) {
        CalendarDateTime::Utc(local.and_utc())
    } else {
        CalendarDateTime::WithTimezone {
            date_time: local,
            tzid: canonical(zone).name().to_owned(),
        }
    };
    DatePerhapsTime::DateTime(time).to_property(key)
}

/// The zone of a time on the clock.
pub(super) fn zone_of(when: &When) -> Option<Tz> {
    match when {
        When::Timed { zone, .. } => Some(*zone),
        When::AllDay { .. } | When::TimeToCome { .. } => None,
    }
}

/// `DTSTART`, and `DTEND` where an end is known that is later.
///
/// A time of day that is to come makes a date and no more (never a made-up hour).
pub(super) fn span(when: &When) -> Vec<Property> {
    let begin = start("DTSTART", when.start(), zone_of(when));
    let day_after = |date: NaiveDate| date.succ_opt().unwrap_or(date);
    let end = match when {
        When::AllDay { first, until } => Some(Start::Date((*until).max(day_after(*first)))),
        When::TimeToCome { date } => Some(Start::Date(day_after(*date))),
        When::Timed { start, end, zone } => end
            .filter(|end| to_utc(*end, *zone) > to_utc(*start, *zone))
            .map(Start::Local),
    };
    let end = end.filter(|end| sayable(end.date()));
    let end = end.map(|end| start("DTEND", end, zone_of(when)));
    std::iter::once(begin).chain(end).collect()
}

/// The same for the first of many. Where the clocks change before its end, the hours that pass are
/// told instead of an end: some programs take the difference on the clock for the length of all.
pub(super) fn first_span(when: &When) -> Vec<Property> {
    let mut properties = span(when);
    let When::Timed {
        start,
        end: Some(end),
        zone,
    } = when
    else {
        return properties;
    };
    let length = to_utc(*end, *zone) - to_utc(*start, *zone);
    if properties.len() > 1 && length != *end - *start && length <= LONGEST {
        properties.truncate(1);
        properties.push(Property::new("DURATION", hours(length.num_seconds())));
    }
    properties
}

/// A DURATION in the units that are exact time (RFC 5545 3.3.6).
fn hours(seconds: i64) -> String {
    let mut told = "PT".to_owned();
    for (count, unit) in [
        (seconds / 3600, 'H'),
        (seconds / 60 % 60, 'M'),
        (seconds % 60, 'S'),
    ] {
        if count != 0 {
            told.push_str(&format!("{count}{unit}"));
        }
    }
    told
}

/// A time that happens once, told so that there are no two ways to read it. In the nights that
/// change the clocks programs disagree on local times, whatever RFC 5545 3.3.5 says:
///
/// - an hour that is skipped is written as the one after the gap, which it is by the RFC;
/// - an hour that comes twice is written in UTC, as the first of the two.
pub(super) fn unmistakable(when: &When) -> When {
    let When::Timed { start, end, zone } = when else {
        return when.clone();
    };
    let times = || [Some(*start), *end].into_iter().flatten();
    if !times().all(|local| sayable(local.date())) {
        return when.clone();
    }
    let comes_twice = |local: NaiveDateTime| {
        matches!(
            zone.from_local_datetime(&local),
            MappedLocalTime::Ambiguous(..)
        )
    };
    let told_in = if times().any(comes_twice) {
        Tz::UTC
    } else {
        *zone
    };
    let told = |local: NaiveDateTime| to_local(to_utc(local, *zone), told_in);
    When::Timed {
        start: told(*start),
        end: end.map(told),
        zone: told_in,
    }
}
