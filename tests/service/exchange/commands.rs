//! What an operator types about partners.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::Program;
use crate::support::importer::calendar_of;

const CONCERT: &str = "UID:concert@club.example|DTSTART;TZID=Europe/Oslo:20270601T180000|\
    SUMMARY:Eksempelkonsert|LOCATION:Festiviteten";
const WALK: &str = "UID:walk@club.example|DTSTART;VALUE=DATE:20270613|SUMMARY:Eksempeltur";

/// What is at which path, with its media type.
type Pages = Arc<Mutex<BTreeMap<&'static str, (&'static str, String)>>>;

/// A club's web site, and a calendar that may ask it.
struct Club {
    program: Program,
    pages: Pages,
    address: String,
}

impl Club {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let pages = Pages::default();
        let served = Arc::clone(&pages);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let first = lines.next().and_then(Result::ok).unwrap_or_default();
                lines
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .for_each(drop);
                let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
                let found = served.lock().unwrap().get(&*path).cloned();
                let (status, kind, body) = match found {
                    Some((kind, body)) => ("200 OK", kind, body),
                    None => ("404 Not Found", "text/plain", "not here".to_owned()),
                };
                let length = body.len();
                // A client that has gone away shows in its own test.
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
                     Connection: close\r\n\r\n{body}"
                );
            }
        });
        let program = Program::new();
        let config = format!("[default.calendar.sync]\nallow_private = [\"{address}\"]\n");
        program.write("calendar.toml", config);
        program.run(&["seed"]).ok();
        Self {
            program,
            pages,
            address,
        }
    }

    fn has(&self, path: &'static str, kind: &'static str, body: impl Into<String>) {
        self.pages.lock().unwrap().insert(path, (kind, body.into()));
    }

    fn tells(&self, events: &[&str]) {
        self.has("/all.ics", "text/calendar", calendar_of(events));
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn run(&self, arguments: &[&str]) -> crate::support::program::Ended {
        self.program
            .run(&[&["--config", "calendar.toml"], arguments].concat())
    }

    fn add(&self) {
        let url = self.url("/all.ics");
        let add = ["partner", "add", "club", "--kind", "ics", "--url", &url];
        self.run(&add).ok();
    }
}

#[test]
fn an_address_alone_is_enough_to_find_out_what_is_there() {
    let club = Club::new();
    club.tells(&[CONCERT, WALK]);
    let page = "<html><head><link rel=alternate type=text/calendar href=/all.ics></head></html>";
    club.has("/", "text/html", page);
    let url = club.url("/");
    let found = club.run(&["--json", "sync", "--detect", &url]).ok().json();
    assert_eq!(found["connector"], "ics");
    assert!(
        found["why"].as_str().unwrap().contains("BEGIN:VCALENDAR"),
        "{found:#}"
    );
    assert_eq!(found["url"], club.url("/all.ics"));
    let titles: Vec<_> = found["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["title"]["nb"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Eksempelkonsert", "Eksempeltur"]);
    let said = club.run(&["sync", "--detect", &url]).ok().out;
    assert!(said.contains("partner add ID --kind ics"), "{said}");
}

#[test]
fn where_nothing_is_to_be_found_it_is_said_what_was_tried() {
    let club = Club::new();
    club.has("/", "text/html", "<html>Velkommen</html>");
    let url = club.url("/");
    let said = club.run(&["sync", "--detect", &url]).with_code(3).err;
    for tried in ["/wp-json/tribe/events/v1/events", "/api/events", "404"] {
        assert!(said.contains(tried), "{tried}: {said}");
    }
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let club = Club::new();
    club.tells(&[CONCERT, WALK]);
    club.add();
    let said = club.run(&["sync", "--dry-run"]).ok().out;
    assert!(
        said.contains("Eksempelkonsert") && said.contains("2 new"),
        "{said}"
    );
    let export = club.run(&["export", "--format", "ics"]).ok().out;
    assert!(!export.contains("Eksempelkonsert"));
    assert_eq!(club.run(&["sync", "runs"]).ok().out, "");
}

