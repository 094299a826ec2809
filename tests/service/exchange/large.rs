//! A partner with ten thousand events.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::support::Program;

/// Number of events.
const EVENTS: usize = 10_000;

/// Returns a calendar file of ten thousand events, every hundredth of which contains `word`.
fn file(word: &str) -> String {
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//test//EN\r\n");
    for n in 0..EVENTS {
        let (day, hour) = (1 + n % 28, 8 + n / 28 % 12);
        let month = 1 + n / 336 % 12;
        let text = if n % 100 == 0 { word } else { "Fast" };
        // Writing to a string is infallible.
        let _ = write!(
            out,
            "BEGIN:VEVENT\r\nUID:{n}@large.example\r\nDTSTAMP:20261101T120000Z\r\n\
             DTSTART;TZID=Europe/Oslo:2027{month:02}{day:02}T{hour:02}0000\r\nSUMMARY:Eksempel {n}\r\n\
             DESCRIPTION:{text}\r\nLOCATION:Sal {n}\r\nEND:VEVENT\r\n"
        );
    }
    out + "END:VCALENDAR\r\n"
}

/// The served file, and the requests.
#[derive(Default)]
pub struct Site {
    pub body: Vec<u8>,
    pub tag: Option<String>,
    pub asked: Vec<String>,
}

/// Serves a file. With a tag, responds 304 to clients that have it.
pub fn serve(site: &Arc<Mutex<Site>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let site = Arc::clone(site);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let head = head.join("\n");
            let mut site = site.lock().unwrap();
            let tag = site.tag.clone().unwrap_or_default();
            let known = !tag.is_empty() && head.contains(&tag);
            site.asked.push(head);
            let etag = match &site.tag {
                Some(tag) => format!("ETag: {tag}\r\n"),
                None => String::new(),
            };
            let answer = if known {
                format!("HTTP/1.1 304 Not Modified\r\n{etag}Connection: close\r\n\r\n")
            } else {
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n{etag}Content-Length: {}\r\n\
                     Connection: close\r\n\r\n",
                    site.body.len()
                )
            };
            // A client that disconnected shows in its own test.
            let _ = stream.write_all(answer.as_bytes());
            if !known {
                let _ = stream.write_all(&site.body);
            }
        }
    });
    address
}

#[test]
fn ten_thousand_events_are_asked_for_once_and_written_only_where_they_changed() {
    let site = Arc::new(Mutex::new(Site {
        body: file("Ny").into_bytes(),
        tag: Some("\"one\"".into()),
        asked: Vec::new(),
    }));
    let address = serve(&site);
    let program = Program::new();
    program.write(
        "calendar.toml",
        format!("[default.calendar.sync]\nallow_private = [\"{address}\"]\n"),
    );
    let url = format!("http://{address}/all.ics");
    program.run(&["seed"]).ok();
    program
        .run(&["partner", "add", "large", "--kind", "ics", "--url", &url])
        .ok();
    let sync = || {
        let answer = program.run(&["--config", "calendar.toml", "--json", "sync", "large"]);
        answer.ok().json()["runs"][0].clone()
    };
    let first = sync();
    assert_eq!(
        (&first["told"], &first["created"]),
        (&EVENTS.into(), &EVENTS.into())
    );
    // Unchanged with validators: one conditional request.
    let again = sync();
    assert_eq!(again["ended"], "not_modified");
    assert_eq!(again["requests"], 1);
    let asked = site.lock().unwrap().asked.last().cloned().unwrap();
    assert!(
        asked.to_lowercase().contains("if-none-match: \"one\""),
        "{asked}"
    );
    // Unchanged without validators: a run without a commit.
    let commit = |run: &serde_json::Value| run["commit"].clone();
    site.lock().unwrap().tag = None;
    let pass = sync();
    assert_eq!(
        (&pass["told"], &pass["ended"]),
        (&EVENTS.into(), &"unchanged".into())
    );
    assert!(commit(&pass).is_null());
    // A hundred events changed: a hundred records in one commit.
    site.lock().unwrap().body = file("Endret").into_bytes();
    let changed = sync();
    assert_eq!(changed["updated"], 100);
    let before = commit(&first).as_u64().unwrap();
    let after = commit(&changed).as_u64().unwrap();
    // The first import may take several commits; this is the only one since.
    assert_eq!(after, before + 1);
}
