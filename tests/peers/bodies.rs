//! Every request body sent to a partner's calendar is accepted by it.

use calendar_domain::{
    Admission, Event, EventStatus, Image, Lang, Offer, OrganizerRef, Publication, Text, When,
};
use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::stand_ins::tribe::Role;
use super::stand_ins::{StandIn, settings};
use crate::outgo::push::{Theirs, concert, eventually, partner, standing, title_of};
use crate::support::saved::Saved;
use crate::support::{TestServer, event};

const NO_REFUSALS: [String; 0] = [];

/// Sets all fields of an event.
pub fn fill(event: &mut Event) {
    let zone = chrono_tz::Europe::Oslo;
    let at = |text: &str| text.parse::<NaiveDateTime>().unwrap();
    event.summary = Text::nb_en("Kor & orgel <live>. ".repeat(20), "Choir and organ.");
    event.description = Text::nb_en(
        "Første.\n\n[gallery] \\ <b>andre</b>\u{7}",
        "The choir sings.",
    );
    event.title.set(Lang::En, "Spring concert");
    event.schedule.when = When::Timed {
        start: at("2027-04-10T19:00:00"),
        end: Some(at("2027-04-10T21:00:00")),
        zone,
    };
    event.organizer = Some(OrganizerRef::Described {
        name: "Koret ".repeat(150).trim().to_owned(),
        url: "https://koret.example/søk?a=1&b=2".parse().ok(),
    });
    event.website = format!("https://koret.example/{}", "x".repeat(990))
        .parse()
        .ok();
    event.admission = Admission::Paid;
    event.offers = vec![Offer {
        name: Text::nb("Voksen"),
        price: "250".parse().ok(),
        currency: "NOK".into(),
        url: "https://billett.example/1?a=\"b".parse().ok(),
    }];
    event.images = vec![Image::at("https://bilder.example/kor.jpg".parse().unwrap())];
    event.status_note = Text::nb("Flyttet fra fredag.");
    event.categories = ["music".parse().unwrap()].into();
}

/// Clears all optional fields of an event.
pub fn clear(event: &mut Event) {
    event.summary = Text::default();
    event.description = Text::default();
    event.title.remove(Lang::En);
    event.organizer = None;
    event.website = None;
    event.admission = Admission::Unknown;
    event.offers = Vec::new();
    event.images = Vec::new();
    event.status_note = Text::default();
    event.venues = Vec::new();
}

/// Takes an event through its life at both kinds of calendar, and checks each step.
fn live<S: StandIn>(theirs: &Theirs<S>, app: &TestServer, seen: impl Fn(&str, &Value)) {
    let step = |name: &str, saved: &Saved<'_>, change: &dyn Fn(&mut Event)| {
        saved.change(|event| {
            change(event);
            event.title.set(Lang::Nb, name);
        });
        seen(name, &theirs.shows(name).1);
    };
    let saved = event("Minst").on("2027-04-10T19:00").save(app);
    seen("Minst", &theirs.shows("Minst").1);
    step("Alt", &saved, &|event| {
        fill(event);
        event.venues = vec![calendar_domain::Venue::named("Ny scene")];
    });
    step("Flyttet", &saved, &|event| {
        let (start, end) = ("2027-05-01T18:00:00", "2027-05-01T20:00:00");
        event.schedule.when = When::Timed {
            start: start.parse().unwrap(),
            end: end.parse().ok(),
            zone: chrono_tz::Europe::Oslo,
        };
    });
    step("Heldags", &saved, &|event| {
        let day = |text: &str| text.parse().unwrap();
        event.schedule.when = When::days(day("2027-05-16"), day("2027-05-17"));
    });
    step("Avlyst", &saved, &|event| {
        event.status = EventStatus::Cancelled
    });
    step("Likevel", &saved, &|event| {
        event.status = EventStatus::Scheduled
    });
    step("Utsatt", &saved, &|event| {
        event.status = EventStatus::Postponed
    });
    step("Ny dag", &saved, &|event| {
        event.status = EventStatus::Scheduled;
        let date = "2027-06-01".parse().unwrap();
        event.schedule.when = When::TimeToCome { date };
    });
    step("Tømt", &saved, &clear);
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
    step("Tilbake", &saved, &|event| {
        event.publication = Publication::Published
    });
    let other = event("Avlyst fra først")
        .on("2027-07-01T18:00")
        .standing(EventStatus::Cancelled);
    other.save(app);
    theirs.until(|all| all.len() == 2);
    let late = event("Utsatt fra først")
        .on("2027-07-02T18:00")
        .standing(EventStatus::Postponed);
    late.save(app);
    theirs.until(|all| all.len() == 3);
    standing(app, |receiver| receiver.progress.waiting.is_empty());
}

