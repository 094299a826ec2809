//! `/sitemap.xml` and `/robots.txt`.

use std::collections::{BTreeMap, BTreeSet};

use calendar_domain::partner::Permission;
use calendar_domain::{Channel, ContentPolicy, Owner, Partner, Source};
use calendar_language::Words;
use calendar_store::Change;
use chrono::{DateTime, SecondsFormat, TimeDelta};

use crate::support::html::attributes;
use crate::support::server::BASE;
use crate::support::{TestServer, event};

/// An address of a sitemap: its time of change, and its versions by language.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Listed {
    changed: Option<String>,
    versions: BTreeMap<String, String>,
}

/// Returns what stands between tags.
fn within<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let (begin, end) = (format!("<{tag}>"), format!("</{tag}>"));
    let parts = text.split(begin.as_str()).skip(1);
    parts
        .map(|rest| rest.split(end.as_str()).next().unwrap_or_default())
        .collect()
}

fn files(app: &TestServer) -> Vec<String> {
    let index = app.visitor().get("/sitemap.xml").ok();
    assert_eq!(
        index.header("Content-Type"),
        "application/xml; charset=utf-8"
    );
    let files = within(index.text(), "loc").into_iter();
    files
        .map(|file| file.strip_prefix(BASE).unwrap().to_owned())
        .collect()
}

/// Returns all addresses of all files. Each must be there once.
fn listed(app: &TestServer) -> BTreeMap<String, Listed> {
    let mut all = BTreeMap::new();
    for file in files(app) {
        let urls = app.visitor().get(&file).ok();
        let found = within(urls.text(), "url");
        assert!(found.len() <= 50_000, "{file}");
        assert!(urls.body.len() <= 50_000_000, "{file}");
        for url in found {
            let address = within(url, "loc").concat();
            let (langs, pages) = (attributes(url, "hreflang"), attributes(url, "href"));
            let listed = Listed {
                changed: within(url, "lastmod")
                    .first()
                    .map(|within| (*within).to_owned()),
                versions: langs.into_iter().zip(pages).collect(),
            };
            let before = all.insert(address.clone(), listed);
            assert_eq!(before, None, "{address} stands twice");
        }
    }
    all
}

#[test]
fn every_address_is_a_page_that_may_be_indexed_with_all_its_versions() {
    let app = TestServer::start();
    let all = listed(&app);
    assert!(all.len() > 50);
    for (address, listed) in &all {
        let page = app.visitor().get(address.strip_prefix(BASE).unwrap()).ok();
        assert_eq!(page.try_header("X-Robots-Tag"), None, "{address}");
        let text = page.text();
        assert!(
            text.contains(&format!("rel=\"canonical\" href=\"{address}\"")),
            "{address}"
        );
        for (lang, version) in &listed.versions {
            let link = format!("hreflang=\"{lang}\" href=\"{version}\"");
            assert!(text.contains(&link), "{address}: {link}");
            assert_eq!(all[version].versions, listed.versions, "{address}");
        }
        let languages: Vec<&str> = listed.versions.keys().map(String::as_str).collect();
        assert_eq!(languages.len(), Words::all().count() + 1, "{languages:?}");
        assert!(languages.contains(&"nb") && languages.contains(&"x-default"));
    }
    for path in [
        "/",
        "/en",
        "/series/grundsetmartn",
        "/places/terningen-arena",
        "/organizers/elverum-kommune",
    ] {
        assert!(all.contains_key(&format!("{BASE}{path}")), "{path}");
    }
}

