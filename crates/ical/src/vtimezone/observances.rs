//! Derives observances with few rules from the clock changes of a zone.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// Last year with clock changes in chrono-tz. A rule still in force then continues forever.
const LAST_YEAR: i32 = 2099;
/// First year searched for rules and single changes, unless an earlier one is requested.
const FIRST_YEAR: i32 = 1970;
/// Minimum number of consecutive years that make a rule.
const RULE_YEARS: usize = 3;
/// Interval in which a change is searched. No zone has changed its clocks twice within so few days
/// since 1970.
const STEP_DAYS: i64 = 6;

/// A clock change.
#[derive(Debug, Clone)]
pub(super) struct ClockChange {
    /// Instant of the change.
    pub at: DateTime<Utc>,
    /// Wall time at that instant before the change: `DTSTART` of an observance.
    pub local: NaiveDateTime,
    /// Seconds east of UTC before the change.
    pub before: i32,
    /// Seconds east of UTC after the change.
    pub after: i32,
    /// Whether summer time begins.
    pub daylight: bool,
    /// Abbreviation of the time that begins.
    pub name: String,
}

/// A STANDARD or DAYLIGHT component of a VTIMEZONE.
#[derive(Debug)]
pub(super) struct Observance {
    /// First, or only, onset.
    pub first: ClockChange,
    /// RECUR value, if it recurs.
    pub rule: Option<String>,
}

/// Changes in consecutive years that follow one rule.
struct Run {
    /// Onsets, latest first.
    onsets: Vec<ClockChange>,
    /// Rules that generate all of them.
    patterns: Vec<Pattern>,
}

/// Day within a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    /// The last such weekday.
    Last,
    /// The first to fourth such weekday.
    Nth(u32),
    /// A fixed day, regardless of weekday.
    Day(u32),
    /// The first such weekday on or after this day.
    OnOrAfter(u32),
}

/// Returns the observances in force in these years, ordered by first onset.
pub(super) fn observances(zone: Tz, years: RangeInclusive<i32>) -> Vec<Observance> {
    let first_year = (*years.start()).clamp(1900, LAST_YEAR);
    let last_year = (*years.end()).clamp(first_year, LAST_YEAR);
    // One more day on both sides covers local time in every zone.
    let from = new_year(first_year) - TimeDelta::days(1);
    let until = new_year(last_year + 1) + TimeDelta::days(1);
    let onsets = onsets(zone, new_year(FIRST_YEAR.min(first_year - 1)));
    let in_force = onsets.iter().rev().find(|onset| onset.at <= from);
    let needed = in_force.map_or(from, |onset| onset.at)..until;

    let mut found: Vec<Observance> = Vec::new();
    if in_force.is_none() {
        found.push(Observance {
            first: steady(zone, from),
            rule: None,
        });
    }
    for run in runs(onsets) {
        let used = run.onsets.iter().any(|onset| needed.contains(&onset.at));
        match (used, run.rule()) {
            (false, _) => {}
            (true, Some(observance)) => found.push(observance),
            (true, None) => found.extend(
                run.onsets
                    .into_iter()
                    .filter(|onset| needed.contains(&onset.at))
                    .map(|first| Observance { first, rule: None }),
            ),
        }
    }
    found.sort_by_key(|observance| observance.first.at);
    found
}

/// Returns midnight of 1 January in UTC.
fn new_year(year: i32) -> DateTime<Utc> {
    NaiveDate::from_yo_opt(year, 1)
        .unwrap_or(NaiveDate::MIN)
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
}

/// Returns the time in force at an instant as an onset before the first year.
fn steady(zone: Tz, at: DateTime<Utc>) -> ClockChange {
    let (after, daylight, name) = clock(zone, at);
    let begin = new_year(FIRST_YEAR).min(at - TimeDelta::days(1));
    ClockChange {
        at: begin,
        local: begin.naive_utc(),
        before: after,
        after,
        daylight: daylight > TimeDelta::zero(),
        name,
    }
}

/// Returns total seconds east of UTC, the summer time in them, and the abbreviation.
fn clock(zone: Tz, at: DateTime<Utc>) -> (i32, TimeDelta, String) {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    let total = offset.fix().local_minus_utc();
    let name = match offset.abbreviation() {
        Some(name) => name.to_owned(),
        None => super::offset(total),
    };
    (total, offset.dst_offset(), name)
}

/// Returns all clock changes from an instant to the end of the data, in order.
fn onsets(zone: Tz, from: DateTime<Utc>) -> Vec<ClockChange> {
    let end = new_year(LAST_YEAR + 1);
    let mut found = Vec::new();
    let (mut at, mut before) = (from, clock(zone, from));
    while at < end {
        let next = at + TimeDelta::days(STEP_DAYS);
        let after = clock(zone, next);
        if after != before {
            let instant = change_between(zone, at, next);
            found.push(onset(instant, &before, &after));
            before = after;
        }
        at = next;
    }
    found
}

