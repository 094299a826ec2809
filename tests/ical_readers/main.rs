//! Written feeds, read by four programs that share no code with this one or each other: PyPI's icalendar and
//! vobject, npm's ical.js and Debian's libical. All must find the same events at the same instants, without
//! complaints.
//!
//! `tests/run` installs them. A test whose program is missing fails.

mod generate;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::zone::to_utc;
use calendar_domain::{Event, Lang, Schedule, Start, When, Window};
use calendar_ical::check::check;
use calendar_ical::write::{
    CalendarComponent, CalendarHeader, EventView, WriteOptions, calendar, event_piece,
};
use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use tempfile::TempDir;
use url::Url;

/// Number of schedules.
const EVENTS: usize = 600;
/// The compared days, in UTC.
const FROM: &str = "2026-06-01";
const TO: &str = "2029-01-01";
/// The requested days: some more, since each program applies the limits in its own zone.
const ASKED: [&str; 2] = ["2026-05-25", "2029-01-05"];

/// UID, start, end and title of an occurrence, as printed by the programs.
type Found = (String, String, String, String);

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Returns the expected occurrences, by the domain.
fn expected(events: &[Event]) -> Vec<Found> {
    let window = Window {
        from: date(FROM),
        until: date(TO),
        zone: Tz::UTC,
    };
    let mut all = Vec::new();
    for event in events {
        let found = event
            .schedule
            .occurrences(window, &ExpansionLimits::default());
        for one in found.expect("the generated rules keep within the limits") {
            let title = one
                .change
                .map(|change| &change.title)
                .filter(|title| !title.is_empty());
            let title = title.unwrap_or(&event.title).get(Lang::Nb).to_owned();
            let (start, mut end) = said(&one.when);
            if let (Some(id), None) = (
                one.recurrence_id,
                one.change.and_then(|change| change.when.as_ref()),
            ) {
                // Local time cannot express an end in the second of two hours with the same name.
                let exact = event.schedule.when.moved_in_utc(id);
                end = said(&exact.expect("a start of its kind")).1;
            }
            all.push((event.uid.to_string(), start, end, title));
        }
    }
    all
}

fn said(when: &When) -> (String, String) {
    let day = |date: NaiveDate| date.format("%Y%m%d").to_string();
    match when {
        When::AllDay { first, until } => (day(*first), day(*until)),
        When::TimeToCome { date } => (day(*date), day(date.succ_opt().expect("not the last day"))),
        When::Timed { start, end, zone } => {
            let at =
                |local: NaiveDateTime| to_utc(local, *zone).format("%Y%m%dT%H%M%SZ").to_string();
            // An end that the clock change puts before the start is omitted.
            (at(*start), at(end.unwrap_or(*start)).max(at(*start)))
        }
    }
}

fn write(events: &[Event]) -> Vec<u8> {
    let page: Url = "https://kalender.example/e".parse().expect("an address");
    let oslo = Tz::Europe__Oslo;
    let pieces: Vec<CalendarComponent> = events
        .iter()
        .map(|event| {
            event_piece(
                &EventView::new(event, &page, oslo),
                WriteOptions::new(Lang::Nb),
            )
        })
        .collect();
    let head = CalendarHeader {
        name: "Prøve; med, alt",
        description: "",
        lang: Lang::Nb,
        zone: oslo,
        color: Some("green"),
        source: Some(&page),
        url: Some(&page),
        last_modified: Some(chrono::DateTime::UNIX_EPOCH),
    };
    calendar(&head, 2026..=2029, &pieces)
}

/// Returns the folder into which `tests/run` installs the programs.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-tools")
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/ical_readers")
        .join(file)
}

