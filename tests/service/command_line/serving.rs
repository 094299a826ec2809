//! `serve`, from its first line to SIGTERM.

use std::collections::BTreeSet;

use crate::support::{CalendarFile, Program};

#[test]
fn port_0_takes_a_free_one_and_the_first_line_tells_which() {
    let program = Program::new();
    let serving = program.serve(&[]);
    assert!(
        serving.address.starts_with("http://127.0.0.1:"),
        "{}",
        serving.address
    );
    let page = String::from_utf8(serving.get("/")).unwrap();
    assert!(page.contains("<html lang=\"nb\""));
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    let calendar = CalendarFile::parse(&feed);
    assert!(
        calendar.events[0]
            .value("URL")
            .starts_with(&serving.address)
    );
    let address = serving.address.clone();
    let (status, rest) = serving.stop();
    assert!(status.success(), "SIGTERM ends it well: {status}");
    for path in ["/", "/subscribe", "/feeds/all.ics"] {
        assert!(
            rest.contains(&format!("{address}{path}")),
            "it tells where {path} is: {rest}"
        );
    }
}

#[test]
fn serve_by_its_name_takes_the_same_options() {
    let program = Program::new();
    let serving = program.serve(&["serve", "--address", "127.0.0.1"]);
    serving.get("/health/ready");
}

#[test]
fn started_again_it_serves_the_same_bytes_under_the_same_addresses() {
    let program = Program::new();
    let config = program.write(
        "public.toml",
        "[default.calendar]\nbase_url = \"https://kalender.example.no\"\n",
    );
    let feeds = [
        "/feeds/all.ics",
        "/feeds/all.ics?lang=en",
        "/feeds/category/music.ics",
        "/feeds/municipality/3420.ics",
        "/feeds/series/grundsetmartn.ics",
        "/feeds/search.ics?q=birken",
        "/feeds/all.json",
    ];
    let read = || -> Vec<Vec<u8>> {
        let serving = program.serve(&["--config", config.to_str().unwrap()]);
        let bytes = feeds.map(|feed| serving.get(feed)).into();
        assert!(serving.stop().0.success());
        bytes
    };
    let first = read();
    let all = CalendarFile::parse(std::str::from_utf8(&first[0]).unwrap());
    let uids: BTreeSet<&str> = all.events.iter().map(|event| event.value("UID")).collect();
    assert_eq!(uids.len(), all.events.len());
    assert_eq!(first, read());
}

#[test]
fn what_needs_the_store_for_itself_is_told_that_it_is_in_use() {
    let program = Program::new();
    let serving = program.serve(&[]);
    for arguments in [&["--port", "0"][..], &["store", "check", "sled:store"]] {
        let ended = program.run(arguments).with_code(3);
        assert!(ended.err.contains("in use"), "{arguments:?}: {}", ended.err);
        assert!(
            ended.err.contains("store"),
            "{arguments:?} names the store: {}",
            ended.err
        );
        assert!(ended.out.is_empty(), "{arguments:?}: {}", ended.out);
    }
    serving.get("/feeds/all.ics");
    assert!(serving.stop().0.success());
    program.run(&["seed"]).ok();
}
