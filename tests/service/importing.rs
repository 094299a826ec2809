//! Import of calendars: each event once, updated only when its source changes.

use std::sync::Arc;

use calendar_domain::clock::{Clock, FixedClock};
use calendar_domain::{Field, Lang, Owner, RecordKind};
use calendar_store::{Author, Change, Store};
use chrono::{DateTime, TimeDelta, Utc};
use elverum_calendar::catalog::Calendar;
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::import::{Importer, Rehearsal};
use elverum_calendar::ingest::input::Input;
use elverum_calendar::ingest::reconcile::StepOutcome;
use rocket::tokio::runtime;
use uuid::Uuid;

use crate::support::TestServer;
use crate::support::importer::calendar_of;
use crate::support::saved::Saved;
use crate::support::server::instant;

pub const CONCERT: &str = "UID:konsert-1@band.example|SUMMARY:Vårkonsert|LOCATION:Terningen Arena|\
    DTSTART;TZID=Europe/Oslo:20270410T190000|DTEND;TZID=Europe/Oslo:20270410T210000";
pub const QUIZ: &str = "UID:quiz@pub.example|SUMMARY:Quiz|DTSTART;TZID=Europe/Oslo:20270107T180000|\
    RRULE:FREQ=WEEKLY;COUNT=8|EXDATE;TZID=Europe/Oslo:20270114T180000";
pub const QUIZ_MOVED: &str = "UID:quiz@pub.example|SUMMARY:Quiz på fredag|\
    RECURRENCE-ID;TZID=Europe/Oslo:20270121T180000|DTSTART;TZID=Europe/Oslo:20270122T180000";
pub const FAIR: &str = "UID:messe|SUMMARY:Messe|DTSTART;VALUE=DATE:20270501|DTEND;VALUE=DATE:20270504|\
    STATUS:CANCELLED";

fn app() -> TestServer {
    TestServer::start()
}

#[test]
fn imported_events_are_on_pages_and_in_feeds_under_the_uid_they_came_with() {
    let app = app();
    let report = app.import_events(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]);
    assert_eq!(report.count(StepOutcome::Created), 3, "{report:#?}");
    assert!(!report.has_findings(), "{report:#?}");
    let calendar = app.visitor().get("/feeds/all.ics").calendar();
    let concert = calendar.event("konsert-1@band.example");
    assert_eq!(concert.value("DTSTART"), "20270410T190000");
    assert!(concert.value("LOCATION").starts_with("Terningen Arena"));
    assert_eq!(
        calendar.of_uid("quiz@pub.example").len(),
        2,
        "the quiz and its changed evening"
    );
    assert_eq!(calendar.event("messe").value("STATUS"), "CANCELLED");
    for feed in [
        "/feeds/place/terningen-arena.ics",
        "/feeds/municipality/3420.ics",
        "/feeds/partner/import.ics",
    ] {
        assert!(
            app.visitor()
                .get(feed)
                .calendar()
                .has("konsert-1@band.example"),
            "{feed}"
        );
    }
    for item in &report.items {
        let path = item.path.as_deref().expect("what is kept has a page");
        assert!(app.visitor().read(path).contains(&item.title), "{path}");
        app.visitor().get(&format!("{path}.ics")).calendar();
        app.visitor().get(&format!("/en{path}")).ok();
    }
    assert!(app.visitor().read("/?q=vårkonsert").contains("Vårkonsert"));
}

#[test]
fn a_second_import_changes_nothing() {
    let app = app();
    app.import_events(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]);
    let before = app.visitor().get("/feeds/all.ics").ok().body;
    let commit = app.commit_number();
    app.wait(TimeDelta::days(1));
    let again = app.import_events(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]);
    assert_eq!(again.count(StepOutcome::Unchanged), 3, "{again:#?}");
    assert_eq!((app.commit_number(), again.commit), (commit, commit));
    assert_eq!(app.visitor().get("/feeds/all.ics").ok().body, before);
    // The file's timestamp and the order of events are not changes.
    let text = calendar_of(&[FAIR, QUIZ_MOVED, QUIZ, CONCERT]);
    let file = app.folder().join("again.ics");
    std::fs::write(&file, text.replace("20261101T120000Z", "20261119T080000Z")).unwrap();
    app.import(&file).unwrap();
    assert_eq!(app.commit_number(), commit);
}

