//! Other people's events come in, once each, and change only as their source does.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use elverum_calendar::domain::{Field, Owner};
use elverum_calendar::sync::import::Rehearsal;
use elverum_calendar::sync::input::Input;
use elverum_calendar::sync::reconcile::Outcome;

use crate::support::importer::calendar_of;
use crate::support::saved::Saved;
use crate::support::{Program, TestServer};

const CONCERT: &str = "UID:konsert-1@band.example|SUMMARY:Vårkonsert|LOCATION:Terningen Arena|\
    DTSTART;TZID=Europe/Oslo:20270410T190000|DTEND;TZID=Europe/Oslo:20270410T210000";
const QUIZ: &str = "UID:quiz@pub.example|SUMMARY:Quiz|DTSTART;TZID=Europe/Oslo:20270107T180000|\
    RRULE:FREQ=WEEKLY;COUNT=8|EXDATE;TZID=Europe/Oslo:20270114T180000";
const QUIZ_MOVED: &str = "UID:quiz@pub.example|SUMMARY:Quiz på fredag|\
    RECURRENCE-ID;TZID=Europe/Oslo:20270121T180000|DTSTART;TZID=Europe/Oslo:20270122T180000";
const FAIR: &str = "UID:messe|SUMMARY:Messe|DTSTART;VALUE=DATE:20270501|DTEND;VALUE=DATE:20270504|\
    STATUS:CANCELLED";

fn app() -> TestServer {
    TestServer::start()
}

#[test]
fn imported_events_are_on_pages_and_in_feeds_under_the_uid_they_came_with() {
    let app = app();
    let report = app.import_events(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]);
    assert_eq!(report.count(Outcome::Created), 3, "{report:#?}");
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
    assert_eq!(again.count(Outcome::Unchanged), 3, "{again:#?}");
    assert_eq!((app.commit_number(), again.commit), (commit, commit));
    assert_eq!(app.visitor().get("/feeds/all.ics").ok().body, before);
    // The time at which a source was written is no change of an event, nor is its order.
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
    assert_eq!(second.count(Outcome::Updated), 1, "{second:#?}");
    assert_eq!(second.count(Outcome::Unchanged), 1, "{second:#?}");
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
        event.title.nb = Some("Vårkonsert med koret".into());
        event
            .owners
            .insert(Field::Title, Owner::Editor("kari".into()));
    });
    let other = CONCERT
        .replace("Vårkonsert", "VÅRKONSERT!!!")
        .replace("T210000", "T220000");
    let report = app.import_events(&[&other]);
    let record = concert.record();
    assert_eq!(record.title.nb.as_deref(), Some("Vårkonsert med koret"));
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
    assert_eq!(report.count(Outcome::Created), 2);
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
    assert_eq!(report.count(Outcome::Created), 2, "{report:#?}");
    assert_eq!(report.count(Outcome::Refused), 1, "{report:#?}");
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
        .filter(|item| item.outcome == Outcome::Refused)
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
        assert!(!answer.text().contains("<script"), "{page}");
        assert!(!answer.text().contains("<img"), "{page}");
    }
    assert!(
        app.visitor().read(&path).contains("Kom alle"),
        "the words stay"
    );
}

#[test]
fn at_the_command_line_the_second_import_says_the_same_commit() {
    let program = Program::new();
    program.write(
        "spring.ics",
        calendar_of(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]),
    );
    let first = program.run(&["--json", "import", "spring.ics"]).ok().json();
    let outcomes: Vec<_> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["outcome"])
        .collect();
    assert_eq!(outcomes, ["created"; 3]);
    let rehearsed = program
        .run(&["--json", "import", "spring.ics", "--dry-run"])
        .ok()
        .json();
    let second = program.run(&["--json", "import", "spring.ics"]).ok().json();
    assert_eq!(second["commit"], first["commit"]);
    assert_eq!(rehearsed["commit"], first["commit"]);
    let told = program.run(&["import", "spring.ics"]).ok().out;
    assert!(
        told.contains("0 new, 0 changed, 3 the same, 0 refused"),
        "{told}"
    );
    let serving = program.serve(&[]);
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    assert!(feed.contains("UID:konsert-1@band.example"));
    let path = first["items"][0]["path"].as_str().unwrap();
    assert!(
        String::from_utf8(serving.get(path))
            .unwrap()
            .contains("Vårkonsert")
    );
}

