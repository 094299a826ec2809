//! Malicious partners: each attack that the program guards against.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use elverum_calendar::http::address::AllowedHost;
use elverum_calendar::http::{FetchError, Fetched, Fetcher, Patience};
use flate2::Compression;
use flate2::write::GzEncoder;
use rocket::tokio::runtime;
use url::Url;

use crate::outgo::sender::sender;
use crate::support::{Program, TestServer};

/// Limit on bytes in these tests.
const MOST: u64 = 1 << 20;

/// A server that answers every connection with a given behavior, and counts them.
struct Trap {
    address: String,
    hits: Arc<AtomicUsize>,
}

impl Trap {
    fn that(answer: impl Fn(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let hits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&hits);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let _: Vec<String> = lines
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .collect();
                answer(&mut stream);
            }
        });
        Self { address, hits }
    }

    fn says(bytes: Vec<u8>) -> Self {
        // The client may disconnect early.
        Self::that(move |stream| drop(stream.write_all(&bytes)))
    }

    fn url(&self) -> Url {
        format!("http://{}/all.ics", self.address).parse().unwrap()
    }

    fn allowed(&self) -> AllowedHost {
        self.address.parse().unwrap()
    }
}

fn get(fetcher: &Fetcher, url: &Url) -> Result<Fetched, FetchError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(fetcher.get(url))
}

fn fetcher(allowed: Vec<AllowedHost>) -> Fetcher {
    Fetcher::new(allowed, MOST, None).with_patience(Patience {
        connect: Duration::from_secs(2),
        silence: Duration::from_millis(300),
        total: Duration::from_secs(2),
    })
}

#[test]
fn private_addresses_are_not_reached_in_any_notation() {
    let trap = Trap::says(Vec::new());
    let port = trap.url().port().unwrap();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "[fe80::1]",
        "[fd00::1]",
    ] {
        let url = format!("http://{host}:{port}/").parse().unwrap();
        let answer = get(&fetcher(Vec::new()), &url);
        assert!(
            matches!(answer, Err(FetchError::Private { .. })),
            "{host}: {answer:?}"
        );
    }
    assert_eq!(trap.hits.load(Ordering::SeqCst), 0);
}

#[test]
fn a_redirect_to_a_private_address_is_not_followed() {
    let inside = Trap::says(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret".to_vec());
    for target in [
        format!("http://{}/", inside.address),
        format!("//{}/", inside.address),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let answer =
            format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        let gate = Trap::says(answer.into_bytes());
        let answer = get(&fetcher(vec![gate.allowed()]), &gate.url());
        let refused = matches!(
            answer,
            Err(FetchError::Private { .. } | FetchError::Scheme(_))
        );
        assert!(refused, "{target}: {answer:?}");
    }
    assert_eq!(inside.hits.load(Ordering::SeqCst), 0);
}

#[test]
fn a_host_is_asked_one_thing_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (count, peak) = (Arc::clone(&now), Arc::clone(&most));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, count, peak) =
                (stream.unwrap(), Arc::clone(&count), Arc::clone(&peak));
            std::thread::spawn(move || {
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                lines
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .for_each(drop);
                peak.fetch_max(count.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Long enough for a concurrent connection to appear, if there were one.
                let (_keep, wait) = std::sync::mpsc::channel::<()>();
                let _ = wait.recv_timeout(Duration::from_millis(30));
                count.fetch_sub(1, Ordering::SeqCst);
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                );
            });
        }
    });
    let fetcher = Fetcher::new(vec![address.parse().unwrap()], MOST, None);
    let url: Url = format!("http://{address}/").parse().unwrap();
    let runtime = runtime::Builder::new_multi_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let asking: Vec<_> = (0..6)
            .map(|_| {
                let (fetcher, url) = (fetcher.clone(), url.clone());
                rocket::tokio::spawn(async move { fetcher.get(&url).await.map(drop) })
            })
            .collect();
        for one in asking {
            one.await.unwrap().unwrap();
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn redirects_in_a_circle_end() {
    let circle = Trap::says(
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_vec(),
    );
    let answer = get(&fetcher(vec![circle.allowed()]), &circle.url());
    assert!(
        matches!(answer, Err(FetchError::Redirect { .. })),
        "{answer:?}"
    );
    assert_eq!(circle.hits.load(Ordering::SeqCst), 6);
}

#[test]
fn a_gzip_bomb_is_stopped_at_the_bound() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..256 {
        bomb.write_all(&[0; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!((bomb.len() as u64) < MOST, "the bomb itself is small");
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        bomb.len()
    )
    .into_bytes();
    answer.extend(bomb);
    let trap = Trap::says(answer);
    let answer = get(&fetcher(vec![trap.allowed()]), &trap.url());
    assert!(
        matches!(answer, Err(FetchError::TooLarge { .. })),
        "{answer:?}"
    );
}

#[test]
fn an_endless_body_is_stopped_at_the_bound() {
    let trap = Trap::that(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        while stream.write_all(&[b'x'; 65536]).is_ok() {}
    });
    let answer = get(&fetcher(vec![trap.allowed()]), &trap.url());
    assert!(
        matches!(answer, Err(FetchError::TooLarge { .. })),
        "{answer:?}"
    );
}

#[test]
fn a_body_that_stalls_or_drips_is_given_up() {
    // Nothing after the first bytes, until the client disconnects.
    let stalls = Trap::that(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN");
        let _ = BufReader::new(stream).lines().next();
    });
    // A byte at intervals shorter than the idle limit.
    let drips = Trap::that(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        let (_keep, wait) = std::sync::mpsc::channel::<()>();
        while stream.write_all(b"x").is_ok() {
            let _ = wait.recv_timeout(Duration::from_millis(50));
        }
    });
    for trap in [stalls, drips] {
        let answer = get(&fetcher(vec![trap.allowed()]), &trap.url());
        assert!(
            matches!(answer, Err(FetchError::Transport { .. })),
            "{answer:?}"
        );
    }
}

