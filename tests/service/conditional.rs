//! Conditional requests (RFC 9110 section 13): 304 for current copies, and only for those.

use calendar_domain::Lang;
use calendar_store::{Author, Change, Commit, Store};
use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Answer, Poll, TestServer, event};

const FEED: &str = "/feeds/all.ics";

/// Starts a server with an event committed a minute ago, so that it has a modification date.
fn settled() -> TestServer {
    let app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    app
}

#[track_caller]
fn ask(app: &TestServer, headers: &[(&str, &str)]) -> Answer {
    app.ask(Method::GET, FEED, headers)
}

/// Returns the feed's validators.
fn validators(app: &TestServer) -> (String, String) {
    let answer = ask(app, &[]).ok();
    (
        answer.header("ETag").to_owned(),
        answer.header("Last-Modified").to_owned(),
    )
}

#[test]
fn whoever_has_the_feed_is_told_304_without_a_body() {
    let app = settled();
    let (tag, modified) = validators(&app);
    assert!(
        tag.starts_with('"') && tag.ends_with('"'),
        "a strong tag: {tag}"
    );
    for headers in [
        [("If-None-Match", &tag)],
        [("If-Modified-Since", &modified)],
    ] {
        let headers = headers.map(|(name, value)| (name, value.as_str()));
        let answer = ask(&app, &headers).with_status(304);
        assert!(answer.body.is_empty());
        // RFC 9110 section 15.4.5: a 304 has the cache fields of a 200. The tag makes the date redundant.
        assert_eq!(answer.header("ETag"), tag);
        assert_eq!(answer.header("Vary"), "Accept-Encoding");
        assert!(answer.try_header("Cache-Control").is_some());
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
        let whole = ask(&app, &[]).ok();
        assert_eq!(answer.header("Link"), whole.header("Link"));
    }
}

#[test]
fn a_tag_is_found_in_a_list_though_weak_and_by_a_star() {
    let app = settled();
    let (tag, _) = validators(&app);
    let lists = [
        format!("\"other\", {tag}"),
        format!("\"other\",{tag},\"third\""),
        format!("W/{tag}"),
        format!("W/\"other\" , W/{tag}"),
        "*".to_owned(),
    ];
    for list in &lists {
        ask(&app, &[("If-None-Match", list)]).with_status(304);
    }
    let two_lines = [
        ("If-None-Match", "\"other\""),
        ("If-None-Match", tag.as_str()),
    ];
    ask(&app, &two_lines).with_status(304);
    for other in ["\"other\"", "", "W/\"other\"", tag.trim_matches('"')] {
        ask(&app, &[("If-None-Match", other)]).ok();
    }
}

#[test]
fn rule_02_if_none_match_wins_over_if_modified_since() {
    let app = settled();
    let (tag, modified) = validators(&app);
    let old = "Thu, 01 Jan 2026 00:00:00 GMT";
    let both = |tag: &str, since: &str| {
        ask(
            &app,
            &[("If-None-Match", tag), ("If-Modified-Since", since)],
        )
        .status
    };
    assert_eq!(both("\"other\"", &modified), 200);
    assert_eq!(both(&tag, old), 304);
}

#[test]
fn a_date_that_is_older_or_no_date_gets_the_feed() {
    let app = settled();
    for since in [
        "Sat, 21 Nov 2026 10:59:59 GMT",
        "yesterday",
        "2026-11-22T11:00:00Z",
        "",
    ] {
        ask(&app, &[("If-Modified-Since", since)]).ok();
    }
    ask(
        &app,
        &[("If-Modified-Since", "Sun, 22 Nov 2026 11:00:30 GMT")],
    )
    .with_status(304);
    // A future date is not one that this server sent, unless a clock was wrong.
    ask(
        &app,
        &[("If-Modified-Since", "Tue, 24 Nov 2026 00:00:00 GMT")],
    )
    .ok();
}

#[test]
fn a_second_change_in_the_same_second_is_not_missed() {
    let app = TestServer::builder().with_empty_region().start();
    event("Sommerkonsert").on("2027-06-01T18:00").save(&app);
    let mut program = app.calendar_program();
    program.poll(FEED).calendar();
    // RFC 9110 section 8.8.2.2: another change may follow within the same second.
    assert_eq!(ask(&app, &[]).try_header("Last-Modified"), None);
    event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    assert_eq!(program.poll(FEED).calendar().events.len(), 2);
    app.wait(TimeDelta::seconds(1));
    assert!(ask(&app, &[]).try_header("Last-Modified").is_some());
    assert_eq!(program.poll(FEED), Poll::Same);
}

#[test]
fn after_a_change_both_validators_are_new() {
    let app = settled();
    let (tag, modified) = validators(&app);
    event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    ask(&app, &[("If-None-Match", &tag)]).ok();
    ask(&app, &[("If-Modified-Since", &modified)]).ok();
    let now = validators(&app);
    assert_ne!(now.0, tag);
    assert_ne!(now.1, modified);
}

