//! Properties of every rule.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};
use proptest::collection::btree_set;
use proptest::option::{of, weighted};
use proptest::prelude::*;

use super::super::{
    ExpansionLimits, Frequency, RecurrenceRule, RuleEnd, Skip, WeekdayNum, expand, in_step,
};

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

fn list<N: Ord + Clone + std::fmt::Debug>(
    values: impl Strategy<Value = N>,
) -> impl Strategy<Value = Vec<N>> {
    weighted(0.3, btree_set(values, 1..4))
        .prop_map(|set| set.map_or_else(Vec::new, |set| set.into_iter().collect()))
}

/// Generates numbers from 1 to `most` and from -`most` to -1.
fn signed(most: i16) -> impl Strategy<Value = i16> {
    (-most..=most).prop_filter("zero is no position", |&number| number != 0)
}

fn weekdays(numbered: bool) -> impl Strategy<Value = Vec<WeekdayNum>> {
    let nth = prop_oneof![2 => Just(0), 1 => signed(5)];
    list((nth, 0..7usize)).prop_map(move |days| {
        let day = |(nth, day): (i16, usize)| WeekdayNum {
            nth: (numbered && nth != 0).then_some(nth as i8),
            weekday: WEEKDAYS[day],
        };
        days.into_iter().map(day).collect()
    })
}

prop_compose! {
    fn rules()(freq in prop::sample::select(&Frequency::ALL[..]))(
        days in (weekdays(freq >= Frequency::Monthly), list(signed(31)), list(signed(366))),
        weeks in list(signed(53)),
        months in list(1..=12u8),
        times in (list(0..24u8), list(0..60u8), list(0..60u8)),
        positions in list(signed(6)),
        ends in (of(1..40u32), weighted(0.3, 0..2_000i64)),
        interval in prop_oneof![3 => Just(1u32), 2 => 2..5u32, 1 => 5..400u32],
        wkst in 0..7usize,
        skip in prop::sample::select(&[Skip::Omit, Skip::Omit, Skip::Backward, Skip::Forward][..]),
        freq in Just(freq),
    ) -> RecurrenceRule {
        let narrow = |numbers: Vec<i16>| numbers.into_iter().map(|n| n as i8).collect();
        let yearly = freq == Frequency::Yearly;
        let until = ends.1.map(|days| RuleEnd::Local(start() + TimeDelta::days(days)));
        RecurrenceRule {
            interval, count: ends.0, until, skip, wkst: WEEKDAYS[wkst],
            by_hour: times.0, by_minute: times.1, by_second: times.2,
            by_day: if weeks.is_empty() || !yearly { days.0 } else { Vec::new() },
            by_month_day: narrow(days.1),
            by_year_day: days.2,
            by_week_no: if yearly { narrow(weeks) } else { Vec::new() },
            by_month: months, by_set_pos: positions,
            ..RecurrenceRule::new(freq)
        }
    }
}

fn start() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2024, 1, 31)
        .unwrap()
        .and_hms_opt(9, 30, 15)
        .unwrap()
}

fn expanded(rule: &RecurrenceRule, from: i64, to: i64) -> Option<Vec<NaiveDateTime>> {
    let window = start() + TimeDelta::hours(from)..start() + TimeDelta::hours(to);
    let limits = ExpansionLimits {
        max_occurrences: 5_000,
        ..ExpansionLimits::default()
    };
    expand(rule, start(), None, window, &limits).ok()
}

fn month_length(at: NaiveDateTime) -> i32 {
    i32::from(at.num_days_in_month())
}

/// Returns true if a position, counted from 1 or backward from -1, has index `before` in a row of
/// `size`.
fn is_position(position: i32, before: i32, size: i32) -> bool {
    position == before + 1 || position == before - size
}

fn obeys_day_parts(rule: &RecurrenceRule, at: NaiveDateTime) -> bool {
    let year_length = if at.date().leap_year() { 366 } else { 365 };
    let said = |empty: bool, holds: bool| empty || holds;
    let month_day = |&n: &i8| is_position(n.into(), at.day0() as i32, month_length(at));
    let year_day = |&n: &i16| is_position(n.into(), at.ordinal0() as i32, year_length);
    let in_month = rule.freq == Frequency::Monthly || !rule.by_month.is_empty();
    let (before, size) = if in_month {
        (at.day0() as i32, month_length(at))
    } else {
        (at.ordinal0() as i32, year_length)
    };
    let weekday = |day: &WeekdayNum| {
        let same = before / 7 + (size - 1 - before) / 7 + 1;
        let nth = |n: i8| is_position(n.into(), before / 7, same);
        day.weekday == at.weekday() && day.nth.is_none_or(nth)
    };
    said(
        rule.by_month.is_empty(),
        rule.by_month.contains(&(at.month() as u8)),
    ) && said(
        rule.by_month_day.is_empty(),
        rule.by_month_day.iter().any(month_day),
    ) && said(
        rule.by_year_day.is_empty(),
        rule.by_year_day.iter().any(year_day),
    ) && said(rule.by_day.is_empty(), rule.by_day.iter().any(weekday))
}

