//! Occurrences at their own time and place, consistently in pages, filters and all feeds.

use chrono_tz::Tz;
use serde_json::Value;

use crate::support::{TestServer, event};

fn app() -> TestServer {
    TestServer::builder().at("2027-03-01T12:00").start()
}

fn json(app: &TestServer, path: &str) -> Value {
    app.visitor().get(path).ok().json()
}

fn raw(app: &TestServer, path: &str) -> String {
    app.visitor().get(path).ok().text().to_owned()
}

/// Returns true if a page of the agenda lists an event.
fn is_listed(app: &TestServer, path: &str, title: &str) -> bool {
    app.visitor().read(path).contains(title)
}

#[test]
fn an_occurrence_at_another_place_is_listed_there_and_not_under_the_old_one() {
    let app = app();
    event("Eksempelkor")
        .at("Terningen Arena")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_at("2027-04-08T18:00", "amot-kulturhus")
        .save(&app);
    let (old, new, day) = (
        "place=terningen-arena",
        "place=amot-kulturhus",
        "from=2027-04-08&to=2027-04-08",
    );
    assert!(is_listed(&app, &format!("/?{new}&{day}"), "Eksempelkor"));
    assert!(!is_listed(&app, &format!("/?{old}&{day}"), "Eksempelkor"));
    assert!(is_listed(
        &app,
        &format!("/?municipality=amot&{day}"),
        "Eksempelkor"
    ));
    assert!(!is_listed(
        &app,
        &format!("/?municipality=elverum&{day}"),
        "Eksempelkor"
    ));
    assert!(is_listed(
        &app,
        &format!("/?{old}&from=2027-04-15&to=2027-04-15"),
        "Eksempelkor"
    ));
    assert!(!is_listed(
        &app,
        &format!("/?{new}&from=2027-04-15&to=2027-04-15"),
        "Eksempelkor"
    ));
    for extension in ["ics", "json", "csv", "rss"] {
        let feed = raw(&app, &format!("/feeds/place/amot-kulturhus.{extension}"));
        assert!(feed.contains("Eksempelkor"), "{extension}");
    }
    let list = json(&app, "/feeds/place/amot-kulturhus.jsonld");
    let parts = &list["itemListElement"][0]["item"]["subEvent"];
    let places: Vec<&str> = parts
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["location"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        places,
        ["Terningen Arena", "Åmot kulturhus", "Terningen Arena"]
    );
}

#[test]
fn a_search_feed_of_days_and_a_place_leaves_out_what_is_elsewhere_on_those_days() {
    let app = app();
    event("Eksempelkor")
        .at("Terningen Arena")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_at("2027-04-08T18:00", "amot-kulturhus")
        .save(&app);
    let there = |filter: &str| {
        let query = format!("{filter}&from=2027-04-08&to=2027-04-08");
        raw(&app, &format!("/feeds/search.json?{query}")).contains("Eksempelkor")
    };
    assert!(there("place=amot-kulturhus") && there("municipality=amot"));
    assert!(!there("place=terningen-arena") && !there("municipality=elverum"));
}

