//! OpenAgenda: real payloads, and a simulated interface.

use std::collections::BTreeMap;

use calendar_connectors::connector::{FetchContext, Listing};
use calendar_domain::{EventStatus, Lang, OrganizerRef, Venue, When};
use elverum_calendar::ingest::fetch::FetchAllError;
use serde_json::{Value, json};

use crate::support::{Partner, Reply, asking, event, events, gone, is_whole, read, sample, told};

const ID: &str = "open_agenda";
const PATH: &str = "/v3/agendas/12345/events";

/// Returns start, end and zone of an event with one occurrence.
#[track_caller]
fn once(when: &When) -> (String, String, chrono_tz::Tz) {
    let When::Timed { zone, .. } = when else {
        panic!("{when:?}")
    };
    let utc = chrono_tz::UTC;
    (
        when.begins(utc).to_rfc3339(),
        when.ends(utc).to_rfc3339(),
        *zone,
    )
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_event_is_read_as_a_person_would() {
    let bytes = sample("openagenda/v3_Event.json");
    let page = read(
        ID,
        "https://api.openagenda.com/v3/agendas/12345/events/9876543",
        &bytes,
        "",
    )
    .unwrap();
    assert_eq!(page.remarks, []);
    assert!(page.next.is_empty());
    let jazz = event(&page.items, "9876543");
    assert_eq!(jazz.title.exact(Lang::En), Some("Jazz concert in the park"));
    assert_eq!(
        jazz.summary.exact(Lang::En),
        Some("An open-air jazz evening.")
    );
    let text = "An open-air concert featuring several jazz ensembles…\n\nFree entry";
    assert_eq!(jazz.description.exact(Lang::En), Some(text));
    let begins = "2025-06-20T16:00:00+00:00".to_owned();
    let ends = "2025-06-20T20:00:00+00:00".to_owned();
    assert_eq!(
        once(&jazz.schedule.when),
        (begins, ends, chrono_tz::Europe::Paris)
    );
    assert_eq!(jazz.schedule.recurrence, None);
    assert_eq!(jazz.status, EventStatus::Scheduled);
    let [
        Venue::Described {
            name,
            address,
            coordinates,
            ..
        },
    ] = &jazz.venues[..]
    else {
        panic!()
    };
    assert_eq!(name, "Parc de la Tête d'Or");
    assert_eq!(
        address.as_ref().unwrap().line(),
        "Place Général Leclerc, 69006 Lyon"
    );
    assert_eq!(coordinates.unwrap().latitude.to_string(), "45.7772");
    let page = "https://openagenda.com/festival-des-lumieres/events/concert-de-jazz-au-parc";
    assert_eq!(jazz.website.as_ref().unwrap().as_str(), page);
    let Some(OrganizerRef::Described { name, .. }) = &jazz.organizer else {
        panic!()
    };
    assert_eq!(name, "Festival des Lumières");
    assert_eq!(jazz.categories, ["jazz", "concert", "open air"]);
    assert_eq!(jazz.images[0].credit.as_deref(), Some("Ville de Lyon"));
    let image = "https://img.openagenda.com/u/1080x0/main/9876543.full.image.jpg";
    assert_eq!(jazz.images[0].address(""), image);
    let step_free = jazz
        .accessibility
        .iter()
        .map(|accessibility| accessibility.as_str())
        .collect::<Vec<_>>();
    assert_eq!(step_free, ["step-free"]);
    assert_eq!(
        jazz.modified.unwrap().to_rfc3339(),
        "2025-05-28T14:45:00+00:00"
    );
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_summary_is_read_and_asked_for_in_full() {
    let summary = sample("openagenda/v3_EventSummary.json");
    let pagination = sample("openagenda/v3_Pagination.json");
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let list = json!({"data": [parse(&summary)], "pagination": parse(&pagination)});
    let from = "https://api.openagenda.com/v3/agendas/12345/events?limit=20";
    let page = read(ID, from, list.to_string().as_bytes(), "").unwrap();
    let jazz = event(&page.items, "9876543");
    assert_eq!(once(&jazz.schedule.when).0, "2025-06-20T16:00:00+00:00");
    assert_eq!(page.remarks, []);
    let next: Vec<&str> = page.next.iter().map(|next| next.url.as_str()).collect();
    assert_eq!(
        next,
        [
            "https://api.openagenda.com/v3/agendas/12345/events/9876543",
            "https://api.openagenda.com/v3/agendas/12345/events?limit=20&after=eyJ1aWQiOjIzNDU2fQ",
        ]
    );
}

fn listed(n: usize) -> Value {
    json!({
        "uid": n, "slug": format!("eksempel-{n}"), "title": {"fr": format!("Exemple {n}")}, "status": 1, "state": 2,
        "dateRange": {}, "originAgenda": null, "timezone": "Europe/Paris",
        "timings": [{"begin": "2027-06-20T18:00:00+02:00", "end": "2027-06-20T22:00:00+02:00"}],
    })
}

fn interface() -> Partner {
    Partner::answering(|request| {
        if request.fields.get("authorization").map(String::as_str) != Some("Bearer oa_pk_eksempel")
        {
            return Reply::status(401);
        }
        assert_eq!(
            (&*request.query["limit"], &*request.query["detailed"]),
            ("100", "true")
        );
        let since = request.query.get("updatedAt[gte]").map(String::as_str);
        assert_eq!(since.is_none(), request.query.contains_key("relative"));
        match (since, request.query.get("after").map(String::as_str)) {
            (None, None) => Reply::json(&json!({
                "data": (0..100).map(listed).collect::<Vec<_>>(),
                "pagination": {"after": "merke+&=", "limit": 100},
            })),
            (None, Some("merke+&=")) => Reply::json(&json!({
                "data": (100..142).map(listed).collect::<Vec<_>>(),
                "pagination": {"after": null, "limit": 100},
            })),
            (Some("2027-01-14T00:00:00Z"), None) => Reply::json(&json!({
                "data": [listed(3)], "pagination": {"after": null, "limit": 100},
            })),
            _ => Reply::status(400),
        }
    })
}

#[test]
fn an_interface_is_asked_with_its_key_page_after_page() {
    let interface = interface();
    let url = interface.url(PATH);
    let key = Some("oa_pk_eksempel");
    let told = told(interface.ask_as(ID, &asking(&url), key, &BTreeMap::new()));
    is_whole(&told);
    assert_eq!((told.items.len(), told.requests), (142, 2));
    assert_eq!(told.resume.as_deref(), Some("2027-01-15T11:50:00Z"));
    assert!(matches!(
        interface.ask(ID, PATH),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn an_interface_is_asked_for_what_changed() {
    let interface = interface();
    let url = interface.url(PATH);
    let asking = FetchContext {
        resume: Some("2027-01-14T00:00:00Z"),
        ..asking(&url)
    };
    let told = told(interface.ask_as(ID, &asking, Some("oa_pk_eksempel"), &BTreeMap::new()));
    assert_eq!(told.listing, Listing::Changes);
    assert_eq!(told.items.len(), 1);
}

#[test]
fn an_event_that_the_list_tells_in_short_is_asked_for_by_itself() {
    let interface = Partner::answering(|request| {
        let mut short = listed(1);
        let all = short.as_object_mut().unwrap().remove("timings").unwrap();
        let far = json!({"begin": "2027-06-27T18:00:00+02:00", "end": "2027-06-27T22:00:00+02:00"});
        short["firstTiming"] = all[0].clone();
        short["lastTiming"] = far.clone();
        if request.path == PATH {
            return Reply::json(&json!({"data": [short], "pagination": {"after": null}}));
        }
        assert_eq!(request.path, format!("{PATH}/1"));
        let mut full = listed(1);
        let middle =
            json!({"begin": "2027-06-23T18:00:00+02:00", "end": "2027-06-23T22:00:00+02:00"});
        full["timings"] = json!([all[0], middle, far]);
        Reply::json(&full)
    });
    let told = told(interface.ask(ID, PATH));
    let schedule = &event(&told.items, "1").schedule;
    assert_eq!(schedule.recurrence.as_ref().unwrap().rdates.len(), 2);
    assert_eq!(told.items.len(), 1);
}

#[test]
fn an_error_in_place_of_the_list_is_an_error() {
    for body in [
        json!({"error": {"code": "x", "message": "Nei"}}),
        json!({"data": 1}),
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
    let interface = Partner::answering(|request| match request.query.get("after") {
        None => Reply::json(&json!({"data": [listed(1)], "pagination": {"after": "a"}})),
        Some(_) => Reply::json(&json!({"data": [listed(2)], "pagination": {}})).broken_off(),
    });
    assert!(matches!(
        interface.ask(ID, PATH),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn every_status_and_state_is_known() {
    use EventStatus::{Cancelled, MovedOnline, Postponed, Rescheduled, Scheduled};
    let of = |name: &str, value: i8| {
        let mut event = listed(1);
        event[name] = json!(value);
        read(ID, "https://eksempel.no/", event.to_string().as_bytes(), "").unwrap()
    };
    let stati = [
        Scheduled,
        Rescheduled,
        MovedOnline,
        Postponed,
        Scheduled,
        Cancelled,
    ];
    for (number, status) in (1..).zip(stati) {
        let page = of("status", number);
        assert_eq!(event(&page.items, "1").status, status);
        // Status 5 is «full», which has no field here.
        assert_eq!(page.remarks.len(), usize::from(number == 5));
    }
    for state in -2..=1 {
        assert_eq!(gone(&of("state", state).items), ["1"], "{state}");
    }
    assert_eq!(events(&of("state", 2).items).len(), 1);
}
