//! Tests that the dates implied by the words of a rule are those of its expansion.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate, NaiveTime};

use super::sentences::{BOKMAL, ENGLISH, NYNORSK, expects};
use super::{day, en, nb, nn};
use calendar_domain::recurrence::{ExpansionLimits, RecurrenceRule, expand};
use calendar_domain::{Recurrence, Schedule, Start, When};

/// Returns varied rules, each with a start that is one of its dates.
fn rules() -> Vec<(String, NaiveDate)> {
    let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let mut rules: Vec<String> = Vec::new();
    let mut add = |rule: String| rules.push(rule);
    for interval in [1, 2, 3, 5, 10] {
        add(format!("FREQ=DAILY;INTERVAL={interval}"));
        add(format!("FREQ=WEEKLY;INTERVAL={interval}"));
        add(format!("FREQ=WEEKLY;INTERVAL={interval};BYDAY=MO,TH"));
        add(format!("FREQ=MONTHLY;INTERVAL={interval}"));
        add(format!("FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY=-1"));
        add(format!("FREQ=MONTHLY;INTERVAL={interval};BYDAY=2TU"));
        add(format!("FREQ=YEARLY;INTERVAL={interval}"));
    }
    for day in weekdays {
        add(format!("FREQ=WEEKLY;BYDAY={day};WKST=SU"));
        add(format!("FREQ=MONTHLY;BYDAY=1{day},3{day}"));
        add(format!("FREQ=MONTHLY;BYDAY=-1{day}"));
        add(format!("FREQ=YEARLY;BYMONTH=8;BYDAY=4{day}"));
    }
    for day in [1, 13, 15, 28, 29, 30, 31] {
        add(format!("FREQ=MONTHLY;BYMONTHDAY={day}"));
        add(format!("FREQ=YEARLY;BYMONTHDAY={day}"));
        add(format!("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY={day}"));
        add(format!(
            "FREQ=MONTHLY;BYMONTHDAY={day};RSCALE=GREGORIAN;SKIP=BACKWARD"
        ));
        add(format!(
            "FREQ=MONTHLY;BYMONTHDAY={day};RSCALE=GREGORIAN;SKIP=FORWARD"
        ));
        add(format!("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY={day}"));
    }
    for rule in [
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=YEARLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYDAY=5FR",
        "FREQ=MONTHLY;BYDAY=2TU,-1TU",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=-1SU",
        "FREQ=YEARLY;BYMONTH=8;BYDAY=5SA",
        "FREQ=YEARLY;BYMONTH=8;BYDAY=SA",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTH=11",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYMONTH=6;BYMONTHDAY=24",
        "FREQ=DAILY;BYMONTH=7",
        "FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ] {
        add(rule.to_owned());
    }
    let from = day("2027-01-20");
    let first = |text: &str| {
        let rule: RecurrenceRule = text.parse().unwrap();
        let found = dates(&rule, from, from + Months::new(600));
        *found
            .first()
            .unwrap_or_else(|| panic!("{text} has no date"))
    };
    let starts: Vec<NaiveDate> = rules.iter().map(|rule| first(rule)).collect();
    rules.into_iter().zip(starts).collect()
}

/// Returns the days of a rule from its expansion.
fn dates(rule: &RecurrenceRule, first: NaiveDate, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    let window = midnight(first)..midnight(until);
    let found = expand(
        rule,
        midnight(first),
        None,
        window,
        &ExpansionLimits::default(),
    );
    found.unwrap().into_iter().map(|at| at.date()).collect()
}

#[test]
fn the_words_of_a_hundred_rules_name_the_dates_of_the_rule_and_no_others() {
    let rules = rules();
    let (mut told_in_full, mut wrong) = (0, Vec::new());
    for (text, first) in &rules {
        let rule: RecurrenceRule = text.parse().unwrap();
        let until = *first + Months::new(12 * 9);
        let given = dates(&rule, *first, until);
        let schedule = Schedule {
            when: When::day(*first),
            recurrence: Some(Recurrence {
                rule: Some(rule),
                ..Recurrence::default()
            }),
        };
        let mut in_full = 0;
        for (words, grammar, general) in [
            (nb(), BOKMAL, "flere ganger"),
            (nn(), NYNORSK, "fleire gonger"),
            (en(), ENGLISH, "on several dates"),
        ] {
            let said = words.repetition(&schedule);
            if said == general {
                continue;
            }
            in_full += 1;
            let Some(told) = grammar.read(&said) else {
                wrong.push(format!("{text}: «{said}» is not understood"));
                continue;
            };
            let days = first.iter_days().take_while(|date| *date < until);
            let expected: BTreeSet<NaiveDate> =
                days.filter(|date| expects(&told, *first, *date)).collect();
            if expected != given {
                let odd = expected.symmetric_difference(&given).next().unwrap();
                wrong.push(format!("{text} from {first}: «{said}», but {odd}"));
            }
        }
        assert!(
            [0, 3].contains(&in_full),
            "{text} is told in {in_full} languages of three"
        );
        told_in_full += usize::from(in_full == 3);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rules.len() >= 100, "{}", rules.len());
    // Empty texts must not make the test pass.
    assert!(told_in_full >= 80, "{told_in_full} of {}", rules.len());
}

#[test]
fn a_day_of_the_month_without_a_month_is_one_of_every_month() {
    let starts = dates(
        &"FREQ=YEARLY;BYMONTHDAY=15".parse().unwrap(),
        day("2027-01-15"),
        day("2028-01-01"),
    );
    assert_eq!(starts.len(), 12);
    let schedule = Schedule {
        when: When::day(day("2027-01-15")),
        recurrence: Some(Recurrence {
            rule: Some("FREQ=YEARLY;BYMONTHDAY=15".parse().unwrap()),
            ..Recurrence::default()
        }),
    };
    assert_eq!(nb().repetition(&schedule), "den 15. i hver måned");
    assert_eq!(en().repetition(&schedule), "day 15 of every month");
}

#[test]
fn an_extra_date_that_is_left_out_is_not_told() {
    let extra = Start::Date(day("2027-02-02"));
    let schedule = Schedule {
        when: When::day(day("2027-01-15")),
        recurrence: Some(Recurrence {
            rule: Some("FREQ=WEEKLY".parse().unwrap()),
            rdates: [extra].into(),
            exdates: [extra].into(),
            ..Recurrence::default()
        }),
    };
    assert_eq!(nb().repetition(&schedule), "hver fredag, ikke 2. februar");
}

#[test]
fn hours_in_the_rule_of_whole_days_are_not_minded() {
    let schedule = Schedule {
        when: When::day(day("2026-12-04")),
        recurrence: Some(Recurrence {
            rule: Some("FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18;COUNT=4".parse().unwrap()),
            ..Recurrence::default()
        }),
    };
    assert_eq!(nb().repetition(&schedule), "hver fredag, 4 ganger");
}
