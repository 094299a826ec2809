//! What a partner receives may be sent again as it is, and values that are not taken as sent are named.

use std::collections::BTreeMap;

use calendar_domain::{
    Coordinates, Event, Override, Recurrence, Schedule, Start, Text, Venue, When,
};
use chrono_tz::Tz;
use elverum_calendar::editorial::{self, Editor};
use elverum_calendar::ingest::upsert;
use reqwest::Method;
use serde_json::{Value, json};

use super::sender::{Sender, least, sender};
use crate::support::TestServer;

/// A change of a stored event.
type EventChange = Box<dyn Fn(&mut Event)>;

/// Returns the stored event of an id.
fn stored(venue: &Sender<'_>, id: &str) -> Event {
    let partner = "venue".parse().unwrap();
    let kept = upsert::find(venue.app.calendar(), &partner, id).unwrap();
    kept.unwrap().event
}

fn timed(start: &str, zone: Tz) -> When {
    When::Timed {
        start: start.parse().unwrap(),
        end: None,
        zone,
    }
}

/// A programme on Sundays at half past two, in Norway. The time of 28 March does not exist.
fn on_sundays(change: impl FnOnce(&mut Recurrence)) -> Schedule {
    let mut recurrence = Recurrence {
        rule: "FREQ=WEEKLY;COUNT=4".parse().ok(),
        ..Recurrence::default()
    };
    change(&mut recurrence);
    Schedule {
        when: timed("2027-03-14T02:30:00", Tz::Europe__Oslo),
        recurrence: Some(recurrence),
    }
}

fn changed(start: &str, change: Override) -> impl FnOnce(&mut Recurrence) {
    let start = Start::Local(start.parse().unwrap());
    move |recurrence| recurrence.overrides = BTreeMap::from([(start, change)])
}

#[test]
fn what_came_another_way_comes_back_and_may_be_sent_again() {
    const GAP: &str = "2027-03-28T02:30:00";
    let moved = |when: When| Override {
        when: Some(when),
        ..Override::default()
    };
    let gap = Start::Local(GAP.parse().unwrap());
    let schedules = [
        Schedule::once(timed(GAP, Tz::Europe__Oslo)),
        on_sundays(|recurrence| recurrence.exdates.extend([gap])),
        Schedule {
            when: timed("2027-03-13T02:30:00", Tz::Europe__Oslo),
            ..on_sundays(|value| value.rdates.extend([gap]))
        },
        on_sundays(changed(
            GAP,
            Override {
                title: Text::nb("Ekstra"),
                ..Override::default()
            },
        )),
        on_sundays(changed(
            "2027-03-21T02:30:00",
            moved(timed(GAP, Tz::Europe__Oslo)),
        )),
        on_sundays(changed(
            "2027-03-21T02:30:00",
            moved(timed("2027-03-21T12:00:00", Tz::Europe__Helsinki)),
        )),
        on_sundays(changed(
            "2027-03-21T02:30:00",
            moved(When::TimeToCome {
                date: "2027-03-22".parse().unwrap(),
            }),
        )),
    ];
    let mut changes: Vec<EventChange> = Vec::new();
    for schedule in schedules {
        changes.push(Box::new(move |event| event.schedule = schedule.clone()));
    }
    changes.push(Box::new(|event| {
        event.venues = vec![Venue::Described {
            name: String::new(),
            address: None,
            municipality: None,
            coordinates: Coordinates::new(60.9, 11.6).ok(),
        }];
    }));
    changes.push(Box::new(|event| {
        event.website = "http://192.168.1.4/arrangement".parse().ok();
        event.online_url = "http://intranett/".parse().ok();
        event.sources[0].url = event.website.as_ref().map(ToString::to_string);
    }));
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for (number, change) in changes.iter().enumerate() {
        let id = number.to_string();
        let mut event = least();
        event["title"]["nb"] = format!("Kveld nummer {number}").into();
        venue.put(&id, &event).with_status(201);
        let mut before = stored(&venue, &id);
        change(&mut before);
        app.commit(vec![before.clone().into()]);
        let commit = app.commit_number();
        let shown = venue.get(&id).ok().json();
        let again = venue.put(&id, &shown).ok().json();
        assert_eq!(again["outcome"], "unchanged", "{number}: {shown}");
        assert_eq!(app.commit_number(), commit, "{number}");
        let text = json!({"summary": {"nb": "Kort."}});
        venue.patch(&id, &text).ok();
        let after = stored(&venue, &id);
        assert_eq!(after.schedule, before.schedule, "{number}");
        assert_eq!(after.venues, before.venues, "{number}");
        assert_eq!(after.website, before.website, "{number}");
        assert_eq!(after.online_url, before.online_url, "{number}");
    }
    // A new link of that kind is refused.
    let link = json!({"website": "http://192.168.1.5/"});
    venue.patch("8", &link).with_status(422);
}

#[test]
fn other_words_for_the_same_values_change_nothing() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["categories"] = json!(["konsert"]);
    event["place"] = json!({"name": "Terningen Arena"});
    venue.put("1", &event).with_status(201);
    let commit = app.commit_number();
    event["categories"] = json!(["music"]);
    event["place"] = json!({"slug": "terningen-arena"});
    for _ in 0..2 {
        let again = venue.put("1", &event).ok().json();
        assert_eq!(again["outcome"], "unchanged");
    }
    assert_eq!(app.commit_number(), commit);
    event["categories"] = json!(["music", "culture"]);
    let changed = venue.put("1", &event).ok().json();
    assert_eq!(changed["outcome"], "updated");
}

