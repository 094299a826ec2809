//! Limits of the hub: unauthenticated clients cannot exhaust subscriptions or delay others.

use std::time::{Duration, Instant};

use elverum_calendar::delivery::subscriptions;
use reqwest::Method;

use super::receiver::{Answer, Receiver, Sent, status};
use super::sender::send;
use crate::support::{self, TestServer, event};

const TOPIC: &str = "https://kalender.example.no/feeds/all.atom";
/// Timeout on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn confirm(sent: &Sent) -> Answer {
    let url = url::Url::parse(&format!("http://s{}", sent.path)).unwrap();
    let found = url.query_pairs().find(|(name, _)| name == "hub.challenge");
    let challenge = found.map(|(_, value)| value.into_owned());
    (200, Vec::new(), challenge.unwrap_or_default())
}

/// Starts a subscriber that never answers.
fn silent() -> Receiver {
    Receiver::answering(|_| {
        std::thread::sleep(Duration::from_secs(60));
        status(204)
    })
}

/// Returns the port of a receiver with another host name.
fn as_localhost(receiver: &Receiver) -> String {
    receiver.host().replace("127.0.0.1", "localhost")
}

fn app(receivers: &[&Receiver]) -> TestServer {
    let hosts = receivers
        .iter()
        .flat_map(|receiver| [receiver.host(), as_localhost(receiver)]);
    TestServer::builder().reaching(hosts.collect()).start()
}

fn subscribe(app: &TestServer, client: &str, host: &str, number: usize) -> support::Answer {
    let callback = format!("http://{host}/feed?number={number}");
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", TOPIC)
        .append_pair("hub.callback", &callback)
        .finish();
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Real-IP", client),
    ];
    send(app, Method::POST, "/websub", &headers, form)
}

fn count(app: &TestServer) -> usize {
    subscriptions::list(app.calendar()).unwrap().len()
}

#[track_caller]
fn until(app: &TestServer, wanted: usize) {
    let begun = Instant::now();
    while count(app) != wanted {
        assert!(begun.elapsed() < PATIENCE, "{} not {wanted}", count(app));
        std::thread::yield_now();
    }
}

/// Subscribes until the hub refuses. Returns the number of accepted subscriptions.
fn fill(app: &TestServer, wish: impl Fn(usize) -> support::Answer) -> usize {
    let before = count(app);
    for number in 0..150 {
        let answer = wish(number);
        if answer.status == 429 {
            assert!(answer.header("Retry-After").parse::<u32>().is_ok());
            return number;
        }
        answer.with_status(202);
        until(app, before + number + 1);
    }
    150
}

#[test]
fn one_client_and_one_callback_host_take_only_their_share_of_the_places() {
    let reader = Receiver::answering(confirm);
    let app = app(&[&reader]);
    let (host, other) = (reader.host(), as_localhost(&reader));
    // One client with several hosts: an IPv6 /64 is one client.
    let taken = fill(&app, |number| {
        let client = format!("2001:db8:1:1::{number:x}");
        let to = if number % 2 == 0 { &host } else { &other };
        subscribe(&app, &client, to, number)
    });
    assert!((10..=100).contains(&taken), "{taken}");
    let (before, client) = (count(&app), "198.51.100.200");
    subscribe(&app, client, &host, 1_000).with_status(202);
    until(&app, before + 1);
    // One host with several clients.
    let taken = fill(&app, |number| {
        subscribe(&app, &format!("198.51.100.{number}"), &host, 2_000 + number)
    });
    assert!(taken <= 100, "{taken}");
    let before = count(&app);
    subscribe(&app, client, &other, 3_000).with_status(202);
    until(&app, before + 1);
}

#[test]
fn callbacks_that_do_not_answer_hold_up_nobody_else() {
    let (silent, reader) = (silent(), Receiver::answering(confirm));
    let app = app(&[&silent, &reader]);
    // One client with many callbacks, and many clients with one callback host.
    for number in 0..40 {
        let first = subscribe(&app, "198.51.100.1", &silent.host(), number);
        let client = format!("203.0.113.{number}");
        let second = subscribe(&app, &client, &silent.host(), number);
        for answer in [first, second] {
            assert!([202, 429].contains(&answer.status), "{}", answer.status);
        }
    }
    subscribe(&app, "198.51.100.2", &as_localhost(&reader), 0).with_status(202);
    until(&app, 1);
}

#[test]
fn subscribers_that_do_not_take_what_they_are_sent_hold_up_nobody_else() {
    let slow = Receiver::answering(confirm);
    let reader = Receiver::answering(confirm);
    let app = app(&[&slow, &reader]);
    for number in 0..80 {
        let client = format!("203.0.113.{number}");
        subscribe(&app, &client, &slow.host(), number).with_status(202);
        until(&app, number + 1);
    }
    subscribe(&app, "198.51.100.2", &as_localhost(&reader), 0).with_status(202);
    until(&app, 81);
    reader.next();
    slow.answer(|_| {
        std::thread::sleep(Duration::from_secs(60));
        status(204)
    });
    event("Konsert").on("2027-06-01T18:00").save(&app);
    assert!(reader.next().body.contains("Konsert"));
    let busy = slow.rest();
    let busy = busy.iter().filter(|busy| busy.method == "POST").count();
    assert!(busy <= 16, "{busy} of 80 had their turn before the reader");
}
