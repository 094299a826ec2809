//! Properties of every format, for any feed.

use chrono::TimeDelta;
use elverum_calendar::feeds::FEEDS;
use reqwest::Method;

use crate::support::{TestServer, event};

/// The feeds that contain the concert, without extension.
const FEEDS_OF_THE_CONCERT: [&str; 5] = [
    "/feeds/all",
    "/feeds/category/music",
    "/feeds/municipality/3420",
    "/feeds/search",
    "/events/sommerkonsert",
];

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![crate::support::region::place("Storsalen", "3420")]);
    let concert = event("Sommerkonsert").at("Storsalen").under("music");
    concert.on("2027-06-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    app
}

/// Returns the addresses of these feeds in every format, with the media type.
fn addresses() -> impl Iterator<Item = (String, &'static str)> {
    FEEDS.iter().flat_map(|feed| {
        FEEDS_OF_THE_CONCERT.map(|path| (format!("{path}.{}", feed.extension()), feed.media_type()))
    })
}

#[test]
fn every_format_of_every_feed_says_what_it_is() {
    let app = app();
    for (path, media_type) in addresses() {
        let get = app.ask(Method::GET, &path, &[]).ok();
        assert_eq!(get.header("Content-Type"), media_type, "{path}");
        assert_eq!(get.header("Access-Control-Allow-Origin"), "*", "{path}");
        assert!(get.header("Cache-Control").contains("public"), "{path}");
        assert!(get.text().contains("Sommerkonsert"), "{path}");
        let head = app.ask(Method::HEAD, &path, &[]).ok();
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("ETag"), get.header("ETag"), "{path}");
        assert_eq!(
            head.header("Content-Length"),
            get.body.len().to_string(),
            "{path}"
        );
    }
}

#[test]
fn every_format_answers_conditional_requests_and_follows_a_change() {
    let app = app();
    let read = || -> Vec<(String, String, String)> {
        let answers = addresses().map(|(path, _)| app.ask(Method::GET, &path, &[]).ok());
        let validators = answers.map(|answer| {
            let (tag, modified) = (answer.header("ETag"), answer.header("Last-Modified"));
            (answer.path.clone(), tag.to_owned(), modified.to_owned())
        });
        validators.collect()
    };
    let before = read();
    for (path, tag, modified) in &before {
        app.ask(Method::GET, path, &[("If-None-Match", tag)])
            .with_status(304);
        app.ask(Method::GET, path, &[("If-Modified-Since", modified)])
            .with_status(304);
    }
    crate::support::saved::Saved::find(&app, "sommerkonsert").rename("Vinterkonsert");
    for (path, tag, modified) in &before {
        let answer = app.ask(Method::GET, path, &[("If-None-Match", tag)]).ok();
        assert!(answer.text().contains("Vinterkonsert"), "{path}");
        app.ask(Method::GET, path, &[("If-Modified-Since", modified)])
            .ok();
    }
}

#[test]
fn every_format_refuses_in_the_same_words() {
    let app = app();
    for (path, _) in addresses() {
        let problem = app
            .visitor()
            .get(&format!("{path}?color=red"))
            .with_status(400);
        assert_eq!(
            problem.header("Content-Type"),
            "application/problem+json",
            "{path}"
        );
        assert_eq!(problem.json()["errors"][0]["field"], "color", "{path}");
    }
    for feed in FEEDS {
        let path = format!("/events/nothing.{}", feed.extension());
        let problem = app.visitor().get(&path).with_status(404);
        assert_eq!(
            problem.header("Content-Type"),
            "application/problem+json",
            "{path}"
        );
    }
}

#[test]
fn json_formats_are_json() {
    let app = app();
    for path in FEEDS_OF_THE_CONCERT {
        let feed = app.program().get(&format!("{path}.json")).ok().json();
        assert_eq!(
            feed["version"], "https://jsonfeed.org/version/1.1",
            "{path}"
        );
        assert_eq!(feed["items"].as_array().unwrap().len(), 1, "{path}");
        app.program().get(&format!("{path}.jsonld")).ok().json();
    }
}
