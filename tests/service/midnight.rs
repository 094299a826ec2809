//! The change of day without a commit.

use chrono::TimeDelta;

use crate::support::{Poll, TestServer, event};

#[test]
fn at_midnight_the_agenda_begins_with_the_new_day() {
    let app = TestServer::builder()
        .with_empty_region()
        .at("2026-12-04T23:59")
        .start();
    event("Julekonsert")
        .on("2026-12-04T18:00")
        .until("2026-12-04T20:00")
        .save(&app);
    event("Julemarked")
        .on("2026-12-05T10:00")
        .until("2026-12-05T16:00")
        .save(&app);
    let page = app.visitor().read("/");
    assert!(
        page.contains("Julekonsert") && page.contains("Julemarked"),
        "{page}"
    );
    app.wait(TimeDelta::seconds(59));
    assert!(!app.calendar().advance(), "it is still the same day");
    app.wait(TimeDelta::seconds(1));
    assert!(app.calendar().advance(), "a day has begun");
    let page = app.visitor().read("/");
    assert!(
        !page.contains("Julekonsert") && page.contains("Julemarked"),
        "{page}"
    );
}

#[test]
fn midnight_is_the_regions_and_not_that_of_utc() {
    let app = TestServer::builder()
        .with_empty_region()
        .at("2026-07-01T23:30")
        .start();
    // 22:00 UTC is midnight in Europe/Oslo in summer.
    assert_eq!(app.now().format("%H:%M").to_string(), "21:30");
    app.wait(TimeDelta::minutes(31));
    assert!(app.calendar().advance());
    assert_eq!(app.snapshot().version().today.to_string(), "2026-07-02");
    app.wait(TimeDelta::hours(2));
    assert!(
        !app.calendar().advance(),
        "midnight of UTC is nothing to Elverum"
    );
}

#[test]
fn rule_20_what_is_over_leaves_the_feeds_three_months_later() {
    let app = TestServer::builder().with_empty_region().start();
    event("Julemarked")
        .on("2026-12-05T10:00")
        .until("2026-12-05T16:00")
        .under("music")
        .save(&app);
    let mut program = app.calendar_program();
    for feed in [
        "/feeds/all.ics",
        "/feeds/category/music.ics",
        "/feeds/municipality/3420.ics",
    ] {
        program.poll(feed).calendar();
    }
    assert!(app.turn_to("2027-03-05T00:00"));
    assert_eq!(program.poll("/feeds/all.ics"), Poll::Same);
    assert!(app.turn_to("2027-03-06T00:00"));
    assert!(program.poll("/feeds/all.ics").calendar().events.is_empty());
    assert!(
        program
            .poll("/feeds/category/music.ics")
            .calendar()
            .events
            .is_empty()
    );
    assert_eq!(
        program.poll("/feeds/municipality/3420.ics"),
        Poll::Same,
        "it was never there"
    );
    app.visitor().get("/events/julemarked").ok();
    app.visitor().get("/events/julemarked.ics").ok();
}

#[test]
fn rule_20_what_is_far_ahead_enters_the_feeds_eighteen_months_before() {
    let app = TestServer::builder().with_empty_region().start();
    event("Jubileum").on("2028-05-23T10:00").save(&app);
    let mut program = app.calendar_program();
    assert!(program.poll("/feeds/all.ics").calendar().events.is_empty());
    assert!(app.turn_to("2026-11-24T00:00"));
    assert_eq!(
        program.poll("/feeds/all.ics").calendar().titles(),
        ["Jubileum"]
    );
}

#[test]
fn rule_21_an_event_that_runs_for_weeks_stays_until_its_last_day_has_left() {
    let app = TestServer::builder().with_empty_region().start();
    event("Utstilling")
        .on_days("2026-11-01", "2027-01-31")
        .save(&app);
    let page = app.visitor().read("/");
    assert!(page.contains("Utstilling"), "it runs now: {page}");
    assert!(app.turn_to("2027-02-01T08:00"));
    assert!(!app.visitor().read("/").contains("Utstilling"));
    assert_eq!(
        app.visitor().get("/feeds/all.ics").calendar().titles(),
        ["Utstilling"]
    );
    assert!(app.turn_to("2027-05-02T08:00"));
    assert!(
        app.visitor()
            .get("/feeds/all.ics")
            .calendar()
            .events
            .is_empty()
    );
}

#[test]
fn a_new_year_brings_the_next_tentative_editions() {
    let app = TestServer::builder().at("2026-12-31T23:59").start();
    app.visitor()
        .get("/events/grundsetmartn-2028")
        .with_status(404);
    let mut program = app.calendar_program();
    program.poll("/feeds/series/grundsetmartn.ics").calendar();
    app.wait(TimeDelta::minutes(1));
    assert!(app.calendar().advance());
    assert!(app.seed(&crate::support::program::own_data()) > 0);
    let calendar = program.poll("/feeds/series/grundsetmartn.ics").calendar();
    let days: Vec<_> = calendar
        .events
        .iter()
        .map(|event| event.value("DTSTART"))
        .collect();
    assert_eq!(days, ["20260305", "20270304", "20280309"]);
    app.visitor().get("/events/grundsetmartn-2028").ok();
}
