//! Push of published events to partners' calendars.

use calendar_domain::partner::Permission;
use calendar_domain::{
    Connection, ContentPolicy, Owner, Partner, Pushing, Record, RecordKey, RecordKind, Source,
};
use calendar_store::{Change, Store};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::peers::stand_ins::{self, Fault, LinkedEvents, Peer, StandIn, Tribe};
use crate::support::saved::Saved;
use crate::support::{Program, TestServer, event};

/// A simulated partner calendar, with the program that pushes to it.
pub struct Theirs<S = Box<dyn StandIn>> {
    kind: &'static str,
    pub peer: Peer<S>,
}

impl Theirs {
    /// Creates a calendar of a kind.
    pub fn of(kind: &'static str) -> Self {
        let calendar: Box<dyn StandIn> = match kind {
            "tribe" => Box::new(Tribe::new()),
            _ => Box::new(LinkedEvents::new()),
        };
        Self::start(kind, calendar)
    }
}

impl Theirs<Tribe> {
    pub fn tribe() -> Self {
        Self::start("tribe", Tribe::new())
    }
}

impl Theirs<LinkedEvents> {
    pub fn linked_events() -> Self {
        Self::start("linked_events", LinkedEvents::new())
    }
}

impl<S: StandIn> Theirs<S> {
    fn start(kind: &'static str, calendar: S) -> Self {
        Self {
            kind,
            peer: Peer::start(calendar),
        }
    }

    pub fn connection(&self) -> Connection {
        stand_ins::connection(self.kind, &self.peer.server.url("/"))
    }

    /// Starts a server that pushes to it.
    pub fn app(&self) -> TestServer {
        self.app_by(self.connection())
    }

    /// Does the same with a given connection.
    pub fn app_by(&self, connection: Connection) -> TestServer {
        let builder = TestServer::builder().with_empty_region();
        let app = builder.reaching(vec![self.peer.server.host()]).start();
        app.commit(vec![partner(connection)]);
        app
    }

    pub fn fails(&self, fault: Fault) {
        self.peer.fails(fault);
    }

    pub fn writes(&self) -> usize {
        self.peer.writes()
    }

    /// Sets the clocks of both sides to a local time.
    pub fn turn_to(&self, app: &TestServer, local: &str) {
        app.turn_to(local);
        self.peer.calendar(|peer| peer.turn_to(app.now()));
    }

    /// Waits until its events match, and returns them.
    #[track_caller]
    pub fn until(&self, wanted: impl Fn(&[(String, Value)]) -> bool) -> Vec<(String, Value)> {
        let begun = std::time::Instant::now();
        loop {
            let events = self.peer.shown();
            if wanted(&events) {
                return events;
            }
            let refused = self.peer.refused();
            assert!(begun.elapsed().as_secs() < 20, "{events:#?}\n{refused:#?}");
            std::thread::yield_now();
        }
    }

    /// Waits for an event with a title. Returns its id and fields.
    #[track_caller]
    pub fn shows(&self, title: &str) -> (String, Value) {
        let has = |text: &&(String, Value)| title_of(&text.1) == title;
        let all = self.until(|events| events.iter().any(|event| has(&event)));
        all.iter().find(has).unwrap().clone()
    }
}

pub fn title_of(event: &Value) -> &str {
    let title = event["title"].as_str().or(event["name"]["fi"].as_str());
    title.unwrap_or_default()
}

#[track_caller]
pub fn eventually<T>(look: impl Fn() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed().as_secs() < 20, "it never came to it");
        std::thread::yield_now();
    }
}

pub fn partner(connection: Connection) -> Record {
    let own = Partner::new("nabo".parse().unwrap(), "Nabo", Owner::DataFile);
    Record::from(Partner {
        push: Some(connection),
        ..own
    })
}

/// Waits until the state of the push matches, and returns it.
#[track_caller]
pub fn standing(app: &TestServer, wanted: impl Fn(&Pushing) -> bool) -> Pushing {
    eventually(|| {
        let mut found = None;
        let scanned = app.calendar().scan(&[RecordKind::Pushing], &mut |batch| {
            for item in batch {
                if let Record::Pushing(pushing) = item.record {
                    found = Some(Pushing::clone(&pushing));
                }
            }
        });
        scanned.unwrap();
        found.filter(|value| wanted(value))
    })
}

