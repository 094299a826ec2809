//! Content codings and ranges of feeds (RFC 9110 sections 8.4, 12.5.3 and 14).

use std::io::Read as _;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Answer, TestServer, event};

const FEED: &str = "/feeds/all.ics";

fn app() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    for n in 0..200 {
        let concert = event(&format!("Konsert nr. {n}")).under("music");
        let day = format!("2027-{:02}-{:02}T18:00", n % 12 + 1, n % 28 + 1);
        concert
            .described(&format!("Kor nr. {n} synger. ").repeat(20))
            .on(&day)
            .save(&app);
    }
    app.wait(TimeDelta::minutes(1));
    app
}

fn ask(app: &TestServer, headers: &[(&str, &str)]) -> Answer {
    app.ask(Method::GET, FEED, headers)
}

fn decoded(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    let body = &*answer.body;
    match answer.try_header("Content-Encoding") {
        None => plain.extend(body),
        Some("gzip") => drop(
            flate2::read::GzDecoder::new(body)
                .read_to_end(&mut plain)
                .unwrap(),
        ),
        Some("br") => drop(
            brotli::Decompressor::new(body, 4096)
                .read_to_end(&mut plain)
                .unwrap(),
        ),
        Some("zstd") => plain = zstd::decode_all(body).unwrap(),
        Some(other) => panic!("{other} was asked for by nobody"),
    }
    plain
}

/// Repeats a request until the response has a coding: compression runs in the background.
fn once_ready(app: &TestServer, coding: &str) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = ask(app, &[("Accept-Encoding", coding)]);
        let settled = !answer.header("ETag").ends_with("-0\"");
        if answer.try_header("Content-Encoding") == Some(coding) && settled {
            return answer;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{coding} never gets ready"
        );
    }
}

#[test]
fn each_coding_says_the_same_under_a_tag_of_its_own() {
    let app = app();
    let plain = ask(&app, &[]).ok();
    assert_eq!(plain.try_header("Content-Encoding"), None);
    assert_eq!(plain.header("Vary"), "Accept-Encoding");
    let mut tags = vec![plain.header("ETag").to_owned()];
    for coding in ["gzip", "br", "zstd"] {
        let answer = once_ready(&app, coding);
        assert_eq!(answer.status, 200);
        assert_eq!(decoded(&answer), plain.body, "{coding}");
        assert!(answer.body.len() * 4 < plain.body.len(), "{coding}");
        assert_eq!(answer.header("Vary"), "Accept-Encoding");
        assert_eq!(answer.header("Content-Type"), plain.header("Content-Type"));
        let length = answer.body.len().to_string();
        let asked = [("Accept-Encoding", coding)];
        let head = app.ask(Method::HEAD, FEED, &asked);
        assert_eq!(head.header("Content-Length"), length, "{coding}");
        assert_eq!(head.header("ETag"), answer.header("ETag"), "{coding}");
        assert!(head.body.is_empty());
        tags.push(answer.header("ETag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
    // Any of the tags is current, whatever the accepted coding.
    for tag in &tags {
        let all = [
            ("Accept-Encoding", "gzip, br, zstd"),
            ("If-None-Match", tag),
        ];
        let answer = ask(&app, &all);
        assert_eq!(answer.status, 304, "{tag}");
        assert_eq!(answer.header("ETag"), tag);
        assert_eq!(answer.header("Vary"), "Accept-Encoding");
    }
}

#[test]
fn nobody_waits_for_compression_and_nobody_gets_what_is_old() {
    let app = app();
    once_ready(&app, "gzip");
    once_ready(&app, "br");
    let other = event("Nytt arrangement").under("music");
    other.on("2027-06-01T18:00").save(&app);
    for coding in ["gzip", "br, gzip", "zstd", "identity"] {
        let answer = ask(&app, &[("Accept-Encoding", coding)]);
        let text = String::from_utf8(decoded(&answer)).unwrap();
        assert!(text.contains("Nytt arrangement"), "{coding}");
    }
}

#[test]
fn a_part_of_a_feed_can_be_asked_for() {
    let app = app();
    let whole = ask(&app, &[]).ok();
    assert_eq!(whole.header("Accept-Ranges"), "bytes");
    let length = whole.body.len();
    let tag = whole.header("ETag").to_owned();
    let part = |range: &str| ask(&app, &[("Range", range), ("If-Range", &tag)]);
    let middle = part("bytes=1000-2999");
    assert_eq!(middle.status, 206);
    assert_eq!(middle.body, whole.body[1000..3000]);
    let told = format!("bytes 1000-2999/{length}");
    assert_eq!(middle.header("Content-Range"), told);
    assert_eq!(middle.header("Content-Length"), "2000");
    assert_eq!(middle.header("ETag"), tag);
    let end = part("bytes=-500");
    assert_eq!((end.status, &*end.body), (206, &whole.body[length - 500..]));
    let beyond = part(&format!("bytes={length}-"));
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("Content-Range"), format!("bytes */{length}"));
    // A range of a coded feed is of the coded bytes.
    let zipped = once_ready(&app, "gzip");
    let asked = [("Range", "bytes=10-19"), ("Accept-Encoding", "gzip")];
    let part_of_zipped = ask(&app, &asked);
    assert_eq!(part_of_zipped.status, 206);
    assert_eq!(part_of_zipped.body, zipped.body[10..20]);
    // A range of another version is not combined with this one.
    let old = ask(&app, &[("Range", "bytes=0-9"), ("If-Range", "\"old\"")]);
    assert_eq!((old.status, old.body.len()), (200, length));
}

/// The blocks of a feed are compressed one by one while clients request it.
#[test]
fn equal_tags_mean_equal_bytes_while_a_feed_is_being_compressed() {
    let app = app();
    let mut known = std::collections::HashMap::new();
    for round in 0..6 {
        event(&format!("Nummer {round}"))
            .on("2027-05-05T18:00")
            .save(&app);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(300) {
            let answer = ask(&app, &[("Accept-Encoding", "gzip")]);
            assert_eq!(answer.status, 200);
            let plain = decoded(&answer);
            let (tag, body) = (answer.header("ETag").to_owned(), answer.body);
            let (before, whole) = known
                .entry(tag.clone())
                .or_insert((body.clone(), plain.clone()));
            assert!(*before == body && *whole == plain, "{tag} was another body");
        }
    }
    assert!(known.len() >= 6);
}

#[test]
fn a_range_means_nothing_to_head_and_one_that_is_not_there_is_not_kept() {
    let app = app();
    let length = ask(&app, &[]).ok().body.len();
    let head = app.ask(Method::HEAD, FEED, &[("Range", "bytes=0-9")]).ok();
    assert_eq!(head.try_header("Content-Range"), None);
    assert_eq!(head.header("Content-Length"), length.to_string());
    let beyond = format!("bytes={length}-");
    let refused = ask(&app, &[("Range", &beyond)]).with_status(416);
    assert_eq!(refused.header("Cache-Control"), "no-store");
    assert_eq!(refused.header("Content-Range"), format!("bytes */{length}"));
}
