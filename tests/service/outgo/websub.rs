//! The WebSub hub for subscribers of feeds (W3C WebSub).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use calendar_store::Store;
use chrono::TimeDelta;
use elverum_calendar::delivery::subscriptions;
use reqwest::Method;

use super::receiver::{Answer, Receiver, Sent, status};
use super::sender::send;
use crate::support::{TestServer, event};

const BASE: &str = "https://kalender.example.no";

/// Starts a subscriber that confirms verification requests.
fn subscriber() -> Receiver {
    Receiver::answering(confirm)
}

fn confirm(sent: &Sent) -> Answer {
    let challenge = asked(sent, "hub.challenge");
    (200, Vec::new(), challenge.unwrap_or_default())
}

/// Returns a parameter of a verification request.
fn asked(sent: &Sent, name: &str) -> Option<String> {
    let url = url::Url::parse(&format!("http://s{}", sent.path)).unwrap();
    let found = url.query_pairs().find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned())
}

fn app(receivers: &[&Receiver]) -> TestServer {
    let hosts = receivers.iter().map(|receiver| receiver.host()).collect();
    TestServer::builder().reaching(hosts).start()
}

fn wish(app: &TestServer, fields: &[(&str, &str)]) -> crate::support::Answer {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(app, Method::POST, "/websub", &headers, form)
}

fn subscribe(app: &TestServer, to: &Receiver, feed: &str, further: &[(&str, &str)]) {
    let (topic, callback) = (format!("{BASE}{feed}"), to.url("/feed?own=1"));
    let fields = [
        ("hub.mode", "subscribe"),
        ("hub.topic", topic.as_str()),
        ("hub.callback", callback.as_str()),
    ];
    wish(app, &[&fields, further].concat()).with_status(202);
}

/// Waits for a number of subscriptions.
#[track_caller]
fn until(app: &TestServer, count: usize) {
    let begun = std::time::Instant::now();
    while subscriptions::list(app.calendar()).unwrap().len() != count {
        assert!(begun.elapsed().as_secs() < 20, "there are not {count}");
        std::thread::yield_now();
    }
}

#[test]
fn a_subscriber_is_sent_the_feed_whenever_it_changes() {
    let reader = subscriber();
    let app = app(&[&reader]);
    subscribe(
        &app,
        &reader,
        "/feeds/all.atom",
        &[("hub.secret", "hemmelig")],
    );
    let question = reader.next();
    assert_eq!(question.method, "GET");
    assert_eq!(asked(&question, "own").as_deref(), Some("1"));
    assert_eq!(asked(&question, "hub.mode").as_deref(), Some("subscribe"));
    let topic = asked(&question, "hub.topic").unwrap();
    assert_eq!(topic, format!("{BASE}/feeds/all.atom"));
    assert_eq!(
        asked(&question, "hub.lease_seconds").as_deref(),
        Some("864000")
    );
    until(&app, 1);
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    let sent = reader.next();
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str()),
        ("POST", "/feed?own=1")
    );
    assert_eq!(sent.body, app.visitor().get("/feeds/all.atom").ok().text());
    assert!(sent.body.contains("Sommerkonsert"));
    assert!(
        sent.header("content-type")
            .starts_with("application/atom+xml")
    );
    let link = sent.header("link");
    assert!(link.contains(&format!("<{topic}>; rel=\"self\"")), "{link}");
    assert!(
        link.contains(&format!("<{BASE}/websub>; rel=\"hub\"")),
        "{link}"
    );
    let signature = sent.header("x-hub-signature");
    assert!(
        signature.starts_with("sha256=") && signature.len() == 71,
        "{signature}"
    );
    event("Utkast").on("2027-06-02T18:00").drafted().save(&app);
    event("Høstkonsert").on("2027-10-01T18:00").save(&app);
    assert!(reader.next().body.contains("Høstkonsert"));
}

#[test]
fn nobody_is_subscribed_who_does_not_confirm() {
    let victim = Receiver::answering(|_| (200, Vec::new(), "something else".into()));
    let app = app(&[&victim]);
    subscribe(&app, &victim, "/feeds/all.ics", &[]);
    victim.next();
    let refusing = victim;
    refusing.answer(|_| status(404));
    subscribe(&app, &refusing, "/feeds/all.ics", &[]);
    refusing.next();
    event("Konsert").on("2027-06-01T18:00").save(&app);
    until(&app, 0);
    assert!(refusing.rest().is_empty());
}

