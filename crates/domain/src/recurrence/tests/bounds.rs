//! Tests that every expansion ends within a short time.

use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Europe::Oslo;

use super::super::{
    ExpansionError, ExpansionLimits, Frequency, RecurrenceRule, RuleFault, check_public, expand,
    in_step, violations,
};
use super::{at, rule};
use crate::zone::to_utc;

/// Sufficient for a loaded machine and an unoptimized build. Visiting every period of these rules
/// would take minutes.
const SOON: Duration = Duration::from_secs(5);

fn within(
    text: &str,
    start: &str,
    from: &str,
    to: &str,
) -> Result<Vec<NaiveDateTime>, ExpansionError> {
    expand(
        &rule(text),
        at(start),
        None,
        at(from)..at(to),
        &ExpansionLimits::default(),
    )
}

#[test]
fn a_rule_that_never_matches_ends() {
    let began = Instant::now();
    for text in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO",
        "FREQ=DAILY;INTERVAL=3;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2",
    ] {
        assert_eq!(
            within(text, "20270101", "20270101", "99991231"),
            Ok(vec![]),
            "{text}"
        );
    }
    assert!(began.elapsed() < SOON);
}

#[test]
fn a_huge_count_does_not_hang() {
    let began = Instant::now();
    let daily = within(
        "FREQ=DAILY;COUNT=1000000000",
        "19700101",
        "20270101",
        "20270201",
    )
    .unwrap();
    assert_eq!(daily.len(), 31);
    let secondly = within(
        "FREQ=SECONDLY;COUNT=4000000000",
        "19700101",
        "20270101",
        "20270102",
    );
    assert_eq!(
        secondly,
        Err(ExpansionError::TooManySteps { limit: 1_000_000 })
    );
    assert!(began.elapsed() < SOON);
}

#[test]
fn too_many_occurrences_are_refused_not_returned() {
    let found = within("FREQ=SECONDLY", "20270101", "20270101", "20270102");
    assert_eq!(
        found,
        Err(ExpansionError::TooManyOccurrences { limit: 50_000 })
    );
    let seconds: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    let list = seconds.join(",");
    let text = format!("FREQ=DAILY;BYHOUR=1,2;BYMINUTE={list};BYSECOND={list}");
    let found = within(&text, "20270101", "20270101", "20270102");
    assert_eq!(
        found,
        Err(ExpansionError::TooLarge {
            product: 7_200,
            limit: 5_000
        })
    );
}

#[test]
fn a_window_far_away_is_reached_by_arithmetic() {
    let limits = ExpansionLimits {
        max_iterations: 30,
        ..ExpansionLimits::default()
    };
    for (text, members) in [
        ("FREQ=SECONDLY;INTERVAL=3600", 24),
        ("FREQ=HOURLY;INTERVAL=6", 4),
        ("FREQ=DAILY", 1),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR,SA,SU", 1),
        ("FREQ=MONTHLY;INTERVAL=12", 1),
        ("FREQ=YEARLY;INTERVAL=7", 1),
    ] {
        let window = at("39000101")..at("39000102");
        let found = expand(&rule(text), at("20100101"), None, window, &limits).unwrap();
        assert_eq!(found.len(), members, "{text}");
    }
}

#[test]
fn an_enormous_interval_gives_dtstart_alone() {
    for text in ["FREQ=YEARLY", "FREQ=WEEKLY", "FREQ=DAILY", "FREQ=MINUTELY"] {
        let text = format!("{text};INTERVAL=99999999999999");
        let found = within(&text, "20270101", "20270101", "99991231").unwrap();
        assert_eq!(found, [at("20270101")], "{text}");
    }
}

#[test]
fn the_edges_of_time_do_not_panic() {
    for freq in Frequency::ALL {
        for start in [NaiveDateTime::MIN, NaiveDateTime::MAX, at("99991231")] {
            let rule = RecurrenceRule {
                count: Some(3),
                ..RecurrenceRule::new(freq)
            };
            let limits = ExpansionLimits::default();
            let all = NaiveDateTime::MIN..NaiveDateTime::MAX;
            let found = expand(&rule, start, Some(NaiveDateTime::MAX), all, &limits);
            assert!(found.map_or(true, |found| found.len() <= 3));
            assert_eq!(
                expand(&rule, start, None, start..start, &limits),
                Ok(vec![])
            );
            assert_eq!(in_step(&rule, start, None), start != NaiveDateTime::MAX);
        }
    }
}

#[test]
fn the_whole_set_is_given_when_it_has_an_end() {
    let limits = ExpansionLimits::default();
    let all = |text: &str, start: &str| {
        expand(
            &rule(text),
            at(start),
            None,
            at(start)..NaiveDateTime::MAX,
            &limits,
        )
    };
    assert_eq!(all("FREQ=YEARLY;COUNT=2", "99980101").unwrap().len(), 2);
    assert_eq!(
        all("FREQ=YEARLY;COUNT=3", "99980101"),
        Err(ExpansionError::BeyondDates)
    );
    assert_eq!(all("FREQ=YEARLY", "20270101"), Err(ExpansionError::Endless));
}

#[test]
fn values_that_only_code_can_set_match_nothing() {
    let mut odd = RecurrenceRule::new(Frequency::Yearly);
    odd.by_month = vec![0, 13];
    odd.by_hour = vec![24];
    odd.interval = 0;
    let window = at("20270101")..at("20370101");
    assert_eq!(
        expand(
            &odd,
            at("20270101"),
            None,
            window,
            &ExpansionLimits::default()
        ),
        Ok(vec![])
    );
    let parts: Vec<String> = violations(&odd).into_iter().map(|e| e.part).collect();
    assert_eq!(parts, ["INTERVAL", "BYHOUR", "BYMONTH"]);
}

