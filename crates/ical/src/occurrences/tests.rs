//! Expansion of small files.

use super::*;
use crate::finding::Reason;
use crate::read::read;
use chrono::NaiveDate;

/// Returns start, end and recurrence id of each occurrence in 2027.
fn expand_2027(events: &[&str]) -> Vec<(String, String, Option<String>)> {
    let bodies: Vec<_> = events
        .iter()
        .map(|e| format!("BEGIN:VEVENT\n{e}\nEND:VEVENT\n"))
        .collect();
    let calendar = read(format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", bodies.concat()).as_bytes());
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("a test's own date");
    let (found, findings) = occurrences(&calendar, day(2027), day(2028));
    assert_eq!(findings, []);
    found
        .into_iter()
        .map(|o| {
            (
                o.start.to_string(),
                o.end.to_string(),
                o.recurrence_id.map(|id| id.to_string()),
            )
        })
        .collect()
}

fn starts(events: &[&str]) -> Vec<String> {
    expand_2027(events)
        .into_iter()
        .map(|(start, _, _)| start)
        .collect()
}

const WEEKLY: &str = "UID:1\nDTSTART;TZID=Europe/Oslo:20270324T180000\n\
    DTEND;TZID=Europe/Oslo:20270324T200000\nRRULE:FREQ=WEEKLY;COUNT=3";

#[test]
fn a_weekly_event_keeps_its_wall_time_over_the_change_of_clocks() {
    let found = expand_2027(&[WEEKLY]);
    let times: Vec<_> = found
        .iter()
        .map(|(start, end, _)| (&**start, &**end))
        .collect();
    let expected = [
        ("20270324T170000Z", "20270324T190000Z"),
        ("20270331T160000Z", "20270331T180000Z"),
        ("20270407T160000Z", "20270407T180000Z"),
    ];
    assert_eq!(times, expected);
    assert_eq!(found[1].2.as_deref(), Some("20270331T160000Z"));
}

#[test]
fn dates_and_floating_times_are_printed_as_such() {
    let found = expand_2027(&["UID:1\nDTSTART:20270601", "UID:2\nDTSTART:20270601T180000"]);
    let expected = [
        ("20270601", "20270602"),
        ("20270601T180000", "20270601T180000"),
    ];
    let times: Vec<_> = found
        .iter()
        .map(|(start, end, _)| (&**start, &**end))
        .collect();
    assert_eq!((times, &found[0].2), (expected.to_vec(), &None));
}

#[test]
fn a_nominal_day_is_a_day_on_the_night_when_clocks_change() {
    let day = "UID:1\nDTSTART;TZID=Europe/Oslo:20270327T120000\nDURATION:P1D";
    assert_eq!(expand_2027(&[day])[0].1, "20270328T100000Z");
    let hours = "UID:1\nDTSTART;TZID=Europe/Oslo:20270327T120000\nDURATION:PT24H";
    assert_eq!(expand_2027(&[hours])[0].1, "20270328T110000Z");
}

#[test]
fn exdates_in_any_form_take_starts_out() {
    for exdate in [
        "EXDATE;TZID=Europe/Oslo:20270331T180000",
        "EXDATE:20270331T160000Z",
        "EXDATE;VALUE=DATE:20270331",
    ] {
        let found = starts(&[&format!("{WEEKLY}\n{exdate}")]);
        assert_eq!(found, ["20270324T170000Z", "20270407T160000Z"], "{exdate}");
    }
}

#[test]
fn rdates_add_starts_and_periods_have_their_own_end() {
    let event = "UID:1\nDTSTART:20270601T100000Z\nDTEND:20270601T110000Z\n\
        RDATE;VALUE=PERIOD:20270603T100000Z/PT3H\nRDATE:20270602T100000Z,20270601T100000Z";
    let found = expand_2027(&[event]);
    let ends: Vec<_> = found.iter().map(|(_, end, _)| &**end).collect();
    assert_eq!(
        ends,
        ["20270601T110000Z", "20270602T110000Z", "20270603T130000Z"]
    );
}

#[test]
fn an_override_replaces_its_occurrence() {
    let moved = "UID:1\nRECURRENCE-ID:20270331T160000Z\nDTSTART;TZID=Europe/Oslo:20270401T190000";
    let mut found = starts(&[WEEKLY, moved]);
    found.sort();
    assert_eq!(
        found,
        ["20270324T170000Z", "20270401T170000Z", "20270407T160000Z"]
    );
}

#[test]
fn an_override_for_this_and_future_moves_what_follows() {
    let moved = "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270331T160000Z\n\
        DTSTART;TZID=Europe/Oslo:20270401T190000\nDURATION:PT1H";
    let mut found = expand_2027(&[WEEKLY, moved]);
    found.sort();
    let times: Vec<_> = found
        .iter()
        .map(|(start, end, _)| (&**start, &**end))
        .collect();
    let expected = [
        ("20270324T170000Z", "20270324T190000Z"),
        ("20270401T170000Z", "20270401T180000Z"),
        ("20270408T170000Z", "20270408T180000Z"),
    ];
    assert_eq!(times, expected);
}

#[test]
fn a_leftover_override_of_an_older_version_is_not_shown() {
    let master = format!("{WEEKLY}\nSEQUENCE:2");
    let leftover = "UID:1\nSEQUENCE:1\nRECURRENCE-ID:20270501T160000Z\nDTSTART:20270501T160000Z";
    assert_eq!(starts(&[&master, leftover]).len(), 3);
    let current = leftover.replace("SEQUENCE:1", "SEQUENCE:2");
    assert_eq!(starts(&[&master, &current]).len(), 4);
}

#[test]
fn a_start_out_of_step_with_its_rule_is_no_occurrence() {
    let found = starts(&["UID:1\nDTSTART:20270601\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2"]);
    assert_eq!(found, ["20270604", "20270611"]);
}

#[test]
fn an_override_without_its_event_stands_for_itself() {
    let found = expand_2027(&["UID:1\nRECURRENCE-ID:20270601T100000Z\nDTSTART:20270602T100000Z"]);
    let expected = ("20270602T100000Z", Some("20270601T100000Z"));
    assert_eq!((&*found[0].0, found[0].2.as_deref()), expected);
}

#[test]
fn a_rule_past_the_caps_gives_what_fits_and_is_reported() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20270101T000000Z\n\
        RRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n";
    let calendar = read(text.as_bytes());
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("a test's own date");
    let (found, findings) = occurrences(&calendar, day(2027), day(2028));
    assert_eq!((found.len(), findings.len()), (50_000, 1));
    assert_eq!(found[0].start.to_string(), "20270101T000000Z");
    assert_eq!((findings[0].line, findings[0].reason), (2, Reason::BadRule));
    assert!(
        findings[0].detail.contains("50000"),
        "{}",
        findings[0].detail
    );
}