#[test]
fn the_events_calendar_takes_every_body_from_an_events_birth_to_its_return() {
    for in_wp_v2 in [true, false] {
        let theirs = Theirs::tribe();
        theirs.peer.calendar(|peer| {
            peer.in_wp_v2 = in_wp_v2;
            peer.pictures = vec!["https://bilder.example/kor.jpg".into()];
        });
        let app = theirs.app();
        if !in_wp_v2 {
            // Without a field for it, the status is in the title.
            event("Konsert")
                .on("2027-04-10T19:00")
                .standing(EventStatus::Cancelled)
                .save(&app);
            theirs.shows("AVLYST: Konsert");
            assert_eq!(theirs.peer.refused(), NO_REFUSALS);
            continue;
        }
        live(&theirs, &app, |step, event| match step {
            "Alt" => {
                assert_eq!(event["venue"]["venue"], "Ny scene");
                assert_eq!(event["cost"], "250 kr");
                assert_eq!(event["image"]["url"], "https://bilder.example/kor.jpg");
                let text = event["description"].as_str().unwrap();
                assert!(
                    text.contains("&#91;gallery]") && text.contains("billett.example"),
                    "{text}"
                );
            }
            "Flyttet" => assert_eq!(event["end_date"], "2027-05-01 20:00:00"),
            "Heldags" => assert_eq!(event["end_date"], "2027-05-17 23:59:59"),
            "Tømt" => {
                assert_eq!(
                    (&event["excerpt"], &event["description"]),
                    (&json!(""), &json!("<p>Klokkeslett kommer.</p>"))
                );
                assert_eq!(
                    (&event["organizer"], &event["image"]),
                    (&json!([]), &json!(false))
                );
            }
            _ => {}
        });
        let venue = || theirs.shows("Tilbake").1["venue"].clone();
        eventually(|| (venue() == json!([])).then_some(()));
        assert_eq!(theirs.peer.refused(), NO_REFUSALS);
    }
}

