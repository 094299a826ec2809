//! A long-running server compared with one just started on the same store: feeds and pages are equal, also
//! during compression, and a tag always has the same body.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use calendar_domain::partner::Permission;
use calendar_domain::{EventStatus, Owner, Partner, Record, Slug, Source, Text};
use reqwest::Method;

use crate::support::dice::Dice;
use crate::support::saved::Saved;
use crate::support::{Answer, TestServer, event};

const EXTENSIONS: [&str; 6] = ["ics", "rss", "atom", "json", "jsonld", "csv"];
const CODINGS: [&str; 4] = ["identity", "gzip", "br", "zstd"];
const ROUNDS: u64 = 3;
const CHANGES: u64 = 25;

/// Sets the flag on drop.
struct AtEnd<'a>(&'a AtomicBool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn decoded(answer: &Answer) -> Vec<u8> {
    let body = &*answer.body;
    let mut plain = Vec::new();
    let read = match answer.try_header("Content-Encoding") {
        None => {
            plain.extend(body);
            Ok(0)
        }
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut plain),
        Some("br") => brotli::Decompressor::new(body, 4096).read_to_end(&mut plain),
        Some("zstd") => zstd::Decoder::new(body).and_then(|mut zstd| zstd.read_to_end(&mut plain)),
        Some(other) => panic!("{other} was asked for by nobody"),
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", answer.path));
    plain
}

/// Bodies by address and tag.
#[derive(Default)]
struct Tags(Mutex<HashMap<(String, String), Vec<u8>>>);

