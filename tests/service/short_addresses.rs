//! Short addresses: some programs fail silently on feed addresses of more than 256 characters, so long
//! selections get a short one.

use calendar_domain::ShortName;
use calendar_store::Store;
use chrono::TimeDelta;
use elverum_calendar::catalog::FilterUpkeep;
use reqwest::Method;

use crate::support::personas::BROWSER;
use crate::support::{Answer, TestServer, event, html};

/// Returns a selection whose address is too long; `words` makes it unique.
fn selection(words: &str) -> String {
    let places = "&place=terningen-arena&place=elverum-kulturhus&place=glomdalsmuseet\
        &place=norsk-skogmuseum&place=elverum-bibliotek&audience=youth&municipality=elverum&to=2027-12-31";
    format!("q={words}&category=music&category=sport&category=stage&audience=families{places}")
}

/// Sends a form, from this origin or another.
fn send(app: &TestServer, path: &str, from: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("Accept", BROWSER)];
    headers.extend(from);
    app.ask(Method::POST, path, &headers)
}

const OURS: [(&str, &str); 1] = [("Sec-Fetch-Site", "same-origin")];

/// Returns the addresses to copy from a page; the first is that of the page's subject.
fn addresses(page: &str) -> Vec<String> {
    html::attributes(page, "readonly value")
}

/// Returns the short name of the only stored filter.
fn only_name(app: &TestServer) -> ShortName {
    let snapshot = app.snapshot();
    let all: Vec<_> = snapshot.filters().collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].name.clone()
}

#[test]
fn rule_07_a_long_selection_gets_a_short_address_without_javascript() {
    let app = TestServer::start();
    for (prefix, lang) in [("", ""), ("/en", "?lang=en")] {
        let path = format!("{prefix}/subscribe?{}", selection("Elverum"));
        let page = app.visitor().get(&path).ok();
        if prefix.is_empty() {
            let form = html::between(page.text(), "<form class=\"shorten\"", ">");
            let [action] = &html::attributes(form, "action")[..] else {
                panic!("{form}");
            };
            let kept = send(&app, action, &OURS).with_status(303);
            assert_eq!(kept.header("Location"), *action);
            assert_eq!(page.header("Cache-Control"), "no-cache");
        }
        let name = only_name(&app);
        let page = app.visitor().get(&path).ok();
        let address = format!("https://kalender.example.no/feeds/s/{name}.ics{lang}");
        assert_eq!(addresses(page.text())[0], address);
        assert!(
            !page.text().contains("method=\"post\""),
            "it is there already"
        );
        let google = format!("feeds%2Fs%2F{name}.ics");
        assert!(page.text().contains(&google));
    }
}

#[test]
fn rule_07_no_feed_address_that_is_offered_is_longer_than_256_characters() {
    let app = TestServer::start();
    for path in [
        "/subscribe".to_owned(),
        "/subscribe?q=konsert&category=music".to_owned(),
        format!("/subscribe?{}", selection("a")),
        format!("/en/subscribe?{}", selection("b")),
    ] {
        send(&app, &path, &OURS).with_status(303);
        let page = app.visitor().get(&path).ok();
        let all = addresses(page.text());
        assert!(all.len() > 10, "{path}");
        for address in all {
            assert!(address.len() < 256, "{path}: {address}");
        }
    }
    assert_eq!(app.snapshot().filters().count(), 2, "only the long ones");
}

#[test]
fn a_stored_filter_is_the_search_under_another_address_in_every_format() {
    let app = TestServer::start();
    let concert = event("Elverum synger")
        .under("music")
        .for_audience("families");
    let concert = concert
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .save(&app);
    let path = format!("/subscribe?{}", selection("synger"));
    send(&app, &path, &OURS).with_status(303);
    let name = only_name(&app);
    for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
        for choice in ["", "lang=en", "lang=en&cancelled=status&tentative=omit"] {
            let and = if choice.is_empty() { "" } else { "&" };
            let question = if choice.is_empty() { "" } else { "?" };
            let long = format!(
                "/feeds/search.{extension}?{}{and}{choice}",
                selection("synger")
            );
            let short = format!("/feeds/s/{name}.{extension}{question}{choice}");
            let short = app.visitor().get(&short).ok();
            let unfolded = |text: &str| text.replace("\r\n ", "");
            let lines = |answer: &Answer| {
                let text = unfolded(answer.text());
                let own = |line: &&str| !line.contains("/feeds/");
                text.lines()
                    .filter(own)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            let long = app.visitor().get(&long).ok();
            assert_eq!(lines(&short), lines(&long), "{extension} {choice}");
            assert_eq!(short.header("Content-Type"), long.header("Content-Type"));
            let text = unfolded(short.text());
            assert!(!text.contains("/feeds/search"), "{extension}: {text}");
            let mut found = text.contains(&format!("/feeds/s/{name}.{extension}"));
            found |= ["csv", "jsonld"].contains(&extension);
            assert!(found, "{extension} names its own address: {text}");
        }
    }
    let calendar = app
        .visitor()
        .get(&format!("/feeds/s/{name}.ics"))
        .calendar();
    assert!(calendar.has(concert.uid()));
}

