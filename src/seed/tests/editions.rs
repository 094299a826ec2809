//! Tests of editions against facts from a printed calendar, checked by hand.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, Weekday};

use super::{Shelf, at, day, days, shipped};
use crate::seed::first_day;
use calendar_domain::{EditionStanding, EventStatus, Field, Lang, Owner, Publication, Venue, When};

fn first_of(series: &str, year: i32) -> chrono::NaiveDate {
    let data = shipped();
    let found = data
        .series
        .iter()
        .find(|data| data.series.slug.as_str() == series)
        .unwrap();
    first_day(found.series.rule.as_ref().unwrap(), year).unwrap()
}

#[test]
fn the_rules_give_the_dates_of_2027() {
    let shelf = Shelf::seeded(2026..=2027);
    let tentative = [
        ("grundsetmartn-2027", days("2027-03-04", "2027-03-06")),
        ("festspillene-2027", days("2027-08-06", "2027-08-15")),
        ("jakt-og-fiskedagene-2027", days("2027-08-12", "2027-08-15")),
        ("birkebeinerrennet-2027", days("2027-03-20", "2027-03-20")),
        ("movies-on-war-2027", days("2027-11-18", "2027-11-20")),
        ("17-mai-2027", days("2027-05-17", "2027-05-17")),
    ];
    for (id, when) in &tentative {
        let event = shelf.event(id);
        assert_eq!(&event.schedule.when, when, "{id}");
        // 17 May is set by law.
        let status = match *id {
            "17-mai-2027" => EventStatus::Scheduled,
            _ => EventStatus::Tentative,
        };
        assert_eq!(event.status, status, "{id}");
        assert_eq!(event.owner(Field::Schedule), Some(&Owner::Rule), "{id}");
        assert!(!event.status_note.get(Lang::En).is_empty(), "{id}");
    }
    let of_2027 = shelf
        .events()
        .filter(|event| event.id.as_str().ends_with("2027"))
        .count();
    assert_eq!(of_2027, tentative.len());
}

#[test]
fn grundsetmartn_keeps_to_the_week_of_the_first_tuesday() {
    // In 2028 March begins on a Wednesday and in 2029 on a Thursday: the first Thursday, 2 and 1
    // March, is before the first Tuesday.
    assert_eq!(first_of("grundsetmartn", 2028), day("2028-03-09"));
    assert_eq!(first_of("grundsetmartn", 2029), day("2029-03-08"));
    for year in 1901..2101 {
        let thursday = first_of("grundsetmartn", year);
        assert_eq!(thursday.weekday(), Weekday::Thu);
        let tuesday = thursday - chrono::Days::new(2);
        assert_eq!(tuesday.month(), 3, "{year}");
        assert!(tuesday.day() <= 7, "{year}");
    }
}

#[test]
fn a_rule_agrees_with_every_sourced_date_that_it_is_said_to_fit() {
    for (series, years) in [
        (
            "festspillene",
            vec!["2014-08-01", "2016-08-05", "2017-08-04", "2025-08-01"],
        ),
        (
            "jakt-og-fiskedagene",
            vec!["2014-08-07", "2015-08-06", "2016-08-11"],
        ),
        (
            "birkebeinerrennet",
            vec!["2019-03-16", "2023-03-18", "2024-03-16", "2025-03-15"],
        ),
    ] {
        for date in years.into_iter().map(day) {
            assert_eq!(first_of(series, date.year()), date, "{series}");
        }
    }
}

#[test]
fn birken_2024_stands_as_moved_from_16_to_17_march() {
    let shelf = Shelf::seeded(2026..=2027);
    let birken = shelf.event("birkebeinerrennet-2024");
    assert_eq!(birken.status, EventStatus::Rescheduled);
    assert_eq!(birken.schedule.when, When::day(day("2024-03-17")));
    assert_eq!(birken.previous, Some(When::day(day("2024-03-16"))));
    assert!(birken.status_note.get(Lang::Nb).contains("Flyttet"));
}

