//! Published feeds, read by four independent parsers and by the strict checker.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use calendar_domain::zone::to_utc;
use calendar_domain::{Query, When};
use calendar_ical::check::check;
use chrono::{DateTime, Utc};
use elverum_calendar::config::LimitsConfig;
use elverum_calendar::feeds::ScopeKind;

use crate::support::readers::{Found, READERS, read};
use crate::support::{TestServer, every_kind, html, region};

/// Starts a server with the shipped calendar, an event of every kind, and a stored filter.
fn full_server() -> TestServer {
    let app = TestServer::start();
    every_kind::save_all(&app);
    let query = Query {
        municipalities: ["elverum".parse().unwrap()].into(),
        ..Query::default()
    };
    let kept = app
        .calendar()
        .keep_filter(&query, LimitsConfig::default().filters());
    kept.unwrap();
    app
}

/// Returns a feed of each kind, with every parameter.
fn feeds_of_each_kind(app: &TestServer) -> Vec<String> {
    let mut scopes = vec![
        "/feeds/all.ics".to_owned(),
        "/feeds/search.ics?q=elverum".to_owned(),
    ];
    scopes.push("/events/ukentlig-quiz.ics".to_owned());
    let stored = app
        .every_feed()
        .into_iter()
        .filter(|feed| feed.starts_with("/feeds/s/"));
    scopes.extend(stored);
    assert_eq!(scopes.len(), 4);
    scopes.extend(ScopeKind::ALL.into_iter().map(|kind| {
        let longest = app
            .feeds_of(kind)
            .into_iter()
            .max_by_key(|feed| app.visitor().get(feed).calendar().events.len());
        longest.expect("the project's data has words of every kind")
    }));
    let mut feeds = Vec::new();
    for scope in scopes {
        let mark = if scope.contains('?') { '&' } else { '?' };
        for lang in ["nb", "nn", "en"] {
            feeds.push(format!("{scope}{mark}lang={lang}"));
        }
        for cancelled in ["mark", "status", "omit"] {
            for tentative in ["include", "omit"] {
                feeds.push(format!(
                    "{scope}{mark}cancelled={cancelled}&tentative={tentative}"
                ));
            }
        }
    }
    feeds
}

/// Saves feeds to files.
fn saved(app: &TestServer, feeds: &[String]) -> Vec<PathBuf> {
    let save = |(number, feed): (usize, &String)| {
        let path = app.folder().join(format!("{number}.ics"));
        std::fs::write(&path, app.visitor().get(feed).ok().body).expect("a file");
        path
    };
    feeds.iter().enumerate().map(save).collect()
}

/// Returns the start of each event by UID, from the catalog.
fn own_starts(app: &TestServer) -> BTreeMap<String, String> {
    let said = |when: &When| match when {
        When::AllDay { first, .. } => first.format("%Y%m%d").to_string(),
        When::TimeToCome { date } => date.format("%Y%m%d").to_string(),
        When::Timed { start, zone, .. } => {
            let at: DateTime<Utc> = to_utc(*start, *zone);
            at.format("%Y%m%dT%H%M%SZ").to_string()
        }
    };
    let snapshot = app.snapshot();
    let events = snapshot.events().map(|entry| entry.event());
    events
        .map(|event| (event.uid.to_string(), said(&event.schedule.when)))
        .collect()
}

fn sorted(names: &[String]) -> Vec<&String> {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    names
}

#[test]
fn four_parsers_read_the_same_events_at_the_same_instants_in_every_kind_of_feed() {
    let app = full_server();
    let feeds = feeds_of_each_kind(&app);
    let files = saved(&app, &feeds);
    let own = own_starts(&app);
    let all: Vec<(&str, Vec<Found>)> = READERS
        .into_iter()
        .map(|reader| (reader, read(reader, &files)))
        .collect();
    let (mut events, mut overrides) = (0, 0);
    for (at, feed) in feeds.iter().enumerate() {
        let (first_reader, first) = (all[0].0, &all[0].1[at]);
        let expected = first.by_key();
        for (reader, found) in &all {
            let found = &found[at];
            assert_eq!(found.complaints, Vec::<String>::new(), "{reader} on {feed}");
            assert_eq!(
                sorted(&found.zones),
                sorted(&first.zones),
                "{reader} on {feed}"
            );
            let found = found.by_key();
            assert_eq!(
                found.keys().collect::<Vec<_>>(),
                expected.keys().collect::<Vec<_>>(),
                "{first_reader} and {reader} on {feed}"
            );
            for (key, event) in found {
                assert_eq!(
                    expected[&key], event,
                    "{first_reader} and {reader} on {feed}"
                );
                if event.recurrence_id.is_none() {
                    assert_eq!(
                        event.start, own[&event.uid],
                        "{reader} on {feed}: {event:?}"
                    );
                }
            }
        }
        events += expected.len();
        overrides += expected.keys().filter(|key| key.1.is_some()).count();
    }
    println!(
        "{} feeds, {events} events, {overrides} of them changed occurrences",
        feeds.len()
    );
    assert!(
        events > 1000 && overrides > 10,
        "{events} events, {overrides} changed occurrences"
    );
}

