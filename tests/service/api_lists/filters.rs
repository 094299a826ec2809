//! What each filter lists.

use calendar_domain::{Coordinates, EventStatus, Override, Place, Record, Start, Venue};
use chrono::TimeDelta;
use reqwest::Method;

use super::{items, titles};
use crate::support::region::{place, slug};
use crate::support::server::local_time;
use crate::support::{TestServer, event};

/// A calendar on Monday 1 March 2027.
fn app() -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .at("2027-03-01T09:00")
        .start();
    app.commit(vec![
        at("Terningen Arena", "3420", 60.8810, 11.5624),
        at("Rena kulturhus", "3422", 61.1345, 11.3680),
        place("Et sted", "3422"),
    ]);
    app
}

fn at(name: &str, municipality: &str, latitude: f64, longitude: f64) -> Record {
    let Record::Place(known) = place(name, municipality) else {
        panic!("a place");
    };
    let place = Place {
        coordinates: Some(Coordinates::new(latitude, longitude).unwrap()),
        ..Place::clone(&known)
    };
    place.into()
}

#[track_caller]
fn check(app: &TestServer, query: &str, expected: &[&str]) {
    assert_eq!(
        titles(app, &format!("/api/v1/events?{query}")),
        expected,
        "{query}"
    );
}

#[test]
fn an_event_stands_at_its_first_date_in_the_window() {
    let app = app();
    event("Kor")
        .on("2027-02-23T18:00")
        .repeating("FREQ=WEEKLY;COUNT=10")
        .save(&app);
    event("Konsert").on("2027-03-03T19:00").save(&app);
    event("I går")
        .on("2027-02-28T19:00")
        .until("2027-02-28T21:00")
        .save(&app);
    event("Utstilling")
        .on_days("2027-02-01", "2027-05-31")
        .save(&app);
    event("Fjernt").on("2031-05-01T18:00").save(&app);
    check(&app, "", &["Utstilling", "Kor", "Konsert", "Fjernt"]);
    check(
        &app,
        "sort=-start",
        &["Fjernt", "Konsert", "Kor", "Utstilling"],
    );
    check(
        &app,
        "from=2027-03-03&to=2027-03-09",
        &["Utstilling", "Konsert", "Kor"],
    );
    check(
        &app,
        "from=2027-02-28&to=2027-02-28",
        &["Utstilling", "I går"],
    );
    check(&app, "ongoing=omit", &["Kor", "Konsert", "Fjernt"]);
    check(&app, "ongoing=only", &["Utstilling"]);
    check(&app, "from=2028-01-01", &["Fjernt"]);
    let dates = titles(&app, "/api/v1/occurrences?to=2027-03-16");
    assert_eq!(dates, ["Utstilling", "Kor", "Konsert", "Kor", "Kor"]);
    let once = titles(
        &app,
        "/api/v1/occurrences?to=2027-03-16&hide_recurring_children=1",
    );
    assert_eq!(once, ["Utstilling", "Kor", "Konsert"]);
}

#[test]
fn the_ends_of_a_window_may_be_times() {
    let app = app();
    event("Frokost")
        .on("2027-03-02T08:00")
        .until("2027-03-02T09:00")
        .save(&app);
    event("Lunsj")
        .on("2027-03-02T12:00")
        .until("2027-03-02T13:00")
        .save(&app);
    check(&app, "from=2027-03-02T09:30:00%2B01:00", &["Lunsj"]);
    check(&app, "to=2027-03-02T11:00:00Z", &["Frokost"]);
    check(&app, "to=2027-03-02T11:00:01Z", &["Frokost", "Lunsj"]);
    check(
        &app,
        "from=2027-03-02T08:30:00Z&to=2027-03-02T10:30:00Z",
        &[],
    );
}

