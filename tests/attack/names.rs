//! Slugs, UIDs and ids claimed by several events, in any publication state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Barrier};

use calendar_domain::clock::FixedClock;
use calendar_domain::{
    Connection, Event, KeyScope, Owner, Partner, Publication, Record, RecordKind, Trust,
};
use calendar_store::{Change, Store};
use elverum_calendar::catalog::Calendar;
use elverum_calendar::editorial::{self, Editor};
use elverum_calendar::ingest::access::make_key;
use serde_json::{Value, json};

use crate::outgo::sender::{Sender, add_partner, least, sender};
use crate::support::{Program, TestServer};

/// Creates a partner whose events need approval.
pub(super) fn add_untrusted_partner(app: &TestServer, id: &str) {
    let mut connection = Connection::new("interface".parse().unwrap(), None);
    connection.trust = Trust::Queue;
    let partner = Partner {
        connection: Some(connection),
        ..Partner::new(id.parse().unwrap(), id, Owner::DataFile)
    };
    app.commit(vec![Record::from(partner)]);
}

/// Creates a key of an existing partner.
pub(super) fn key_of(app: &TestServer, id: &str) -> String {
    let scope = KeyScope::Partner(id.parse().unwrap());
    make_key(app.calendar(), scope).unwrap().0
}

/// Returns all stored events.
pub(super) fn stored_events(app: &TestServer) -> Vec<Event> {
    let mut found = Vec::new();
    let kinds = [RecordKind::Event];
    let scanned = app.calendar().scan(&kinds, &mut |batch| {
        found.extend(batch.into_iter().filter_map(|batch| match batch.record {
            Record::Event(event) => Some(Event::clone(&event)),
            _ => None,
        }));
    });
    scanned.unwrap();
    found
}

/// Asserts that no two events share a slug or a UID.
#[track_caller]
pub(super) fn names_are_unique(events: &[Event]) {
    let mut slugs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut uids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for event in events {
        let id = event.id.as_str();
        slugs.entry(event.slug.as_str()).or_default().push(id);
        uids.entry(event.uid.as_str()).or_default().push(id);
    }
    slugs.retain(|_, ids| ids.len() > 1);
    uids.retain(|_, ids| ids.len() > 1);
    assert!(slugs.is_empty(), "slugs of several events: {slugs:#?}");
    assert!(uids.is_empty(), "UIDs of several events: {uids:#?}");
}

fn page_of(event: &Value) -> String {
    let url = event["url"].as_str().unwrap();
    url.replace(crate::support::server::BASE, "")
}

fn with_uid(uid: &str) -> Value {
    let mut event = least();
    event["uid"] = uid.into();
    event
}

#[test]
fn events_of_one_title_that_come_at_once_get_an_address_each() {
    const SENDERS: usize = 24;
    let app = TestServer::builder().with_empty_region().start();
    add_partner(&app, "venue");
    let key = key_of(&app, "venue");
    let together = Barrier::new(SENDERS);
    std::thread::scope(|threads| {
        for number in 0..SENDERS {
            let (app, key, together) = (&app, key.clone(), &together);
            threads.spawn(move || {
                let venue = Sender { app, key };
                together.wait();
                venue.put(&number.to_string(), &least()).with_status(201);
            });
        }
    });
    let events = stored_events(&app);
    assert_eq!(events.len(), SENDERS);
    names_are_unique(&events);
    for event in &events {
        app.visitor().read(&format!("/events/{}", event.slug));
    }
}

#[test]
fn an_event_that_was_deleted_keeps_its_address_until_it_is_back() {
    let app = TestServer::builder().with_empty_region().start();
    let venue = sender(&app, "venue");
    let first = venue.put("a", &least()).with_status(201).json();
    venue.delete("a").with_status(204);
    let second = venue.put("b", &least()).with_status(201).json();
    assert_ne!(first["slug"], second["slug"]);
    let back = venue.put("a", &least()).ok().json();
    assert_eq!(back["slug"], first["slug"]);
    assert_eq!(back["publication"], "published");
    names_are_unique(&stored_events(&app));
    let pages = [page_of(&back), page_of(&second)];
    pages.iter().for_each(|page| drop(app.visitor().read(page)));
}

#[test]
fn an_identity_of_a_deleted_event_is_not_given_to_another() {
    let app = TestServer::builder().with_empty_region().start();
    let venue = sender(&app, "venue");
    let first = venue.put("a", &with_uid("u@example.no")).json();
    assert_eq!(first["uid"], "u@example.no");
    venue.delete("a").with_status(204);
    let hall = sender(&app, "hall");
    let second = hall.put("b", &with_uid("u@example.no"));
    let second = second.with_status(201).json();
    assert_ne!(second["uid"], "u@example.no");
    assert_eq!(second["outcome"], "created");
    // The same partner with another origin id: a different event.
    let mut other = with_uid("u@example.no");
    other["title"]["nb"] = "Høstkonsert".into();
    let third = venue.put("c", &other).with_status(201).json();
    assert_ne!(third["uid"], "u@example.no");
    let back = venue.put("a", &with_uid("u@example.no")).ok().json();
    assert_eq!(back["uid"], "u@example.no");
    names_are_unique(&stored_events(&app));
}

