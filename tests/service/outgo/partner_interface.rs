//! The partner interface, used by a partner's program.

use calendar_domain::{Field, Lang, Owner, Record, RecordKey, RecordKind};
use calendar_store::{Change, Store};
use reqwest::Method;
use serde_json::{Value, json};

use super::sender::{least, sender};
use crate::support::TestServer;
use crate::support::importer::calendar_of;

#[test]
fn an_event_that_is_sent_is_in_the_calendar_once_however_often_it_is_sent() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let before = app.snapshot().event_count();
    let first = venue.put("42", &least()).with_status(201).json();
    assert_eq!(first["outcome"], "created");
    assert_eq!(first["publication"], "published");
    let page = first["url"].as_str().unwrap();
    let path = page.strip_prefix("https://kalender.example.no").unwrap();
    assert!(app.visitor().read(path).contains("Vårkonsert"));
    let commit = app.commit_number();
    let again = venue.put("42", &least()).ok().json();
    assert_eq!(again["outcome"], "unchanged");
    assert_eq!(app.commit_number(), commit);
    let mut moved = least();
    moved["start"] = "2027-04-11T19:00:00+02:00".into();
    let changed = venue.put("42", &moved).ok().json();
    assert_eq!(changed["outcome"], "updated");
    assert_eq!(changed["sequence"], 1);
    for same in ["id", "uid", "slug", "url", "created"] {
        assert_eq!(changed[same], first[same], "{same}");
    }
    assert_eq!(app.snapshot().event_count(), before + 1);
}

#[test]
fn what_was_sent_comes_back_and_may_be_sent_again_as_it_came() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let whole = json!({
        "title": {"nb": "Konsert", "en": "Concert"},
        "summary": {"nb": "Kort."}, "description": {"nb": "Lang."},
        "start": "2027-06-01T18:00:00+02:00", "end": "2027-06-01T20:00:00+02:00",
        "time_zone": "Europe/Oslo", "all_day": false,
        "recurrence": {"rrule": "FREQ=WEEKLY;COUNT=5", "exdates": ["2027-06-08T18:00:00+02:00"]},
        "place": {"slug": "terningen-arena"}, "organizer": {"name": "Laget"},
        "categories": ["music"], "audiences": ["families"], "accessibility": ["step_free"],
        "offers": [{"name": {"nb": "Voksen"}, "price": "250.00", "currency": "NOK"}], "free": false,
        "images": [{"url": "https://venue.example/a.jpg", "alt": {"nb": "Koret"}}],
        "website": "https://venue.example/konsert"
    });
    venue.put("a", &whole).with_status(201);
    let got = venue.get("a").ok();
    assert_eq!(got.header("Cache-Control"), "private, no-cache");
    let shown = got.json();
    for field in [
        "title",
        "start",
        "end",
        "categories",
        "audiences",
        "website",
        "offers",
    ] {
        let (told, sent) = (&shown[field], &whole[field]);
        if field == "offers" {
            assert_eq!(told[0]["price"], sent[0]["price"]);
        } else {
            assert_eq!(told, sent, "{field}");
        }
    }
    // Its own images, which others are not shown without permission.
    assert_eq!(shown["images"][0]["url"], "https://venue.example/a.jpg");
    assert_eq!(shown["place"]["name"], "Terningen Arena");
    venue.put("a", &shown).ok();
    let again = venue.get("a").ok().json();
    for field in [
        "title",
        "start",
        "end",
        "recurrence",
        "place",
        "images",
        "sequence",
        "uid",
    ] {
        assert_eq!(again[field], shown[field], "{field}");
    }
    let commit = app.commit_number();
    assert_eq!(venue.put("a", &again).ok().json()["outcome"], "unchanged");
    assert_eq!(app.commit_number(), commit);
}

