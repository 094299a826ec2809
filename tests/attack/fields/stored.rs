//! Stores of earlier versions with such values.

use std::time::{Duration, Instant};

use calendar_domain::Publication;

use super::{beneath, far_event, goes_on};
use crate::outgo::sender::sender;
use crate::support::{Program, TestServer};

#[test]
fn a_store_that_holds_an_event_that_cannot_be_shown_opens_and_serves_all_others() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let before = program.run(&["export"]).ok().out;
    let url = format!("sled:{}", program.path("store").display());
    {
        let store = calendar_store::open(&url).unwrap();
        beneath(&*store, vec![far_event("far-away", Publication::Published)]);
    }
    let checked = program.run(&["store", "check", "sled:store"]).with_code(1);
    assert!(checked.out.contains("event/far-away"), "{}", checked.out);
    assert!(
        checked.out.contains("start") && checked.out.contains("1 findings"),
        "{}",
        checked.out
    );
    assert_eq!(program.run(&["export"]).ok().out, before);
    program.run(&["export", "--format", "ndjson"]).ok();
    program.run(&["seed"]).ok();
    // No partner is reachable, which is not the event's fault.
    let synced = program.run(&["sync"]);
    assert!(!synced.err.contains("panicked"), "{}", synced.err);

    let serving = program.serve(&[]);
    serving.get("/health/ready");
    serving.get("/");
    for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
        serving.get(&format!("/feeds/all.{extension}"));
    }
    let metrics = String::from_utf8(serving.get("/metrics")).unwrap();
    assert!(
        metrics.contains("\ncalendar_catalog_events_skipped 1\n"),
        "{metrics}"
    );
    program.write(
        "one.json",
        r#"{"uid":"one","title":{"nb":"Etterpå"},"start":"2027-05-01"}"#,
    );
    program
        .run(&["import", "--partner", "import", "one.json"])
        .ok();
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    assert!(feed.contains("Etterp"), "{feed}");
    assert!(serving.stop().0.success());
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(
        log.contains("far-away") && !log.contains("panicked"),
        "{log}"
    );

    program.run(&["backup", "all.backup"]).ok();
    let checked = program.run(&["store", "check", "all.backup"]).with_code(1);
    assert!(checked.out.contains("event/far-away"), "{}", checked.out);
}

#[test]
fn a_catalog_that_lags_behind_the_store_is_not_ready() {
    let app = TestServer::start();
    let ready = || app.visitor().get("/health/ready");
    ready().ok();
    // The catalog does not see this commit.
    beneath(
        &**app.calendar().store(),
        vec![far_event("unseen", Publication::Draft)],
    );
    let late = Instant::now() + Duration::from_secs(120);
    let answer = loop {
        let answer = ready();
        if answer.status == 503 || Instant::now() > late {
            break answer;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    let told = answer.with_status(503).json();
    assert_eq!(told["status"], "catalog-behind", "{told}");
    // Reads succeed, and the next write does not block.
    app.visitor().get("/").ok();
    let venue = sender(&app, "venue");
    goes_on(&app, &venue);
}
