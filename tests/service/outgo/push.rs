//! Partners' own calendars, into which is put what is published here.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use elverum_calendar::domain::partner::Permission;
use elverum_calendar::domain::{
    Connection, ContentPolicy, Owner, Partner, Pushing, Record, RecordKey, RecordKind, Source,
};
use elverum_calendar::store::{Change, Store};
use serde_json::{Map, Value, json};

use super::receiver::{Answer, Receiver, Sent};
use crate::support::saved::Saved;
use crate::support::{Program, TestServer, event};

/// `kalender:abcd efgh`, by RFC 7617.
const BASIC: &str = "Basic a2FsZW5kZXI6YWJjZCBlZmdo";
const TRIBE: &str = "/wp-json/tribe/events/v1/events";

/// What goes wrong with the next request that writes.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// Nothing is done.
    Refused,
    /// It is done, and the answer is lost.
    AnswerLost,
}

/// What a calendar has: id, and fields as they were sent.
#[derive(Default)]
struct Shelf {
    events: Vec<(String, Value)>,
    /// How many events were ever made.
    made: usize,
    /// Requests that write.
    writes: usize,
    fault: Option<Fault>,
}

/// A partner's calendar, which behaves like the real one.
struct Theirs {
    kind: &'static str,
    server: Receiver,
    shelf: Arc<Mutex<Shelf>>,
}

impl Theirs {
    fn start(kind: &'static str) -> Self {
        let shelf: Arc<Mutex<Shelf>> = Arc::default();
        let own = Arc::clone(&shelf);
        let server = Receiver::answering(move |sent| {
            let mut shelf = own.lock().unwrap_or_else(PoisonError::into_inner);
            shelf.answer(kind, sent)
        });
        Self {
            kind,
            server,
            shelf,
        }
    }

    fn connection(&self) -> Connection {
        let url = self.server.url("/").parse().unwrap();
        Connection {
            user: (self.kind == "tribe").then(|| "kalender".to_owned()),
            secret: Some("PARTNER_SECRET".parse().unwrap()),
            ..Connection::new(self.kind.parse().unwrap(), Some(url))
        }
    }

    /// A server here that sends to it.
    fn app(&self) -> TestServer {
        self.app_by(self.connection())
    }

    /// The same, by a connection of one's own.
    fn app_by(&self, connection: Connection) -> TestServer {
        let builder = TestServer::builder().with_empty_region();
        let app = builder.reaching(vec![self.server.host()]).start();
        app.commit(vec![partner(connection)]);
        app
    }

    fn fails(&self, fault: Fault) {
        self.shelf.lock().unwrap().fault = Some(fault);
    }

    fn writes(&self) -> usize {
        self.shelf.lock().unwrap().writes
    }

    /// Waits until what it has is as wanted, and gives it.
    #[track_caller]
    fn until(&self, wanted: impl Fn(&[(String, Value)]) -> bool) -> Vec<(String, Value)> {
        eventually(|| {
            let events = self.shelf.lock().unwrap().events.clone();
            wanted(&events).then_some(events)
        })
    }

    /// Waits until an event is there under a title, and gives its id and fields.
    #[track_caller]
    fn shows(&self, title: &str) -> (String, Value) {
        let has = |it: &&(String, Value)| title_of(&it.1) == title;
        let all = self.until(|events| events.iter().any(|it| has(&it)));
        all.iter().find(has).unwrap().clone()
    }
}

fn title_of(event: &Value) -> &str {
    let title = event["title"].as_str().or(event["name"]["nb"].as_str());
    title.unwrap_or_default()
}

#[track_caller]
fn eventually<T>(look: impl Fn() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed().as_secs() < 20, "it never came to it");
        std::thread::yield_now();
    }
}

