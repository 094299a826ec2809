//! Written feeds, checked and read by this program: no finding, the same occurrences, and drafts with the same
//! schedules.

#[path = "ical_readers/generate.rs"]
mod generate;

use std::collections::BTreeMap;

use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::zone::to_utc;
use calendar_domain::{Event, Lang, Occurrence, Schedule, Start, When, Window};
use calendar_ical::check::check;
use calendar_ical::occurrences::{Moment, occurrences};
use calendar_ical::read::{ReadCalendar, read};
use calendar_ical::to_events::{ReadOptions, to_drafts};
use calendar_ical::write::{CalendarHeader, EventView, WriteOptions, calendar, event_piece};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use url::Url;

/// Number of schedules.
const EVENTS: usize = 3_000;

const OPTIONS: ReadOptions = ReadOptions {
    default_zone: Tz::Europe__Oslo,
    language: Lang::Nb,
};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test's own date")
}

fn written(events: &[Event]) -> Vec<u8> {
    let page: Url = "https://kalender.example/e".parse().expect("an address");
    let zone = Tz::Europe__Oslo;
    let piece = |event| {
        event_piece(
            &EventView::new(event, &page, zone),
            WriteOptions::new(Lang::Nb),
        )
    };
    let head = CalendarHeader {
        name: "Prøve; med, alt",
        description: "",
        lang: Lang::Nb,
        zone,
        color: Some("green"),
        source: Some(&page),
        url: Some(&page),
        last_modified: Some(DateTime::UNIX_EPOCH),
    };
    calendar(
        &head,
        2026..=2029,
        &events.iter().map(piece).collect::<Vec<_>>(),
    )
}

#[test]
fn what_we_write_breaks_no_rule_of_the_check() {
    let findings = check(&written(&generate::events(EVENTS)));
    assert_eq!(findings, []);
}

#[test]
fn what_we_write_is_read_without_a_finding() {
    let calendar = read(&written(&generate::events(EVENTS)));
    assert_eq!(calendar.findings, []);
    let (drafts, findings) = to_drafts(&calendar, &OPTIONS);
    assert_eq!(findings, []);
    // Random exceptions leave some schedules without occurrences; those are not written.
    let masters = calendar
        .events
        .iter()
        .filter(|event| event.recurrence_id.is_none());
    assert_eq!(drafts.len(), masters.count());
    assert!(
        drafts.len() * 100 > EVENTS * 99,
        "only {} drafts",
        drafts.len()
    );
}

/// Starts and titles of all occurrences in three years, by UID.
type Told = BTreeMap<String, Vec<(Moment, String)>>;

fn window() -> Window {
    Window {
        from: day("2026-06-01"),
        until: day("2029-01-01"),
        zone: Tz::UTC,
    }
}

fn occurring<'s>(schedule: &'s Schedule) -> Vec<Occurrence<'s>> {
    let found = schedule.occurrences(window(), &ExpansionLimits::default());
    found.expect("the generated rules keep within the limits")
}

#[test]
fn occurrences_of_the_file_are_those_of_the_schedule() {
    let events = generate::events(EVENTS);
    let calendar = read(&written(&events));
    let (found, findings) = occurrences(&calendar, window().from, window().until);
    assert_eq!(findings, []);
    let mut read_back = Told::new();
    for one in found {
        let told = read_back.entry(one.uid.to_owned()).or_default();
        told.push((one.start, one.summary.to_owned()));
    }
    let mut meant = Told::new();
    for event in &events {
        for one in occurring(&event.schedule) {
            let title = one.change.map(|change| &change.title);
            let title = title
                .filter(|title| !title.is_empty())
                .unwrap_or(&event.title);
            let start = match one.when.start() {
                Start::Date(date) => Moment::Date(date),
                Start::Local(_) => Moment::Utc(one.when.begins(Tz::UTC).naive_utc()),
            };
            // An event that began before the window overlaps it but does not start in it.
            if start.local().date() >= window().from {
                let told = meant.entry(event.uid.to_string()).or_default();
                told.push((start, title.get(Lang::Nb).to_owned()));
            }
        }
    }
    for told in read_back.values_mut().chain(meant.values_mut()) {
        told.sort();
    }
    for (uid, told) in &meant {
        assert_eq!(
            read_back.get(uid),
            Some(told),
            "{uid}: {}",
            vevents(&calendar, uid)
        );
    }
    assert_eq!(read_back.len(), meant.len());
}

#[test]
fn schedules_read_back_occur_as_they_were_meant() {
    let events = generate::events(EVENTS);
    let calendar = read(&written(&events));
    let (drafts, _) = to_drafts(&calendar, &OPTIONS);
    let meant: BTreeMap<&str, &Event> = events
        .iter()
        .map(|event| (event.uid.as_str(), event))
        .collect();
    for draft in &drafts {
        let event = meant[&*draft.origin_id];
        assert_eq!(event.title, draft.title);
        let meant: Vec<_> = occurring(&event.schedule).iter().map(instants).collect();
        let read_back: Vec<_> = occurring(&draft.schedule).iter().map(instants).collect();
        let text = vevents(&calendar, event.uid.as_str());
        assert_eq!(meant, read_back, "{text}\n{:#?}", event.schedule);
    }
}

/// Converts the times to UTC. A start in a skipped hour is written as the time it means, one in a repeated hour
/// in UTC.
fn instants(one: &Occurrence<'_>) -> When {
    let When::Timed { start, end, zone } = one.when else {
        return one.when.clone();
    };
    let start = to_utc(start, zone).naive_utc();
    // An end that the clock change puts before the start is omitted.
    let end = end
        .map(|end| to_utc(end, zone).naive_utc())
        .filter(|end| *end > start);
    When::Timed {
        start,
        end,
        zone: Tz::UTC,
    }
}

fn vevents(calendar: &ReadCalendar, uid: &str) -> String {
    let events = calendar.events.iter().filter(|event| event.uid == uid);
    events.map(|event| format!("{event:#?}\n")).collect()
}
