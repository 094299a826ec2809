//! `/dump/events.ndjson` and `/dump/events.csv`.

use std::io::Read as _;

use calendar_domain::partner::Permission;
use calendar_domain::{ContentPolicy, Owner, Partner};
use calendar_store::Change;
use chrono::TimeDelta;
use elverum_calendar::wire;
use reqwest::Method;
use serde_json::Value;

use crate::support::server::BASE;
use crate::support::{TestServer, event, every_kind};

const DUMPS: [(&str, &str); 2] = [
    ("/dump/events.ndjson", "application/x-ndjson"),
    (
        "/dump/events.csv",
        "text/csv; charset=utf-8; header=present",
    ),
];

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn app() -> TestServer {
    let app = TestServer::start();
    every_kind::save_all(&app);
    event("For lenge siden").on("2019-06-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    app
}

#[test]
fn the_lines_are_all_events_as_the_export_gives_them() {
    let app = app();
    let snapshot = app.snapshot();
    let dump = app.program().get("/dump/events.ndjson").ok();
    let mut found = lines(dump.text());
    let written = snapshot
        .events()
        .map(|events| wire::write(events, &snapshot, BASE));
    let mut expected: Vec<Value> = written
        .map(|written| serde_json::to_value(written).unwrap())
        .collect();
    let by_id = |value: &Value| value["id"].to_string();
    found.sort_by_key(by_id);
    expected.sort_by_key(by_id);
    assert_eq!(found, expected);
    let table = app.program().get("/dump/events.csv").ok();
    let mut table = csv::Reader::from_reader(table.body.as_slice());
    let uids: Vec<String> = table
        .records()
        .map(|row| row.unwrap()[0].to_owned())
        .collect();
    assert_eq!(uids.len(), found.len());
    assert!(
        found
            .iter()
            .all(|line| uids.contains(&line["uid"].as_str().unwrap().to_owned()))
    );
}

#[test]
fn a_dump_is_compressed_as_response_and_as_file_and_has_validators() {
    let app = app();
    for (path, media_type) in DUMPS {
        let plain = app.ask(Method::GET, path, &[]).ok();
        assert_eq!(plain.header("Content-Type"), media_type);
        assert_eq!(plain.header("Access-Control-Allow-Origin"), "*");
        let mut tags = vec![plain.header("ETag").to_owned()];
        for coding in ["gzip", "br", "zstd"] {
            let coded = app
                .ask(Method::GET, path, &[("Accept-Encoding", coding)])
                .ok();
            assert_eq!(coded.header("Content-Encoding"), coding, "{path}");
            assert!(coded.body.len() * 2 < plain.body.len(), "{path} {coding}");
            assert_eq!(decoded(coding, &coded.body), plain.body, "{path} {coding}");
            tags.push(coded.header("ETag").to_owned());
            let tag = coded.header("ETag");
            let headers = [("Accept-Encoding", coding), ("If-None-Match", tag)];
            app.ask(Method::GET, path, &headers).with_status(304);
        }
        let file = format!("{path}.gz");
        let packed = app
            .ask(Method::GET, &file, &[("Accept-Encoding", "br")])
            .ok();
        assert_eq!(packed.header("Content-Type"), "application/gzip");
        assert_eq!(packed.try_header("Content-Encoding"), None);
        assert_eq!(decoded("gzip", &packed.body), plain.body, "{file}");
        let tag = packed.header("ETag");
        app.ask(Method::GET, &file, &[("If-None-Match", tag)])
            .with_status(304);
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 4, "{path}");
        let modified = plain.header("Last-Modified");
        app.ask(Method::GET, path, &[("If-Modified-Since", modified)])
            .with_status(304);
        let head = app.ask(Method::HEAD, path, &[]).ok();
        assert!(head.body.is_empty());
    }
}

fn decoded(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match coding {
        "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut out),
        "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut out),
        _ => {
            out = zstd::decode_all(body).unwrap();
            Ok(0)
        }
    }
    .unwrap();
    out
}

