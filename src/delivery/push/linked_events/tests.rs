//! Bodies and steps for Linked Events.

use super::super::payload::tests::concert;
use super::body;
use super::connector::{CANCELLED, SCHEDULED, bodies, renamed};
use super::place;
use super::texts;
use super::*;
use crate::delivery::push::EventPayload;
use crate::delivery::push::Push;
use calendar_domain::Connection;
use calendar_domain::EventStatus;
use calendar_domain::LinkedEventsSettings;
use calendar_domain::Pushed;
use calendar_domain::{Lang, When};
use serde_json::Value;
use serde_json::json;
use url::Url;

fn to() -> Url {
    "https://le.example/v1/".parse().unwrap()
}

fn settings() -> LinkedEventsSettings {
    LinkedEventsSettings {
        data_source: "nordkal".into(),
        languages: [(Lang::Nb, "fi".into()), (Lang::En, "en".into())].into(),
        ..LinkedEventsSettings::default()
    }
}

fn said_as(said: &EventPayload, before: &[&str]) -> Value {
    let texts = texts::texts(said, &settings()).unwrap();
    body::body(&to(), said, &settings(), &texts, before).unwrap()
}

#[test]
fn an_event_is_said_in_the_calendars_own_words() {
    let page = "https://kalender.example/events/konsert-2027";
    let expected = json!({
        "type_id": "General",
        "publication_status": "public",
        // English has only a title, so it is omitted.
        "name": {"fi": "Vårkonsert"},
        "short_description": {"fi": "Med kor."},
        "description": {
            "fi": "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Kilde: Koret</p>",
        },
        "start_time": "2027-04-10T17:00:00Z",
        "end_time": "2027-04-10T19:00:00Z",
        "info_url": {"fi": page},
        "provider": {"fi": "Koret"},
        "keywords": [{"@id": "https://le.example/v1/keyword/yso:p1808/"}],
        "offers": [{"is_free": false, "description": {"fi": "Voksen"}, "price": {"fi": "250 kr"},
            "info_url": {"fi": "https://billett.example/1"}}],
        "external_links": [{"name": "nordkal-origin", "language": "fi", "link": page}],
        "custom_data": {"elverum_calendar_id": "0190f1c2-7b3a-7c11"},
        "in_language": [],
        "super_event_type": null,
    });
    assert_eq!(said_as(&concert(), &[]), expected);
}

#[test]
fn a_language_is_sent_with_all_three_texts_and_cleared_where_it_is_gone() {
    let mut said = concert();
    said.event.description.set(Lang::En, "A choir sings.");
    let body = said_as(&said, &["fi", "sv"]);
    assert_eq!(body["short_description"]["en"], "A choir sings.");
    assert_eq!(body["name"]["en"], "Spring concert");
    assert_eq!(body["name"]["sv"], Value::Null);
    assert_eq!(body["description"]["sv"], Value::Null);
    // With only a title, it is used for the other texts too.
    said.event.summary = calendar_domain::Text::default();
    said.event.description = calendar_domain::Text::default();
    let body = said_as(&said, &[]);
    assert_eq!(body["short_description"], json!({"fi": "Vårkonsert"}));
    said.event.title = calendar_domain::Text::in_lang(Lang::Nn, "Vårkonsert");
    let why = texts::texts(&said, &settings()).unwrap_err();
    assert!(
        why.contains("(nb, en)") && why.contains("languages"),
        "{why}"
    );
}

#[test]
fn a_short_text_is_cut_as_the_calendar_counts_it() {
    let mut said = concert();
    said.event.summary = calendar_domain::Text::nb("<ord> ".repeat(40));
    let body = said_as(&said, &[]);
    let short = body["short_description"]["fi"].as_str().unwrap();
    let cleaned = short.replace('<', "&lt;").replace('>', "&gt;");
    assert!((130..=160).contains(&cleaned.chars().count()), "{short}");
}

#[test]
fn whole_days_are_dates_with_the_last_one_included() {
    let mut said = concert();
    let day = |text: &str| text.parse().unwrap();
    said.when = When::days(day("2027-05-16"), day("2027-05-17"));
    let body = said_as(&said, &[]);
    assert_eq!(body["start_time"], "2027-05-16");
    assert_eq!(body["end_time"], "2027-05-17");
    said.when = When::TimeToCome {
        date: day("2027-05-16"),
    };
    assert_eq!(said_as(&said, &[]).get("end_time"), None);
}

#[test]
fn what_happens_to_an_event_is_said_as_the_calendar_takes_it() {
    let mut said = concert();
    let body = said_as(&said, &[]);
    let names = |said: &EventPayload, status: &str| {
        let all = bodies(said, status, &body).into_iter();
        all.map(|(name, body)| {
            (
                name,
                body["event_status"].clone(),
                body["start_time"].clone(),
            )
        })
        .collect::<Vec<_>>()
    };
    let start = json!("2027-04-10T17:00:00Z");
    assert_eq!(
        names(&said, "EventRescheduled"),
        [("change", Value::Null, start.clone())]
    );
    // To undo a cancellation, the event becomes a draft first.
    let back = names(&said, CANCELLED);
    assert_eq!(back.len(), 3);
    assert_eq!(back[1].1, SCHEDULED);
    said.status = EventStatus::Cancelled;
    assert_eq!(
        names(&said, SCHEDULED),
        [("change", json!(CANCELLED), start)]
    );
    said.status = EventStatus::Postponed;
    assert_eq!(
        names(&said, SCHEDULED),
        [("change", Value::Null, Value::Null)]
    );
}

#[test]
fn what_the_calendar_cannot_take_is_told_with_the_setting_that_is_missing() {
    let mut said = concert();
    said.keywords.clear();
    said.event.categories = vec!["music".into()];
    let texts = texts::texts(&said, &settings()).unwrap();
    let why = body::body(&to(), &said, &settings(), &texts, &[]).unwrap_err();
    assert!(why.contains("(music)") && why.contains("keyword"), "{why}");
    said.place = None;
    let why = place::event_place(&said, &settings()).unwrap_err();
    assert!(
        why.contains("has no place") && why.contains("set place to"),
        "{why}"
    );
    said.event.online_url = Some("https://video.example/".into());
    let why = place::event_place(&said, &settings()).unwrap_err();
    assert!(why.contains("online_place"), "{why}");
    let connection = Connection::new("linked_events".parse().unwrap(), None);
    let why = LinkedEventsPush.check(&connection).unwrap_err();
    assert!(why.starts_with("data_source is missing"), "{why}");
}

#[test]
fn an_event_that_comes_back_gets_another_id() {
    let mut known = Pushed::new(
        "k/e".into(),
        "kommune".parse().unwrap(),
        "e".parse().unwrap(),
        "nordkal:e".into(),
    );
    known.remote_id = Some("nordkal:e".into());
    let second = renamed(&known);
    assert_eq!(
        (second.reference.as_str(), second.remote_id.is_none()),
        ("nordkal:e_r2", true)
    );
    assert_eq!(renamed(&second).reference, "nordkal:e_r3");
}
