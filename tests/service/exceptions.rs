//! Events whose dates are cancelled, excluded, moved or renamed one by one.

use calendar_domain::{EventStatus, Override, Start, Text};
use serde_json::Value;

use crate::support::server::local_time;
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

fn at(local: &str) -> Start {
    Start::Local(local_time(local))
}

/// Saves an event with two dates that are both cancelled.
fn save_cancelled_one_by_one(app: &TestServer) {
    event("Avlyst kor")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=2")
        .with_one_cancelled("2027-04-01T18:00")
        .with_one_cancelled("2027-04-08T18:00")
        .save(app);
}

/// Saves an event of which no date is left.
fn save_without_dates(app: &TestServer) {
    event("Kor uten datoer")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=2")
        .but_not_on("2027-04-01T18:00")
        .but_not_on("2027-04-08T18:00")
        .save(app);
}

#[test]
fn an_event_is_cancelled_if_each_of_its_dates_is() {
    let app = app();
    save_cancelled_one_by_one(&app);
    let page = raw(&app, "/events/avlyst-kor");
    assert!(page.contains("<h2 id=\"changed\">Avlyst</h2>"), "{page}");
    for extension in ["ics", "rss", "atom", "json"] {
        let feed = raw(&app, &format!("/feeds/search.{extension}?q=avlyst"));
        assert!(feed.contains("AVLYST: Avlyst kor"), "{extension}: {feed}");
    }
    let csv = raw(&app, "/feeds/search.csv?q=avlyst");
    assert!(csv.contains(",cancelled,"), "{csv}");
    let calendar = app.visitor().get("/feeds/search.ics?q=avlyst").calendar();
    for component in &calendar.events {
        assert_eq!(component.value("STATUS"), "CANCELLED");
    }
    for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
        let feed = format!("/feeds/search.{extension}?q=avlyst&cancelled=omit");
        assert!(!raw(&app, &feed).contains("Avlyst kor"), "{extension}");
    }
}

#[test]
fn an_event_with_one_date_left_is_not_cancelled() {
    let app = app();
    event("Nesten avlyst kor")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_cancelled("2027-04-01T18:00")
        .with_one_cancelled("2027-04-08T18:00")
        .save(&app);
    let page = raw(&app, "/events/nesten-avlyst-kor");
    assert!(!page.contains("id=\"changed\""), "{page}");
    let feed = raw(&app, "/feeds/search.json?q=nesten&cancelled=omit");
    assert!(feed.contains("Nesten avlyst kor"), "{feed}");
}

#[test]
fn an_event_without_dates_claims_none() {
    let app = app();
    save_without_dates(&app);
    let page = app.visitor().read("/events/kor-uten-datoer");
    assert!(
        page.contains("Ingen datoer") && !page.contains("april") && !page.contains("over"),
        "{page}"
    );
    let english = app.visitor().read("/en/events/kor-uten-datoer");
    assert!(english.contains("No dates"), "{english}");
    let own = |extension: &str| format!("/events/kor-uten-datoer.{extension}");
    let item = json(&app, &own("json"))["items"][0].clone();
    assert_eq!(item["_event"]["start"], Value::Null);
    assert!(
        item["content_text"]
            .as_str()
            .unwrap()
            .starts_with("Ingen datoer"),
        "{item}"
    );
    let linked = json(&app, &own("jsonld"))["itemListElement"][0]["item"].clone();
    assert!(
        linked.get("startDate").is_none() && linked.get("endDate").is_none(),
        "{linked}"
    );
    for extension in ["rss", "atom", "csv"] {
        let feed = raw(&app, &own(extension));
        assert!(feed.contains("Kor uten datoer"), "{extension}: {feed}");
        assert!(!feed.contains("2027-04"), "{extension}: {feed}");
    }
    for list in ["/?q=kor", "/feeds/all.json", "/feeds/all.ics"] {
        assert!(!raw(&app, list).contains("Kor uten datoer"), "{list}");
    }
}

#[test]
fn an_edition_without_dates_is_not_the_next_of_its_series() {
    let app = app();
    event("Eksempeldagene")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=2")
        .but_not_on("2027-04-01T18:00")
        .but_not_on("2027-04-08T18:00")
        .edition("vinterfesten-valer", "2027")
        .save(&app);
    let page = app.visitor().read("/series/vinterfesten-valer");
    assert!(page.contains("Dato kommer"), "{page}");
    assert!(page.contains("2027 Ingen datoer"), "{page}");
    for feed in ["all", "series/vinterfesten-valer"] {
        let feed = raw(&app, &format!("/feeds/{feed}.json"));
        assert!(!feed.contains("Eksempeldagene"), "{feed}");
    }
    let list = app.visitor().read("/series");
    assert!(!list.contains("1. april 2027"), "{list}");
}