#[test]
fn a_dump_follows_every_change_and_leaves_out_what_may_not_be_passed_on() {
    let app = app();
    let policy = |passing_on| {
        let policy = ContentPolicy {
            passing_on,
            ..ContentPolicy::default()
        };
        let partner = Partner::new("streng".parse().unwrap(), "Streng", Owner::DataFile);
        app.commit(vec![Partner { policy, ..partner }.into()]);
    };
    policy(Permission::Allowed);
    let saved = event("Konsert")
        .sent_by("streng")
        .on("2027-06-01T18:00")
        .save(&app);
    let read = |path: &str| app.ask(Method::GET, path, &[]).ok();
    let before = DUMPS.map(|(path, _)| read(path));
    assert!(
        before
            .iter()
            .all(|before| before.text().contains("Konsert"))
    );
    saved.rename("Omdøpt");
    let after = DUMPS.map(|(path, _)| read(path));
    for (before, after) in before.iter().zip(&after) {
        assert_ne!(before.header("ETag"), after.header("ETag"));
        assert!(after.text().contains("Omdøpt"));
    }
    policy(Permission::Refused);
    for (path, _) in DUMPS {
        assert!(!read(path).text().contains("Omdøpt"), "{path}");
    }
}

#[test]
fn a_compressed_dump_is_kept_until_the_calendar_changes() {
    let app = app();
    let saved = event("Konsert").on("2027-06-01T18:00").save(&app);
    for (path, _) in DUMPS {
        let read = |path: &str, coding: &str| {
            let headers = [("Accept-Encoding", coding)];
            app.ask(Method::GET, path, &headers).ok().body
        };
        let plain = read(path, "identity");
        for coding in ["gzip", "br", "zstd"] {
            let first = read(path, coding);
            // Kept, with the same bytes.
            assert_eq!(read(path, coding), first, "{path} {coding}");
            assert_eq!(decoded(coding, &first), plain, "{path} {coding}");
        }
        assert_eq!(read(&format!("{path}.gz"), "br"), read(path, "gzip"));
    }
    saved.rename("Omdøpt");
    for (path, _) in DUMPS {
        let file = app.ask(Method::GET, &format!("{path}.gz"), &[]).ok();
        let text = String::from_utf8(decoded("gzip", &file.body)).unwrap();
        assert!(text.contains("Omdøpt"), "{path}");
    }
    // The days that the occurrences are counted from.
    app.wait(TimeDelta::days(1));
    for (path, _) in DUMPS {
        let read = |path: &str| app.ask(Method::GET, path, &[]).ok().body;
        let file = decoded("gzip", &read(&format!("{path}.gz")));
        assert_eq!(file, read(path), "{path}");
    }
}

#[test]
fn a_dump_of_several_batches_is_whole_also_for_readers_side_by_side() {
    let app = TestServer::builder().with_empty_region().start();
    let events = (0..3_000).map(|number| {
        let made = event(&format!("Nummer {number}")).on("2027-06-01T18:00");
        Change::create(made.finish(&app).into())
    });
    app.commit_changes(events.collect());
    let read = || {
        app.ask(
            Method::GET,
            "/dump/events.ndjson",
            &[("Accept-Encoding", "gzip")],
        )
        .ok()
    };
    let bodies: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(|| read().body)).collect();
        readers
            .into_iter()
            .map(|reader| reader.join().unwrap())
            .collect()
    });
    for body in bodies {
        let text = String::from_utf8(decoded("gzip", &body)).unwrap();
        assert_eq!(lines(&text).len(), 3_000);
    }
}

#[test]
fn an_unknown_dump_is_a_problem_for_programs_and_a_page_for_people() {
    let app = app();
    for unknown in [
        "/dump/events.xml",
        "/dump/all.csv",
        "/dump/events.csv.gz.gz",
        "/dump/events.",
        "/sitemap/none.xml",
    ] {
        let answer = app.ask(Method::GET, unknown, &[("Accept", "*/*")]);
        let problem = answer.with_status(404);
        let media_type = problem.header("Content-Type");
        assert_eq!(media_type, "application/problem+json", "{unknown}");
    }
    let page = app.visitor().get("/dump/events.xml").with_status(404);
    assert!(page.header("Content-Type").starts_with("text/html"));
    let answer = app.program().get("/dump/all.csv").with_status(404);
    assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
}

#[test]
fn a_filter_that_a_dump_does_not_have_is_refused() {
    let app = app();
    for query in ["q=--", "q=konsert", "category=music", "x=1"] {
        let path = format!("/dump/events.csv?{query}");
        let refused = app.ask(Method::GET, &path, &[("Accept", "*/*")]);
        let problem = refused.with_status(400).json();
        let name = query.split('=').next().unwrap();
        assert_eq!(problem["errors"][0]["field"], name, "{problem}");
    }
    app.program().get("/dump/events.csv?").ok();
}
