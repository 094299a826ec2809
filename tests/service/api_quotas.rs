//! Quotas of API reads (draft-ietf-httpapi-ratelimit-headers), by client and by key.

use calendar_domain::KeyScope;
use chrono::TimeDelta;
use elverum_calendar::ingest::access::{make_key, revoke_key};
use reqwest::Method;

use crate::support::{Answer, TestServer};

const LIST: &str = "/api/v1/categories";
/// The field by which a proxy names its client.
const CLIENT: &str = "X-Real-IP";

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region();
    app.allowing_reads(3, 5).start()
}

fn read(app: &TestServer, headers: &[(&str, &str)]) -> Answer {
    app.ask(Method::GET, LIST, headers)
}

#[track_caller]
fn check(answer: &Answer, policy: &str, state: &str) {
    assert_eq!(answer.header("RateLimit-Policy"), policy);
    assert_eq!(answer.header("RateLimit"), state);
}

#[test]
fn a_client_is_told_what_is_left_and_when_to_come_back() {
    let app = app();
    let ask = || read(&app, &[(CLIENT, "203.0.113.7")]);
    let policy = "\"client\";q=3;w=60";
    check(&ask().ok(), policy, "\"client\";r=2;t=20");
    check(&ask().ok(), policy, "\"client\";r=1;t=40");
    check(&ask().ok(), policy, "\"client\";r=0;t=60");
    let refused = ask().with_status(429);
    check(&refused, policy, "\"client\";r=0;t=60");
    assert_eq!(refused.header("Retry-After"), "20");
    assert_eq!(refused.header("Access-Control-Allow-Origin"), "*");
    assert_eq!(refused.json()["type"], "/problems/too-many-requests");
    // Another client has a quota of its own, and waiting gives one request back.
    read(&app, &[(CLIENT, "203.0.113.8")]).ok();
    app.wait(TimeDelta::seconds(20));
    ask().ok();
    ask().with_status(429);
}

#[test]
fn all_reads_of_a_client_count_together_and_a_304_counts_too() {
    let app = app();
    let client = (CLIENT, "203.0.113.7");
    let first = read(&app, &[client]).ok();
    let known = ("If-None-Match", first.header("ETag"));
    let again = read(&app, &[client, known]).with_status(304);
    check(&again, "\"client\";q=3;w=60", "\"client\";r=1;t=40");
    app.ask(Method::GET, "/api/v1/changes", &[client]).ok();
    let paths = [
        "/api/v1/places/nowhere",
        "/api/v1/series",
        "/api/v1/changes",
    ];
    for path in paths {
        app.ask(Method::GET, path, &[client]).with_status(429);
    }
    for path in [
        "/dump/events.csv",
        "/sitemap.xml",
        "/sitemap/events-1.xml",
        "/dataset.jsonld",
    ] {
        app.ask(Method::GET, path, &[client]).with_status(429);
    }
    // Pages and feeds are not limited.
    app.ask(Method::GET, "/feeds/all.ics", &[client]).ok();
    app.ask(Method::GET, "/about", &[client]).ok();
}

#[test]
fn an_address_of_one_network_is_the_same_client() {
    let app = app();
    for host in ["1", "2", "3"] {
        let address = format!("2001:db8:1:2::{host}");
        read(&app, &[(CLIENT, &address)]).ok();
    }
    read(&app, &[(CLIENT, "2001:db8:1:2:ffff::9")]).with_status(429);
    read(&app, &[(CLIENT, "2001:db8:1:3::1")]).ok();
}

#[test]
fn a_process_on_this_machine_is_not_limited() {
    let app = app();
    for _ in 0..10 {
        check(
            &read(&app, &[]).ok(),
            "\"client\";q=3;w=60",
            "\"client\";r=3;t=0",
        );
    }
}

#[test]
fn a_key_has_a_quota_of_its_own_wherever_it_is_used() {
    let app = app();
    let (key, record) = make_key(app.calendar(), KeyScope::Read).unwrap();
    let bearer = format!("Bearer {key}");
    let ask = |address| read(&app, &[(CLIENT, address), ("Authorization", &bearer)]);
    for _ in 0..3 {
        read(&app, &[(CLIENT, "203.0.113.7")]).ok();
    }
    read(&app, &[(CLIENT, "203.0.113.7")]).with_status(429);
    for (left, address) in [(4, "203.0.113.7"), (3, "203.0.113.7"), (2, "203.0.113.8")] {
        let state = format!("\"key\";r={left};t={}", (5 - left) * 12);
        check(&ask(address).ok(), "\"key\";q=5;w=60", &state);
    }
    ask("203.0.113.8").ok();
    ask("203.0.113.8").ok();
    ask("203.0.113.9").with_status(429);
    app.wait(TimeDelta::minutes(1));
    revoke_key(app.calendar(), &record.id).unwrap();
    ask("203.0.113.9").with_status(401);
}

#[test]
fn a_key_for_reading_neither_writes_nor_reviews() {
    let app = app();
    let (key, _) = make_key(app.calendar(), KeyScope::Read).unwrap();
    let bearer = format!("Bearer {key}");
    for path in ["/api/v1/partner/events", "/api/v1/review"] {
        let answer = app.ask(Method::GET, path, &[("Authorization", &bearer)]);
        let problem = answer.with_status(403).json();
        assert_eq!(problem["type"], "/problems/key-refused", "{path}");
    }
}

#[test]
fn guessing_keys_uses_up_the_quota_of_the_client() {
    let app = app();
    let guess = ("Authorization", "Bearer ec_000000000000_0");
    for _ in 0..3 {
        read(&app, &[(CLIENT, "203.0.113.7"), guess]).with_status(401);
    }
    read(&app, &[(CLIENT, "203.0.113.7"), guess]).with_status(429);
}

#[test]
fn a_password_for_the_server_is_no_key() {
    let app = app();
    let password = ("Authorization", "Basic a2FsZW5kZXI6YWJjZA==");
    let answer = read(&app, &[(CLIENT, "203.0.113.7"), password]).ok();
    check(&answer, "\"client\";q=3;w=60", "\"client\";r=2;t=20");
}

#[test]
fn the_partner_interface_tells_the_quota_of_its_keys() {
    let app = app();
    let (key, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    let bearer = format!("Bearer {key}");
    let answer = app.ask(Method::GET, "/api/v1/review", &[("Authorization", &bearer)]);
    check(&answer.ok(), "\"key\";q=600;w=30", "\"key\";r=599;t=1");
}

#[test]
fn without_limits_nothing_is_counted_and_nothing_is_said() {
    let app = TestServer::builder().with_empty_region();
    let app = app.allowing_reads(0, 0).start();
    for _ in 0..10 {
        let answer = read(&app, &[(CLIENT, "203.0.113.7")]).ok();
        assert_eq!(answer.try_header("RateLimit"), None);
    }
}
