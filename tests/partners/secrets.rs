//! Credentials that servers repeat in redirects and links must not appear in errors.

use std::collections::BTreeMap;

use calendar_connectors::connector::ParsedItem;
use elverum_calendar::ingest::fetch::{FetchAllError, FetchOutcome};
use serde_json::json;

use crate::support::{Partner, Reply, asking};

const KEY: &str = "hemmelig&nøkkel";
/// The key as encoded in a URL.
const ENCODED: &str = "hemmelig%26n%C3%B8kkel";

#[track_caller]
fn says_nothing(error: &FetchAllError) {
    let said = format!("{error}");
    assert!(!said.contains("hemmelig"), "{said}");
}

#[test]
fn a_key_that_a_redirect_repeats_is_in_no_error() {
    let path = "/api/public/v1/events";
    let partner = Partner::answering(move |request| match request.path.as_str() {
        "/api/public/v1/events" => {
            Reply::status(302).with("Location", &format!("/moved?status=active&token={ENCODED}"))
        }
        _ => {
            assert_eq!(request.query["token"], KEY);
            Reply::status(500)
        }
    });
    let url = partner.url(path);
    let asked = partner.ask_as("ticketco", &asking(&url), Some(KEY), &BTreeMap::new());
    let error = asked.expect_err("an error");
    assert!(matches!(error, FetchAllError::Fetch(_)));
    says_nothing(&error);
    assert_eq!(partner.asked().len(), 2);
}

#[test]
fn a_key_in_an_address_that_is_not_followed_is_in_no_error() {
    let partner = Partner::answering(|_| {
        Reply::status(302).with("Location", &format!("http://[?token={ENCODED}"))
    });
    let url = partner.url("/");
    let asked = partner.ask_as("ticketco", &asking(&url), Some(KEY), &BTreeMap::new());
    says_nothing(&asked.expect_err("an error"));
}

#[test]
fn a_key_is_sent_once_to_further_pages_and_is_in_none_of_their_errors() {
    let partner = Partner::answering(|request| {
        assert_eq!(request.query["apikey"], KEY);
        match (request.path.as_str(), request.page("page", 0)) {
            ("/discovery/v2/events.json", 0) => {
                Reply::status(302).with("Location", &format!("/moved?size=1&apikey={ENCODED}"))
            }
            ("/moved", 0) => Reply::json(&json!({
                "_embedded": {"events": []},
                "page": {"size": 1, "totalElements": 2, "totalPages": 2, "number": 0},
            })),
            _ => Reply::status(500),
        }
    });
    let url = partner.url("/discovery/v2/events.json");
    let asked = partner.ask_as("ticketmaster", &asking(&url), Some(KEY), &BTreeMap::new());
    says_nothing(&asked.expect_err("an error"));
    assert_eq!(partner.asked().len(), 3);
}

#[test]
fn a_password_that_stands_in_an_address_is_in_no_error() {
    let partner = Partner::answering(|_| Reply::status(404));
    let mut url = partner.url("/all.ics?access_token=hemmelig");
    url.set_password(Some("hemmelig")).expect("it has a host");
    let asked = partner.ask_as("ics", &asking(&url), None, &BTreeMap::new());
    says_nothing(&asked.expect_err("an error"));
}

#[test]
fn a_secret_in_a_redirect_is_in_no_error_however_it_is_written() {
    for location in [
        "/moved?api%5Fkey=hemmelig",
        "/moved?API_KEY=hemmelig",
        "/moved#access_token=hemmelig",
        "/moved?to=https%3A%2F%2Fx.example%2F%3Ftoken%3Dhemmelig",
        "http://kari:hemmelig@[",
        "//kari:hemmelig@[/",
        "ftp://kari:hemmelig@x.example/",
    ] {
        let partner = Partner::answering(move |request| match request.path.as_str() {
            "/" => Reply::status(302).with("Location", location),
            _ => Reply::status(500),
        });
        let url = partner.url("/");
        let asked = partner.ask_as("ics", &asking(&url), None, &BTreeMap::new());
        says_nothing(&asked.expect_err("an error"));
    }
}

#[test]
fn a_secret_that_an_answer_repeats_is_in_no_event_and_no_remark() {
    let partner = Partner::answering(|_| {
        let link = format!("https://club.example/1?page=2&token={ENCODED}");
        Reply::json(&json!({
            "events": [
                {"id": 1, "title": "Konsert", "start_at": "2027-06-01T18:00:00+02:00", "locale_urls": {"nb": link},
                 "image": {"url": link}},
                {"id": 2, "title": "Uten tid", "start_at": format!("token={ENCODED}"), "locale_urls": {"nb": link}},
            ],
        }))
    });
    let url = partner.url("/api/public/v1/events");
    let asked = partner.ask_as("ticketco", &asking(&url), Some(KEY), &BTreeMap::new());
    let Ok(FetchOutcome::Fetched(told)) = asked else {
        panic!("{asked:?}");
    };
    let said = format!("{told:?}");
    assert!(!told.remarks.is_empty(), "{said}");
    let read = told
        .items
        .iter()
        .any(|item| matches!(item, ParsedItem::Event(_)));
    assert!(read && said.contains("club.example"), "{said}");
    assert!(!said.contains("hemmelig"), "{said}");
}