impl Shelf {
    fn answer(&mut self, kind: &str, sent: &Sent) -> Answer {
        let (path, _) = sent.path.split_once('?').unwrap_or((&sent.path, ""));
        let fault = if sent.method == "GET" {
            None
        } else {
            self.writes += 1;
            self.fault.take()
        };
        if fault == Some(Fault::Refused) {
            return (500, Vec::new(), "not now".into());
        }
        let answer = if kind == "tribe" {
            self.tribe(sent, path)
        } else {
            self.linked_events(sent, path)
        };
        match fault {
            Some(_) => (502, Vec::new(), "the answer was lost".into()),
            None => (answer.0, Vec::new(), answer.1.to_string()),
        }
    }

    fn tribe(&mut self, sent: &Sent, path: &str) -> (u16, Value) {
        if sent.header("authorization") != BASIC {
            return (401, json!({"code": "rest_not_logged_in"}));
        }
        let rest = path.strip_prefix(TRIBE).map(|it| it.trim_matches('/'));
        match (sent.method.as_str(), rest) {
            ("GET", Some(slug)) => {
                let slug = slug
                    .strip_prefix("by-slug/")
                    .expect("only slugs are asked for");
                let found = self.events.iter().find(|it| it.1["slug"] == slug);
                found.map_or_else(missing, |it| (200, it.1.clone()))
            }
            ("POST", Some("")) => {
                let body = sent.json();
                let needed = ["title", "start_date", "end_date"];
                if needed
                    .iter()
                    .any(|it| body[it].as_str().is_none_or(str::is_empty))
                {
                    return (400, json!({"code": "rest_missing_callback_param"}));
                }
                (201, self.make(|number| json!(number), body))
            }
            ("POST", Some(id)) => self.change(id, sent.json()),
            ("DELETE", Some(id)) => self.remove(id, 200),
            _ => missing(),
        }
    }

    fn linked_events(&mut self, sent: &Sent, path: &str) -> (u16, Value) {
        if sent.header("apikey") != "abcd efgh" {
            return (401, json!({"detail": "Invalid API key."}));
        }
        let rest = path
            .strip_prefix("/v1/event/")
            .map(|it| it.trim_matches('/'));
        match (sent.method.as_str(), rest) {
            ("GET", None) if path == "/v1/place/" => {
                let place = json!({"@id": "https://le.example/v1/place/le:9/", "name": {"nb": "Storsalen"}});
                (200, json!({"meta": {"next": null}, "data": [place]}))
            }
            ("GET", Some("")) => {
                let all: Vec<_> = self.events.iter().map(|it| &it.1).collect();
                (200, json!({"meta": {"next": null}, "data": all}))
            }
            ("POST", Some("")) => (
                201,
                self.make(|number| json!(format!("le:{number}")), sent.json()),
            ),
            ("PUT", Some(id)) => self.change(id, sent.json()),
            ("DELETE", Some(id)) => self.remove(id, 204),
            _ => missing(),
        }
    }

    fn make(&mut self, id: impl Fn(usize) -> Value, mut body: Value) -> Value {
        self.made += 1;
        body["id"] = id(self.made);
        let key = body["id"].as_str().map(str::to_owned);
        let key = key.unwrap_or_else(|| body["id"].to_string());
        self.events.push((key, body.clone()));
        body
    }

    fn change(&mut self, id: &str, body: Value) -> (u16, Value) {
        let Some((_, event)) = self.events.iter_mut().find(|it| it.0 == id) else {
            return missing();
        };
        let fields: Map<String, Value> = serde_json::from_value(body).unwrap();
        event.as_object_mut().unwrap().extend(fields);
        (200, event.clone())
    }

    fn remove(&mut self, id: &str, status: u16) -> (u16, Value) {
        let before = self.events.len();
        self.events.retain(|it| it.0 != id);
        if self.events.len() == before {
            missing()
        } else {
            (status, json!({}))
        }
    }
}

fn missing() -> (u16, Value) {
    (404, json!({"code": "not-found"}))
}

