//! Bodies and steps for The Events Calendar.

use super::super::exchange::tests::reply;
use super::super::payload::tests::concert;
use super::body;
use super::connector::number;
use super::*;
use crate::delivery::push::EventPayload;
use crate::delivery::push::Exchange;
use crate::delivery::push::NextStep;
use crate::delivery::push::Push;
use crate::delivery::push::Target;
use calendar_domain::Pushed;
use calendar_domain::{EventStatus, When};
use serde_json::Value;
use serde_json::json;
use url::Url;

fn to() -> Url {
    "https://kino.example/".parse().unwrap()
}

fn known(remote_id: Option<&str>) -> Pushed {
    let mut known = Pushed::new(
        "k/e".into(),
        "kino".parse().unwrap(),
        "e".parse().unwrap(),
        "kalender-example-konsert-2027-1a2b3c4d".into(),
    );
    known.remote_id = remote_id.map(str::to_owned);
    known
}

fn body(said: &EventPayload) -> Value {
    body::body(said, body::StatusPlacement::InTitle)
}

#[test]
fn an_event_is_said_in_the_calendars_own_words() {
    let expected = json!({
        "status": "publish",
        "title": "Vårkonsert",
        "description": "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Kilde: Koret</p>\
            <p><a href=\"https://billett.example/1\">Billetter</a></p>",
        "excerpt": "Med kor.",
        "start_date": "2027-04-10 19:00:00",
        "end_date": "2027-04-10 21:00:00",
        "timezone": "Europe/Oslo",
        "all_day": false,
        "show_map": true,
        "show_map_link": true,
        "hide_from_listings": false,
        "sticky": false,
        "featured": false,
        "website": "https://kalender.example/events/konsert-2027",
        "cost": "250 kr",
        "image": "https://kalender.example/kor.jpg",
        "categories": ["yso:p1808"],
    });
    assert_eq!(body(&concert()), expected);
}

#[test]
fn what_is_empty_is_cleared_and_never_an_empty_text() {
    let mut said = concert();
    said.event = calendar_domain::wire::WireEvent {
        title: said.event.title.clone(),
        url: said.event.url.clone(),
        ..calendar_domain::wire::WireEvent::default()
    };
    let body = body(&said);
    assert_eq!(
        (&body["excerpt"], &body["description"]),
        (&json!(" "), &json!(" "))
    );
    for field in ["cost", "image", "organizer"] {
        assert_eq!(body.get(field), None, "{field}");
    }
    said.event.free = Some(true);
    said.lang = calendar_domain::Lang::En;
    // The calendar drops «Free» and «0».
    assert_eq!(super::tests::body(&said)["cost"], "Free entry");
}

#[test]
fn no_text_of_ours_is_run_by_wordpress() {
    let mut said = concert();
    said.event.description = calendar_domain::Text::nb("[gallery] C:\\mappe");
    let body = body(&said);
    let text = body["description"].as_str().unwrap();
    assert!(
        text.starts_with("<p>&#91;gallery] C:&#92;mappe</p>"),
        "{text}"
    );
}

#[test]
fn the_title_says_what_happened_to_the_event_where_no_field_does() {
    let mut said = concert();
    said.status = EventStatus::Cancelled;
    assert_eq!(body(&said)["title"], "AVLYST: Vårkonsert");
    let in_field = body::body(&said, body::StatusPlacement::InField);
    assert_eq!(in_field["title"], "Vårkonsert");
    said.lang = calendar_domain::Lang::En;
    assert_eq!(body(&said)["title"], "CANCELLED: Spring concert");
    said.status = EventStatus::Rescheduled;
    let in_field = body::body(&said, body::StatusPlacement::InField);
    assert_eq!(in_field["title"], "New time: Spring concert");
}

#[test]
fn whole_days_and_times_to_come_fill_their_days() {
    let mut said = concert();
    let day = |text: &str| text.parse().unwrap();
    said.when = When::days(day("2027-05-16"), day("2027-05-17"));
    let whole = body(&said);
    assert_eq!(whole["all_day"], true);
    assert_eq!(whole["start_date"], "2027-05-16 00:00:00");
    assert_eq!(whole["end_date"], "2027-05-17 23:59:59");
    said.when = When::TimeToCome {
        date: day("2027-05-16"),
    };
    let to_come = body(&said);
    assert_eq!(to_come["end_date"], "2027-05-16 23:59:59");
    let text = to_come["description"].as_str().unwrap();
    assert!(text.contains("Klokkeslett kommer."));
}

#[test]
fn an_event_is_found_again_by_a_slug_that_begins_with_our_host() {
    let (url, connection) = (
        to(),
        calendar_domain::Connection::new("tribe".parse().unwrap(), None),
    );
    let target = Target {
        url: &url,
        connection: &connection,
    };
    let reference = TribePush.reference(target, &concert());
    assert!(
        reference.starts_with("kalender-example-konsert-2027-"),
        "{reference}"
    );
    let mut so_far = Exchange::default();
    let Err(NextStep::Send(name, call)) = number(&to(), &known(None), &so_far) else {
        panic!("it is asked for");
    };
    assert!(
        call.url
            .path()
            .ends_with("/by-slug/kalender-example-konsert-2027-1a2b3c4d")
    );
    // The plugin reports a missing or unpublished event as an invalid parameter.
    let wrong =
        json!({"code": "rest_invalid_param", "data": {"status": 400, "params": {"slug": "x"}}});
    so_far.note(name, reply(400, wrong));
    assert_eq!(number(&to(), &known(None), &so_far), Ok(None));
    let there = json!({"id": 7, "slug": "kalender-example-konsert-2027-1a2b3c4d"});
    so_far.note(name, reply(200, there));
    assert_eq!(number(&to(), &known(None), &so_far), Ok(Some("7".into())));
}
