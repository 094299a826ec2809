//! Validators, codings and links of the lists.

use chrono::TimeDelta;
use reqwest::Method;

use super::titles;
use crate::support::server::BASE;
use crate::support::{TestServer, event};

const PATHS: [&str; 3] = [
    "/api/v1/events",
    "/api/v1/occurrences",
    "/api/v1/events/konsert-0",
];

fn app() -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .at("2027-03-01T09:00")
        .start();
    for number in 0..5 {
        event(&format!("Konsert {number}"))
            .on("2027-03-02T18:00")
            .described(&"Sang og spill. ".repeat(40))
            .save(&app);
    }
    app.wait(TimeDelta::minutes(1));
    app
}

#[test]
fn a_current_copy_is_told_304_and_head_and_options_work() {
    let app = app();
    for path in PATHS {
        let answer = app.program().get(path).ok();
        assert_eq!(answer.header("Content-Type"), "application/json");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
        let exposed = answer.header("Access-Control-Expose-Headers");
        assert!(
            exposed.contains("ETag") && exposed.contains("Link"),
            "{exposed}"
        );
        let (tag, modified) = (answer.header("ETag"), answer.header("Last-Modified"));
        for header in [("If-None-Match", tag), ("If-Modified-Since", modified)] {
            let again = app.ask(Method::GET, path, &[header]).with_status(304);
            assert_eq!((again.header("ETag"), again.body.len()), (tag, 0));
        }
        let head = app.ask(Method::HEAD, path, &[]).ok();
        assert_eq!((head.header("ETag"), head.body.len()), (tag, 0));
        let options = app.ask(Method::OPTIONS, path, &[]).with_status(204);
        assert_eq!(options.header("Allow"), "GET, HEAD, OPTIONS");
        app.ask(Method::POST, path, &[]).with_status(405);
    }
}

#[test]
fn a_write_is_in_the_next_response() {
    let app = app();
    let path = "/api/v1/events?limit=10";
    let tag = app.program().get(path).ok().header("ETag").to_owned();
    let saved = event("Ny").on("2027-03-02T12:00").save(&app);
    assert_eq!(titles(&app, path)[0], "Ny");
    app.ask(Method::GET, path, &[("If-None-Match", &tag)]).ok();
    saved.rename("Enda nyere");
    assert_eq!(titles(&app, path)[0], "Enda nyere");
    saved.withdraw();
    let again = app.program().get(path).ok();
    assert_eq!(again.header("ETag"), tag, "the list is what it was");
}

#[test]
fn bodies_are_compressed_and_each_coding_has_its_tag() {
    let app = app();
    let plain = app.program().get("/api/v1/events").ok();
    let mut tags = vec![plain.header("ETag").to_owned()];
    for coding in ["gzip", "br", "zstd"] {
        for _ in 0..2 {
            let headers = [("Accept-Encoding", coding)];
            let answer = app.ask(Method::GET, "/api/v1/events", &headers).ok();
            assert_eq!(answer.header("Content-Encoding"), coding);
            assert_eq!(answer.header("Vary"), "Accept-Encoding");
            assert!(answer.body.len() * 3 < plain.body.len(), "{coding}");
            tags.push(answer.header("ETag").to_owned());
        }
    }
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

#[test]
fn the_next_page_is_linked() {
    let app = app();
    let answer = app.program().get("/api/v1/events?limit=2&q=konsert").ok();
    let next = answer.json()["next"].as_str().unwrap().to_owned();
    let link = answer.header("Link").to_owned();
    let address = link.strip_prefix('<').unwrap().split('>').next().unwrap();
    assert!(link.ends_with("rel=\"next\""), "{link}");
    assert_eq!(
        address,
        format!("{BASE}/api/v1/events?limit=2&q=konsert&cursor={next}")
    );
    let path = address.strip_prefix(BASE).unwrap();
    let mut all = titles(&app, "/api/v1/events?limit=2&q=konsert");
    all.extend(titles(&app, path));
    assert_eq!(all, titles(&app, "/api/v1/events?limit=4"));
    let last = app.program().get("/api/v1/events?limit=5").ok();
    assert!(
        last.json()["next"].is_null()
            && last
                .try_header("Link")
                .is_none_or(|try_header| !try_header.contains("next"))
    );
}