#[test]
fn the_date_of_an_event_is_the_earliest_even_if_a_later_one_was_moved_before_it() {
    let app = app();
    event("Fremskyndet")
        .on("2027-04-08T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_moved("2027-04-15T18:00", "2027-04-03T18:00")
        .save(&app);
    let feed = json(&app, "/feeds/search.json?q=fremskyndet");
    let start = &feed["items"][0]["_event"]["start"];
    assert!(start.as_str().unwrap().starts_with("2027-04-03"), "{start}");
}

#[test]
fn the_date_of_a_feed_item_has_the_place_of_that_date() {
    let app = app();
    event("Eksempelkor")
        .at("Terningen Arena")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_at("2027-04-01T18:00", "amot-kulturhus")
        .save(&app);
    let feed = |extension: &str| format!("/feeds/search.{extension}?q=eksempelkor");
    let details = json(&app, &feed("json"))["items"][0]["_event"].clone();
    let place = details["location"].as_str().unwrap();
    assert!(place.contains("Åmot kulturhus"), "{details}");
    let item = json(&app, &feed("jsonld"))["itemListElement"][0]["item"].clone();
    assert_eq!(item["location"]["name"], "Åmot kulturhus");
    let csv = raw(&app, &feed("csv"));
    assert!(csv.contains(",scheduled,Åmot kulturhus,"), "{csv}");
    let page = raw(&app, "/events/eksempelkor");
    let head = page.split("</head>").next().unwrap();
    assert!(head.contains("Åmot kulturhus"), "{head}");
}

#[test]
fn a_search_from_a_day_far_ahead_finds_in_feeds_what_the_page_finds() {
    let app = app();
    event("Fjern konsert").on("2029-06-01T18:00").save(&app);
    let filter = "from=2029-05-01";
    assert!(is_listed(&app, &format!("/?{filter}"), "Fjern konsert"));
    for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
        let feed = raw(&app, &format!("/feeds/search.{extension}?{filter}"));
        assert!(feed.contains("Fjern konsert"), "{extension}");
    }
}

