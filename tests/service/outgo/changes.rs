//! A client that keeps a copy of the calendar through `/api/v1/changes`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calendar_domain::partner::Permission;
use calendar_domain::{ContentPolicy, Partner, Record};
use reqwest::Method;
use serde_json::Value;

use crate::support::importer::calendar_of;
use crate::support::{TestServer, event};

/// A copy, by id.
#[derive(Default)]
struct Copy {
    next: Option<String>,
    events: BTreeMap<String, Value>,
}

impl Copy {
    /// Reads until there is nothing new. Returns the types and slugs of the changes.
    fn follow(&mut self, app: &TestServer) -> Vec<(String, String)> {
        let mut told = Vec::new();
        loop {
            let since = self.next.as_ref().map(|next| format!("&since={next}"));
            let path = format!("/api/v1/changes?limit=50{}", since.unwrap_or_default());
            let page = app.program().get(&path).ok().json();
            self.next = Some(page["next"].as_str().expect("next is always there").into());
            let items = page["items"].as_array().unwrap();
            if items.is_empty() {
                return told;
            }
            for item in items {
                let id = item["id"].as_str().unwrap().to_owned();
                let kind = item["type"].as_str().unwrap();
                assert!(item["changed"].as_str().unwrap().ends_with('Z'));
                match kind {
                    "event" => {
                        assert_eq!(item["event"]["id"], item["id"]);
                        assert_eq!(item["event"]["uid"], item["uid"]);
                        self.events.insert(id, item["event"].clone());
                    }
                    "gone" => {
                        assert!(item.get("event").is_none());
                        self.events.remove(&id);
                    }
                    other => panic!("{other}"),
                }
                told.push((kind.to_owned(), item["slug"].as_str().unwrap().to_owned()));
            }
        }
    }

    fn titles(&self) -> Vec<&str> {
        let titles = self.events.values();
        titles
            .map(|title| title["title"]["nb"].as_str().unwrap())
            .collect()
    }
}

