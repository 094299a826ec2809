//! Measures how long after a commit a feed of 1,000 events is up to date, in a server with a real store.
//!
//! `cargo bench --bench fresh [-- ROUNDS]` prints, in milliseconds: a sync of a few bytes to disk, a commit,
//! and the time from its acknowledgement to the last byte of the new feed in gzip; with a single client, and
//! beside 64 connections that read the same feed continuously.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use calendar_domain::clock::SystemClock;
use calendar_domain::{Category, Event, Lang, Owner, Record, Region, Schedule, Slug, Text, When};
use calendar_store::{Author, Change, Commit, Store};
use chrono::{Days, Utc};
use chrono_tz::Europe::Oslo;
use elverum_calendar::catalog::Calendar;
use elverum_calendar::config::{CalendarConfig, MailConfig};
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::run::Runner;
use elverum_calendar::notify::Mailer;
use elverum_calendar::web;
use rocket::fairing::AdHoc;

const FEED: &str = "/feeds/category/music.ics";
const EVENTS: usize = 1000;
const READERS: usize = 64;

fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}

fn region() -> Vec<Record> {
    let region = Region {
        name: Text::nb("Elverum"),
        tagline: Text::default(),
        publisher: None,
        contact: None,
        licence: None,
        county: None,
        country: None,
        time_zone: Oslo,
        languages: vec![Lang::Nb],
        uid_namespace: uuid::Uuid::NAMESPACE_OID,
        municipalities: Vec::new(),
        holidays: Vec::new(),
        school_breaks: Vec::new(),
        owner: Owner::DataFile,
    };
    let music = Category {
        slug: slug("music"),
        name: Text::nb("Musikk"),
        description: Text::default(),
        aliases: Vec::new(),
        color: None,
        rank: 0,
        owner: Owner::DataFile,
    };
    vec![region.into(), music.into()]
}

fn event(number: usize, title: &str) -> Event {
    let day = Utc::now().date_naive() + Days::new(number as u64 % 500);
    let start = day.and_hms_opt(18, 0, 0).expect("a time");
    let when = When::Timed {
        start,
        end: Some(start + chrono::TimeDelta::hours(2)),
        zone: Oslo,
    };
    let id = format!("konsert-{number}");
    let uid = format!("{id}@bench.example").parse().expect("a UID");
    let mut event = Event::new(
        slug(&id),
        uid,
        Text::nb(title),
        Schedule::once(when),
        Utc::now(),
    );
    event.categories.insert(slug("music"));
    event.description = Text::nb(format!("Kor og korps nr. {number} fyller salen. ").repeat(8));
    event
}

fn commit(calendar: &Calendar, records: Vec<Record>) {
    let commit = Commit {
        author: Author::Operator,
        at: Utc::now(),
        note: "bench".into(),
        changes: records.into_iter().map(Change::put).collect(),
    };
    calendar.commit(commit).expect("the store takes it");
}

/// Starts the server, which runs until the process ends. Returns its port.
fn serve(calendar: &Arc<Calendar>) -> u16 {
    let (tell, told) = mpsc::channel();
    let ready = AdHoc::on_liftoff("tell", |rocket| {
        Box::pin(async move { tell.send(rocket.config().port).expect("somebody waits") })
    });
    let figment = rocket::Config::figment()
        .merge(("port", 0))
        .merge(("log_level", "off"));
    let fetcher = Fetcher::new(Vec::new(), 1 << 20, None);
    let runner = Runner::new(Arc::clone(calendar), fetcher, None, |_| None);
    let services = web::Services {
        calendar: Arc::clone(calendar),
        runner: Arc::new(runner),
        backups: Arc::default(),
        delivery: web::OutgoingDelivery::On,
        mailer: Arc::new(no_mail()),
    };
    let server = web::build(figment, &CalendarConfig::default(), services).attach(ready);
    std::thread::spawn(move || drop(rocket::execute(server.launch())));
    told.recv().expect("it lifts off")
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(port: u16) -> Self {
        let wire = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        wire.set_nodelay(true).expect("a socket");
        Self(BufReader::with_capacity(256 * 1024, wire))
    }

    /// Requests the feed in gzip. Returns its ETag and body.
    fn get(&mut self) -> (String, Vec<u8>) {
        let request =
            format!("GET {FEED} HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n");
        self.0
            .get_mut()
            .write_all(request.as_bytes())
            .expect("it listens");
        let (mut tag, mut length, mut line) = (String::new(), 0, String::new());
        loop {
            line.clear();
            self.0.read_line(&mut line).expect("an answer");
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("etag") => {
                    value.clone_into(&mut tag)
                }
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().expect("a length");
                }
                Some(_) => {}
                None if line.trim_end().is_empty() => break,
                None => assert!(line.contains(" 200 "), "{line}"),
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the body");
        (tag, body)
    }
}