#[test]
fn a_change_at_the_source_keeps_uid_and_address_and_raises_the_sequence() {
    let app = app();
    let first = app.import_events(&[CONCERT, QUIZ]);
    let path = first.items[0].path.clone().unwrap();
    app.wait(TimeDelta::hours(1));
    let moved = CONCERT
        .replace("T190000", "T200000")
        .replace("Vårkonsert", "Vårkonserten");
    let second = app.import_events(&[&moved, QUIZ]);
    assert_eq!(second.count(StepOutcome::Updated), 1, "{second:#?}");
    assert_eq!(second.count(StepOutcome::Unchanged), 1, "{second:#?}");
    assert_eq!(second.items[0].path.as_ref(), Some(&path));
    let event = app.visitor().get(&format!("{path}.ics")).calendar();
    let event = event.event("konsert-1@band.example");
    assert_eq!(event.value("SEQUENCE"), "1");
    assert_eq!(event.value("DTSTART"), "20270410T200000");
    assert_eq!(event.value("SUMMARY"), "Vårkonserten");
    let cancelled = format!("{moved}|STATUS:CANCELLED");
    app.import_events(&[&cancelled, QUIZ]);
    let event = app.visitor().get(&format!("{path}.ics")).calendar();
    assert_eq!(
        event.event("konsert-1@band.example").value("STATUS"),
        "CANCELLED"
    );
    assert_eq!(event.event("konsert-1@band.example").value("SEQUENCE"), "2");
}

#[test]
fn what_a_person_set_is_not_overwritten() {
    let app = app();
    let report = app.import_events(&[CONCERT]);
    let slug = report.items[0]
        .path
        .as_ref()
        .unwrap()
        .trim_start_matches("/events/")
        .to_owned();
    let concert = Saved::find(&app, &slug);
    concert.change(|event| {
        event.title.set(Lang::Nb, "Vårkonsert med koret");
        event
            .owners
            .insert(Field::Title, Owner::Editor("kari".into()));
    });
    let other = CONCERT
        .replace("Vårkonsert", "VÅRKONSERT!!!")
        .replace("T210000", "T220000");
    let report = app.import_events(&[&other]);
    let record = concert.record();
    assert_eq!(record.title.exact(Lang::Nb), Some("Vårkonsert med koret"));
    let calendar = app.visitor().get(&concert.file()).calendar();
    let event = calendar.event("konsert-1@band.example");
    assert_eq!(event.value("SUMMARY"), "Vårkonsert med koret");
    assert_eq!(
        event.value("DTEND"),
        "20270410T220000",
        "nobody set the time but the source"
    );
    assert!(
        report.items[0].note.is_some(),
        "the report says what was kept: {report:#?}"
    );
}

