//! A calendar file has no word for a new date: an event that is imported again with one has moved.

use calendar_domain::{EventStatus, When};
use chrono::TimeDelta;
use elverum_calendar::ingest::reconcile::StepOutcome;

use crate::importing::CONCERT;
use crate::support::TestServer;
use crate::support::saved::Saved;

/// Imports the concert as a file tells it. Returns its status and the time that it had before.
fn imported(app: &TestServer, told: &str) -> (EventStatus, Option<When>) {
    app.wait(TimeDelta::hours(1));
    app.import_events(&[told]);
    let event = Saved::find(app, "varkonsert-2027-04-10").record();
    (event.status, event.previous)
}

#[test]
fn a_new_date_in_a_file_shows_the_old_one() {
    let app = TestServer::start();
    assert_eq!(imported(&app, CONCERT), (EventStatus::Scheduled, None));
    let announced = Saved::find(&app, "varkonsert-2027-04-10").record();
    let before = Some(announced.schedule.when);
    let moved = CONCERT.replace("20270410", "20270417");
    assert_eq!(
        imported(&app, &moved),
        (EventStatus::Rescheduled, before.clone())
    );
    let page = app.visitor().read("/events/varkonsert-2027-04-10");
    let old = "Opprinnelig tid: Lørdag 10. april 2027 kl. 19.00–21.00";
    assert!(
        page.contains("Nytt tidspunkt") && page.contains(old),
        "{page}"
    );
    let agenda = app.visitor().read("/?q=vårkonsert");
    let old = "Nytt tidspunkt opprinnelig lørdag 10. april kl. 19.00–21.00";
    assert!(agenda.contains(old), "{agenda}");
    let list = app.visitor().get("/events/varkonsert-2027-04-10.jsonld");
    let item = &list.ok().json()["itemListElement"][0]["item"];
    assert_eq!(item["previousStartDate"], "2027-04-10T19:00:00+02:00");
    // Neither the same file nor another text makes it forgotten.
    let again = app.import_events(&[&moved]);
    assert_eq!(again.count(StepOutcome::Unchanged), 1, "{again:#?}");
    let described = format!("{moved}|DESCRIPTION:Med kor");
    assert_eq!(
        imported(&app, &described),
        (EventStatus::Rescheduled, before)
    );
    // Back on the first date it has not moved.
    assert_eq!(imported(&app, CONCERT), (EventStatus::Scheduled, None));
}

#[test]
fn a_new_date_after_the_event_is_no_move() {
    let app = TestServer::start();
    imported(&app, CONCERT);
    app.turn_to("2027-05-01T12:00");
    let next_year = CONCERT.replace("20270410", "20280408");
    assert_eq!(imported(&app, &next_year), (EventStatus::Scheduled, None));
}

#[test]
fn a_file_that_says_another_status_is_taken_at_its_word() {
    let app = TestServer::start();
    imported(&app, CONCERT);
    let moved = CONCERT.replace("20270410", "20270417");
    let cancelled = format!("{moved}|STATUS:CANCELLED");
    assert_eq!(imported(&app, &cancelled), (EventStatus::Cancelled, None));
}
