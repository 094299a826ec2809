//! What an item says, in which language, and which members.

use calendar_domain::partner::Permission;
use calendar_domain::{ContentPolicy, Owner, Partner, Record};
use serde_json::json;

use super::{items, titles};
use crate::support::importer::calendar_of;
use crate::support::region::place;
use crate::support::server::BASE;
use crate::support::{TestServer, event};

fn app() -> TestServer {
    TestServer::builder()
        .with_empty_region()
        .at("2027-03-01T09:00")
        .start()
}

#[test]
fn an_occurrence_says_what_a_list_shows() {
    let app = app();
    app.commit(vec![place("Terningen Arena", "3420")]);
    let saved = event("Kor")
        .at("Terningen Arena")
        .under("music")
        .on("2027-03-02T18:00")
        .until("2027-03-02T20:00");
    let saved = saved
        .repeating("FREQ=WEEKLY;COUNT=3")
        .with_one_moved("2027-03-09T18:00", "2027-03-10T19:00");
    let saved = saved.with_one_cancelled("2027-03-16T18:00").save(&app);
    let found = items(&app, "/api/v1/occurrences");
    let id = saved.record().id.to_string();
    let event =
        json!({"id": id, "uid": saved.uid(), "slug": "kor", "url": format!("{BASE}/events/kor")});
    assert!(found.iter().all(|item| item["event"] == event), "{found:?}");
    let first = &found[0];
    assert_eq!(first["recurrence_id"], "2027-03-02T18:00:00+01:00");
    assert_eq!(first["start"], "2027-03-02T18:00:00+01:00");
    assert_eq!(first["end"], "2027-03-02T20:00:00+01:00");
    assert_eq!(first["time_zone"], "Europe/Oslo");
    assert_eq!(
        (&first["all_day"], &first["status"]),
        (&json!(false), &json!("scheduled"))
    );
    assert_eq!(
        (&first["title"], &first["categories"]),
        (&json!({"nb": "Kor"}), &json!(["music"]))
    );
    assert_eq!(first["place"]["municipality"], "3420");
    let moved = &found[1];
    assert_eq!(moved["status"], "rescheduled");
    assert_eq!(moved["recurrence_id"], "2027-03-09T18:00:00+01:00");
    assert_eq!(moved["previous_start"], "2027-03-09T18:00:00+01:00");
    assert_eq!(moved["start"], "2027-03-10T19:00:00+01:00");
    assert_eq!(found[2]["status"], "cancelled");
}

#[test]
fn an_event_of_the_list_is_the_event_of_the_change_log_and_of_its_own_address() {
    let app = TestServer::start();
    let licence = app.snapshot().region().licence.clone().unwrap();
    for list in ["events", "occurrences", "changes"] {
        let page = app.program().get(&format!("/api/v1/{list}")).ok().json();
        assert_eq!(page["licence"], licence.url.as_str(), "{list}");
    }
    let listed = super::all_items(&app, "/api/v1/events?limit=20&from=2025-01-01");
    assert!(listed.len() > 10, "{}", listed.len());
    let changes = items(&app, "/api/v1/changes?limit=1000");
    for event in &listed {
        let id = event["id"].as_str().unwrap();
        let change = changes.iter().find(|change| change["id"] == id).unwrap();
        assert_eq!(&change["event"], event);
        let own = app.program().get(&format!("/api/v1/events/{id}")).ok();
        assert_eq!(&own.json(), event);
    }
}

#[test]
fn an_event_is_found_by_id_and_slug_and_gone_when_it_was_withdrawn() {
    let app = app();
    let saved = event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    let draft = event("Utkast").on("2027-06-01T18:00").drafted().save(&app);
    let id = saved.record().id.to_string();
    for name in [id.as_str(), "sommerkonsert"] {
        let answer = app.program().get(&format!("/api/v1/events/{name}")).ok();
        assert_eq!(answer.json()["id"], id.as_str());
        let canonical = format!("<{BASE}/api/v1/events/{id}>; rel=\"canonical\"");
        assert_eq!(answer.header("Link"), canonical);
    }
    saved.withdraw();
    for name in [id.as_str(), "sommerkonsert"] {
        let answer = app.program().get(&format!("/api/v1/events/{name}"));
        let problem = answer.with_status(410).json();
        assert_eq!(problem["type"], "/problems/gone");
    }
    for name in [
        "nothing",
        "utkast",
        draft.record().id.as_str(),
        "%00",
        "a%2Fb",
    ] {
        app.program()
            .get(&format!("/api/v1/events/{name}"))
            .with_status(404);
    }
}

