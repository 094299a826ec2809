//! A change is in the next response of every feed it affects, and other feeds stay the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::saved::Saved;
use crate::support::{Poll, TestServer, event, region};

/// Returns the bytes of every feed.
fn all_bytes(app: &TestServer) -> BTreeMap<String, Vec<u8>> {
    let visitor = app.visitor();
    app.every_feed()
        .into_iter()
        .map(|feed| (feed.clone(), visitor.get(&feed).ok().body))
        .collect()
}

/// Returns the feeds that contain the event at Terningen Arena of [`concert`].
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
    let found = |word: &str| {
        let search = format!("/feeds/search.ics?q={word}");
        app.visitor().get(&search).calendar().has(dance.uid())
    };
    assert!(found("lillesalen") && !found("storsalen"));
}

#[test]
fn a_place_that_turns_out_to_lie_elsewhere_takes_its_events_along() {
    let app = TestServer::builder().with_empty_region().start();
    app.commit(vec![region::place("Storsalen", "3420")]);
    let dance = event("Bygdedans")
        .at("Storsalen")
        .on("2027-03-05T20:00")
        .save(&app);
    let mut program = app.calendar_program();
    assert!(
        program
            .poll("/feeds/municipality/elverum.ics")
            .calendar()
            .has(dance.uid())
    );
    assert!(
        !program
            .poll("/feeds/municipality/amot.ics")
            .calendar()
            .has(dance.uid())
    );
    app.commit(vec![region::place("Storsalen", "3422")]);
    assert!(
        !program
            .poll("/feeds/municipality/elverum.ics")
            .calendar()
            .has(dance.uid())
    );
    assert!(
        program
            .poll("/feeds/municipality/amot.ics")
            .calendar()
            .has(dance.uid())
    );
}

#[test]
fn whoever_writes_sees_it_in_the_next_read_however_many_write_at_once() {
    const WRITERS: usize = 6;
    const EVENTS: usize = 8;
    let app = TestServer::builder().with_empty_region().start();
    std::thread::scope(|threads| {
        for writer in 0..WRITERS {
            let app = &app;
            threads.spawn(move || {
                for number in 0..EVENTS {
                    let title = format!("Konsert {writer} {number}");
                    let concert = event(&title)
                        .on("2027-06-01T18:00")
                        .under("music")
                        .save(app);
                    for feed in [
                        "/feeds/all.ics",
                        "/feeds/category/music.ics",
                        &concert.file(),
                    ] {
                        let calendar = app.visitor().get(feed).calendar();
                        assert!(calendar.has(concert.uid()), "{title} in {feed}");
                    }
                }
            });
        }
    });
    let all = app.visitor().get("/feeds/all.ics").calendar();
    assert_eq!(all.events.len(), WRITERS * EVENTS);
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
    }
    app.visitor().get(&other.file()).with_status(404);
    // Its own file shows the cancellation to subscribers for a while.
    let told = app.visitor().get(&one.file()).calendar();
    assert_eq!(told.events[0].value("STATUS"), "CANCELLED");
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