#[test]
fn a_change_is_dated_and_a_removed_event_leaves() {
    let app = TestServer::start();
    let concert = event("Konsert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .save(&app);
    app.wait(TimeDelta::hours(30));
    concert.rename("Vinterkonsert");
    let address = format!("{BASE}{}", concert.page());
    let changed = app.now().to_rfc3339_opts(SecondsFormat::Secs, true);
    let all = listed(&app);
    assert_eq!(all[&address].changed.as_deref(), Some(changed.as_str()));
    let place = format!("{BASE}/places/terningen-arena");
    assert_eq!(all[&place].changed.as_deref(), Some(changed.as_str()));
    let index = app.visitor().get("/sitemap.xml").ok();
    assert!(within(index.text(), "lastmod").contains(&changed.as_str()));
    concert.withdraw();
    assert!(!listed(&app).contains_key(&address));
}

#[test]
fn events_that_a_partner_keeps_from_search_engines_are_left_out() {
    let app = TestServer::start();
    let partner = Partner {
        policy: ContentPolicy {
            indexing: Permission::Refused,
            ..ContentPolicy::default()
        },
        ..Partner::new("skjult".parse().unwrap(), "Skjult", Owner::DataFile)
    };
    app.commit(vec![partner.into()]);
    let shown = event("Synlig").on("2027-06-01T18:00").save(&app);
    let hidden = event("Usynlig").on("2027-06-01T18:00").save(&app);
    hidden.change(|event| {
        event.sources = vec![Source {
            partner: "skjult".parse().unwrap(),
            origin_id: "1".into(),
            url: None,
            fetched_at: DateTime::UNIX_EPOCH,
            content_hash: String::new(),
            secondhand: false,
            channel: Channel::Feed,
        }];
    });
    let all = listed(&app);
    assert!(all.contains_key(&format!("{BASE}{}", shown.page())));
    assert!(!all.contains_key(&format!("{BASE}{}", hidden.page())));
}

#[test]
fn many_events_are_in_several_files() {
    let app = TestServer::builder().with_empty_region().start();
    let events = (0..2_500).map(|number| {
        let made = event(&format!("Nummer {number}")).on("2027-06-01T18:00");
        Change::create(made.finish(&app).into())
    });
    app.commit_changes(events.collect());
    let files = files(&app);
    assert_eq!(files.len(), 5, "{files:?}");
    let all = listed(&app);
    let events = all.keys().filter(|key| key.contains("/events/"));
    assert_eq!(events.count(), Words::all().count() * 2_500);
    for unknown in [
        "events-0", "events-5", "pages-9", "places-1", "events-x", "events",
    ] {
        let path = format!("/sitemap/{unknown}.xml");
        app.visitor().get(&path).with_status(404);
    }
}

/// Returns whether a crawler may fetch a path, by the longest rule that matches (RFC 9309 2.2.2).
fn is_allowed(robots: &str, path: &str) -> bool {
    let mut best = (0, true);
    for line in robots.lines() {
        let Some((name, pattern)) = line.split_once(": ") else {
            continue;
        };
        let is_allowed = name == "Allow";
        if (is_allowed || name == "Disallow")
            && matches(pattern, path)
            && (pattern.len(), is_allowed) > best
        {
            best = (pattern.len(), is_allowed);
        }
    }
    best.1
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    parts.all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[test]
fn crawlers_may_read_pages_their_parts_and_the_next_ones_but_not_every_filter() {
    let app = TestServer::start();
    for number in 0..80 {
        let day = 1 + number % 28;
        event(&format!("Nummer {number}"))
            .on(&format!("2027-03-{day:02}T18:00"))
            .save(&app);
    }
    let robots = app.visitor().get("/robots.txt").ok();
    let robots = robots.text();
    assert!(
        robots.contains(&format!("Sitemap: {BASE}/sitemap.xml\n")),
        "{robots}"
    );
    let page = app.visitor().get("/en").ok();
    let later = attributes(page.text(), "href").into_iter();
    let later: BTreeSet<String> = later.filter(|text| text.contains("page_from=")).collect();
    assert!(!later.is_empty());
    let style = attributes(page.text(), "href")
        .into_iter()
        .find(|attribute| attribute.ends_with(".css"));
    let mut open: Vec<String> = later.into_iter().chain(style).collect();
    open.extend(
        [
            "/",
            "/en/events/konsert",
            "/feeds/all.rss?lang=en",
            "/sitemap.xml",
        ]
        .map(str::to_owned),
    );
    for path in open {
        assert!(is_allowed(robots, &path), "{path}: {robots}");
    }
    for path in [
        "/?category=music",
        "/en?q=a&page_from=2027-01-01",
        "/feeds/search.ics?q=a",
        "/login",
    ] {
        assert!(!is_allowed(robots, path), "{path}: {robots}");
    }
    let later = app.visitor().get("/?page_from=2027-03-20").ok();
    assert_eq!(later.header("X-Robots-Tag"), "noindex");
    assert_eq!(
        app.visitor()
            .get("/?category=music")
            .ok()
            .header("X-Robots-Tag"),
        "noindex"
    );
}