fn partner(connection: Connection) -> Record {
    let own = Partner::new("nabo".parse().unwrap(), "Nabo", Owner::DataFile);
    Record::from(Partner {
        push: Some(connection),
        ..own
    })
}

/// Where the sending stands, once it is as wanted.
#[track_caller]
fn standing(app: &TestServer, wanted: impl Fn(&Pushing) -> bool) -> Pushing {
    eventually(|| {
        let mut found = None;
        let scanned = app.calendar().scan(&[RecordKind::Pushing], &mut |batch| {
            for it in batch {
                if let Record::Pushing(pushing) = it.record {
                    found = Some(Pushing::clone(&pushing));
                }
            }
        });
        scanned.unwrap();
        found.filter(|it| wanted(it))
    })
}

fn concert(app: &TestServer) -> Saved<'_> {
    event("Vårkonsert")
        .at("Storsalen")
        .on("2027-04-10T19:00")
        .save(app)
}

fn from_partner(saved: &Saved<'_>, app: &TestServer, partner: &str) {
    let source = Source {
        partner: partner.parse().unwrap(),
        origin_id: "1".into(),
        url: None,
        fetched_at: app.now(),
        content_hash: String::new(),
        secondhand: false,
    };
    let mut event = saved.record();
    event.sources = vec![source];
    event.publication = elverum_calendar::domain::Publication::Published;
    app.commit(vec![event.into()]);
}

#[test]
fn what_is_published_appears_in_wordpress_and_is_changed_and_withdrawn_there() {
    let theirs = Theirs::start("tribe");
    let app = theirs.app();
    let saved = concert(&app);
    let (id, event) = theirs.shows("Vårkonsert");
    assert_eq!(event["start_date"], "2027-04-10 19:00:00");
    assert_eq!(event["timezone"], "Europe/Oslo");
    assert_eq!(event["venue"]["venue"], "Storsalen");
    let page = format!("https://kalender.example.no{}", saved.page());
    assert_eq!(event["website"], page);
    saved.move_to("2027-04-11T18:00");
    let (same, event) = theirs.shows("Ny tid: Vårkonsert");
    assert_eq!(
        (&same, &event["start_date"]),
        (&id, &json!("2027-04-11 18:00:00"))
    );
    saved.cancel();
    assert_eq!(theirs.shows("AVLYST: Vårkonsert").0, id);
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
}

#[test]
fn what_is_published_appears_in_linked_events_and_is_changed_and_withdrawn_there() {
    let theirs = Theirs::start("linked_events");
    let app = theirs.app();
    let saved = concert(&app);
    let (id, event) = theirs.shows("Vårkonsert");
    assert_eq!(event["start_time"], "2027-04-10T17:00:00Z");
    assert_eq!(event["publication_status"], "public");
    assert_eq!(
        event["location"],
        json!({"@id": "https://le.example/v1/place/le:9/"})
    );
    saved.rename("Sommerkonsert");
    assert_eq!(theirs.shows("Sommerkonsert").0, id);
    saved.cancel();
    theirs.until(|all| all[0].1["event_status"] == "EventCancelled");
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
}

#[test]
fn what_may_not_go_there_does_not() {
    let theirs = Theirs::start("tribe");
    let app = theirs.app();
    let refusing = Partner {
        policy: ContentPolicy {
            passing_on: Permission::Refused,
            ..ContentPolicy::default()
        },
        ..Partner::new("stille".parse().unwrap(), "Stille", Owner::DataFile)
    };
    app.commit(vec![refusing.into()]);
    let draft = |title: &str| event(title).on("2027-04-01T18:00").drafted().save(&app);
    draft("Utkast");
    from_partner(&draft("Naboens egen"), &app, "nabo");
    from_partner(&draft("Ikke gi videre"), &app, "stille");
    event("Forbi").on("2026-11-21T18:00").save(&app);
    let earlier = event("I dag").on("2026-11-22T08:00").save(&app);
    theirs.shows("I dag");
    earlier.rename("Fortsatt i dag");
    let all = theirs.until(|all| title_of(&all[0].1) == "Fortsatt i dag");
    assert_eq!(all.len(), 1, "{all:?}");
}