impl Tags {
    /// Returns the decoded body of an address in a coding.
    fn read(&self, app: &TestServer, path: &str, coding: &str) -> Vec<u8> {
        let answer = app.ask(Method::GET, path, &[("Accept-Encoding", coding)]);
        assert!(
            [200, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        let plain = decoded(&answer);
        if let Some(tag) = answer.try_header("ETag") {
            let key = (path.to_owned(), tag.to_owned());
            let mut seen = self.0.lock().unwrap();
            let before = seen.entry(key).or_insert_with(|| answer.body.clone());
            assert!(*before == answer.body, "{path}: {tag} was another body");
        }
        plain
    }
}

/// Returns feeds of every kind, and every page.
fn addresses(app: &TestServer) -> Vec<String> {
    let mut feeds = Vec::new();
    for extension in EXTENSIONS {
        for scope in [
            "all",
            "category/music",
            "place/terningen-arena",
            "municipality/elverum",
            "partner/kino",
            "audience/families",
            "organizer/elverum-kommune",
            "series/grundsetmartn",
        ] {
            feeds.push(format!("/feeds/{scope}.{extension}"));
        }
        feeds.push(format!("/events/grundsetmartn-2027.{extension}"));
        feeds.push(format!("/feeds/search.{extension}?q=eksempel&lang=en"));
        feeds.push(format!(
            "/feeds/search.{extension}?from=2027-06-01&cancelled=omit"
        ));
    }
    feeds.extend(app.every_page());
    feeds.extend(
        app.event_slugs()
            .iter()
            .map(|event_slug| format!("/events/{event_slug}.ics")),
    );
    feeds.extend(
        [
            "/en/",
            "/?place=terningen-arena",
            "/?q=eksempel&page_from=2027-06-01",
            "/partners",
            "/partners/kino",
            "/en/organizers/elverum-kommune",
        ]
        .map(str::to_owned),
    );
    feeds.sort();
    feeds
}

fn change(app: &TestServer, dice: &mut Dice, number: u64) {
    let slugs: Vec<String> = app
        .event_slugs()
        .into_iter()
        .filter(|event_slug| event_slug.starts_with("eksempel"))
        .collect();
    let some = |dice: &mut Dice| Saved::find(app, dice.one(&slugs).as_str());
    match dice.below(12) {
        0 | 1 => {
            let day = format!(
                "2027-{:02}-{:02}T18:00",
                4 + dice.below(6),
                1 + dice.below(28)
            );
            event(&format!("Eksempel nummer {number}"))
                .under("music")
                .at("Terningen Arena")
                .described(&"Kor og korps. ".repeat(20))
                .on(&day)
                .save(app);
        }
        2 => some(dice).rename(&format!("Eksempel omdøpt {number}")),
        3 => {
            let minute = number % 60;
            let start = format!("2027-07-{:02}T20:{minute:02}", 1 + dice.below(28));
            some(dice).move_to(&start);
        }
        4 => some(dice).change(|event| {
            event.status = EventStatus::Cancelled;
            event.status_note = Text::nb(format!("Avlyst {number}"));
        }),
        5 => some(dice).withdraw(),
        6 => some(dice).change(|event| {
            event.sources = vec![Source {
                partner: "kino".parse().unwrap(),
                origin_id: event.slug.to_string(),
                url: None,
                fetched_at: event.created,
                content_hash: String::new(),
                secondhand: false,
                channel: calendar_domain::Channel::Feed,
            }];
            event.status = EventStatus::Scheduled;
            event.summary = Text::nb(format!("Fra kinoen {number}"));
        }),
        7 => some(dice).remove(),
        8 => {
            let (day, next) = (1 + dice.below(14), 2 + dice.below(4));
            event(&format!("Eksempel ukentlig {number}"))
                .for_audience("families")
                .by("Elverum kommune")
                .on(&format!("2027-05-{day:02}T18:00"))
                .repeating("FREQ=WEEKLY;COUNT=6")
                .with_one_cancelled(&format!("2027-05-{:02}T18:00", day + 7))
                .with_one_moved(
                    &format!("2027-05-{:02}T18:00", day + 14),
                    &format!("2027-06-{next:02}T20:00"),
                )
                .save(app);
        }
        9 => {
            let snapshot = app.snapshot();
            let slug: Slug = "elverum-kommune".parse().unwrap();
            let mut organizer = (**snapshot.organizer(&slug).unwrap()).clone();
            organizer.name = format!("Elverum kommune {number}");
            app.commit(vec![Record::Organizer(organizer.into())]);
        }
        10 => {
            let snapshot = app.snapshot();
            let slug: Slug = "terningen-arena".parse().unwrap();
            let mut place = (**snapshot.place(&slug).unwrap()).clone();
            place.name = format!("Terningen Arena {number}");
            app.commit(vec![Record::Place(place.into())]);
        }
        _ => {
            let mut partner = Partner::new("kino".parse().unwrap(), "Kino", Owner::DataFile);
            if dice.below(2) == 0 {
                partner.policy.passing_on = Permission::Refused;
            }
            partner.policy.credit = Some(format!("Kilde {number}"));
            app.commit(vec![partner.into()]);
        }
    }
}

#[test]
fn whatever_was_changed_a_fresh_server_on_the_same_store_gives_the_same() {
    let mut app = TestServer::builder().at("2027-03-01T12:00").start();
    let kino = Partner::new("kino".parse().unwrap(), "Kino", Owner::DataFile);
    app.commit(vec![kino.into()]);
    for number in 0..60_u64 {
        let day = format!("2027-{:02}-{:02}T18:00", 4 + number % 6, 1 + number % 28);
        event(&format!("Eksempel {number}"))
            .under("music")
            .at("Terningen Arena")
            .described(&"Teateret spiller. ".repeat(20))
            .on(&day)
            .save(&app);
    }
    let (tags, mut dice) = (Tags::default(), Dice(15));
    let mut compared = 0;
    for round in 0..ROUNDS {
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for (number, coding) in CODINGS.into_iter().enumerate() {
                let (app, tags, done) = (&app, &tags, &done);
                scope.spawn(move || {
                    let mut dice = Dice(round * 100 + number as u64);
                    while !done.load(Ordering::Relaxed) {
                        let extension = dice.one(&EXTENSIONS);
                        tags.read(app, &format!("/feeds/all.{extension}"), coding);
                    }
                });
            }
            // Also on panic; the readers would otherwise never stop.
            let _end = AtEnd(&done);
            for number in 0..CHANGES {
                change(&app, &mut dice, round * CHANGES + number);
            }
        });
        let all = addresses(&app);
        let read = |app: &TestServer| -> BTreeMap<String, Vec<u8>> {
            let one = |path: &String| {
                let plain = tags.read(app, path, "identity");
                for coding in CODINGS {
                    assert!(tags.read(app, path, coding) == plain, "{path} in {coding}");
                }
                (path.clone(), plain)
            };
            all.iter().map(one).collect()
        };
        let live = read(&app);
        app.restart();
        assert_eq!(addresses(&app), all);
        let fresh = read(&app);
        for (path, plain) in &live {
            let said = || String::from_utf8_lossy(&fresh[path]).into_owned();
            assert!(
                *plain == fresh[path],
                "{path} is another on a fresh server:\n{}",
                said()
            );
        }
        compared += live.len();
    }
    println!(
        "{compared} addresses compared, {} tags",
        tags.0.lock().unwrap().len()
    );
}