#[test]
fn a_place_and_an_earlier_time_stay_when_something_else_is_sent() {
    for place in [
        json!({"name": "Parken", "address": "Gata 1", "postal_code": "2408"}),
        json!({"name": "Parken", "address": "Gata 1, Elverum", "municipality": "3420"}),
        json!({"name": "Parken", "postal_code": "2408", "latitude": 60.9, "longitude": 11.6}),
    ] {
        let app = TestServer::start();
        let venue = sender(&app, "venue");
        let mut event = least();
        event["place"] = place;
        event["status"] = "rescheduled".into();
        event["previous_start"] = "2027-03-01T18:00:00+01:00".into();
        venue.put("a", &event).with_status(201);
        let before = venue.get("a").ok().json();
        let text = json!({"description": {"nb": "Ta med godt humør."}});
        venue.patch("a", &text).ok();
        let mut after = venue.get("a").ok().json();
        assert_eq!(after["description"], text["description"]);
        for field in ["place", "sequence", "previous_start"] {
            assert_eq!(after[field], before[field], "{field}");
        }
        after["summary"] = json!({"nb": "Kort."});
        venue.put("a", &after).ok();
        let mut again = least();
        again["place"] = event["place"].clone();
        again["status"] = "rescheduled".into();
        venue.put("a", &again).ok();
        let last = venue.get("a").ok().json();
        for field in ["place", "sequence", "previous_start"] {
            assert_eq!(last[field], before[field], "{field}");
        }
    }
}

#[test]
fn ids_may_have_any_characters() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let ids = [
        "a%2Fb",
        "a%2Fb%2F..%2Fc",
        "a%2E%2Eb",
        "%C3%A6%C3%B8%C3%A5",
        "a%20b%3Fc%23d",
        "%25",
        "%F0%9F%8E%BB",
        "a%3Ab%40c",
        "A%2FB",
        "%3Cscript%3E",
    ];
    for (number, id) in ids.iter().enumerate() {
        let mut event = least();
        event["title"]["nb"] = format!("Nummer {number}").into();
        venue.put(id, &event).with_status(201);
    }
    for (number, id) in ids.iter().enumerate() {
        let title = venue.get(id).ok().json()["title"]["nb"].clone();
        assert_eq!(title, format!("Nummer {number}"), "{id}");
    }
    let page = venue.with(Method::GET, "?limit=500", &[], "").ok().json();
    assert_eq!(page["items"].as_array().unwrap().len(), ids.len());
    let longest = "%C3%B8".repeat(500);
    venue.put(&longest, &least()).with_status(201);
    for wrong in [format!("{longest}a"), "%FF".into(), "%20".into()] {
        let problem = venue.put(&wrong, &least()).with_status(400).json();
        assert_eq!(problem["errors"][0]["field"], "origin_id");
    }
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["place"] = json!({"slug": "terningen-arena"});
    event["images"] = json!([{"url": "https://venue.example/a.jpg"}]);
    event["summary"] = json!({"nb": "Kort", "en": "Short"});
    venue.put("1", &event).with_status(201);
    venue.patch("none", &json!({})).with_status(404);
    let patch = json!({"status": "cancelled", "summary": {"en": null}});
    let done = venue.patch("1", &patch).ok().json();
    assert_eq!(done["outcome"], "updated");
    assert_eq!(done["status"], "cancelled");
    assert_eq!(done["summary"], json!({"nb": "Kort"}));
    assert_eq!(done["title"], event["title"]);
    assert_eq!(done["images"][0]["url"], "https://venue.example/a.jpg");
    assert_eq!(done["place"]["slug"], "terningen-arena");
    let again = venue.patch("1", &patch).ok().json();
    assert_eq!(again["outcome"], "unchanged");
    let moved = json!({"place": {"name": "Parken"}});
    let moved = venue.patch("1", &moved).ok().json();
    assert_eq!(moved["place"]["slug"], Value::Null);
    assert_eq!(moved["place"]["name"], "Parken");
    let page = moved["url"].as_str().unwrap();
    let path = page.strip_prefix("https://kalender.example.no").unwrap();
    assert!(app.visitor().read(path).contains("Avlyst"));
    let wrong = venue.patch("1", &json!({"title": null})).with_status(422);
    assert_eq!(wrong.json()["errors"][0]["field"], "title");
}

