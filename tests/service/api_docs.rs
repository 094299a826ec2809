//! `/api/docs`: the API as a page.

use std::collections::BTreeSet;

use crate::browser::MEASURE;
use crate::support::chrome::Chrome;
use crate::support::html::words;
use crate::support::readers::project;
use crate::support::server::BASE;
use crate::support::{TestServer, axe};

#[test]
fn the_page_shows_every_operation_and_schema_of_the_document() {
    let app = TestServer::start();
    let document = app.program().get("/api/openapi.json").ok().json();
    for path in ["/api/docs", "/en/api/docs"] {
        let page = app.visitor().get(path).ok();
        let html = page.text();
        for (address, methods) in document["paths"].as_object().unwrap() {
            assert!(
                html.contains(&format!("<code>{address}</code>")),
                "{address}"
            );
            for operation in methods.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
            }
        }
        for schema in document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
        {
            assert!(
                html.contains(&format!("id=\"schema-{schema}\"")),
                "{schema}"
            );
        }
    }
}

#[test]
fn every_link_within_the_page_leads_somewhere_and_ids_are_unique() {
    let app = TestServer::start();
    let page = app.visitor().get("/api/docs").ok();
    let attributes = |name: &str| {
        let marked = format!(" {name}=\"");
        let parts = page.text().split(&marked).skip(1);
        let values = parts.map(|part| part.split('"').next().unwrap().to_owned());
        values.collect::<Vec<String>>()
    };
    let ids = attributes("id");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for link in attributes("href") {
        if let Some(id) = link.strip_prefix('#') {
            assert!(unique.contains(&id.to_owned()), "{link}");
        }
    }
    for label in attributes("for") {
        assert!(unique.contains(&label), "{label}");
    }
}

#[test]
fn the_frame_of_the_page_is_in_the_language_of_the_reader() {
    let app = TestServer::start();
    for (path, heading, note) in [
        ("/api/docs", "API-et", "Resten av siden er på engelsk."),
        (
            "/en/api/docs",
            "The API",
            "What follows is in English only.",
        ),
    ] {
        let page = app.visitor().get(path).ok();
        let text = words(page.text());
        assert!(text.contains(heading) && text.contains(note), "{path}");
        assert!(
            !page.text().contains("//unpkg") && !page.text().contains("cdn"),
            "{path}"
        );
    }
    let about = app.visitor().get("/en/about").ok();
    assert!(about.text().contains("href=\"/en/api/docs\""));
}

#[test]
fn the_page_is_without_findings_by_day_and_night_on_phone_and_desk() {
    let app = TestServer::start();
    let chrome = Chrome::start();
    axe::load(&chrome);
    let server = app.address().as_str().trim_end_matches('/');
    for path in ["/api/docs", "/en/api/docs"] {
        for (width, scheme, colours) in axe::VIEWS {
            chrome.look(width, scheme);
            chrome.open(format!("{server}{path}"));
            let place = format!("{path} at {width}, {scheme:?}");
            // A response is shown too.
            chrome.run(
                "const place = document.getElementById('list_categories');
                place.open = true;
                place.querySelector('form button').click()",
            );
            let shown = "return !!document.querySelector('#list_categories .api-answer pre')";
            chrome.until_run(shown, "the response is there");
            let found = axe::findings(&chrome, colours);
            assert!(found.is_empty(), "{place}: {}", found.join("\n"));
            let seen = chrome.run(MEASURE);
            let scroll = seen["scroll"].as_u64();
            assert!(scroll <= Some(width.into()), "{place}: {seen:#}");
        }
    }
    let complaints = chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn every_request_of_the_guide_is_answered() {
    let app = TestServer::start();
    let guide = std::fs::read_to_string(project().join("docs/api.md")).unwrap();
    let requests = guide
        .lines()
        .filter_map(|line| line.strip_prefix("curl \""));
    let paths: Vec<&str> = requests
        .map(|rest| rest.split('"').next().unwrap())
        .map(|address| address.strip_prefix(BASE).unwrap())
        .collect();
    assert!(paths.len() > 5, "{paths:?}");
    for path in paths {
        let answer = app.program().get(path).ok();
        assert!(answer.json()["items"].is_array(), "{path}");
    }
}