#[test]
fn a_period_with_two_ends_lasts_from_the_one_to_the_other() {
    let event = "UID:1\nDTSTART:20270605T160000Z\nDTEND:20270605T170000Z\n\
        RDATE;VALUE=PERIOD:20270610T160000Z/20270610T180000Z,20270612T100000Z/20270612T100000Z";
    let found = expand_2027(&[event]);
    let times: Vec<_> = found
        .iter()
        .map(|(start, end, _)| (&**start, &**end))
        .collect();
    let expected = [
        ("20270605T160000Z", "20270605T170000Z"),
        ("20270610T160000Z", "20270610T180000Z"),
        // An invalid end: the occurrence is as long as the event itself.
        ("20270612T100000Z", "20270612T110000Z"),
    ];
    assert_eq!(times, expected);
}

#[test]
fn hours_in_a_rule_are_ignored_beside_a_date() {
    let event =
        "UID:1\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,18;COUNT=4";
    assert_eq!(
        starts(&[event]),
        ["20270101", "20270108", "20270115", "20270122"]
    );
    let hourly = "UID:1\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=HOURLY;COUNT=48";
    assert_eq!(starts(&[hourly]), ["20270101", "20270102"]);
}

#[test]
fn an_override_that_recurs_is_expanded_where_its_event_is_missing() {
    let changed = "UID:1\nRECURRENCE-ID:20270106T100000Z\nDTSTART:20270106T110000Z\n\
        RRULE:FREQ=WEEKLY;COUNT=3";
    assert_eq!(
        starts(&[changed]),
        ["20270106T110000Z", "20270113T110000Z", "20270120T110000Z"]
    );
    let other = "UID:1\nRECURRENCE-ID:20270113T110000Z\nDTSTART:20270114T110000Z";
    assert_eq!(
        starts(&[changed, other]),
        ["20270106T110000Z", "20270120T110000Z", "20270114T110000Z"]
    );
    let alone = "UID:1\nRECURRENCE-ID:20270106T100000Z\nDTSTART:20270106T110000Z";
    assert_eq!(starts(&[alone]), ["20270106T110000Z"]);
}

#[test]
fn an_occurrence_that_ends_after_the_year_9999_is_told_of_and_left_out() {
    let event = |uid: &str, lines: &str| {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:x\r\n{lines}\r\nEND:VEVENT\r\n")
    };
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}{}{}END:VCALENDAR\r\n",
        event("near", "DTSTART:99991230T230000Z\r\nDURATION:PT1H"),
        event("far", "DTSTART:99991230T230000Z\r\nDURATION:P40D"),
        event("days", "DTSTART;VALUE=DATE:99991229\r\nDURATION:P9D"),
    );
    let calendar = read(text.as_bytes());
    let day = |day| NaiveDate::from_ymd_opt(9999, 12, day).unwrap();
    let (found, findings) = occurrences(&calendar, day(1), day(31));
    let uids: Vec<&str> = found.iter().map(|expansion| expansion.uid).collect();
    assert_eq!(uids, ["near"]);
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for told in told {
        assert!(told.contains("year 10000"), "{told}");
    }
}
