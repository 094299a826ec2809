use chrono_tz::Europe::Oslo;

use super::{day, en, nb, nn, time};
use calendar_domain::{EventStatus, Override, Recurrence, Schedule, Start, When};

/// Returns Thursday 1 October 2026 from 18:00 to 20:00, recurring by the rule.
fn thursdays(rule: &str) -> Schedule {
    Schedule {
        when: When::Timed {
            start: time("2026-10-01 18:00"),
            end: Some(time("2026-10-01 20:00")),
            zone: Oslo,
        },
        recurrence: Some(Recurrence {
            rule: Some(rule.parse().expect("a rule in the test")),
            ..Recurrence::default()
        }),
    }
}

fn recurrence(schedule: &mut Schedule) -> &mut Recurrence {
    schedule.recurrence.as_mut().expect("the schedule recurs")
}

#[test]
fn the_rules_that_people_make_are_said_in_full() {
    for (rule, norwegian, english) in [
        ("FREQ=WEEKLY", "hver torsdag", "every Thursday"),
        (
            "FREQ=WEEKLY;BYDAY=TH,MO",
            "hver mandag og torsdag",
            "every Monday and Thursday",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2",
            "annenhver torsdag",
            "every other Thursday",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=3",
            "hver 3. uke på torsdag",
            "every 3 weeks on Thursday",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "mandag til fredag",
            "Monday to Friday",
        ),
        (
            "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
            "mandag til fredag",
            "Monday to Friday",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            "hver dag",
            "every day",
        ),
        ("FREQ=DAILY", "hver dag", "every day"),
        ("FREQ=DAILY;INTERVAL=2", "annenhver dag", "every other day"),
        ("FREQ=DAILY;INTERVAL=10", "hver 10. dag", "every 10 days"),
        (
            "FREQ=MONTHLY",
            "den 1. i hver måned",
            "day 1 of every month",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15",
            "den 15. i hver måned",
            "day 15 of every month",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "den siste dagen i hver måned",
            "the last day of every month",
        ),
        (
            "FREQ=MONTHLY;BYDAY=2TH",
            "den andre torsdagen i hver måned",
            "the second Thursday of every month",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TH,3TH;INTERVAL=2",
            "den første og tredje torsdagen annenhver måned",
            "the first and third Thursday of every other month",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1SU",
            "den siste søndagen i hver måned",
            "the last Sunday of every month",
        ),
        (
            "FREQ=YEARLY",
            "hvert år 1. oktober",
            "every year on 1 October",
        ),
        (
            "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17",
            "hvert år 17. mai",
            "every year on 17 May",
        ),
        (
            "FREQ=YEARLY;BYMONTH=8;BYDAY=1FR",
            "den første fredagen i august hvert år",
            "the first Friday of August every year",
        ),
    ] {
        let schedule = thursdays(rule);
        let hours = " kl.\u{a0}18.00–20.00";
        assert_eq!(
            nb().repetition(&schedule),
            format!("{norwegian}{hours}"),
            "{rule}"
        );
        assert_eq!(
            en().repetition(&schedule),
            format!("{english}, 6pm to 8pm"),
            "{rule}"
        );
    }
}

#[test]
fn an_end_and_exceptions_are_said_after_the_rule() {
    let mut schedule = thursdays("FREQ=WEEKLY;BYDAY=TH;UNTIL=20261217T170000Z");
    if let When::Timed { end, .. } = &mut schedule.when {
        *end = None;
    }
    recurrence(&mut schedule)
        .exdates
        .insert(Start::Local(time("2026-10-29 18:00")));
    assert_eq!(
        nb().repetition(&schedule),
        "hver torsdag kl.\u{a0}18.00 til 17. desember, ikke 29. oktober"
    );
    assert_eq!(
        en().repetition(&schedule),
        "every Thursday, 6pm, until 17 December, except 29 October"
    );
}

#[test]
fn an_end_before_the_hour_names_the_day_before() {
    let schedule = thursdays("FREQ=WEEKLY;UNTIL=20261217T000000Z");
    assert_eq!(
        nb().repetition(&schedule),
        "hver torsdag kl.\u{a0}18.00–20.00 til 16. desember"
    );
}

