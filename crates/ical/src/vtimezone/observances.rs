//! From the changes of a zone's clocks to the few rules behind them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// The last year that chrono-tz has the changes of. A rule that still holds then holds for ever.
const LAST_YEAR: i32 = 2099;
/// Rules and single changes are looked for from here on, or from the first year asked for.
const FIRST_YEAR: i32 = 1970;
/// How many years in a row make a rule.
const RULE_YEARS: usize = 3;
/// Between two looks at the clock. No zone has changed its clocks twice within so many days
/// since 1970.
const STEP_DAYS: i64 = 6;

/// A change of the clocks.
#[derive(Debug, Clone)]
pub(super) struct Onset {
    /// The instant.
    pub at: DateTime<Utc>,
    /// What the clock shows at that instant, not changed yet: `DTSTART` of an observance.
    pub local: NaiveDateTime,
    /// Seconds east of UTC before.
    pub before: i32,
    /// Seconds east of UTC from then on.
    pub after: i32,
    /// Whether summer time begins.
    pub daylight: bool,
    /// Abbreviation of the time that begins.
    pub name: String,
}

/// A STANDARD or DAYLIGHT part of a VTIMEZONE.
#[derive(Debug)]
pub(super) struct Observance {
    /// Its first, or only, onset.
    pub first: Onset,
    /// RECUR value, where it comes back.
    pub rule: Option<String>,
}

/// Changes in consecutive years that one rule gives.
struct Run {
    /// Latest first.
    onsets: Vec<Onset>,
    /// The rules that give all of them.
    patterns: Vec<Pattern>,
}

/// Which day of its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    /// The last such weekday.
    Last,
    /// The first to fourth such weekday.
    Nth(u32),
    /// Always this day, whatever its weekday.
    Day(u32),
    /// The first such weekday on this day or after it.
    OnOrAfter(u32),
}

/// The observances in force in these years, in order of their first onset.
pub(super) fn observances(zone: Tz, years: RangeInclusive<i32>) -> Vec<Observance> {
    let first_year = (*years.start()).clamp(1900, LAST_YEAR);
    let last_year = (*years.end()).clamp(first_year, LAST_YEAR);
    // A day more on both sides: the years are those of any place on Earth.
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

/// Midnight of 1 January in UTC.
fn new_year(year: i32) -> DateTime<Utc> {
    NaiveDate::from_yo_opt(year, 1)
        .unwrap_or(NaiveDate::MIN)
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
}

/// The time in force at an instant, as if it had been since the first year.
fn steady(zone: Tz, at: DateTime<Utc>) -> Onset {
    let (after, daylight, name) = clock(zone, at);
    let begin = new_year(FIRST_YEAR).min(at - TimeDelta::days(1));
    Onset {
        at: begin,
        local: begin.naive_utc(),
        before: after,
        after,
        daylight: daylight > TimeDelta::zero(),
        name,
    }
}

/// Seconds east of UTC in all, seconds of summer time in them, abbreviation.
fn clock(zone: Tz, at: DateTime<Utc>) -> (i32, TimeDelta, String) {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    let total = offset.fix().local_minus_utc();
    let name = match offset.abbreviation() {
        Some(name) => name.to_owned(),
        None => super::offset(total),
    };
    (total, offset.dst_offset(), name)
}

/// Every change of the clocks from an instant to the end of what is known, in order.
fn onsets(zone: Tz, from: DateTime<Utc>) -> Vec<Onset> {
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

/// The first second of the new time, which begins after the first instant and not after the second.
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
) -> Onset {
    // Where the tables call the winter the exception (Ireland, Morocco), the time that is not
    // shortened is the summer's.
    let shortened = before.1 < TimeDelta::zero() && after.1 == TimeDelta::zero();
    Onset {
        at,
        local: at.naive_utc() + TimeDelta::seconds(before.0.into()),
        before: before.0,
        after: after.0,
        daylight: after.1 > TimeDelta::zero() || shortened,
        name: after.2.clone(),
    }
}

/// Groups changes into runs, from the last backwards so that the rule of today reaches as far back
/// as it holds.
fn runs(onsets: Vec<Onset>) -> Vec<Run> {
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
    fn first(&self) -> Option<&Onset> {
        self.onsets.last()
    }

    /// The rules that the run and a change in the year before have in common.
    fn shared(&self, earlier: &Onset) -> Option<Vec<Pattern>> {
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

    /// The run as a rule, where it is long enough to be one.
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

/// Every pattern that a date fits.
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
    // A week that would reach into the next month is no week of this one in some year.
    fitting.extend(
        (earliest..=day)
            .filter(|from| from + 6 <= length)
            .map(Pattern::OnOrAfter),
    );
    fitting
}

impl Pattern {
    /// The parts of a RECUR value, for the weekday of `date`.
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