pub fn concert(app: &TestServer) -> Saved<'_> {
    event("Vårkonsert")
        .at("Storsalen")
        .on("2027-04-10T19:00")
        .save(app)
}

pub fn from_partner(saved: &Saved<'_>, app: &TestServer, partner: &str) {
    let source = Source {
        partner: partner.parse().unwrap(),
        origin_id: "1".into(),
        url: None,
        fetched_at: app.now(),
        content_hash: String::new(),
        secondhand: false,
        channel: calendar_domain::Channel::Feed,
    };
    let mut event = saved.record();
    event.sources = vec![source];
    event.publication = calendar_domain::Publication::Published;
    app.commit(vec![event.into()]);
}

#[test]
fn what_is_published_appears_in_wordpress_and_is_changed_and_withdrawn_there() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let saved = concert(&app);
    let (id, event) = theirs.shows("Vårkonsert");
    assert_eq!(event["start_date"], "2027-04-10 19:00:00");
    assert_eq!(event["timezone"], "Europe/Oslo");
    assert_eq!(event["venue"]["venue"], "Storsalen");
    assert_eq!(event["show_map"], true);
    let page = format!("https://kalender.example.no{}", saved.page());
    assert_eq!(event["website"], page);
    saved.move_to("2027-04-11T18:00");
    let (same, event) = theirs.shows("Ny tid: Vårkonsert");
    assert_eq!(
        (&same, &event["start_date"]),
        (&id, &json!("2027-04-11 18:00:00"))
    );
    saved.cancel();
    // The site has a field for it.
    theirs.shows("Vårkonsert");
    eventually(|| {
        theirs
            .peer
            .calendar(|peer| peer.meta(&id).get("_tribe_events_status") == Some(&json!("canceled")))
            .then_some(())
    });
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
    assert_eq!(theirs.peer.refused(), [""; 0]);
}

#[test]
fn what_is_published_appears_in_linked_events_and_is_changed_and_withdrawn_there() {
    let theirs = Theirs::linked_events();
    let app = theirs.app();
    let saved = concert(&app);
    let (id, event) = theirs.shows("Vårkonsert");
    assert_eq!(event["start_time"], "2027-04-10T17:00:00Z");
    assert_eq!(event["publication_status"], "public");
    assert_eq!(
        event["location"],
        json!({"@id": "https://le.example/v1/place/tprek:9/"})
    );
    saved.rename("Sommerkonsert");
    assert_eq!(theirs.shows("Sommerkonsert").0, id);
    saved.cancel();
    theirs.until(|all| all[0].1["event_status"] == "EventCancelled");
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
    assert_eq!(theirs.peer.refused(), [""; 0]);
}

#[test]
fn what_may_not_go_there_does_not() {
    let theirs = Theirs::tribe();
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
    let theirs = Theirs::tribe();
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
    // Another event causes the progress to be stored.
    theirs.fails(Fault::Refused);
    concert(&app);
    standing(&app, |receiver| receiver.progress.waiting.len() == 1);
    theirs.turn_to(&app, "2026-11-27T12:00");
    theirs.until(|all| all[0].1["start_date"] == "2026-12-03 18:00:00");
    theirs.shows("Vårkonsert");
}

#[test]
fn nothing_is_sent_twice_after_a_restart_or_when_it_is_forgotten_how_far_it_had_come() {
    let theirs = Theirs::tribe();
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
    // Three events and a venue.
    assert_eq!(theirs.writes(), 4);
}