#[test]
fn a_language_leaves_each_text_in_that_language_or_the_next_best() {
    let app = app();
    event("Konsert")
        .called_in_english("Concert")
        .described("Kun på norsk")
        .on("2027-03-02T18:00")
        .save(&app);
    let in_lang = |lang: &str| items(&app, &format!("/api/v1/events?lang={lang}")).remove(0);
    let english = in_lang("en");
    assert_eq!(english["title"], json!({"en": "Concert"}));
    assert_eq!(english["description"], json!({"nb": "Kun på norsk"}));
    assert_eq!(english["url"], format!("{BASE}/en/events/konsert"));
    assert_eq!(in_lang("nn")["title"], json!({"nb": "Konsert"}));
    let all = items(&app, "/api/v1/events").remove(0);
    assert_eq!(all["title"], json!({"nb": "Konsert", "en": "Concert"}));
    let dates = items(&app, "/api/v1/occurrences?lang=en");
    assert_eq!(dates[0]["title"], json!({"en": "Concert"}));
    // The language that the client prefers, if it asks for that.
    for (accepted, expected) in [("en-GB,en;q=0.9", "en"), ("nb", "nb"), ("de", "nb")] {
        let headers = [("Accept-Language", accepted)];
        let answer = app
            .ask(reqwest::Method::GET, "/api/v1/events?lang=auto", &headers)
            .ok();
        assert_eq!(answer.header("Content-Language"), expected);
        assert_eq!(answer.header("Vary"), "Accept-Encoding, Accept-Language");
        let title = &answer.json()["items"][0]["title"];
        assert_eq!(
            title.as_object().unwrap().keys().collect::<Vec<_>>(),
            [expected]
        );
    }
}

#[test]
fn chosen_fields_come_with_what_identifies_and_credits_an_item() {
    let app = app();
    event("Konsert").on("2027-03-02T18:00").save(&app);
    let members = |path: &str| -> Vec<String> {
        let item = items(&app, path).remove(0);
        item.as_object().unwrap().keys().cloned().collect()
    };
    let chosen = members("/api/v1/events?fields=title,start&fields=end");
    assert_eq!(chosen, ["credit", "end", "id", "licence", "start", "title"]);
    let chosen = members("/api/v1/occurrences?fields=title");
    assert_eq!(chosen, ["credit", "event", "licence", "title"]);
    let one = app
        .program()
        .get("/api/v1/events/konsert?fields=title&lang=nb")
        .ok()
        .json();
    assert_eq!(one["title"], json!({"nb": "Konsert"}));
    assert!(one.get("start").is_none());
}

#[test]
fn what_a_partner_does_not_let_us_pass_on_is_in_no_list() {
    let app = TestServer::start();
    let refuse = |passing_on| {
        let snapshot = app.snapshot();
        let known = snapshot.partner(&"import".parse().unwrap()).unwrap();
        let policy = ContentPolicy {
            passing_on,
            ..ContentPolicy::default()
        };
        Record::from(Partner {
            policy,
            ..Partner::clone(known)
        })
    };
    let file = app.folder().join("a.ics");
    let imported = "UID:a@b|SUMMARY:Importert|DTSTART;TZID=Europe/Oslo:20270410T190000";
    std::fs::write(&file, calendar_of(&[imported])).unwrap();
    app.import(&file).unwrap();
    let snapshot = app.snapshot();
    let imported = snapshot.event_of(&"a@b".parse().unwrap()).unwrap();
    let id = imported.id();
    let paths = ["events", "occurrences"].map(|name| format!("/api/v1/{name}?partner=import"));
    for (permission, count) in [(Permission::Allowed, 1), (Permission::Refused, 0)] {
        app.commit(vec![refuse(permission)]);
        app.wait(chrono::TimeDelta::hours(1));
        for path in &paths {
            assert_eq!(titles(&app, path).len(), count, "{path}");
        }
        let status = if count == 1 { 200 } else { 410 };
        let path = format!("/api/v1/events/{id}");
        app.program().get(&path).with_status(status);
    }
}