#[test]
fn the_notice_of_a_change_is_about_the_date_that_is_shown() {
    let app = app();
    event("Flyttet kor")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_moved("2027-04-01T18:00", "2027-04-02T19:00")
        .save(&app);
    let page = raw(&app, "/events/flyttet-kor");
    assert!(
        page.contains("<h2 id=\"changed\">Nytt tidspunkt</h2>"),
        "{page}"
    );
    let notice = page.split_once("id=\"changed\"").unwrap().1;
    let notice = notice.split("</section>").next().unwrap();
    let notice = notice.replace('\u{a0}', " ");
    assert!(notice.contains("1. april 2027 kl. 18.00"), "{notice}");
    // The next date is one at its usual time.
    app.turn_to("2027-04-05T12:00");
    let page = raw(&app, "/events/flyttet-kor");
    assert!(!page.contains("id=\"changed\""), "{page}");
}

#[test]
fn the_notice_of_a_moved_event_leaves_out_a_date_that_takes_place_as_planned() {
    let app = app();
    let as_planned = Override {
        status: Some(EventStatus::Scheduled),
        ..Override::default()
    };
    let postponed = Override {
        status: Some(EventStatus::Postponed),
        ..Override::default()
    };
    event("Utsatt kor")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .standing(EventStatus::Rescheduled)
        .with_change(at("2027-04-01T18:00"), as_planned)
        .with_change(at("2027-04-08T18:00"), postponed)
        .save(&app);
    let page = raw(&app, "/events/utsatt-kor");
    assert!(!page.contains("id=\"changed\""), "{page}");
    app.turn_to("2027-04-05T12:00");
    let page = raw(&app, "/events/utsatt-kor");
    assert!(page.contains("<h2 id=\"changed\">Utsatt</h2>"), "{page}");
}

#[test]
fn json_ld_ends_a_series_with_its_last_date_and_an_endless_one_never() {
    let app = app();
    event("Kurs med slutt")
        .on("2027-04-01T18:00")
        .until("2027-04-01T20:00")
        .repeating("FREQ=WEEKLY;COUNT=5")
        .with_one_cancelled("2027-04-29T18:00")
        .save(&app);
    event("Kurs uten klokkeslett for slutt")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;UNTIL=20270430T000000Z")
        .save(&app);
    event("Kurs for alltid")
        .on("2027-04-01T18:00")
        .until("2027-04-01T20:00")
        .repeating("FREQ=WEEKLY")
        .save(&app);
    let item = |words: &str| {
        let list = json(&app, &format!("/feeds/search.jsonld?q={words}"));
        list["itemListElement"][0]["item"].clone()
    };
    let ended = item("med+slutt");
    assert_eq!(ended["startDate"], "2027-04-01T18:00:00+02:00");
    assert_eq!(ended["endDate"], "2027-04-22T20:00:00+02:00");
    assert_eq!(item("klokkeslett")["endDate"], "2027-04-29");
    let endless = item("alltid");
    assert_eq!(endless["startDate"], "2027-04-01T18:00:00+02:00");
    assert!(endless.get("endDate").is_none(), "{endless}");
}

#[test]
fn pages_and_feeds_say_that_more_dates_follow() {
    let app = app();
    event("Prøvefest")
        .on("2027-06-01T18:00")
        .repeating("FREQ=YEARLY;COUNT=4")
        .save(&app);
    event("Kort kurs")
        .on("2027-06-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=4")
        .save(&app);
    event("Langt kurs")
        .on("2027-06-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=20")
        .save(&app);
    let said = |path: &str, words: &str| raw(&app, path).contains(words);
    let more = "Flere datoer følger.";
    assert!(said("/events/provefest", more));
    assert!(said("/en/events/provefest", "More dates follow."));
    assert!(said("/events/langt-kurs", more));
    assert!(!said("/events/kort-kurs", more));
    for extension in ["rss", "atom", "json"] {
        let feed = |words: &str| format!("/feeds/search.{extension}?q={words}");
        assert!(said(&feed("prøvefest"), more), "{extension}");
        assert!(!said(&feed("kort+kurs"), more), "{extension}");
        // Text lists up to thirty dates.
        assert!(!said(&feed("langt+kurs"), more), "{extension}");
    }
    let details = |words: &str| {
        json(&app, &format!("/feeds/search.json?q={words}"))["items"][0]["_event"].clone()
    };
    assert_eq!(details("prøvefest")["more_occurrences"], true);
    assert!(details("kort+kurs").get("more_occurrences").is_none());
    let more = |words: &str| {
        let table = raw(&app, &format!("/feeds/search.csv?q={words}"));
        // Eight columns follow.
        table.trim_end().rsplit(',').nth(8).unwrap().to_owned()
    };
    assert_eq!(more("prøvefest"), "true");
    assert_eq!(more("kort+kurs"), "false");
}

#[test]
fn the_page_lists_the_dates_of_an_event_that_returns_after_years() {
    let app = app();
    event("Jubileum")
        .on("2025-06-01T18:00")
        .repeating("FREQ=YEARLY;INTERVAL=5;COUNT=4")
        .save(&app);
    let page = app.visitor().read("/events/jubileum");
    assert!(
        page.contains("1. juni 2030") && !page.contains("2025"),
        "{page}"
    );
}