#[test]
fn a_name_that_resolves_otherwise_the_second_time_gains_nothing() {
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("resolver.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/service/exchange/resolver.c");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status();
    assert!(made.unwrap().success());
    let inside = Trap::says(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret".to_vec());
    let program = Program::new();
    let log = program.path("log");
    let program = program.with_environment([
        ("LD_PRELOAD", library.display().to_string()),
        ("REBIND_LOG", log.display().to_string()),
    ]);
    let port = inside.url().port().unwrap();
    let url = format!("http://rebind.example:{port}/all.ics");
    program.run(&["import", &url]).with_code(3);
    let log = fs::read_to_string(log).unwrap();
    assert_eq!(log.matches("resolved").count(), 1, "{log}");
    assert!(
        log.contains("connected 8.8.8.8"),
        "it goes to the vetted address: {log}"
    );
    assert!(!log.contains("connected 127.0.0.1"), "{log}");
    assert_eq!(inside.hits.load(Ordering::SeqCst), 0);
}

#[test]
fn rules_that_never_end_or_never_match_are_told_and_the_rest_is_taken() {
    let program = Program::new();
    let rules = [
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9",
    ];
    let mut file = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n");
    for (n, rule) in rules.iter().enumerate() {
        file += &format!(
            "BEGIN:VEVENT\r\nUID:{n}@bomb.example\r\nDTSTART;TZID=Europe/Oslo:20270601T180000\r\n\
             RRULE:{rule}\r\nSUMMARY:Bombe\r\nEND:VEVENT\r\n"
        );
    }
    file += "BEGIN:VEVENT\r\nUID:good@bomb.example\r\nDTSTART;TZID=Europe/Oslo:20270601T180000\r\n\
             SUMMARY:Eksempelkveld\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let length = file.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: {length}\r\n\r\n"
    );
    let trap = Trap::says([head.as_bytes(), file.as_bytes()].concat());
    program.write(
        "calendar.toml",
        format!(
            "[default.calendar.sync]\nallow_private = [\"{}\"]\n",
            trap.address
        ),
    );
    let url = trap.url().to_string();
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "bombs", "--kind", "ics", "--url", &url])
        .ok();
    let run = program.run(&["--config", "calendar.toml", "--json", "sync", "bombs"]);
    let run = run.with_code(1).json()["runs"][0].clone();
    let items: Vec<&str> = run["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|run| run["outcome"] == "created")
        .map(|run| run["title"].as_str().unwrap())
        .collect();
    assert!(items.contains(&"Eksempelkveld"), "{run:#}");
    // Each is reported: refused, or read with a remark.
    let said = run["remarks"].as_array().unwrap().len() + run["refused"].as_u64().unwrap() as usize;
    assert!(said >= rules.len(), "{run:#}");
}

#[test]
fn what_a_partner_writes_is_neither_markup_on_pages_nor_lines_in_feeds() {
    let app = TestServer::start();
    let club = sender(&app, "club");
    let event = serde_json::json!({
        "title": {"nb": "Kveld\r\nATTENDEE:mailto:x@evil.example\r\nX"},
        "description": {"nb": "<script>alert(1)</script>\u{2028}<img src=x onerror=alert(2)>\r\nBEGIN:VALARM\u{0}"},
        "place": {"name": "Sal\nURL:javascript:alert(3)", "address": "Vei\r\n1"},
        "start": "2027-04-10T19:00:00+02:00",
        "status_note": {"nb": "Sett\r\nSTATUS:CANCELLED"}
    });
    let sent = club.put("evil%0D%0AX-Evil:%201", &event);
    // Refused with reasons, or stored in sanitized form; never passed on unchanged.
    if sent.status >= 400 {
        assert!(sent.text().contains("errors"), "{}", sent.text());
        return;
    }
    let feed = app.visitor().get("/feeds/all.ics").ok();
    for line in feed.text().lines() {
        for harmful in [
            "ATTENDEE",
            "BEGIN:VALARM",
            "URL:javascript",
            "STATUS:CANCELLED",
            "X-Evil",
        ] {
            assert!(!line.starts_with(harmful), "{line}");
        }
    }
    for path in ["/", "/feeds/all.rss", "/feeds/all.atom"] {
        let answer = app.visitor().get(path).ok();
        let text = answer.text();
        assert!(!text.contains("<script>alert"), "{path}");
        assert!(!text.contains("<img src=x"), "{path}");
    }
}
