//! Compression of pages and static files (RFC 9110 8.4, 8.8.3, 12.5.3), and the addresses of static files.

use std::collections::BTreeMap;
use std::io::Read as _;

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Answer, TestServer, event, html};

fn app() -> TestServer {
    let app = TestServer::start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    app
}

fn get(app: &TestServer, path: &str, headers: &[(&str, &str)]) -> Answer {
    app.ask(Method::GET, path, headers)
}

fn plain(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    let body = &*answer.body;
    match answer.try_header("Content-Encoding") {
        None => plain.extend(body),
        Some("gzip") => {
            let mut reader = flate2::read::GzDecoder::new(body);
            reader.read_to_end(&mut plain).unwrap();
        }
        Some("br") => {
            let mut reader = brotli::Decompressor::new(body, 4096);
            reader.read_to_end(&mut plain).unwrap();
        }
        Some("zstd") => plain = zstd::decode_all(body).unwrap(),
        Some(other) => panic!("{other} is a coding of nobody"),
    }
    plain
}

/// Returns the addresses of the style sheet and the icon in a page.
fn linked_files(app: &TestServer) -> Vec<String> {
    let page = app.visitor().get("/").ok();
    let links = html::attributes(page.text(), "href");
    let files = links
        .into_iter()
        .filter(|link| link.starts_with("/static/"));
    files.collect()
}

#[test]
fn pages_and_style_sheet_have_each_coding_under_a_tag_of_its_own() {
    let app = app();
    let style = linked_files(&app).remove(1);
    for path in ["/", "/en/subscribe", "/events/sommerkonsert", &style] {
        let identity = get(&app, path, &[]).ok();
        assert_eq!(identity.try_header("Content-Encoding"), None, "{path}");
        assert_eq!(identity.header("Vary"), "Accept-Encoding", "{path}");
        let mut tags = vec![identity.header("ETag").to_owned()];
        for coding in ["gzip", "br", "zstd"] {
            let asked = [("Accept-Encoding", coding)];
            let answer = get(&app, path, &asked).ok();
            assert_eq!(answer.header("Content-Encoding"), coding, "{path}");
            assert_eq!(answer.header("Vary"), "Accept-Encoding", "{path}");
            assert_eq!(
                answer.header("Content-Type"),
                identity.header("Content-Type")
            );
            assert_eq!(plain(&answer), identity.body, "{path} {coding}");
            assert!(
                answer.body.len() * 2 < identity.body.len(),
                "{path} {coding}"
            );
            let head = app.ask(Method::HEAD, path, &asked).ok();
            assert!(head.body.is_empty());
            for name in ["Content-Length", "Content-Encoding", "ETag", "Vary"] {
                assert_eq!(
                    head.header(name),
                    answer.header(name),
                    "{path} {coding} {name}"
                );
            }
            tags.push(answer.header("ETag").to_owned());
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 4, "{path}: {tags:?}");
        let strong = |tag: &String| tag.starts_with('"') && tag.ends_with('"');
        assert!(tags.iter().all(strong), "{path}: {tags:?}");
    }
}

#[test]
fn a_copy_is_current_if_its_coding_is_accepted() {
    let app = app();
    let style = linked_files(&app).remove(1);
    for path in ["/", &style] {
        let tag = |coding: &str| {
            let answer = get(&app, path, &[("Accept-Encoding", coding)]).ok();
            answer.header("ETag").to_owned()
        };
        let (gzip, brotli, identity) = (tag("gzip"), tag("br"), tag("identity"));
        let ask = |coding: &str, tag: &str| {
            get(
                &app,
                path,
                &[("Accept-Encoding", coding), ("If-None-Match", tag)],
            )
        };
        for (coding, tag) in [
            ("gzip, br", &gzip),
            ("gzip, br", &brotli),
            ("gzip, br", &identity),
            ("identity", &identity),
        ] {
            let answer = ask(coding, tag).with_status(304);
            assert_eq!(answer.header("ETag"), tag, "{path} {coding}");
            assert_eq!(answer.header("Vary"), "Accept-Encoding", "{path} {coding}");
            assert_eq!(
                answer.try_header("Content-Encoding"),
                None,
                "{path} {coding}"
            );
            let weak = format!("W/{tag}");
            ask(coding, &weak).with_status(304);
            ask(coding, &format!("\"other\", {tag}")).with_status(304);
        }
        for (coding, tag) in [
            ("gzip", &brotli),
            ("identity", &gzip),
            ("br;q=0, gzip", &brotli),
            ("gzip, identity;q=0", &identity),
        ] {
            let answer = ask(coding, tag).ok();
            assert_ne!(answer.header("ETag"), tag, "{path} {coding}");
        }
        let any = ask("br", "*").with_status(304);
        assert_eq!(any.header("ETag"), brotli, "{path}");
    }
}

