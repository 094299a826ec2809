//! Header fields of responses.

use chrono::TimeDelta;
use elverum_calendar::feeds::ScopeKind;
use reqwest::Method;

use crate::support::{Answer, TestServer, event};

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert")
        .on("2027-06-01T18:00")
        .under("music")
        .save(&app);
    app.wait(TimeDelta::minutes(1));
    app
}

fn feeds(app: &TestServer) -> Vec<String> {
    let mut feeds = app.feeds_of(ScopeKind::Category);
    let others = [
        "/feeds/all.ics",
        "/feeds/search.ics?q=sommer",
        "/events/sommerkonsert.ics",
    ];
    feeds.extend(others.map(str::to_owned));
    feeds
}

#[test]
fn rule_06_a_feed_says_what_it_is_for_how_long_and_for_whom() {
    let app = app();
    for feed in feeds(&app) {
        let answer = app.ask(Method::GET, &feed, &[]).ok();
        assert_eq!(
            answer.header("Content-Type"),
            "text/calendar; charset=utf-8",
            "{feed}"
        );
        let caching = answer.header("Cache-Control");
        assert!(
            caching.contains("public") && caching.contains("max-age="),
            "{feed}: {caching}"
        );
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*", "{feed}");
        assert!(answer.try_header("Set-Cookie").is_none(), "{feed}");
        let length: usize = answer.header("Content-Length").parse().unwrap();
        assert_eq!(length, answer.body.len(), "{feed}");
    }
}

#[test]
fn browsers_are_told_to_believe_the_type_of_what_they_might_show_or_run() {
    let app = app();
    for extension in ["rss", "atom", "json", "jsonld", "csv"] {
        let feed = format!("/feeds/all.{extension}");
        let answer = app.ask(Method::GET, &feed, &[]).ok();
        assert_eq!(answer.header("X-Content-Type-Options"), "nosniff", "{feed}");
    }
    let refused = app.ask(Method::GET, "/feeds/nothing.ics", &[]);
    assert_eq!(refused.header("X-Content-Type-Options"), "nosniff");
}

#[test]
fn a_script_of_another_site_can_read_a_feeds_tag() {
    let app = app();
    let origin = [("Origin", "https://example.org")];
    for feed in feeds(&app) {
        let answer = app.ask(Method::GET, &feed, &origin).ok();
        let exposed = answer.header("Access-Control-Expose-Headers");
        assert!(exposed.contains("ETag"), "{feed}: {exposed}");
        assert_eq!(answer.header("Vary"), "Accept-Encoding", "{feed}");
    }
}

#[test]
fn a_feed_in_a_language_that_was_asked_for_says_so() {
    let app = app();
    for lang in ["nn", "en"] {
        let feed = format!("/feeds/all.ics?lang={lang}");
        let answer = app.ask(Method::GET, &feed, &[]).ok();
        assert_eq!(answer.header("Content-Language"), lang);
    }
}

#[test]
fn head_gives_the_same_headers_and_no_body() {
    let app = app();
    let mut paths = feeds(&app);
    paths.extend(["/", "/en/about", "/events/sommerkonsert", "/nowhere"].map(str::to_owned));
    for path in paths {
        let browser = [("Accept", "text/html")];
        let get = app.ask(Method::GET, &path, &browser);
        let head = app.ask(Method::HEAD, &path, &browser);
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(get.status, head.status, "{path}");
        assert_eq!(without_date(&get), without_date(&head), "{path}");
    }
}

/// Returns the fields, except those that depend on time or request.
fn without_date(answer: &Answer) -> Vec<(String, String)> {
    let headers = answer.headers.iter();
    let mut all: Vec<_> = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .filter(|(name, _)| name != "date" && name != "x-request-id")
        .collect();
    all.sort();
    all
}

#[test]
fn options_tells_what_may_be_asked() {
    let app = app();
    for path in [
        "/feeds/all.ics",
        "/",
        "/en/series",
        "/events/sommerkonsert.ics",
    ] {
        let headers = [
            ("Origin", "https://example.org"),
            ("Access-Control-Request-Headers", "if-none-match"),
        ];
        let answer = app.ask(Method::OPTIONS, path, &headers).with_status(204);
        assert_eq!(answer.header("Allow"), "GET, HEAD, OPTIONS", "{path}");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*", "{path}");
        assert_eq!(
            answer.header("Access-Control-Allow-Methods"),
            "GET, HEAD, OPTIONS",
            "{path}"
        );
        assert!(
            answer
                .header("Access-Control-Allow-Headers")
                .contains("If-None-Match"),
            "{path}"
        );
    }
}

