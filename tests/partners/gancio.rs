//! Gancio: a real payload, and a simulated instance.

use calendar_connectors::connector::Listing;
use calendar_domain::{Lang, Venue, When};
use calendar_ical::finding::Severity;
use elverum_calendar::ingest::fetch::FetchAllError;
use serde_json::{Value, json};

use crate::support::{Partner, Reply, Request, event, events, is_whole, read, sample, told};

const ID: &str = "gancio";

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_list_is_read_and_its_broken_record_told_of() {
    let bytes = sample("gancio/api_events_v1.28_representative.json");
    let page = read(ID, "https://agenda.example.fr/api/events", &bytes, "").unwrap();
    assert_eq!(events(&page.items).len(), 2);
    let feast = event(&page.items, "42");
    assert_eq!(feast.title.exact(Lang::Nb), Some("Fête de la musique"));
    assert_eq!(
        feast.description.exact(Lang::Nb),
        Some("Concerts gratuits dans le centre-bourg.")
    );
    let begins = feast.schedule.when.begins(chrono_tz::UTC);
    let ends = feast.schedule.when.ends(chrono_tz::UTC);
    assert_eq!(
        (begins.timestamp(), ends.timestamp()),
        (1_784_397_600, 1_784_412_000)
    );
    assert_eq!(feast.categories, ["musique", "famille"]);
    let [Venue::Described { name, address, .. }] = &feast.venues[..] else {
        panic!()
    };
    assert_eq!(name, "Place de la Mairie");
    assert_eq!(address.as_ref().unwrap().line(), "1 place de la Mairie");
    let image = &feast.images[0];
    assert_eq!(
        image.address(""),
        "https://agenda.example.fr/media/abcd1234.jpg"
    );
    assert_eq!(
        image.alt.exact(Lang::Nb),
        Some("Affiche de la fête de la musique")
    );
    let page_of = |origin| {
        event(&page.items, origin)
            .website
            .as_ref()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        page_of("42"),
        "https://agenda.example.fr/event/fete-de-la-musique"
    );
    let council = event(&page.items, "43");
    assert!(matches!(
        council.schedule.when,
        When::Timed { end: None, .. }
    ));
    assert_eq!(council.images, []);
    let [remark] = &page.remarks[..] else {
        panic!("{:?}", page.remarks)
    };
    assert_eq!(
        (remark.at.as_str(), remark.severity),
        ("event 3 (44): title", Severity::Error)
    );
    // Both texts are present, even if empty.
    assert!(page.next.is_empty());
}

fn listed(n: usize) -> Value {
    json!({"id": n, "slug": format!("eksempel-{n}"), "title": format!("Eksempel {n}"), "start_datetime": 1_811_865_600 + 86_400 * n})
}

fn detailed(request: &Request) -> Option<Reply> {
    let slug = request
        .path
        .strip_prefix("/agenda/api/event/detail/eksempel-")?;
    let mut event = listed(slug.parse().expect("a number"));
    event["description"] = json!(format!("<p>Om nummer {slug}.</p>"));
    Some(match slug {
        "7" => Reply::status(500),
        _ => Reply::json(&event),
    })
}

#[test]
fn an_instance_is_asked_page_after_page_and_for_each_text() {
    let instance = Partner::answering(|request| {
        detailed(request).unwrap_or_else(|| {
            let page = request.page("page", 0);
            assert_eq!(request.query["start"], "1799967600");
            assert_eq!(request.query["show_recurrent"], "true");
            assert_eq!(request.query["tags"], "musikk");
            let events: Vec<Value> = (page * 10..(page * 10 + 10).min(25)).map(listed).collect();
            Reply::json(&json!(events))
        })
    });
    let told = told(instance.ask(ID, "/agenda/api/events?tags=musikk&max=10"));
    is_whole(&told);
    assert_eq!(told.items.len(), 25);
    let text = |origin| {
        event(&told.items, origin)
            .description
            .exact(Lang::Nb)
            .map(str::to_owned)
    };
    assert_eq!(text("24").as_deref(), Some("Om nummer 24."));
    // One text is missing, but no event.
    assert_eq!(text("7"), None);
    assert_eq!(told.remarks.len(), 1);
    assert_eq!(told.requests, 3 + 25);
}

#[test]
fn an_instance_that_knows_no_pages_is_not_asked_for_ever() {
    let instance = Partner::answering(|request| {
        detailed(request)
            .unwrap_or_else(|| Reply::json(&json!((0..10).map(listed).collect::<Vec<_>>())))
    });
    let told = told(instance.ask(ID, "/agenda/api/events?max=10"));
    assert_eq!(told.items.len(), 10);
    // The last of the ten is on 10 June; further ones of that day may be missing.
    assert_eq!(told.listing, Listing::Until("2027-06-09".parse().unwrap()));
    let lists = instance
        .asked()
        .into_iter()
        .filter(|asked| asked.path.ends_with("/events"));
    assert_eq!(lists.count(), 2);
}

#[test]
fn what_lies_after_the_operators_own_end_is_not_gone() {
    // 1 July 2027 in Europe/Oslo.
    let from = "https://eksempel.no/api/events?end=1814392800";
    let page = read(ID, from, b"[]", "").unwrap();
    assert_eq!(page.listing, Listing::Until("2027-06-30".parse().unwrap()));
}

#[test]
fn what_is_no_list_of_events_is_an_error() {
    for body in [json!({"message": "error"}), json!([1, 2]), json!("nei")] {
        let instance = Partner::answering(move |_| Reply::json(&body));
        let asked = instance.ask(ID, "/api/events");
        assert!(
            matches!(asked, Err(FetchAllError::Unreadable { .. })),
            "{asked:?}"
        );
    }
}

#[test]
fn half_a_list_is_no_list() {
    let instance = Partner::answering(|request| {
        detailed(request).unwrap_or_else(|| match request.query.get("page") {
            None => Reply::json(&json!((0..10).map(listed).collect::<Vec<_>>())),
            Some(_) => Reply::json(&json!([listed(11)])).broken_off(),
        })
    });
    assert!(matches!(
        instance.ask(ID, "/agenda/api/events?max=10"),
        Err(FetchAllError::Fetch(_))
    ));
}