fn obeys_time_parts(rule: &RecurrenceRule, at: NaiveDateTime) -> bool {
    let part = |list: &[u8], value: u32, start: u32, free: Frequency| {
        let unsaid = rule.freq <= free || value == start;
        if list.is_empty() {
            unsaid
        } else {
            list.contains(&(value as u8))
        }
    };
    part(&rule.by_hour, at.hour(), start().hour(), Frequency::Hourly)
        && part(
            &rule.by_minute,
            at.minute(),
            start().minute(),
            Frequency::Minutely,
        )
        && part(
            &rule.by_second,
            at.second(),
            start().second(),
            Frequency::Secondly,
        )
}

/// Returns the number of the period of a time, as INTERVAL counts; week years not included.
fn period(rule: &RecurrenceRule, at: NaiveDateTime) -> i64 {
    let day = i64::from(at.num_days_from_ce());
    let week = (day - 1 - i64::from(rule.wkst.num_days_from_monday())).div_euclid(7);
    let second = day * 86_400 + i64::from(at.num_seconds_from_midnight());
    match rule.freq {
        Frequency::Yearly => at.year().into(),
        Frequency::Monthly => i64::from(at.year()) * 12 + i64::from(at.month0()),
        Frequency::Weekly => week,
        Frequency::Daily => day,
        Frequency::Hourly => second / 3600,
        Frequency::Minutely => second / 60,
        Frequency::Secondly => second,
    }
}

/// Returns the rule with its lists in a fixed order.
fn in_one_order(mut rule: RecurrenceRule) -> RecurrenceRule {
    rule.by_day.sort_by_key(ToString::to_string);
    rule.by_day.dedup();
    rule.by_month_day.sort();
    rule.by_year_day.sort();
    rule.by_week_no.sort();
    rule.by_set_pos.sort();
    rule
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn text_and_rule_are_the_same(rule in rules()) {
        let read: RecurrenceRule = rule.to_string().parse().unwrap();
        prop_assert_eq!(in_one_order(read.clone()), in_one_order(rule));
        let again: RecurrenceRule = read.to_string().parse().unwrap();
        prop_assert_eq!(again, read);
    }

    #[test]
    fn members_obey_every_part(rule in rules()) {
        let Some(members) = expanded(&rule, 0, 60_000) else { return Ok(()) };
        if let Some(count) = rule.count {
            prop_assert!(members.len() <= count as usize);
        }
        for &at in &members {
            prop_assert!(at >= start());
            prop_assert!(rule.until_in(None).is_none_or(|until| at <= until));
            prop_assert!(obeys_time_parts(&rule, at), "{} {}", rule, at);
            if rule.skip == Skip::Omit {
                prop_assert!(obeys_day_parts(&rule, at), "{} {}", rule, at);
                let apart = period(&rule, at) - period(&rule, start());
                let in_phase = apart % i64::from(rule.interval) == 0;
                prop_assert!(in_phase || !rule.by_week_no.is_empty(), "{} {}", rule, at);
            }
        }
        prop_assert!(members.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn a_window_gives_what_the_whole_has_in_it(
        rule in rules(),
        from in -1_000..40_000i64,
        length in 0..20_000i64,
    ) {
        let (Some(whole), Some(part)) = (expanded(&rule, 0, 60_000), expanded(&rule, from, from + length))
        else { return Ok(()) };
        let (first, end) = (start() + TimeDelta::hours(from), start() + TimeDelta::hours(from + length));
        let filtered: Vec<_> = whole.into_iter().filter(|at| (first..end).contains(at)).collect();
        prop_assert_eq!(part, filtered, "{}", rule);
    }

    #[test]
    fn without_count_and_end_nothing_that_obeys_is_left_out(rule in rules()) {
        let rule = RecurrenceRule {
            until: None, count: None, skip: Skip::Omit, interval: 1,
            by_set_pos: Vec::new(), by_week_no: Vec::new(), ..rule
        };
        let no_day_part = rule.by_day.is_empty() && rule.by_month_day.is_empty()
            && rule.by_year_day.is_empty();
        let taken_from_start = no_day_part && rule.freq >= Frequency::Weekly;
        let Some(members) = expanded(&rule, 0, 15_000) else { return Ok(()) };
        let days: std::collections::BTreeSet<_> = members.iter().map(|at| at.date()).collect();
        for day in 1..600 {
            let at = start() + TimeDelta::days(day);
            if !taken_from_start && obeys_day_parts(&rule, at) {
                prop_assert!(days.contains(&at.date()), "{} {}", rule, at);
            }
        }
    }

    #[test]
    fn the_first_member_is_in_step(rule in rules()) {
        let rule = RecurrenceRule {
            interval: 1, by_set_pos: Vec::new(), skip: Skip::Omit, ..rule
        };
        let Some(members) = expanded(&rule, 0, 60_000) else { return Ok(()) };
        if let Some(&first) = members.first() {
            prop_assert!(in_step(&rule, first, None), "{} {}", rule, first);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,60}") {
        let _ = text.parse::<RecurrenceRule>();
        let _ = format!("FREQ=YEARLY;BYDAY={text}").parse::<RecurrenceRule>();
        let _ = format!("FREQ=YEARLY;UNTIL={text}").parse::<RecurrenceRule>();
    }
}
