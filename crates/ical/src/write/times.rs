//! Dates and times as properties, and the zones they refer to.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{
    DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use icalendar::{CalendarDateTime, DatePerhapsTime, Property};

use crate::zones::canonical;
use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{Start, When};

/// Maximum length of an event that is adjusted to clock changes; for longer ones an hour is irrelevant.
pub(super) const LONGEST: TimeDelta = TimeDelta::days(31);

/// Zones that a calendar refers to, each with the years for which it is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zones {
    named: BTreeMap<&'static str, (Tz, i32, i32)>,
    utc_rule: bool,
}

impl Zones {
    /// Adds a zone for these years. UTC needs no definition and is skipped.
    pub fn note(&mut self, zone: Tz, years: RangeInclusive<i32>) {
        if is_utc(zone) {
            return;
        }
        let zone = canonical(zone);
        let (first, last) = years.into_inner();
        let known = self.named.entry(zone.name()).or_insert((zone, first, last));
        known.1 = known.1.min(first);
        known.2 = known.2.max(last);
    }

    /// Adds the zone in which a rule is expanded.
    pub(super) fn note_rule(&mut self, zone: Tz) {
        self.utc_rule |= is_utc(zone);
    }

    /// Returns true if a rule is expanded in UTC.
    pub(super) fn has_utc_rule(&self) -> bool {
        self.utc_rule
    }

    /// Adds the zones of another set.
    pub fn join(&mut self, other: &Self) {
        self.utc_rule |= other.utc_rule;
        for (zone, years) in other.iter() {
            self.note(zone, years);
        }
    }

    /// Returns the zones by name, each with its years.
    pub fn iter(&self) -> impl Iterator<Item = (Tz, RangeInclusive<i32>)> {
        self.named
            .values()
            .map(|(zone, first, last)| (*zone, *first..=*last))
    }
}

/// Returns true if times of the zone are written with `Z` and need no VTIMEZONE.
fn is_utc(zone: Tz) -> bool {
    canonical(zone) == Tz::UTC
}

/// Returns true if RFC 5545 can represent the date: years have four digits.
pub(super) fn representable(date: NaiveDate) -> bool {
    (1..=9999).contains(&date.year())
}

/// Formats an instant.
pub(super) fn instant(key: &str, at: DateTime<Utc>) -> Property {
    DatePerhapsTime::from(at).to_property(key)
}

/// Formats a start: a date, or a local time in its zone.
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

/// Returns the zone of a time; `None` for dates.
pub(super) fn zone_of(when: &When) -> Option<Tz> {
    match when {
        When::Timed { zone, .. } => Some(*zone),
        When::AllDay { .. } | When::TimeToCome { .. } => None,
    }
}

/// Returns `DTSTART`, and `DTEND` if there is a later end.
///
/// If the time of day is unknown, only the date is written (never a made-up hour).
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
    let end = end.filter(|end| representable(end.date()));
    let end = end.map(|end| start("DTEND", end, zone_of(when)));
    std::iter::once(begin).chain(end).collect()
}

/// Returns `DTSTART` and end of the first occurrence of a set.
///
/// If the clocks change before its end, DURATION in exact time replaces DTEND: some programs take
/// the difference in wall time as the length of all occurrences.
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

/// Formats a DURATION in exact units (RFC 5545 3.3.6).
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

/// Returns the time of a single occurrence in an unambiguous form.
///
/// Programs disagree on local times in the nights of clock changes, despite RFC 5545 3.3.5:
///
/// - A skipped time is written as the one after the gap, which the RFC defines as equal.
/// - A repeated time is written in UTC, as the first of the two.
pub(super) fn disambiguated(when: &When) -> When {
    let When::Timed { start, end, zone } = when else {
        return when.clone();
    };
    let times = || [Some(*start), *end].into_iter().flatten();
    if !times().all(|local| representable(local.date())) {
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
