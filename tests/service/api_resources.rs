//! `/api/v1/places`, `/organizers`, `/categories`, `/audiences`, `/series` and `/partners`.

use calendar_domain::partner::Permission;
use calendar_domain::{Channel, Contact, ContentPolicy, Owner, Partner, Record, Source, Text};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::server::BASE;
use crate::support::{TestServer, event};

const LISTS: [&str; 6] = [
    "/api/v1/places",
    "/api/v1/organizers",
    "/api/v1/categories",
    "/api/v1/audiences",
    "/api/v1/series",
    "/api/v1/partners",
];

fn get(app: &TestServer, path: &str) -> Value {
    app.program().get(path).ok().json()
}

/// Returns the key of an item: its slug, or a partner's id.
fn key(item: &Value) -> String {
    let key = item.get("slug").or_else(|| item.get("id"));
    key.and_then(Value::as_str).unwrap().to_owned()
}

/// Reads a list page by page and returns the keys.
fn keys(app: &TestServer, list: &str, limit: usize) -> Vec<String> {
    let (mut keys, mut next) = (Vec::new(), String::new());
    loop {
        let page = get(app, &format!("{list}?limit={limit}{next}"));
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit, "{list}");
        keys.extend(items.iter().map(key));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return keys,
        }
    }
}

#[test]
fn a_list_has_every_record_once_whatever_the_page_size() {
    let app = TestServer::start();
    for list in LISTS {
        let all = keys(&app, list, 500);
        assert!(!all.is_empty(), "{list}");
        for limit in [1, 3, all.len()] {
            assert_eq!(keys(&app, list, limit), all, "{list} by {limit}");
        }
    }
}

#[test]
fn a_page_continues_behind_the_last_item_although_records_come_and_go() {
    let app = TestServer::start();
    let all = keys(&app, "/api/v1/places", 500);
    let page = get(&app, "/api/v1/places?limit=3");
    let place = app
        .snapshot()
        .place(&all[2].parse().unwrap())
        .unwrap()
        .clone();
    let renamed = |slug: &str| {
        let mut place = (*place).clone();
        place.slug = slug.parse().unwrap();
        Record::from(place)
    };
    // One before the cursor and one behind it.
    app.commit(vec![renamed("0-first"), renamed("zzz-last")]);
    let next = page["next"].as_str().unwrap();
    let rest = get(&app, &format!("/api/v1/places?limit=500&cursor={next}"));
    let rest: Vec<String> = rest["items"].as_array().unwrap().iter().map(key).collect();
    assert_eq!(rest[..rest.len() - 1], all[3..]);
    assert_eq!(rest[rest.len() - 1], "zzz-last");
}

#[test]
fn one_record_is_the_item_of_its_list() {
    let app = TestServer::start();
    for list in ["/api/v1/places", "/api/v1/organizers", "/api/v1/series"] {
        for item in get(&app, list)["items"].as_array().unwrap() {
            let path = format!("{list}/{}", key(item));
            assert_eq!(get(&app, &path), *item, "{path}");
        }
        for unknown in ["nowhere", "No-Slug", "%C3%A5"] {
            let path = format!("{list}/{unknown}");
            let problem = app.program().get(&path).with_status(404).json();
            assert_eq!(problem["type"], "/problems/not-found", "{path}");
        }
    }
}

