//! Parses, writes and expands a recurrence rule. The input has the rule, DTSTART and the window's ends, one per
//! line.

#![no_main]

use std::ops::Range;

use calendar_domain::recurrence::{
    ExpansionLimits, RecurrenceRule, check_public, expand, in_step, violations,
};
use calendar_ical::value::{RawTime, parse_time};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use elverum_calendar_fuzz::within_time;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| within_time(|| run(bytes)));

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut lines = text.lines();
    let Ok(rule) = lines.next().unwrap_or_default().parse::<RecurrenceRule>() else {
        return;
    };
    assert_eq!(rule.to_string().parse().as_ref(), Ok(&rule), "{rule}");
    assert!(
        check_public(&rule, &ExpansionLimits::default()).is_err() || violations(&rule).is_empty()
    );
    let mut time = |or: (i32, u32, u32)| match lines.next().and_then(parse_time) {
        Some(RawTime::Date(date)) => date.and_time(NaiveTime::MIN),
        Some(RawTime::Local(time)) => time,
        // Outside the range of dates in a file.
        Some(RawTime::Utc(time)) if time.date() > day(2100, 1, 1) => NaiveDateTime::MAX,
        Some(RawTime::Utc(_)) => NaiveDateTime::MIN,
        None => day(or.0, or.1, or.2).and_time(NaiveTime::MIN),
    };
    let start = time((2026, 1, 1));
    let window = time((2026, 1, 1))..time((2031, 1, 1));
    expansion_is_sound(&rule, start, window);
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

fn limits() -> ExpansionLimits {
    ExpansionLimits {
        max_occurrences: 5_000,
        max_iterations: 20_000,
        ..ExpansionLimits::default()
    }
}

fn expansion_is_sound(rule: &RecurrenceRule, start: NaiveDateTime, window: Range<NaiveDateTime>) {
    let stepping = in_step(rule, start, None);
    let Ok(found) = expand(rule, start, None, window.clone(), &limits()) else {
        return;
    };
    assert!(found.is_sorted_by(|one, next| one < next), "not in order");
    assert!(found.iter().all(|at| window.contains(at) && *at >= start));
    if let Some(until) = rule.until_in(None) {
        assert!(found.last().is_none_or(|last| *last <= until));
    }
    if let Some(count) = rule.count {
        assert!(found.len() <= count as usize, "COUNT is exceeded");
    } else if window.contains(&start) && start.and_utc().timestamp_subsec_nanos() == 0 {
        assert_eq!(stepping, found.first() == Some(&start), "in_step");
    }
    parts_make_the_whole(rule, start, window, &found);
}

/// Asserts that two adjacent windows give the same as their union.
fn parts_make_the_whole(
    rule: &RecurrenceRule,
    start: NaiveDateTime,
    window: Range<NaiveDateTime>,
    whole: &[NaiveDateTime],
) {
    let Some(&middle) = whole.get(whole.len() / 2) else {
        return;
    };
    let Some(after) = middle.checked_add_signed(TimeDelta::seconds(1)) else {
        return;
    };
    let part = |window| expand(rule, start, None, window, &limits());
    if let (Ok(mut found), Ok(rest)) = (part(window.start..after), part(after..window.end)) {
        found.extend(rest);
        assert_eq!(found, whole, "cut at {after}");
    }
}