#[test]
fn one_that_recurs_stands_there_with_its_next_date() {
    let theirs = Theirs::start("tribe");
    let app = theirs.app();
    let quiz = event("Quiz")
        .on("2026-11-05T18:00")
        .repeating("FREQ=WEEKLY;COUNT=9");
    quiz.save(&app);
    let (_, event) = theirs.shows("Quiz");
    assert_eq!(event["start_date"], "2026-11-26 18:00:00");
    assert!(
        event["description"]
            .as_str()
            .unwrap()
            .contains("flere datoer")
    );
    // Another event brings it about that where it stands is noted.
    theirs.fails(Fault::Refused);
    concert(&app);
    standing(&app, |it| it.progress.waiting.len() == 1);
    app.turn_to("2026-11-27T12:00");
    theirs.until(|all| all[0].1["start_date"] == "2026-12-03 18:00:00");
    theirs.shows("Vårkonsert");
}

#[test]
fn nothing_is_sent_twice_after_a_restart_or_when_it_is_forgotten_how_far_it_had_come() {
    let theirs = Theirs::start("tribe");
    let mut app = theirs.app();
    concert(&app);
    theirs.shows("Vårkonsert");
    app.restart();
    event("Neste").on("2027-05-01T18:00").save(&app);
    theirs.shows("Neste");
    let stands = standing(&app, |_| true);
    let key = RecordKey::new(RecordKind::Pushing, stands.id);
    let revision = app.calendar().get(&key).unwrap().unwrap().revision;
    app.commit_changes(vec![Change::remove(key, revision)]);
    event("Siste").on("2027-05-02T18:00").save(&app);
    theirs.shows("Siste");
    assert_eq!(theirs.writes(), 3);
}

#[test]
fn an_event_whose_answer_was_lost_is_found_again_and_not_made_twice() {
    for kind in ["tribe", "linked_events"] {
        let theirs = Theirs::start(kind);
        let mut app = theirs.app();
        theirs.fails(Fault::AnswerLost);
        let page = concert(&app).page();
        standing(&app, |it| it.progress.waiting.len() == 1);
        app.restart();
        let slug = page.rsplit('/').next().unwrap().to_owned();
        Saved::find(&app, &slug).rename("Sommerkonsert");
        app.wait(TimeDelta::minutes(2));
        theirs.shows("Sommerkonsert");
        assert_eq!(theirs.until(|_| true).len(), 1);
        standing(&app, |it| it.progress.waiting.is_empty());
        // Withdrawn before it was known what it is called there.
        theirs.fails(Fault::AnswerLost);
        let other = event("Annet").on("2027-05-01T18:00").save(&app);
        standing(&app, |it| it.progress.waiting.len() == 1);
        other.withdraw();
        app.wait(TimeDelta::minutes(2));
        theirs.until(|all| all.len() == 1);
    }
}

#[test]
fn a_calendar_that_fails_gets_the_event_when_it_is_well_again() {
    let theirs = Theirs::start("linked_events");
    let app = theirs.app();
    theirs.fails(Fault::Refused);
    concert(&app);
    let stands = standing(&app, |it| it.progress.waiting.len() == 1);
    assert!(
        stands.progress.waiting[0].error.contains("500"),
        "{stands:?}"
    );
    app.wait(TimeDelta::minutes(2));
    theirs.shows("Vårkonsert");
    standing(&app, |it| it.progress.waiting.is_empty());
}