#[test]
fn an_event_whose_answer_was_lost_is_found_again_and_not_made_twice() {
    for kind in ["tribe", "linked_events"] {
        let theirs = Theirs::of(kind);
        let mut app = theirs.app();
        theirs.fails(Fault::AnswerLost);
        let page = concert(&app).page();
        standing(&app, |receiver| receiver.progress.waiting.len() == 1);
        app.restart();
        let slug = page.rsplit('/').next().unwrap().to_owned();
        Saved::find(&app, &slug).rename("Sommerkonsert");
        app.wait(TimeDelta::minutes(2));
        theirs.shows("Sommerkonsert");
        assert_eq!(theirs.until(|_| true).len(), 1);
        standing(&app, |receiver| receiver.progress.waiting.is_empty());
        // Withdrawn before its remote id is known.
        theirs.fails(Fault::AnswerLost);
        let other = event("Annet").on("2027-05-01T18:00").save(&app);
        standing(&app, |receiver| receiver.progress.waiting.len() == 1);
        other.withdraw();
        app.wait(TimeDelta::minutes(2));
        theirs.until(|all| all.len() == 1);
    }
}

#[test]
fn a_calendar_that_fails_gets_the_event_when_it_is_well_again() {
    let theirs = Theirs::linked_events();
    let app = theirs.app();
    theirs.fails(Fault::Refused);
    concert(&app);
    let stands = standing(&app, |receiver| receiver.progress.waiting.len() == 1);
    assert!(
        stands.progress.waiting[0].error.contains("500"),
        "{stands:?}"
    );
    app.wait(TimeDelta::minutes(2));
    theirs.shows("Vårkonsert");
    standing(&app, |receiver| receiver.progress.waiting.is_empty());
}

#[test]
fn what_was_deleted_there_is_made_again_when_it_changes_and_not_missed_when_it_is_withdrawn() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let saved = concert(&app);
    theirs.shows("Vårkonsert");
    let delete = || theirs.peer.calendar(Tribe::purge);
    delete();
    saved.rename("Sommerkonsert");
    theirs.shows("Sommerkonsert");
    delete();
    saved.withdraw();
    event("Neste").on("2027-05-01T18:00").save(&app);
    theirs.shows("Neste");
    let left = app.calendar().get(&RecordKey::new(
        RecordKind::Pushed,
        format!("{}/{}", standing(&app, |_| true).id, saved.record().id),
    ));
    let Some(Record::Pushed(left)) = left.unwrap().map(|calendar| calendar.record) else {
        panic!("its id stays noted");
    };
    assert!(left.withdrawn);
}

#[test]
fn a_calendar_that_does_not_let_us_in_is_left_alone_for_a_while() {
    for (secret, said) in [
        ("WRONG_SECRET", "refused our credentials"),
        ("NO_SECRET", "NO_SECRET"),
    ] {
        let theirs = Theirs::tribe();
        let connection = Connection {
            secret: Some(secret.parse().unwrap()),
            ..theirs.connection()
        };
        let app = theirs.app_by(connection);
        concert(&app);
        let stands = standing(&app, |receiver| receiver.progress.waiting.len() == 1);
        assert!(
            stands.progress.waiting[0].error.contains(said),
            "{stands:?}"
        );
        let next = stands.progress.waiting[0].next.unwrap();
        assert!(next - app.now() >= TimeDelta::minutes(15));
        // The operator corrects it.
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
    let unset = program.run(&push("linked_events")).with_code(3);
    assert!(
        unset.err.contains("data_source is missing") && unset.err.contains("partners.toml"),
        "{}",
        unset.err
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
        let theirs = Theirs::of(kind);
        let mut app = theirs.app();
        let stays = concert(&app).record();
        theirs.shows("Vårkonsert");
        standing(&app, |receiver| receiver.progress.commit > 0);
        let backup = app.backup();
        Saved::of(&app, &stays).rename("Tapt navn");
        theirs.shows("Tapt navn");
        let later = event("Høstkonsert").on("2027-09-01T18:00").save(&app);
        let later = later.record();
        theirs.shows("Høstkonsert");
        app.restore(&backup);
        theirs.shows("Vårkonsert");
        // Its partner lists it again, and it gets its former identity.
        app.commit(vec![later.into()]);
        event("Siste").on("2027-10-01T18:00").save(&app);
        theirs.shows("Siste");
        let events = theirs.until(|theirs| theirs.len() >= 3);
        let mut titles: Vec<&str> = events.iter().map(|event| title_of(&event.1)).collect();
        titles.sort_unstable();
        assert_eq!(titles, ["Høstkonsert", "Siste", "Vårkonsert"], "{kind}");
    }
}