#[test]
fn rule_03_a_removed_event_changes_the_tag() {
    let app = settled();
    let (before, _) = validators(&app);
    let other = event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    let with_it = ask(&app, &[]).header("ETag").to_owned();
    app.wait(TimeDelta::minutes(1));
    other.remove();
    app.wait(TimeDelta::minutes(1));
    let (without, modified) = validators(&app);
    assert_ne!(with_it, without);
    assert_eq!(before, without, "the same events are the same bytes");
    ask(&app, &[("If-None-Match", &with_it)]).ok();
    ask(&app, &[("If-Modified-Since", &modified)]).with_status(304);
}

#[test]
fn rule_03_an_event_that_leaves_the_window_changes_the_tag_without_a_commit() {
    let app = settled();
    let mut program = app.calendar_program();
    event("Skirenn").on("2026-12-01T10:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    assert_eq!(
        program.poll(FEED).calendar().titles(),
        ["Skirenn", "Sommerkonsert"]
    );
    assert!(app.turn_to("2027-02-28T12:00"));
    assert_eq!(
        program.poll(FEED),
        Poll::Same,
        "the race is in the last three months still"
    );
    assert!(app.turn_to("2027-03-02T12:00"));
    assert_eq!(program.poll(FEED).calendar().titles(), ["Sommerkonsert"]);
}

#[test]
fn whoever_goes_by_the_date_alone_learns_of_midnight_too() {
    let app = settled();
    event("Skirenn").on("2026-12-01T10:00").save(&app);
    assert!(app.turn_to("2027-02-28T12:00"));
    let (_, modified) = validators(&app);
    ask(&app, &[("If-Modified-Since", &modified)]).with_status(304);
    assert!(app.turn_to("2027-03-02T12:00"));
    let answer = ask(&app, &[("If-Modified-Since", &modified)]).ok();
    assert_eq!(answer.calendar().titles(), ["Sommerkonsert"]);
}

#[test]
fn a_commit_elsewhere_leaves_a_feed_as_it_was() {
    let app = settled();
    let feed = "/feeds/category/sport.ics";
    let mut program = app.calendar_program();
    event("Skirenn")
        .on("2026-12-01T10:00")
        .under("sport")
        .save(&app);
    program.poll(feed).calendar();
    event("Høstkonsert")
        .on("2027-09-01T18:00")
        .under("music")
        .save(&app);
    assert_eq!(program.poll(feed), Poll::Same);
}

#[test]
fn each_choice_has_a_tag_of_its_own() {
    let app = settled();
    let tag = |choice: &str| {
        let path = format!("{FEED}{choice}");
        app.ask(Method::GET, &path, &[])
            .ok()
            .header("ETag")
            .to_owned()
    };
    assert_ne!(tag(""), tag("?lang=en"));
    assert_eq!(tag(""), tag("?lang=nb"), "bokmål is what one gets unasked");
}

#[test]
fn pages_answer_conditional_requests_too() {
    let app = settled();
    for page in ["/", "/en", "/events/sommerkonsert", "/subscribe", "/about"] {
        let answer = app.visitor().get(page).ok();
        let tag = answer.header("ETag");
        app.ask(Method::GET, page, &[("If-None-Match", tag)])
            .with_status(304);
    }
}