#[test]
fn who_follows_the_changes_has_the_calendar() {
    let app = TestServer::start();
    let mut copy = Copy::default();
    copy.follow(&app);
    assert_eq!(copy.events.len(), app.snapshot().event_count());
    let concert = event("Sommerkonsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .save(&app);
    assert_eq!(copy.follow(&app).len(), 1);
    assert!(copy.titles().contains(&"Sommerkonsert"));
    concert.cancel();
    assert_eq!(copy.follow(&app).len(), 1);
    let cancelled = copy
        .events
        .values()
        .find(|event| event["status"] == "cancelled");
    assert_eq!(cancelled.unwrap()["title"]["nb"], "Sommerkonsert");
    assert!(copy.follow(&app).is_empty());
}

#[test]
fn the_changes_have_a_tag_and_are_open_to_pages_of_any_site() {
    let app = TestServer::start();
    let path = "/api/v1/changes?limit=3";
    let first = app.program().get(path).ok();
    assert_eq!(first.header("Access-Control-Allow-Origin"), "*");
    assert_eq!(first.header("Content-Type"), "application/json");
    let tag = first.header("ETag").to_owned();
    let again = app.ask(Method::GET, path, &[("If-None-Match", &tag)]);
    again.with_status(304);
    let head = app.ask(Method::HEAD, path, &[]).ok();
    assert_eq!(head.header("ETag"), tag);
    assert!(head.body.is_empty());
    // Without new changes the response stays the same, whatever else is written.
    let mut copy = Copy::default();
    copy.follow(&app);
    let path = format!("/api/v1/changes?since={}", copy.next.unwrap());
    let before = app.program().get(&path).ok();
    event("Utkast").on("2027-06-01T18:00").drafted().save(&app);
    assert_eq!(app.program().get(&path).ok().body, before.body);
}

#[test]
fn wrong_parameters_are_named_with_the_known_ones() {
    let app = TestServer::start();
    for (query, status, field, said) in [
        ("sinse=1", 400, "sinse", "since, limit"),
        ("since=nonsense", 409, "since", "not a cursor"),
        (
            "since=OTk5OTk5OS4",
            409,
            "since",
            "newer than this calendar",
        ),
        ("limit=0", 400, "limit", "1 to 1000"),
        ("limit=many", 400, "limit", "1 to 1000"),
        ("limit=1001", 400, "limit", "1 to 1000"),
        ("limit=3&limit=4", 400, "limit", "1"),
    ] {
        let answer = app.program().get(&format!("/api/v1/changes?{query}"));
        let answer = answer.with_status(status);
        assert_eq!(answer.header("Content-Type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(said), "{detail}");
    }
}

#[test]
fn what_a_partner_does_not_let_us_pass_on_is_not_among_the_changes() {
    let app = TestServer::start();
    let mut copy = Copy::default();
    copy.follow(&app);
    let partner = |passing_on| {
        let known = app.snapshot();
        let known = known.partner(&"import".parse().unwrap()).unwrap().clone();
        let policy = ContentPolicy {
            passing_on,
            ..ContentPolicy::default()
        };
        Record::from(Partner {
            policy,
            ..Partner::clone(&known)
        })
    };
    app.commit(vec![partner(Permission::Refused)]);
    let event = "UID:a@b|SUMMARY:Konsert|DTSTART;TZID=Europe/Oslo:20270410T190000";
    let file = app.folder().join("a.ics");
    std::fs::write(&file, calendar_of(&[event])).unwrap();
    app.import(&file).unwrap();
    assert!(copy.follow(&app).is_empty());
    app.commit(vec![partner(Permission::Allowed)]);
    assert_eq!(copy.follow(&app).len(), 1);
    app.commit(vec![partner(Permission::Refused)]);
    let told = copy.follow(&app);
    assert_eq!(told[0].0, "gone");
    assert!(!copy.titles().contains(&"Konsert"));
}

/// Returns a cursor in the form of versions without generations.
fn unmarked(commit: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{commit}."))
}

#[test]
fn a_cursor_from_before_a_restore_is_refused_and_a_copy_made_anew_is_the_calendar() {
    let mut app = TestServer::builder().with_empty_region().start();
    event("Blir").on("2027-06-01T18:00").save(&app);
    let backup = app.backup();
    for title in ["Tapt", "Tapt også"] {
        event(title).on("2027-06-02T18:00").save(&app);
    }
    let mut copy = Copy::default();
    copy.follow(&app);
    assert_eq!(copy.events.len(), 3);
    app.restore(&backup);
    // As many commits as were lost: the cursor's number alone looks valid.
    for title in ["Ny", "Ny også"] {
        event(title).on("2027-06-03T18:00").save(&app);
    }
    let stale = copy.next.take().unwrap();
    let problem = app.program().get(&format!("/api/v1/changes?since={stale}"));
    let problem = problem.with_status(409).json();
    assert_eq!(problem["type"], "/problems/unusable-cursor");
    assert_eq!(problem["title"], "The cursor cannot be used");
    assert_eq!(problem["errors"][0]["field"], "since");
    let detail = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(
        detail.contains("restored") && detail.contains("without a cursor"),
        "{detail}"
    );
    copy.events.clear();
    copy.follow(&app);
    let mut titles = copy.titles();
    titles.sort_unstable();
    assert_eq!(titles, ["Blir", "Ny", "Ny også"]);
    app.restart();
    assert!(copy.follow(&app).is_empty(), "a restart is no restore");
}

#[test]
fn a_cursor_without_a_generation_holds_until_the_store_is_restored() {
    let mut app = TestServer::builder().with_empty_region().start();
    event("Konsert").on("2027-06-01T18:00").save(&app);
    let path = format!("/api/v1/changes?since={}", unmarked(app.commit_number()));
    // A store created by this version never issued such a cursor.
    app.program().get(&path).with_status(409);
    // A store of an earlier version has no generation.
    std::fs::remove_file(app.folder().join("store/journal/generation")).unwrap();
    app.restart();
    let page = app.program().get(&path).ok().json();
    assert_eq!(page["items"].as_array().unwrap().len(), 0);
    assert_ne!(path.rsplit('=').next(), page["next"].as_str());
    event("Mer").on("2027-06-02T18:00").save(&app);
    let page = app.program().get(&path).ok().json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let later = format!("/api/v1/changes?since={}", unmarked(app.commit_number()));
    app.program().get(&later).with_status(409);
    let backup = app.backup();
    app.restore(&backup);
    app.program().get(&path).with_status(409);
}
