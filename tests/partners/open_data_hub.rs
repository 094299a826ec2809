//! Open Data Hub: a real payload, and a simulated hub.

use std::collections::BTreeMap;

use calendar_connectors::connector::{FetchContext, Listing};
use calendar_domain::{Coordinates, EventStatus, Lang, OrganizerRef, Venue, When};
use elverum_calendar::ingest::fetch::FetchAllError;
use serde_json::{Value, json};

use crate::support::{Partner, Reply, asking, event, events, gone, is_whole, read, sample, told};

const ID: &str = "open_data_hub";

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_record_is_read_as_a_person_would() {
    let bytes = sample("odh/event_single.json");
    let from = "https://tourism.opendatahub.bz.it/v1/Event/CDB3CC1EE2614488A451C467BE971571";
    let page = read(ID, from, &bytes, "").unwrap();
    assert_eq!(events(&page.items).len(), 1);
    assert_eq!(page.remarks, []);
    let wine = event(&page.items, "CDB3CC1EE2614488A451C467BE971571");
    assert_eq!(
        wine.title.exact(Lang::En),
        Some("23th Chest-nut weeks: Wine tasting")
    );
    assert_eq!(wine.title.exact(Lang::Nb), None);
    // There is no long text in English, so the German one is used.
    let text = wine.description.exact(Lang::Nb).unwrap();
    assert!(text.starts_with("20:00 Uhr Keschtn & Kerner"), "{text}");
    // Midnight for both means that the time is unknown.
    let date = "2019-11-06".parse().unwrap();
    assert_eq!(wine.schedule.when, When::TimeToCome { date });
    assert_eq!(wine.schedule.recurrence, None);
    assert_eq!(wine.status, EventStatus::Scheduled);
    let [
        Venue::Described {
            name,
            address,
            coordinates,
            ..
        },
    ] = &wine.venues[..]
    else {
        panic!()
    };
    assert_eq!(name, "Hotel Taubers Unterwirt");
    assert_eq!(address.as_ref().unwrap().line(), "Velturno");
    assert_eq!(
        *coordinates,
        Some(Coordinates::new(46.6682, 11.5985).unwrap())
    );
    let Some(OrganizerRef::Described { name, url }) = &wine.organizer else {
        panic!()
    };
    assert_eq!(
        name,
        "Info Feldthurns - Tourismusgen. Klausen,Barbian,Feldthurns&Villanders"
    );
    assert_eq!(
        url.as_ref().unwrap().as_str(),
        "http://www.feldthurns.info/"
    );
    assert_eq!(wine.categories, ["Gastronomie/Typische Produkte"]);
    let [image] = &wine.images[..] else { panic!() };
    assert_eq!(image.licence.as_deref(), Some("CC0"));
    // A single dot means an empty field.
    assert_eq!(
        (image.credit.as_deref(), image.alt.is_empty()),
        (None, true)
    );
    assert!(
        image
            .address("")
            .ends_with("ID=c30be34c3b1046b2a1c88d6b003c6829")
    );
    assert_eq!(wine.website, None);
    // In the local time of South Tyrol.
    let modified = wine.modified.unwrap().to_rfc3339();
    assert_eq!(modified, "2019-11-04T23:05:58+00:00");
}

fn record(n: usize) -> Value {
    json!({
        "Id": format!("EKSEMPEL{n}"), "Active": n != 7, "Detail": {"de": {"Title": format!("Eksempel {n}")}},
        "EventDate": [{"From": "2027-06-01T00:00:00", "To": "2027-06-01T00:00:00", "Begin": "18:00:00", "End": "20:00:00"}],
    })
}

fn hub() -> Partner {
    Partner::answering(|request| {
        assert_eq!(request.query["pagesize"], "100");
        assert_eq!(request.query["areafilter"], "1");
        let all: Vec<Value> = match request.query.get("updatefrom").map(String::as_str) {
            None => {
                assert_eq!(request.query["active"], "true");
                (10..150).map(record).collect()
            }
            Some("2027-01-13") => vec![record(7), record(20)],
            Some(_) => return Reply::status(400),
        };
        let page = request.page("pagenumber", 1);
        let some: Vec<&Value> = all.iter().skip((page - 1) * 100).take(100).collect();
        let next = (page * 100 < all.len()).then(|| {
            format!(
                "{}/v1/Event?pagenumber={}&pagesize=100&active=true",
                request.base,
                page + 1
            )
        });
        Reply::json(&json!({"TotalPages": 2, "CurrentPage": page, "NextPage": next, "Items": some}))
    })
}

#[test]
fn a_hub_is_asked_for_everything_page_after_page() {
    let hub = hub();
    let told = told(hub.ask(ID, "/v1/Event?areafilter=1"));
    is_whole(&told);
    assert_eq!((told.items.len(), told.requests), (140, 2));
    assert_eq!(told.resume.as_deref(), Some("2027-01-14T12:00:00Z"));
}

#[test]
fn a_hub_is_asked_for_what_changed_and_what_is_shown_no_more() {
    let hub = hub();
    let url = hub.url("/v1/Event?areafilter=1");
    let asking = FetchContext {
        resume: Some("2027-01-13T12:00:00Z"),
        ..asking(&url)
    };
    let told = told(hub.ask_as(ID, &asking, None, &BTreeMap::new()));
    assert_eq!(told.listing, Listing::Changes);
    assert_eq!(gone(&told.items), ["EKSEMPEL7"]);
    assert_eq!(events(&told.items).len(), 1);
}

#[test]
fn what_is_no_list_of_records_is_an_error() {
    for body in [
        json!({"Items": null}),
        json!({"Message": "Error"}),
        json!([]),
    ] {
        let hub = Partner::answering(move |_| Reply::json(&body));
        let asked = hub.ask(ID, "/v1/Event");
        assert!(
            matches!(asked, Err(FetchAllError::Unreadable { .. })),
            "{asked:?}"
        );
    }
}

#[test]
fn half_a_list_is_no_list() {
    let hub = Partner::answering(|request| match request.query["pagenumber"].as_str() {
        "1" => Reply::json(&json!({"NextPage": "?pagenumber=2", "Items": [record(10)]})),
        _ => Reply::status(502),
    });
    assert!(matches!(
        hub.ask(ID, "/v1/Event"),
        Err(FetchAllError::Fetch(_))
    ));
}

#[test]
fn a_year_of_single_days_is_a_year_of_dates_and_more_is_a_span() {
    let of = |to: &str| {
        let mut record = record(1);
        record["EventDate"][0]["To"] = json!(to);
        record["EventDate"][0]["SingleDays"] = json!(true);
        read(
            ID,
            "https://eksempel.no/",
            record.to_string().as_bytes(),
            "",
        )
        .unwrap()
    };
    let year = of("2028-05-31T00:00:00");
    let schedule = &event(&year.items, "EKSEMPEL1").schedule;
    assert_eq!(schedule.recurrence.as_ref().unwrap().rdates.len(), 365);
    let ages = of("3000-05-31T00:00:00");
    assert_eq!(event(&ages.items, "EKSEMPEL1").schedule.recurrence, None);
    assert_eq!(ages.remarks.len(), 1);
}