/// Returns the first second of the new time, which is after `before` and at most `after`.
fn change_between(zone: Tz, before: DateTime<Utc>, after: DateTime<Utc>) -> DateTime<Utc> {
    let old = clock(zone, before);
    let (mut low, mut high) = (before.timestamp(), after.timestamp());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let changed = DateTime::from_timestamp(middle, 0).is_none_or(|at| clock(zone, at) != old);
        if changed {
            high = middle;
        } else {
            low = middle;
        }
    }
    DateTime::from_timestamp(high, 0).unwrap_or(after)
}

fn onset(
    at: DateTime<Utc>,
    before: &(i32, TimeDelta, String),
    after: &(i32, TimeDelta, String),
) -> ClockChange {
    // For Ireland and Morocco the data has negative summer time in winter; the other time is then
    // daylight time.
    let shortened = before.1 < TimeDelta::zero() && after.1 == TimeDelta::zero();
    ClockChange {
        at,
        local: at.naive_utc() + TimeDelta::seconds(before.0.into()),
        before: before.0,
        after: after.0,
        daylight: after.1 > TimeDelta::zero() || shortened,
        name: after.2.clone(),
    }
}

/// Groups changes into runs, from the last backwards, so that the current rule reaches back as far
/// as it holds.
fn runs(onsets: Vec<ClockChange>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for onset in onsets.into_iter().rev() {
        let fitting = runs.iter_mut().find_map(|run| {
            let shared = run.shared(&onset)?;
            Some((run, shared))
        });
        match fitting {
            Some((run, shared)) => {
                run.patterns = shared;
                run.onsets.push(onset);
            }
            None => runs.push(Run {
                patterns: patterns(onset.local.date()),
                onsets: vec![onset],
            }),
        }
    }
    runs
}

impl Run {
    fn first(&self) -> Option<&ClockChange> {
        self.onsets.last()
    }

    /// Returns the rules that the run shares with a change in the year before.
    fn shared(&self, earlier: &ClockChange) -> Option<Vec<Pattern>> {
        let first = self.first()?;
        let alike = first.before == earlier.before
            && first.after == earlier.after
            && first.daylight == earlier.daylight
            && first.name == earlier.name
            && first.local.time() == earlier.local.time()
            && first.local.month() == earlier.local.month()
            && first.local.year() == earlier.local.year() + 1;
        if !alike {
            return None;
        }
        let same_weekday = first.local.weekday() == earlier.local.weekday();
        let theirs = patterns(earlier.local.date());
        let shared: Vec<Pattern> = self
            .patterns
            .iter()
            .copied()
            .filter(|pattern| theirs.contains(pattern))
            .filter(|pattern| same_weekday || matches!(pattern, Pattern::Day(_)))
            .collect();
        (!shared.is_empty()).then_some(shared)
    }

    /// Returns the run as a rule if it is long enough.
    fn rule(&self) -> Option<Observance> {
        if self.onsets.len() < RULE_YEARS {
            return None;
        }
        let (first, last) = (self.first()?, self.onsets.first()?);
        let date = first.local.date();
        let mut rule = format!("FREQ=YEARLY;BYMONTH={}", date.month());
        rule.push_str(&self.patterns.iter().min()?.parts(date));
        if last.local.year() < LAST_YEAR {
            rule.push_str(&last.at.format(";UNTIL=%Y%m%dT%H%M%SZ").to_string());
        }
        Some(Observance {
            first: first.clone(),
            rule: Some(rule),
        })
    }
}

/// Returns every pattern that a date matches.
fn patterns(date: NaiveDate) -> Vec<Pattern> {
    let (day, length) = (date.day(), u32::from(date.num_days_in_month()));
    let mut fitting = vec![Pattern::Day(day)];
    if day + 7 > length {
        fitting.push(Pattern::Last);
    }
    if day <= 28 {
        fitting.push(Pattern::Nth(day.div_ceil(7)));
    }
    let earliest = day.saturating_sub(6).max(1);
    // A week that extends into the next month lacks some weekdays.
    fitting.extend(
        (earliest..=day)
            .filter(|from| from + 6 <= length)
            .map(Pattern::OnOrAfter),
    );
    fitting
}

impl Pattern {
    /// Returns the parts of a RECUR value, for the weekday of `date`.
    fn parts(self, date: NaiveDate) -> String {
        let weekday = date.weekday().to_string()[..2].to_uppercase();
        match self {
            Self::Last => format!(";BYDAY=-1{weekday}"),
            Self::Nth(n) => format!(";BYDAY={n}{weekday}"),
            Self::Day(day) => format!(";BYMONTHDAY={day}"),
            Self::OnOrAfter(from) => {
                let days: Vec<String> = (from..from + 7).map(|day| day.to_string()).collect();
                format!(";BYDAY={weekday};BYMONTHDAY={}", days.join(","))
            }
        }
    }
}