#[test]
fn a_cancelled_occurrence_is_an_exception_and_an_extra_one_an_addition() {
    let mut schedule = thursdays("FREQ=WEEKLY;COUNT=10");
    let cancelled = Override {
        status: Some(EventStatus::Cancelled),
        ..Override::default()
    };
    let all = recurrence(&mut schedule);
    all.overrides
        .insert(Start::Local(time("2026-10-08 18:00")), cancelled);
    all.exdates.insert(Start::Local(time("2026-10-15 18:00")));
    all.rdates.insert(Start::Local(time("2027-01-02 18:00")));
    assert_eq!(
        nb().repetition(&schedule),
        "hver torsdag kl.\u{a0}18.00–20.00, 10 ganger, ikke 8. oktober og 15. oktober, \
         og dessuten 2. januar 2027"
    );
}

#[test]
fn many_exceptions_are_not_listed() {
    let mut schedule = thursdays("FREQ=DAILY");
    let all = recurrence(&mut schedule);
    all.exdates = (2..9)
        .map(|date| Start::Local(time(&format!("2026-10-0{date} 18:00"))))
        .collect();
    assert_eq!(
        nb().repetition(&schedule),
        "hver dag kl.\u{a0}18.00–20.00, med noen unntak"
    );
}

#[test]
fn a_rule_beyond_a_plain_sentence_is_only_said_to_repeat() {
    for rule in [
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=1TH,2FR",
        "FREQ=MONTHLY;BYDAY=-2TH",
        "FREQ=WEEKLY;BYMONTH=6,7",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3,4,5,6,7,8,9;BYDAY=TH",
        "FREQ=DAILY;BYHOUR=9,18",
        "FREQ=HOURLY",
    ] {
        assert_eq!(nb().repetition(&thursdays(rule)), "flere ganger", "{rule}");
    }
    let listed = Schedule {
        when: When::day(day("2026-10-01")),
        recurrence: Some(Recurrence {
            rdates: [Start::Date(day("2026-10-05"))].into(),
            ..Recurrence::default()
        }),
    };
    assert_eq!(en().repetition(&listed), "on several dates");
    assert_eq!(
        en().repetition(&Schedule::once(When::day(day("2026-10-01")))),
        ""
    );
}

#[test]
fn the_form_understands_the_repetitions_that_the_pages_say() {
    use calendar_domain::event_form::repetition_text::parse;
    use calendar_domain::recurrence::RecurrenceRule;

    let first = day("2026-10-01");
    for rule in [
        "FREQ=WEEKLY;UNTIL=20261217;BYDAY=TH",
        "FREQ=WEEKLY;COUNT=8;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=1;BYDAY=TH",
        "FREQ=WEEKLY;INTERVAL=3;UNTIL=20270617;BYDAY=TH,SA",
        "FREQ=WEEKLY;UNTIL=20261217;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=DAILY;COUNT=5",
        "FREQ=DAILY;INTERVAL=2;COUNT=5",
        "FREQ=DAILY;INTERVAL=4;COUNT=5",
        "FREQ=MONTHLY;COUNT=5;BYDAY=1TH",
        "FREQ=MONTHLY;COUNT=5;BYDAY=1TH,3TH,-1TH",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=5;BYDAY=-1TH",
        "FREQ=MONTHLY;INTERVAL=3;COUNT=5;BYDAY=2TH",
        "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=1",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=5;BYMONTHDAY=15",
        "FREQ=MONTHLY;INTERVAL=5;COUNT=5;BYMONTHDAY=15",
        "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=-1",
        "FREQ=MONTHLY;INTERVAL=6;COUNT=5;BYMONTHDAY=-1",
    ] {
        let rule: RecurrenceRule = rule.parse().expect("a rule in the test");
        let schedule = Schedule {
            when: When::day(first),
            recurrence: Some(Recurrence {
                rule: Some(rule.clone()),
                ..Recurrence::default()
            }),
        };
        for words in [nb(), nn(), en()] {
            let said = words.repetition(&schedule);
            let read = parse(&said, first).map(|parse| parse.rule);
            assert_eq!(read, Ok(rule.clone()), "{said}");
        }
    }
}
