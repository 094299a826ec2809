//! `export` and `ics`: writing, checking and expanding calendar files.

use std::collections::BTreeSet;

use crate::support::{CalendarFile, Program};

#[test]
fn export_gives_every_event_in_each_form() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let ics = CalendarFile::parse(&program.run(&["export", "--format", "ics"]).ok().out);
    let json = program.run(&["export"]).ok().json();
    let csv = program.run(&["export", "--format", "csv"]).ok().out;
    let of_json: BTreeSet<&str> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["uid"].as_str().unwrap())
        .collect();
    let of_ics: BTreeSet<&str> = ics.events.iter().map(|event| event.value("UID")).collect();
    assert!(of_json.len() > 20);
    assert_eq!(of_json, of_ics);
    for uid in &of_json {
        assert!(csv.contains(uid), "{uid} is in the table");
    }
    let festival = json
        .as_array()
        .unwrap()
        .iter()
        .find(|json| json["slug"] == "festspillene-2017");
    let festival = festival.expect("the festival of 2017");
    assert_eq!(festival["start"], "2017-08-04");
    assert_eq!(festival["end"], "2017-08-12", "the last day, inclusive");
    assert_eq!(festival["all_day"], true);
    assert_eq!(festival["time_zone"], "Europe/Oslo");
    assert_eq!(festival["status"], "scheduled");
}

#[test]
fn what_is_exported_passes_the_check() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let ics = program.run(&["export", "--format", "ics"]).ok().out;
    program.write("all.ics", &ics);
    let checked = program.run(&["ics", "check", "all.ics"]).ok();
    assert!(
        checked.out.contains("0 errors, 0 warnings"),
        "{}",
        checked.out
    );
}

#[test]
fn check_tells_line_and_rule_and_ends_with_1() {
    let program = Program::new();
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//y//EN",
        "BEGIN:VEVENT",
        "DTSTAMP:20270101T000000Z",
        "DTSTART:20270102T000000Z",
        "DTEND:20270101T000000Z",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    program.write("wrong.ics", lines.join("\r\n"));
    let ended = program.run(&["ics", "check", "wrong.ics"]).with_code(1);
    assert!(
        ended.out.contains("wrong.ics:4: error: "),
        "the UID is missing: {}",
        ended.out
    );
    assert!(
        ended.out.contains("wrong.ics:7: error: "),
        "the end is too early: {}",
        ended.out
    );
    let json = program
        .run(&["--json", "ics", "check", "wrong.ics"])
        .with_code(1);
    assert!(!json.out.trim().is_empty());
    for line in json.out.lines() {
        assert!(
            serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "{line}"
        );
    }
    let missing = program.run(&["ics", "check", "nowhere.ics"]).with_code(3);
    assert!(missing.err.contains("nowhere.ics"), "{}", missing.err);
    assert!(
        !program.path("store").exists(),
        "looking at files touches no store"
    );
}

#[test]
fn occurrences_beyond_the_caps_are_listed_as_far_as_they_fit_and_said_to_be_more() {
    let program = Program::new();
    let event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:20270101T000000Z\r\n\
        RRULE:FREQ=MINUTELY\r\nEND:VEVENT\r\n";
    let calendar =
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{event}END:VCALENDAR\r\n");
    program.write("often.ics", calendar);
    let window = ["--from", "2027-01-01", "--to", "2028-01-01"];
    let ended = program
        .run(&[&["ics", "occurrences", "often.ics"], &window[..]].concat())
        .with_code(1);
    assert_eq!(ended.out.lines().count(), 50_000);
    assert!(
        ended.err.contains("more than 50000 occurrences"),
        "{}",
        ended.err
    );
}

#[test]
fn occurrences_are_one_json_object_a_line() {
    let program = Program::new();
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//x//y//EN",
        "BEGIN:VEVENT",
        "UID:quiz",
        "DTSTAMP:20270101T000000Z",
        "DTSTART:20270107T180000Z",
        "DTEND:20270107T200000Z",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "SUMMARY:Quiz",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    program.write("quiz.ics", lines.join("\r\n"));
    let window = ["--from", "2027-01-10", "--to", "2027-01-25"];
    let ended = program
        .run(&[&["ics", "occurrences", "quiz.ics"], &window[..]].concat())
        .ok();
    let found: Vec<serde_json::Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let starts: Vec<_> = found
        .iter()
        .map(|one| one["start"].as_str().unwrap())
        .collect();
    assert_eq!(starts, ["20270114T180000Z", "20270121T180000Z"]);
    for one in &found {
        assert_eq!(one["uid"], "quiz");
        assert_eq!(one["summary"], "Quiz");
        assert!(
            one["recurrence_id"].is_string() && one["status"].is_string(),
            "{one}"
        );
        assert!(one["end"].as_str().unwrap().ends_with("T200000Z"), "{one}");
    }
}
