//! Occurrences in the nights of clock changes.
//!
//! RFC 5545 3.3.5 defines which instant a skipped or repeated local time means, and 3.8.5.3 that
//! every occurrence is as long as the first in exact time. Programs differ in both (see
//! `tests/ical_readers`). An occurrence affected by such a night is therefore written as a VEVENT
//! of its own with a RECURRENCE-ID, whose times are unambiguous. Programs match it by its local
//! start, whichever instant they take that for.
//!
//! Only some years around the last change of the record are covered, so that the output stays a
//! function of the record. Later occurrences of an endless rule follow the RFC.

use std::ops::{Range, RangeInclusive};

use chrono::{
    DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};
use chrono_tz::Tz;

use super::recurrence::Repetition;
use super::times::LONGEST;
use calendar_domain::recurrence::{ExpansionLimits, RecurrenceRule, expand};
use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{Start, When};

/// Years covered before and after the last change.
const YEARS: (i32, i32) = (1, 4);

/// Hours in which no zone has changed its clocks since [`QUIET_SINCE`] or is known to change them.
const QUIET_HOURS: Range<u32> = 8..21;
const QUIET_SINCE: i32 = 2012;

/// Returns the starts of a set whose occurrences touch a clock change and that have no override.
pub(super) fn unsettled(set: &Repetition<'_>, modified: DateTime<Utc>) -> Vec<Start> {
    let When::Timed { start, end, zone } = &set.when else {
        return Vec::new();
    };
    let (start, zone) = (*start, *zone);
    let alone = set.rule.is_none() && set.rdates.is_empty();
    let (before, after) = YEARS;
    let years = modified.year().saturating_sub(before)..=modified.year().saturating_add(after);
    if alone || is_quiet(set, start, *end, *years.start()) {
        return Vec::new();
    }
    let length = end.map_or(TimeDelta::zero(), |end| {
        to_utc(end, zone) - to_utc(start, zone)
    });
    if length > LONGEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    for night in changes(zone, years) {
        let Some(from) = night.start.checked_sub_signed(length) else {
            continue;
        };
        // An occurrence that ends at the change has an ambiguous end.
        let touching = from..night.end;
        let listed = set.rdates.iter().map(|at| at.local());
        let mut starts: Vec<NaiveDateTime> = listed.filter(|at| touching.contains(at)).collect();
        if let Some(rule) = &set.rule
            && may_start_in(rule, start.time(), &touching)
        {
            let until = rule.until_in(Some(zone));
            let members = expand(rule, start, until, touching, &ExpansionLimits::default());
            starts.extend(members.unwrap_or_default());
        }
        found.extend(starts.into_iter().map(Start::Local));
    }
    found.sort_unstable();
    found.dedup();
    let told = |at: &Start| set.overrides.iter().any(|(id, _)| id == at);
    found.retain(|at| !set.exdates.contains(at) && !told(at));
    found
}

/// Returns true if no occurrence is near an hour in which clocks change.
fn is_quiet(
    set: &Repetition<'_>,
    start: NaiveDateTime,
    end: Option<NaiveDateTime>,
    first_year: i32,
) -> bool {
    let by_day = |local: NaiveDateTime| QUIET_HOURS.contains(&local.hour());
    let one_hour = set.rule.as_ref().is_none_or(has_one_time);
    let within = by_day(start) && end.is_none_or(|end| end.date() == start.date() && by_day(end));
    let alike = set
        .rdates
        .iter()
        .all(|at| at.local().time() == start.time());
    first_year >= QUIET_SINCE && one_hour && within && alike
}

/// Returns true if every start of a rule has the same time of day.
fn has_one_time(rule: &RecurrenceRule) -> bool {
    rule.by_hour.is_empty() && rule.by_minute.is_empty() && rule.by_second.is_empty()
}

/// Returns true if a rule may have a start in a span. The time of day excludes it for most rules.
fn may_start_in(rule: &RecurrenceRule, time: NaiveTime, span: &Range<NaiveDateTime>) -> bool {
    let last = if span.end.time() > time {
        Some(span.end.date())
    } else {
        span.end.date().pred_opt()
    };
    !has_one_time(rule) || last.is_some_and(|day| day.and_time(time) >= span.start)
}

/// Returns the skipped and repeated local times of a zone in these years.
fn changes(zone: Tz, years: RangeInclusive<i32>) -> Vec<Range<NaiveDateTime>> {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let (Some(mut from), Some(end)) = (first(*years.start()), first(years.end().saturating_add(1)))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // Half a month at a time: Morocco's clocks change back and forth within one month around
    // Ramadan.
    while from < end {
        let next = match from.day() {
            1 => from.with_day(15),
            _ => from
                .with_day(1)
                .and_then(|day| day.checked_add_months(Months::new(1))),
        };
        let Some(next) = next else { break };
        found.extend(change_between(zone, from, next));
        from = next;
    }
    found
}

/// Returns the clock change between two midnights in UTC, if any.
fn change_between(zone: Tz, from: NaiveDate, to: NaiveDate) -> Option<Range<NaiveDateTime>> {
    let offset = |at: i64| {
        let at = DateTime::from_timestamp(at, 0)?;
        Some(to_local(at, zone) - at.naive_utc())
    };
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
    let (mut low, mut high) = (midnight(from), midnight(to));
    let before = offset(low)?;
    if offset(high)? == before {
        return None;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset(middle)? == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    let at = DateTime::from_timestamp(high, 0)?.naive_utc();
    let (one, other) = (at + before, at + offset(high)?);
    Some(one.min(other)..one.max(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_nights_of_a_year_are_found() {
        let nights = changes(Tz::Europe__Oslo, 2027..=2027);
        let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        let spring = at("2027-03-28T02:00:00")..at("2027-03-28T03:00:00");
        let autumn = at("2027-10-31T02:00:00")..at("2027-10-31T03:00:00");
        assert_eq!(nights, [spring, autumn]);
        assert_eq!(changes(Tz::Asia__Kathmandu, 2001..=2090), []);
        assert_eq!(changes(Tz::Africa__Casablanca, 2027..=2027).len(), 2);
    }

    #[test]
    fn no_zone_changes_its_clocks_by_day() {
        for zone in chrono_tz::TZ_VARIANTS {
            for night in changes(zone, QUIET_SINCE..=2090) {
                let touches = |hour| {
                    let noisy = night.start.hour()..=night.end.hour();
                    noisy.contains(&hour)
                };
                let mut hours = QUIET_HOURS;
                assert!(!hours.any(touches), "{zone}: {night:?}");
            }
        }
    }
}