/// Runs a program on a file. Returns its occurrences between the days.
#[track_caller]
fn read_by(mut program: Command, file: &Path, days: [&str; 2]) -> Vec<Found> {
    let output = program
        .arg(file)
        .args(days)
        .output()
        .expect("the program starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaint.is_empty(),
        "{program:?}: {complaint}"
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let line = |line: &str| {
        let mut parts = line.splitn(4, '\t').map(str::to_owned);
        let mut next = || parts.next().expect("four columns");
        (next(), next(), next(), next())
    };
    let within = |found: &Found| {
        let day = &found.1[..8];
        *day >= *FROM.replace('-', "") && *day < *TO.replace('-', "")
    };
    text.lines().map(line).filter(within).collect()
}

#[track_caller]
fn assert_same(events: &[Event], expected: &[Found], mut found: Vec<Found>, text: &str) {
    let mut expected: Vec<Found> = expected
        .iter()
        .filter(|one| one.1[..8] >= *FROM.replace('-', ""))
        .cloned()
        .collect();
    expected.sort();
    found.sort();
    if expected == found {
        return;
    }
    let mut wrong: BTreeMap<&str, (Vec<&Found>, Vec<&Found>)> = BTreeMap::new();
    for one in expected.iter().filter(|one| !found.contains(one)) {
        wrong.entry(&one.0).or_default().0.push(one);
    }
    for one in found.iter().filter(|one| !expected.contains(one)) {
        wrong.entry(&one.0).or_default().1.push(one);
    }
    let (uid, (missing, more)) = wrong
        .first_key_value()
        .expect("they differ, or one stands twice");
    let event = events.iter().find(|event| event.uid.as_str() == *uid);
    let part = text
        .split("BEGIN:VEVENT")
        .filter(|part| part.contains(uid))
        .collect::<String>();
    panic!(
        "{} of {} events differ ({:?}); {:#?}\n{part}\nmissing {missing:#?}\ntoo many {more:#?}",
        wrong.len(),
        events.len(),
        wrong.keys().take(12).collect::<Vec<_>>(),
        event.map(|event| &event.schedule),
    );
}

/// Compares the generated events as read by a program. Panics if the program is missing.
fn compare(name: &str, needed: &Path, days: [&str; 2], program: impl FnOnce(&TempDir) -> Command) {
    compare_all(generate::events(EVENTS), (name, needed), days, program);
}

fn compare_all(
    events: Vec<Event>,
    (name, needed): (&str, &Path),
    days: [&str; 2],
    program: impl FnOnce(&TempDir) -> Command,
) {
    assert!(
        needed.exists(),
        "{name}: {} is missing; tests/run installs it",
        needed.display()
    );
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("feed.ics");
    let bytes = write(&events);
    std::fs::write(&file, &bytes).expect("a file in it");
    let found = read_by(program(&folder), &file, days);
    let expected = expected(&events);
    assert!(
        expected.len() > events.len(),
        "the generator makes too few occurrences"
    );
    assert_same(&events, &expected, found, &String::from_utf8_lossy(&bytes));
}

fn python(module: &str) {
    let python = tools().join("python/bin/python");
    compare(module, &python.clone(), ASKED, |_| {
        let mut command = Command::new(python);
        command.arg(here("read.py")).arg(module);
        command
    });
}

#[test]
fn pypi_icalendar_finds_the_same_instants() {
    python("icalendar");
}

#[test]
fn pypi_vobject_finds_the_same_instants() {
    python("vobject");
}

#[test]
fn npm_ical_js_finds_the_same_instants() {
    let folder = tools().join("node");
    compare(
        "ical.js",
        &folder.join("node_modules/ical.js").clone(),
        [FROM, TO],
        |_| {
            let mut command = Command::new("node");
            command.arg(here("read.mjs")).arg(folder);
            command
        },
    );
}

/// The requested days in libical's form.
const LIBICAL_DAYS: [&str; 2] = ["20260525T000000Z", "20290105T000000Z"];

fn libical(folder: &TempDir) -> Command {
    let program = folder.path().join("read");
    let built = Command::new("cc")
        .args(["-std=gnu11", "-Wall", "-Werror", "-o"])
        .arg(&program)
        .arg(here("read.c"))
        .arg("-lical")
        .status();
    assert!(
        built.is_ok_and(|status| status.success()),
        "read.c compiles"
    );
    Command::new(program)
}

/// Returns true if a rule has a start in a skipped hour.
///
/// RFC 5545 section 3.3.5 takes it as the instant with the offset before the gap: 02:30 is what the clock then
/// calls 03:30. icalendar, vobject and ical.js get that instant by an override and agree. libical's iterator
/// replaces the start by 03:30, finds no override for it, and continues from there, so that the next start, or
/// every one after a first, is an hour late. No form of the rule prevents this, so only these events are not
/// compared with libical.
fn starts_in_a_gap(event: &Event) -> bool {
    let When::Timed { zone, .. } = event.schedule.when else {
        return false;
    };
    let skipped = |start: &Start| zone.from_local_datetime(&start.local()).latest().is_none();
    event.schedule.recurrence.is_some()
        && (skipped(&event.schedule.when.start())
            || generate::starts(&event.schedule).iter().any(skipped))
}

#[test]
fn debian_libical_finds_the_same_instants() {
    let (apart, events): (Vec<_>, Vec<_>) = generate::events(EVENTS)
        .into_iter()
        .partition(starts_in_a_gap);
    assert!(
        apart.len() * 40 < EVENTS,
        "{} are not compared",
        apart.len()
    );
    let needed = Path::new("/usr/include/libical/ical.h");
    compare_all(events, ("libical", needed), LIBICAL_DAYS, libical);
}

/// Verifies the omission above, so that a libical that reads it otherwise is noticed.
#[test]
fn debian_libical_counts_on_from_the_hour_after_a_gap() {
    let mut schedule = Schedule::once(When::Timed {
        start: "2027-03-21T02:30:00".parse().expect("a time"),
        end: None,
        zone: Tz::Europe__Oslo,
    });
    let rule = "FREQ=WEEKLY;COUNT=4".parse().expect("a rule");
    schedule.recurrence.get_or_insert_default().rule = Some(rule);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("feed.ics");
    let event = generate::event(0, schedule, "");
    std::fs::write(&file, write(&[event])).expect("a file in it");
    let mut found = read_by(libical(&folder), &file, LIBICAL_DAYS);
    found.sort();
    let starts: Vec<&str> = found.iter().map(|one| one.1.as_str()).collect();
    let by_the_rfc = ["20270321T013000Z", "20270328T013000Z", "20270404T003000Z"];
    assert!(by_the_rfc[..2].iter().all(|at| starts.contains(at)));
    assert!(!starts.contains(&by_the_rfc[2]), "{starts:?}");
    assert!(starts.contains(&"20270404T013000Z"), "{starts:?}");
}

#[test]
fn our_own_strict_check_finds_nothing() {
    let found = check(&write(&generate::events(EVENTS)));
    assert!(
        found.is_empty(),
        "{} findings, the first: {:#?}",
        found.len(),
        found.first()
    );
}