#[test]
fn an_edition_that_was_cancelled_without_a_date_is_no_event() {
    let shelf = Shelf::seeded(2026..=2027);
    for (series, label, standing) in [
        ("jakt-og-fiskedagene", "2020", EditionStanding::Cancelled),
        ("jakt-og-fiskedagene", "2021", EditionStanding::NotHeld),
        ("birkebeinerrennet", "2007", EditionStanding::Cancelled),
        ("birkebeinerrennet", "2014", EditionStanding::Cancelled),
        ("vinterfesten-valer", "2023", EditionStanding::Cancelled),
    ] {
        let edition = shelf.series(series).edition(label).unwrap();
        assert_eq!(edition.standing, standing, "{series} {label}");
        assert!(shelf.find(&format!("{series}-{label}")).is_none());
    }
    // A rule does not fill the gap.
    let mut shelf = Shelf::default();
    shelf.seed(&shipped(), "2019-11-22T06:00:00Z", 2020..=2021);
    assert!(shelf.find("jakt-og-fiskedagene-2020").is_none());
    assert!(shelf.find("jakt-og-fiskedagene-2021").is_none());
    assert!(shelf.find("festspillene-2020").is_some());
}

#[test]
fn a_series_without_any_date_has_no_event() {
    let shelf = Shelf::seeded(2026..=2030);
    let with_events: BTreeSet<_> = shelf
        .events()
        .map(|event| event.series.clone().unwrap().series.to_string())
        .collect();
    let without: Vec<_> = shipped()
        .series
        .iter()
        .map(|data| data.series.slug.to_string())
        .filter(|slug| !with_events.contains(slug))
        .collect();
    let expected = [
        "elverumsdagene",
        "elverum-cup",
        "valerdagene",
        "vinterfesten-valer",
        "vintertid",
        "sammen-i-elverum",
    ];
    assert_eq!(without, expected);
}

#[test]
fn a_start_alone_is_one_day_and_says_that_the_end_is_not_known() {
    let shelf = Shelf::seeded(2026..=2027);
    let opening = shelf.event("festspillene-2014");
    assert_eq!(opening.schedule.when, When::day(day("2014-08-01")));
    assert_eq!(opening.status, EventStatus::Scheduled);
    assert!(
        opening
            .status_note
            .get(Lang::Nb)
            .contains("Sluttdatoen er ikke kjent")
    );
}

#[test]
fn a_start_on_the_clock_without_an_end_has_none() {
    let shelf = Shelf::seeded(2026..=2027);
    let start: NaiveDateTime = "2022-11-26T15:15:00".parse().unwrap();
    let zone = chrono_tz::Europe::Oslo;
    let opening = shelf.event("julegateapning-2022");
    assert_eq!(
        opening.schedule.when,
        When::Timed {
            start,
            end: None,
            zone
        }
    );
}

#[test]
fn the_dog_show_is_part_of_the_hunting_days_where_both_were_held() {
    let shelf = Shelf::seeded(2026..=2027);
    let whole = |id| {
        shelf
            .event(id)
            .super_event
            .as_ref()
            .map(ToString::to_string)
    };
    assert_eq!(
        whole("elverumsutstillingen-2016").as_deref(),
        Some("jakt-og-fiskedagene-2016")
    );
    assert_eq!(whole("elverumsutstillingen-2013"), None);
    assert_eq!(whole("elverumsutstillingen-2021"), None);
}

#[test]
fn a_place_that_is_no_place_of_the_catalog_is_told_in_words() {
    let shelf = Shelf::seeded(2026..=2027);
    let venues = &shelf.event("birkebeinerrittet-2017").venues;
    let [
        Venue::Described {
            name, municipality, ..
        },
    ] = &venues[..]
    else {
        panic!("{venues:?}")
    };
    assert_eq!(name, "Rena");
    assert_eq!(municipality.as_ref().unwrap().as_str(), "3422");
    assert!(shelf.event("17-mai-2027").venues.is_empty());
}

#[test]
fn an_edition_is_known_by_the_same_uid_for_ever() {
    let now = at("2026-11-22T06:00:00Z");
    let shelf = Shelf::seeded(2026..=2027);
    let event = shelf.event("grundsetmartn-2027");
    // Computed once with Python: uuid.uuid5(namespace, "series/grundsetmartn/2027").
    assert_eq!(event.uid.as_str(), "18140182-c7c7-585a-89fa-90413e4ae2d1");
    assert_eq!(
        (event.sequence, event.created, event.modified),
        (0, now, now)
    );
    assert_eq!(event.publication, Publication::Published);
    let uids: BTreeSet<_> = shelf.events().map(|event| event.uid.clone()).collect();
    assert_eq!(uids.len(), shelf.events().count());
}