#[test]
fn linked_events_takes_every_body_from_an_events_birth_to_its_return() {
    let theirs = Theirs::linked_events();
    let app = theirs.app();
    live(&theirs, &app, |step, event| match step {
        "Minst" => assert_eq!(
            event["location"]["@id"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .nth(1),
            Some("tprek:1")
        ),
        "Alt" => {
            assert_eq!(event["name"]["en"], "Spring concert");
            assert_eq!(event["event_status"], "EventScheduled");
            assert!(
                event["short_description"]["fi"]
                    .as_str()
                    .unwrap()
                    .chars()
                    .count()
                    <= 160
            );
            let place = event["location"]["@id"].as_str().unwrap();
            assert!(place.contains("nordkal:place-"), "{place}");
        }
        "Flyttet" => assert_eq!(event["event_status"], "EventRescheduled"),
        "Avlyst" => assert_eq!(event["event_status"], "EventCancelled"),
        // Public only after the last of three changes.
        "Likevel" => assert_eq!(event["event_status"], "EventScheduled"),
        "Utsatt" => assert_eq!(
            (&event["event_status"], &event["start_time"]),
            (&json!("EventPostponed"), &Value::Null)
        ),
        "Tømt" => {
            assert_eq!(event["name"], json!({"fi": "Tømt"}));
            assert_eq!(
                (&event["provider"], &event["info_url"].get("en")),
                (&json!({}), &None)
            );
        }
        _ => {}
    });
    let events = theirs.until(|all| {
        all.iter()
            .any(|item| item.1["event_status"] == "EventPostponed")
    });
    // Ids are never reused.
    let back = events
        .iter()
        .find(|event| title_of(&event.1) == "Tilbake")
        .unwrap();
    assert!(back.0.ends_with("_r2"), "{}", back.0);
    assert!(
        events
            .iter()
            .any(|event| event.1["event_status"] == "EventCancelled")
    );
    assert_eq!(theirs.peer.refused(), NO_REFUSALS);
}

#[test]
fn each_date_of_a_recurring_event_stands_in_linked_events_under_one_series() {
    let theirs = Theirs::linked_events();
    let app = theirs.app();
    let quiz = event("Quiz")
        .on("2026-11-26T18:00")
        .repeating("FREQ=WEEKLY;COUNT=4")
        .with_one_cancelled("2026-12-03T18:00");
    let quiz = quiz.save(&app);
    let events = theirs.until(|all| all.len() == 5);
    let series: Vec<_> = events
        .iter()
        .filter(|event| event.1["super_event_type"] == "recurring")
        .collect();
    assert_eq!(series.len(), 1, "{events:#?}");
    let link = format!("/v1/event/{}/", series[0].0);
    let parts = events.iter().filter(|event| {
        event.1["super_event"]["@id"]
            .as_str()
            .is_some_and(|event| event.ends_with(&link))
    });
    assert_eq!(parts.count(), 4);
    let cancelled = |all: &[(String, Value)]| {
        all.iter()
            .filter(|text| text.1["event_status"] == "EventCancelled")
            .count()
    };
    theirs.until(|all| cancelled(all) == 1);
    // A past date stays unchanged and is not sent again.
    theirs.turn_to(&app, "2026-11-27T12:00");
    quiz.rename("Ny quiz");
    theirs.until(|all| {
        all.iter()
            .filter(|text| title_of(&text.1) == "Ny quiz")
            .count()
            == 4
    });
    quiz.change(|event| event.schedule.recurrence = None);
    quiz.change(|event| {
        let start = "2026-12-10T18:00:00".parse().unwrap();
        event.schedule.when = When::Timed {
            start,
            end: None,
            zone: chrono_tz::Europe::Oslo,
        };
    });
    // The past one, and the remaining one.
    theirs.until(|all| all.len() == 2);
    quiz.withdraw();
    theirs.until(|all| all.len() == 1);
    assert_eq!(theirs.peer.refused(), NO_REFUSALS);
}

#[test]
fn the_whole_shipped_calendar_is_taken_by_both() {
    for kind in ["tribe", "linked_events"] {
        let theirs = Theirs::of(kind);
        let app = TestServer::builder()
            .reaching(vec![theirs.peer.server.host()])
            .start();
        app.commit(vec![partner(theirs.connection())]);
        let today = app.snapshot().version().today;
        let zone = chrono_tz::Europe::Oslo;
        let coming = app
            .snapshot()
            .events()
            .filter(|events| {
                events.event().schedule.recurrence.is_none()
                    && events.event().schedule.when.days_touched(zone).end > today
            })
            .count();
        assert!(coming >= 5, "{coming}");
        theirs.until(|all| all.len() == coming);
        assert_eq!(theirs.peer.refused(), NO_REFUSALS, "{kind}");
    }
}

#[test]
fn a_picture_that_cannot_be_fetched_does_not_lose_the_event() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let saved = concert(&app);
    theirs.shows("Vårkonsert");
    saved.change(|event| {
        fill(event);
        event.title.set(Lang::Nb, "Med bilde");
    });
    let (_, event) = theirs.shows("Med bilde");
    assert_eq!(event["image"], false);
    let [refused] = &theirs.peer.refused()[..] else {
        panic!("{:?}", theirs.peer.refused());
    };
    assert!(refused.contains("\"image\""), "{refused}");
    // The same with a new event.
    let new = event_with_picture(&app);
    theirs.shows("Ny med bilde");
    drop(new);
    standing(&app, |receiver| receiver.progress.waiting.is_empty());
}

fn event_with_picture(app: &TestServer) -> Saved<'_> {
    let saved = event("Ny med bilde")
        .on("2027-04-10T19:00")
        .drafted()
        .save(app);
    saved.change(|event| {
        fill(event);
        event.publication = Publication::Published;
    });
    saved
}

