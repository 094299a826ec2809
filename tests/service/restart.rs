//! A restart is invisible to clients.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::support::{Poll, TestServer, event};

/// Returns the bytes and tag of every feed in both languages.
fn feeds(app: &TestServer) -> BTreeMap<String, (Vec<u8>, String)> {
    let visitor = app.visitor();
    let both = |feed: String| {
        let mark = if feed.contains('?') { '&' } else { '?' };
        [format!("{feed}{mark}lang=en"), feed]
    };
    let read = |feed: String| {
        let answer = visitor.get(&feed).ok();
        let tag = answer.header("ETag").to_owned();
        (feed, (answer.body, tag))
    };
    app.every_feed()
        .into_iter()
        .flat_map(both)
        .map(read)
        .collect()
}

#[test]
fn after_a_restart_every_feed_has_the_same_address_the_same_uids_and_the_same_bytes() {
    let mut app = TestServer::start();
    event("Sommerkonsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .under("music")
        .save(&app);
    let weekly = event("Åpent hus")
        .on("2026-12-03T18:00")
        .until("2026-12-03T20:00");
    weekly
        .repeating("FREQ=WEEKLY;COUNT=9")
        .with_one_cancelled("2026-12-24T18:00")
        .save(&app);
    let (before, commit) = (feeds(&app), app.commit_number());
    assert!(before.len() > 100);
    app.restart();
    app.seed(&crate::support::program::own_data());
    assert_eq!(
        app.commit_number(),
        commit,
        "loading the same files again commits nothing"
    );
    let after = feeds(&app);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    for (feed, one) in &before {
        assert_eq!(one.1, after[feed].1, "{feed}");
        assert_eq!(one.0, after[feed].0, "{feed}");
    }
}

#[test]
fn after_a_restart_pages_are_the_same() {
    let mut app = TestServer::start();
    let read = |app: &TestServer| -> Vec<Vec<u8>> {
        let pages = app.every_page();
        pages
            .iter()
            .map(|page| app.visitor().get(page).ok().body)
            .collect()
    };
    let before = read(&app);
    app.restart();
    assert_eq!(before, read(&app));
}

#[test]
fn a_subscriber_does_not_notice_a_restart() {
    let mut app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    let answer = app.visitor().get("/feeds/all.ics").ok();
    let (tag, modified) = (
        answer.header("ETag").to_owned(),
        answer.header("Last-Modified").to_owned(),
    );
    app.restart();
    let get = |name, value: &str| app.ask(reqwest::Method::GET, "/feeds/all.ics", &[(name, value)]);
    get("If-None-Match", &tag).with_status(304);
    get("If-Modified-Since", &modified).with_status(304);
}

#[test]
fn what_was_written_before_a_restart_is_served_after_it_and_can_be_changed() {
    let mut app = TestServer::builder().with_empty_region().start();
    let uid = event("Sommerkonsert")
        .on("2027-06-01T18:00")
        .save(&app)
        .uid()
        .to_owned();
    app.restart();
    let concert = crate::support::saved::Saved::find(&app, "sommerkonsert");
    assert_eq!(concert.uid(), uid);
    let mut program = app.calendar_program();
    program.poll("/feeds/all.ics").calendar();
    concert.cancel();
    let calendar = program.poll("/feeds/all.ics").calendar();
    assert_eq!(calendar.event(&uid).value("STATUS"), "CANCELLED");
    assert_eq!(program.poll("/feeds/all.ics"), Poll::Same);
}

#[test]
fn rule_05_a_store_that_is_gone_from_the_disk_costs_no_subscriber_the_calendar() {
    let app = TestServer::start();
    let feeds = feeds(&app);
    std::fs::remove_dir_all(app.folder().join("store")).expect("a folder");
    for (feed, (bytes, _)) in feeds {
        let answer = app.visitor().get(&feed).ok();
        assert!(answer.body == bytes, "{feed}");
    }
}
