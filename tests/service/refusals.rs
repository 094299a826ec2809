//! Invalid requests: RFC 9457 problems for programs, pages for people.

use reqwest::Method;

use crate::support::personas::BROWSER;
use crate::support::{TestServer, event, html};

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    app
}

/// `Accept` fields of calendar programs, scripts and browsers.
const ACCEPTS: [&[(&str, &str)]; 4] = [
    &[],
    &[("Accept", "*/*")],
    &[("Accept", "text/calendar, */*;q=0.1")],
    &[("Accept", BROWSER)],
];

#[test]
fn a_feed_names_the_parameter_it_does_not_know_and_those_it_does() {
    let app = app();
    let feeds = [
        ("/feeds/all.ics?color=red", "lang, cancelled, tentative"),
        (
            "/feeds/category/music.ics?color=red",
            "lang, cancelled, tentative",
        ),
        (
            "/events/sommerkonsert.ics?color=red",
            "lang, cancelled, tentative",
        ),
        ("/feeds/search.ics?color=red", "municipality"),
    ];
    for (feed, known) in feeds {
        for accept in ACCEPTS {
            let answer = app.ask(Method::GET, feed, accept).with_status(400);
            assert_eq!(
                answer.header("Content-Type"),
                "application/problem+json",
                "{feed}"
            );
            assert_eq!(answer.header("Access-Control-Allow-Origin"), "*", "{feed}");
            assert_eq!(answer.header("Cache-Control"), "no-store", "{feed}");
            let problem = answer.json();
            assert_eq!(problem["status"], 400, "{feed}");
            assert!(
                problem["title"].is_string() && problem["type"].is_string(),
                "{feed}"
            );
            assert_eq!(
                problem["request_id"],
                answer.header("X-Request-Id"),
                "{feed}"
            );
            let errors = problem["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{feed}");
            assert_eq!(errors[0]["field"], "color", "{feed}");
            assert!(
                errors[0]["detail"].as_str().unwrap().contains(known),
                "{feed}: {problem}"
            );
        }
    }
}

#[test]
fn every_wrong_parameter_gets_its_own_line() {
    let app = app();
    let path = "/feeds/search.ics?from=tomorrow&category=musik&q=x&lang=sv&free=perhaps";
    let problem = app.program().get(path).with_status(400).json();
    let errors = problem["errors"].as_array().unwrap();
    let fields: Vec<_> = errors
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["from", "category", "lang", "free"]);
    let detail = |at: usize| errors[at]["detail"].as_str().unwrap();
    assert!(
        detail(0).contains("2027-03-04"),
        "an example of a date: {}",
        detail(0)
    );
    assert!(
        detail(1).contains("music, sport"),
        "the categories: {}",
        detail(1)
    );
    assert!(detail(2).contains("nb, nn, en"), "{}", detail(2));
}

#[test]
fn a_search_whose_end_lies_before_its_beginning_is_refused() {
    let app = app();
    let path = "/feeds/search.ics?from=2027-03-05&to=2027-03-04";
    let problem = app.program().get(path).with_status(400).json();
    assert_eq!(problem["errors"][0]["field"], "to");
}

#[test]
fn a_person_gets_a_page_that_names_the_parameter() {
    let app = app();
    for (page, lang) in [
        ("/?municipality=rod", "nb"),
        ("/nn?municipality=rod", "nn"),
        ("/en?municipality=rod", "en"),
        ("/subscribe?municipality=rod", "nb"),
    ] {
        let answer = app.visitor().get(page).with_status(400);
        assert!(
            answer.header("Content-Type").starts_with("text/html"),
            "{page}"
        );
        assert_eq!(html::lang(answer.text()), lang, "{page}");
        assert_eq!(answer.header("Content-Language"), lang, "{page}");
        let words = html::words(answer.text());
        assert!(words.contains("municipality"), "{page}: {words}");
        assert!(
            words.contains("elverum"),
            "{page} names what is known: {words}"
        );
    }
}

#[test]
fn what_is_not_there_is_a_helpful_page_in_every_language() {
    let app = app();
    let missing = [
        "/nowhere",
        "/events/nothing",
        "/series/nothing",
        "/places/x/y",
        "/EVENTS",
    ];
    for path in missing {
        for (prefix, lang) in [("", "nb"), ("/nn", "nn"), ("/en", "en")] {
            let page = format!("{prefix}{path}");
            let answer = app.visitor().get(&page).with_status(404);
            assert!(
                answer.header("Content-Type").starts_with("text/html"),
                "{page}"
            );
            assert_eq!(html::lang(answer.text()), lang, "{page}");
            let links = html::attributes(answer.text(), "href");
            let home = if prefix.is_empty() { "/" } else { prefix };
            assert!(
                links.iter().any(|link| link == home),
                "{page} leads on to {home}"
            );
            assert!(
                answer.text().contains("name=\"q\""),
                "{page} lets one search"
            );
        }
    }
}

#[test]
fn what_is_not_there_is_a_problem_to_programs() {
    let app = app();
    let missing = [
        "/feeds/nothing.ics",
        "/feeds/all.xyz",
        "/feeds/all",
        "/feeds/category/nothing.ics",
        "/feeds/colour/red.ics",
        "/feeds/municipality/9999.ics",
        "/events/nothing.ics",
    ];
    for path in missing {
        for accept in ACCEPTS {
            let answer = app.ask(Method::GET, path, accept).with_status(404);
            assert_eq!(
                answer.header("Content-Type"),
                "application/problem+json",
                "{path}"
            );
            assert_eq!(answer.json()["status"], 404, "{path}");
        }
    }
    for page in ["/nowhere", "/events/nothing"] {
        let answer = app.program().get(page).with_status(404);
        assert_eq!(
            answer.header("Content-Type"),
            "application/problem+json",
            "{page}"
        );
    }
}

#[test]
fn a_feed_that_is_not_there_is_not_there_whatever_else_is_wrong() {
    let app = app();
    app.program()
        .get("/feeds/category/nothing.ics?color=red")
        .with_status(404);
}

#[test]
fn writing_is_refused_and_says_so() {
    let app = app();
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        for path in ["/feeds/all.ics", "/", "/events/sommerkonsert"] {
            let answer = app.ask(method.clone(), path, &[("Accept", "application/json")]);
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(
                answer.header("Content-Type"),
                "application/problem+json",
                "{path}"
            );
        }
    }
}

#[test]
fn strange_addresses_are_refused_and_the_server_lives_on() {
    let app = app();
    let long = format!("/?q={}", "å".repeat(2000));
    let many = format!("/feeds/search.ics?{}", "q=x&".repeat(500));
    let strange = [
        "/events/%00",
        "/events/..%2f..%2fetc%2fpasswd",
        "/events/%ff%fe",
        "/feeds/category/%F0%9F%8E%B5.ics",
        "/feeds/search.ics?q=%ff",
        "/?q=%",
        "/static/..%2fCargo.toml",
        "/?from=9999-12-31&to=9999-12-31",
        "/?from=0000-00-00",
        long.as_str(),
        many.as_str(),
    ];
    for path in strange {
        let answer = app.visitor().get(path);
        assert!(answer.status < 500, "{path}: {}", answer.status);
    }
    app.visitor().get("/").ok();
}
