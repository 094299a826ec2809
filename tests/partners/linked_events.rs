//! Linked Events: a real payload, and a simulated interface.

use std::collections::BTreeMap;

use calendar_connectors::connector::{FetchContext, Listing};
use calendar_domain::{Admission, EventStatus, Lang, OrganizerRef};
use calendar_ical::finding::Severity;
use elverum_calendar::ingest::fetch::FetchAllError;
use serde_json::{Value, json};

use crate::support::{
    Partner, Reply, asking, event, events, gone, is_whole, read, read_asking, sample, told, url,
};

const ID: &str = "linked_events";

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_list_is_read_and_what_has_no_date_is_told_of() {
    let bytes = sample("linkedevents/helsinki_events_data.json");
    let from = "https://api.hel.fi/linkedevents/v1/event/?page_size=100&start=2020-05-05";
    let page = read(ID, from, &bytes, "").unwrap();
    assert_eq!(events(&page.items).len(), 1);
    let online = event(&page.items, "helsinki:afy6ikna3u");
    // Finnish is the only language.
    let title = online.title.exact(Lang::Nb);
    assert_eq!(title, Some("Uutta Koillis-Helsinkiä verkkotilaisuus"));
    let begins = online.schedule.when.begins(chrono_tz::UTC).to_rfc3339();
    let ends = online.schedule.when.ends(chrono_tz::UTC).to_rfc3339();
    assert_eq!(begins, "2020-06-01T13:45:00+00:00");
    assert_eq!(ends, "2020-06-01T16:00:00+00:00");
    assert_eq!(online.status, EventStatus::Scheduled);
    assert_eq!(online.admission, Admission::Free);
    assert_eq!(online.venues, []);
    let info = "https://www.hel.fi/Helsinki/fi/asuminen-ja-ymparisto/kaavoitus/ajankohtaiset-suunnitelmat/";
    assert_eq!(online.website.as_ref().unwrap().as_str(), info);
    assert_eq!(online.online_url, online.website);
    assert_eq!(online.categories.len(), 7);
    assert_eq!(online.categories[0], "yso:p15875");
    let text = online.description.exact(Lang::Nb).unwrap();
    assert!(text.starts_with("Tule kuulolle"), "{text}");
    assert!(text.ends_with(
        "liittymislinkki julkaistaan sivulla hel.fi/suunnitelmat lähempänä tilaisuutta"
    ));
    assert!(!text.contains('<'));
    let [image] = &online.images[..] else {
        panic!()
    };
    assert_eq!(image.licence.as_deref(), Some("event_only"));
    assert_eq!(image.credit, None);
    let alt = "Ideakuva tulevaisuuden Malmin keskustan katunäkymästä";
    assert_eq!(image.alt.exact(Lang::Nb), Some(alt));
    let modified = online.modified.unwrap().to_rfc3339();
    assert_eq!(modified, "2020-05-05T09:27:45+00:00");
    // Blick is postponed to an unknown day.
    let [remark] = &page.remarks[..] else {
        panic!("{:?}", page.remarks)
    };
    assert_eq!(remark.at, "event 2 (helsinki:afxp6tv4xa): start_time");
    assert_eq!(remark.severity, Severity::Error);
    let next = page.next[0].url.as_str();
    assert!(
        next.starts_with("https://api.hel.fi/linkedevents/v1/event/?page=2"),
        "{next}"
    );
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn the_texts_prices_and_picture_of_the_postponed_one_are_read_once_it_has_a_date() {
    let bytes = sample("linkedevents/helsinki_events_data.json");
    let mut told: Value = serde_json::from_slice(&bytes).unwrap();
    told["data"][1]["start_time"] = json!("2020-06-10T08:00:00Z");
    let page = read(
        ID,
        "https://api.hel.fi/v1/event/",
        told.to_string().as_bytes(),
        "",
    )
    .unwrap();
    let blick = event(&page.items, "helsinki:afxp6tv4xa");
    assert_eq!(blick.status, EventStatus::Postponed);
    assert_eq!(
        blick.title.exact(Lang::En),
        Some("Raija Malka & Kaija Saariaho: Blick")
    );
    assert_eq!(blick.title.exact(Lang::Nb), None);
    assert!(
        blick
            .summary
            .exact(Lang::En)
            .unwrap()
            .starts_with("Visual artist")
    );
    assert_eq!(blick.admission, Admission::Paid);
    let [offer] = &blick.offers[..] else { panic!() };
    assert_eq!(
        (offer.name.exact(Lang::En), offer.price.as_deref()),
        (Some("5-15€"), None)
    );
    assert_eq!(offer.currency, "EUR");
    let holder = OrganizerRef::Described {
        name: "Amos Rex".into(),
        url: None,
    };
    assert_eq!(blick.organizer, Some(holder));
    assert_eq!(
        blick.images[0].credit.as_deref(),
        Some("Amos Rex (c) Sara Magno")
    );
}

fn listed(n: usize) -> Value {
    json!({
        "id": format!("eksempel:{n}"), "name": {"nb": format!("Eksempel {n}")},
        "event_status": "EventScheduled", "last_modified_time": "2027-01-05T00:00:00Z",
        "start_time": "2027-06-01T16:00:00Z", "end_time": null, "deleted": n % 50 == 7,
    })
}

fn interface() -> Partner {
    Partner::answering(|request| {
        assert_eq!(request.query["page_size"], "100");
        assert_eq!(request.query["include"], "location,keywords,audience");
        let since = request.query.get("last_modified_since");
        assert_eq!(since.is_some(), !request.query.contains_key("start"));
        assert_eq!(since.is_some(), request.query.contains_key("show_deleted"));
        let all: Vec<Value> = match since.map(String::as_str) {
            None => (0..150)
                .map(listed)
                .filter(|listed| listed["deleted"] == false)
                .collect(),
            Some("2027-01-14T00:00:00Z") => vec![listed(3), listed(57)],
            Some(_) => return Reply::status(400),
        };
        let page = request.page("page", 1);
        let some: Vec<&Value> = all.iter().skip((page - 1) * 100).take(100).collect();
        let next = (page * 100 < all.len())
            .then(|| format!("{}/v1/event/?page={}", request.base, page + 1));
        Reply::json(
            &json!({"meta": {"count": all.len(), "next": next, "previous": null}, "data": some}),
        )
    })
}

#[test]
fn an_interface_is_asked_for_everything_page_after_page() {
    let interface = interface();
    let told = told(interface.ask(ID, "/v1/event/"));
    is_whole(&told);
    assert_eq!((told.items.len(), told.requests), (147, 2));
    assert_eq!(told.resume.as_deref(), Some("2027-01-15T11:50:00Z"));
}

#[test]
fn an_interface_is_asked_for_what_changed_and_what_was_deleted() {
    let interface = interface();
    let address = interface.url("/v1/event/");
    let asking = FetchContext {
        resume: Some("2027-01-14T00:00:00Z"),
        ..asking(&address)
    };
    let told = told(interface.ask_as(ID, &asking, None, &BTreeMap::new()));
    assert_eq!(told.listing, Listing::Changes);
    assert_eq!(event(&told.items, "eksempel:3").origin_id, "eksempel:3");
    assert_eq!(gone(&told.items), ["eksempel:57"]);
    assert_eq!(told.resume.as_deref(), Some("2027-01-15T11:50:00Z"));
}

#[test]
fn an_error_in_place_of_the_list_is_an_error() {
    for body in [
        json!({"detail": "Ugyldig side."}),
        json!({"data": {}}),
        json!([]),
    ] {
        let interface = Partner::answering(move |_| Reply::json(&body));
        let asked = interface.ask(ID, "/v1/event/");
        assert!(
            matches!(asked, Err(FetchAllError::Unreadable { .. })),
            "{asked:?}"
        );
    }
}

#[test]
fn half_a_list_is_no_list() {
    let interface = Partner::answering(|request| match request.query.get("page") {
        None => Reply::json(&json!({"meta": {"next": "?page=2"}, "data": [listed(1)]})),
        Some(_) => Reply::json(&json!({"meta": {"next": null}, "data": [listed(2)]})).broken_off(),
    });
    assert!(matches!(
        interface.ask(ID, "/v1/event/"),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn every_status_is_known() {
    for (word, status) in [
        ("EventScheduled", EventStatus::Scheduled),
        ("EventCancelled", EventStatus::Cancelled),
        ("EventPostponed", EventStatus::Postponed),
        ("EventRescheduled", EventStatus::Rescheduled),
        ("EventMovedOnline", EventStatus::MovedOnline),
    ] {
        let mut told = listed(1);
        told["event_status"] = json!(word);
        let page = read(ID, "https://eksempel.no/", told.to_string().as_bytes(), "").unwrap();
        assert_eq!(event(&page.items, "eksempel:1").status, status);
        assert_eq!(page.remarks, []);
    }
}

#[test]
fn a_text_in_another_language_alone_stands_in_the_language_that_the_partner_is_said_to_have() {
    let from = url("https://eksempel.no/v1/event/");
    let asking = FetchContext {
        language: Lang::En,
        ..asking(&from)
    };
    let mut told = listed(1);
    told["name"] = json!({"fi": "Esimerkki"});
    let page = read_asking(ID, &from, told.to_string().as_bytes(), "", &asking).unwrap();
    let title = &event(&page.items, "eksempel:1").title;
    assert_eq!(
        (title.exact(Lang::En), title.exact(Lang::Nb)),
        (Some("Esimerkki"), None)
    );
}