#[test]
fn the_calendar_file_of_an_event_taken_back_says_for_a_month_that_it_is_cancelled() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let first = venue.put("1", &least()).with_status(201).json();
    let slug = first["slug"].as_str().unwrap();
    let file = format!("/events/{slug}.ics");
    let before = app.visitor().get(&file).calendar();
    venue.delete("1").with_status(204);
    let after = app.visitor().get(&file).calendar();
    let [was, now] = [&before, &after].map(|calendar| &calendar.events[0]);
    assert_eq!(now.value("UID"), was.value("UID"));
    assert_eq!(now.value("DTSTART"), was.value("DTSTART"));
    assert_eq!(now.value("STATUS"), "CANCELLED");
    assert!(
        now.value("SUMMARY").starts_with("AVLYST:"),
        "{}",
        now.value("SUMMARY")
    );
    let sequence = |number: &str| number.parse::<u32>().unwrap();
    assert!(sequence(now.value("SEQUENCE")) > sequence(was.value("SEQUENCE")));
    for gone in [".json", ".rss", ""] {
        let path = format!("/events/{slug}{gone}");
        app.visitor().get(&path).with_status(404);
    }
    app.wait(chrono::TimeDelta::days(31));
    app.visitor().get(&file).with_status(404);
    app.visitor().get("/events/never.ics").with_status(404);
}

#[test]
fn an_event_taken_back_is_gone_and_may_come_again_under_the_same_address() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let first = venue.put("1", &least()).with_status(201).json();
    venue.delete("1").with_status(204);
    venue.delete("1").with_status(204);
    venue.delete("never").with_status(404);
    venue.get("1").with_status(404);
    venue.patch("1", &json!({})).with_status(404);
    let slug = first["slug"].as_str().unwrap();
    app.visitor()
        .get(&format!("/events/{slug}"))
        .with_status(404);
    let changes = app.program().get("/api/v1/changes?limit=1000").ok().json();
    let last = changes["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["type"], &last["slug"]),
        (&json!("gone"), &first["slug"])
    );
    let again = venue.put("1", &least()).ok().json();
    assert_eq!(again["publication"], "published");
    assert_eq!(
        (&again["uid"], &again["url"]),
        (&first["uid"], &first["url"])
    );
    app.visitor().get(&format!("/events/{slug}")).ok();
}

#[test]
fn nothing_is_written_by_a_rehearsal() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let commit = app.commit_number();
    let told = venue.validate(&least()).ok().json();
    assert_eq!(told["outcome"], "created");
    let wrong = venue
        .validate(&json!({"title": {}}))
        .with_status(422)
        .json();
    assert_eq!(wrong["type"], "/problems/invalid-event");
    assert_eq!(app.commit_number(), commit);
    venue.put("a b", &least()).with_status(201);
    let path = "/validate?origin_id=a%20b";
    let told = venue.with(Method::POST, path, &[], least().to_string());
    assert_eq!(told.ok().json()["outcome"], "unchanged");
    venue.get("validate").with_status(404);
}

#[test]
fn each_wrong_field_is_named() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let fields = |event: Value| {
        let problem = venue.put("1", &event).with_status(422).json();
        let errors = problem["errors"].as_array().unwrap().clone();
        let mut fields: Vec<String> = errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect();
        fields.sort();
        fields
    };
    assert_eq!(fields(json!({})), ["start", "title"]);
    assert_eq!(
        fields(json!({"title": "Konsert", "start": 7, "x": 1})),
        ["start", "title", "x"]
    );
    let mut event = least();
    event["end"] = "2027-04-10T18:00:00+02:00".into();
    assert_eq!(fields(event), ["end"]);
    let mut event = least();
    event["status"] = "maybe".into();
    event["time_zone"] = "Mars/Base".into();
    event["website"] = "javascript:alert(1)".into();
    assert_eq!(fields(event), ["status", "time_zone", "website"]);
    let mut event = least();
    event["recurrence"] = json!({"rrule": "FREQ=SECONDLY"});
    assert_eq!(fields(event).len(), 1);
    venue.get("1").with_status(404);
}