#[test]
fn a_venue_of_the_site_is_used_as_it_is_and_never_overwritten() {
    let theirs = Theirs::tribe();
    let own = theirs
        .peer
        .calendar(|peer| peer.has_venue("Storsalen", "Elverum"));
    theirs.peer.calendar(|peer| peer.has_venue("Kino", "Hamar"));
    let app = theirs.app();
    let at = |title: &str, name: &str, city: &str| {
        let saved = event(title).on("2027-04-10T19:00").drafted().save(&app);
        saved.change(|event| {
            event.venues = vec![calendar_domain::Venue::Described {
                name: name.into(),
                address: Some(calendar_domain::Address {
                    street: Some("Storgata 1".into()),
                    postal_code: Some("2406".into()),
                    locality: Some(city.into()),
                }),
                municipality: None,
                coordinates: None,
            }];
            event.publication = Publication::Published;
        });
    };
    at("Konsert", "storsalen", "Elverum");
    assert_eq!(theirs.shows("Konsert").1["venue"]["id"], own);
    // The same name in another town: another venue.
    at("Film", "Kino", "Elverum");
    assert_eq!(theirs.shows("Film").1["venue"]["venue"], "Kino, Elverum");
    at("Film igjen", "Kino", "Elverum");
    theirs.shows("Film igjen");
    let venues = theirs.peer.calendar(|peer| peer.venues());
    assert_eq!(venues.len(), 3);
    assert_eq!(venues[0]["address"], "Husets egen");
}

#[test]
fn an_event_that_comes_back_gets_its_old_number_in_wordpress() {
    let theirs = Theirs::tribe();
    let app = theirs.app();
    let saved = concert(&app);
    let (id, _) = theirs.shows("Vårkonsert");
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
    saved.change(|event| event.publication = Publication::Published);
    assert_eq!(theirs.shows("Vårkonsert").0, id);
}

#[test]
fn events_of_a_contributor_wait_there_and_are_not_sent_twice() {
    let theirs = Theirs::tribe();
    theirs.peer.calendar(|peer| peer.role = Role::Contributor);
    let app = theirs.app();
    concert(&app);
    eventually(|| {
        theirs
            .peer
            .calendar(|peer| peer.status() == Some("pending"))
            .then_some(())
    });
    standing(&app, |receiver| receiver.progress.waiting.is_empty());
    assert_eq!(theirs.writes(), 2);
}

#[test]
fn what_linked_events_cannot_take_is_listed_and_sent_once_the_setting_is_there() {
    let theirs = Theirs::linked_events();
    let mut connection = theirs.connection();
    let mut without = settings();
    without.keyword = None;
    without.place = None;
    connection.linked_events = Some(without.clone());
    let app = theirs.app_by(connection.clone());
    event("Uten ord")
        .on("2027-04-10T19:00")
        .at("Storsalen")
        .save(&app);
    let saved = event("Musikk")
        .on("2027-04-11T19:00")
        .under("music")
        .save(&app);
    let key = eventually(|| {
        let key = standing(&app, |_| true).id;
        let left =
            elverum_calendar::delivery::push::record::left_out(app.calendar(), &key).unwrap();
        (left.len() == 2).then_some(left)
    });
    assert!(
        key.keys()
            .any(|why| why.contains("has no keyword of the partner")),
        "{key:?}"
    );
    assert_eq!(theirs.writes(), 0);
    // After a change of settings, everything is sent again.
    let music = ["music".parse().unwrap()].into();
    connection
        .mapping
        .categories
        .insert("yso:p1808".into(), music);
    without.keyword = Some("yso:p1".into());
    without.places.insert("storsalen".into(), "tprek:9".into());
    without.place = Some("tprek:1".into());
    connection.linked_events = Some(without);
    app.commit(vec![partner(connection)]);
    let (_, event) = theirs.shows("Uten ord");
    assert!(
        event["location"]["@id"]
            .as_str()
            .unwrap()
            .ends_with("/tprek:9/")
    );
    let (_, event) = theirs.shows("Musikk");
    assert!(
        event["keywords"][0]["@id"]
            .as_str()
            .unwrap()
            .ends_with("/yso:p1808/")
    );
    saved.withdraw();
    theirs.until(|all| all.len() == 1);
    assert_eq!(theirs.peer.refused(), NO_REFUSALS);
}

#[test]
fn what_an_editor_deleted_in_linked_events_comes_back_under_another_id() {
    let theirs = Theirs::linked_events();
    let app = theirs.app();
    let saved = concert(&app);
    let (id, _) = theirs.shows("Vårkonsert");
    standing(&app, |_| true);
    theirs.peer.calendar(|peer| peer.delete(&id));
    saved.rename("Sommerkonsert");
    assert_eq!(theirs.shows("Sommerkonsert").0, format!("{id}_r2"));
    saved.withdraw();
    theirs.until(<[_]>::is_empty);
}
