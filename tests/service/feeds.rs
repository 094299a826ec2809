//! A change is in the next read of every feed that it touches, and no other feed knows of it.

use std::collections::{BTreeMap, BTreeSet};

use elverum_calendar::domain::EventStatus;
use elverum_calendar::feeds::Kind;

use crate::support::saved::Saved;
use crate::support::{Poll, TestServer, event, region};

/// Every feed with its bytes.
fn all_bytes(app: &TestServer) -> BTreeMap<String, Vec<u8>> {
    let visitor = app.visitor();
    app.every_feed()
        .into_iter()
        .map(|feed| (feed.clone(), visitor.get(&feed).ok().body))
        .collect()
}

/// The feeds that hold the event at Terningen Arena of [`concert`].
fn feeds_of_the_concert() -> BTreeSet<String> {
    [
        "/feeds/all.ics",
        "/feeds/search.ics?q=elverum",
        "/feeds/category/music.ics",
        "/feeds/audience/families.ics",
        "/feeds/place/terningen-arena.ics",
        "/feeds/municipality/elverum.ics",
        "/feeds/municipality/3420.ics",
        "/feeds/municipality/0427.ics",
        "/feeds/municipality/427.ics",
        "/feeds/organizer/elverum-kommune.ics",
        "/feeds/series/elverumsdagene.ics",
    ]
    .map(str::to_owned)
    .into()
}

fn concert(app: &TestServer) -> Saved<'_> {
    event("Sommerkonsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .under("music")
        .for_audience("families")
        .by("Elverum kommune")
        .edition("elverumsdagene", "2027-juni")
        .save(app)
}

#[test]
fn a_new_event_is_in_the_next_read_of_every_feed_it_belongs_to_and_in_no_other() {
    let app = TestServer::start();
    let before = all_bytes(&app);
    let concert = concert(&app);
    let mut changed = BTreeSet::new();
    for (feed, bytes) in &before {
        let answer = app.visitor().get(feed).ok();
        let there = answer.calendar().has(concert.uid());
        assert_eq!(
            there,
            answer.body != *bytes,
            "{feed} holds the event: {there}"
        );
        if there {
            changed.insert(feed.clone());
        }
    }
    assert_eq!(changed, feeds_of_the_concert());
    let own = app.visitor().get(&concert.file()).calendar();
    assert_eq!(own.titles(), ["Sommerkonsert"]);
}

#[test]
fn a_subscriber_of_each_feed_learns_of_each_change_and_of_nothing_else() {
    let app = TestServer::start();
    let concert = concert(&app);
    let feeds = app.every_feed();
    let mut touched = feeds_of_the_concert();
    touched.insert(concert.file());
    let mut program = app.calendar_program();
    for feed in &feeds {
        program.poll(feed).calendar();
    }
    let mut learns = |what: &str, check: &dyn Fn(&crate::support::CalendarFile)| {
        for feed in &feeds {
            match program.poll(feed) {
                Poll::New(calendar) if touched.contains(feed) => check(&calendar),
                Poll::Same if !touched.contains(feed) => {}
                Poll::Same => panic!("{what}: {feed} did not say so"),
                Poll::New(_) => panic!("{what}: {feed} changed, which has nothing to do with it"),
            }
        }
    };
    concert.move_to("2027-06-02T19:00");
    learns("moved", &|calendar| {
        let event = calendar.event(concert.uid());
        assert_eq!(event.value("DTSTART"), "20270602T190000");
        assert_eq!(event.value("SEQUENCE"), "1");
    });
    concert.cancel();
    learns("cancelled", &|calendar| {
        let event = calendar.event(concert.uid());
        assert_eq!(event.value("STATUS"), "CANCELLED");
        assert_eq!(event.value("SEQUENCE"), "2");
    });
    concert.rename("Vinterkonsert");
    learns("renamed", &|calendar| {
        let event = calendar.event(concert.uid());
        assert!(event.value("SUMMARY").ends_with("Vinterkonsert"));
        assert_eq!(event.value("SEQUENCE"), "2", "a new name is no new time");
    });
}

#[test]
fn an_event_that_moves_to_another_place_leaves_the_feeds_of_the_first() {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![
        region::place("Storsalen", "3420"),
        region::place("Samfunnshuset", "3422"),
    ]);
    let dance = event("Bygdedans")
        .at("Storsalen")
        .on("2027-03-05T20:00")
        .save(&app);
    dance.move_from_its_place_to("Samfunnshuset");
    let holds = |feed: &str| app.visitor().get(feed).calendar().has(dance.uid());
    assert!(!holds("/feeds/place/storsalen.ics"));
    assert!(!holds("/feeds/municipality/elverum.ics"));
    assert!(holds("/feeds/place/samfunnshuset.ics"));
    assert!(holds("/feeds/municipality/amot.ics"));
    assert!(holds("/feeds/municipality/3422.ics"));
    let calendar = app.visitor().get(&dance.file()).calendar();
    assert_eq!(
        calendar.event(dance.uid()).value("LOCATION"),
        "Samfunnshuset"
    );
    assert_eq!(calendar.event(dance.uid()).value("SEQUENCE"), "1");
}

#[test]
fn a_place_that_is_renamed_is_renamed_in_every_event_there() {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![region::place("Storsalen", "3420")]);
    let dance = event("Bygdedans")
        .at("Storsalen")
        .on("2027-03-05T20:00")
        .save(&app);
    let mut place = (**app.snapshot().place(&region::slug("storsalen")).unwrap()).clone();
    place.name = "Lillesalen".into();
    app.commit(vec![place.into()]);
    let calendar = app.visitor().get("/feeds/all.ics").calendar();
    assert_eq!(calendar.event(dance.uid()).value("LOCATION"), "Lillesalen");
    assert!(app.visitor().read(&dance.page()).contains("Lillesalen"));
}

#[test]
fn what_is_withdrawn_or_removed_is_gone_from_feeds_and_pages() {
    let app = TestServer::builder().with_empty_region().start();
    let one = event("Loppemarked").on("2026-12-05T10:00").save(&app);
    let other = event("Juletrefest").on("2026-12-28T16:00").save(&app);
    one.withdraw();
    other.remove();
    assert!(
        app.visitor()
            .get("/feeds/all.ics")
            .calendar()
            .events
            .is_empty()
    );
    for gone in [&one, &other] {
        app.visitor().get(&gone.page()).with_status(404);
        app.visitor().get(&gone.file()).with_status(404);
    }
    assert!(!app.visitor().read("/").contains("Loppemarked"));
}

#[test]
fn a_draft_is_seen_nowhere() {
    let app = TestServer::builder().with_empty_region().start();
    let draft = event("Hemmelig konsert")
        .on("2026-12-05T10:00")
        .under("music")
        .drafted()
        .save(&app);
    for feed in app.every_feed() {
        assert!(
            !app.visitor().get(&feed).calendar().has(draft.uid()),
            "{feed}"
        );
    }
    app.visitor().get(&draft.page()).with_status(404);
    assert!(
        !app.visitor()
            .read("/?q=hemmelig")
            .contains("Hemmelig konsert")
    );
}

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
fn an_empty_feed_is_a_calendar_all_the_same() {
    let app = TestServer::builder().with_empty_region().start();
    for kind in [Kind::Category, Kind::Audience, Kind::Municipality] {
        for feed in app.feeds_of(kind) {
            assert!(
                app.visitor().get(&feed).calendar().events.is_empty(),
                "{feed}"
            );
        }
    }
}