#[test]
fn after_a_restore_a_date_from_before_it_gets_the_feed() {
    let mut app = settled();
    let backup = app.backup();
    event("Tapt").on("2027-06-02T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    let (_, modified) = validators(&app);
    app.restore(&backup);
    let answer = ask(&app, &[("If-Modified-Since", &modified)]).ok();
    assert_eq!(answer.calendar().titles(), ["Sommerkonsert"]);
}

/// Commits an event with an earlier time, as the import of many batches used to.
fn commit_late(app: &TestServer, title: &str, at: chrono::DateTime<chrono::Utc>) {
    let other = event(title).on("2027-09-01T18:00").save(app);
    let mut next = other.record();
    next.title.set(Lang::Nb, format!("{title} igjen"));
    let commit = Commit {
        author: Author::Operator,
        at,
        note: String::new(),
        changes: vec![Change::put(next.into())],
    };
    app.calendar().commit(commit).unwrap();
}

#[test]
fn a_commit_whose_author_noted_the_time_long_before_is_not_missed() {
    let app = settled();
    let began = app.now();
    app.wait(TimeDelta::minutes(1));
    event("Midt i").on("2027-07-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    let (_, modified) = validators(&app);
    commit_late(&app, "Høstkonsert", began);
    app.wait(TimeDelta::minutes(1));
    let answer = ask(&app, &[("If-Modified-Since", &modified)]).ok();
    assert!(answer.text().contains("Høstkonsert igjen"));
    assert_eq!(
        app.calendar().head().at,
        Some(app.now() - TimeDelta::minutes(1))
    );
}

#[test]
fn a_clock_that_jumped_years_ahead_and_back_gives_no_date_in_the_future_and_no_wrong_304() {
    let app = settled();
    let (_, before) = validators(&app);
    app.turn_to("2031-05-01T12:00");
    event("I fremtiden").on("2031-06-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(1));
    let (_, ahead) = validators(&app);
    app.turn_to("2026-11-23T12:00");
    // RFC 9110 section 8.8.2.1: no date later than that of the response.
    let back = ask(&app, &[]).ok();
    assert_eq!(back.try_header("Last-Modified"), None);
    let tag = back.header("ETag").to_owned();
    ask(&app, &[("If-None-Match", &tag)]).with_status(304);
    event("Etterpå").on("2027-06-02T18:00").save(&app);
    for since in [&before, &ahead] {
        let answer = ask(&app, &[("If-Modified-Since", since)]).ok();
        assert!(answer.text().contains("Etterpå"), "{since}");
    }
    // Commit times are monotonic, so there is no date until the clock has caught up.
    assert_eq!(ask(&app, &[]).ok().try_header("Last-Modified"), None);
    app.turn_to("2031-05-01T13:00");
    ask(&app, &[("If-Modified-Since", &ahead)]).ok();
    app.turn_to("2031-05-02T12:00");
    let (_, caught_up) = validators(&app);
    assert_ne!(caught_up, ahead);
    ask(&app, &[("If-Modified-Since", &ahead)]).ok();
    ask(&app, &[("If-Modified-Since", &caught_up)]).with_status(304);
}

#[test]
fn a_change_after_the_clock_was_set_back_is_not_missed() {
    let app = settled();
    let (_, modified) = validators(&app);
    // Back to the second that the client was given.
    app.wait(TimeDelta::seconds(-60));
    event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    app.wait(TimeDelta::minutes(2));
    ask(&app, &[("If-Modified-Since", &modified)]).ok();
}

#[test]
fn a_change_between_midnight_and_the_turn_of_the_day_is_not_missed() {
    let app = settled();
    event("Skirenn").on("2026-12-01T10:00").save(&app);
    assert!(app.turn_to("2027-03-01T23:59"));
    // Midnight has passed unnoticed.
    app.wait(TimeDelta::seconds(65));
    event("Høstkonsert").on("2027-09-01T18:00").save(&app);
    app.wait(TimeDelta::seconds(5));
    let first = ask(&app, &[]).ok();
    let modified = first.header("Last-Modified").to_owned();
    app.calendar().advance();
    let now = ask(&app, &[]).ok();
    let answer = ask(&app, &[("If-Modified-Since", &modified)]);
    assert!(answer.status == 200 || first.body == now.body);
}

/// RFC 9110 section 5.6.7: recipients accept all three date formats.
#[test]
fn a_date_is_read_in_each_form_that_there_ever_was() {
    let app = settled();
    let (_, modified) = validators(&app);
    let date =
        chrono::NaiveDateTime::parse_from_str(&modified, "%a, %d %b %Y %H:%M:%S GMT").unwrap();
    for form in [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ] {
        let same = date.format(form).to_string();
        ask(&app, &[("If-Modified-Since", &same)]).with_status(304);
        let before = (date - TimeDelta::days(1)).format(form).to_string();
        ask(&app, &[("If-Modified-Since", &before)]).ok();
    }
}

#[test]
fn an_empty_feed_stays_the_same_when_something_else_is_written() {
    let app = settled();
    for extension in ["rss", "atom", "json", "ics"] {
        let path = format!("/feeds/search.{extension}?q=finnesikke");
        let before = app.ask(Method::GET, &path, &[]).ok();
        app.wait(TimeDelta::minutes(1));
        event(&format!("Noe annet {extension}"))
            .on("2027-07-01T18:00")
            .save(&app);
        let after = app.ask(Method::GET, &path, &[]).ok();
        assert_eq!(after.header("ETag"), before.header("ETag"), "{extension}");
    }
}

/// Links and identifiers have a new address, so every copy is outdated whatever its date.
#[test]
fn after_the_public_address_has_changed_a_date_from_before_it_gets_the_feed() {
    let program = crate::support::Program::new();
    program.run(&["seed"]).ok();
    let client = reqwest::blocking::Client::builder()
        .no_proxy()
        .build()
        .unwrap();
    let modified_at = |address: &str, since: Option<&str>| {
        let mut request = client.get(format!("{address}{FEED}"));
        if let Some(since) = since {
            request = request.header("If-Modified-Since", since);
        }
        let answer = request.send().unwrap();
        let modified = answer.headers().get("Last-Modified");
        let modified = modified.map(|modified| modified.to_str().unwrap().to_owned());
        (answer.status().as_u16(), modified)
    };
    let mut before: Option<String> = None;
    for (site, is_new) in [("one", true), ("one", false), ("two", true), ("two", false)] {
        let settings = format!("[default.calendar]\nbase_url = \"https://{site}.example.no\"\n");
        program.write("site.toml", settings);
        let serving = program.serve(&["--config", "site.toml"]);
        let (status, _) = modified_at(&serving.address, before.as_deref());
        assert_eq!(status, if is_new { 200 } else { 304 }, "{site}");
        // A date is sent once its second has passed.
        let told = || modified_at(&serving.address, None).1;
        let begun = std::time::Instant::now();
        while told().is_none() && begun.elapsed().as_secs() < 30 {
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        before = told();
        assert!(before.is_some());
        assert!(serving.stop().0.success());
    }
}