#[test]
fn what_was_deleted_there_is_made_again_when_it_changes_and_not_missed_when_it_is_withdrawn() {
    let theirs = Theirs::start("tribe");
    let app = theirs.app();
    let saved = concert(&app);
    theirs.shows("Vårkonsert");
    let delete = || theirs.shelf.lock().unwrap().events.clear();
    delete();
    saved.rename("Sommerkonsert");
    assert_eq!(theirs.shows("Sommerkonsert").0, "2");
    delete();
    saved.withdraw();
    event("Neste").on("2027-05-01T18:00").save(&app);
    theirs.shows("Neste");
    let left = app.calendar().get(&RecordKey::new(
        RecordKind::Pushed,
        format!("{}/{}", standing(&app, |_| true).id, saved.record().id),
    ));
    assert_eq!(left.unwrap(), None);
}

#[test]
fn a_calendar_that_does_not_let_us_in_is_left_alone_for_a_while() {
    for (secret, said) in [
        ("WRONG_SECRET", "does not let us in"),
        ("NO_SECRET", "NO_SECRET"),
    ] {
        let theirs = Theirs::start("tribe");
        let connection = Connection {
            secret: Some(secret.parse().unwrap()),
            ..theirs.connection()
        };
        let app = theirs.app_by(connection);
        concert(&app);
        let stands = standing(&app, |it| it.progress.waiting.len() == 1);
        assert!(
            stands.progress.waiting[0].error.contains(said),
            "{stands:?}"
        );
        let next = stands.progress.waiting[0].next.unwrap();
        assert!(next - app.now() >= TimeDelta::minutes(15));
        // The operator puts it right.
        app.commit(vec![partner(theirs.connection())]);
        event("Neste").on("2027-05-01T18:00").save(&app);
        theirs.shows("Neste");
        app.wait(TimeDelta::minutes(20));
        theirs.shows("Vårkonsert");
    }
}

#[test]
fn the_command_line_begins_and_ends_it() {
    let program = Program::new();
    let add = ["partner", "add", "nabo", "--kind", "interface"];
    program.run(&["seed"]).ok();
    program.run(&add).ok();
    let push = |kind: &'static str| {
        let url = "http://127.0.0.1:9/";
        [
            "partner", "push", "nabo", "--kind", kind, "--url", url, "--user", "k", "--secret", "S",
        ]
    };
    let unknown = program.run(&push("ics")).with_code(3);
    assert!(
        unknown.err.contains("linked_events, tribe"),
        "{}",
        unknown.err
    );
    program.run(&push("tribe")).ok();
    let listed = program.run(&["partner", "list"]).ok().out;
    assert!(
        listed.contains("sends to tribe http://127.0.0.1:9/; 0 events there\n"),
        "{listed}"
    );
    program.run(&["partner", "push", "nabo", "--stop"]).ok();
    let listed = program.run(&["partner", "list"]).ok().out;
    assert!(!listed.contains("sends to"), "{listed}");
}

#[test]
fn after_a_restore_a_partners_calendar_is_as_ours_and_has_nothing_twice() {
    for kind in ["tribe", "linked_events"] {
        let theirs = Theirs::start(kind);
        let mut app = theirs.app();
        let stays = concert(&app).record();
        theirs.shows("Vårkonsert");
        standing(&app, |it| it.progress.commit > 0);
        let backup = app.backup();
        Saved::of(&app, &stays).rename("Tapt navn");
        theirs.shows("Tapt navn");
        let later = event("Høstkonsert").on("2027-09-01T18:00").save(&app);
        let later = later.record();
        theirs.shows("Høstkonsert");
        app.restore(&backup);
        theirs.shows("Vårkonsert");
        // Its partner tells of it again, and it gets the identity that it had.
        app.commit(vec![later.into()]);
        event("Siste").on("2027-10-01T18:00").save(&app);
        theirs.shows("Siste");
        let events = theirs.until(|it| it.len() >= 3);
        let mut titles: Vec<&str> = events.iter().map(|it| title_of(&it.1)).collect();
        titles.sort_unstable();
        assert_eq!(titles, ["Høstkonsert", "Siste", "Vårkonsert"], "{kind}");
    }
}
