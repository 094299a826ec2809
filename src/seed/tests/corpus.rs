//! Tests of the shipped files against the collected facts in `CALENDAR_CORPUS`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{Shelf, day, shipped};
use calendar_domain::{EditionStanding, Lang, When};

/// Returns the facts of a file.
fn facts(name: &str) -> Value {
    let corpus = std::env::var_os("CALENDAR_CORPUS").expect("CALENDAR_CORPUS is set");
    let path = Path::new(&corpus).join("domain").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn holidays_fall_on_the_dates_that_the_facts_give() {
    let facts = facts("holidays.json");
    let holidays = shipped().region.holidays;
    let mut compared = 0;
    for (year, expected) in facts["holidays"].as_object().unwrap() {
        let year: i32 = year.parse().unwrap();
        let ours: BTreeMap<_, _> = holidays
            .iter()
            .map(|holiday| {
                (
                    holiday.name.exact(Lang::Nb).unwrap().to_owned(),
                    holiday.date(year).unwrap(),
                )
            })
            .collect();
        let theirs: BTreeMap<_, _> = expected
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, date)| {
                let name = name.trim_end_matches(" (høytidsdag)").to_owned();
                (name, day(date.as_str().unwrap()))
            })
            .collect();
        assert_eq!(ours, theirs, "{year}");
        compared += theirs.len();
    }
    assert_eq!(compared, 72);
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn series_and_editions_are_those_that_the_facts_give() {
    let facts = facts("events.json");
    let shelf = Shelf::seeded(2026..=2027);
    for fact in facts.as_array().unwrap() {
        let text = |key: &str| fact[key].as_str().unwrap();
        let series = shelf.series(text("id"));
        assert_eq!(series.title.exact(Lang::Nb), fact["name"].as_str());
        let rule = series.rule.as_ref().map(|rule| rule.rrule.to_string());
        assert_eq!(
            rule.as_deref(),
            fact["rule"]["rrule"].as_str(),
            "{}",
            series.slug
        );
        let dates = fact["dates"].as_array().unwrap();
        assert_eq!(series.editions.len(), dates.len(), "{}", series.slug);
        for date in dates {
            compare_edition(&shelf, series, date);
        }
    }
}

fn compare_edition(shelf: &Shelf, series: &calendar_domain::Series, fact: &Value) {
    let year = fact["year"].to_string();
    let edition = series
        .edition(&year)
        .unwrap_or_else(|| panic!("{} {year}", series.slug));
    assert!(!edition.source.is_empty(), "{} {year}", series.slug);
    let Some(start) = fact["start"].as_str().map(day) else {
        assert!(
            !matches!(edition.standing, EditionStanding::Event(_)),
            "{} {year}",
            series.slug
        );
        return;
    };
    let EditionStanding::Event(id) = &edition.standing else {
        panic!("{} {year}", series.slug)
    };
    let event = shelf.event(id.as_str());
    assert_eq!(event.schedule.when.start().date(), start, "{id}");
    if let When::AllDay { .. } = event.schedule.when {
        let end = fact["end"].as_str().map_or(start, day);
        assert_eq!(event.schedule.when, When::days(start, end), "{id}");
    }
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn places_have_the_addresses_and_positions_that_the_facts_verify() {
    let facts = facts("venues.json");
    let places = shipped().places;
    for fact in facts.as_array().unwrap() {
        let name = fact["name"].as_str().unwrap();
        let place = places.iter().find(|place| place.name == name).expect(name);
        assert_eq!(
            place
                .municipality
                .as_ref()
                .map(|municipality| municipality.as_str()),
            fact["municipality"].as_str()
        );
        let position = place
            .coordinates
            .map(|coordinates| (coordinates.latitude, coordinates.longitude));
        assert_eq!(
            position,
            fact["lat"].as_f64().zip(fact["lon"].as_f64()),
            "{name}"
        );
        if let Some(address) = fact["address"].as_str() {
            assert_eq!(place.address.as_ref().unwrap().line(), address, "{name}");
        } else {
            let street = place
                .address
                .as_ref()
                .and_then(|address| address.street.as_deref());
            assert_eq!(street, None, "{name}");
        }
    }
}
