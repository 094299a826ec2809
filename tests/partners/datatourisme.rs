//! DATAtourisme.

use calendar_domain::{Lang, Venue, When};
use serde_json::json;

use crate::support::{Partner, Reply, event, events, fixture, is_whole, read, sample, shown, told};

#[test]
fn objects_are_read_with_everything_they_say() {
    let page = read(
        "datatourisme",
        "https://eksempel.no/data",
        &fixture("datatourisme/list.json"),
        "",
    )
    .unwrap();
    insta::assert_json_snapshot!("datatourisme_objects", shown(&page));
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn a_real_object_is_read() {
    let bytes = sample("datatourisme/poi_event_api_v1.json");
    let page = read(
        "datatourisme",
        "https://api.datatourisme.fr/v1/catalog",
        &bytes,
        "",
    )
    .unwrap();
    let item = event(&page.items, "5d9f1876-74cc-35cb-9ae1-230fd59457b4");
    assert_eq!(
        item.title.exact(Lang::Nb),
        Some("Duke Ellington Sacred Concert")
    );
    let When::Timed { start, end, .. } = &item.schedule.when else {
        panic!()
    };
    assert_eq!(
        (start.to_string(), end.unwrap().to_string()),
        ("2027-10-10 20:00:00".into(), "2027-10-10 21:30:00".into())
    );
    let Venue::Described {
        name,
        address,
        coordinates,
        ..
    } = &item.venues[0]
    else {
        panic!()
    };
    assert_eq!(name, "Temple protestant");
    assert_eq!(
        address.as_ref().unwrap().line(),
        "16 Place Martin Luther King, 76000 Rouen"
    );
    assert_eq!(coordinates.unwrap().latitude, 49.442_141_1);
    assert_eq!(
        item.website.as_ref().unwrap().as_str(),
        "https://temple-rouen.fr/"
    );
    assert_eq!(
        item.offers[0].url.as_ref().unwrap().as_str(),
        "https://billetterie.example.org/duke"
    );
    assert_eq!(item.categories, ["CulturalEvent", "Concert"]);
    assert_eq!(
        item.description.exact(Lang::Nb),
        Some("Une tournée de jazz sacré.")
    );
    assert_eq!(
        item.modified.unwrap().to_rfc3339(),
        "2026-09-23T00:00:00+00:00"
    );
    assert!(page.remarks.is_empty(), "{:?}", page.remarks);
}

#[test]
fn pages_are_asked_to_the_last_and_are_everything() {
    let partner = Partner::answering(|request| {
        let second = request.query.contains_key("page");
        let number = if second { "2" } else { "1" };
        let next = (!second).then(|| format!("{}/v1?page=2", request.base));
        Reply::json(&json!({"meta": {"next": next}, "objects": [
            {"uuid": number, "label": {"@fr": "Exemple"}, "takesPlaceAt": [{"startDate": "2027-05-01"}]}]}))
    });
    let said = told(partner.ask("datatourisme", "/v1"));
    assert_eq!(events(&said.items).len(), 2);
    is_whole(&said);
}
