//! What the partner interface cannot keep as it was sent, each with its field and what to do.

use reqwest::Method;
use serde_json::{Value, json};

use super::sender::{Sender, least, sender};
use crate::support::TestServer;

#[track_caller]
fn refused(venue: &Sender<'_>, id: &str, event: &Value, field: &str) -> String {
    let problem = venue.put(id, event).with_status(422).json();
    let errors = problem["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{problem}");
    assert_eq!(errors[0]["field"], field, "{problem}");
    errors[0]["detail"].as_str().unwrap().to_owned()
}

fn part_of(whole: &str, title: &str) -> Value {
    let mut event = least();
    event["title"]["nb"] = title.into();
    event["super_event"] = whole.into();
    event
}

#[test]
fn an_event_cannot_be_a_part_of_itself_by_any_way() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("a", &least()).with_status(201);
    venue.put("b", &part_of("a", "Del b")).with_status(201);
    venue.put("c", &part_of("b", "Del c")).with_status(201);
    for whole in ["a", "b", "c"] {
        let said = refused(&venue, "a", &part_of(whole, "Vårkonsert"), "super_event");
        assert!(
            said.contains("its own parent") || said.contains("not one of your events"),
            "{said}"
        );
    }
    let patch = json!({"super_event": "c"});
    let problem = venue.patch("a", &patch).with_status(422).json();
    assert_eq!(problem["errors"][0]["field"], "super_event");
    let id = venue.get("c").ok().json()["id"].clone();
    refused(
        &venue,
        "a",
        &part_of(id.as_str().unwrap(), "Vårkonsert"),
        "super_event",
    );
    assert_eq!(venue.get("a").ok().json()["super_event"], Value::Null);
}

#[test]
fn a_chain_of_parts_has_an_end() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("0", &least()).with_status(201);
    let mut refused = None;
    for number in 1..40 {
        let event = part_of(&(number - 1).to_string(), &format!("Del {number}"));
        let answer = venue.put(&number.to_string(), &event);
        if answer.status == 422 {
            refused = Some((number, answer.json()));
            break;
        }
    }
    let (number, problem) = refused.unwrap();
    assert!((4..30).contains(&number), "{number}");
    assert_eq!(problem["errors"][0]["field"], "super_event");
}

#[test]
fn the_second_of_two_hours_of_the_same_name_is_refused() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["start"] = "2027-10-31T02:30:00+02:00".into();
    event["end"] = "2027-10-31T04:00:00+01:00".into();
    venue.put("1", &event).with_status(201);
    let shown = venue.get("1").ok().json();
    assert_eq!(shown["start"], event["start"]);
    event["start"] = "2027-10-31T02:30:00+01:00".into();
    let said = refused(&venue, "1", &event, "start");
    assert!(said.contains("when the hour repeats"), "{said}");
    event["start"] = "2027-10-31T01:30:00Z".into();
    refused(&venue, "1", &event, "start");
    event["start"] = "2027-10-31T01:30:00+02:00".into();
    event["end"] = "2027-10-31T02:15:00+01:00".into();
    refused(&venue, "1", &event, "end");
    // Without an offset it is the first one.
    event["start"] = "2027-10-31T02:30:00".into();
    event["end"] = Value::Null;
    venue.put("1", &event).ok();
    assert_eq!(venue.get("1").ok().json()["start"], shown["start"]);
}

#[test]
fn fractions_of_seconds_are_refused() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for (field, text) in [
        ("start", "2027-04-10T19:00:00.5+02:00"),
        ("start", "2027-04-10T19:00:60+02:00"),
        ("start", "2027-04-10T19:00:60"),
        ("end", "2027-04-10T20:00:60"),
        ("end", "2027-04-10T20:00:00.25+02:00"),
        ("previous_start", "2027-03-10T20:00:00.25+02:00"),
    ] {
        let mut event = least();
        event[field] = text.into();
        let said = refused(&venue, "1", &event, field);
        assert!(said.contains("whole seconds"), "{said}");
    }
    let mut event = least();
    event["start"] = "2027-04-10T19:00:00.000+02:00".into();
    venue.put("1", &event).with_status(201);
    let again = venue.put("1", &event).ok().json();
    assert_eq!(again["outcome"], "unchanged");
}