#[test]
fn a_place_is_named_as_in_events_and_leads_to_its_page_and_feed() {
    let app = TestServer::start();
    let concert = event("Konsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .save(&app);
    let place = get(&app, "/api/v1/places/terningen-arena");
    assert_eq!(place["name"], "Terningen Arena");
    assert_eq!(place["municipality"], "3420");
    assert_eq!(place["url"], format!("{BASE}/places/terningen-arena"));
    assert_eq!(
        place["feed"],
        format!("{BASE}/feeds/place/terningen-arena.ics")
    );
    let changes = get(&app, "/api/v1/changes?limit=1000");
    let items = changes["items"].as_array().unwrap();
    let page = concert.page();
    let told = items
        .iter()
        .find(|item| item["slug"] == page.trim_start_matches("/events/"));
    let venue = told.unwrap()["event"]["place"].as_object().unwrap();
    for (name, value) in venue {
        assert_eq!(place[name], *value, "{name}");
    }
    for address in ["url", "feed"] {
        let path = place[address].as_str().unwrap().strip_prefix(BASE).unwrap();
        app.visitor().get(path).ok();
    }
}

#[test]
fn addresses_of_every_record_are_those_of_its_page_and_feed() {
    let app = TestServer::start();
    for list in LISTS {
        for lang in ["", "?lang=en"] {
            for item in get(&app, &format!("{list}{lang}"))["items"]
                .as_array()
                .unwrap()
            {
                for member in ["url", "feed"] {
                    let address = item[member].as_str().unwrap();
                    let path = address.strip_prefix(BASE).unwrap();
                    app.visitor().get(path).ok();
                    let is_english = path.starts_with("/en") || path.contains("lang=en");
                    assert_eq!(is_english, !lang.is_empty(), "{path}");
                }
            }
        }
    }
}

#[test]
fn a_language_leaves_one_text_and_says_which_it_is() {
    let app = TestServer::start();
    let name = |query: &str| {
        let list = app
            .program()
            .get(&format!("/api/v1/categories{query}"))
            .ok();
        let language = list.try_header("Content-Language").map(str::to_owned);
        let items = list.json()["items"].as_array().unwrap().clone();
        let music = items
            .into_iter()
            .find(|item| item["slug"] == "music")
            .unwrap();
        (music["name"].clone(), language)
    };
    let (all, none) = name("");
    assert!(all["nb"].is_string() && all["en"].is_string());
    assert_eq!(none, None);
    let (english, language) = name("?lang=en");
    assert_eq!(english, json!({"en": all["en"]}));
    assert_eq!(language.as_deref(), Some("en"));
    assert_eq!(name("?lang=nn").0, json!({"nn": all["nn"]}));
}

#[test]
fn a_list_or_record_can_follow_the_language_that_the_client_prefers() {
    let app = TestServer::start();
    for path in ["/api/v1/categories", "/api/v1/series/grundsetmartn"] {
        for (accepted, expected) in [("en-GB,en;q=0.9", "en"), ("nb", "nb"), ("de", "nb")] {
            let headers = [("Accept-Language", accepted)];
            let path = format!("{path}?lang=auto");
            let answer = app.ask(Method::GET, &path, &headers).ok();
            assert_eq!(answer.header("Content-Language"), expected, "{path}");
            assert_eq!(answer.header("Vary"), "Accept-Encoding, Accept-Language");
        }
        let answer = app.program().get(&format!("{path}?lang=en")).ok();
        assert_eq!(answer.header("Vary"), "Accept-Encoding");
    }
}

#[test]
fn every_wrong_parameter_is_named_with_what_is_allowed() {
    let app = TestServer::start();
    for list in LISTS {
        let path = format!("{list}?lang=de&limit=0&cursor=nonsense&colour=red");
        let problem = app.program().get(&path).with_status(400).json();
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<&str> = errors
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect();
        assert_eq!(named, ["colour", "lang", "limit", "cursor"], "{list}");
        assert!(
            errors[0]["detail"]
                .as_str()
                .unwrap()
                .contains("lang, limit, cursor")
        );
    }
    app.program()
        .get("/api/v1/places/terningen-arena?limit=1")
        .with_status(400);
}

#[test]
fn partners_show_their_policy_but_not_how_they_are_reached() {
    let app = TestServer::start();
    let mut partner = Partner::new("kino".parse().unwrap(), "Kinoen", Owner::DataFile);
    partner.policy = ContentPolicy {
        credit: Some("Foto: Kinoen".to_owned()),
        licence: Some("CC BY-SA 4.0".to_owned()),
        indexing: Permission::Refused,
        passing_on: Permission::Refused,
        ..ContentPolicy::default()
    };
    let mut file = Partner::new("import".parse().unwrap(), "En fil", Owner::DataFile);
    file.internal = true;
    app.commit(vec![partner.into(), file.into()]);
    let list = get(&app, "/api/v1/partners");
    let items = list["items"].as_array().unwrap();
    let kino = items.iter().find(|item| item["id"] == "kino").unwrap();
    let policy = json!({
        "credit": "Foto: Kinoen", "credit_url": null, "licence": "CC BY-SA 4.0",
        "indexable": false, "may_be_passed_on": false, "images_allowed": false,
    });
    assert_eq!(kino["policy"], policy);
    assert!(items.iter().all(|item| item["id"] != "import"));
    let members: Vec<&String> = kino.as_object().unwrap().keys().collect();
    let public = [
        "description",
        "feed",
        "id",
        "name",
        "policy",
        "url",
        "website",
    ];
    assert_eq!(members, public);
}

#[test]
fn an_organizer_shows_the_contact_that_it_made_public() {
    let app = TestServer::start();
    let organizer = app.snapshot().organizers().next().unwrap().clone();
    let mut changed = (*organizer).clone();
    changed.description = Text::nb("Et korps");
    changed.contact = Contact {
        email: Some("post@example.no".to_owned()),
        telephone: None,
    };
    app.commit(vec![changed.into()]);
    let shown = get(&app, &format!("/api/v1/organizers/{}", organizer.slug));
    assert_eq!(shown["email"], "post@example.no");
    assert_eq!(shown["description"], json!({"nb": "Et korps"}));
}

#[test]
fn editions_whose_events_may_not_be_passed_on_are_left_out() {
    let app = TestServer::start();
    let slug = "grundsetmartn";
    let editions = || get(&app, &format!("/api/v1/series/{slug}"))["editions"].clone();
    let count = |editions: &Value| editions.as_array().unwrap().len();
    let before = editions();
    let edition = event("Grundsetmart'n")
        .edition(slug, "2031")
        .on("2031-03-01T10:00");
    let saved = edition.save(&app);
    let with = editions();
    assert_eq!(count(&with), count(&before) + 1);
    let last = with.as_array().unwrap().last().unwrap();
    assert_eq!(last["edition"], "2031");
    assert_eq!(last["status"], "scheduled");
    assert_eq!(last["url"], format!("{BASE}{}", saved.page()));
    assert_eq!(last["start"], "2031-03-01T10:00:00+01:00");
    let mut partner = Partner::new("marked".parse().unwrap(), "Marked", Owner::DataFile);
    partner.policy.passing_on = Permission::Refused;
    let source = Source {
        partner: partner.id.clone(),
        origin_id: "1".to_owned(),
        url: None,
        fetched_at: app.now(),
        content_hash: String::new(),
        secondhand: false,
        channel: Channel::default(),
    };
    app.commit(vec![partner.into()]);
    saved.change(|event| event.sources = vec![source]);
    assert_eq!(editions(), before);
}

#[test]
fn reads_are_conditional_open_to_scripts_and_have_head_and_options() {
    let app = TestServer::start();
    // A change of this very second has no date yet.
    app.wait(TimeDelta::minutes(1));
    for path in LISTS {
        let answer = app.program().get(path).ok();
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
        assert_eq!(answer.header("Content-Type"), "application/json");
        assert!(answer.header("Cache-Control").starts_with("public"));
        answer.header("Last-Modified");
        let tag = answer.header("ETag");
        let again = app.ask(Method::GET, path, &[("If-None-Match", tag)]);
        assert_eq!(again.with_status(304).body, b"", "{path}");
        let head = app.ask(Method::HEAD, path, &[]).ok();
        assert_eq!(head.body, b"", "{path}");
        let options = app.ask(Method::OPTIONS, path, &[]).with_status(204);
        assert_eq!(options.header("Allow"), "GET, HEAD, OPTIONS", "{path}");
    }
}