#[test]
fn what_accept_encoding_prefers_is_sent_and_nonsense_is_sent_as_it_is() {
    let app = app();
    let cases: [(&str, Option<&str>); 16] = [
        ("gzip, deflate, br, zstd", Some("br")),
        ("gzip;q=1.0, br;q=0.9", Some("gzip")),
        ("zstd;q=0.7,*;q=0.5", Some("zstd")),
        ("br;q=0, *", Some("zstd")),
        ("identity, br;q=0.5", None),
        ("*;q=0", None),
        ("identity;q=0, *;q=0", None),
        ("deflate, compress", None),
        ("", None),
        (",,,;;;q=", None),
        ("gzip;q=0.000", None),
        ("X-GZIP", Some("gzip")),
        ("gzip\t;\tq=0.5", Some("gzip")),
        ("gzip;q=nan, br;q=-1", Some("br")),
        ("gzip br zstd", None),
        ("*;q=0.1", Some("br")),
    ];
    for (accepted, coding) in cases {
        let answer = get(&app, "/", &[("Accept-Encoding", accepted)]).ok();
        assert_eq!(
            answer.try_header("Content-Encoding"),
            coding,
            "{accepted:?}"
        );
        assert!(
            plain(&answer).starts_with(b"<!doctype html>"),
            "{accepted:?}"
        );
    }
    let two = [("Accept-Encoding", "br;q=0.5"), ("Accept-Encoding", "gzip")];
    let answer = get(&app, "/", &two).ok();
    assert_eq!(answer.try_header("Content-Encoding"), Some("gzip"));
    let many = "gzip;q=0.5,".repeat(700);
    let answer = get(&app, "/", &[("Accept-Encoding", &many)]).ok();
    assert_eq!(answer.try_header("Content-Encoding"), Some("gzip"));
}

#[test]
fn small_bodies_and_errors_are_sent_as_they_are() {
    let app = app();
    let icon = linked_files(&app).remove(0);
    for path in [
        &icon,
        "/favicon.ico",
        "/nowhere",
        "/events/nothing",
        "/robots.txt",
        "/metrics",
        "/api/v1/changes?since=MQ",
    ] {
        let headers = [
            ("Accept-Encoding", "gzip, br, zstd"),
            ("Accept", "text/html"),
        ];
        let answer = get(&app, path, &headers);
        assert_eq!(answer.try_header("Content-Encoding"), None, "{path}");
    }
}

#[test]
fn a_range_of_a_compressed_file_is_answered_with_the_whole() {
    let app = app();
    let style = linked_files(&app).remove(1);
    for path in ["/", &style] {
        for coding in ["identity", "gzip", "br"] {
            let whole = get(&app, path, &[("Accept-Encoding", coding)]).ok();
            let headers = [("Accept-Encoding", coding), ("Range", "bytes=0-9")];
            let answer = get(&app, path, &headers).ok();
            assert_eq!(answer.body, whole.body, "{path} {coding}");
            assert_eq!(answer.try_header("Content-Range"), None, "{path} {coding}");
            assert_eq!(answer.try_header("Accept-Ranges"), None, "{path} {coding}");
        }
    }
}

#[test]
fn a_file_is_kept_for_ever_by_its_hash_and_briefly_by_its_name() {
    let app = app();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |address: String| {
        let parts: Vec<&str> = address.trim_start_matches("/static/").split('.').collect();
        let [stem, hash, extension] = parts[..] else {
            panic!("{address} has no hash");
        };
        assert!(
            hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{address}"
        );
        files.insert(format!("/static/{stem}.{extension}"), address.clone());
    };
    let linked = linked_files(&app);
    let style = app.visitor().get(&linked[1]).ok();
    let drawings = style.text().split("url(\"").skip(1);
    let drawings = drawings.map(|rest| rest.split('"').next().unwrap().to_owned());
    linked.iter().cloned().chain(drawings).for_each(&mut add);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "/static/calendar.css",
            "/static/favicon.svg",
            "/static/treeline.svg"
        ]
    );
    for (short, hashed) in &files {
        let kept = app.visitor().get(hashed).ok();
        assert_eq!(
            kept.header("Cache-Control"),
            "public, max-age=31536000, immutable",
            "{hashed}"
        );
        let brief = app.visitor().get(short).ok();
        assert_eq!(
            brief.header("Cache-Control"),
            "public, max-age=300, must-revalidate",
            "{short}"
        );
        assert_eq!(brief.body, kept.body, "{short}");
        assert_eq!(brief.header("ETag"), kept.header("ETag"), "{short}");
        assert_eq!(
            brief.header("Content-Type"),
            kept.header("Content-Type"),
            "{short}"
        );
        let (start, extension) = short.rsplit_once('.').unwrap();
        for unknown in [
            format!("{start}.000000000000.{extension}"),
            format!("{start}..{extension}"),
            hashed.to_uppercase(),
            format!("{hashed}/more"),
        ] {
            app.visitor().get(&unknown).with_status(404);
        }
    }
}