#[test]
fn a_change_of_what_is_no_occurrence_is_refused_by_its_index() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["recurrence"] = json!({
        "rrule": "FREQ=WEEKLY;COUNT=5", "rdates": ["2027-04-12T19:00:00+02:00"],
        "exdates": ["2027-05-08T19:00:00+02:00"],
        "overrides": [
            {"recurrence_id": "2027-04-17T19:00:00+02:00", "title": {"nb": "Ekstra"}},
            {"recurrence_id": "2027-04-12T19:00:00+02:00", "status": "cancelled"},
            {"recurrence_id": "2027-04-10T19:00:00+02:00", "status": "cancelled"},
        ],
    });
    venue.put("1", &event).with_status(201);
    let shown = venue.get("1").ok().json();
    venue.put("1", &shown).ok();
    for wrong in [
        "2027-04-18T19:00:00+02:00",
        "2027-04-17T20:00:00+02:00",
        "2031-04-17T19:00:00+02:00",
    ] {
        let mut event = event.clone();
        event["recurrence"]["overrides"][1]["recurrence_id"] = wrong.into();
        let field = "recurrence.overrides[1].recurrence_id";
        let said = refused(&venue, "2", &event, field);
        assert!(said.contains("occurrence"), "{said}");
    }
    let mut days = least();
    days["start"] = "2027-04-10".into();
    days["recurrence"] = json!({
        "rrule": "FREQ=DAILY;COUNT=3",
        "overrides": [{"recurrence_id": "2027-04-13", "status": "cancelled"}],
    });
    let field = "recurrence.overrides[0].recurrence_id";
    refused(&venue, "3", &days, field);
    days["recurrence"]["overrides"][0]["recurrence_id"] = "2027-04-12".into();
    venue.put("3", &days).with_status(201);
}

#[test]
fn a_key_that_stands_twice_in_a_body_is_refused() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for (body, field) in [
        (
            r#"{"title": {"nb": "A"}, "start": "2027-04-10", "title": {"nb": "B"}}"#,
            "title",
        ),
        (
            r#"{"title": {"nb": "A", "nb": "B"}, "start": "2027-04-10"}"#,
            "title.nb",
        ),
        (
            r#"{"title": {"nb": "A"}, "start": "2027-04-10", "offers": [{"price": "1"}, {"price": "2", "\u0070rice": "3"}]}"#,
            "offers[1].price",
        ),
    ] {
        for (method, path) in [
            (Method::PUT, "/1"),
            (Method::PATCH, "/1"),
            (Method::POST, "/validate"),
        ] {
            let problem = venue.with(method, path, &[], body).with_status(422).json();
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        }
    }
    venue.get("1").with_status(404);
}

#[test]
fn a_part_of_a_place_can_be_changed_alone() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["place"] = json!({
        "name": "Parken", "address": "Gata 1, 2408 Elverum", "postal_code": "2408",
        "municipality": "3420", "latitude": 60.9, "longitude": 11.6
    });
    venue.put("1", &event).with_status(201);
    let mut expected = venue.get("1").ok().json()["place"].clone();
    for (patch, address, code) in [
        (
            json!({"postal_code": "2409"}),
            "Gata 1, 2409 Elverum",
            "2409",
        ),
        (json!({"address": "Gata 2"}), "Gata 2, 2409 Elverum", "2409"),
        (
            json!({"address": "Gata 3, 2409 Elverum"}),
            "Gata 3, 2409 Elverum",
            "2409",
        ),
        (
            json!({"address": "Gata 3, 2450 Rena"}),
            "Gata 3, 2450 Rena",
            "2450",
        ),
        (
            json!({"address": "Gata 4", "postal_code": "2406"}),
            "Gata 4, 2406",
            "2406",
        ),
    ] {
        venue.patch("1", &json!({"place": patch})).ok();
        expected["address"] = address.into();
        expected["postal_code"] = code.into();
        let shown = venue.get("1").ok().json();
        assert_eq!(shown["place"], expected, "{patch}");
        let commit = app.commit_number();
        let again = venue.put("1", &shown).ok().json();
        assert_eq!(again["outcome"], "unchanged", "{patch}");
        assert_eq!(again["sequence"], shown["sequence"]);
        assert_eq!(app.commit_number(), commit);
    }
}

#[test]
fn the_address_of_a_place_of_the_calendar_is_not_the_partners_to_change() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["place"] = json!({"slug": "terningen-arena"});
    venue.put("1", &event).with_status(201);
    for part in ["postal_code", "address"] {
        let patch = json!({"place": {part: "2400"}});
        let problem = venue.patch("1", &patch).with_status(422).json();
        let field = format!("place.{part}");
        assert_eq!(problem["errors"][0]["field"], field.as_str(), "{problem}");
    }
    let shown = venue.get("1").ok().json();
    venue.put("1", &shown).ok();
}
