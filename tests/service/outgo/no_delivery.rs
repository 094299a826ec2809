//! `serve --no-delivery`: a drill with a restored store sends nothing.

use std::time::{Duration, Instant};

use reqwest::blocking::Client;

use super::receiver::{Receiver, Sent};
use crate::support::Program;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;

const SITE: &str = "https://kalender.example.no";
const FEED: &str = "/feeds/all.ics";
const PATIENCE: Duration = Duration::from_secs(60);

/// Receivers: a webhook, a feed subscriber, and a partner with a calendar.
struct Others {
    webhook: Receiver,
    subscriber: Receiver,
    partner: Receiver,
}

impl Others {
    fn start() -> Self {
        Self {
            webhook: Receiver::start(),
            subscriber: Receiver::answering(|sent| (200, Vec::new(), challenge(sent))),
            partner: Receiver::answering(|_| {
                let kind = ("Content-Type", "text/calendar".to_owned());
                (200, vec![kind], calendar("UID:p|SUMMARY:Kino"))
            }),
        }
    }

    /// Returns a program that may reach them, with scheduled backups.
    fn program(&self) -> Program {
        let program = Program::new();
        let all = [&self.webhook, &self.subscriber, &self.partner];
        let hosts = all.map(|value| format!("\"{}\"", value.host())).join(", ");
        let settings = format!(
            "[default.calendar]\nbase_url = \"{SITE}\"\n\
             [default.calendar.sync]\nallow_private = [{hosts}]\n\
             [default.calendar.backup]\nto = \"backups\"\n"
        );
        program.write("settings.toml", settings);
        program
    }

    /// Returns the unread requests of all.
    fn rest(&self) -> Vec<Sent> {
        let all = [&self.webhook, &self.subscriber, &self.partner];
        all.iter().flat_map(|item| item.rest()).collect()
    }
}

/// Returns the challenge of a verification request.
fn challenge(sent: &Sent) -> String {
    let url = url::Url::parse(&format!("http://s{}", sent.path)).unwrap();
    let found = url.query_pairs().find(|(name, _)| name == "hub.challenge");
    found.map_or_else(String::new, |(_, value)| value.into_owned())
}

fn calendar(event: &str) -> String {
    calendar_of(&[&format!("{event}|DTSTART:20270601T160000Z")])
}

fn import(program: &Program, event: &str) {
    program.write("new.ics", calendar(event));
    program.run(&["import", "new.ics"]).ok();
}

/// Subscribes to the feed. Returns the status.
fn subscribe(serving: &Serving, subscriber: &Receiver) -> u16 {
    ask_to_subscribe(serving, subscriber).0
}

/// The same, with the body of the answer.
fn ask_to_subscribe(serving: &Serving, subscriber: &Receiver) -> (u16, String) {
    let callback = subscriber.url("/feed");
    let topic = format!("{SITE}{FEED}");
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", &topic)
        .append_pair("hub.callback", &callback)
        .finish();
    let request = Client::new()
        .post(format!("{}/websub", serving.address))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form);
    let answer = request.send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