#[test]
fn an_event_that_was_merged_and_deleted_is_found_again_by_its_identity() {
    let app = TestServer::builder().with_empty_region().start();
    let venue = sender(&app, "venue");
    let hall = sender(&app, "hall");
    let first = venue.put("a", &with_uid("u@example.no")).json();
    let merged = hall.put("b", &with_uid("u@example.no")).ok().json();
    assert_eq!(merged["outcome"], "merged");
    let mut withdrawn = stored_events(&app).remove(0);
    withdrawn.publication = Publication::Withdrawn;
    let owner = Owner::Partner("venue".parse().unwrap());
    let field = calendar_domain::Field::Publication;
    withdrawn.owners.insert(field, owner);
    app.commit(vec![withdrawn.into()]);
    let again = hall.put("b", &with_uid("u@example.no")).ok().json();
    assert_eq!((&again["id"], &again["uid"]), (&first["id"], &first["uid"]));
    assert_eq!(again["publication"], "published");
    assert_eq!(stored_events(&app).len(), 1);
}

#[test]
fn two_events_of_one_title_that_wait_are_both_published_with_an_address_each() {
    let app = TestServer::builder().with_empty_region().start();
    add_untrusted_partner(&app, "club");
    add_untrusted_partner(&app, "choir");
    for (partner, start) in [("club", "2027-04-10"), ("choir", "2027-04-11")] {
        let (app, key) = (&app, key_of(&app, partner));
        let sender = Sender { app, key };
        let mut event = with_uid("u@example.no");
        event["start"] = format!("{start}T19:00:00+02:00").into();
        let sent = sender.put("1", &event);
        assert_eq!(sent.with_status(201).json()["publication"], "submitted");
    }
    let waiting = stored_events(&app);
    names_are_unique(&waiting);
    let editor = Editor {
        name: "ola".into(),
        now: app.now(),
    };
    for event in &waiting {
        editorial::approve(app.calendar(), &editor, &event.id).unwrap();
        app.visitor().read(&format!("/events/{}", event.slug));
    }
    let calendar = app.visitor().get("/feeds/all.ics").ok().calendar();
    let uids: BTreeSet<&str> = waiting.iter().map(|waiting| waiting.uid.as_str()).collect();
    assert_eq!(uids.len(), 2);
    assert!(uids.iter().all(|uid| calendar.has(uid)));
}

#[test]
fn an_event_that_waits_under_a_name_of_another_gets_its_own_when_it_is_published() {
    let folder = tempfile::tempdir().unwrap();
    // A store of a version that did not check names: `b` waits with the slug and UID of `a`.
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/store_contract/shared_names.tar.gz"
    );
    let mut tar = std::process::Command::new("tar");
    tar.args(["-xzf", file, "-C"]).arg(folder.path());
    assert!(tar.status().expect("tar is there").success());
    let url = format!("sled:{}", folder.path().join("store").display());
    let clock = FixedClock::at("2026-11-22T12:00:00Z".parse().unwrap());
    let calendar = Calendar::open(calendar_store::open(&url).unwrap(), Arc::new(clock)).unwrap();
    let editor = Editor {
        name: "ola".into(),
        now: calendar.clock().now(),
    };
    editorial::approve(&calendar, &editor, &"b".parse().unwrap()).unwrap();
    let snapshot = calendar.snapshot();
    let found = ["a", "b"].map(|id| snapshot.event(&id.parse().unwrap()).unwrap());
    assert_eq!((found[0].slug(), found[0].uid()), ("one", "u-1"));
    assert_ne!(found[1].slug(), "one");
    assert_ne!(found[1].uid(), "u-1");
}

#[test]
fn the_identity_of_an_edition_to_come_can_be_taken_by_nobody_for_good() {
    let mut app = TestServer::start();
    // The names of next year's edition, claimed a year early by another partner.
    let events = stored_events(&app);
    let tentative = events.iter().find(|event| event.series.is_some()).unwrap();
    let (uid, slug) = (tentative.uid.to_string(), tentative.slug.to_string());
    let stored = app
        .calendar()
        .get(&Record::from(tentative.clone()).key())
        .unwrap()
        .unwrap();
    let gone = Change::remove(stored.record.key(), stored.revision);
    app.commit_changes(vec![gone]);
    let venue = sender(&app, "venue");
    let sent = venue.put("a", &with_uid(&uid)).with_status(201).json();
    assert_eq!(sent["uid"], uid.as_str());
    app.seed(&crate::support::program::own_data());
    let events = stored_events(&app);
    names_are_unique(&events);
    let made = events.iter().find(|event| event.slug.as_str() == slug);
    assert!(made.is_some(), "the edition is there under its own address");
    app.restart();
    let commit = app.commit_number();
    app.seed(&crate::support::program::own_data());
    assert_eq!(app.commit_number(), commit);
}