#[test]
fn hostile_bodies_are_refused_each_for_its_reason() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let put = |headers: &[(&str, &str)], body: Vec<u8>| {
        let answer = venue.with(Method::PUT, "/1", headers, body);
        assert_eq!(answer.header("Content-Type"), "application/problem+json");
        answer.status
    };
    assert_eq!(put(&[], b"{".to_vec()), 400);
    assert_eq!(put(&[], b"[]".to_vec()), 400);
    assert_eq!(put(&[], b"\xff\xfe{}".to_vec()), 400);
    assert_eq!(put(&[], "[".repeat(100_000).into_bytes()), 400);
    assert_eq!(put(&[], vec![b' '; 300 * 1024]), 413);
    let nested = format!(
        "{{\"place\":{}1{}}}",
        "{\"a\":".repeat(5_000),
        "}".repeat(5_000)
    );
    assert_eq!(put(&[], nested.into_bytes()), 400);
    let bearer = format!("Bearer {}", venue.key);
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/json5",
    ] {
        let headers = [("Authorization", &*bearer), ("Content-Type", media)];
        let path = "/api/v1/partner/events/1";
        let answer = super::sender::send(&app, Method::PUT, path, &headers, least().to_string());
        assert_eq!(
            answer.with_status(415).json()["type"],
            "/problems/media-type"
        );
    }
    let unknown = venue.with(Method::PUT, "/1?dry_run=1", &[], least().to_string());
    assert_eq!(
        unknown.with_status(400).json()["errors"][0]["field"],
        "dry_run"
    );
    venue.get("1").with_status(404);
}

#[test]
fn a_change_can_be_made_to_depend_on_what_the_sender_saw() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let body = least().to_string();
    let only_new = [("If-None-Match", "*")];
    let made = venue.with(Method::PUT, "/1", &only_new, body.clone());
    let tag = made.with_status(201).header("ETag").to_owned();
    let got = venue.get("1").ok();
    assert_eq!(got.header("ETag"), tag);
    let seen = [("If-None-Match", &*tag)];
    venue.with(Method::GET, "/1", &seen, "").with_status(304);
    let again = venue.with(Method::PUT, "/1", &only_new, body.clone());
    assert_eq!(
        again.with_status(412).json()["type"],
        "/problems/precondition-failed"
    );
    let seen = [("If-Match", &*tag)];
    let patch = json!({"status": "postponed"}).to_string();
    venue.with(Method::PATCH, "/1", &seen, patch.clone()).ok();
    venue
        .with(Method::PATCH, "/1", &seen, patch)
        .with_status(412);
    venue.with(Method::PUT, "/1", &seen, body).with_status(412);
    venue.with(Method::DELETE, "/1", &seen, "").with_status(412);
    let tag = venue.get("1").ok().header("ETag").to_owned();
    venue
        .with(Method::DELETE, "/1", &[("If-Match", &tag)], "")
        .with_status(204);
}

#[test]
fn a_tag_of_a_compressed_response_is_a_precondition_too() {
    let app = TestServer::start();
    let venue = sender(&app, "arena");
    let mut long = least();
    long["description"] = json!({"nb": "Kor og korps. ".repeat(200)});
    let plain = venue
        .put("1", &long)
        .with_status(201)
        .header("ETag")
        .to_owned();
    for coding in ["gzip", "br", "zstd"] {
        let accepted = [("Accept-Encoding", coding)];
        let got = venue.with(Method::GET, "/1", &accepted, "").ok();
        let tag = got.header("ETag").to_owned();
        assert!(
            tag.ends_with(&format!("-{coding}\"")) && tag != plain,
            "{tag}"
        );
        let seen = [("If-Match", &*tag)];
        venue.with(Method::PUT, "/1", &seen, long.to_string()).ok();
        let stale = tag.replacen(char::is_numeric, "x", 1);
        let seen = [("If-Match", &*stale)];
        venue
            .with(Method::PUT, "/1", &seen, long.to_string())
            .with_status(412);
    }
}