#[test]
fn an_event_includes_its_parts_if_they_are_requested() {
    let app = app();
    let festival = event("Festival").on("2027-03-02T18:00").save(&app);
    let part = event("Del").on("2027-03-02T19:00").save(&app);
    let whole = festival.record().id;
    part.change(|event| event.super_event = Some(whole));
    let found = items(&app, "/api/v1/events?include=parts&parts=omit");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["parts"][0]["title"]["nb"], "Del");
    let one = app
        .program()
        .get("/api/v1/events/festival?include=parts&fields=title")
        .ok()
        .json();
    assert_eq!(one["parts"][0]["title"]["nb"], "Del");
    assert!(one["parts"][0].get("start").is_none() && one.get("start").is_none());
    for (path, item) in [
        ("/api/v1/events/festival", ""),
        ("/api/v1/events?q=festival", "/items/0"),
    ] {
        let query = if item.is_empty() { "?" } else { "&" };
        let path = format!("{path}{query}fields=id,parts");
        let with = app
            .program()
            .get(&format!("{path}&include=parts"))
            .ok()
            .json();
        let one = with.pointer(item).unwrap();
        assert_eq!(one["parts"].as_array().unwrap().len(), 1, "{path}");
        assert!(one.get("title").is_none());
        let without = app.program().get(&path).ok().json();
        assert!(without.pointer(item).unwrap().get("parts").is_none());
    }
    let alone = app
        .program()
        .get("/api/v1/events/del?include=parts")
        .ok()
        .json();
    assert_eq!(alone["parts"], json!([]));
    app.program()
        .get("/api/v1/occurrences?include=parts")
        .with_status(400);
    app.program()
        .get("/api/v1/events?include=all")
        .with_status(400);
}

#[test]
fn parts_that_may_not_be_passed_on_are_not_named_by_their_whole() {
    let app = app();
    let allow = |passing_on| {
        let policy = ContentPolicy {
            passing_on,
            ..ContentPolicy::default()
        };
        let partner = Partner::new("streng".parse().unwrap(), "Streng", Owner::DataFile);
        app.commit(vec![Partner { policy, ..partner }.into()]);
    };
    allow(Permission::Allowed);
    let festival = event("Festival").on("2027-03-02T18:00").save(&app);
    let part = event("Del").sent_by("streng").on("2027-03-02T19:00");
    let part = part.save(&app);
    let whole = festival.record().id;
    part.change(|event| event.super_event = Some(whole));
    let first = app.program().get("/api/v1/changes").ok().json();
    let mut next = first["next"].clone();
    let parts = |path: &str, item: &str| {
        let found = app.program().get(path).ok().json();
        let whole = found.pointer(item).unwrap().clone();
        whole["sub_events"].as_array().unwrap().len()
    };
    for (permission, count) in [(Permission::Refused, 0), (Permission::Allowed, 1)] {
        allow(permission);
        assert_eq!(parts("/api/v1/events/festival", ""), count);
        assert_eq!(parts("/api/v1/events?q=festival", "/items/0"), count);
        // Who keeps a copy is told.
        let since = next.as_str().unwrap();
        let changes = app.program().get(&format!("/api/v1/changes?since={since}"));
        let changes = changes.ok().json();
        let items = changes["items"].as_array().unwrap();
        let told = items
            .iter()
            .find(|item| item["slug"] == "festival")
            .unwrap();
        assert_eq!(told["event"]["sub_events"].as_array().unwrap().len(), count);
        next = changes["next"].clone();
    }
}
