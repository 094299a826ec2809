use proptest::prelude::*;

use super::*;
use crate::write::{Cancelled, Zones};
use calendar_domain::recurrence::{ExpansionLimits, in_step};
use calendar_domain::{Override, Window};

fn thursdays() -> Event {
    repeated(
        "FREQ=WEEKLY;BYDAY=TH;COUNT=10",
        timed("2027-02-25T18:00", "2027-02-25T20:00"),
    )
}

#[test]
fn rule_15_rule_exceptions_and_changes_are_written_in_local_time() {
    let mut event = thursdays();
    let set = recurrence(&mut event);
    set.exdates = [at("2027-03-04T18:00")].into();
    set.rdates = [at("2027-05-05T17:00")].into();
    let other = Override {
        when: Some(timed("2027-03-26T19:00", "2027-03-26T21:00")),
        title: Text::nb("Langfredagskonsert"),
        ..Override::default()
    };
    set.overrides = [(at("2027-03-25T18:00"), other)].into();
    let lines = lines(&event);
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270225T180000");
    has(&lines, "RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=TH");
    has(&lines, "EXDATE;TZID=Europe/Oslo:20270304T180000");
    has(&lines, "RDATE;TZID=Europe/Oslo:20270505T170000");
    has(&lines, "RECURRENCE-ID;TZID=Europe/Oslo:20270325T180000");
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270326T190000");
    has(&lines, "SUMMARY;LANGUAGE=nb:Langfredagskonsert");
    assert_eq!(values(&lines, "UID"), ["sommerkonsert@kalender.example"; 2]);
    let told = &values(&lines, "DESCRIPTION")[1];
    assert!(
        told.starts_with("Flyttet. Tidligere tidspunkt: torsdag 25. mars 2027"),
        "{told}"
    );
}

#[test]
fn rule_15_a_cancelled_occurrence_is_marked_or_taken_out_as_the_reader_chose() {
    let mut event = thursdays();
    let off = Override {
        status: Some(EventStatus::Cancelled),
        ..Override::default()
    };
    recurrence(&mut event).overrides = [(at("2027-03-04T18:00"), off)].into();
    let marked = lines(&event);
    has(&marked, "RECURRENCE-ID;TZID=Europe/Oslo:20270304T180000");
    has(&marked, "SUMMARY;LANGUAGE=nb:AVLYST: Sommerkonsert");
    assert_eq!(values(&marked, "STATUS"), ["CONFIRMED", "CANCELLED"]);
    let choices = WriteOptions {
        cancelled: Cancelled::Omit,
        ..norwegian()
    };
    let omitted = unfolded(&folded(&event, choices));
    has(&omitted, "EXDATE;TZID=Europe/Oslo:20270304T180000");
    assert_eq!(values(&omitted, "UID").len(), 1);
}

#[test]
fn rule_15_an_end_of_a_rule_is_in_utc_on_both_sides_of_summer_time() {
    for (until, written) in [
        ("20270304", "20270304T225959Z"),
        ("20270624", "20270624T215959Z"),
        ("20270624T180000", "20270624T160000Z"),
        ("20270624T160000Z", "20270624T160000Z"),
    ] {
        let rule = format!("FREQ=WEEKLY;UNTIL={until}");
        let event = repeated(&rule, timed("2027-02-25T18:00", "2027-02-25T20:00"));
        has(
            &lines(&event),
            &format!("RRULE:FREQ=WEEKLY;UNTIL={written}"),
        );
    }
}

#[test]
fn rule_15_whole_days_have_a_rule_of_days() {
    let event = repeated(
        "FREQ=DAILY;UNTIL=20270810T215959Z;BYHOUR=9",
        When::day(date("2027-08-06")),
    );
    has(&lines(&event), "RRULE:FREQ=DAILY;UNTIL=20270810");
    let mut event = event;
    recurrence(&mut event).exdates = [Start::Date(date("2027-08-07"))].into();
    has(&lines(&event), "EXDATE;VALUE=DATE:20270807");
}

#[test]
fn rule_15_a_time_that_the_clocks_skip_is_the_one_after_the_gap() {
    let mut event = concert();
    event.schedule.when = timed("2027-03-28T02:30", "2027-03-28T04:00");
    let lines = lines(&event);
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270328T033000");
    has(&lines, "DTEND;TZID=Europe/Oslo:20270328T040000");
}

#[test]
fn rule_15_a_time_that_comes_twice_is_told_in_utc() {
    let mut event = concert();
    event.schedule.when = timed("2027-10-31T01:30", "2027-10-31T02:30");
    let lines = lines(&event);
    has(&lines, "DTSTART:20271030T233000Z");
    has(&lines, "DTEND:20271031T003000Z");
}

