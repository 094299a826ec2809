//! Tests of parsing and writing rules.

use chrono::Weekday;

use super::super::{Frequency, RecurrenceRule, RuleFault, Skip, WeekdayNum};
use super::rule;

fn error(text: &str) -> (String, RuleFault) {
    let error = text.parse::<RecurrenceRule>().expect_err(text);
    (error.part, error.fault)
}

#[test]
fn case_and_blanks_and_order_do_not_matter() {
    let tidy = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH");
    assert_eq!(
        rule(" interval = 2 ; byday = th , mo,; freq=Weekly; "),
        tidy
    );
    assert_eq!(
        rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO,TH;X-FROM=ELSEWHERE"),
        tidy
    );
    assert_eq!(tidy.freq, Frequency::Weekly);
    let days = [
        WeekdayNum::every(Weekday::Mon),
        WeekdayNum::every(Weekday::Thu),
    ];
    assert_eq!(tidy.by_day, days);
}

#[test]
fn one_rule_has_one_text() {
    let text =
        "BYSETPOS=-1,1;WKST=SU;BYDAY=-1FR,MO,+2TU;BYMONTHDAY=-1,1,31;FREQ=MONTHLY;INTERVAL=1";
    let canonical = "FREQ=MONTHLY;BYMONTHDAY=1,31,-1;BYDAY=MO,2TU,-1FR;BYSETPOS=1,-1;WKST=SU";
    assert_eq!(rule(text).to_string(), canonical);
    let skip = rule("RSCALE=gregorian;FREQ=YEARLY;SKIP=forward;UNTIL=20270101T000000z");
    assert_eq!(skip.skip, Skip::Forward);
    let canonical = "FREQ=YEARLY;UNTIL=20270101T000000Z;RSCALE=GREGORIAN;SKIP=FORWARD";
    assert_eq!(skip.to_string(), canonical);
}

#[test]
fn a_rule_is_its_text_in_json() {
    let weekly = rule("FREQ=WEEKLY;COUNT=5");
    assert_eq!(
        serde_json::to_string(&weekly).unwrap(),
        "\"FREQ=WEEKLY;COUNT=5\""
    );
    let back: RecurrenceRule = serde_json::from_str("\"freq=weekly;count=5\"").unwrap();
    assert_eq!(back, weekly);
    let wrong = serde_json::from_str::<RecurrenceRule>("\"FREQ=NOW\"")
        .unwrap_err()
        .to_string();
    assert!(wrong.contains("FREQ: “NOW” is not understood"), "{wrong}");
}

#[test]
fn an_error_says_which_part_and_what_is_allowed() {
    let error = "FREQ=MONTHLY;BYMONTHDAY=1,32"
        .parse::<RecurrenceRule>()
        .unwrap_err();
    let words = "BYMONTHDAY: 32 is out of range; allowed: 1 to 31 or -31 to -1";
    assert_eq!(error.to_string(), words);
}

#[test]
fn what_cannot_be_read_is_refused() {
    let not_understood = |value: &str| RuleFault::NotUnderstood(value.into());
    for (text, part, fault) in [
        ("", "FREQ", RuleFault::Missing),
        ("COUNT=3", "FREQ", RuleFault::Missing),
        ("FREQ=FORTNIGHTLY", "FREQ", not_understood("FORTNIGHTLY")),
        ("FREQ=DAILY;COUNT", "RRULE", not_understood("COUNT")),
        ("RRULE:FREQ=DAILY", "RRULE:FREQ", RuleFault::Unknown),
        ("FREQ=DAILY;COUNT=", "COUNT", RuleFault::Empty),
        ("FREQ=DAILY;BYDAY=,", "BYDAY", RuleFault::Empty),
        (
            "FREQ=DAILY;COUNT=0",
            "COUNT",
            RuleFault::OutOfRange("0".into()),
        ),
        (
            "FREQ=DAILY;INTERVAL=0",
            "INTERVAL",
            RuleFault::OutOfRange("0".into()),
        ),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL", not_understood("-1")),
        ("FREQ=DAILY;COUNT=3;COUNT=4", "COUNT", RuleFault::Repeated),
        ("FREQ=DAILY;BYEASTER=0", "BYEASTER", RuleFault::Unknown),
        ("FREQ=DAILY;BYDAY=MO=", "BYDAY", not_understood("MO=")),
        (
            "FREQ=YEARLY;BYDAY=54MO",
            "BYDAY",
            RuleFault::OutOfRange("54MO".into()),
        ),
        ("FREQ=YEARLY;BYMONTH=5L", "BYMONTH", not_understood("5L")),
        (
            "FREQ=YEARLY;BYMONTH=256",
            "BYMONTH",
            RuleFault::OutOfRange("256".into()),
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=0",
            "BYWEEKNO",
            RuleFault::OutOfRange("0".into()),
        ),
        (
            "FREQ=YEARLY;UNTIL=20270230",
            "UNTIL",
            not_understood("20270230"),
        ),
        (
            "FREQ=YEARLY;UNTIL=20270228Z",
            "UNTIL",
            not_understood("20270228Z"),
        ),
        ("FREQ=YEARLY;UNTIL=æøå", "UNTIL", not_understood("æøå")),
        (
            "RSCALE=HEBREW;FREQ=YEARLY",
            "RSCALE",
            not_understood("HEBREW"),
        ),
        ("FREQ=DAILY;SKIP=NEVER", "SKIP", not_understood("NEVER")),
    ] {
        assert_eq!(error(text), (part.to_owned(), fault), "{text}");
    }
}

#[test]
fn hostile_text_makes_a_short_message() {
    let long = format!("FREQ={}", "\u{7}A".repeat(4_000));
    let (_, fault) = error(&long);
    assert_eq!(
        fault,
        RuleFault::NotUnderstood(format!("{}…", "A".repeat(40)))
    );
    assert_eq!(error(&";".repeat(9_000)).1, RuleFault::TooLong(9_000));
}