#[test]
fn a_subscription_ends_when_it_is_taken_back_or_runs_out() {
    let (one, other) = (subscriber(), subscriber());
    let app = app(&[&one, &other]);
    subscribe(&app, &one, "/feeds/all.rss", &[]);
    subscribe(
        &app,
        &other,
        "/feeds/all.rss",
        &[("hub.lease_seconds", "1")],
    );
    one.next();
    other.next();
    until(&app, 2);
    let (topic, callback) = (format!("{BASE}/feeds/all.rss"), one.url("/feed?own=1"));
    let fields = [
        ("hub.mode", "unsubscribe"),
        ("hub.topic", topic.as_str()),
        ("hub.callback", callback.as_str()),
    ];
    wish(&app, &fields).with_status(202);
    assert_eq!(
        asked(&one.next(), "hub.mode").as_deref(),
        Some("unsubscribe")
    );
    until(&app, 1);
    // One hour is the minimum lease.
    app.wait(TimeDelta::seconds(3_601));
    until(&app, 0);
}

#[test]
fn what_a_subscriber_does_not_take_comes_again_also_after_a_restart() {
    let reader = subscriber();
    let mut app = app(&[&reader]);
    subscribe(&app, &reader, "/feeds/category/music.json", &[]);
    reader.next();
    until(&app, 1);
    let takes = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&takes);
    reader.answer(move |_| {
        status(if asked.load(Ordering::Acquire) {
            202
        } else {
            503
        })
    });
    event("Konsert")
        .on("2027-06-01T18:00")
        .under("music")
        .save(&app);
    reader.next();
    app.restart();
    takes.store(true, Ordering::Release);
    app.wait(TimeDelta::seconds(10));
    let sent = reader.next_where(|reader| reader.method == "POST");
    assert!(sent.body.contains("Konsert"));
    reader.answer(|_| status(410));
    event("Mer")
        .on("2027-06-02T18:00")
        .under("music")
        .save(&app);
    reader.next_where(|reader| reader.body.contains("Mer"));
    until(&app, 0);
}

