//! A response contains everything acknowledged before the request, whatever is written meanwhile.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;

use crate::support::{TestServer, event};

const READERS: usize = 64;
const PAUSE: Duration = Duration::from_millis(10);
const WRITES: u32 = 200;

/// Returns the body of a feed, decoded.
fn get(address: (&str, u16), path: &str, coding: &str) -> String {
    let mut wire = BufReader::new(TcpStream::connect(address).expect("it listens"));
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {coding}\r\n\r\n");
    wire.get_mut().write_all(request.as_bytes()).unwrap();
    let (mut length, mut zipped, mut line) = (0, false, String::new());
    loop {
        line.clear();
        wire.read_line(&mut line).unwrap();
        let head = line.trim().to_ascii_lowercase();
        match head.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("content-encoding", value)) => zipped = value == "gzip",
            Some(_) => {}
            None if head.is_empty() => break,
            None => assert!(head.ends_with("200 ok"), "{head}"),
        }
    }
    let mut body = vec![0; length];
    wire.read_exact(&mut body).unwrap();
    let mut text = String::new();
    if zipped {
        GzDecoder::new(&*body).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(body).unwrap();
    }
    text
}

/// Returns the number in the changing event's title.
fn number(feed: &str) -> Option<u32> {
    let (_, rest) = feed.split_once("Runde ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[test]
fn no_reader_sees_a_feed_older_than_a_write_acknowledged_before_it_asked() {
    let app = TestServer::builder().with_empty_region().start();
    for n in 0..100 {
        let day = format!("2027-06-{:02}T18:00", n % 28 + 1);
        let other = event(&format!("Konsert nr. {n}")).under("music");
        other.on(&day).save(&app);
    }
    let changing = event("Runde 0").under("music").on("2027-06-01T18:00");
    let saved = changing.save(&app);
    let (acknowledged, done) = (AtomicU32::new(0), AtomicBool::new(false));
    let read = AtomicU32::new(0);
    let paths = [
        "/feeds/all.ics",
        "/feeds/category/music.ics",
        "/feeds/search.json?q=runde",
        "/feeds/all.csv",
    ];
    let url = app.address().clone();
    let address = (url.host_str().expect("a host"), url.port().expect("a port"));
    thread::scope(|scope| {
        for reader in 0..READERS {
            let (acknowledged, done, read) = (&acknowledged, &done, &read);
            let path = paths[reader % paths.len()];
            let coding = if reader % 3 == 0 { "identity" } else { "gzip" };
            scope.spawn(move || {
                while !done.load(Ordering::SeqCst) {
                    let at_least = acknowledged.load(Ordering::SeqCst);
                    let feed = get(address, path, coding);
                    let found = number(&feed).unwrap_or_else(|| panic!("{path}: {feed}"));
                    assert!(
                        found >= at_least,
                        "{path}: {found}, after {at_least} was acknowledged"
                    );
                    read.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let begun = Instant::now();
        for round in 1..=WRITES {
            saved.rename(&format!("Runde {round}"));
            acknowledged.store(round, Ordering::SeqCst);
            thread::sleep((begun + PAUSE * round).saturating_duration_since(Instant::now()));
        }
        done.store(true, Ordering::SeqCst);
    });
    let read = read.into_inner();
    println!("{READERS} readers read {read} feeds while {WRITES} changes were made");
    assert!(read > WRITES, "the readers read while it was written");
}