#[test]
fn partners_see_and_change_only_their_own_events() {
    let app = TestServer::start();
    let (one, other) = (sender(&app, "one"), sender(&app, "other"));
    one.put("1", &least()).with_status(201);
    other.get("1").with_status(404);
    other.delete("1").with_status(404);
    let mut theirs = least();
    theirs["title"]["nb"] = "En annen".into();
    theirs["start"] = "2027-07-01".into();
    other.put("1", &theirs).with_status(201);
    assert_eq!(one.get("1").ok().json()["title"], least()["title"]);
    let list = other.with(Method::GET, "", &[], "").ok().json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["origin_id"], "1");
    assert_eq!(list["next"], Value::Null);
}

#[test]
fn a_long_list_comes_in_pages() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for number in 0..7 {
        let mut event = least();
        event["title"]["nb"] = format!("Nummer {number}").into();
        venue.put(&format!("n{number}"), &event).with_status(201);
    }
    let (mut path, mut seen) = ("?limit=3".to_owned(), Vec::new());
    loop {
        let page = venue.with(Method::GET, &path, &[], "").ok().json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        seen.extend(
            items
                .iter()
                .map(|item| item["origin_id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("?limit=3&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["n0", "n1", "n2", "n3", "n4", "n5", "n6"]);
    let wrong = venue
        .with(Method::GET, "?cursor=%2F&page=2", &[], "")
        .with_status(400);
    assert_eq!(wrong.json()["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn an_event_that_came_another_way_is_merged_with_and_its_address_is_told() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let known = "UID:konsert@band.example|SUMMARY:Konsert|DTSTART;TZID=Europe/Oslo:20270410T190000";
    let file = app.folder().join("a.ics");
    std::fs::write(&file, calendar_of(&[known])).unwrap();
    let path = app.import(&file).unwrap().items[0].path.clone().unwrap();
    let count = app.snapshot().event_count();
    let mut event = least();
    event["uid"] = "konsert@band.example".into();
    event["title"]["nb"] = "Konsert".into();
    let done = venue.put("1", &event).ok().json();
    assert_eq!(done["outcome"], "merged");
    assert_eq!(
        done["merged_into"],
        format!("https://kalender.example.no{path}")
    );
    assert_eq!(app.snapshot().event_count(), count);
}

#[test]
fn what_one_partner_set_is_the_others_to_change_once_it_took_the_event_back() {
    let app = TestServer::start();
    let (one, other) = (sender(&app, "one"), sender(&app, "other"));
    let mut event = least();
    event["uid"] = "konsert@band.example".into();
    let id = one.put("1", &event).with_status(201).json()["id"].clone();
    assert_eq!(other.put("a", &event).ok().json()["id"], id);
    one.delete("1").with_status(204);
    event["title"]["nb"] = "Sommerkonsert".into();
    let done = other.put("a", &event).ok().json();
    assert_eq!((&done["id"], &done["outcome"]), (&id, &"updated".into()));
    assert_eq!(done["title"]["nb"], "Sommerkonsert");
}

#[test]
fn what_a_person_set_stays_and_the_partner_is_told() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let made = venue.put("1", &least()).with_status(201).json();
    let key = RecordKey::new(RecordKind::Event, made["id"].as_str().unwrap());
    let stored = app.calendar().get(&key).unwrap().unwrap();
    let Record::Event(known) = stored.record else {
        panic!("it is an event");
    };
    let mut known = (*known).clone();
    known.title.set(Lang::Nb, "Redaktørens tittel");
    known
        .owners
        .insert(Field::Title, Owner::Editor("kari".into()));
    app.commit_changes(vec![Change::update(known.into(), stored.revision)]);
    let mut event = least();
    event["title"]["nb"] = "Partnerens tittel".into();
    event["status"] = "cancelled".into();
    let done = venue.put("1", &event).ok().json();
    assert_eq!(done["title"]["nb"], "Redaktørens tittel");
    assert_eq!(done["status"], "cancelled");
    assert_eq!(done["kept"], json!(["title"]));
}

#[test]
fn programs_that_write_the_same_event_at_once_each_get_their_answer() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("1", &least()).with_status(201);
    std::thread::scope(|threads| {
        for writer in 0..4 {
            let venue = &venue;
            threads.spawn(move || {
                for round in 0..5 {
                    let name = format!("part_{writer}");
                    let patch =
                        json!({"offers": [{"name": {"nb": name}, "price": format!("{round}")}]});
                    venue.patch("1", &patch).ok();
                }
            });
        }
    });
    let sequence = venue.get("1").ok().json()["offers"][0]["price"].clone();
    assert_eq!(sequence, "4");
}

#[test]
fn the_methods_of_the_interface_are_told() {
    let app = TestServer::start();
    let answer = app.ask(Method::OPTIONS, "/api/v1/partner/events/1", &[]);
    let allowed = answer.with_status(204).header("Allow").to_owned();
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        assert!(allowed.contains(method), "{allowed}");
    }
}

/// Returns the fields named in a response, in order.
fn named(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let mut fields: Vec<String> = errors
        .iter()
        .map(|error| error["field"].as_str().unwrap_or_default().to_owned())
        .collect();
    fields.sort();
    fields
}

#[test]
fn what_cannot_be_kept_as_it_was_sent_is_refused_with_its_field() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let commit = app.commit_number();
    let long = |count: usize| "å".repeat(count);
    for (field, change) in [
        ("categories", json!({"categories": ["music", "children"]})),
        ("audiences", json!({"audiences": ["martians"]})),
        ("super_event", json!({"super_event": "nowhere"})),
        ("super_event", json!({"super_event": "1"})),
        ("place.slug", json!({"place": {"slug": "nowhere"}})),
        ("place.slug", json!({"other_places": [{"slug": "nowhere"}]})),
        ("organizer.slug", json!({"organizer": {"slug": "nobody"}})),
        ("title.nb", json!({"title": {"en": "Concert"}})),
        ("title.nb", json!({"title": {"nb": " ", "en": "Concert"}})),
        ("title.nb", json!({"title": {"nb": long(301)}})),
        ("title.nb", json!({"title": {"nb": "Kon\u{0}sert"}})),
        ("summary.en", json!({"summary": {"en": long(1_001)}})),
        (
            "description.nb",
            json!({"description": {"nb": long(20_001)}}),
        ),
        (
            "description.nb",
            json!({"description": {"nb": "\u{1b}[31m"}}),
        ),
        ("uid", json!({"uid": "a\u{7}b"})),
        ("all_day", json!({"all_day": true})),
        ("offers.price", json!({"offers": [{"price": "1e308"}]})),
        ("offers.price", json!({"offers": [{"price": "+5"}]})),
        ("sequence", json!({"sequence": 4_294_967_295_u32})),
        (
            "website",
            json!({"website": "http://user:pass@venue.example/"}),
        ),
        ("website", json!({"website": "http://127.0.0.1/"})),
        (
            "online_url",
            json!({"online_url": "http://localhost:8000/x"}),
        ),
        (
            "images.url",
            json!({"images": [{"url": "http://192.168.0.7/a.jpg"}]}),
        ),
        ("offers.url", json!({"offers": [{"url": "http://[::1]/"}]})),
        (
            "organizer.url",
            json!({"organizer": {"name": "a", "url": "http://skriver.local/"}}),
        ),
    ] {
        let mut event = least();
        for (name, value) in change.as_object().unwrap() {
            event[name] = value.clone();
        }
        for answer in [venue.put("1", &event), venue.validate(&event)] {
            let problem = answer.with_status(422).json();
            assert_eq!(named(&problem), [field], "{change}: {problem:#}");
        }
    }
    assert_eq!(app.commit_number(), commit);
    let unknown = json!({"title": {"nb": "x"}, "start": "2027-04-10", "categories": ["children"]});
    let problem = venue.put("1", &unknown).with_status(422).json();
    let told = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(
        told.contains("children") && told.contains("music"),
        "{told}"
    );
}