#[test]
fn the_parts_of_a_series_in_json_ld_are_those_to_come() {
    let app = app();
    event("Morgentrim")
        .on("2026-12-01T07:00")
        .repeating("FREQ=DAILY")
        .save(&app);
    let list = json(&app, "/feeds/search.jsonld?q=morgentrim");
    let parts = list["itemListElement"][0]["item"]["subEvent"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(parts.len(), 100);
    let starts: Vec<&str> = parts
        .iter()
        .map(|part| part["startDate"].as_str().unwrap())
        .collect();
    assert!(starts[0].starts_with("2027-03-01"), "{}", starts[0]);
    assert!(starts[99].starts_with("2027-06-08"), "{}", starts[99]);
}

#[test]
fn where_one_date_alone_is_told_it_is_one_on_which_the_event_takes_place() {
    let app = app();
    event("Uten den første")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=4")
        .but_not_on("2027-04-01T18:00")
        .with_one_cancelled("2027-04-08T18:00")
        .save(&app);
    for choice in ["", "&cancelled=omit"] {
        let feed = |extension: &str| format!("/feeds/search.{extension}?q=uten{choice}");
        let start = &json(&app, &feed("json"))["items"][0]["_event"]["start"];
        assert!(start.as_str().unwrap().starts_with("2027-04-15"), "{start}");
        let item = json(&app, &feed("jsonld"))["itemListElement"][0]["item"].clone();
        assert!(
            item["startDate"]
                .as_str()
                .unwrap()
                .starts_with("2027-04-15")
        );
        let parts = item["subEvent"].as_array().unwrap().len();
        assert_eq!(parts, if choice.is_empty() { 3 } else { 2 });
        let csv = raw(&app, &feed("csv"));
        assert!(csv.contains(",2027-04-15T18:00:00+02:00,"), "{csv}");
        let rss = raw(&app, &feed("rss"));
        assert!(rss.contains("2027-04-15T18:00"), "{rss}");
    }
    let page = app.visitor().read("/events/uten-den-forste");
    assert!(page.contains("15. april 2027 kl. 18.00"), "{page}");
}

#[test]
fn every_form_tells_the_time_of_the_region() {
    let app = app();
    let zone = |name: &str| name.parse::<Tz>().unwrap();
    event("Utc-konsert")
        .in_zone(zone("UTC"))
        .on("2027-06-15T17:00")
        .save(&app);
    event("Kveld i New York")
        .in_zone(zone("America/New_York"))
        .on("2027-06-15T20:00")
        .save(&app);
    event("Ukentlig fra London")
        .in_zone(zone("Europe/London"))
        .on("2027-06-04T18:00")
        .repeating("FREQ=WEEKLY")
        .save(&app);
    for extension in ["rss", "atom", "json"] {
        let feed = |words: &str| raw(&app, &format!("/feeds/search.{extension}?q={words}"));
        let utc = feed("utc-konsert");
        assert!(
            utc.contains("19.00") && !utc.contains("17.00"),
            "{extension}: {utc}"
        );
        let york = feed("kveld+york");
        assert!(
            york.contains("16. juni") && york.contains("02.00"),
            "{extension}: {york}"
        );
        let london = feed("ukentlig+london");
        assert!(
            london.contains("19.00") && !london.contains("18.00"),
            "{extension}"
        );
    }
    let page = app.visitor().read("/events/ukentlig-fra-london");
    assert!(page.contains("19.00") && !page.contains("18.00"), "{page}");
}

#[test]
fn the_head_of_a_page_names_a_date_that_is_on_and_last_nights_dance_is_over() {
    let app = TestServer::builder().at("2027-06-06T10:00").start();
    event("Lørdagsdans")
        .on("2027-06-05T22:00")
        .until("2027-06-06T02:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_cancelled("2027-06-12T22:00")
        .save(&app);
    let page = app.visitor().read("/events/lordagsdans");
    let head = page.split("</header>").next().unwrap().to_owned() + &page[..page.len() / 2];
    assert!(!page.contains("5. juni"), "{page}");
    assert!(head.contains("19. juni 2027"), "{page}");
    // Past on the morning after the last occurrence.
    app.turn_to("2027-06-20T10:00");
    let page = app.visitor().read("/events/lordagsdans");
    assert!(page.contains("Arrangementet er over"), "{page}");
}

#[test]
fn a_series_that_ends_with_a_day_is_over_the_day_after() {
    let app = TestServer::builder().at("2027-06-01T10:00").start();
    event("Torsdagstur")
        .on("2027-06-03T18:00")
        .repeating("FREQ=WEEKLY;UNTIL=20270617T160000Z")
        .save(&app);
    app.turn_to("2027-06-17T10:00");
    assert!(
        !app.visitor()
            .read("/events/torsdagstur")
            .contains("Arrangementet er over")
    );
    app.turn_to("2027-06-18T10:00");
    assert!(
        app.visitor()
            .read("/events/torsdagstur")
            .contains("Arrangementet er over")
    );
}

#[test]
fn a_provisional_date_that_has_passed_is_not_provisional_any_more() {
    let app = TestServer::builder().at("2027-06-01T10:00").start();
    let tentative = calendar_domain::EventStatus::Tentative;
    event("Kanskje marked")
        .on_days("2027-06-05", "2027-06-06")
        .standing(tentative)
        .save(&app);
    let said = |app: &TestServer| app.visitor().read("/events/kanskje-marked").to_lowercase();
    assert!(said(&app).contains("foreløpig"));
    app.turn_to("2027-06-07T10:00");
    assert!(!said(&app).contains("foreløpig"), "{}", said(&app));
    let agenda = app
        .visitor()
        .read("/?from=2027-06-01&to=2027-06-06&q=kanskje")
        .to_lowercase();
    assert!(
        agenda.contains("kanskje") && !agenda.contains("foreløpig dato"),
        "{agenda}"
    );
}

#[test]
fn the_search_form_keeps_the_filters_that_it_has_no_field_for() {
    let app = app();
    let page = raw(
        &app,
        "/?series=grundsetmartn&accessible=step_free&place=terningen-arena&place=amot-kulturhus&q=marked",
    );
    for field in [
        "name=\"series\" value=\"grundsetmartn\"",
        "name=\"accessible\" value=\"step-free\"",
        "name=\"place\" value=\"terningen-arena\"",
    ] {
        assert!(
            page.contains(&format!("<input type=\"hidden\" {field}>")),
            "{field}: {page}"
        );
    }
    assert!(
        page.contains("<option value=\"amot-kulturhus\" selected>"),
        "{page}"
    );
}
