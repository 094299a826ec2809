//! Commands about partners.

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

/// Body and media type by path.
type Pages = Arc<Mutex<BTreeMap<&'static str, (&'static str, String)>>>;

/// A club's website, and a calendar that may fetch it.
pub struct Club {
    pub program: Program,
    pages: Pages,
    asked: Arc<Mutex<Vec<String>>>,
    address: String,
}

impl Club {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let pages = Pages::default();
        let served = Arc::clone(&pages);
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = Arc::clone(&asked);
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
                notes.lock().unwrap().push(path.clone());
                let bare = path.split('?').next().unwrap_or_default();
                let pages = served.lock().unwrap();
                let found = pages.get(&*path).or_else(|| pages.get(bare)).cloned();
                drop(pages);
                let (status, kind, body) = match found {
                    Some((kind, body)) => ("200 OK", kind, body),
                    None => ("404 Not Found", "text/plain", "not here".to_owned()),
                };
                let length = body.len();
                // A client that disconnected shows in its own test.
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
            asked,
            address,
        }
    }

    /// Returns the requested paths with their queries.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub fn has(&self, path: &'static str, kind: &'static str, body: impl Into<String>) {
        self.pages.lock().unwrap().insert(path, (kind, body.into()));
    }

    pub fn lacks(&self, path: &str) {
        self.pages.lock().unwrap().remove(path);
    }

    pub fn tells(&self, events: &[&str]) {
        self.has("/all.ics", "text/calendar", calendar_of(events));
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn run(&self, arguments: &[&str]) -> crate::support::program::Ended {
        self.program
            .run(&[&["--config", "calendar.toml"], arguments].concat())
    }

    pub fn add(&self) {
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
        .map(|found| found["title"]["nb"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Eksempelkonsert", "Eksempeltur"]);
    let said = club.run(&["sync", "--detect", &url]).ok().out;
    assert!(said.contains("partner add ID --kind ics"), "{said}");
}

#[test]
fn the_secret_of_a_detected_address_is_not_shown() {
    let club = Club::new();
    let calendar = calendar_of(&[CONCERT]);
    club.has("/all.ics?api_key=hunter2", "text/calendar", calendar);
    let url = club.url("/all.ics?api_key=hunter2");
    let said = club.run(&["sync", "--detect", &url]).ok().out;
    assert!(said.contains("partner add ID --kind ics"), "{said}");
    assert!(said.contains("api_key=…"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
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
        page.contains("Last updated on") && page.contains("Eksempelkonsert")
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
    let at = ["club", "--url", "https://club.example/all.ics", "--kind"];
    for (more, words) in [
        (&["trib"][..], ["«trib»", "did you mean «tribe»?"]),
        (&["linkedevents"], ["kind", "did you mean «linked_events»?"]),
        (
            &["ics", "--room-of", "terningen"],
            ["place «terningen»", "did you mean «terningen-arena»?"],
        ),
        (
            &["ics", "--category", "musikk"],
            ["category «musikk»", "did you mean «music»?"],
        ),
        (&["ics", "--category", "zzz"], ["category «zzz»", "music"]),
    ] {
        let said = wrong(&[&at[..], more].concat());
        for word in words {
            assert!(said.contains(word), "{more:?}: {said}");
        }
    }
    assert!(!club.run(&["partner", "list"]).ok().out.contains("club"));
}

#[test]
fn an_address_that_cannot_be_asked_is_refused_when_it_is_added() {
    let club = Club::new();
    for (more, word) in [
        (&[][..], "--url"),
        (&["--url", "ftp://club.example/all.ics"], "http"),
        (&["--url", "file:///etc/passwd"], "http"),
        (
            &["--url", "https://kari:hunter2@club.example/all.ics"],
            "--secret",
        ),
        (
            &[
                "--url",
                "https://club.example/all.ics",
                "--municipality",
                "9999",
            ],
            "3420",
        ),
        (
            &[
                "--url",
                "https://club.example/all.ics",
                "--category",
                "children",
            ],
            "children",
        ),
        (
            &[
                "--url",
                "https://club.example/all.ics",
                "--room-of",
                "nowhere",
            ],
            "nowhere",
        ),
    ] {
        let add = ["partner", "add", "club", "--kind", "ics"];
        let said = club.run(&[&add, more].concat()).with_code(3).err;
        assert!(
            said.contains(word) && !said.contains("hunter2"),
            "{more:?}: {said}"
        );
    }
    assert!(!club.run(&["partner", "list"]).ok().out.contains("club"));
    let webcal = "webcal://club.example/all.ics";
    club.run(&[
        "partner", "add", "club", "--kind", "ics", "--url", webcal, "--paused",
    ])
    .ok();
    let list = club.run(&["partner", "list"]).ok().out;
    assert!(list.contains("https://club.example/all.ics"), "{list}");
}

#[test]
fn a_key_in_an_address_is_not_shown() {
    let club = Club::new();
    let url = club.url("/all.ics?access_token=hunter2&lang=nb");
    club.run(&["partner", "add", "club", "--kind", "ics", "--url", &url])
        .ok();
    let said = club.run(&["sync", "club"]).with_code(3);
    for out in [
        said.out,
        said.err,
        club.run(&["partner", "list"]).ok().out,
        club.run(&["--json", "partner", "list"]).ok().out,
    ] {
        assert!(!out.contains("hunter2"), "{out}");
    }
    assert!(club.run(&["partner", "list"]).ok().out.contains("lang=nb"));
}

#[test]
fn what_happens_next_with_a_partner_is_said_and_it_can_be_paused() {
    let club = Club::new();
    club.tells(&[CONCERT, WALK]);
    let url = club.url("/all.ics");
    let add = ["partner", "add", "club", "--kind", "ics", "--url", &url];
    let said = club.run(&[&add[..], &["--paused"]].concat()).ok().out;
    assert!(
        said.contains("paused") && said.contains("partner resume club"),
        "{said}"
    );
    let said = club.run(&["sync"]).ok().out;
    assert!(!said.contains("club"), "{said}");
    assert!(club.run(&["partner", "list"]).ok().out.contains("PAUSED"));
    let shown = club.run(&["sync", "club", "--dry-run"]).ok().out;
    assert!(shown.contains("2 new"), "{shown}");
    let said = club.run(&["partner", "resume", "club"]).ok().out;
    assert!(
        said.contains("every 60 minutes") && said.contains("publishes"),
        "{said}"
    );
    assert!(club.run(&["sync"]).ok().out.contains("2 new"));
    club.run(&["partner", "pause", "club"]).ok();
    assert_eq!(club.run(&["sync"]).ok().out, "");
    let said = club
        .run(&[&add[..], &["--trust", "queue"]].concat())
        .ok()
        .out;
    assert!(said.contains("sync review"), "{said}");
}

#[test]
fn a_partner_can_be_removed() {
    let club = Club::new();
    club.tells(&[CONCERT, WALK]);
    club.add();
    club.run(&["sync"]).ok();
    club.run(&["partner", "key", "club"]).ok();
    let said = club.run(&["partner", "remove", "club"]).ok().out;
    assert!(
        said.contains("1 keys") && said.contains("2 events remain"),
        "{said}"
    );
    assert_eq!(club.run(&["sync"]).ok().out, "");
    assert!(
        club.run(&["export", "--format", "ics"])
            .ok()
            .out
            .contains("Eksempelkonsert")
    );
    club.run(&["partner", "remove", "club", "--withdraw-events"])
        .ok();
    assert!(
        !club
            .run(&["export", "--format", "ics"])
            .ok()
            .out
            .contains("Eksempelkonsert")
    );
    club.run(&["partner", "add", "other", "--kind", "interface"])
        .ok();
    club.run(&["partner", "remove", "other"]).ok();
    assert!(!club.run(&["partner", "list"]).ok().out.contains("other"));
    let said = club
        .run(&["partner", "remove", "elverum-vekst"])
        .with_code(3)
        .err;
    assert!(said.contains("partners.toml"), "{said}");
}

#[test]
fn a_partner_that_left_its_file_is_no_longer_asked() {
    let club = Club::new();
    club.tells(&[CONCERT]);
    let data = club.program.data_with("partners.toml", "", "");
    let file = data.join("partners.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let row = format!(
        "\n[[partner]]\nid = \"club\"\nname = \"Klubben\"\n\n[partner.connection]\nkind = \"ics\"\nurl = \"{}\"\n",
        club.url("/all.ics")
    );
    let run =
        |arguments: &[&str]| club.run(&[&["--data", data.to_str().unwrap()], arguments].concat());
    std::fs::write(&file, format!("{before}{row}")).unwrap();
    run(&["seed"]).ok();
    assert!(run(&["sync"]).ok().out.contains("1 new"));
    std::fs::write(&file, &before).unwrap();
    run(&["seed"]).ok();
    assert_eq!(run(&["sync"]).ok().out, "");
    run(&["sync", "club"]).with_code(3);
    assert!(
        run(&["export", "--format", "ics"])
            .ok()
            .out
            .contains("Eksempelkonsert")
    );
    std::fs::write(&file, format!("{before}{row}")).unwrap();
    run(&["seed"]).ok();
    assert!(run(&["sync"]).ok().out.contains("club: 1 received"));
}

#[test]
fn a_new_address_is_not_asked_with_the_cursor_of_the_old_one() {
    let club = Club::new();
    let event = |uid: u32| {
        serde_json::json!({
            "uid": uid, "slug": "eksempel", "title": {"nb": format!("Eksempelspel {uid}")}, "status": 1, "state": 2,
            "dateRange": {}, "originAgenda": null, "timezone": "Europe/Oslo",
            "timings": [{"begin": "2027-06-10T18:00:00+02:00", "end": "2027-06-10T20:00:00+02:00"}],
        })
    };
    let list = |uid: u32| {
        serde_json::json!({"data": [event(uid)], "pagination": {"after": null}}).to_string()
    };
    club.has("/v3/agendas/1/events", "application/json", list(1));
    club.has("/v3/agendas/2/events", "application/json", list(2));
    for number in [1, 2] {
        let url = club.url(&format!("/v3/agendas/{number}/events"));
        club.run(&[
            "partner",
            "add",
            "club",
            "--kind",
            "open_agenda",
            "--url",
            &url,
        ])
        .ok();
        club.run(&["sync"]).ok();
    }
    let asked = club.asked();
    let first: Vec<&String> = asked
        .iter()
        .filter(|asked| asked.contains("agendas/2"))
        .collect();
    assert!(first[0].contains("relative=current"), "{first:?}");
    club.run(&["sync"]).ok();
    let last = club.asked().pop().unwrap();
    assert!(last.contains("updatedAt"), "{last}");
}

#[test]
fn the_address_of_a_site_is_completed_and_one_that_cannot_be_read_is_refused() {
    let club = Club::new();
    let interface = "https://club.example/wp-json/tribe/events/v1/events";
    for (kind, given, asked) in [
        ("tribe", "https://club.example", interface),
        ("tribe", "https://club.example/events/", interface),
        ("tribe", "https://club.example/wp-json/", interface),
        (
            "tribe",
            "https://club.example/wp-json/tribe/events/v1",
            interface,
        ),
        ("tribe", interface, interface),
        (
            "tribe",
            "https://club.example/blogg/",
            "https://club.example/blogg/wp-json/tribe/events/v1/events",
        ),
        (
            "tribe",
            "https://club.example/?rest_route=/tribe/events/v1/events",
            "https://club.example/?rest_route=/tribe/events/v1/events",
        ),
        (
            "gancio",
            "https://club.example/",
            "https://club.example/api/events",
        ),
        (
            "linked_events",
            "https://club.example/v1/",
            "https://club.example/v1/event/",
        ),
        (
            "linked_events",
            "https://club.example/v1/event/?keyword=x",
            "https://club.example/v1/event/?keyword=x",
        ),
        (
            "open_data_hub",
            "https://club.example",
            "https://club.example/v1/Event",
        ),
    ] {
        let add = ["partner", "add", "club", "--kind", kind, "--url", given];
        let said = club.run(&add).ok().out;
        let told = said.contains(&format!("its interface is at {asked}; "));
        assert_eq!(told, given != asked, "{given}: {said}");
        let listed = club.run(&["partner", "list"]).ok().out;
        assert!(
            listed.contains(&format!("{kind} {asked}; ")),
            "{given}: {listed}"
        );
    }
    for given in [
        "https://club.example/kalender",
        "https://club.example/kalender?token=hunter2",
    ] {
        let add = ["partner", "add", "club", "--kind", "tribe", "--url", given];
        let said = club.run(&add).with_code(3).err;
        assert!(
            said.contains(interface) && said.contains("in a folder"),
            "{said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_calendar_that_takes_events_from_users_alone_is_not_pushed_to_without_one() {
    let club = Club::new();
    club.run(&["partner", "add", "club", "--kind", "interface"])
        .ok();
    let push = [
        "partner",
        "push",
        "club",
        "--kind",
        "tribe",
        "--url",
        "https://club.example/",
    ];
    for more in [&[][..], &["--user", "kari"], &["--secret", "CLUB"]] {
        let said = club.run(&[&push[..], more].concat()).with_code(3).err;
        for word in ["--user", "--secret", "application password"] {
            assert!(said.contains(word), "{more:?}: {said}");
        }
    }
    let whole = [&push[..], &["--user", "kari", "--secret", "CLUB"]].concat();
    club.run(&whole).ok();
}

#[test]
fn keys_in_addresses_are_in_no_list() {
    let club = Club::new();
    let url = "https://club.example/all.ics?api%5Fkey=hunter2";
    club.run(&["partner", "add", "club", "--kind", "ics", "--url", url])
        .ok();
    let hook = "https://club.example/hook?sig=hunter2";
    let added = club.run(&["webhook", "add", hook]).ok().out;
    let refused = "https://club.example:x@club.example/?sig=hunter2";
    let refused = club.run(&["webhook", "add", refused]).with_code(3).err;
    let mut told = vec![added, refused];
    for list in [
        &["partner", "list"][..],
        &["--json", "partner", "list"],
        &["webhook", "list"],
        &["--json", "webhook", "list"],
    ] {
        let listed = club.run(list).ok().out;
        assert!(listed.contains("club.example"), "{listed}");
        told.push(listed);
    }
    for told in told {
        assert!(!told.contains("hunter2"), "{told}");
    }
}
