//! Parameters of feeds: selection, language, and uncertain events.

use calendar_domain::EventStatus;
use elverum_calendar::feeds::ScopeKind;

use crate::support::{TestServer, event, region};

#[test]
fn cancelled_event_stays_in_the_feed_as_the_reader_chose() {
    let app = TestServer::builder().with_empty_region().start();
    let game = event("Fotballkamp").called_in_english("Football match");
    let game = game.on("2026-12-05T10:00").save(&app);
    game.cancel();
    let read = |choice: &str| {
        app.visitor()
            .get(&format!("/feeds/all.ics{choice}"))
            .calendar()
            .events
            .first()
            .cloned()
    };
    let marked = read("").expect("a cancelled event stays, or it would stay in every calendar");
    assert_eq!(marked.value("STATUS"), "CANCELLED");
    assert_eq!(marked.value("SUMMARY"), "AVLYST: Fotballkamp");
    assert_eq!(read("?cancelled=mark"), Some(marked));
    assert_eq!(
        read("?lang=en").unwrap().value("SUMMARY"),
        "CANCELLED: Football match"
    );
    let plain = read("?cancelled=status").unwrap();
    assert_eq!(plain.value("STATUS"), "CANCELLED");
    assert_eq!(plain.value("SUMMARY"), "Fotballkamp");
    assert_eq!(read("?cancelled=omit"), None);
}

#[test]
fn tentative_event_is_left_out_for_whoever_wants_only_what_is_sure() {
    let app = TestServer::builder().with_empty_region().start();
    let fair = event("Martnan").on_days("2027-03-04", "2027-03-06");
    let fair = fair.standing(EventStatus::Tentative).save(&app);
    let calendar = app.visitor().get("/feeds/all.ics").calendar();
    assert_eq!(calendar.event(fair.uid()).value("STATUS"), "TENTATIVE");
    let sure = app
        .visitor()
        .get("/feeds/all.ics?tentative=omit")
        .calendar();
    assert!(sure.events.is_empty());
}

#[test]
fn each_language_has_its_texts() {
    let app = TestServer::builder().with_empty_region().start();
    let event = event("Sommerkonsert").called_in_english("Summer concert");
    let event = event.on("2027-06-01T18:00").save(&app);
    let title = |feed: &str| {
        let calendar = app.visitor().get(feed).calendar();
        calendar.event(event.uid()).value("SUMMARY").to_owned()
    };
    assert_eq!(title("/feeds/all.ics"), "Sommerkonsert");
    assert_eq!(title("/feeds/all.ics?lang=nb"), "Sommerkonsert");
    assert_eq!(title("/feeds/all.ics?lang=nn"), "Sommerkonsert");
    assert_eq!(title("/feeds/all.ics?lang=en"), "Summer concert");
    let english = app.visitor().get("/feeds/all.ics?lang=en").calendar();
    assert!(
        english
            .event(event.uid())
            .value("URL")
            .contains("/en/events/")
    );
}

#[test]
fn a_search_feed_finds_what_the_agenda_finds() {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![region::place("Storsalen", "3420")]);
    let found = event("Korkveld")
        .at("Storsalen")
        .on("2027-02-05T19:00")
        .under("music")
        .free();
    let found = found.save(&app);
    event("Skirenn")
        .at("Storsalen")
        .on("2027-02-05T10:00")
        .under("sport")
        .free()
        .save(&app);
    event("Dyr konsert")
        .at("Storsalen")
        .on("2027-02-06T19:00")
        .under("music")
        .save(&app);
    event("Vårkonsert")
        .at("Storsalen")
        .on("2027-04-06T19:00")
        .under("music")
        .free()
        .save(&app);
    let search = "from=2027-02-01&to=2027-02-28&category=music&place=storsalen&free=1&q=STORSALEN";
    let calendar = app
        .visitor()
        .get(&format!("/feeds/search.ics?{search}"))
        .calendar();
    assert_eq!(calendar.titles(), ["Korkveld"]);
    assert!(calendar.has(found.uid()));
    let page = app.visitor().read(&format!("/?{search}"));
    assert!(page.contains("Korkveld"));
    for other in ["Skirenn", "Dyr konsert", "Vårkonsert"] {
        assert!(!page.contains(other), "{other}");
    }
}

#[test]
fn a_feed_goes_by_the_address_it_is_reached_at() {
    let app = TestServer::builder()
        .with_empty_region()
        .without_base_url()
        .start();
    let event = event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    let calendar = app.visitor().get("/feeds/all.ics").calendar();
    let url = calendar.event(event.uid()).value("URL");
    assert_eq!(url, format!("{}events/sommerkonsert", app.address()));
    app.visitor().get("/events/sommerkonsert").ok();
}

#[test]
fn an_empty_feed_stays_the_same_whatever_else_changes() {
    let mut app = TestServer::builder().with_empty_region().start();
    let read = |app: &TestServer| {
        let feed = app.visitor().get("/feeds/category/sport.ics").ok();
        feed.text().to_owned()
    };
    let empty = read(&app);
    app.wait(chrono::TimeDelta::minutes(5));
    event("Konsert")
        .under("music")
        .on("2027-06-01T18:00")
        .save(&app);
    assert_eq!(read(&app), empty);
    app.restart();
    assert_eq!(read(&app), empty);
}

#[test]
fn an_empty_feed_is_a_calendar_all_the_same() {
    let app = TestServer::builder().with_empty_region().start();
    for kind in [
        ScopeKind::Category,
        ScopeKind::Audience,
        ScopeKind::Municipality,
    ] {
        for feed in app.feeds_of(kind) {
            assert!(
                app.visitor().get(&feed).calendar().events.is_empty(),
                "{feed}"
            );
        }
    }
}