#[test]
fn what_one_calendar_exports_another_imports() {
    let (one, other) = (Program::new(), Program::new());
    one.write(
        "spring.ics",
        calendar_of(&[CONCERT, QUIZ, QUIZ_MOVED, FAIR]),
    );
    one.run(&["import", "spring.ics"]).ok();
    let exported = one.run(&["export", "--format", "json"]).ok();
    other.write("all.json", &exported.out);
    let first = other.run(&["--json", "import", "all.json"]).ok().json();
    let again = other.run(&["--json", "import", "all.json"]).ok().json();
    assert_eq!(
        first["commit"], again["commit"],
        "a second time changes nothing"
    );
    let by_uid = |text: &str| -> BTreeMap<String, serde_json::Value> {
        let events: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        events
            .into_iter()
            .map(|event| (event["uid"].as_str().unwrap().to_owned(), event))
            .collect()
    };
    let (here, there) = (
        by_uid(&exported.out),
        by_uid(&other.run(&["export"]).ok().out),
    );
    assert_eq!(
        here.keys().collect::<Vec<_>>(),
        there.keys().collect::<Vec<_>>()
    );
    let told = [
        "title",
        "description",
        "start",
        "end",
        "all_day",
        "time_zone",
        "recurrence",
        "status",
        "place",
        "organizer",
        "categories",
        "audiences",
    ];
    for (uid, event) in &here {
        for field in told {
            assert_eq!(event[field], there[uid][field], "{field} of {uid}");
        }
    }
}

#[test]
fn one_calendar_subscribes_to_another_when_it_is_allowed_to() {
    let (source, reader) = (Program::new(), Program::new());
    source.write("spring.ics", calendar_of(&[CONCERT]));
    source.run(&["import", "spring.ics"]).ok();
    let serving = source.serve(&[]);
    let feed = format!("{}/feeds/all.ics", serving.address);
    let refused = reader.run(&["import", &feed]).with_code(3);
    assert!(
        refused.err.contains("allow_private"),
        "it says what would allow it: {}",
        refused.err
    );
    let host = serving.address.trim_start_matches("http://");
    let config = format!("[default.calendar.sync]\nallow_private = [\"{host}\"]\n");
    let config = reader.write("settings.toml", config);
    let arguments = [
        "--config",
        config.to_str().unwrap(),
        "--json",
        "import",
        &feed,
    ];
    let first = reader.run(&arguments).ok().json();
    let created = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["outcome"] == "created");
    assert_eq!(
        created.count(),
        1,
        "the concert; the rest is known here: {first}"
    );
    let second = reader.run(&arguments).ok().json();
    assert_eq!(first["commit"], second["commit"]);
    let missing = format!("{}/feeds/nothing.ics", serving.address);
    let failed = reader
        .run(&["--config", config.to_str().unwrap(), "import", &missing])
        .with_code(3);
    assert!(failed.err.contains("404"), "{}", failed.err);
}

#[test]
fn what_is_no_calendar_is_refused_in_words() {
    let program = Program::new();
    let missing = program.run(&["import", "nowhere.ics"]).with_code(3);
    assert!(missing.err.contains("nowhere.ics"), "{}", missing.err);
    program.write("broken.json", "[{\"title\": }]");
    let broken = program.run(&["import", "broken.json"]).with_code(3);
    assert!(
        broken.err.contains("broken.json") && broken.err.contains("line 1"),
        "{}",
        broken.err
    );
    program.write("letter.txt", "Kjære dere,\nher er programmet.\n");
    let letter = program.run(&["import", "letter.txt"]).with_code(1);
    assert!(letter.out.contains("letter.txt"), "{}", letter.out);
    program.write("empty.ics", "");
    program.run(&["import", "empty.ics"]).with_code(1);
    let partner = program
        .run(&["import", "letter.txt", "--partner", "nobody"])
        .with_code(3);
    assert!(partner.err.contains("partners.toml"), "{}", partner.err);
}