fn text_of(body: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(body)
        .read_to_string(&mut text)
        .expect("gzip");
    text
}

/// Measures an append and sync of about a commit's size on the store's disk.
fn sync_time(folder: &std::path::Path, rounds: usize) -> Vec<Duration> {
    let mut file = File::create(folder.join("sync")).expect("a file");
    let bytes = [b'x'; 1500];
    let once = |_| {
        let begun = Instant::now();
        file.write_all(&bytes)
            .and_then(|()| file.sync_data())
            .expect("the disk takes it");
        begun.elapsed()
    };
    (0..rounds).map(once).collect()
}

#[derive(Default)]
struct Times {
    commit: Vec<Duration>,
    new: Vec<Duration>,
    pressed: Vec<Duration>,
}

fn measure(calendar: &Calendar, port: u16, rounds: usize, offset: usize) -> Times {
    let mut connection = Connection::open(port);
    let mut times = Times::default();
    let (mut before, _) = connection.get();
    for round in offset..offset + rounds {
        std::thread::sleep(Duration::from_millis(15));
        let title = format!("Runde {round} er her");
        let changed = event(round * 7 % EVENTS, &title);
        let begun = Instant::now();
        commit(calendar, vec![changed.into()]);
        let acknowledged = Instant::now();
        let (tag, body) = connection.get();
        times.commit.push(acknowledged - begun);
        times.new.push(acknowledged.elapsed());
        assert_ne!(tag, before, "the first answer is new");
        assert!(round % 50 != 0 || text_of(&body).contains(&title));
        let mut last = tag;
        while last.ends_with("-0\"") {
            last = connection.get().0;
        }
        times.pressed.push(acknowledged.elapsed());
        before = last;
    }
    times
}

fn told(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at =
        |part: usize| times[(times.len() * part / 1000).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "| {name} | {:.2} | {:.2} | {:.2} |",
        at(500),
        at(900),
        at(990)
    );
}

fn main() {
    let rounds = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(400);
    let folder = tempfile::tempdir_in("target").expect("a folder");
    let store = calendar_store::open(format!("sled:{}", folder.path().join("store").display()));
    let calendar = Calendar::open(store.expect("a store"), Arc::new(SystemClock));
    let calendar = Arc::new(calendar.expect("a calendar"));
    commit(&calendar, region());
    let all = (0..EVENTS).map(|number| event(number, &format!("Konsert {number}")).into());
    commit(&calendar, all.collect());
    let port = serve(&calendar);
    let (_, body) = Connection::open(port).get();
    let text = text_of(&body);
    assert_eq!(text.matches("BEGIN:VEVENT").count(), EVENTS);
    println!(
        "feed of {EVENTS} events, {} bytes; milliseconds:\n",
        text.len()
    );
    println!("| what | median | 9 of 10 | 99 of 100 |\n|---|---:|---:|---:|");
    told(
        "append and sync of 1,500 bytes",
        sync_time(folder.path(), rounds),
    );
    measure(&calendar, port, 20, 0);
    let alone = measure(&calendar, port, rounds, 100);
    told("commit, nobody reading", alone.commit);
    told("acknowledged to new bytes", alone.new);
    told(
        "acknowledged to new bytes, all of them compressed",
        alone.pressed,
    );
    let (done, read) = (AtomicBool::new(false), AtomicU64::new(0));
    let beside = std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let mut connection = Connection::open(port);
                while !done.load(Ordering::Relaxed) {
                    connection.get();
                    read.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let times = measure(&calendar, port, rounds, 10_000);
        done.store(true, Ordering::Relaxed);
        times
    });
    told(
        &format!("commit, {READERS} connections reading"),
        beside.commit,
    );
    told("acknowledged to new bytes", beside.new);
    told(
        "acknowledged to new bytes, all of them compressed",
        beside.pressed,
    );
    println!(
        "\n{} feeds were read beside the writing.",
        read.into_inner()
    );
}

fn no_mail() -> Mailer {
    Mailer::new(&MailConfig::default(), |_| None, false).expect("no mail server is no error")
}