#[test]
fn values_that_a_place_of_that_name_has_otherwise_are_named() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["place"] = json!({
        "name": "Terningen Arena", "address": "Hamarvegen 112, 2406 Elverum", "postal_code": "2406",
    });
    let done = venue.put("1", &event).with_status(201).json();
    assert_eq!(done.get("remarks"), None, "{done}");
    event["place"] = json!({
        "name": "Terningen Arena", "address": "Storgata 1, 2450 Rena", "postal_code": "2450",
        "latitude": 61.1, "longitude": 11.4,
    });
    for _ in 0..2 {
        let done = venue.put("1", &event).ok().json();
        assert_eq!(done["place"]["slug"], "terningen-arena");
        let said = done["remarks"][0]["detail"].as_str().unwrap();
        for word in [
            "terningen-arena",
            "street",
            "postal code",
            "town",
            "coordinates",
        ] {
            assert!(said.contains(word), "{word}: {said}");
        }
        assert!(!said.contains("municipality"), "{said}");
    }
    // A response may be sent back with its remarks.
    let shown = venue.put("1", &event).ok().json();
    let back = venue.put("1", &shown).ok().json();
    assert_eq!(back.get("remarks"), None, "{back}");
}

#[test]
fn the_uid_of_an_own_event_is_refused_under_a_second_id() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let mut event = least();
    event["uid"] = "konsert@venue.example".into();
    venue.put("1", &event).with_status(201);
    let problem = venue.put("2", &event).with_status(409).json();
    assert_eq!(problem["errors"][0]["field"], "uid", "{problem}");
    let said = problem["errors"][0]["detail"].as_str().unwrap();
    assert!(said.contains("«1»"), "{said}");
    venue.get("2").with_status(404);
    event["status"] = "cancelled".into();
    venue.put("1", &event).ok();
}

#[test]
fn a_change_by_the_second_id_of_a_merged_event_says_which_counts() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    venue.put("1", &least()).with_status(201);
    let mut other = least();
    other["title"]["nb"] = "Foredrag om tømmerfløting".into();
    other["start"] = "2027-05-10T19:00:00+02:00".into();
    venue.put("2", &other).with_status(201);
    let editor = Editor {
        name: "ola".into(),
        now: app.calendar().clock().now(),
    };
    let [stays, goes] = ["1", "2"].map(|id| stored(&venue, id).id);
    editorial::join(app.calendar(), &editor, &stays, &goes).unwrap();
    let done = venue.patch("2", &json!({"status": "cancelled"}));
    let done = done.ok().json();
    let remark = &done["remarks"][0];
    assert!(remark["at"].as_str().unwrap().contains("status"), "{done}");
    let said = remark["detail"].as_str().unwrap();
    assert!(said.contains("«1»"), "{said}");
}

#[test]
fn an_event_in_a_circle_of_old_can_be_patched() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    for id in ["1", "2"] {
        let mut event = least();
        event["title"]["nb"] = format!("Kveld nummer {id}").into();
        venue.put(id, &event).with_status(201);
    }
    let [one, two] = ["1", "2"].map(|id| stored(&venue, id));
    for (event, whole) in [(&one, &two), (&two, &one)] {
        let super_event = Some(whole.id.clone());
        let event = Event {
            super_event,
            ..event.clone()
        };
        app.commit(vec![event.into()]);
    }
    let done = venue.patch("1", &json!({"summary": {"nb": "Kort."}}));
    let done = done.ok().json();
    assert_eq!(done["summary"]["nb"], "Kort.");
    assert_eq!(done["super_event"], Value::Null);
    assert_eq!(done["remarks"].as_array().unwrap().len(), 1, "{done}");
    let problem = venue.patch("1", &json!({"super_event": "2"}));
    let problem = problem.with_status(422).json();
    assert_eq!(problem["errors"][0]["field"], "super_event", "{problem}");
}

#[test]
fn a_long_list_of_errors_is_cut_and_says_so() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let keys = vec![r#""k":1"#; 20_000].join(",");
    let words: Vec<String> = (0..20_000).map(|number| format!("w{number}")).collect();
    let mut unknown = least();
    unknown["categories"] = json!(words);
    for body in [format!("{{{keys}}}"), unknown.to_string()] {
        let answer = venue.with(Method::PUT, "/1", &[], body).with_status(422);
        assert!(answer.body.len() < 64 * 1024, "{}", answer.body.len());
        let problem = answer.json();
        assert_eq!(problem["errors"].as_array().unwrap().len(), 100);
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains("more errors"), "{said}");
    }
}

#[test]
fn the_feed_of_changes_names_the_whole_of_a_part_by_its_uid() {
    let app = TestServer::start();
    let venue = sender(&app, "venue");
    let whole = venue.put("1", &least()).with_status(201).json();
    let mut part = least();
    part["title"]["nb"] = "Konsertens andre del".into();
    part["super_event"] = "1".into();
    let part = venue.put("2", &part).with_status(201).json();
    let page = app.program().get("/api/v1/changes?limit=1000").ok().json();
    let items = page["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["id"] == part["id"]).unwrap();
    assert_eq!(item["super_event_uid"], whole["uid"]);
    assert_eq!(item["event"]["super_event"], whole["id"]);
    let item = items.iter().find(|item| item["id"] == whole["id"]).unwrap();
    assert_eq!(item.get("super_event_uid"), None);
}