/// Found by fuzzing: written as 02:00 first, and as 03:00 after being read back as a single event.
#[test]
fn rule_15_a_set_that_comes_down_to_one_start_is_told_like_a_single_event() {
    let mut event = repeated("FREQ=DAILY", timed("2027-03-28T02:30", "2027-03-28T05:00"));
    let set = recurrence(&mut event);
    set.rule = None;
    set.exdates = [at("2027-04-04T02:30")].into();
    let lines = lines(&event);
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270328T033000");
    assert!(values(&lines, "RRULE").is_empty(), "{lines:#?}");
}

#[test]
fn rule_15_a_start_out_of_step_is_moved_to_the_first_real_one() {
    // 23 February 2027 is a Tuesday; the set is ten Thursdays.
    let event = repeated(
        "FREQ=WEEKLY;BYDAY=TH;COUNT=10",
        timed("2027-02-23T18:00", "2027-02-23T20:00"),
    );
    assert_eq!(
        folded(&event, norwegian()),
        folded(&thursdays(), norwegian())
    );
}

#[test]
fn rule_15_a_day_of_the_month_that_was_moved_is_still_meant() {
    let event = repeated(
        "FREQ=MONTHLY;BYMONTH=2,3;RSCALE=GREGORIAN;SKIP=BACKWARD",
        When::day(date("2027-01-31")),
    );
    let lines = lines(&event);
    has(&lines, "DTSTART;VALUE=DATE:20270228");
    assert!(
        value(&lines, "RRULE").contains("BYMONTHDAY=31"),
        "{lines:#?}"
    );
}

#[test]
fn rule_15_a_leap_day_that_was_moved_keeps_its_month() {
    let event = repeated(
        "FREQ=YEARLY;RSCALE=GREGORIAN;SKIP=FORWARD",
        When::day(date("2028-02-29")),
    );
    let lines = lines(&event);
    let rule = value(&lines, "RRULE");
    assert!(
        rule.contains("BYMONTHDAY=29") && rule.contains("BYMONTH=2"),
        "{rule}"
    );
}

#[test]
fn rule_15_a_rule_does_not_begin_with_a_day_moved_out_of_the_month_before() {
    let event = repeated(
        "FREQ=MONTHLY;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD",
        When::day(date("2026-09-06")),
    );
    has(&lines(&event), "DTSTART;VALUE=DATE:20261031");
}

#[test]
fn rule_15_listed_starts_begin_with_the_earliest() {
    let mut event = concert();
    recurrence(&mut event).rdates = [at("2027-05-01T18:00"), at("2027-07-01T18:00")].into();
    let lines = lines(&event);
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270501T180000");
    has(&lines, "RRULE:FREQ=DAILY;COUNT=1");
    assert_eq!(
        values(&lines, "RDATE"),
        ["20270605T180000", "20270701T180000"]
    );
}

#[test]
fn rule_15_a_change_of_no_occurrence_is_an_occurrence_of_its_own() {
    let mut event = thursdays();
    let extra = Override {
        title: Text::nb("Ekstra"),
        ..Override::default()
    };
    recurrence(&mut event).overrides = [(at("2027-03-06T12:00"), extra)].into();
    let lines = lines(&event);
    has(&lines, "RDATE;TZID=Europe/Oslo:20270306T120000");
    has(&lines, "RECURRENCE-ID;TZID=Europe/Oslo:20270306T120000");
}

#[test]
fn exceptions_of_the_wrong_kind_name_nothing_and_are_not_written() {
    let mut event = thursdays();
    let set = recurrence(&mut event);
    set.exdates = [Start::Date(date("2027-03-04")), at("2027-03-04T12:00")].into();
    set.rdates = [Start::Date(date("2027-03-05"))].into();
    let lines = lines(&event);
    assert_eq!(values(&lines, "EXDATE"), Vec::<String>::new());
    assert_eq!(values(&lines, "RDATE"), Vec::<String>::new());
}

#[test]
fn a_long_running_rule_keeps_the_zone_from_its_first_day() {
    let page = page();
    let event = repeated("FREQ=WEEKLY", timed("2019-01-03T18:00", "2019-01-03T20:00"));
    let piece = event_piece(&EventView::new(&event, &page, OSLO), norwegian());
    let mut expected = Zones::default();
    expected.note(OSLO, 2019..=2019);
    assert_eq!(piece.zones, expected);
}

/// Reads the set of an event from its serialized form, with the domain's own engine.
fn read_set(lines: &[String], zone: Tz) -> Schedule {
    let master: Vec<String> = lines
        .iter()
        .take_while(|line| *line != "END:VEVENT")
        .cloned()
        .collect();
    let time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap();
    let starts = |key| {
        values(&master, key)
            .iter()
            .map(|at| Start::Local(time(at)))
            .collect()
    };
    Schedule {
        when: When::Timed {
            start: time(&value(&master, "DTSTART")),
            end: None,
            zone,
        },
        recurrence: Some(Recurrence {
            rule: values(&master, "RRULE")
                .first()
                .map(|rule| rule.parse().unwrap()),
            rdates: starts("RDATE"),
            exdates: starts("EXDATE"),
            overrides: Default::default(),
        }),
    }
}

