//! The script, and the document that it shows.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use calendar_domain::{ContentPolicy, Owner, Partner};
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest, Sha384};

use super::{MUSIC, fetch, origin, pinned, server, titles};
use crate::support::event;
use crate::support::readers::project;

/// Maximum size of the script on the wire, in bytes.
const MOST_BYTES: usize = 8_000;

#[test]
fn the_script_is_small_open_to_every_site_and_current() {
    let app = server();
    let latest = app.ask(Method::GET, "/embed/events.js", &[]).ok();
    assert_eq!(latest.header("Access-Control-Allow-Origin"), "*");
    assert!(latest.header("Content-Type").starts_with("text/javascript"));
    assert!(latest.header("Cache-Control").contains("must-revalidate"));
    let tag = latest.header("ETag").to_owned();
    let again = app.ask(Method::GET, "/embed/events.js", &[("If-None-Match", &tag)]);
    again.with_status(304);
    for coding in ["gzip", "br"] {
        let packed = app
            .ask(
                Method::GET,
                "/embed/events.js",
                &[("Accept-Encoding", coding)],
            )
            .ok();
        assert_eq!(packed.header("Content-Encoding"), coding);
        assert!(
            packed.body.len() < MOST_BYTES,
            "{coding}: {}",
            packed.body.len()
        );
    }
    let text = latest.text();
    assert!(!text.contains("$STYLE") && !text.contains("$TEXTS"));
    for forbidden in [
        "innerHTML",
        "eval(",
        "localStorage",
        "sessionStorage",
        ".cookie",
        "window.",
    ] {
        assert!(!text.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn the_versioned_script_has_the_hash_that_the_builder_shows_and_never_changes() {
    let app = server();
    let (address, integrity) = pinned(&app);
    let path = address
        .strip_prefix(origin(&app))
        .unwrap_or_else(|| panic!("{address}"));
    assert!(path.starts_with("/embed/v1/events."), "{path}");
    let script = app.ask(Method::GET, path, &[]).ok();
    assert!(script.header("Cache-Control").contains("immutable"));
    assert_eq!(script.header("Access-Control-Allow-Origin"), "*");
    let digest = STANDARD.encode(Sha384::digest(&script.body));
    assert_eq!(integrity, format!("sha384-{digest}"));
    let latest = app.ask(Method::GET, "/embed/events.js", &[]).ok();
    assert_eq!(latest.body, script.body);
    app.ask(Method::GET, "/embed/v1/events.000000000000.js", &[])
        .with_status(404);
}

#[test]
fn scripts_of_releases_stay_at_their_addresses() {
    let app = server();
    let folder = project().join("static/embed/v1");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert!(
        !files.is_empty(),
        "pages that pin the first version need it"
    );
    for file in files {
        let file = file.unwrap();
        let path = format!("/embed/v1/{}", file.file_name().to_str().unwrap());
        let script = app.ask(Method::GET, &path, &[]).ok();
        assert_eq!(script.body, std::fs::read(file.path()).unwrap(), "{path}");
        assert!(script.header("Cache-Control").contains("immutable"));
    }
}

#[test]
fn the_script_is_one_that_a_parser_accepts() {
    let app = server();
    let script = app.ask(Method::GET, "/embed/events.js", &[]).ok();
    let mut node = Command::new("node")
        .args(["--check", "--input-type=commonjs", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is there");
    node.stdin.take().unwrap().write_all(&script.body).unwrap();
    let ended = node.wait_with_output().unwrap();
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[test]
fn the_document_has_finished_texts_in_the_language_that_is_asked_for() {
    let app = server();
    let answer = fetch(&app, "/embed/events.json?category=music").ok();
    assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
    assert_eq!(answer.header("Content-Language"), "nb");
    let document = answer.json();
    assert_eq!(titles(&document), MUSIC);
    assert_eq!(document["count"], "3 arrangementer");
    let day = &document["groups"][0]["days"][0];
    assert_eq!(document["groups"][0]["title"], "Desember 2026");
    assert_eq!(day["date"]["weekday"], "fre");
    assert_eq!(day["date"]["full"], "fredag 4. desember 2026");
    let event = &day["events"][0];
    assert_eq!(event["time"], "kl.\u{a0}20.00–22.00");
    assert_eq!(event["place"], "Terningen Arena, Elverum");
    assert_eq!(
        event["url"],
        format!("{}/events/jazz-pa-fredag", origin(&app))
    );
    let english = fetch(&app, "/embed/events.json?category=music&lang=en")
        .ok()
        .json();
    assert_eq!(titles(&english)[1], "A concert one evening");
    assert_eq!(english["groups"][0]["days"][0]["events"][0]["lang"], "nb");
    let all = english["all"]["url"].as_str().unwrap();
    assert_eq!(all, format!("{}/en?category=music", origin(&app)));
}

#[test]
fn texts_in_nynorsk_are_shown_to_its_readers() {
    let app = server();
    let own = event("Dans").on("2026-12-05T20:00").save(&app);
    own.change(|event| {
        event
            .title
            .set(calendar_domain::Lang::Nn, "Dans på lokalet")
    });
    let document = fetch(&app, "/embed/events.json?q=dans&lang=nn").ok().json();
    assert_eq!(titles(&document), ["Dans på lokalet"]);
    let event = &document["groups"][0]["days"][0]["events"][0];
    assert_eq!(document["lang"], "nn", "{document:#}");
    assert!(event["lang"].is_null(), "{document:#}");
    assert_eq!(document["count"], "Eitt arrangement");
}

#[test]
fn the_limit_is_kept_and_what_is_in_progress_comes_first() {
    let app = server();
    for limit in [1, 3, 10, 100] {
        let document = fetch(&app, &format!("/embed/events.json?limit={limit}"))
            .ok()
            .json();
        let found = titles(&document);
        assert!(found.len() <= limit, "{limit}: {found:?}");
        assert_eq!(found[0], "Kunstuke", "{found:?}");
        assert_eq!(document["groups"][0]["title"], "Pågår nå");
        let mut unique: Vec<String> = Vec::new();
        let days = document["groups"].as_array().unwrap().iter();
        for day in days.flat_map(|day| day["days"].as_array().unwrap()) {
            for event in day["events"].as_array().unwrap() {
                unique.push(format!("{} {}", day["date"]["iso"], event));
            }
        }
        let count = unique.len();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), count, "an event is there twice");
    }
    let all = titles(&fetch(&app, "/embed/events.json?limit=100").ok().json());
    assert!(all.len() > 30, "{all:?}");
}

#[test]
fn overlapping_dates_of_an_event_in_progress_take_one_line() {
    let app = server();
    event("Rundtur")
        .on("2026-11-01T12:00")
        .until("2026-11-04T12:00")
        .repeating("FREQ=DAILY;COUNT=60")
        .save(&app);
    let document = fetch(&app, "/embed/events.json?q=rundtur&limit=4").ok();
    let document = document.json();
    assert_eq!(titles(&document), ["Rundtur"; 4]);
    let dates = |group: usize| {
        let days = document["groups"][group]["days"].as_array().unwrap();
        let dates = days.iter().map(|day| day["date"]["iso"].clone());
        dates.collect::<Vec<Value>>()
    };
    assert_eq!(dates(0), ["2026-11-21"], "the last to begin");
    assert_eq!(dates(1), ["2026-11-22", "2026-11-23", "2026-11-24"]);
}

#[test]
fn cancelled_and_tentative_events_are_marked_or_left_out() {
    let app = server();
    let sport = fetch(&app, "/embed/events.json?category=sport&limit=100")
        .ok()
        .json();
    let marked = sport.to_string();
    assert!(
        marked.contains("\"kind\":\"cancelled\",\"label\":\"Avlyst\""),
        "{marked}"
    );
    assert!(titles(&sport).contains(&"Avlyst kamp".to_owned()));
    let without = fetch(
        &app,
        "/embed/events.json?category=sport&limit=100&cancelled=omit",
    );
    assert!(!titles(&without.ok().json()).contains(&"Avlyst kamp".to_owned()));
    let tentative = |query: &str| {
        let path = format!("/embed/events.json?q=turnering{query}");
        titles(&fetch(&app, &path).ok().json())
    };
    assert_eq!(tentative(""), ["Foreløpig turnering"]);
    assert!(tentative("&tentative=omit").is_empty());
}

#[test]
fn a_wrong_parameter_is_named_in_the_language_of_the_page() {
    let app = server();
    for (query, field, part) in [
        ("categori=music", "categori", "Disse finnes: from"),
        ("category=jazz", "category", "Må være en av disse"),
        ("layout=carousel", "layout", "list, cards, month"),
        ("limit=0", "limit", "fra 1 til 100"),
        ("limit=1000", "limit", "fra 1 til 100"),
        ("layout=month&month=2040-01", "month", "2027-03"),
        ("month=x", "month", "2027-03"),
        ("month=%2B2026-12", "month", "2027-03"),
        ("month=2026-1", "month", "2027-03"),
        ("accent=red", "accent", "174a36"),
        ("scheme=neon", "scheme", "auto, light, dark"),
        ("page_from=2027-01-01", "page_from", "Disse finnes"),
    ] {
        let answer = fetch(&app, &format!("/embed/events.json?{query}")).with_status(400);
        assert_eq!(answer.header("Content-Type"), "application/problem+json");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
        let errors = &answer.json()["errors"];
        assert_eq!(errors[0]["field"], field, "{errors:#}");
        assert!(
            errors[0]["detail"].as_str().unwrap().contains(part),
            "{errors:#}"
        );
    }
    // Fetch sends `*/*` by default.
    let answer = app.ask(
        Method::GET,
        "/embed/events.json?limit=x&lang=en",
        &[("Accept", "*/*")],
    );
    let answer = answer.with_status(400).json();
    assert_eq!(
        answer["errors"][0]["detail"],
        "Write a whole number from 1 to 100."
    );
}

#[test]
fn hostile_parameters_are_refused_or_harmless() {
    let app = server();
    let long = "x".repeat(2_000);
    let many = "&category=music".repeat(500);
    for query in [
        format!("q={long}"),
        format!("{long}=1"),
        many,
        "limit=-1".to_owned(),
        "limit=99999999999999999999".to_owned(),
        "month=2027-13".to_owned(),
        "month=-9999-01".to_owned(),
        "month=%00".to_owned(),
        "from=0001-01-01&to=9998-12-31&layout=month".to_owned(),
        "from=9998-12-31".to_owned(),
        "from=9998-12-31&layout=month".to_owned(),
        "lang=%ff%fe".to_owned(),
        "q=%3Cscript%3E".to_owned(),
    ] {
        for path in [
            "/embed/events.json",
            "/embed/list",
            "/embed",
            "/embed/theme.css",
        ] {
            let answer = app.visitor().get(&format!("{path}?{query}"));
            assert!(answer.status < 500, "{path}?{query:.80}: {}", answer.status);
        }
    }
}

#[test]
fn a_month_has_whole_weeks_and_a_link_to_what_has_no_room() {
    let app = server();
    for number in 1..=5 {
        event(&format!("Verksted {number}"))
            .under("talk")
            .on(&format!("2027-02-10T1{number}:00"))
            .save(&app);
    }
    let path = "/embed/events.json?category=talk&layout=month&month=2027-02";
    let document = fetch(&app, path).ok().json();
    let month = &document["month"];
    assert_eq!(month["title"], "Februar 2027");
    assert_eq!(month["previous"]["month"], "2027-01");
    assert_eq!(month["next"]["label"], "Mars 2027");
    let weeks = month["weeks"].as_array().unwrap();
    assert!(weeks.iter().all(|week| week.as_array().unwrap().len() == 7));
    let days: Vec<&Value> = weeks
        .iter()
        .flat_map(|week| week.as_array().unwrap())
        .collect();
    let inside = days.iter().filter(|day| day["outside"].is_null());
    assert_eq!(inside.count(), 28);
    let full = days
        .iter()
        .find(|day| day["date"]["iso"] == "2027-02-10")
        .unwrap();
    assert_eq!(full["events"].as_array().unwrap().len(), 3);
    assert_eq!(full["events"][0]["hours"], "11.00");
    assert_eq!(full["more"]["text"], "2 flere");
    assert_eq!(full["more"]["label"], "2 flere, onsdag 10. februar 2027");
    let more = full["more"]["url"].as_str().unwrap();
    assert_eq!(
        more,
        format!(
            "{}/?category=talk&from=2027-02-10&to=2027-02-10",
            origin(&app)
        )
    );
    let shown = app
        .visitor()
        .get(more.strip_prefix(origin(&app)).unwrap())
        .ok();
    assert!(shown.text().contains("Verksted 5"));
    let first = fetch(&app, "/embed/events.json?layout=month&month=2026-01")
        .ok()
        .json();
    assert!(
        first["month"]["previous"].is_null(),
        "{}",
        first["month"]["previous"]
    );
}

#[test]
fn each_event_names_its_licence() {
    let app = server();
    let film = ContentPolicy {
        licence: Some("All rights reserved".to_owned()),
        ..ContentPolicy::default()
    };
    let partner = Partner::new("kino".parse().unwrap(), "Kinoen", Owner::DataFile);
    app.commit(vec![
        Partner {
            policy: film,
            ..partner
        }
        .into(),
    ]);
    let film = event("Film").sent_by("kino");
    film.on("2027-02-10T18:00").save(&app);
    event("Dans").on("2027-02-10T20:00").save(&app);
    let usual = "https://creativecommons.org/licenses/by/4.0/";
    let days = "from=2027-02-10&to=2027-02-10";
    let list = fetch(&app, &format!("/embed/events.json?{days}"));
    let list = list.ok().json();
    let events = list["groups"][0]["days"][0]["events"].clone();
    let month = fetch(&app, &format!("/embed/events.json?{days}&layout=month"));
    let month = month.ok().json();
    let weeks = month["month"]["weeks"].as_array().unwrap().iter();
    let cells = weeks.flat_map(|week| week.as_array().unwrap());
    let full: Vec<Value> = cells.map(|cell| cell["events"].clone()).collect();
    let full = full
        .iter()
        .find(|events| !events.as_array().unwrap().is_empty());
    for events in [&events, full.unwrap()] {
        let events = events.as_array().unwrap().iter();
        let licences: Vec<_> = events
            .map(|event| (&event["title"], &event["licence"]))
            .collect();
        assert_eq!(licences.len(), 2, "{licences:?}");
        assert!(licences.contains(&(&"Film".into(), &"All rights reserved".into())));
        assert!(licences.contains(&(&"Dans".into(), &usual.into())));
    }
    assert_eq!([&list["licence"], &month["licence"]], [usual, usual]);
}
