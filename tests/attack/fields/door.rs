//! Generated bodies at the partner interface of the running program; `DOOR_BODIES` sets their number.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use calendar_ical::check::check;
use calendar_ical::finding::Severity;
use calendar_ical::read::read;
use reqwest::blocking::Client;

use super::bodies::ByteChoices;
use crate::support::Program;
use crate::support::program::Serving;

/// Default number of bodies.
const BODIES: usize = 3_000;
/// Number of connections.
const SENDERS: usize = 4;
/// Number of requests per key before its rate limit.
const OF_ONE_KEY: usize = 600;
/// Timeout of a response.
const PATIENCE: Duration = Duration::from_secs(300);
/// Number of distinct ids: most bodies change an existing event.
const IDS: usize = 400;
const FORMATS: [&str; 6] = ["ics", "rss", "atom", "json", "jsonld", "csv"];

fn bodies() -> usize {
    let given = std::env::var("DOOR_BODIES").ok();
    given.map_or(BODIES, |var| var.parse().expect("DOOR_BODIES is a number"))
}

/// A deterministic random number generator: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = 8 + self.next() % 40;
        (0..length)
            .flat_map(|_| self.next().to_le_bytes())
            .collect()
    }
}

/// Counts of responses.
#[derive(Default)]
struct Tally {
    sent: AtomicUsize,
    taken: AtomicUsize,
    refused: AtomicUsize,
}

/// Creates a key of the partner beside the running server.
fn key(program: &Program) -> String {
    let said = program.run(&["partner", "key", "venue"]).ok().out;
    said.split_whitespace()
        .next_back()
        .expect("a key")
        .to_owned()
}

fn send_all(program: &Program, serving: &Serving, seed: u64, all: usize, tally: &Tally) {
    // A million bodies take hours on a busy machine.
    let client = Client::builder().no_proxy().timeout(PATIENCE);
    let client = client.build().expect("a client");
    let mut dice = Dice(seed);
    let mut bearer = String::new();
    for number in 0..all {
        if number % OF_ONE_KEY == 0 {
            bearer = key(program);
        }
        let body = ByteChoices::new(&dice.bytes()).body().to_string();
        let id = dice.next() as usize % IDS;
        let address = &serving.address;
        let path = format!("{address}/api/v1/partner/events/{id}");
        let request = match dice.next() % 20 {
            0 => client.patch(path),
            1 => client.post(format!("{address}/api/v1/partner/events/validate")),
            2 => client.delete(path),
            _ => client.put(path),
        };
        let request = request
            .bearer_auth(&bearer)
            .header("Content-Type", "application/json");
        let answer = request.body(body.clone()).send().expect("an answer");
        let status = answer.status().as_u16();
        let known = [200, 201, 204, 400, 404, 409, 412, 413, 422];
        assert!(
            known.contains(&status),
            "{status}: {} to {body}",
            answer.text().unwrap()
        );
        let count = if status < 300 {
            &tally.taken
        } else {
            &tally.refused
        };
        count.fetch_add(1, Ordering::Relaxed);
        let sent = tally.sent.fetch_add(1, Ordering::Relaxed) + 1;
        if sent.is_multiple_of(500) {
            serving.get("/health/ready");
            serving.get("/");
        }
        if sent.is_multiple_of(2_000) {
            feeds(serving);
        }
    }
}

/// Returns every feed, each of which must be well formed.
fn feeds(serving: &Serving) -> BTreeMap<&'static str, Vec<u8>> {
    FORMATS
        .into_iter()
        .map(|format| (format, serving.get(&format!("/feeds/all.{format}"))))
        .inspect(|(format, bytes)| is_sound(format, bytes))
        .collect()
}

fn is_sound(format: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{format}: {error}"));
    match format {
        "json" | "jsonld" => {
            let _: serde_json::Value =
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{format}: {error}"));
        }
        "rss" | "atom" => {
            let mut reader = quick_xml::Reader::from_str(text);
            reader.config_mut().check_end_names = true;
            loop {
                match reader
                    .read_event()
                    .unwrap_or_else(|error| panic!("{format}: {error}"))
                {
                    quick_xml::events::Event::Eof => break,
                    _ => continue,
                }
            }
            let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
            assert!(
                text.chars().all(allowed),
                "{format} has a character that XML has not"
            );
        }
        "csv" => {
            let mut table =
                csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
            table
                .records()
                .for_each(|row| drop(row.unwrap_or_else(|error| panic!("{error}"))));
        }
        _ => {
            let faults = check(bytes);
            if let Some(fault) = faults
                .iter()
                .find(|fault| fault.severity >= Severity::Error)
            {
                let lines: Vec<&str> = text.lines().collect();
                let around = (fault.line as usize).saturating_sub(15)..(fault.line as usize + 10);
                let around = around.filter_map(|line| lines.get(line)).copied();
                panic!("{fault:?}\n{}", around.collect::<Vec<_>>().join("\n"));
            }
            let read = read(bytes);
            assert!(read.findings.is_empty(), "{:?}", read.findings);
            assert!(read.events.len() > 10, "{} events", read.events.len());
        }
    }
}

#[test]
fn whatever_body_is_sent_the_program_goes_on_and_every_feed_can_be_read() {
    let program = Program::new();
    program.write(
        "Rocket.toml",
        "[default.calendar]\nbase_url = \"https://kalender.example.no\"\n",
    );
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "venue", "--kind", "interface"])
        .ok();
    let serving = program.serve(&[]);
    let (all, tally, began) = (bodies(), Tally::default(), Instant::now());
    std::thread::scope(|threads| {
        for sender in 0..SENDERS {
            let share = all / SENDERS + usize::from(sender < all % SENDERS);
            let (program, serving, tally) = (&program, &serving, &tally);
            threads.spawn(move || send_all(program, serving, 0xD00D + sender as u64, share, tally));
        }
    });
    let count = |usize: &AtomicUsize| usize.load(Ordering::Relaxed);
    let (taken, refused) = (count(&tally.taken), count(&tally.refused));
    assert_eq!(taken + refused, all);
    assert!(
        taken > all / 10 && refused > all / 100,
        "{taken} taken, {refused} refused"
    );
    serving.get("/health/ready");
    let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
    assert!(
        metrics.contains("\ncalendar_catalog_events_skipped 0\n"),
        "{metrics}"
    );
    let before = feeds(&serving);
    println!(
        "{all} bodies: {taken} taken, {refused} refused, in {:?}",
        began.elapsed()
    );
    assert!(serving.stop().0.success());
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(
        !log.contains("panicked") && !log.contains("left out"),
        "{log}"
    );

    let serving = program.serve(&[]);
    for (format, bytes) in feeds(&serving) {
        assert!(
            bytes == before[format],
            "{format} is another after a restart"
        );
    }
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(
        !log.contains("panicked") && !log.contains("left out"),
        "{log}"
    );
    assert!(serving.stop().0.success());
    let checked = program.run(&["store", "check", "sled:store"]).ok().out;
    assert!(checked.contains("0 findings"), "{checked}");
}