fn starts(schedule: &Schedule) -> Vec<NaiveDateTime> {
    let window = Window {
        from: date("2026-01-01"),
        until: date("2031-01-01"),
        zone: OSLO,
    };
    let found = schedule
        .occurrences(window, &ExpansionLimits::default())
        .unwrap();
    found.iter().map(|one| one.when.start().local()).collect()
}

fn rules() -> impl Strategy<Value = String> {
    let freq = prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    let part = prop::sample::select(vec![
        "",
        ";BYDAY=TH",
        ";BYDAY=MO,SA",
        ";BYMONTHDAY=13",
        ";BYMONTHDAY=-1",
        ";BYMONTH=6",
        ";BYMONTH=6;BYDAY=SU",
        ";BYMONTH=3,10;BYDAY=MO,TU,WE;BYSETPOS=1",
        ";BYDAY=SU;BYHOUR=9,20",
    ]);
    let end = prop::sample::select(vec![
        "",
        ";COUNT=1",
        ";COUNT=7",
        ";UNTIL=20271231",
        ";UNTIL=20280329T010000Z",
    ]);
    (freq, 1..4u8, part, end)
        .prop_map(|(freq, n, part, end)| format!("FREQ={freq};INTERVAL={n}{part}{end}"))
}

proptest! {
    #[test]
    fn rule_15_what_is_written_gives_the_same_starts_and_is_in_step(
        rule in rules(),
        day in 0..800i64,
        hour in 0..24u32,
        extra in prop::collection::btree_set(0..800i64, 0..3),
        out in prop::collection::vec(0..40usize, 0..4),
        zone in prop::sample::select(vec![
            OSLO, Tz::America__New_York, Tz::Australia__Lord_Howe, Tz::Asia__Kathmandu,
        ]),
    ) {
        let on = |day| (date("2026-06-01") + chrono::TimeDelta::days(day)).and_hms_opt(hour, 30, 0).unwrap();
        let when = When::Timed { start: on(day), end: None, zone };
        let mut event = repeated(&rule, when);
        let all = starts(&event.schedule);
        let set = recurrence(&mut event);
        set.rdates = extra.iter().map(|day| Start::Local(on(*day))).collect();
        set.exdates = out.iter().filter_map(|at| all.get(*at)).map(|at| Start::Local(*at)).collect();
        let lines = lines(&event);
        let expected = starts(&event.schedule);
        if lines.is_empty() {
            prop_assert_eq!(expected, Vec::<NaiveDateTime>::new());
            return Ok(());
        }
        let read = read_set(&lines, zone);
        prop_assert_eq!(starts(&read), expected, "{:#?}", lines);
        let set = read.recurrence.clone().unwrap();
        if let Some(rule) = set.rule {
            let first = read.when.start().local();
            prop_assert!(in_step(&rule, first, rule.until_in(Some(zone))), "{:#?}", lines);
        }
    }
}

#[test]
fn a_rule_of_whole_days_tells_no_hours_and_counts_days() {
    let event = repeated(
        "FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18;COUNT=4",
        When::day(date("2026-12-04")),
    );
    has(&lines(&event), "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=FR");
}

#[test]
fn a_day_of_the_month_in_a_yearly_rule_names_its_months() {
    let written = |rule: &str| {
        let event = repeated(rule, timed("2027-01-29T18:00", "2027-01-29T20:00"));
        values(&lines(&event), "RRULE")
    };
    assert_eq!(
        written("FREQ=YEARLY;BYMONTHDAY=29"),
        ["FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=29"]
    );
    assert_eq!(
        written("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=29"),
        ["FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=29"]
    );
    // With months, «the fifth Friday of the year» would become one of the month.
    assert_eq!(
        written("FREQ=YEARLY;BYMONTHDAY=29;BYDAY=5FR"),
        ["FREQ=YEARLY;BYMONTHDAY=29;BYDAY=5FR"]
    );
}

#[test]
fn a_date_before_a_rule_that_ends_is_the_start_of_the_set() {
    let mut event = repeated(
        "FREQ=WEEKLY;COUNT=2",
        timed("2027-06-02T18:00", "2027-06-02T20:00"),
    );
    let set = event.schedule.recurrence.as_mut().unwrap();
    set.rdates
        .insert(Start::Local("2027-05-25T18:00:00".parse().unwrap()));
    let lines = lines(&event);
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270525T180000");
    has(&lines, "RDATE;TZID=Europe/Oslo:20270602T180000");
    has(&lines, "RDATE;TZID=Europe/Oslo:20270609T180000");
}

#[test]
fn an_old_zone_name_is_written_as_the_one_it_links_to() {
    let when = When::Timed {
        start: "2027-06-02T18:00:00".parse().unwrap(),
        end: None,
        zone: chrono_tz::Tz::US__Eastern,
    };
    let lines = lines(&repeated("FREQ=WEEKLY", when));
    has(&lines, "DTSTART;TZID=America/New_York:20270602T180000");
}
