//! Detection of the interface at an address.

use calendar_domain::Lang;
use chrono_tz::Europe::Oslo;
use elverum_calendar::http::Fetcher;
use elverum_calendar::ingest::detect::{DetectContext, DetectError, Detected, detect};

use serde_json::json;

use crate::support::{Partner, Reply, all_fixtures, asking, fixture};
use crate::tabular::programme;

fn find(partner: &Partner, path: &str) -> Result<Detected, DetectError> {
    let url = partner.url(path);
    let host = format!("127.0.0.1:{}", url.port().expect("it has a port"));
    let fetcher = Fetcher::new(vec![host.parse().expect("host and port")], 10 << 20, None);
    let asking = asking(&url);
    let context = DetectContext {
        zone: Oslo,
        language: Lang::Nb,
        today: asking.today,
        now: asking.now,
    };
    let runtime = rocket::tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .expect("a runtime starts")
        .block_on(detect(&fetcher, &url, &context))
}

#[track_caller]
fn is(found: &Detected, connector: &str, path: &str) {
    let at = found.url.path().to_owned()
        + &found
            .url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
    assert_eq!(
        (found.connector, at.as_str()),
        (connector, path),
        "{}",
        found.why
    );
    assert!(!found.why.is_empty());
}

#[test]
fn each_listing_is_found_at_its_own_address() {
    for (id, path, bytes) in all_fixtures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Bodies that need the connector's own request.
        if !name.starts_with("list") || name.contains("empty") {
            continue;
        }
        let partner = Partner::answering(move |request| match request.path.as_str() {
            "/data" => Reply::of("application/octet-stream", bytes.clone()),
            _ => Reply::status(404),
        });
        let found = find(&partner, "/data").unwrap_or_else(|error| panic!("{id} {name}: {error}"));
        assert_eq!(found.connector, id, "{name}: {}", found.why);
        assert!(found.events.len() <= 10);
    }
}

#[test]
fn a_workbook_is_found_and_its_events_are_shown() {
    let partner = Partner::answering(|_| Reply::of("application/octet-stream", programme()));
    let found = find(&partner, "/program.xlsx").unwrap();
    is(&found, "tabular", "/program.xlsx");
    assert_eq!(found.events.len(), 5);
}

#[test]
fn a_page_leads_to_the_calendar_that_it_links_to() {
    let page = "<html><link rel='alternate' type='application/rss+xml' href='/feed/'>\
        <link rel='alternate' type='text/calendar' href='/alle.ics'><p>Velkommen</p>";
    let partner = Partner::answering(move |request| match request.path.as_str() {
        "/" => Reply::of("text/html", page),
        "/alle.ics" => Reply::of("text/calendar", fixture("ics/list.ics")),
        _ => Reply::status(404),
    });
    let found = find(&partner, "/").unwrap();
    is(&found, "ics", "/alle.ics");
    assert!(found.why.contains("links to"), "{}", found.why);
    assert!(!found.events.is_empty());
}

#[test]
fn a_page_with_a_programme_counts_for_more_than_the_calendar_of_one_event() {
    let page = String::from_utf8(fixture("json_ld/list.html")).unwrap();
    let page = page.replace("<h1>", "<a href='/en.ics'>Legg i kalender</a><h1>");
    let partner = Partner::answering(move |request| match request.path.as_str() {
        "/program" => Reply::of("text/html", page.clone()),
        "/en.ics" => Reply::of("text/calendar", fixture("ics/list.ics")),
        _ => Reply::status(404),
    });
    is(&find(&partner, "/program").unwrap(), "json_ld", "/program");
}

#[test]
fn a_front_page_that_says_nothing_is_guessed_at() {
    let partner = Partner::answering(|request| match request.path.as_str() {
        "/" => Reply::of("text/html", "<html><h1>Eksempelhuset</h1>"),
        "/sitemap.xml" => Reply::of(
            "application/xml",
            format!(
                "<urlset><url><loc>{}/program</loc></url></urlset>",
                request.base
            ),
        ),
        "/program" => Reply::of("text/html", fixture("json_ld/list.html")),
        _ => Reply::status(404),
    });
    let found = find(&partner, "/").unwrap();
    is(&found, "json_ld", "/sitemap.xml");
    assert!(!found.events.is_empty());
    assert!(partner.asked().len() <= 24);
}