#[track_caller]
fn until(what: &str, mut is_done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_done() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn without_delivery_nobody_is_told_anything_and_what_waits_goes_out_at_the_next_start() {
    let others = Others::start();
    let program = others.program();
    let with_delivery = ["--config", "settings.toml"];
    let without = ["--config", "settings.toml", "--no-delivery"];

    // Before the drill: a webhook and a subscriber.
    let serving = program.serve(&with_delivery);
    let hook = others.webhook.url("/hook");
    program.run(&["webhook", "add", &hook]).ok();
    assert_eq!(subscribe(&serving, &others.subscriber), 202);
    others.subscriber.next();
    let subscriptions = || {
        let records = program.run(&["export", "--format", "ndjson"]).ok().out;
        records.contains(&others.subscriber.host())
    };
    until("the subscription is kept", subscriptions);
    until("a backup", || program.path("backups").is_dir());
    assert!(serving.stop().0.success());
    std::fs::remove_dir_all(program.path("backups")).unwrap();
    others.rest();

    // The drill: a new event, a partner that is due, a backup that is due.
    let serving = program.serve(&without);
    let partner = others.partner.url("/calendar.ics");
    let add = ["partner", "add", "kino", "--kind", "ics", "--url", &partner];
    program.run(&add).ok();
    import(&program, "UID:a|SUMMARY:Konsert");
    let (status, refusal) = ask_to_subscribe(&serving, &others.subscriber);
    assert_eq!(status, 503);
    assert!(
        refusal.contains("takes no subscriptions")
            && refusal.contains("existing subscriptions stay"),
        "{refusal}"
    );
    let feed = String::from_utf8(serving.get(FEED)).unwrap();
    assert!(
        feed.contains("SUMMARY;LANGUAGE=nb:Konsert"),
        "readers are served"
    );
    assert!(serving.stop().0.success());
    let told = others.rest();
    assert!(told.is_empty(), "{told:?}");
    assert!(!program.path("backups").exists(), "no backup was made");

    // A normal start.
    let serving = program.serve(&with_delivery);
    // The partner's event may be delivered at the same time, in any order.
    let messages = [others.webhook.next(), others.webhook.next()];
    let about = |title: &str| messages.iter().any(|message| message.body.contains(title));
    assert!(about("Konsert") && about("Kino"), "{messages:?}");
    let feed = others.subscriber.next();
    assert!(
        feed.body.contains("SUMMARY;LANGUAGE=nb:Konsert"),
        "{}",
        feed.path
    );
    assert_eq!(others.partner.next().path, "/calendar.ics");
    until("a backup", || program.path("backups").is_dir());
    assert!(serving.stop().0.success());
}

#[test]
fn a_restored_copy_tells_nobody_anything_until_somebody_says_so() {
    let others = Others::start();
    let program = others.program();
    let settings = ["--config", "settings.toml"];
    let hook = others.webhook.url("/hook");
    program.run(&["seed"]).ok();
    program.run(&["webhook", "add", &hook]).ok();
    import(&program, "UID:a|SUMMARY:Konsert");
    program.run(&["backup", "all.backup"]).ok();
    program.run(&["restore", "all.backup", "--replace"]).ok();
    assert!(others.rest().is_empty());

    for _ in 0..2 {
        let serving = program.serve(&settings);
        std::thread::sleep(Duration::from_secs(2));
        let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
        assert!(metrics.contains("\ncalendar_delivery_enabled 0\n"));
        assert!(serving.stop().0.success());
        let log = std::fs::read_to_string(program.path("log")).unwrap();
        assert!(log.contains("webhook resume"), "{log}");
    }
    let told = others.rest();
    assert!(told.is_empty(), "{told:?}");

    let said = program.run(&["webhook", "resume"]).ok().out;
    assert!(said.contains("at the next start"), "{said}");
    let serving = program.serve(&settings);
    assert!(others.webhook.next().body.contains("Konsert"));
    assert!(serving.stop().0.success());
    // The next restore is another copy.
    program.run(&["restore", "all.backup", "--replace"]).ok();
    let serving = program.serve(&settings);
    let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
    assert!(metrics.contains("\ncalendar_delivery_enabled 0\n"));
    assert!(serving.stop().0.success());
}

#[test]
fn that_delivery_is_off_stands_in_the_first_lines_in_readiness_and_in_the_metrics() {
    let program = Program::new();
    for (arguments, word, figure) in [
        (&["serve", "--no-delivery"][..], "off", "0"),
        (&["--no-delivery", "serve"], "off", "0"),
        (&["serve"], "on", "1"),
    ] {
        let serving = program.serve(arguments);
        let ready: serde_json::Value =
            serde_json::from_slice(&serving.get("/health/ready")).unwrap();
        assert_eq!(ready["delivery"], word, "{arguments:?}");
        let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
        let line = format!("\ncalendar_delivery_enabled {figure}\n");
        assert!(metrics.contains(&line), "{arguments:?}");
        let (status, said) = serving.stop();
        assert!(status.success());
        let is_told = said.contains("  delivery   off: no webhooks");
        assert_eq!(is_told, word == "off", "{arguments:?}: {said}");
        let log = std::fs::read_to_string(program.path("log")).unwrap();
        assert_eq!(log.contains("delivery is off"), word == "off", "{log}");
        for text in [&said, &log].into_iter().filter(|_| word == "off") {
            assert!(
                text.contains("no WebSub (subscribers receive nothing") && text.contains("503"),
                "{text}"
            );
        }
    }
}
