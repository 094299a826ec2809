//! Editors' decisions over the interface.

use calendar_domain::{Connection, KeyScope, Owner, Partner, Record, Trust};
use elverum_calendar::ingest::access::make_key;
use reqwest::Method;

use crate::outgo::sender::{least, send, sender};
use crate::support::{Answer, TestServer};

/// Starts a calendar with a club whose events need approval, and a key for decisions.
fn office() -> (TestServer, String) {
    let app = TestServer::start();
    let mut connection = Connection::new("interface".parse().unwrap(), None);
    connection.trust = Trust::Queue;
    let (key, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    let club = Partner {
        connection: Some(connection),
        ..Partner::new("club".parse().unwrap(), "Klubben", Owner::DataFile)
    };
    // `sender` creates the partner; this sets its trust.
    drop(sender(&app, "club"));
    app.commit(vec![Record::from(club)]);
    (app, key)
}

#[track_caller]
fn ask(app: &TestServer, key: &str, method: Method, path: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [
        ("Authorization", &*bearer),
        ("Content-Type", "application/json"),
    ];
    send(
        app,
        method,
        &format!("/api/v1/review{path}"),
        &headers,
        body,
    )
}

#[test]
fn an_event_that_waits_is_shown_and_published_by_whoever_has_the_key() {
    let (app, key) = office();
    let scope = KeyScope::Partner("club".parse().unwrap());
    let (club, _) = make_key(app.calendar(), scope).unwrap();
    let bearer = format!("Bearer {club}");
    let headers = [
        ("Authorization", &*bearer),
        ("Content-Type", "application/json"),
    ];
    let path = "/api/v1/partner/events/1";
    send(&app, Method::PUT, path, &headers, least().to_string()).with_status(201);
    assert!(
        !app.visitor()
            .get("/feeds/all.ics")
            .ok()
            .text()
            .contains("Vårkonsert")
    );
    let open = ask(&app, &key, Method::GET, "", "").ok().json();
    let waiting = open["queued"].as_array().unwrap();
    assert_eq!(waiting.len(), 1, "{open:#}");
    let approve = format!("/events/{}/approve", waiting[0]["id"].as_str().unwrap());
    ask(&app, &key, Method::POST, &approve, "").ok();
    assert!(
        app.visitor()
            .get("/feeds/all.ics")
            .ok()
            .text()
            .contains("Vårkonsert")
    );
    let again = ask(&app, &key, Method::POST, &approve, "").with_status(409);
    assert!(again.text().contains("not queued"), "{}", again.text());
}

#[test]
fn nobody_decides_without_the_right_key() {
    let (app, _) = office();
    let scope = KeyScope::Partner("club".parse().unwrap());
    let (club, _) = make_key(app.calendar(), scope).unwrap();
    ask(&app, &club, Method::GET, "", "").with_status(403);
    ask(&app, "ec_1_2", Method::GET, "", "").with_status(401);
    send(&app, Method::GET, "/api/v1/review", &[], "").with_status(401);
}

#[test]
fn what_is_not_there_to_decide_is_said_so() {
    let (app, key) = office();
    for path in [
        "/suggestions/none/accept",
        "/suggestions/none/dismiss",
        "/events/none/approve",
        "/events/none/reject",
        "/runs/none/rollback",
    ] {
        ask(&app, &key, Method::POST, path, "").with_status(404);
    }
    ask(&app, &key, Method::POST, "/partners/club/release", "").with_status(409);
    ask(
        &app,
        &key,
        Method::POST,
        "/events/none/join",
        "{\"wth\": 1}",
    )
    .with_status(400);
    ask(
        &app,
        &key,
        Method::POST,
        "/suggestions/none/accept",
        "{\"fields\": [\"all\"]}",
    )
    .with_status(400);
    let said = ask(&app, &key, Method::POST, "/events/none/join", "5")
        .with_status(400)
        .json();
    let said = said["detail"].as_str().unwrap();
    assert!(
        said.contains("an object") && !said.contains("struct"),
        "{said}"
    );
}