#[test]
fn an_actor_leads_to_its_outbox() {
    let partner = Partner::answering(|request| {
        let outbox = format!("{}/@gruppa/outbox", request.base);
        match request.path.as_str() {
            "/@gruppa" => Reply::json(
                &serde_json::json!({"@context": "https://www.w3.org/ns/activitystreams", "type": "Group", "outbox": outbox}),
            ),
            "/@gruppa/outbox" => Reply::of(
                "application/activity+json",
                fixture("activity_pub/list.json"),
            ),
            _ => Reply::status(404),
        }
    });
    let found = find(&partner, "/@gruppa").unwrap();
    is(&found, "activity_pub", "/@gruppa/outbox");
    let titles: Vec<&str> = found
        .events
        .iter()
        .map(|event| event.title.exact(Lang::Nb).unwrap())
        .collect();
    assert!(
        titles.contains(&"Dans på låven") && !titles.contains(&"Dans"),
        "{titles:?}"
    );
}

#[test]
fn a_feed_of_news_is_passed_over_and_everything_tried_is_told() {
    let partner = Partner::answering(|request| match request.path.as_str() {
        "/" => Reply::of(
            "text/html",
            "<html><link rel='alternate' type='application/rss+xml' href='/feed/'>",
        ),
        "/feed/" => Reply::of(
            "application/rss+xml",
            "<rss><channel><item><title>Nytt</title><pubDate>x</pubDate></item></channel></rss>",
        ),
        _ => Reply::status(404),
    });
    let error = find(&partner, "/").unwrap_err();
    let said = error.to_string();
    assert!(error.tried.len() > 5, "{said}");
    assert!(
        said.contains("/feed/: no connector recognises") && said.contains("404"),
        "{said}"
    );
    assert!(partner.asked().len() <= 24, "{}", partner.asked().len());
}

#[test]
fn an_address_of_a_private_network_is_not_asked() {
    let partner = Partner::answering(|_| Reply::of("text/calendar", fixture("ics/list.ics")));
    let url = partner.url("/");
    let asking = asking(&url);
    let context = DetectContext {
        zone: Oslo,
        language: Lang::Nb,
        today: asking.today,
        now: asking.now,
    };
    let fetcher = Fetcher::new(vec![], 1 << 20, None);
    let runtime = rocket::tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let error = runtime
        .unwrap()
        .block_on(detect(&fetcher, &url, &context))
        .unwrap_err();
    assert!(
        error.to_string().contains("not a public address"),
        "{error}"
    );
    assert!(partner.asked().is_empty());
}

#[test]
fn the_interface_of_the_events_calendar_is_preferred_to_its_file() {
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Eksempelhuset - ECPv6.0.1//NONSGML v1.0//EN\r\n\
        BEGIN:VEVENT\r\nUID:1-1811865600-1811872800@eksempel.example\r\nDTSTART:20270601T160000Z\r\n\
        SUMMARY:Eksempelkonsert\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let rest = "/wp-json/tribe/events/v1/events";
    let partner = |has_rest: bool| {
        Partner::answering(move |request| match request.path.as_str() {
            "/events/" if request.query.contains_key("ical") => Reply::of("text/calendar", file),
            "/wp-json/tribe/events/v1/events" if has_rest => Reply::json(&json!({
                "events": [{"id": 1, "title": "Eksempelkonsert", "utc_start_date": "2027-06-01 16:00:00",
                    "start_date": "2027-06-01 18:00:00", "timezone": "Europe/Oslo"}],
                "rest_url": "https://eksempel.example/wp-json/tribe/events/v1/events/",
            })),
            _ => Reply::status(404),
        })
    };
    let found = find(&partner(true), "/events/?ical=1").unwrap();
    is(&found, "tribe", rest);
    let found = find(&partner(false), "/events/?ical=1").unwrap();
    is(&found, "ics", "/events/?ical=1");
}

#[test]
fn what_a_run_would_say_of_a_file_that_cannot_be_read_is_said() {
    for (body, word) in [
        (
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..],
            "save it as .xlsx or CSV",
        ),
        (b"Navn;Telefon\nKari;1\nOla;2\n", "«dato»"),
    ] {
        let partner = Partner::answering(move |_| Reply::of("application/octet-stream", body));
        let error = find(&partner, "/program").unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn no_secret_of_an_address_is_in_what_was_tried() {
    let partner = Partner::answering(|_| Reply::status(404));
    let error = find(&partner, "/all.ics?api%5Fkey=hemmelig").unwrap_err();
    assert!(!error.to_string().contains("hemmelig"), "{error}");
    assert!(error.to_string().contains("404"), "{error}");
}