#[test]
fn wishes_that_make_no_sense_are_refused_field_by_field() {
    let app = TestServer::start();
    let fields = |given: &[(&str, &str)]| {
        let problem = wish(&app, given).with_status(400).json();
        let errors = problem["errors"].as_array().unwrap().clone();
        let names = errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(fields(&[]), ["hub.mode", "hub.topic", "hub.callback"]);
    let long = "x".repeat(200);
    let topic = format!("{BASE}/feeds/all.ics");
    for (name, value) in [
        ("hub.mode", "publish"),
        ("hub.topic", "https://other.example/feeds/all.ics"),
        ("hub.topic", "https://kalender.example.no/events"),
        (
            "hub.topic",
            "https://kalender.example.no/feeds/category/nothing.ics",
        ),
        ("hub.callback", "ftp://example.org/"),
        ("hub.callback", "https://user:pass@example.org/"),
        ("hub.secret", long.as_str()),
        ("hub.lease_seconds", "-1"),
    ] {
        let mut given = vec![
            ("hub.mode", "subscribe"),
            ("hub.topic", topic.as_str()),
            ("hub.callback", "https://example.org/"),
        ];
        given.retain(|(known, _)| *known != name);
        given.push((name, value));
        assert_eq!(fields(&given), [name], "{value}");
    }
    send(&app, Method::POST, "/websub", &[], "").with_status(415);
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    send(&app, Method::POST, "/websub", &form, "x".repeat(9_000)).with_status(413);
}

#[test]
fn feeds_tell_where_their_hub_is() {
    let app = TestServer::start();
    for feed in [
        "/feeds/all.ics",
        "/feeds/search.atom?category=music",
        "/feeds/all.csv",
    ] {
        let answer = app.visitor().get(feed).ok();
        let link = answer.header("Link");
        assert_eq!(
            link,
            format!(
                "<{BASE}/websub>; rel=\"hub\", <{BASE}{feed}>; rel=\"self\", \
                 <https://creativecommons.org/licenses/by/4.0/>; rel=\"license\""
            )
        );
        let (link, tag) = (link.to_owned(), answer.header("ETag").to_owned());
        let same = app.ask(Method::GET, feed, &[("If-None-Match", &tag)]);
        assert_eq!(same.with_status(304).header("Link"), link);
    }
    let atom = app.visitor().get("/feeds/all.atom").ok();
    assert!(
        atom.text()
            .contains(&format!("<link rel=\"hub\" href=\"{BASE}/websub\"/>"))
    );
    let rss = app.visitor().get("/feeds/all.rss").ok();
    assert!(
        rss.text()
            .contains(&format!("href=\"{BASE}/websub\" rel=\"hub\""))
    );
}

/// Waits until deliveries after a restore are recorded; unrecorded ones would be repeated.
#[track_caller]
fn noted(app: &TestServer) {
    let generation = app.calendar().generation().id.to_string();
    let begun = std::time::Instant::now();
    let is_noted = || {
        let known = subscriptions::list(app.calendar()).unwrap();
        known
            .iter()
            .all(|(value, _)| value.generation.as_ref() == Some(&generation))
    };
    while !is_noted() {
        assert!(begun.elapsed().as_secs() < 20, "it was not noted");
        std::thread::yield_now();
    }
}

#[test]
fn after_a_restore_a_subscriber_is_sent_the_feed_as_it_is_again() {
    let reader = subscriber();
    let mut app = app(&[&reader]);
    subscribe(&app, &reader, "/feeds/all.atom", &[]);
    reader.next();
    until(&app, 1);
    let backup = app.backup();
    event("Tapt").on("2027-06-01T18:00").save(&app);
    assert!(reader.next().body.contains("Tapt"));
    app.restore(&backup);
    let again = reader.next_where(|reader| reader.method == "POST");
    assert!(!again.body.contains("Tapt"));
    noted(&app);
    app.restart();
    event("Ny").on("2027-06-01T18:00").save(&app);
    assert!(reader.next().body.contains("Ny"), "a restart sends nothing");
}

#[test]
fn who_renews_still_gets_what_it_has_not_taken() {
    let reader = subscriber();
    let app = app(&[&reader]);
    subscribe(&app, &reader, "/feeds/all.atom", &[]);
    reader.next();
    until(&app, 1);
    let known = || subscriptions::list(app.calendar()).unwrap().remove(0);
    let (first, revision) = known();
    reader.answer(|sent| {
        if sent.method == "POST" {
            return status(500);
        }
        confirm(sent)
    });
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    let refused = reader.next_where(|reader| reader.method == "POST");
    assert!(refused.body.contains("Sommerkonsert"));
    // It renews before the delivery of the change.
    app.wait(TimeDelta::seconds(1));
    subscribe(&app, &reader, "/feeds/all.atom", &[]);
    let begun = std::time::Instant::now();
    while known().1 == revision {
        assert!(begun.elapsed().as_secs() < 20, "it is not renewed");
        std::thread::yield_now();
    }
    assert_eq!(known().0.etag, first.etag);
    reader.answer(confirm);
    app.wait(TimeDelta::minutes(2));
    let sent = reader.next_where(|reader| reader.method == "POST");
    assert!(sent.body.contains("Sommerkonsert"));
}

#[test]
fn a_feed_that_was_answered_with_more_than_anybody_reads_was_delivered() {
    let reader = Receiver::answering(|sent| match sent.method.as_str() {
        "GET" => confirm(sent),
        _ => (200, Vec::new(), "x".repeat(1 << 20)),
    });
    let app = app(&[&reader]);
    subscribe(&app, &reader, "/feeds/all.atom", &[]);
    reader.next();
    until(&app, 1);
    let before = subscriptions::list(app.calendar()).unwrap().remove(0).0;
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    reader.next_where(|reader| reader.method == "POST");
    let begun = std::time::Instant::now();
    while subscriptions::list(app.calendar())
        .unwrap()
        .remove(0)
        .0
        .etag
        == before.etag
    {
        assert!(begun.elapsed().as_secs() < 20, "it is not noted as taken");
        std::thread::yield_now();
    }
}
