use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Europe::Oslo;

use super::*;
use crate::Coordinates;
use crate::EventStatus;
use crate::When;
use chrono::TimeDelta;
use chrono::Weekday;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn timed(start: &str, end: Option<&str>) -> When {
    When::Timed {
        start: local(start),
        end: end.map(local),
        zone: Oslo,
    }
}

fn admits(filter: &EventFilter, when: &When) -> bool {
    let facts = OccurrenceFacts {
        when,
        status: EventStatus::Scheduled,
        positions: Vec::new(),
    };
    filter.admits_occurrence(&facts, Oslo)
}

#[test]
fn the_default_admits_everything() {
    let filter = EventFilter::default();
    assert!(filter.admits_any_occurrence());
    for when in [
        timed("2027-06-01T18:00:00", None),
        When::day(day("2027-06-01")),
        When::TimeToCome {
            date: day("2027-06-01"),
        },
    ] {
        assert!(admits(&filter, &when));
    }
}

#[test]
fn an_occurrence_counts_on_each_weekday_that_it_touches() {
    let on = |weekday| EventFilter {
        weekdays: [DayOfWeek(weekday)].into(),
        ..EventFilter::default()
    };
    // Friday to Sunday.
    let festival = When::days(day("2027-06-04"), day("2027-06-06"));
    let found = [
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
        Weekday::Mon,
    ]
    .map(|weekday| admits(&on(weekday), &festival));
    assert_eq!(found, [false, true, true, true, false]);
    // A concert that ends at midnight is not on the next day.
    let concert = timed("2027-06-04T20:00:00", Some("2027-06-05T00:00:00"));
    assert!(!admits(&on(Weekday::Sat), &concert));
    let year = When::days(day("2027-01-01"), day("2027-12-31"));
    assert!(admits(&on(Weekday::Wed), &year));
}

#[test]
fn only_what_has_a_time_of_day_begins_in_the_evening() {
    let filter = EventFilter {
        time_of_day: Some("17:00-23:00".parse().unwrap()),
        ..EventFilter::default()
    };
    assert!(admits(&filter, &timed("2027-06-01T18:00:00", None)));
    assert!(!admits(
        &filter,
        &timed("2027-06-01T12:00:00", Some("2027-06-01T19:00:00"))
    ));
    assert!(!admits(&filter, &When::day(day("2027-06-01"))));
    // In the region's zone it is evening.
    let far = When::Timed {
        start: local("2027-06-01T12:00:00"),
        end: None,
        zone: chrono_tz::America::New_York,
    };
    assert!(admits(&filter, &far));
}

#[test]
fn an_unknown_end_counts_as_no_duration() {
    let least = EventFilter {
        min_duration: Some(TimeDelta::hours(2)),
        ..EventFilter::default()
    };
    let most = EventFilter {
        max_duration: Some(TimeDelta::days(1)),
        ..EventFilter::default()
    };
    let open = timed("2027-06-01T18:00:00", None);
    assert!(!admits(&least, &open) && admits(&most, &open));
    let concert = timed("2027-06-01T18:00:00", Some("2027-06-01T20:00:00"));
    assert!(admits(&least, &concert) && admits(&most, &concert));
    let exhibition = When::days(day("2027-06-01"), day("2027-06-30"));
    assert!(admits(&least, &exhibition) && !admits(&most, &exhibition));
    // The day of the change to summer time has 23 hours, and is a day.
    let spring = When::day(day("2027-03-28"));
    let whole = EventFilter {
        min_duration: Some(TimeDelta::days(1)),
        ..EventFilter::default()
    };
    assert!(admits(&whole, &spring) && admits(&most, &spring));
}

#[test]
fn the_ends_of_a_window_in_time_are_exclusive() {
    let at = |text: &str| Some(text.parse().unwrap());
    let concert = timed("2027-06-01T18:00:00", Some("2027-06-01T20:00:00"));
    let after = |text| EventFilter {
        ends_after: at(text),
        ..EventFilter::default()
    };
    assert!(admits(&after("2027-06-01T17:59:59Z"), &concert));
    assert!(!admits(&after("2027-06-01T18:00:00Z"), &concert));
    let before = |text| EventFilter {
        begins_before: at(text),
        ..EventFilter::default()
    };
    assert!(admits(&before("2027-06-01T16:00:01Z"), &concert));
    assert!(!admits(&before("2027-06-01T16:00:00Z"), &concert));
}

#[test]
fn an_area_needs_a_position_and_a_status_has_to_be_listed() {
    let here = Coordinates::new(60.88, 11.56).unwrap();
    let filter = EventFilter {
        areas: vec![Area::Circle {
            center: here,
            radius: 100.0,
        }],
        statuses: Some([EventStatus::Cancelled].into()),
        ..EventFilter::default()
    };
    let when = When::day(day("2027-06-01"));
    let facts = |status, positions| OccurrenceFacts {
        when: &when,
        status,
        positions,
    };
    let admits = |facts| filter.admits_occurrence(&facts, Oslo);
    assert!(admits(facts(EventStatus::Cancelled, vec![here])));
    assert!(!admits(facts(EventStatus::Cancelled, Vec::new())));
    assert!(!admits(facts(EventStatus::Scheduled, vec![here])));
}