#[test]
fn the_feed_of_everything_holds_every_kind_of_event() {
    let app = full_server();
    let calendar = app.visitor().get("/feeds/all.ics").calendar();
    let statuses: BTreeSet<&str> = calendar
        .events
        .iter()
        .map(|event| event.value("STATUS"))
        .collect();
    assert_eq!(
        statuses,
        BTreeSet::from(["CANCELLED", "CONFIRMED", "TENTATIVE"])
    );
    let zones: BTreeSet<&str> = calendar
        .events
        .iter()
        .map(|event| event.parameters("DTSTART"))
        .collect();
    for zone in [
        "Europe/Oslo",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
    ] {
        assert!(
            zones.contains(format!("TZID={zone}").as_str()),
            "{zone}: {zones:?}"
        );
    }
    assert!(zones.contains("VALUE=DATE"), "{zones:?}");
    for property in ["RRULE", "EXDATE", "RECURRENCE-ID"] {
        assert!(
            calendar
                .events
                .iter()
                .any(|event| event.try_value(property).is_some()),
            "{property}"
        );
    }
    let keys: BTreeSet<(&str, Option<&str>)> = calendar
        .events
        .iter()
        .map(|event| (event.value("UID"), event.try_value("RECURRENCE-ID")))
        .collect();
    assert_eq!(
        keys.len(),
        calendar.events.len(),
        "every UID is unique with its RECURRENCE-ID"
    );
}

#[test]
fn our_own_strict_check_finds_nothing_in_any_feed() {
    let app = full_server();
    let mut feeds = feeds_of_each_kind(&app);
    let all = app.every_feed();
    feeds.extend(
        all.iter()
            .filter(|feed| !feed.contains('?'))
            .map(|feed| format!("{feed}?lang=en")),
    );
    feeds.extend(all);
    for feed in &feeds {
        let findings = check(&app.visitor().get(feed).ok().body);
        assert!(findings.is_empty(), "{feed}: {findings:#?}");
    }
    println!("{} feeds without a finding", feeds.len());
}

#[test]
fn an_empty_calendar_is_read_by_all_too() {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![region::organizer("Ingen")]);
    let feeds = vec![
        "/feeds/all.ics".to_owned(),
        "/feeds/organizer/ingen.ics".to_owned(),
    ];
    let files = saved(&app, &feeds);
    for reader in READERS {
        for found in read(reader, &files) {
            assert!(
                found.complaints.is_empty() && found.events.is_empty(),
                "{reader}: {found:?}"
            );
        }
    }
}

#[test]
fn titles_reach_the_reader_as_they_were_written() {
    let app = TestServer::builder().with_empty_region().start();
    let titles = [
        "Komma, semikolon; omvendt \\ skråstrek",
        "«Å, jeg vet» – 100 % æøå & <b>",
        "Linje: \"sitat\" 'apostrof' 🎺🎻",
        "Ord som er så lange at linjen må brytes midt i et tegn: ÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøåÆØÅæøå",
    ];
    for title in titles {
        let event = crate::support::event("Tittel")
            .on("2027-06-01T18:00")
            .save(&app);
        event.rename(title);
        let file = saved(&app, &["/feeds/all.ics".to_owned()]);
        for reader in READERS {
            let found = read(reader, &file);
            assert_eq!(found[0].events[0].summary, title, "{reader}");
        }
        let page = app.visitor().get(&event.page()).ok();
        assert!(
            html::words(page.text()).contains(title),
            "{title} on its page"
        );
        event.remove();
    }
}