#[test]
fn a_quarantine_is_listed_and_let_through_and_a_run_is_taken_back() {
    let club = Club::new();
    club.tells(&[CONCERT, WALK]);
    club.add();
    let run = club.run(&["--json", "sync", "club"]).ok().json()["runs"][0]["run"].clone();
    club.tells(&[]);
    let said = club.run(&["sync"]).with_code(1).out;
    assert!(said.contains("QUARANTINED"), "{said}");
    let open = club.run(&["sync", "review"]).with_code(1).out;
    assert!(open.contains("quarantined  club"), "{open}");
    club.run(&["sync", "release", "club"]).ok();
    club.run(&["sync", "review"]).ok();
    club.tells(&[CONCERT, WALK]);
    club.run(&["sync"]).ok();
    let run = run.as_str().unwrap();
    let back = club.run(&["sync", "rollback", run]).ok().out;
    assert!(back.contains("2 withdrawn"), "{back}");
    let said = club.run(&["sync", "club"]).with_code(3);
    assert!(said.out.contains("sync release club"), "{said:?}");
    club.run(&["sync", "release", "club"]).ok();
    let again = club.run(&["--json", "sync", "club"]).ok().json();
    assert_eq!(again["runs"][0]["updated"], 2, "{again:#}");
}

#[test]
fn a_partner_that_is_added_beside_the_server_is_asked_by_itself() {
    let club = Club::new();
    club.tells(&[CONCERT, WALK]);
    let serving = club.program.serve(&["--config", "calendar.toml"]);
    club.add();
    let began = Instant::now();
    let in_step = || {
        let page = String::from_utf8(serving.get("/en/partners/club")).unwrap();
        page.contains("In step on") && page.contains("Eksempelkonsert")
    };
    while !in_step() {
        assert!(began.elapsed() < Duration::from_secs(60), "it is not asked");
    }
    let figures = String::from_utf8(serving.get("/metrics")).unwrap();
    assert!(
        figures.contains("calendar_partner_events{partner=\"club\"} 2"),
        "{figures}"
    );
}

#[test]
fn a_key_is_the_last_word_and_opens_the_interface_beside_the_server() {
    let club = Club::new();
    club.run(&["partner", "add", "club", "--kind", "interface"])
        .ok();
    let serving = club.program.serve(&["--config", "calendar.toml"]);
    let said = club.run(&["partner", "key", "club"]).ok().out;
    let key = said.split_whitespace().next_back().unwrap();
    let answer = reqwest::blocking::Client::new()
        .put(format!("{}/api/v1/partner/events/42", serving.address))
        .bearer_auth(key)
        .header("Content-Type", "application/json")
        .body(r#"{"title": {"nb": "Vårkonsert"}, "start": "2027-04-10T19:00:00+02:00"}"#)
        .send()
        .unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let feed = String::from_utf8(serving.get("/feeds/partner/club.ics")).unwrap();
    assert!(feed.contains("Vårkonsert"), "{feed}");
    let page = String::from_utf8(serving.get("/partners/club")).unwrap();
    assert!(page.contains("Sender arrangementene sine selv."));
    let id = key.rsplit_once('_').unwrap().0;
    club.run(&["partner", "key", "--revoke", id]).ok();
    let refused = reqwest::blocking::Client::new()
        .get(format!("{}/api/v1/partner/events/42", serving.address))
        .bearer_auth(key)
        .send()
        .unwrap();
    assert_eq!(refused.status().as_u16(), 401);
}

#[test]
fn what_is_wrong_with_a_partner_is_said_before_it_is_added() {
    let club = Club::new();
    let wrong = |arguments: &[&str]| {
        let ended = club.run(&[&["partner", "add"], arguments].concat());
        assert_ne!(ended.code, 0, "{arguments:?}");
        ended.err
    };
    assert!(wrong(&["club", "--kind", "telepathy"]).contains("linked_events"));
    assert!(wrong(&["Club", "--kind", "ics"]).contains("a-z"));
    let hidden = wrong(&["club", "--kind", "ics", "--secret", "hunter-2"]);
    assert!(hidden.contains("environment variable"), "{hidden}");
    assert!(wrong(&["club", "--kind", "ics", "--place", "nowhere"]).contains("nowhere"));
    assert!(!club.run(&["partner", "list"]).ok().out.contains("club"));
}