#[test]
fn weekday_time_of_day_and_duration_are_those_of_a_date() {
    let app = app();
    // Tuesdays and Thursdays.
    event("Kor")
        .on("2027-03-02T18:00")
        .until("2027-03-02T20:00")
        .repeating("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=8")
        .save(&app);
    event("Matiné")
        .on("2027-03-06T12:00")
        .until("2027-03-06T13:00")
        .save(&app);
    event("Festival")
        .on_days("2027-03-05", "2027-03-07")
        .save(&app);
    check(&app, "weekday=thu", &["Kor"]);
    check(&app, "weekday=sat,sun", &["Festival", "Matiné"]);
    check(
        &app,
        "weekday=sat&weekday=tue",
        &["Kor", "Festival", "Matiné"],
    );
    check(&app, "time_of_day=17:00-23:00", &["Kor"]);
    check(&app, "min_duration=90m", &["Kor", "Festival"]);
    check(&app, "max_duration=1d", &["Kor", "Matiné"]);
    check(&app, "min_duration=2h&max_duration=2h", &["Kor"]);
    let days = items(&app, "/api/v1/occurrences?weekday=thu&to=2027-03-20");
    let days: Vec<_> = days
        .iter()
        .map(|day| day["start"].as_str().unwrap())
        .collect();
    assert_eq!(
        days,
        [
            "2027-03-04T18:00:00+01:00",
            "2027-03-11T18:00:00+01:00",
            "2027-03-18T18:00:00+01:00"
        ]
    );
}

#[test]
fn an_area_lists_what_has_a_position_in_it() {
    let app = app();
    event("Her")
        .at("Terningen Arena")
        .on("2027-03-02T18:00")
        .save(&app);
    event("Der")
        .at("Rena kulturhus")
        .on("2027-03-03T18:00")
        .save(&app);
    event("Uten posisjon")
        .at("Et sted")
        .on("2027-03-04T18:00")
        .save(&app);
    event("På nett")
        .at("Terningen Arena")
        .on("2027-03-05T18:00")
        .standing(EventStatus::MovedOnline)
        .save(&app);
    check(&app, "near=60.88,11.56", &["Her"]);
    check(&app, "near=60.88,11.56&radius=50km", &["Her", "Der"]);
    check(&app, "bbox=11.3,61.0,11.5,61.3", &["Der"]);
    check(&app, "near=0,0", &[]);
    check(&app, "municipality=3422", &["Der", "Uten posisjon"]);
    // A single date elsewhere.
    let moved = Override {
        venues: Some(vec![Venue::Place(slug("rena-kulturhus"))]),
        ..Override::default()
    };
    let start = Start::Local(local_time("2027-04-08T18:00"));
    event("Kurs")
        .at("Terningen Arena")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_change(start, moved)
        .save(&app);
    let there = items(
        &app,
        "/api/v1/occurrences?from=2027-04-01&bbox=11.3,61.0,11.5,61.3",
    );
    assert_eq!(there.len(), 1);
    assert_eq!(there[0]["start"], "2027-04-08T18:00:00+02:00");
    assert_eq!(there[0]["place"]["name"], "Rena kulturhus");
}

#[test]
fn statuses_and_changes_and_parts() {
    let app = app();
    let festival = event("Festival").on("2027-03-02T18:00").save(&app);
    let avlyst = event("Avlyst").on("2027-03-03T18:00").save(&app);
    event("Foreløpig")
        .on("2027-03-04T18:00")
        .standing(EventStatus::Tentative)
        .save(&app);
    let part = event("Del").on("2027-03-02T19:00").save(&app);
    app.wait(TimeDelta::hours(1));
    avlyst.cancel();
    let whole = festival.record().id;
    part.change(|event| event.super_event = Some(whole));
    check(&app, "status=cancelled", &["Avlyst"]);
    check(
        &app,
        "status=scheduled,tentative",
        &["Festival", "Del", "Foreløpig"],
    );
    check(&app, "cancelled=omit&tentative=omit", &["Festival", "Del"]);
    check(&app, "status=cancelled&cancelled=omit", &[]);
    check(&app, "parts=omit", &["Festival", "Avlyst", "Foreløpig"]);
    let since = "updated_since=2027-03-01T08:30:00Z";
    check(&app, since, &["Del", "Avlyst"]);
    check(&app, &format!("{since}&sort=-modified&limit=1"), &["Del"]);
    check(&app, "sort=modified&status=tentative", &["Foreløpig"]);
    // The festival lists its part at once, although it did not change itself.
    let list = items(&app, "/api/v1/events?limit=1");
    assert_eq!(list[0]["sub_events"].as_array().unwrap().len(), 1);
    part.withdraw();
    let list = items(&app, "/api/v1/events?limit=1");
    assert_eq!(list[0]["sub_events"].as_array().unwrap().len(), 0);
}