#[test]
fn what_is_at_the_bounds_is_taken() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["title"] = json!({"nb": "å".repeat(300)});
    event["description"] = json!({"nb": format!("Linje\r\n\t{}", "å".repeat(19_000))});
    event["categories"] = json!(["music", "Konsert"]);
    event["offers"] = json!([{"price": "250"}, {"price": "0.50"}]);
    event["sequence"] = json!(2_000_000_000_u32);
    event["website"] = json!("https://venue.example/?a=b@c");
    venue.put("1", &event).with_status(201);
    let mut part = least();
    part["title"]["nb"] = "Del".into();
    part["super_event"] = "1".into();
    let whole = venue.get("1").ok().json()["id"].clone();
    assert_eq!(
        venue.put("2", &part).with_status(201).json()["super_event"],
        whole
    );
    let shown = venue.get("2").ok().json();
    assert_eq!(venue.put("2", &shown).ok().json()["super_event"], whole);
}

#[test]
fn errors_speak_of_json_and_not_of_this_program() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for (field, value) in [
        ("title", json!("Konsert")),
        ("place", json!(7)),
        ("place", json!({"latitude": "nord"})),
        ("offers", json!([{"price": 250}])),
        ("offers", json!({})),
        ("sequence", json!(-1)),
        ("free", json!("ja")),
        ("recurrence", json!([])),
        ("title", json!(["Konsert"])),
        ("place", json!([null, "Hallen"])),
        ("offers", json!([[null, "250"]])),
        ("images", json!([7])),
        ("categories", json!("music")),
    ] {
        let mut event = least();
        event[field] = value.clone();
        let problem = venue.put("1", &event).with_status(422).json();
        assert_eq!(named(&problem), [field], "{value}");
        let told = problem["errors"][0]["detail"].as_str().unwrap();
        for ours in [
            "struct",
            "Wire",
            "Text",
            "u32",
            "f64",
            "sequence, ",
            " map",
            "enum",
            "variant",
        ] {
            assert!(!told.contains(ours), "{field} {value}: {told}");
        }
    }
}

