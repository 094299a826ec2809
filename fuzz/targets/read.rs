//! Reads and expands arbitrary bytes as a calendar file.

#![no_main]

use calendar_ical::limits::ReadLimits;
use calendar_ical::occurrences::for_each_occurrence;
use calendar_ical::read::{ReadCalendar, read_within};
use chrono::{Days, NaiveDate};
use elverum_calendar_fuzz::within_time;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| within_time(|| run(bytes)));

fn run(bytes: &[u8]) {
    let limits = match bytes.len() % 8 {
        0 => tight(),
        _ => ReadLimits::default(),
    };
    let calendar = read_within(bytes, &limits);
    nothing_is_dropped(&calendar);
    for (from, days) in windows(&calendar) {
        occurrences_are_in_their_window(&calendar, from, days);
    }
    if bytes.len() % 8 == 1 {
        let again = read_within(bytes, &limits);
        assert_eq!(calendar.events, again.events, "reading depends on chance");
        assert_eq!(
            calendar.findings, again.findings,
            "findings depend on chance"
        );
    }
}

/// ReadLimits that small inputs reach.
fn tight() -> ReadLimits {
    ReadLimits {
        bytes: 4_000,
        lines: 120,
        line_bytes: 200,
        depth: 3,
        components: 12,
        parameters: 3,
        list_values: 5,
        custom_zones: 2,
        observances: 3,
        recurring_events: 5,
        rule_steps: 1_000,
        findings: 20,
    }
}

/// Asserts that each component is read or reported.
fn nothing_is_dropped(calendar: &ReadCalendar) {
    let mut events = 0;
    let counted: usize = calendar.finding_counts.values().sum();
    let all_listed = counted == calendar.findings.len();
    for (name, count) in &calendar.components {
        if name == "VEVENT" {
            events = count.read;
        }
        let named = || {
            calendar
                .findings
                .iter()
                .any(|finding| finding.component == *name)
        };
        assert!(
            count.reported == 0 || !all_listed || named(),
            "{name} is dropped in silence"
        );
    }
    assert_eq!(events, calendar.events.len(), "events are counted wrongly");
    assert!(calendar.findings.is_sorted_by_key(|finding| finding.line));
    for finding in &calendar.findings {
        let told = finding.to_string();
        assert!(!told.chars().any(char::is_control), "{told:?}");
    }
}

/// Returns five years around the present, and 800 days from the first event of the file.
fn windows(calendar: &ReadCalendar) -> impl Iterator<Item = (NaiveDate, Days)> {
    let starts = calendar
        .events
        .iter()
        .map(|event| event.start.local().date());
    let first = starts.min().map(|first| (first, Days::new(800)));
    let present = NaiveDate::from_ymd_opt(2026, 1, 1).map(|from| (from, Days::new(5 * 366)));
    present.into_iter().chain(first)
}

fn occurrences_are_in_their_window(calendar: &ReadCalendar, from: NaiveDate, days: Days) {
    let Some(to) = from.checked_add_days(days) else {
        return;
    };
    for_each_occurrence(calendar, from, to, |occurrence| {
        let day = occurrence.start.local().date();
        assert!(from <= day && day < to, "{occurrence:?} is outside");
    });
}