#[test]
fn parts_of_recurring_events_are_hidden_with_the_repetitions() {
    let app = app();
    let market = event("Marked")
        .on("2027-03-02T10:00")
        .repeating("FREQ=WEEKLY;COUNT=4")
        .save(&app);
    let fair = event("Messe").on("2027-03-03T10:00").save(&app);
    let stall = event("Bod").on("2027-03-02T11:00").save(&app);
    let talk = event("Foredrag").on("2027-03-03T11:00").save(&app);
    let (market, fair) = (market.record().id, fair.record().id);
    stall.change(|event| event.super_event = Some(market));
    talk.change(|event| event.super_event = Some(fair));
    check(&app, "", &["Marked", "Bod", "Messe", "Foredrag"]);
    check(
        &app,
        "hide_recurring_children=true",
        &["Marked", "Messe", "Foredrag"],
    );
}

#[test]
fn the_filters_of_pages_and_feeds_work_here_too() {
    let app = app();
    event("Konsert")
        .under("music")
        .for_audience("families")
        .on("2027-03-02T18:00")
        .save(&app);
    event("Kamp")
        .under("sport")
        .free()
        .at("Terningen Arena")
        .on("2027-03-03T18:00")
        .save(&app);
    for (query, expected) in [
        ("category=music", "Konsert"),
        ("audience=families", "Konsert"),
        ("q=konsert", "Konsert"),
        ("free=1", "Kamp"),
        ("place=terningen-arena", "Kamp"),
        ("municipality=elverum", "Kamp"),
    ] {
        check(&app, query, &[expected]);
        let dates = titles(&app, &format!("/api/v1/occurrences?{query}"));
        assert_eq!(dates, [expected], "{query}");
    }
    check(&app, "category=music&category=sport", &["Konsert", "Kamp"]);
    check(&app, "category=music&free=1", &[]);
}

#[test]
fn a_filter_that_few_of_many_pass_gives_short_pages_that_end() {
    let app = app();
    let event = |number: u32| {
        let hour = 8 + number % 12;
        let made = event(&format!("Nr. {number}"))
            .on(&format!("2027-04-{:02}T{hour:02}:00", 1 + number % 30));
        calendar_store::Change::create(made.finish(&app).into())
    };
    app.commit_changes((0..6_000).map(event).collect());
    // Nothing matches, and the server says so after looking at a bounded number of events at a time.
    let (mut pages, mut cursor) = (0, String::new());
    loop {
        let path = format!("/api/v1/events?near=0,0{cursor}");
        let page = app.ask(Method::GET, &path, &[]).ok().json();
        assert_eq!(page["items"].as_array().unwrap().len(), 0);
        pages += 1;
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(pages, 2);
    let found = super::all_items(
        &app,
        "/api/v1/events?time_of_day=08:00-08:00&sort=-start&limit=500",
    );
    assert_eq!(found.len(), 500);
}

#[test]
fn events_that_recur_for_years_are_on_the_first_page_in_both_directions() {
    let app = app();
    for hour in 10..20 {
        event(&format!("Kl. {hour}"))
            .on(&format!("2027-03-02T{hour}:00"))
            .repeating("FREQ=DAILY")
            .save(&app);
    }
    for query in ["", "weekday=mon&"] {
        let mut expected = titles(&app, &format!("/api/v1/events?{query}sort=start"));
        assert_eq!(expected.len(), 10, "{query}");
        expected.reverse();
        let found = titles(&app, &format!("/api/v1/events?{query}sort=-start"));
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn a_page_in_the_order_of_changes_ends_when_it_has_looked_far_enough_ahead() {
    let app = app();
    for number in 0..40 {
        event(&format!("Nr. {number}"))
            .on("2027-03-02T10:00")
            .repeating("FREQ=YEARLY")
            .save(&app);
    }
    let path = "/api/v1/events?sort=modified&time_of_day=03:00-03:01&to=2400-01-01";
    let page = app.program().get(path).ok().json();
    assert_eq!(page["items"].as_array().unwrap().len(), 0);
    let next = page["next"].as_str().expect("it ends early");
    let rest = app.program().get(&format!("{path}&cursor={next}")).ok();
    let rest = rest.json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 0);
    assert!(rest["next"].is_null());
}
