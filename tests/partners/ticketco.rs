//! TicketCo: the form that its clients read, and a simulated interface.

use std::collections::BTreeMap;

use calendar_connectors::connector::{FetchContext, ParsedItem};
use calendar_domain::{Admission, EventStatus, Lang, Venue};
use elverum_calendar::ingest::fetch::FetchAllError;
use serde_json::{Value, json};

use crate::support::{
    Partner, Reply, asking, event, events, is_whole, read, read_asking, sample, told, url,
};

const ID: &str = "ticketco";
const PATH: &str = "/api/public/v1/events";

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn the_known_shape_is_read_as_a_person_would() {
    let bytes = sample("ticketco/event_shape_from_client_code.json");
    let page = read(
        ID,
        "https://ticketco.events/api/public/v1/events/123456",
        &bytes,
        "detail",
    )
    .unwrap();
    let concert = event(&page.items, "123456");
    assert_eq!(concert.title.exact(Lang::Nb), Some("Konsert"));
    let when = &concert.schedule.when;
    assert_eq!(
        when.begins(chrono_tz::UTC).to_rfc3339(),
        "2026-12-05T18:00:00+00:00"
    );
    assert_eq!(
        when.ends(chrono_tz::UTC).to_rfc3339(),
        "2026-12-05T21:00:00+00:00"
    );
    assert_eq!(concert.venues, [Venue::named("Elverum kulturhus")]);
    let prices: Vec<_> = concert
        .offers
        .iter()
        .map(|offer| offer.price.as_deref().unwrap())
        .collect();
    assert_eq!(
        (prices, concert.admission),
        (vec!["250.00", "450.00"], Admission::Paid)
    );
    assert_eq!(concert.categories, ["konsert"]);
    let page = concert.website.as_ref().unwrap().as_str();
    assert_eq!(page, "https://ticketco.events/no/nb/e/...");
}

fn full(n: usize) -> Value {
    json!({
        "id": n, "title": format!("Eksempel {n}"), "start_at": "2027-06-01T18:00:00+02:00", "end_at": null,
        "location_name": "Eksempelhuset", "locale_urls": {}, "image": {"url": "https://eksempel.no/a.jpg"},
    })
}

/// Starts an interface whose list has only the events' numbers, twenty per page, with or without paging.
fn interface(knows_pages: bool) -> Partner {
    Partner::answering(move |request| {
        if request.query.get("token").map(String::as_str) != Some("hemmelig") {
            return Reply::status(401);
        }
        if let Some(id) = request.path.strip_prefix("/api/public/v1/events/") {
            return Reply::json(&full(id.parse().expect("a number")));
        }
        assert_eq!(request.query["status"], "active");
        let page = request.page("page", 1);
        let page = if knows_pages { page } else { 1 };
        let ids = ((page - 1) * 20 + 1..=(page * 20).min(45)).map(|id| json!({"id": id}));
        Reply::json(&json!({"events": ids.collect::<Vec<_>>()}))
    })
}

#[test]
fn an_interface_is_asked_page_after_page_and_for_each_event() {
    let interface = interface(true);
    let address = interface.url(PATH);
    let told = told(interface.ask_as(ID, &asking(&address), Some("hemmelig"), &BTreeMap::new()));
    is_whole(&told);
    // Three pages, an empty one, and each event.
    assert_eq!((told.items.len(), told.requests), (45, 4 + 45));
    assert_eq!(
        event(&told.items, "45").title.exact(Lang::Nb),
        Some("Eksempel 45")
    );
    assert!(matches!(
        interface.ask(ID, PATH),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn a_token_in_the_operators_own_address_is_sent_everywhere() {
    let told = told(interface(true).ask(ID, &format!("{PATH}?token=hemmelig")));
    assert_eq!(told.items.len(), 45);
}

#[test]
fn an_interface_that_knows_no_pages_is_not_asked_for_ever() {
    let told = told(interface(false).ask(ID, &format!("{PATH}?token=hemmelig")));
    is_whole(&told);
    assert_eq!((told.items.len(), told.requests), (20, 2 + 20));
}

#[test]
fn an_event_that_cannot_be_had_is_not_taken_for_one_that_is_gone() {
    let interface = Partner::answering(|request| match request.path.as_str() {
        PATH => Reply::json(&json!({"events": [{"id": 1}, {"id": 2}]})),
        "/api/public/v1/events/1" => Reply::json(&full(1)),
        _ => Reply::status(500),
    });
    let told = told(interface.ask(ID, PATH));
    is_whole(&told);
    assert_eq!(events(&told.items).len(), 1);
    let unread =
        |item: &ParsedItem| matches!(item, ParsedItem::Unread { origin_id } if origin_id == "2");
    assert!(told.items.iter().any(unread), "{:?}", told.items);
    assert_eq!((told.remarks.len(), told.unreadable()), (1, 0));
}

#[test]
fn a_partner_of_whom_no_event_can_be_had_is_failing() {
    let interface = Partner::answering(|request| match request.path.as_str() {
        PATH => Reply::json(&json!({"events": [{"id": 1}, {"id": 2}]})),
        _ => Reply::status(403),
    });
    assert!(matches!(
        interface.ask(ID, PATH),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn an_error_in_place_of_the_list_is_an_error() {
    for body in [
        json!({"error": "Invalid token"}),
        json!({"events": null}),
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
fn the_page_in_the_partners_language_is_taken_and_a_mark_in_the_title_read() {
    let from = url("https://ticketco.events/api/public/v1/events/1");
    let asking = FetchContext {
        language: Lang::En,
        ..asking(&from)
    };
    let mut told = full(1);
    told["title"] = json!("AVLYST: Eksempelkonsert");
    told["locale_urls"] = json!({"nb": "https://eksempel.no/nb", "en": "https://eksempel.no/en"});
    let page = read_asking(ID, &from, told.to_string().as_bytes(), "detail", &asking).unwrap();
    let concert = event(&page.items, "1");
    assert_eq!(concert.website.as_ref().unwrap().path(), "/en");
    assert_eq!(concert.title.exact(Lang::En), Some("Eksempelkonsert"));
    assert_eq!(concert.status, EventStatus::Cancelled);
}
