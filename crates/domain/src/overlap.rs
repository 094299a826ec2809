//! Limit on simultaneous occurrences of one event.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use chrono::{NaiveDateTime, TimeDelta};

use super::recurrence::{ExpansionLimits, expand};
use super::{Override, Schedule, When};

/// Maximum number of simultaneous occurrences of one event: a month of daily ones. More usually
/// mean that the end given is that of the last occurrence instead of the first.
pub const MAX_OVERLAP: usize = 31;

/// Ranges of starts to check, in days from the first start. The widest with at most [`MOST_STARTS`]
/// starts is used.
const REACHES: [i64; 4] = [2, 62, 800, 8_000];
const MOST_STARTS: usize = 2_000;

/// Checks the number of simultaneous occurrences of an event, including overridden ones.
///
/// # Errors
/// Returns a sentence about the event's end if more than [`MAX_OVERLAP`] occurrences overlap.
pub fn check_overlap(schedule: &Schedule) -> Result<(), String> {
    let Some(recurrence) = &schedule.recurrence else {
        return Ok(());
    };
    let length = length(&schedule.when);
    let overridden: BTreeMap<NaiveDateTime, &Override> = recurrence
        .overrides
        .iter()
        .map(|(start, change)| (start.local(), change))
        .collect();
    let usual = starts(schedule, length)
        .into_iter()
        .filter(|start| !overridden.contains_key(start))
        .map(|start| (start, length));
    let changed = overridden.iter().map(|(start, change)| match &change.when {
        Some(when) => (when.start().local(), self::length(when)),
        None => (*start, length),
    });
    let (most, longest) = most_at_once(usual.chain(changed));
    if most <= MAX_OVERLAP {
        return Ok(());
    }
    let days = longest.num_days();
    let lasts = match days {
        0 => format!("{} minutes", longest.num_minutes()),
        1 => "a day".to_owned(),
        _ => format!("{days} days"),
    };
    Err(format!(
        "an occurrence lasts {lasts}, so more than {MAX_OVERLAP} overlap; end is the end of the first \
         occurrence, and UNTIL in the rule the end of the last"
    ))
}

/// Returns the maximum number of simultaneous occurrences and the longest of them all. An
/// occurrence without duration overlaps with nothing.
fn most_at_once(
    occurrences: impl Iterator<Item = (NaiveDateTime, TimeDelta)>,
) -> (usize, TimeDelta) {
    let mut occurrences: Vec<_> = occurrences
        .filter(|(_, length)| *length > TimeDelta::zero())
        .collect();
    occurrences.sort_unstable();
    let mut ends: BinaryHeap<Reverse<NaiveDateTime>> = BinaryHeap::new();
    let (mut most, mut longest) = (0, TimeDelta::zero());
    for (start, length) in occurrences {
        while ends.peek().is_some_and(|Reverse(end)| *end <= start) {
            ends.pop();
        }
        let end = start.checked_add_signed(length);
        ends.push(Reverse(end.unwrap_or(NaiveDateTime::MAX)));
        most = most.max(ends.len());
        longest = longest.max(length);
    }
    (most, longest)
}

fn length(when: &When) -> TimeDelta {
    match when {
        When::AllDay { first, until } => *until - *first,
        When::Timed { start, end, .. } => end.map_or(TimeDelta::zero(), |end| end - *start),
        When::TimeToCome { .. } => TimeDelta::days(1),
    }
}

