//! Times and repetition.

use super::*;

#[test]
fn a_day_that_is_over_is_refused() {
    assert_eq!(
        errors(&[("date", "9.1.2027")]),
        [("date", FormFault::Past(day("2027-01-09")))]
    );
}

#[test]
fn ends_are_of_the_same_day_the_night_after_or_another_day() {
    let end = |more: &[(&str, &str)]| match read(more).event.schedule.when {
        When::Timed { end, .. } => end.unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(end(&[("end_time", "20.30")]), time("2027-06-08T20:30:00"));
    assert_eq!(end(&[("end_time", "1")]), time("2027-06-09T01:00:00"));
    assert_eq!(end(&[("end_time", "24")]), time("2027-06-09T00:00:00"));
    let days = [("end_time", "15"), ("end_date", "10.6.2027")];
    assert_eq!(end(&days), time("2027-06-10T15:00:00"));
    let six = chrono::NaiveTime::from_hms_opt(18, 0, 0).unwrap();
    assert_eq!(
        errors(&[("end_time", "17")]),
        [("end_time", FormFault::EndNotAfter(six))]
    );
    assert_eq!(
        errors(&[("end_date", "10.6.2027")]),
        [("end_time", FormFault::EndNeeded)]
    );
    assert_eq!(
        errors(&[("end_date", "7.6.2027")]),
        [("end_date", FormFault::BeforeDay(day("2027-06-08")))]
    );
}

#[test]
fn whole_days_and_times_to_come_need_no_time() {
    let whole = read(&[
        ("hours", "all_day"),
        ("start_time", ""),
        ("end_date", "10.6.2027"),
    ]);
    let expected = When::days(day("2027-06-08"), day("2027-06-10"));
    assert_eq!(whole.event.schedule.when, expected);
    let to_come = read(&[("hours", "to_come"), ("start_time", "")]);
    let date = day("2027-06-08");
    assert_eq!(to_come.event.schedule.when, When::TimeToCome { date });
}

#[test]
fn every_wednesday_until_a_date() {
    let event = read(&[
        ("pattern", "repeated"),
        ("date", "31.5.2027"),
        ("weekday", "3"),
        ("until", "15. juni"),
    ])
    .event;
    assert_eq!(days(&event), ["06-02 18:00", "06-09 18:00"]);
    let rule = event.schedule.rule().unwrap().to_string();
    assert_eq!(rule, "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE");
}

#[test]
fn every_second_week_for_a_number_of_times_and_the_last_friday_of_months() {
    let event = read(&[
        ("pattern", "repeated"),
        ("interval", "2"),
        ("weekday", "2"),
        ("weekday", "4"),
        ("count", "4"),
    ])
    .event;
    assert_eq!(
        days(&event),
        ["06-08 18:00", "06-10 18:00", "06-22 18:00", "06-24 18:00"]
    );
    let monthly = read(&[
        ("pattern", "repeated"),
        ("date", "29.10.2027"),
        ("every", "month"),
        ("count", "3"),
    ])
    .event;
    assert_eq!(
        days(&monthly),
        ["10-29 18:00", "11-26 18:00", "12-31 18:00"]
    );
}

#[test]
fn dates_of_a_repetition_are_struck_and_moved() {
    let more = [
        ("pattern", "repeated"),
        ("count", "4"),
        ("end_time", "20"),
        ("strike", "2027-06-15"),
        ("move_from", "22.6.2027"),
        ("move_to", "23.6.2027"),
        ("move_time", "19"),
    ];
    let event = read(&more).event;
    assert_eq!(days(&event), ["06-08 18:00", "06-23 19:00", "06-29 18:00"]);
    let recurrence = event.schedule.recurrence.unwrap();
    let moved = &recurrence.overrides[&Start::Local(time("2027-06-22T18:00:00"))];
    let Some(When::Timed { end, .. }) = moved.when else {
        panic!("{moved:?}");
    };
    assert_eq!(end, Some(time("2027-06-23T21:00:00")));
    let mut wrong = more;
    wrong[4].1 = "21.6.2027";
    assert_eq!(
        errors(&wrong),
        [("move_from", FormFault::NotADateOfRepetition)]
    );
}

#[test]
fn a_repetition_needs_one_end_and_a_date_that_is_left() {
    let ends = |more: &[(&'static str, &'static str)]| {
        errors(&[&[("pattern", "repeated")], more].concat())
    };
    assert_eq!(ends(&[]), [("until", FormFault::EndOfRepetitionMissing)]);
    assert_eq!(
        ends(&[("until", "1.7.2027"), ("count", "3")]),
        [("until", FormFault::TwoEndsOfRepetition)]
    );
    assert_eq!(
        ends(&[("count", "1"), ("strike", "8.6.2027")]),
        [("until", FormFault::NoDateLeft)]
    );
    assert_eq!(
        ends(&[("count", "2"), ("end_date", "9.6.2027")]),
        [("end_date", FormFault::RepeatedOverDays)]
    );
    assert_eq!(
        ends(&[("count", "100000")]),
        [("count", FormFault::NotANumber(1, 400))]
    );
    assert_eq!(
        ends(&[("until", "1.1.2207")]),
        [("until", FormFault::AfterDay(day("2032-06-08")))]
    );
}

#[test]
fn a_repetition_in_words_prevails_over_the_choices() {
    let event = read(&[
        ("date", "31.5.2027"),
        ("repetition", "hver onsdag til 15. juni, ikke 9. juni"),
        ("pattern", "once"),
        ("weekday", "5"),
        ("count", "40"),
    ])
    .event;
    assert_eq!(days(&event), ["06-02 18:00"]);
    let filled = EventForm::from_event(&event, &[], &PrivateFacts::default());
    assert_eq!(
        filled.get(FormField::Repetition),
        "hver onsdag til 15. juni 2027"
    );
    assert_eq!(filled.all(FormField::Strike), ["2027-06-09"]);
    assert_eq!(filled.get(FormField::Pattern), "");
    assert_eq!(
        errors(&[("repetition", "hver onsdag når det passer til 15. juni")]),
        [("repetition", FormFault::NotARepetition("når".to_owned()))]
    );
    assert_eq!(
        errors(&[
            ("repetition", "hver onsdag, én gang"),
            ("strike", "9.6.2027")
        ]),
        [("repetition", FormFault::NoDateLeft)]
    );
}

#[test]
fn further_dates_have_their_own_time_and_place() {
    let more = [
        ("end_time", "20"),
        ("other_date", "9.6.2027"),
        ("other_start", "19"),
        ("other_end", ""),
        ("other_place", ""),
        ("other_place_name", "Rena kirke"),
        ("other_date", "10. juni"),
        ("other_start", ""),
        ("other_end", "22"),
        ("other_place", "terningen-arena"),
        ("other_place_name", ""),
    ];
    let event = read(&more).event;
    assert_eq!(days(&event), ["06-08 18:00", "06-09 19:00", "06-10 18:00"]);
    let recurrence = event.schedule.recurrence.unwrap();
    assert_eq!((recurrence.rule, recurrence.rdates.len()), (None, 2));
    let change = |text: &str| &recurrence.overrides[&Start::Local(time(text))];
    let rena = change("2027-06-09T19:00:00");
    assert_eq!(
        (&rena.when, &rena.venues),
        (&None, &Some(vec![Venue::named("Rena kirke")]))
    );
    let last = change("2027-06-10T18:00:00");
    assert!(
        matches!(last.when, Some(When::Timed { end: Some(end), .. }) if end == time("2027-06-10T22:00:00"))
    );

    let mut wrong = more;
    (wrong[1].1, wrong[6].1, wrong[9].1) = ("7.6.2027", "", "atlantis");
    assert_eq!(
        errors(&wrong),
        [
            ("other_date", FormFault::BeforeDay(day("2027-06-08"))),
            ("other_date", FormFault::Missing),
            ("other_place", FormFault::UnknownChoice),
        ]
    );
    let twice = [("other_date", "8.6.2027"), ("other_start", "18")];
    assert_eq!(errors(&twice), [("other_date", FormFault::DateTwice)]);
}

#[test]
fn dates_far_away_and_evenings_after_the_last_day_are_refused() {
    let latest = FormFault::AfterDay(day("2032-06-08"));
    assert_eq!(
        errors(&[("end_date", "8.6.9999"), ("end_time", "20")]),
        [("end_date", latest.clone())]
    );
    assert_eq!(
        errors(&[("other_date", "8.6.2099")]),
        [("other_date", latest)]
    );
    let part = [
        ("part_title", "Åpning"),
        ("part_start", "18"),
        ("part_date", "1.1.1900"),
    ];
    assert_eq!(
        errors(&part),
        [("part_date", FormFault::BeforeDay(day("2026-06-08")))]
    );
    let night = [
        ("date", "31.12.9999"),
        ("start_time", "23"),
        ("end_time", "1"),
    ];
    assert_eq!(errors(&night), [("date", FormFault::NotADate)]);
}

#[test]
fn two_rows_with_one_part_are_two_parts() {
    let id = uuid::Uuid::from_u128(5).to_string();
    let read = read(&[
        ("part_id", &id),
        ("part_title", "Åpning"),
        ("part_start", "18"),
        ("part_id", &id),
        ("part_title", "Konsert"),
        ("part_start", "19"),
    ]);
    let events: Vec<bool> = read.parts.iter().map(|part| part.event.is_some()).collect();
    assert_eq!(events, [true, false]);
}

#[test]
fn an_exception_that_leaves_nothing_out_is_an_error() {
    let left_out = [("repetition", "hver tirsdag til august, unntatt 15. juni")];
    assert!(read(&left_out).event.schedule.recurrence.is_some());
    assert_eq!(
        errors(&[("repetition", "hver tirsdag til august, unntatt 16. juni")]),
        [("repetition", FormFault::NothingLeftOut(day("2027-06-16")))]
    );
}
