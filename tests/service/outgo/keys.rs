//! Access keys of partners' programs.

use calendar_domain::KeyScope;
use calendar_store::Store;
use chrono::TimeDelta;
use elverum_calendar::ingest::access::{keys_of, make_key, revoke_key};
use reqwest::Method;

use super::sender::{least, send, sender};
use crate::support::TestServer;

const EVENT: &str = "/api/v1/partner/events/1";

#[test]
fn without_a_valid_key_nothing_opens_and_the_answer_says_what_is_needed() {
    let app = TestServer::start();
    let sender = sender(&app, "venue");
    let wrong_secret = {
        let end = if sender.key.ends_with('0') { "1" } else { "0" };
        format!("{}{end}", &sender.key[..sender.key.len() - 1])
    };
    for shown in [
        None,
        Some("Bearer".to_owned()),
        Some("Bearer nonsense".to_owned()),
        Some(format!("Basic {}", sender.key)),
        Some(format!("Bearer {wrong_secret}")),
        Some(format!("Bearer {}", &sender.key[..16])),
    ] {
        let headers: Vec<(&str, &str)> = shown
            .iter()
            .map(|shown| ("Authorization", &**shown))
            .collect();
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
            let headers = [&headers[..], &[("Content-Type", "application/json")]].concat();
            let answer = send(&app, method, EVENT, &headers, least().to_string());
            let answer = answer.with_status(401);
            assert!(answer.header("WWW-Authenticate").starts_with("Bearer "));
            assert_eq!(answer.header("Content-Type"), "application/problem+json");
            assert_eq!(answer.json()["type"], "/problems/key-needed");
        }
    }
    sender.put("1", &least()).with_status(201);
}

#[test]
fn a_key_for_something_else_is_refused() {
    let app = TestServer::start();
    let (key, _) = make_key(app.calendar(), KeyScope::Review).unwrap();
    let bearer = format!("Bearer {key}");
    let answer = send(&app, Method::GET, EVENT, &[("Authorization", &bearer)], "");
    assert_eq!(
        answer.with_status(403).json()["type"],
        "/problems/key-refused"
    );
}

#[test]
fn a_revoked_key_opens_nothing_any_more() {
    let app = TestServer::start();
    let sender = sender(&app, "venue");
    sender.put("1", &least()).with_status(201);
    let partner = "venue".parse().unwrap();
    let [known] = &keys_of(app.calendar(), &partner).unwrap()[..] else {
        panic!("one key was made");
    };
    revoke_key(app.calendar(), &known.id).unwrap();
    sender.get("1").with_status(401);
    let revoked = &keys_of(app.calendar(), &partner).unwrap()[0];
    assert_eq!(revoked.revoked, Some(app.now()));
    // Revoking again changes nothing, and an unknown key is an error.
    app.wait(TimeDelta::days(1));
    assert_eq!(revoke_key(app.calendar(), &sender.key).unwrap(), *revoked);
    assert!(revoke_key(app.calendar(), "000000000000").is_err());
}

#[test]
fn the_store_does_not_hold_the_secret() {
    let app = TestServer::start();
    let sender = sender(&app, "venue");
    let secret = sender.key.rsplit('_').next().unwrap();
    assert_eq!(secret.len(), 64);
    for stored in app.calendar().load().unwrap() {
        let text = serde_json::to_string(&stored.record).unwrap();
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn a_program_that_asks_too_fast_is_told_to_wait() {
    let app = TestServer::start();
    let sender = sender(&app, "venue");
    let others = super::sender::sender(&app, "other");
    let mut answers = (0..700).map(|_| sender.get("1"));
    let refused = answers
        .find(|answer| answer.status == 429)
        .expect("there is a bound");
    assert_eq!(refused.header("Retry-After"), "1");
    assert_eq!(refused.json()["type"], "/problems/too-many-requests");
    others.get("1").with_status(404);
    app.wait(TimeDelta::seconds(1));
    sender.get("1").with_status(404);
}
