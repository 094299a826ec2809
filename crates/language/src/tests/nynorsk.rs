//! Dates and recurrence in nynorsk.

use chrono_tz::Europe::Oslo;

use super::{Year, day, nn, time};
use calendar_domain::{Recurrence, Schedule, When};

fn timed(start: &str, end: &str) -> When {
    When::Timed {
        start: time(start),
        end: Some(time(end)),
        zone: Oslo,
    }
}

#[test]
fn a_time_reads_as_an_editor_of_nynorsk_would_write_it() {
    for (when, said) in [
        (When::day(day("2027-03-06")), "laurdag 6. mars 2027"),
        (
            When::days(day("2027-12-31"), day("2028-01-01")),
            "31. desember 2027–1. januar 2028",
        ),
        (
            timed("2027-03-06 10:00", "2027-03-06 18:00"),
            "laurdag 6. mars 2027 kl.\u{a0}10.00–18.00",
        ),
        (
            timed("2027-03-05 18:00", "2027-03-07 16:00"),
            "fredag 5. mars kl.\u{a0}18.00 til søndag 7. mars 2027 kl.\u{a0}16.00",
        ),
        (
            When::TimeToCome {
                date: day("2027-03-06"),
            },
            "laurdag 6. mars 2027, klokkeslett kjem",
        ),
    ] {
        assert_eq!(nn().when(&when, Year::Said), said);
    }
    assert_eq!(nn().week(day("2027-08-06")), "veke 31");
    assert_eq!(nn().number(31_919), "31\u{a0}919");
    assert_eq!(nn().price("250.50", "NOK"), "250,50 kr");
}

#[test]
fn every_weekday_has_its_name() {
    let week = || day("2027-03-01").iter_days().take(7);
    let names: Vec<String> = week().map(|date| nn().weekday(date)).collect();
    assert_eq!(
        names.join(" "),
        "måndag tysdag onsdag torsdag fredag laurdag søndag"
    );
    let short: Vec<String> = week().map(|date| nn().weekday_short(date)).collect();
    assert_eq!(short.join(" "), "mån tys ons tor fre lau søn");
}

#[test]
fn the_rules_that_people_make_are_said_in_full() {
    for (rule, said) in [
        ("FREQ=WEEKLY", "kvar torsdag"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "kvar måndag og torsdag"),
        ("FREQ=WEEKLY;INTERVAL=2", "annankvar torsdag"),
        ("FREQ=WEEKLY;INTERVAL=3", "kvar 3. veke på torsdag"),
        ("FREQ=WEEKLY;COUNT=8", "kvar torsdag, 8 gonger"),
        ("FREQ=WEEKLY;COUNT=1", "kvar torsdag, éin gong"),
        ("FREQ=DAILY;INTERVAL=2", "annankvar dag"),
        (
            "FREQ=MONTHLY;BYDAY=1SA,3SA",
            "den første og tredje laurdagen i kvar månad",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=2",
            "den siste dagen annankvar månad",
        ),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17", "kvart år 17. mai"),
        ("FREQ=MONTHLY;BYDAY=-2TH", "fleire gonger"),
    ] {
        let schedule = Schedule {
            when: When::day(day("2026-10-01")),
            recurrence: Some(Recurrence {
                rule: Some(rule.parse().expect("a rule in the test")),
                ..Recurrence::default()
            }),
        };
        assert_eq!(nn().repetition(&schedule), said, "{rule}");
    }
}
