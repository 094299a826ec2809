//! Ticketmaster: a real payload, and a simulated interface.

use std::collections::BTreeMap;

use calendar_connectors::connector::Listing;
use calendar_domain::{Admission, EventStatus, Lang, OrganizerRef, Venue, When};
use elverum_calendar::ingest::fetch::FetchAllError;
use serde_json::{Value, json};

use crate::support::{Partner, Reply, asking, event, events, is_whole, read, sample, told};

const ID: &str = "ticketmaster";
const PATH: &str = "/discovery/v2/events.json";

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn real_events_are_read_as_a_person_would() {
    let bytes = sample("ticketmaster/discovery_v2_4_events.json");
    let from = "https://app.ticketmaster.com/discovery/v2/events.json?size=4";
    let page = read(ID, from, &bytes, "").unwrap();
    assert_eq!(page.remarks, []);
    let facts = [
        (
            "Z7r9jZ1AeqbGa",
            "LA Clippers vs. Los Angeles Lakers",
            "2020-03-08T19:30:00+00:00",
            "America/Los_Angeles",
            "STAPLES Center",
            "1111 S. Figueroa St., 90017 Los Angeles",
            "34.053101",
        ),
        (
            "G5eVZ4YDbDJmI",
            "Charlotte Hornets vs. Los Angeles Lakers",
            "2020-03-21T23:00:00+00:00",
            "America/New_York",
            "Spectrum Center",
            "333 East Trade Street, 28202 Charlotte",
            "35.225222",
        ),
        (
            "Z7r9jZ1AejNCK",
            "Vegas Golden Knights vs. Detroit Red Wings",
            "2020-03-22T02:00:00+00:00",
            "America/Los_Angeles",
            "T-Mobile Arena",
            "3780 S Las Vegas Blvd, 89158 Las Vegas",
            "36.102807",
        ),
        (
            "Z7r9jZ1AeOOb_",
            "Eagles",
            "2020-03-07T02:00:00+00:00",
            "America/Chicago",
            "Toyota Center - TX",
            "1510 Polk St, 77002 Houston",
            "29.759399",
        ),
    ];
    assert_eq!(events(&page.items).len(), facts.len());
    for (origin, title, begins, zone, place, line, latitude) in facts {
        let draft = event(&page.items, origin);
        assert_eq!(draft.title.exact(Lang::En), Some(title));
        let When::Timed {
            zone: own,
            end: None,
            ..
        } = draft.schedule.when
        else {
            panic!("{draft:?}")
        };
        assert_eq!(own.name(), zone);
        let at = draft.schedule.when.begins(chrono_tz::UTC).to_rfc3339();
        assert_eq!(at, begins, "{title}");
        assert_eq!(draft.status, EventStatus::Scheduled);
        let [
            Venue::Described {
                name,
                address,
                coordinates,
                ..
            },
        ] = &draft.venues[..]
        else {
            panic!("{draft:?}")
        };
        assert_eq!(name, place);
        assert_eq!(address.as_ref().unwrap().line(), line);
        assert_eq!(coordinates.unwrap().latitude.to_string(), latitude);
        assert_eq!(draft.images.len(), 1);
        assert!(draft.website.is_some());
    }
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn prices_kinds_picture_and_promoter_of_a_real_event_are_read() {
    let bytes = sample("ticketmaster/discovery_v2_4_events.json");
    let page = read(ID, "https://app.ticketmaster.com/", &bytes, "").unwrap();
    let hornets = event(&page.items, "G5eVZ4YDbDJmI");
    let prices: Vec<_> = hornets
        .offers
        .iter()
        .map(|offer| offer.price.as_deref().unwrap())
        .collect();
    assert_eq!(
        (prices, hornets.admission),
        (vec!["97.50", "1205.00"], Admission::Paid)
    );
    assert!(hornets.offers.iter().all(|offer| offer.currency == "USD"));
    assert_eq!(hornets.categories, ["Sports", "Basketball", "NBA"]);
    let promoter = OrganizerRef::Described {
        name: "NBA REGULAR SEASON".into(),
        url: None,
    };
    assert_eq!(hornets.organizer, Some(promoter));
    assert!(
        hornets.images[0]
            .address("")
            .ends_with("_RETINA_LANDSCAPE_16_9.jpg")
    );
    let text = hornets.description.exact(Lang::En).unwrap();
    assert!(
        text.starts_with("All Prices Include") && text.contains("Wheelchair"),
        "{text}"
    );
    let lakers = event(&page.items, "Z7r9jZ1AeqbGa");
    assert_eq!(lakers.images[0].credit.as_deref(), Some("TM Generic"));
    assert!(
        lakers.images[0]
            .address("")
            .ends_with("_TABLET_LANDSCAPE_LARGE_16_9.jpg")
    );
    assert_eq!(
        (lakers.offers.len(), lakers.admission),
        (0, Admission::Unknown)
    );
}

fn listed(n: u64) -> Value {
    let day =
        chrono::NaiveDate::from_ymd_opt(2027, 2, 1).expect("a day") + chrono::Days::new(n / 10);
    json!({
        "id": format!("Eks{n}"), "name": format!("Eksempel {n}"), "url": "https://eksempel.no/",
        "dates": {"start": {"localDate": day, "localTime": "18:00:00"}, "timezone": "Europe/Oslo", "status": {"code": "onsale"}},
    })
}

/// Starts an interface with `all` events, `a_day` per day, which returns at most a thousand per query.
fn interface(all: u64, a_day: u64) -> Partner {
    Partner::answering(move |request| {
        if request.query.get("apikey").map(String::as_str) != Some("hemmelig") {
            return Reply::status(401);
        }
        assert_eq!(request.query["locale"], "*");
        assert_eq!(request.query["city"], "Elverum");
        let start = &request.query["startDateTime"][..10];
        let mut found: Vec<Value> = (0..all).map(|n| listed(n * 10 / a_day)).collect();
        for (n, event) in found.iter_mut().enumerate() {
            event["id"] = json!(format!("Eks{n}"));
        }
        found.retain(|value| value["dates"]["start"]["localDate"].as_str() >= Some(start));
        let page = request.page("page", 0);
        if (page + 1) * 200 > 1_000 {
            return Reply::status(400);
        }
        let pages = found.len().div_ceil(200);
        let some: Vec<&Value> = found.iter().skip(page * 200).take(200).collect();
        Reply::json(&json!({
            "_embedded": {"events": some},
            "_links": {"self": {"href": PATH}},
            "page": {"size": 200, "totalElements": found.len(), "totalPages": pages, "number": page},
        }))
    })
}

fn all_of(interface: &Partner, query: &str) -> elverum_calendar::ingest::fetch::FetchedBatch {
    let url = interface.url(&format!("{PATH}?city=Elverum{query}"));
    told(interface.ask_as(ID, &asking(&url), Some("hemmelig"), &BTreeMap::new()))
}

#[test]
fn an_interface_is_asked_with_its_key_page_after_page() {
    let interface = interface(450, 10);
    let told = all_of(&interface, "");
    is_whole(&told);
    assert_eq!((told.items.len(), told.requests), (450, 3));
    assert!(matches!(
        interface.ask(ID, &format!("{PATH}?city=Elverum")),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn what_lies_beyond_a_thousand_is_asked_for_from_the_last_day_on() {
    let told = all_of(&interface(2_345, 10), "");
    is_whole(&told);
    assert_eq!(told.items.len(), 2_345);
}

#[test]
fn where_a_day_has_more_than_it_gives_the_rest_is_not_gone() {
    let told = all_of(&interface(3_000, 1_200), "");
    assert_eq!(told.items.len(), 1_000);
    assert_eq!(told.listing, Listing::Until("2027-01-31".parse().unwrap()));
}

#[test]
fn in_another_order_nothing_follows_from_silence() {
    let told = all_of(&interface(1_500, 10), "&sort=relevance,desc");
    assert_eq!((told.items.len(), told.listing), (1_000, Listing::Changes));
}

#[test]
fn a_fault_in_place_of_events_is_an_error() {
    for body in [
        json!({"fault": {"faultstring": "Invalid ApiKey"}}),
        json!({"errors": [{"code": "DIS1035", "detail": "Query param"}]}),
        json!({"_embedded": {"events": 1}, "page": {}}),
        json!([]),
    ] {
        let interface = Partner::answering(move |_| Reply::json(&body));
        let asked = interface.ask(ID, PATH);
        assert!(
            matches!(asked, Err(FetchAllError::Unreadable { .. })),
            "{asked:?}"
        );
    }
}

#[test]
fn half_a_list_is_no_list() {
    let interface = Partner::answering(|request| {
        let reply = Reply::json(&json!({
            "_embedded": {"events": [listed(1)]}, "page": {"size": 200, "totalPages": 2, "number": 0},
        }));
        match request.query.get("page") {
            None => reply,
            Some(_) => reply.broken_off(),
        }
    });
    assert!(matches!(
        interface.ask(ID, PATH),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn every_status_is_known() {
    for (code, status) in [
        ("onsale", EventStatus::Scheduled),
        ("offsale", EventStatus::Scheduled),
        ("cancelled", EventStatus::Cancelled),
        ("canceled", EventStatus::Cancelled),
        ("postponed", EventStatus::Postponed),
        ("rescheduled", EventStatus::Rescheduled),
    ] {
        let mut told = listed(1);
        told["dates"]["status"]["code"] = json!(code);
        let list = json!({"_embedded": {"events": [told]}, "page": {}});
        let page = read(ID, "https://eksempel.no/", list.to_string().as_bytes(), "").unwrap();
        assert_eq!(event(&page.items, "Eks1").status, status);
        assert_eq!(page.remarks, []);
    }
}