#[test]
fn an_id_that_addresses_lose_on_their_way_is_refused() {
    use std::io::{Read, Write};
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let host = format!("127.0.0.1:{}", app.address().port().unwrap());
    // A raw request: HTTP clients remove dot segments.
    let put = |id: &str| {
        let mut stream = std::net::TcpStream::connect(&host).unwrap();
        let body = least().to_string();
        write!(
            stream,
            "PUT /api/v1/partner/events/{id} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            venue.key,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap_or_default().to_owned()
    };
    let commit = app.commit_number();
    for id in ["..", ".", "%2e%2e", "%2E", ".%2e", "a%00b", "%0A"] {
        let status = put(id);
        assert!(status.contains(" 40"), "{id}: {status}");
    }
    assert_eq!(app.commit_number(), commit);
    for id in ["...", "a..b", "%2e%2ea"] {
        let status = put(id);
        assert!(status.contains(" 20"), "{id}: {status}");
    }
    let path = "/validate?origin_id=..";
    let told = venue.with(Method::POST, path, &[], least().to_string());
    told.with_status(400);
}

#[test]
fn the_documentation_names_every_category_and_audience() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let docs = read("docs/partner-interface.md");
    for file in ["data/categories.toml", "data/audiences.toml"] {
        let text = read(file);
        let slugs: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("slug = \"")?.strip_suffix('"'))
            .collect();
        assert!(slugs.len() > 5, "{file}: {slugs:?}");
        for slug in slugs {
            assert!(docs.contains(&format!("`{slug}`")), "{file}: {slug}");
        }
    }
}