#[test]
fn options_tells_where_a_form_may_be_sent_and_lets_no_other_site_send_it() {
    let app = app();
    for path in ["/subscribe", "/en/subscribe"] {
        let answer = app.ask(Method::OPTIONS, path, &[]).with_status(204);
        assert_eq!(answer.header("Allow"), "GET, HEAD, OPTIONS, POST", "{path}");
        let others = answer.header("Access-Control-Allow-Methods");
        assert_eq!(others, "GET, HEAD, OPTIONS", "{path}");
    }
}

#[test]
fn a_page_lets_nothing_in_from_elsewhere() {
    let app = app();
    for page in [
        "/",
        "/en",
        "/events/sommerkonsert",
        "/subscribe",
        "/nowhere",
    ] {
        let answer = app.visitor().get(page);
        assert!(
            answer
                .header("Content-Type")
                .starts_with("text/html; charset=utf-8"),
            "{page}"
        );
        let policy = answer.header("Content-Security-Policy");
        assert!(policy.starts_with("default-src 'none'"), "{page}: {policy}");
        assert!(!policy.contains("script-src"), "{page}: {policy}");
        assert!(!policy.contains("http"), "{page}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{page}: {policy}"
        );
        assert_eq!(answer.header("X-Content-Type-Options"), "nosniff", "{page}");
        assert!(answer.try_header("Referrer-Policy").is_some(), "{page}");
        assert!(answer.try_header("Set-Cookie").is_none(), "{page}");
    }
}

#[test]
fn what_pages_load_may_be_kept_for_ever() {
    let app = app();
    let page = app.visitor().get("/").ok();
    let style = crate::support::html::attributes(page.text(), "href")
        .into_iter()
        .find(|url| url.contains(".css"))
        .expect("a page has a style sheet");
    let answer = app.visitor().get(&style).ok();
    assert_eq!(answer.header("Content-Type"), "text/css; charset=utf-8");
    assert!(answer.header("Cache-Control").contains("immutable"));
}

#[test]
fn health_tells_the_commit_that_is_served() {
    let app = app();
    app.program().get("/health/live").ok();
    let ready = app.program().get("/health/ready").ok().json();
    assert_eq!(ready["status"], "ok");
    assert_eq!(ready["commit"], app.commit_number());
    assert_eq!(ready["events"], 1);
    event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    let ready = app.program().get("/health/ready").ok().json();
    assert_eq!(ready["commit"], app.commit_number());
    assert_eq!(ready["events"], 2);
}

#[test]
fn browsers_are_held_to_https_where_the_public_address_is_https_and_nowhere_else() {
    let secure = app();
    let plain = TestServer::builder().without_base_url().start();
    for path in ["/", "/en", "/feeds/all.ics", "/nowhere", "/health/live"] {
        let answer = secure.ask(Method::GET, path, &[]);
        let held = answer.header("Strict-Transport-Security");
        assert_eq!(held, "max-age=31536000", "{path}");
        let answer = plain.ask(Method::GET, path, &[]);
        assert!(answer.try_header("Strict-Transport-Security").is_none());
    }
}

#[test]
fn a_change_later_in_the_second_of_a_response_is_not_missed_by_its_date() {
    let app = app();
    let since = |path: &str, date: &str| app.ask(Method::GET, path, &[("If-Modified-Since", date)]);
    let paths = ["/feeds/all.ics", "/", "/feeds/all.json"];
    for (path, title) in paths.into_iter().zip(["Høst", "Jul", "Påske"]) {
        // The `Date` of a response, which has no parts of a second.
        let date = app.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        since(path, &date).with_status(304);
        app.wait(TimeDelta::milliseconds(400));
        event(title).on("2027-09-01T18:00").save(&app);
        app.wait(TimeDelta::milliseconds(200));
        since(path, &date).ok();
        app.wait(TimeDelta::seconds(59));
        since(path, &date).ok();
        let answer = app.ask(Method::GET, path, &[]).ok();
        let modified = answer.header("Last-Modified");
        assert_ne!(modified, date, "{path}");
        since(path, modified).with_status(304);
        app.wait(TimeDelta::milliseconds(400));
    }
}

#[test]
fn a_change_in_the_second_of_a_last_modified_that_was_sent_is_not_missed() {
    const FEED: &str = "/feeds/all.ics";
    let app = app();
    app.wait(TimeDelta::milliseconds(700));
    event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    // The date that was sent is the second after the change, which is not over yet.
    app.wait(TimeDelta::milliseconds(300));
    let answer = app.ask(Method::GET, FEED, &[]).ok();
    let sent = answer.header("Last-Modified").to_owned();
    event("Vinterkonsert").on("2027-12-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    app.ask(Method::GET, FEED, &[("If-Modified-Since", &sent)])
        .ok();
}