#[test]
fn asking_again_keeps_nothing_twice() {
    let app = TestServer::start();
    let orders = [
        format!("/subscribe?{}", selection("a+b")),
        format!("/subscribe?{}&lang=en", selection("b+a")),
        format!("/en/subscribe?{}&category=music", selection("A++B")),
    ];
    send(&app, &orders[0], &OURS).with_status(303);
    let commit = app.commit_number();
    for path in orders {
        send(&app, &path, &OURS).with_status(303);
    }
    only_name(&app);
    assert_eq!(app.commit_number(), commit);
}

#[test]
fn a_stored_filter_outlives_a_restart_and_changes_no_other_feed() {
    let mut app = TestServer::start();
    app.wait(TimeDelta::minutes(5));
    let (all, page) = (app.visitor().get("/feeds/all.ics"), app.visitor().get("/"));
    app.wait(TimeDelta::minutes(5));
    send(&app, &format!("/subscribe?{}", selection("a")), &OURS).with_status(303);
    for before in [&all, &page] {
        let after = app.visitor().get(&before.path);
        for name in ["ETag", "Last-Modified"] {
            assert_eq!(after.header(name), before.header(name), "{}", before.path);
        }
    }
    let feed = format!("/feeds/s/{}.ics", only_name(&app));
    let before = app.visitor().get(&feed).ok();
    app.restart();
    assert_eq!(app.visitor().get(&feed).ok().text(), before.text());
}

#[test]
fn an_unknown_short_name_is_not_found() {
    let app = TestServer::start();
    for path in [
        "/feeds/s/abcdefghijk2.ics",
        "/feeds/s/x.ics",
        "/feeds/s/%00.rss",
    ] {
        let answer = app.visitor().get(path).with_status(404);
        assert_eq!(
            answer.header("Content-Type"),
            "application/problem+json",
            "{path}"
        );
    }
}

#[test]
fn a_form_on_another_site_cannot_fill_the_store() {
    let app = TestServer::start();
    let path = format!("/subscribe?{}", selection("a"));
    let host = app.address().authority().to_owned();
    let own = format!("http://{host}");
    let foreign = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://example.org"),
        ("Origin", "https://kalender.example.no.example.org"),
        ("Origin", "null"),
    ];
    for header in foreign {
        let page = send(&app, &path, &[header]).with_status(403);
        assert!(page.text().contains("Det må gjøres herfra"), "{header:?}");
        let page = send(&app, &format!("/en{path}"), &[header]).with_status(403);
        assert!(
            page.text().contains("Use the form on this site"),
            "{header:?}"
        );
    }
    assert_eq!(app.snapshot().filters().count(), 0);
    for header in [
        ("Origin", "https://kalender.example.no"),
        ("Origin", own.as_str()),
        ("Sec-Fetch-Site", "same-origin"),
    ] {
        send(&app, &path, &[header]).with_status(303);
    }
}

#[test]
fn there_are_only_so_many_within_an_hour() {
    let app = TestServer::builder().keeping_filters(100, 2).start();
    let keep = |words: &str| send(&app, &format!("/en/subscribe?{}", selection(words)), &OURS);
    keep("a").with_status(303);
    app.wait(TimeDelta::minutes(20));
    keep("b").with_status(303);
    app.wait(TimeDelta::minutes(10));
    let refused = keep("c").with_status(429);
    assert_eq!(refused.header("Retry-After"), "1800");
    assert!(
        refused.text().contains("Please wait a little"),
        "{}",
        refused.text()
    );
    keep("a").with_status(303);
    app.wait(TimeDelta::minutes(30));
    keep("c").with_status(303);
}

