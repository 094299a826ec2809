//! JSON-LD in the pages of events and series.

use calendar_domain::partner::Permission;
use calendar_domain::{Availability, Channel, ContentPolicy, EventStatus, Owner, Partner, Source};
use chrono::DateTime;
use serde_json::{Value, json};

use super::generated;
use super::google::{complaints, objects};
use crate::support::{TestServer, event};

/// Returns the event of a page.
#[track_caller]
fn event_in(app: &TestServer, path: &str) -> Value {
    let page = app.visitor().get(path).ok();
    let mut found = objects(page.text()).into_iter();
    let is_event = |value: &Value| {
        value["@type"]
            .as_str()
            .is_some_and(|value| value.starts_with("Event"))
    };
    let event = found.find(is_event);
    event.unwrap_or_else(|| panic!("{path} has no event: {}", page.text()))
}

/// Asserts that Google shows the events of these pages.
#[track_caller]
fn assert_shown(app: &TestServer, paths: impl IntoIterator<Item = String>) -> usize {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in paths {
        let page = app.visitor().get(&path).ok();
        let found = complaints(page.text());
        wrong.extend((!found.is_empty()).then_some((path, found)));
        seen += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    seen
}

#[test]
fn shipped_events_and_series_are_shown_by_google() {
    let app = TestServer::start();
    let snapshot = app.snapshot();
    let events = snapshot.events();
    let events = events.filter(|event| event.event().schedule.leading().is_some());
    let pages = events.flat_map(|event| {
        let slug = event.slug();
        [format!("/events/{slug}"), format!("/en/events/{slug}")]
    });
    assert!(assert_shown(&app, pages) > 10);
    let has_edition = |slug: &str| {
        let mut events = snapshot.events();
        events.any(|event| {
            event
                .event()
                .series
                .as_ref()
                .is_some_and(|of| of.series.as_str() == slug)
        })
    };
    let series = snapshot.all_series().into_iter();
    let series = series.filter(|series| has_edition(series.slug.as_str()));
    let pages: Vec<String> = series
        .map(|series| format!("/series/{}", series.slug))
        .collect();
    assert!(assert_shown(&app, pages) > 3);
}

#[test]
fn generated_events_are_shown_by_google() {
    let app = TestServer::start();
    let slugs = generated::save_all(&app);
    let pages = slugs.iter().map(|slug| format!("/events/{slug}"));
    assert_eq!(assert_shown(&app, pages), generated::EVENTS);
}

#[test]
fn google_finds_a_planted_fault() {
    let app = TestServer::start();
    event("Konsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .save(&app);
    let page = app.visitor().get("/events/konsert").ok();
    let right = page.text();
    assert_eq!(complaints(right), Vec::<String>::new());
    for (part, wrong) in [
        ("\"startDate\":", "\"sameAs\":"),
        ("\"name\":\"Konsert\"", "\"alternateName\":\"Konsert\""),
        ("\"location\":", "\"about\":"),
        ("\"address\":", "\"description\":"),
        ("\"@type\":\"Event\"", "\"@type\":\"Place\""),
        ("\"@type\":\"Event\"", "\"@type\":\"Happening\""),
        ("\"eventStatus\":", "\"eventStandard\":"),
        ("application/ld+json", "text/plain"),
    ] {
        assert!(right.contains(part), "{part} is not in {right}");
        let broken = right.replace(part, wrong);
        assert!(
            !complaints(&broken).is_empty(),
            "{part} -> {wrong} is not found"
        );
    }
}

#[test]
fn an_event_says_where_it_is_and_what_has_become_of_it() {
    let app = TestServer::start();
    let concert = event("Konsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00");
    let concert = concert.free().save(&app);
    let before = event_in(&app, "/en/events/konsert");
    assert_eq!(before["startDate"], "2027-06-01T18:00:00+02:00");
    let address = json!({"@type": "PostalAddress", "streetAddress": "Hamarvegen 112", "postalCode": "2406",
        "addressLocality": "Elverum", "addressRegion": "Innlandet", "addressCountry": "NO"});
    assert_eq!(before["location"]["address"], address);
    assert_eq!(before["offers"][0]["price"], "0");
    assert_eq!(before["isAccessibleForFree"], true);
    concert.change(|event| event.availability = Availability::SoldOut);
    let full = event_in(&app, "/events/konsert");
    assert_eq!(
        full["offers"][0]["availability"],
        "https://schema.org/SoldOut"
    );
    concert.move_to("2027-06-03T19:00");
    let moved = event_in(&app, "/events/konsert");
    assert_eq!(moved["eventStatus"], "https://schema.org/EventRescheduled");
    assert_eq!(moved["previousStartDate"], "2027-06-01T18:00:00+02:00");
    concert.change(|event| event.status = EventStatus::MovedOnline);
    let online = event_in(&app, "/events/konsert");
    assert_eq!(online["location"]["@type"], "VirtualLocation");
    concert.cancel();
    let cancelled = event_in(&app, "/events/konsert");
    assert_eq!(
        cancelled["eventStatus"],
        "https://schema.org/EventCancelled"
    );
    assert_eq!(cancelled["offers"][0]["price"], "0");
    assert!(cancelled["offers"][0]["availability"].is_null());
    event("Kommer").some_time_on("2027-05-02").save(&app);
    let to_come = event_in(&app, "/events/kommer");
    assert_eq!(to_come["startDate"], "2027-05-02");
    assert_eq!(to_come["location"]["name"], "Elverum, Åmot og Våler");
}

#[test]
fn an_edition_and_its_series_name_each_other() {
    let app = TestServer::start();
    let series = event_in(&app, "/series/grundsetmartn");
    assert_eq!(series["@type"], "EventSeries");
    let edition = &series["subEvent"][0];
    assert_eq!(edition["superEvent"]["@id"], series["@id"]);
    let page = app.visitor().get("/series/grundsetmartn").ok();
    let way = objects(page.text()).into_iter().next_back().unwrap();
    assert_eq!(way["@type"], "BreadcrumbList");
    let steps = way["itemListElement"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["name"], series["name"]);
}

#[test]
fn occurrences_follow_the_day() {
    let app = TestServer::start();
    event("Quiz")
        .on("2026-11-23T18:00")
        .repeating("FREQ=WEEKLY;COUNT=4")
        .save(&app);
    let starts = |app: &TestServer| {
        let event = event_in(app, "/events/quiz");
        let parts = event["subEvent"].as_array().unwrap().iter();
        parts
            .map(|part| part["startDate"].as_str().unwrap()[..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        starts(&app),
        ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"]
    );
    assert!(app.turn_to("2026-11-24T00:00"));
    assert_eq!(starts(&app), ["2026-11-30", "2026-12-07", "2026-12-14"]);
}

#[test]
fn partners_decide_about_search_engines_and_republication() {
    let app = TestServer::start();
    let partner = |id: &str, indexing, passing_on| Partner {
        policy: ContentPolicy {
            indexing,
            passing_on,
            ..ContentPolicy::default()
        },
        ..Partner::new(id.parse().unwrap(), id, Owner::DataFile)
    };
    let (yes, no) = (Permission::Allowed, Permission::Refused);
    let partners = [
        partner("open", yes, yes),
        partner("unlisted", no, yes),
        partner("kept", yes, no),
    ];
    app.commit(partners.into_iter().map(Into::into).collect());
    for (id, is_indexed, has_data) in [
        ("open", true, true),
        ("unlisted", false, false),
        ("kept", true, false),
    ] {
        let saved = event(&format!("Fra {id}"))
            .on("2027-06-01T18:00")
            .save(&app);
        saved.change(|event| event.sources = vec![source(id)]);
        let page = app.visitor().get(&saved.page()).ok();
        assert_eq!(
            page.try_header("X-Robots-Tag").is_none(),
            is_indexed,
            "{id}"
        );
        let picture = app
            .visitor()
            .get(&format!("/og{}.nb.0.png", saved.page()))
            .ok();
        assert_eq!(
            picture.try_header("X-Robots-Tag").is_none(),
            is_indexed,
            "{id}"
        );
        assert_eq!(
            page.text().contains("content=\"noindex\""),
            !is_indexed,
            "{id}"
        );
        assert_eq!(!objects(page.text()).is_empty(), has_data, "{id}");
    }
}

fn source(partner: &str) -> Source {
    Source {
        partner: partner.parse().unwrap(),
        origin_id: "1".into(),
        url: None,
        fetched_at: DateTime::UNIX_EPOCH,
        content_hash: String::new(),
        secondhand: false,
        channel: Channel::Feed,
    }
}
