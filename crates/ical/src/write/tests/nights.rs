//! Rule 15: daylight saving time is correct on both nights.

use super::*;

fn of(lines: &[String], id: &str) -> Vec<String> {
    let at = lines
        .iter()
        .position(|line| line.starts_with("RECURRENCE-ID") && line.ends_with(id));
    let at = at.unwrap_or_else(|| panic!("{id}: {lines:#?}"));
    let rest = lines[at..].iter();
    rest.take_while(|line| *line != "END:VEVENT")
        .cloned()
        .collect()
}

#[test]
fn rule_15_an_occurrence_that_the_clocks_skip_is_told_on_its_own() {
    let event = repeated("FREQ=WEEKLY", timed("2027-03-14T02:30", "2027-03-14T05:00"));
    let lines = lines(&event);
    has(&lines, "DTSTART;TZID=Europe/Oslo:20270314T023000");
    let own = of(&lines, "20270328T023000");
    has(&own, "DTSTART;TZID=Europe/Oslo:20270328T033000");
    has(&own, "DTEND;TZID=Europe/Oslo:20270328T060000");
    assert_eq!(values(&own, "SUMMARY"), ["Sommerkonsert"]);
}

#[test]
fn rule_15_an_occurrence_in_the_hour_that_comes_twice_is_told_in_utc() {
    let event = repeated(
        "FREQ=DAILY;COUNT=9",
        timed("2027-10-28T02:00", "2027-10-28T03:00"),
    );
    let lines = lines(&event);
    let own = of(&lines, "20271031T020000");
    has(&own, "DTSTART:20271031T000000Z");
    has(&own, "DTEND:20271031T010000Z");
    assert_eq!(values(&lines, "RECURRENCE-ID").len(), 1);
}

#[test]
fn rule_15_an_occurrence_through_such_a_night_tells_its_own_end() {
    let event = repeated(
        "FREQ=WEEKLY;COUNT=9",
        timed("2027-03-06T22:00", "2027-03-07T04:00"),
    );
    let lines = lines(&event);
    let own = of(&lines, "20270327T220000");
    has(&own, "DTSTART;TZID=Europe/Oslo:20270327T220000");
    has(&own, "DTEND;TZID=Europe/Oslo:20270328T050000");
    assert_eq!(values(&lines, "RECURRENCE-ID").len(), 1);
}

#[test]
fn rule_15_a_first_occurrence_through_such_a_night_tells_its_hours() {
    let event = repeated(
        "FREQ=WEEKLY;COUNT=9",
        timed("2027-03-27T22:00", "2027-03-28T04:30"),
    );
    let lines = lines(&event);
    has(&lines, "DURATION:PT5H30M");
    has(
        &of(&lines, "20270327T220000"),
        "DTEND;TZID=Europe/Oslo:20270328T043000",
    );
}

#[test]
fn rule_15_what_is_over_by_nightfall_has_no_such_occurrences() {
    let event = repeated("FREQ=DAILY", timed("2027-01-01T18:00", "2027-01-01T23:30"));
    assert!(values(&lines(&event), "RECURRENCE-ID").is_empty());
}

#[test]
fn rule_15_nights_are_looked_at_near_the_records_last_change() {
    let event = repeated("FREQ=DAILY", timed("2001-01-01T02:30", "2001-01-01T03:30"));
    let written = lines(&event);
    let nights = values(&written, "RECURRENCE-ID");
    // Two per year, from the year before the change to the fourth after it.
    assert_eq!(nights.len(), 12, "{nights:#?}");
    assert!(nights[0].starts_with("20260329"), "{nights:#?}");
    assert_eq!(written, lines(&event));
}

/// Found by fuzzing: programs reject a DURATION of a thousand years in hours.
#[test]
fn rule_15_what_lasts_for_years_keeps_its_end() {
    let event = repeated(
        "FREQ=YEARLY;COUNT=3",
        timed("1029-03-07T02:00", "2019-07-07T03:00"),
    );
    has(&lines(&event), "DTEND;TZID=Europe/Oslo:20190707T030000");
}

/// Returns start and end of each occurrence in UTC, by the domain.
fn by_schedule(event: &Event) -> Vec<(String, String)> {
    let window = calendar_domain::Window {
        from: date("2027-01-01"),
        until: date("2028-01-01"),
        zone: Tz::Europe__Oslo,
    };
    let found = event.schedule.occurrences(window, &Default::default());
    let found = found.unwrap().into_iter().map(|found| {
        let [begins, ends] = [found.when.begins(window.zone), found.when.ends(window.zone)];
        [begins, ends]
            .map(|at| at.format("%Y%m%dT%H%M%SZ").to_string())
            .into()
    });
    found.collect()
}

/// Returns start and end of each occurrence in UTC, by the calendar file.
fn by_file(event: &Event) -> Vec<(String, String)> {
    let read = crate::read::read(feed(&[event]).as_bytes());
    let (from, to) = (date("2027-01-01"), date("2028-01-01"));
    let (found, findings) = crate::occurrences::occurrences(&read, from, to);
    assert_eq!(findings, []);
    let mut found: Vec<_> = found
        .into_iter()
        .map(|found| (found.start.to_string(), found.end.to_string()))
        .collect();
    found.sort();
    found
}

#[test]
fn pages_and_files_agree_on_every_occurrence_of_both_nights() {
    let spans = [
        ("2027-03-21T02:30", "2027-03-21T04:30"),
        ("2027-03-21T01:30", "2027-03-21T02:30"),
        ("2027-03-21T02:00", "2027-03-21T03:00"),
        ("2027-03-20T22:00", "2027-03-21T02:30"),
        ("2027-03-28T02:30", "2027-03-28T04:30"),
        ("2027-10-24T02:30", "2027-10-24T03:15"),
        ("2027-10-24T02:00", "2027-10-24T03:00"),
        ("2027-10-24T01:30", "2027-10-24T02:30"),
        ("2027-10-31T02:30", "2027-10-31T03:30"),
    ];
    let zones = [
        Tz::Europe__Oslo,
        Tz::UTC,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
    ];
    for (zone, (start, end)) in zones
        .iter()
        .flat_map(|zone| spans.map(|span| (*zone, span)))
    {
        for rule in [
            "FREQ=WEEKLY",
            "FREQ=DAILY;COUNT=20",
            "FREQ=WEEKLY;BYHOUR=1,2,3;BYMINUTE=0,30",
        ] {
            let when = When::Timed {
                start: local(start),
                end: Some(local(end)),
                zone,
            };
            let event = repeated(rule, when);
            assert_eq!(
                by_schedule(&event),
                by_file(&event),
                "{rule} {zone} {start}"
            );
        }
    }
}

#[test]
fn an_occurrence_that_the_clocks_skip_begins_after_the_gap() {
    let event = repeated("FREQ=WEEKLY", timed("2027-03-14T02:30", "2027-03-14T04:30"));
    let window = calendar_domain::Window {
        from: date("2027-03-28"),
        until: date("2027-03-29"),
        zone: Tz::Europe__Oslo,
    };
    let found = event
        .schedule
        .occurrences(window, &Default::default())
        .unwrap();
    assert_eq!(found[0].when, timed("2027-03-28T03:30", "2027-03-28T05:30"));
    assert_eq!(found[0].recurrence_id, Some(at("2027-03-28T02:30")));
}
