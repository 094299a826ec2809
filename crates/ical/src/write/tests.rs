//! Tests of each requirement of calendar programs on a feed, by its number.

mod content;
mod feed;
mod nights;
mod recurring;
mod shape;
mod standing;

use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use url::Url;

use super::{CalendarHeader, EventView, WriteOptions, calendar, event_piece};
use calendar_domain::{Event, EventStatus, Lang, Recurrence, Schedule, Slug, Start, Text, When};

const OSLO: Tz = Tz::Europe__Oslo;

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn timed(start: &str, end: &str) -> When {
    When::Timed {
        start: local(start),
        end: Some(local(end)),
        zone: OSLO,
    }
}

/// Returns a concert on 5 June 2027, 18.00 to 20.00.
fn concert() -> Event {
    let slug: Slug = "sommerkonsert".parse().unwrap();
    let uid = "sommerkonsert@kalender.example".parse().unwrap();
    let title = Text::nb_en("Sommerkonsert", "Summer concert");
    let evening = Schedule::once(timed("2027-06-05T18:00", "2027-06-05T20:00"));
    let born = Utc.with_ymd_and_hms(2026, 11, 2, 9, 0, 0).unwrap();
    Event {
        sequence: 2,
        modified: Utc.with_ymd_and_hms(2027, 3, 7, 10, 30, 0).unwrap(),
        summary: Text::nb("Korsang i parken."),
        description: Text::nb("Ta med stol.\n\nDet blir kaffe; kaker, og mer."),
        ..Event::new(slug, uid, title, evening, born)
    }
}

/// Returns the concert on every start of a rule.
fn repeated(rule: &str, first: When) -> Event {
    let recurrence = Recurrence {
        rule: Some(rule.parse().unwrap()),
        ..Recurrence::default()
    };
    Event {
        schedule: Schedule {
            when: first,
            recurrence: Some(recurrence),
        },
        ..concert()
    }
}

fn recurrence(event: &mut Event) -> &mut Recurrence {
    event.schedule.recurrence.get_or_insert_default()
}

fn at(text: &str) -> Start {
    Start::Local(local(text))
}

fn page() -> Url {
    "https://kalender.example/events/sommerkonsert"
        .parse()
        .unwrap()
}

fn norwegian() -> WriteOptions {
    WriteOptions::new(Lang::Nb)
}

/// Returns the fragment of an event, with folds and line ends.
fn folded(event: &Event, choices: WriteOptions) -> String {
    let page = page();
    let piece = event_piece(&EventView::new(event, &page, OSLO), choices);
    String::from_utf8(piece.bytes).unwrap()
}

/// Returns the logical lines of an event.
fn lines(event: &Event) -> Vec<String> {
    unfolded(&folded(event, norwegian()))
}

fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "")
        .split_terminator("\r\n")
        .map(str::to_owned)
        .collect()
}

/// Returns the logical lines of a view.
fn lines_of(view: &EventView<'_>) -> Vec<String> {
    unfolded(&String::from_utf8(event_piece(view, norwegian()).bytes).unwrap())
}

/// Returns the values of a property, without its parameters.
fn values(lines: &[String], key: &str) -> Vec<String> {
    let of_key = |line: &&String| {
        line.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with([':', ';']))
    };
    lines
        .iter()
        .filter(of_key)
        .map(|line| line.split_once(':').unwrap().1.to_owned())
        .collect()
}

/// Returns the only value of a property.
#[track_caller]
fn value(lines: &[String], key: &str) -> String {
    let found = values(lines, key);
    assert_eq!(
        found.len(),
        1,
        "{key} stands {} times in {lines:#?}",
        found.len()
    );
    found[0].clone()
}

#[track_caller]
fn has(lines: &[String], line: &str) {
    assert!(
        lines.iter().any(|found| found == line),
        "{line:?} is not in {lines:#?}"
    );
}

fn head() -> CalendarHeader<'static> {
    CalendarHeader {
        name: "Det skjer i Elverum",
        description: "Alt som skjer; stort, og smått",
        lang: Lang::Nb,
        zone: OSLO,
        color: Some("darkgreen"),
        source: None,
        url: None,
        last_modified: Some(Utc.with_ymd_and_hms(2027, 3, 7, 10, 30, 0).unwrap()),
    }
}

/// Returns a calendar of some events.
fn feed(events: &[&Event]) -> String {
    let page = page();
    let pieces: Vec<_> = events
        .iter()
        .map(|event| event_piece(&EventView::new(event, &page, OSLO), norwegian()))
        .collect();
    String::from_utf8(calendar(&head(), 2027..=2028, &pieces)).unwrap()
}