#[test]
fn an_import_with_an_identity_that_is_taken_takes_in_all_the_rest() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("a", &with_uid("two@example.no")).with_status(201);
    venue.delete("a").with_status(204);
    let events = ["one", "two", "three"]
        .map(|name| format!("UID:{name}@example.no|SUMMARY:Vårkonsert|DTSTART:20270410T170000Z"));
    let report = app.import_events(&events.each_ref().map(String::as_str));
    assert_eq!(report.items.len(), 3);
    let paths: BTreeSet<&str> = (report.items.iter())
        .filter_map(|item| item.path.as_deref())
        .collect();
    assert_eq!(paths.len(), 3, "{:#?}", report.items);
    paths.iter().for_each(|path| drop(app.visitor().read(path)));
    names_are_unique(&stored_events(&app));
}

#[test]
fn an_import_that_tells_of_an_event_of_a_partner_is_merged_with_it() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("a", &with_uid("one@example.no")).with_status(201);
    let events = [
        "UID:one@example.no|SUMMARY:Vårkonsert|DTSTART:20270410T170000Z|DESCRIPTION:To timer.",
        "UID:two@example.no|SUMMARY:Loppemarked|DTSTART:20270411T100000Z",
    ];
    let report = app.import_events(&events);
    assert!(!report.has_findings(), "{:#?}", report.items);
    let events = stored_events(&app);
    names_are_unique(&events);
    let merged = events
        .iter()
        .find(|event| event.uid.as_str() == "one@example.no");
    assert_eq!(merged.unwrap().sources.len(), 2);
}

/// Returns a line of records: an event with an id, a slug and a UID.
fn record_line(id: &str, slug: &str, uid: &str) -> String {
    let event = json!({"kind": "event", "record": {
        "id": id, "uid": uid, "slug": slug, "title": {"nb": id}, "publication": "published",
        "created": "2026-11-01T12:00:00Z", "modified": "2026-11-01T12:00:00Z",
        "schedule": {"when": {"kind": "all_day", "first": "2027-04-10", "until": "2027-04-11"}},
    }});
    event.to_string()
}

fn records_file(lines: &[String]) -> String {
    let heading = r#"{"format":"elverum-calendar records","version":1,"commit":1}"#;
    format!("{heading}\n{}\n", lines.join("\n"))
}

fn exported(program: &Program) -> BTreeMap<String, (String, String)> {
    let out = program.run(&["export", "--format", "ndjson"]).ok().out;
    let records = out.lines().skip(1).map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        (line["kind"].clone(), line["record"].clone())
    });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let events = records.filter(|(kind, _)| kind == "event");
    events
        .map(|(_, value)| {
            (
                text(&value["id"]),
                (text(&value["slug"]), text(&value["uid"])),
            )
        })
        .collect()
}

#[test]
fn records_may_exchange_addresses_however_far_apart_they_stand_in_a_file() {
    let program = Program::new();
    let filler = |n: usize| record_line(&format!("f-{n}"), &format!("f-{n}"), &format!("f-{n}"));
    let mut lines = vec![record_line("a", "one", "u-1")];
    lines.extend((0..1_200).map(filler));
    lines.push(record_line("b", "two", "u-2"));
    program.write("all.ndjson", records_file(&lines));
    program.run(&["import", "all.ndjson"]).ok();
    let last = lines.len() - 1;
    lines[0] = record_line("a", "two", "u-2");
    lines[last] = record_line("b", "one", "u-1");
    program.write("all.ndjson", records_file(&lines));
    program.run(&["import", "all.ndjson"]).ok();
    let events = exported(&program);
    assert_eq!(events["a"], ("two".into(), "u-2".into()));
    assert_eq!(events["b"], ("one".into(), "u-1".into()));
}

#[test]
fn a_record_whose_address_is_anothers_gets_a_free_one_and_takes_no_other_down() {
    let program = Program::new();
    let lines = [
        record_line("a", "one", "u-1"),
        record_line("b", "one", "u-1"),
        record_line("c", "three", "u-3"),
    ];
    program.write("all.ndjson", records_file(&lines));
    let taken = program
        .run(&["--json", "import", "all.ndjson"])
        .with_code(1)
        .json();
    let told = taken["renamed"].to_string();
    assert!(
        told.contains("line 3") && told.contains("event/a"),
        "{told}"
    );
    let events = exported(&program);
    let own: Vec<_> = ["a", "b", "c"].iter().map(|id| &events[*id]).collect();
    assert_eq!(*own[0], ("one".into(), "u-1".into()));
    assert_ne!(own[1].0, "one");
    assert_ne!(own[1].1, "u-1");
    assert_eq!(*own[2], ("three".into(), "u-3".into()));
    let checked = program.run_bare(&["store", "check", "sled:store"]).ok();
    assert!(checked.out.contains("0 findings"), "{}", checked.out);
    // Importing the same file again changes nothing.
    program.run(&["import", "all.ndjson"]).with_code(1);
    assert_eq!(exported(&program), events);
}
