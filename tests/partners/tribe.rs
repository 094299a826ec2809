//! The Events Calendar: real payloads, and a simulated site.

use calendar_connectors::connector::Listing;
use calendar_domain::{EventStatus, Lang, OrganizerRef, Validators, Venue, When};
use elverum_calendar::ingest::fetch::{FetchAllError, FetchOutcome};
use serde_json::{Value, json};

use crate::support::{Partner, Reply, asking, event, events, fixture, read, sample, told};

const ID: &str = "tribe";
const FROM: &str = "https://dced.pa.gov/wp-json/tribe/events/v1/events";
const PATH: &str = "/wp-json/tribe/events/v1/events";

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_archive_is_read_to_the_last_event() {
    let bytes = sample("tribe/pa_development_36_events.json");
    let page = read(ID, FROM, &bytes, "").unwrap();
    let raw: Value = serde_json::from_slice(&bytes).unwrap();
    let found = events(&page.items);
    assert_eq!(found.len(), 36);
    assert_eq!(page.remarks, []);
    assert_eq!(page.listing, Listing::Until("2021-03-10".parse().unwrap()));
    assert!(page.next.is_empty());
    for (draft, raw) in found.iter().zip(raw["events"].as_array().unwrap()) {
        assert_eq!(draft.origin_id, raw["id"].to_string());
        let begins = draft.schedule.when.begins(chrono_tz::UTC);
        let utc = raw["utc_start_date"].as_str().unwrap();
        assert_eq!(begins.format("%F %T").to_string(), utc);
        let ends = draft.schedule.when.ends(chrono_tz::UTC);
        assert_eq!(
            ends.format("%F %T").to_string(),
            raw["utc_end_date"].as_str().unwrap()
        );
        let When::Timed { zone, .. } = draft.schedule.when else {
            panic!("{draft:?}")
        };
        assert_eq!(zone, chrono_tz::America::New_York);
        assert_eq!(
            draft.website.as_ref().unwrap().as_str(),
            raw["url"].as_str().unwrap()
        );
        let modified = draft.modified.unwrap().format("%F %T").to_string();
        assert_eq!(modified, raw["modified_utc"].as_str().unwrap());
        assert_eq!(
            draft.categories.len(),
            raw["categories"].as_array().unwrap().len()
        );
        assert_eq!(draft.images, []);
        let [Venue::Described { name, address, .. }] = &draft.venues[..] else {
            panic!("{draft:?}")
        };
        assert!(!name.contains("&#"), "{name}");
        let address = address.as_ref().unwrap();
        assert_eq!(address.postal_code.as_deref(), raw["venue"]["zip"].as_str());
        assert_eq!(address.locality.as_deref(), raw["venue"]["city"].as_str());
    }
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_title_tells_what_happens_to_the_event() {
    let bytes = sample("tribe/pa_development_36_events.json");
    let page = read(ID, FROM, &bytes, "").unwrap();
    for (origin, title, status) in [
        ("88285", "PEDFA Board Meeting", EventStatus::Rescheduled),
        ("88659", "PEDFA Board Meeting", EventStatus::Cancelled),
        ("88311", "PCD Bank Board Meeting", EventStatus::Scheduled),
    ] {
        let draft = event(&page.items, origin);
        assert_eq!(draft.title.exact(Lang::Nb), Some(title));
        assert_eq!(draft.status, status);
    }
    let held = event(&page.items, "87412");
    let Some(OrganizerRef::Described { name, url }) = &held.organizer else {
        panic!()
    };
    assert_eq!(name, "Jill Wawrzonek");
    assert_eq!(url.as_ref().unwrap().path(), "/organizer/jill-wawrzonek/");
    let [Venue::Described { name, .. }] = &event(&page.items, "88311").venues[..] else {
        panic!()
    };
    assert_eq!(name, "KBMC – Desert Room, Plaza Level, Keystone Building");
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn the_address_of_a_single_event_gives_that_one() {
    for (file, origin, title) in [
        (
            "tribe/single_rescheduled.json",
            "88285",
            "PEDFA Board Meeting",
        ),
        (
            "tribe/response_to_POST_empty_venue_array.json",
            "10",
            "Permanence",
        ),
    ] {
        let bytes = sample(file);
        let page = read(ID, FROM, &bytes, "").unwrap();
        assert_eq!(
            event(&page.items, origin).title.exact(Lang::Nb),
            Some(title)
        );
        assert_eq!(page.remarks, []);
    }
}

/// Starts a site with 120 events on three pages.
fn site() -> Partner {
    Partner::answering(|request| {
        let page = request.page("page", 1);
        assert_eq!(request.query["per_page"], "50");
        assert_eq!(request.query["start_date"], "2027-01-15");
        assert_eq!(request.query["categories"], "musikk");
        if page > 3 {
            return Reply::status(404);
        }
        let event = |n: usize| {
            json!({
                "id": n, "title": format!("Eksempel {n}"), "start_date": "2027-06-01 18:00:00",
                "utc_start_date": "2027-06-01 16:00:00", "timezone": "Europe/Oslo",
            })
        };
        let events: Vec<Value> = ((page - 1) * 50..(page * 50).min(120)).map(event).collect();
        let mut body = json!({"events": events, "total": 120, "total_pages": 3});
        if page < 3 {
            // Like some sites, drops a parameter of the request.
            let next = page + 1;
            let base = &request.base;
            body["next_rest_url"] = json!(format!(
                "{base}{PATH}/?page={next}&per_page=50&start_date=2027-01-15"
            ));
        }
        Reply::json(&body).with("X-TEC-TotalPages", "3")
    })
}

#[test]
fn a_site_is_asked_page_after_page() {
    let site = site();
    let told = told(site.ask(ID, &format!("{PATH}?categories=musikk")));
    assert_eq!(told.items.len(), 120);
    assert_eq!(told.listing, Listing::Whole);
    assert_eq!((told.requests, site.asked().len()), (3, 3));
    assert_eq!(told.resume, None);
}

#[test]
fn a_site_that_knows_no_news_says_so() {
    let site = Partner::answering(|request| {
        Reply::of("application/json", fixture("tribe/list-empty.json")).known_by(request, "abc")
    });
    let first = told(site.ask(ID, PATH));
    assert_eq!(first.validators.len(), 1);
    let url = site.url(PATH);
    let again = site.ask_as(ID, &asking(&url), None, &first.validators);
    assert!(matches!(again, Ok(FetchOutcome::NotModified)));
    let other = first.validators.into_keys().map(|url| {
        let etag = Some("\"other\"".to_owned());
        (
            url,
            Validators {
                etag,
                last_modified: None,
            },
        )
    });
    let again = site.ask_as(ID, &asking(&url), None, &other.collect());
    assert!(matches!(again, Ok(FetchOutcome::Fetched(_))));
}

#[test]
fn an_error_object_in_place_of_events_is_an_error() {
    let error = json!({"code": "rest_forbidden", "message": "Ingen adgang &amp; slutt", "data": {"status": 401}});
    for body in [
        error.clone(),
        json!({ "events": error }),
        json!({"events": null}),
        json!([]),
    ] {
        let site = Partner::answering(move |_| Reply::json(&body));
        let asked = site.ask(ID, PATH);
        assert!(
            matches!(asked, Err(FetchAllError::Unreadable { .. })),
            "{asked:?}"
        );
    }
    let why = read(ID, FROM, error.to_string().as_bytes(), "").unwrap_err();
    assert_eq!(
        why.0,
        "it is an error instead of events: Ingen adgang & slutt"
    );
}

#[test]
fn half_a_listing_is_no_listing() {
    for fail in [
        || Reply::status(500),
        || Reply::json(&json!({"events": []})).broken_off(),
        || Reply::of("text/html", "<!doctype html><title>Vedlikehold</title>"),
    ] {
        let site = Partner::answering(move |request| match request.query.get("page") {
            None => Reply::json(&json!({
                "events": [{"id": 1, "title": "Eksempel", "start_date": "2027-06-01 18:00:00", "utc_start_date": ""}],
                "next_rest_url": format!("{}{PATH}?page=2", request.base),
            })),
            Some(_) => fail(),
        });
        let asked = site.ask(ID, PATH);
        assert!(asked.is_err(), "{asked:?}");
    }
}

#[test]
fn a_site_that_wants_a_pause_gets_it() {
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let site = Partner::answering(move |_| {
        match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Reply::status(429).with("Retry-After", "0"),
            _ => Reply::of("application/json", fixture("tribe/list-empty.json")),
        }
    });
    assert_eq!(told(site.ask(ID, PATH)).requests, 2);
    let busy = Partner::answering(|_| Reply::status(429).with("Retry-After", "3600"));
    assert!(matches!(busy.ask(ID, PATH), Err(FetchAllError::Fetch(_))));
}

#[test]
fn the_address_of_a_site_leads_to_its_interface() {
    for (site, path) in [
        ("/", "/wp-json/tribe/events/v1/events"),
        ("/blogg/", "/blogg/wp-json/tribe/events/v1/events"),
        (
            "/wp-json/tribe/events/v1/events/",
            "/wp-json/tribe/events/v1/events/",
        ),
        ("/?rest_route=/tribe/events/v1/events", "/"),
        ("/kalender", "/kalender"),
    ] {
        let partner = Partner::answering(|_| Reply::json(&serde_json::json!({"events": []})));
        partner.ask(ID, site).unwrap();
        assert_eq!(partner.asked()[0].path, path, "{site}");
    }
}
