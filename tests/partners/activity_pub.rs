//! ActivityPub outboxes.

use calendar_connectors::connector::{Listing, ParsedItem};
use calendar_domain::{EventStatus, Lang, OrganizerRef, Venue, When};
use serde_json::json;

use crate::support::{Partner, Reply, event, events, fixture, gone, read, sample, shown, told};

const OUTBOX: &str = "https://eksempel.no/@gruppa/outbox?page=1";

#[test]
fn a_page_of_an_outbox_is_read_with_everything_it_says() {
    let page = read(
        "activity_pub",
        OUTBOX,
        &fixture("activity_pub/list.json"),
        "",
    )
    .unwrap();
    insta::assert_json_snapshot!("activity_pub_outbox", shown(&page));
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_activity_of_mobilizon_is_read() {
    let bytes = sample("activitypub/mobilizon-post-activity.json");
    let page = read(
        "activity_pub",
        "https://mobilizon.fr/@metacartes/outbox",
        &bytes,
        "",
    )
    .unwrap();
    let item = event(
        &page.items,
        "https://mobilizon.fr/events/39a0c4a6-f2b6-41dc-bbe2-fc5bff76cc93",
    );
    assert_eq!(item.title.exact(Lang::Nb), Some("My first event"));
    assert!(
        matches!(&item.schedule.when, When::Timed { start, end: None, .. } if start.to_string() == "2018-02-12 15:08:20")
    );
    let Venue::Described { name, address, .. } = &item.venues[0] else {
        panic!()
    };
    assert_eq!(name, "Locaux de Framasoft");
    assert_eq!(
        address.as_ref().unwrap().line(),
        "10 Rue Jangot, 69007 Lyon"
    );
    assert_eq!(
        item.online_url.as_ref().unwrap().as_str(),
        "https://google.com/"
    );
    let Some(OrganizerRef::Described { name, .. }) = &item.organizer else {
        panic!()
    };
    assert_eq!(name, "metacartes@mobilizon.fr");
    // Mentions are not categories.
    assert_eq!(item.categories, ["TODO remove me"]);
    assert_eq!(
        item.modified.unwrap().to_rfc3339(),
        "2018-02-12T14:08:20+00:00"
    );
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_activity_of_gancio_is_read() {
    let bytes = sample("gancio/activity_create_demo.gancio.org.json");
    let page = read(
        "activity_pub",
        "https://demo.gancio.org/federation/u/gancio/outbox",
        &bytes,
        "",
    )
    .unwrap();
    let item = event(&page.items, "https://demo.gancio.org/federation/m/1");
    assert_eq!(
        item.website.as_ref().unwrap().as_str(),
        "https://demo.gancio.org/event/demo-event"
    );
    assert_eq!(
        (item.venues.clone(), item.categories.clone()),
        (vec![Venue::named("Colosseo")], vec!["test".to_owned()])
    );
    assert!(item.summary.is_empty(), "it only repeats the description");
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn the_examples_of_fep_8a8e_are_read() {
    let of = |number: u32| {
        let bytes = sample(&format!("activitypub/fep8a8e_example_{number:02}.json"));
        read("activity_pub", "https://example.org/x", &bytes, "").unwrap()
    };
    for number in 1..=13 {
        let page = of(number);
        assert_eq!(events(&page.items).len(), 1, "{number}: {:?}", page.remarks);
    }
    let first = |number| {
        let page = of(number);
        (*events(&page.items)[0]).clone()
    };
    let rome = first(2);
    assert!(
        matches!(rome.schedule.when, When::Timed { zone: chrono_tz::Europe::Rome, start, .. } if start.to_string() == "2014-12-31 23:00:00")
    );
    let Venue::Described {
        name, coordinates, ..
    } = &first(3).venues[0]
    else {
        panic!()
    };
    assert_eq!(
        (name.as_str(), coordinates.unwrap().latitude),
        ("Foo Bar", 47.06829)
    );
    let online = first(5);
    assert!(online.venues.is_empty());
    assert_eq!(
        online.online_url.unwrap().as_str(),
        "https://jitsi.example.org/fediverse-moderation-meeting"
    );
    let both = first(6);
    assert_eq!(
        (both.venues.len(), both.online_url.unwrap().as_str()),
        (1, "https://bbb.example.com/meeting-room-1")
    );
    assert_eq!(
        first(7).offers[0].url.as_ref().unwrap().as_str(),
        "https://example.org/foo#register"
    );
    assert!(first(8).offers.is_empty(), "an address of mail is no page");
    assert_eq!(
        first(10).images[0].address(""),
        "https://example.com/images/new-year-party-flyer.png"
    );
    assert_eq!(first(12).categories, ["MUSIC", "CREATIVE_JAM"]);
    assert!(first(13).organizer.is_some());
}

fn made(id: u32, name: &str) -> serde_json::Value {
    json!({"type": "Event", "id": format!("https://eksempel.no/e/{id}"), "name": name, "startTime": "2027-06-01T18:00:00Z"})
}

#[test]
fn from_the_actor_to_the_last_page_and_the_newest_word_counts() {
    let partner = Partner::answering(|request| {
        let base = &request.base;
        let page = request.query.get("page").map(String::as_str);
        Reply::json(&match (request.path.as_str(), page) {
            ("/@gruppa", _) => {
                json!({"type": "Group", "name": "Eksempelgruppa", "outbox": format!("{base}/@gruppa/outbox")})
            }
            ("/@gruppa/outbox", None) => {
                json!({"type": "OrderedCollection", "totalItems": 3, "first": format!("{base}/@gruppa/outbox?page=1")})
            }
            ("/@gruppa/outbox", Some("1")) => {
                json!({"type": "OrderedCollectionPage", "next": format!("{base}/@gruppa/outbox?page=2"), "orderedItems": [
                    {"type": "Delete", "object": "https://eksempel.no/e/2"},
                    {"type": "Update", "object": made(1, "Ny tittel")},
                    {"type": "Announce", "object": format!("{base}/e/3")},
                ]})
            }
            ("/@gruppa/outbox", Some(_)) => {
                json!({"type": "OrderedCollectionPage", "orderedItems": [
                    {"type": "Create", "object": made(2, "Slettet siden")},
                    {"type": "Create", "object": made(1, "Gammel tittel")},
                ]})
            }
            _ => made(3, "Delt"),
        })
    });
    let said = told(partner.ask("activity_pub", "/@gruppa"));
    assert_eq!(gone(&said.items), ["https://eksempel.no/e/2"]);
    let titles: Vec<&str> = events(&said.items)
        .iter()
        .map(|event| event.title.exact(Lang::Nb).unwrap())
        .collect();
    assert_eq!(titles, ["Ny tittel", "Delt"]);
    assert_eq!(said.listing, Listing::Changes);
    let accept = partner.asked()[0].fields["accept"].clone();
    assert!(accept.starts_with("application/activity+json"), "{accept}");
}

#[test]
fn a_page_on_another_server_is_not_asked() {
    let page = json!({"type": "OrderedCollectionPage", "orderedItems": [], "next": "https://annen.example/outbox"});
    let read = read("activity_pub", OUTBOX, page.to_string().as_bytes(), "").unwrap();
    assert!(read.next.is_empty());
    assert_eq!(read.remarks.len(), 1);
}

#[test]
fn each_status_is_understood() {
    for (field, word, expected) in [
        ("eventStatus", "EventCancelled", EventStatus::Cancelled),
        (
            "eventStatus",
            "https://w3id.org/fep/8a8e/EventMovedOnline",
            EventStatus::MovedOnline,
        ),
        ("eventStatus", "EventRescheduled", EventStatus::Rescheduled),
        ("eventStatus", "EventScheduled", EventStatus::Scheduled),
        ("ical:status", "CANCELLED", EventStatus::Cancelled),
        ("status", "TENTATIVE", EventStatus::Tentative),
    ] {
        let mut object = made(1, "Eksempel");
        object[field] = word.into();
        let page = read("activity_pub", OUTBOX, object.to_string().as_bytes(), "").unwrap();
        let ParsedItem::Event(draft) = &page.items[0] else {
            panic!()
        };
        assert_eq!(draft.status, expected, "{field} {word}");
    }
}