#[test]
fn a_public_event_repeats_daily_at_most() {
    let limits = ExpansionLimits::default();
    let fault = |text: &str| check_public(&rule(text), &limits).map_err(|error| error.fault);
    assert_eq!(fault("FREQ=WEEKLY;BYDAY=TH;UNTIL=20271217"), Ok(()));
    assert_eq!(fault("FREQ=HOURLY"), Err(RuleFault::SubDaily));
    assert_eq!(
        fault("FREQ=DAILY;COUNT=6000"),
        Err(RuleFault::Count {
            count: 6_000,
            limit: 5_000
        })
    );
    assert_eq!(
        fault("FREQ=WEEKLY;COUNT=3;UNTIL=20270101"),
        Err(RuleFault::Excludes("UNTIL"))
    );
    assert_eq!(fault("FREQ=WEEKLY;BYDAY=2TH"), Err(RuleFault::NumberedDay));
    assert_eq!(fault("FREQ=DAILY;BYSETPOS=1"), Err(RuleFault::NeedsOther));
    let many = "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,\
                12,13,14,15,16,17,18,19,20;BYDAY=MO,TU,WE,TH,FR,SA;BYHOUR=1,2,3,4";
    assert_eq!(
        fault(many),
        Err(RuleFault::Product {
            product: 5_760,
            limit: 5_000
        })
    );
}

#[test]
fn dtstart_is_in_step_when_its_rule_selects_it() {
    let thursdays = rule("FREQ=WEEKLY;BYDAY=TH;COUNT=2");
    assert!(in_step(&thursdays, at("20270107T180000"), None));
    assert!(!in_step(&thursdays, at("20270108T180000"), None));
    assert!(!in_step(
        &rule("FREQ=DAILY;BYHOUR=9"),
        at("20270107T180000"),
        None
    ));
    assert!(!in_step(
        &rule("FREQ=DAILY;UNTIL=20270101"),
        at("20270107T180000"),
        None
    ));
}

/// In Auckland the UTC time of the last evening is in its morning, in Los Angeles on the following
/// day.
#[test]
fn an_until_in_utc_on_the_last_day_is_read_on_the_clock_of_the_zone() {
    use chrono_tz::{America::Los_Angeles, Pacific::Auckland};
    for (zone, start, until, early) in [
        (
            Auckland,
            "20270108T190000",
            "20270108T060000Z",
            "20270108T055959Z",
        ),
        (
            Los_Angeles,
            "20270107T190000",
            "20270108T030000Z",
            "20270108T025959Z",
        ),
    ] {
        let ends = |until: &str| {
            let rule = rule(&format!("FREQ=DAILY;UNTIL={until}"));
            let until = rule.until_in(Some(zone));
            let window = at("20270101")..at("20270201");
            let all = expand(&rule, at(start), until, window, &ExpansionLimits::default());
            let count = all.expect("a short rule").len();
            (in_step(&rule, at(start), until), count)
        };
        assert_eq!(ends(until), (true, 1), "{zone}");
        assert_eq!(ends(early), (false, 0), "{zone}");
    }
}

#[test]
fn a_start_out_of_step_is_not_counted() {
    let found = within(
        "FREQ=WEEKLY;BYDAY=TH;COUNT=2",
        "20270105",
        "20270101",
        "20280101",
    );
    assert_eq!(found, Ok(vec![at("20270107"), at("20270114")]));
}

#[test]
fn until_is_read_on_the_clock_of_the_start() {
    let utc = rule("FREQ=DAILY;UNTIL=20270701T160000Z");
    assert_eq!(utc.until_in(Some(Oslo)), Some(at("20270701T180000")));
    assert_eq!(utc.until_in(None), Some(at("20270701T160000")));
    let date = rule("FREQ=DAILY;UNTIL=20270701");
    assert_eq!(date.until_in(Some(Oslo)), Some(at("20270701T235959")));
    let members = |rule: &RecurrenceRule| {
        let window = at("20270630")..at("20270801");
        let until = rule.until_in(Some(Oslo));
        expand(
            rule,
            at("20270601T180000"),
            until,
            window,
            &ExpansionLimits::default(),
        )
        .unwrap()
        .len()
    };
    assert_eq!((members(&utc), members(&date)), (2, 2));
}

#[test]
fn the_wall_clock_holds_through_both_changes_of_clocks() {
    let instants = |text: &str, start: &str, most: usize| -> Vec<String> {
        let window = at(start)..at(start) + TimeDelta::days(30);
        let found = expand(
            &rule(text),
            at(start),
            None,
            window,
            &ExpansionLimits::default(),
        )
        .unwrap();
        let utc = found
            .into_iter()
            .take(most)
            .map(|local| to_utc(local, Oslo));
        utc.map(|at| at.format("%m-%dT%H:%MZ").to_string())
            .collect()
    };
    let thursdays = instants("FREQ=WEEKLY", "20270325T180000", 2);
    assert_eq!(thursdays, ["03-25T17:00Z", "04-01T16:00Z"]);
    let spring = instants("FREQ=DAILY", "20270327T023000", 3);
    assert_eq!(spring, ["03-27T01:30Z", "03-28T01:30Z", "03-29T00:30Z"]);
    let autumn = instants("FREQ=DAILY", "20271030T023000", 3);
    assert_eq!(autumn, ["10-30T00:30Z", "10-31T00:30Z", "11-01T01:30Z"]);
}
