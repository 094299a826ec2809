//! Occurrences that overlap a thousand times, and unbounded vocabulary.

use serde_json::{Value, json};

use crate::outgo::sender::sender;
use crate::support::{Program, TestServer, event, memory_of};

fn daily(start: &str, end: &str, rule: &str) -> Value {
    json!({"title": {"nb": "Hver dag i tretti år"}, "start": start, "end": end,
        "recurrence": {"rrule": rule}})
}

#[test]
fn occurrences_that_overlap_too_often_are_refused_with_the_reason() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for (start, end, rule) in [
        ("2000-01-01", "2029-12-31", "FREQ=DAILY"),
        ("2027-01-01", "2027-12-31", "FREQ=DAILY;COUNT=300"),
        (
            "2027-01-01",
            "2047-12-31",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        ),
        ("2027-01-01T10:00:00", "2029-01-01T10:00:00", "FREQ=WEEKLY"),
        (
            "2027-06-01",
            "2027-08-31",
            "FREQ=YEARLY;BYMONTH=6,7,8;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        ),
    ] {
        let problem = venue
            .put("1", &daily(start, end, rule))
            .with_status(422)
            .json();
        assert_eq!(problem["errors"][0]["field"], "end", "{problem}");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("overlap"), "{detail}");
    }
    for (start, end, rule) in [
        ("2000-01-01", "2000-01-02", "FREQ=DAILY"),
        ("2027-01-01", "2027-01-14", "FREQ=WEEKLY"),
        ("2027-01-01T22:00:00", "2027-01-02T03:00:00", "FREQ=DAILY"),
        ("2000-01-01", "2029-12-31", "FREQ=YEARLY;INTERVAL=30"),
    ] {
        let answer = venue.put("2", &daily(start, end, rule));
        assert!(answer.status < 300, "{start} {rule}: {}", answer.text());
    }
    let dates: Vec<String> = (1..=31).map(|day| format!("2027-01-{day:02}")).collect();
    let mut listed = daily("2026-12-01", "2028-12-31", "FREQ=YEARLY;COUNT=1");
    let march = dates.iter().map(|date| date.replace("-01-", "-03-"));
    let dates: Vec<String> = dates.iter().cloned().chain(march).collect();
    listed["recurrence"]["rdates"] = json!(dates);
    venue.put("3", &listed).with_status(422);
}

#[test]
fn a_stored_event_whose_occurrences_overlap_is_one_row_of_what_runs_today() {
    let mut app = TestServer::start();
    let plain = app.visitor().get("/").ok().body.len();
    event("Hver dag i tretti år")
        .on_days("2000-01-01", "2029-12-31")
        .repeating("FREQ=DAILY")
        .save(&app);
    for _ in 0..2 {
        let page = app.visitor().get("/").ok();
        assert!(
            page.body.len() < plain + 200_000,
            "{} bytes",
            page.body.len()
        );
        let list = page
            .text()
            .split("class=\"running\"")
            .nth(1)
            .unwrap_or_else(|| page.text());
        let list = list.split("</section>").next().unwrap();
        assert_eq!(list.matches("Hver dag i tretti år</").count(), 1, "{list}");
        for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
            let feed = app.visitor().get(&format!("/feeds/all.{extension}")).ok();
            assert!(
                feed.body.len() < 4_000_000,
                "{extension}: {}",
                feed.body.len()
            );
        }
        app.restart();
    }
}

/// Returns a text of words not used before.
fn new_words(round: usize, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 16);
    let mut number = round * 1_000_000;
    while text.len() < bytes {
        number += 1;
        text += &format!("q{number:x} ");
    }
    text
}

#[test]
fn an_event_that_changes_all_its_words_again_and_again_takes_no_more_memory() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "klubb", "--kind", "interface"])
        .ok();
    let serving = program.serve(&[]);
    let said = program.run(&["partner", "key", "klubb"]).ok().out;
    let key = said.split_whitespace().next_back().unwrap().to_owned();
    let client = reqwest::blocking::Client::new();
    let put = |round: usize| {
        // The maximum length of a description, in each language.
        let words = |lang: usize| new_words(round * 3 + lang, 19_900);
        let body = json!({"title": {"nb": "Ord"}, "start": "2027-05-01",
            "description": {"nb": words(0), "nn": words(1), "en": words(2)}});
        let url = format!("{}/api/v1/partner/events/1", serving.address);
        let answer = client
            .put(url)
            .bearer_auth(&key)
            .json(&body)
            .send()
            .unwrap();
        assert!(answer.status().is_success(), "{:?}", answer.text());
    };
    (0..10).for_each(put);
    let before = memory_of(serving.pid());
    (10..590).for_each(put);
    let after = memory_of(serving.pid());
    assert!(
        after < before + 250_000,
        "{before} kB before, {after} kB after"
    );
    let found = String::from_utf8(serving.get("/?q=q2")).unwrap();
    assert!(found.contains("<html"), "{found}");
}