/// Returns the starts near the first one, in order.
fn starts(schedule: &Schedule, length: TimeDelta) -> Vec<NaiveDateTime> {
    let first = schedule.when.start().local();
    let Some(recurrence) = &schedule.recurrence else {
        return Vec::new();
    };
    let mut starts = vec![first];
    starts.extend(recurrence.rdates.iter().map(|start| start.local()));
    if let Some(rule) = schedule.rule() {
        let within = |reach: TimeDelta, most: usize| {
            let until = first
                .checked_add_signed(reach)
                .unwrap_or(NaiveDateTime::MAX);
            let limits = ExpansionLimits {
                max_occurrences: most,
                ..ExpansionLimits::default()
            };
            expand(&rule, first, None, first..until, &limits)
        };
        let mut found = Vec::new();
        for reach in REACHES {
            match within(TimeDelta::days(reach), MOST_STARTS) {
                Ok(starts) => found = starts,
                Err(_) => break,
            }
        }
        // Even with sparse starts, a long occurrence may overlap many others.
        if length > TimeDelta::zero()
            && let Ok(starts) = within(length, MOST_STARTS)
            && starts.len() > found.len()
        {
            found = starts;
        }
        starts.extend(found);
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Recurrence, Start};

    fn schedule(first: &str, last: &str, rule: &str) -> Schedule {
        Schedule {
            when: When::days(first.parse().unwrap(), last.parse().unwrap()),
            recurrence: Some(Recurrence {
                rule: Some(rule.parse().unwrap()),
                ..Recurrence::default()
            }),
        }
    }

    #[test]
    fn occurrences_that_begin_before_many_others_have_ended_are_too_many() {
        for (first, last, rule) in [
            ("2000-01-01", "2029-12-31", "FREQ=DAILY"),
            ("0001-01-01", "9999-12-31", "FREQ=DAILY"),
            ("2027-01-01", "2027-02-01", "FREQ=DAILY"),
            ("2000-01-01", "2040-12-31", "FREQ=YEARLY"),
            (
                "2027-06-01",
                "2027-08-31",
                "FREQ=YEARLY;BYMONTH=6,7,8;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            ),
        ] {
            let told = check_overlap(&schedule(first, last, rule));
            assert!(told.is_err(), "{first} {last} {rule}");
        }
    }

    #[test]
    fn overridden_occurrences_that_end_far_away_count() {
        let daily = schedule("2027-01-01", "2027-01-01", "FREQ=DAILY;COUNT=60");
        let with_far_ends = |many: u32| {
            let mut schedule = daily.clone();
            let recurrence = schedule.recurrence.as_mut().unwrap();
            for day in 1..=many {
                let first = chrono::NaiveDate::from_yo_opt(2027, day).unwrap();
                let until = "2028-01-01".parse().unwrap();
                let change = Override {
                    when: Some(When::days(first, until)),
                    ..Override::default()
                };
                recurrence.overrides.insert(Start::Date(first), change);
            }
            check_overlap(&schedule)
        };
        assert_eq!(with_far_ends(30), Ok(()));
        assert!(with_far_ends(32).unwrap_err().contains("366 days"));
    }

    #[test]
    fn overrides_of_a_long_event_make_room() {
        // A year each, but every later one is cut to a day.
        let mut schedule = schedule("2027-01-01", "2027-12-31", "FREQ=DAILY;COUNT=40");
        assert!(check_overlap(&schedule).is_err());
        let recurrence = schedule.recurrence.as_mut().unwrap();
        for day in 2..=40 {
            let day = chrono::NaiveDate::from_yo_opt(2027, day).unwrap();
            let change = Override {
                when: Some(When::days(day, day)),
                ..Override::default()
            };
            recurrence.overrides.insert(Start::Date(day), change);
        }
        assert_eq!(check_overlap(&schedule), Ok(()));
    }

    #[test]
    fn a_month_of_daily_occurrences_and_long_ones_that_are_rare_are_not_too_many() {
        for (first, last, rule) in [
            ("2027-01-01", "2027-01-31", "FREQ=DAILY"),
            ("2027-01-01", "2027-12-31", "FREQ=YEARLY"),
            ("2027-01-01", "2027-01-01", "FREQ=DAILY"),
            ("2000-01-01", "2029-12-31", "FREQ=YEARLY;INTERVAL=30"),
            ("2027-01-01", "2027-12-31", "FREQ=DAILY;COUNT=10"),
        ] {
            assert_eq!(
                check_overlap(&schedule(first, last, rule)),
                Ok(()),
                "{first} {rule}"
            );
        }
    }
}