#[test]
fn one_client_can_not_use_up_what_all_may_keep_within_an_hour() {
    let app = TestServer::start();
    let keep = |client: &str, words: &str| {
        let path = format!("/subscribe?{}", selection(words));
        send(&app, &path, &[OURS[0], ("X-Real-IP", client)])
    };
    let mut taken = 0;
    // An IPv6 /64 is one client.
    let refused = loop {
        let answer = keep(&format!("2001:db8::{taken:x}"), &format!("a{taken}"));
        if answer.status == 429 {
            break answer;
        }
        answer.with_status(303);
        taken += 1;
        assert!(taken < 60, "one client takes all");
    };
    let wait: i64 = refused.header("Retry-After").parse().unwrap();
    keep("2001:db8:0:1::1", "b").with_status(303);
    keep("198.51.100.1", "c").with_status(303);
    // A stored filter does not count as new.
    keep("2001:db8::1", "a0").with_status(303);
    app.wait(TimeDelta::seconds(wait));
    keep("2001:db8::1", "d").with_status(303);
}

#[test]
fn a_filter_that_nobody_uses_is_forgotten_and_one_in_use_is_kept_with_a_write_a_month() {
    let mut app = TestServer::start();
    for words in ["a", "b"] {
        send(&app, &format!("/subscribe?{}", selection(words)), &OURS).with_status(303);
    }
    let names: Vec<_> = app
        .snapshot()
        .filters()
        .map(|filters| filters.name.clone())
        .collect();
    let feed = |name: &ShortName| format!("/feeds/s/{name}.ics");
    let pass = |app: &TestServer, days: i64| {
        app.wait(TimeDelta::days(days));
        app.calendar().advance();
    };
    let tidy = |app: &TestServer| app.calendar().tidy_filters(400).unwrap();
    let outcome = |noted, forgotten| FilterUpkeep { noted, forgotten };
    // Used weekly for more than a year: recorded once a month.
    let mut noted = 0;
    for week in 0..58 {
        pass(&app, 7);
        app.visitor().get(&feed(&names[0])).ok();
        let commit = app.commit_number();
        let done = tidy(&app);
        assert_eq!(app.commit_number() - commit, done.noted as u64);
        assert_eq!(done.forgotten, 0, "week {week}");
        noted += done.noted;
    }
    assert!((8..=14).contains(&noted), "{noted}");
    app.restart();
    // 406 days have passed, and the last month may not be recorded.
    assert_eq!(tidy(&app), outcome(0, 0));
    pass(&app, 26);
    app.visitor().get(&feed(&names[0])).ok();
    assert_eq!(tidy(&app).forgotten, 1);
    app.visitor().get(&feed(&names[0])).ok();
    app.visitor().get(&feed(&names[1])).with_status(404);
    // With 0, filters never expire. The other one can be stored again.
    pass(&app, 1_000);
    assert_eq!(app.calendar().tidy_filters(0).unwrap(), outcome(0, 0));
    send(&app, &format!("/subscribe?{}", selection("b")), &OURS).with_status(303);
    app.visitor().get(&feed(&names[1])).ok();
}

#[test]
fn there_are_only_so_many_in_all() {
    let app = TestServer::builder().keeping_filters(1, 100).start();
    let keep = |words: &str| send(&app, &format!("/subscribe?{}", selection(words)), &OURS);
    keep("a").with_status(303);
    let refused = keep("b").with_status(507);
    assert!(
        refused
            .text()
            .contains("ikke plass til flere korte adresser")
    );
    app.visitor().get("/feeds/all.ics").ok();
    keep("a").with_status(303);
    only_name(&app);
}

#[test]
fn a_selection_of_thousands_of_words_is_refused() {
    let app = TestServer::start();
    let many: Vec<String> = (0..25)
        .map(|n| format!("q={}", format!("{n}x").repeat(70)))
        .collect();
    let refused = send(&app, &format!("/subscribe?{}", many.join("&")), &OURS).with_status(400);
    assert!(refused.text().contains("4000"), "{}", refused.text());
    assert_eq!(app.calendar().snapshot().filters().count(), 0);
    assert!(app.calendar().load().is_ok());
}