#[test]
fn a_rehearsal_tells_everything_and_writes_nothing() {
    let app = app();
    let commit = app.commit_number();
    let file = app.folder().join("import.ics");
    std::fs::write(&file, calendar_of(&[CONCERT, QUIZ])).unwrap();
    let report = app
        .import_from(&Input::File(file), "import", Rehearsal::Yes)
        .unwrap();
    assert_eq!(report.count(StepOutcome::Created), 2);
    assert_eq!(app.commit_number(), commit);
    assert!(
        !app.visitor()
            .get("/feeds/all.ics")
            .calendar()
            .has("quiz@pub.example")
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_the_rest_goes_through() {
    let app = app();
    let report = app.import_events(&[
        "UID:a|SUMMARY:Uten start",
        "UID:b|SUMMARY:Uleselig start|DTSTART:i morgen",
        "UID:c|DTSTART:20270501T100000Z",
        "UID:d|SUMMARY:Hvert sekund|DTSTART:20270501T100000Z|RRULE:FREQ=SECONDLY",
        CONCERT,
    ]);
    assert_eq!(report.count(StepOutcome::Created), 2, "{report:#?}");
    assert_eq!(report.count(StepOutcome::Refused), 1, "{report:#?}");
    assert!(report.has_findings());
    let told = format!("{report:?}");
    for line in [4, 9, 13, 20] {
        assert!(
            told.contains(&format!("line {line}")),
            "line {line}: {report:#?}"
        );
    }
    for refused in report
        .items
        .iter()
        .filter(|item| item.outcome == StepOutcome::Refused)
    {
        assert!(refused.note.is_some(), "{refused:?} says why");
    }
    assert!(
        app.visitor()
            .get("/feeds/all.ics")
            .calendar()
            .has("konsert-1@band.example")
    );
}

#[test]
fn a_partner_is_named_where_its_events_are_shown() {
    let app = app();
    let file = app.folder().join("import.ics");
    std::fs::write(&file, calendar_of(&[CONCERT])).unwrap();
    let input = Input::File(file);
    let report = app
        .import_from(&input, "visit-ost-norge", Rehearsal::No)
        .unwrap();
    let path = report.items[0].path.clone().unwrap();
    assert!(
        app.visitor().read(&path).contains("Visit Øst-Norge"),
        "the credit is on the page"
    );
    let feed = app
        .visitor()
        .get("/feeds/partner/visit-ost-norge.ics")
        .calendar();
    let event = feed.event("konsert-1@band.example");
    assert!(
        event.value("DESCRIPTION").contains("Visit Øst-Norge"),
        "and in the feed"
    );
    let other = app.visitor().get("/feeds/partner/import.ics").calendar();
    assert!(other.events.is_empty());
    let unknown = app
        .import_from(&input, "nobody", Rehearsal::No)
        .unwrap_err();
    assert!(unknown.to_string().contains("nobody"), "{unknown}");
}

#[test]
fn html_in_a_source_is_no_html_here() {
    let app = app();
    let nasty = "UID:x|SUMMARY:<script>alert(1)</script>Dans|DTSTART:20270501T100000Z|\
        DESCRIPTION:<p>Kom <b>alle</b></p><script>alert(2)</script><img src=x onerror=alert(3)>";
    let report = app.import_events(&[nasty]);
    let path = report.items[0].path.clone().unwrap();
    for page in [path.clone(), "/".to_owned(), format!("/en{path}")] {
        let answer = app.visitor().get(&page).ok();
        // The page has a block of structured data, which escapes `<`.
        let text = answer
            .text()
            .replace("<script type=\"application/ld+json\">", "");
        assert!(!text.contains("<script"), "{page}");
        assert!(!answer.text().contains("<img"), "{page}");
    }
    assert!(
        app.visitor().read(&path).contains("Kom alle"),
        "the words stay"
    );
}

/// A clock that advances by a second at each reading.
struct Ticking(FixedClock);

impl Clock for Ticking {
    fn now(&self) -> DateTime<Utc> {
        let now = self.0.now();
        self.0.set(now + TimeDelta::seconds(1));
        now
    }

    fn new_id(&self) -> Uuid {
        self.0.new_id()
    }
}

#[test]
fn each_commit_of_a_large_import_has_a_time_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store =
        calendar_store::open(format!("sled:{}", folder.path().join("store").display())).unwrap();
    let clock = Arc::new(Ticking(FixedClock::at(instant("2026-11-22T12:00"))));
    let calendar = Arc::new(Calendar::open(store, clock).unwrap());
    let mut records = crate::support::region::records();
    records.push(crate::support::region::partner("import"));
    for record in records {
        let change = vec![Change::put(record)];
        calendar.write(Author::System, "region", change).unwrap();
    }
    let events: Vec<String> = (0..4_500)
        .map(|n| format!("UID:{n}|SUMMARY:Konsert {n}|DTSTART:20270601T160000Z"))
        .collect();
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    let file = folder.path().join("large.ics");
    std::fs::write(&file, calendar_of(&events)).unwrap();
    let importer = Importer::new(
        Arc::clone(&calendar),
        Fetcher::new(Vec::new(), 1 << 20, None),
        64 << 20,
    );
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    let (file, partner) = (Input::File(file), "import".parse().unwrap());
    let import = importer.run(&file, &partner, Rehearsal::No);
    runtime.block_on(import).unwrap();
    let mut times = std::collections::BTreeMap::new();
    calendar
        .scan(&[RecordKind::Event], &mut |batch| {
            times.extend(
                batch
                    .into_iter()
                    .map(|batch| (batch.commit, batch.changed_at)),
            );
        })
        .unwrap();
    assert!(times.len() > 2, "{times:?}");
    let times: Vec<_> = times.into_values().collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}

/// Returns the slug of an event that is imported with these further properties.
fn slug_of_imported(app: &TestServer, uid: &str, told: &str) -> String {
    app.wait(TimeDelta::hours(1));
    app.import_events(&[&format!(
        "UID:{uid}|DTSTAMP:20270101T000000Z|SUMMARY:Kurs|DTSTART;TZID=Europe/Oslo:20270401T180000{told}"
    )]);
    let snapshot = app.snapshot();
    let entry = snapshot.event_of(&uid.parse().unwrap());
    entry.unwrap().slug().to_owned()
}

#[test]
fn a_new_slug_has_a_day_on_which_the_event_takes_place_and_keeps_it() {
    let app = TestServer::builder().at("2027-03-01T12:00").start();
    let weekly = "|RRULE:FREQ=WEEKLY;COUNT=4";
    let without_first = format!("{weekly}|EXDATE;TZID=Europe/Oslo:20270401T180000");
    let slug = slug_of_imported(&app, "a@example.no", &without_first);
    assert_eq!(slug, "kurs-2027-04-08");
    let without_two = format!("{without_first},20270408T180000");
    let slug = slug_of_imported(&app, "a@example.no", &without_two);
    assert_eq!(slug, "kurs-2027-04-08");
    let earlier = format!("{weekly}|RDATE;TZID=Europe/Oslo:20270310T180000");
    let slug = slug_of_imported(&app, "b@example.no", &earlier);
    assert_eq!(slug, "kurs-2027-03-10");
    let page = Saved::find(&app, "kurs-2027-03-10").record();
    assert_eq!(page.uid.as_str(), "b@example.no");
}