#[test]
fn a_search_feed_of_days_lists_the_dates_from_its_first_day_on() {
    let app = app();
    event("Ukentlig kor")
        .on("2026-09-03T18:00")
        .repeating("FREQ=WEEKLY")
        .save(&app);
    let listed = |filter: &str| {
        let feed = json(&app, &format!("/feeds/search.json?q=ukentlig{filter}"));
        let all = feed["items"][0]["_event"]["occurrences"].clone();
        let start = |value: &Value| value["start"].as_str().unwrap()[..10].to_owned();
        let all: Vec<String> = all.as_array().unwrap().iter().map(start).collect();
        (all.first().unwrap().clone(), all.last().unwrap().clone())
    };
    let far = listed("&from=2029-05-01");
    assert_eq!(far.0, "2029-05-03");
    let past = listed("&from=2026-10-01&to=2026-10-31");
    assert_eq!(past, ("2026-10-01".into(), "2026-10-29".into()));
    let past = listed("&to=2027-02-10");
    assert_eq!(past, ("2026-12-03".into(), "2027-02-04".into()));
    // Other lists begin today, also after these.
    assert_eq!(listed("").0, "2027-03-04");
    let parts = json(&app, "/feeds/search.jsonld?q=ukentlig&from=2029-05-01");
    let parts = &parts["itemListElement"][0]["item"]["subEvent"];
    let first = parts[0]["startDate"].as_str().unwrap();
    assert!(first.starts_with("2029-05-03"), "{first}");
}

#[test]
fn the_title_of_a_single_date_is_searched_and_finds_that_date_only() {
    let app = app();
    let jubilee = Override {
        title: Text::nb("Jubileumskonsert"),
        ..Override::default()
    };
    event("Korøvelse")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_change(at("2027-04-08T18:00"), jubilee)
        .save(&app);
    let found = app.visitor().read("/?q=jubileumskonsert");
    assert!(found.contains("Jubileumskonsert"), "{found}");
    assert!(!found.contains("Korøvelse"), "{found}");
    let found = app.visitor().read("/?q=korøvelse");
    assert_eq!(found.matches("Korøvelse").count(), 1, "{found}");
    assert!(!found.contains("Jubileumskonsert"), "{found}");
    // A search shows the next date of an event, the list by day all.
    let found = app.visitor().read("/?q=korøvelse&page_from=2027-04-01");
    assert_eq!(found.matches("Korøvelse").count(), 2, "{found}");
    assert!(!found.contains("Jubileumskonsert"), "{found}");
    let feed = |days: &str| raw(&app, &format!("/feeds/search.ics?q=jubileumskonsert{days}"));
    assert!(feed("").contains("Jubileumskonsert"));
    assert!(feed("&from=2027-04-08&to=2027-04-08").contains("Jubileumskonsert"));
    assert!(!feed("&from=2027-04-15&to=2027-04-15").contains("Jubileumskonsert"));
}

#[test]
fn a_date_that_moved_online_is_not_listed_under_its_place() {
    let app = app();
    let online = Override {
        status: Some(EventStatus::MovedOnline),
        ..Override::default()
    };
    event("Eksempelforedrag")
        .at("Terningen Arena")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY;COUNT=2")
        .with_change(at("2027-04-08T18:00"), online)
        .save(&app);
    for filter in ["place=terningen-arena", "municipality=elverum"] {
        let on = |day: &str| format!("{filter}&from={day}&to={day}");
        let is_listed =
            |day: &str| raw(&app, &format!("/?{}", on(day))).contains("Eksempelforedrag");
        assert!(
            is_listed("2027-04-01") && !is_listed("2027-04-08"),
            "{filter}"
        );
        let is_in_feed = |day: &str| {
            raw(&app, &format!("/feeds/search.json?{}", on(day))).contains("Eksempelforedrag")
        };
        assert!(
            is_in_feed("2027-04-01") && !is_in_feed("2027-04-08"),
            "{filter}"
        );
    }
    assert!(raw(&app, "/?from=2027-04-08&to=2027-04-08").contains("Eksempelforedrag"));
}

#[test]
fn the_last_years_have_the_dates_of_a_rule_without_an_end() {
    let app = app();
    event("Evig marked")
        .on("2027-04-01T18:00")
        .repeating("FREQ=YEARLY")
        .save(&app);
    event("Evig kor")
        .on("2027-04-01T18:00")
        .repeating("FREQ=WEEKLY")
        .save(&app);
    for from in ["9997-01-01", "9998-01-01", "9998-12-31"] {
        let page = raw(&app, &format!("/?from={from}"));
        assert!(
            page.contains("Evig marked") && page.contains("Evig kor"),
            "{from}"
        );
        let feed = raw(&app, &format!("/feeds/search.json?from={from}"));
        assert!(
            feed.contains("Evig marked") && feed.contains("Evig kor"),
            "{from}"
        );
    }
}
