//! Concurrent writers that claim the same slugs, UIDs and ids.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use elverum_calendar::editorial::{self, Editor};
use reqwest::Method;
use serde_json::{Value, json};

use super::names::{add_untrusted_partner, key_of, names_are_unique, stored_events};
use crate::outgo::sender::{Sender, add_partner};
use crate::support::TestServer;

const WRITERS: u64 = 24;
/// Partners of the events; those of the last need approval.
const PARTNERS: [&str; 4] = ["club", "hall", "venue", "choir"];

/// A deterministic random number generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn event(&mut self) -> Value {
        let (title, day) = (self.below(4), self.below(3));
        let mut event = json!({
            "title": {"nb": format!("Vårkonsert {title}")},
            "start": format!("2027-04-1{day}T19:00:00+02:00"),
        });
        let uid = self.below(12);
        if uid < 8 {
            event["uid"] = format!("u-{uid}@example.no").into();
        }
        event
    }
}

/// Returns the duration of writing, from the environment or the default.
fn seconds() -> u64 {
    let told = std::env::var("WRITERS_SECONDS");
    told.map_or(5, |told| told.parse().unwrap())
}

/// Number of responses by kind of request and status.
type Answers = Mutex<BTreeMap<(&'static str, u16), u64>>;

fn write(app: &TestServer, partner: &str, mut dice: Dice, until: Instant, answers: &Answers) {
    let (key, origins) = (key_of(app, partner), 12);
    let mut sender = Sender { app, key };
    while Instant::now() < until {
        let origin = format!("e{}", dice.below(origins));
        let (what, answer, allowed) = match dice.below(10) {
            0..=4 => {
                let event = dice.event();
                ("put", sender.put(&origin, &event), &[200, 201][..])
            }
            5..=6 => ("delete", sender.delete(&origin), &[204, 404][..]),
            7 => {
                let start = dice.event()["start"].clone();
                let moved = json!({"start": start});
                ("move", sender.patch(&origin, &moved), &[200, 404][..])
            }
            8 => {
                let title = dice.event()["title"].clone();
                let named = json!({"title": title});
                ("rename", sender.patch(&origin, &named), &[200, 404][..])
            }
            _ => {
                let once = [("If-None-Match", "*")];
                let (path, event) = (format!("/{origin}"), dice.event().to_string());
                let sent = sender.with(Method::PUT, &path, &once, event);
                ("put new", sent, &[200, 201, 412][..])
            }
        };
        let status = answer.status;
        if status == 429 {
            // The key reached its rate limit; another one is used.
            sender.key = key_of(app, partner);
            continue;
        }
        let said = String::from_utf8_lossy(&answer.body);
        // Under contention a conflict is permitted, a server error never is.
        let is_right = allowed.contains(&status) || status == 409;
        assert!(is_right, "{what} {origin}: {status} {said}");
        *answers.lock().unwrap().entry((what, status)).or_default() += 1;
    }
}

/// Publishes waiting events repeatedly.
fn approve(app: &TestServer, until: Instant, answers: &Answers) {
    let editor = Editor {
        name: "ola".into(),
        now: app.now(),
    };
    while Instant::now() < until {
        let open = editorial::open_matters(&**app.calendar()).unwrap();
        for event in open.queued {
            let done = editorial::approve(app.calendar(), &editor, &event.id);
            let status = if done.is_ok() { 200 } else { 409 };
            let mut answers = answers.lock().unwrap();
            *answers.entry(("approve", status)).or_default() += 1;
        }
        std::thread::yield_now();
    }
}

/// Returns all public content: feeds in every format, and pages.
fn everything_public(app: &TestServer) -> BTreeMap<String, Vec<u8>> {
    let forms = ["ics", "json", "rss", "atom", "csv", "jsonld"];
    let mut paths: Vec<String> = forms
        .iter()
        .map(|form| format!("/feeds/all.{form}"))
        .collect();
    paths.extend(app.every_page());
    paths.extend(
        app.event_slugs()
            .iter()
            .map(|event_slug| format!("/events/{event_slug}.ics")),
    );
    let read = |path: String| {
        let answer = app.visitor().get(&path);
        assert!(
            answer.status == 200 || !path.starts_with("/events"),
            "{path}"
        );
        (path, answer.body)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn writers_with_the_same_titles_uids_and_ids_never_share_an_address_or_an_identity() {
    let mut app = TestServer::builder().with_empty_region().start();
    for partner in &PARTNERS[..3] {
        add_partner(&app, partner);
    }
    add_untrusted_partner(&app, PARTNERS[3]);
    let (answers, began) = (Answers::default(), Instant::now());
    let until = began + Duration::from_secs(seconds());
    std::thread::scope(|threads| {
        for writer in 0..WRITERS {
            let partner = PARTNERS[usize::try_from(writer).unwrap() % PARTNERS.len()];
            let dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (writer + 1));
            let (app, answers) = (&app, &answers);
            threads.spawn(move || write(app, partner, dice, until, answers));
        }
        threads.spawn(|| approve(&app, until, &answers));
    });
    let events = stored_events(&app);
    let answers = answers.into_inner().unwrap();
    let (commits, public) = (app.commit_number(), app.snapshot().event_count());
    println!(
        "{WRITERS} writers, {:?}: {answers:?}; {commits} commits, {} events, {public} published",
        began.elapsed(),
        events.len(),
    );
    names_are_unique(&events);
    assert!(answers.contains_key(&("put", 201)) && answers.contains_key(&("delete", 204)));
    for event in events.iter().filter(|event| event.is_public()) {
        let page = app.visitor().read(&format!("/events/{}", event.slug));
        assert!(page.contains("Vårkonsert"), "{}", event.slug);
    }
    let before = everything_public(&app);
    app.restart();
    let after = everything_public(&app);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &before {
        assert!(*bytes == after[path], "{path} is another after a restart");
    }
    assert_eq!(stored_events(&app).len(), events.len());
}
