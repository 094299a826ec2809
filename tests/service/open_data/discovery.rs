//! What the head of a page leads to: feeds, previews, and the licence everywhere.

use crate::support::html::attributes;
use crate::support::server::BASE;
use crate::support::{TestServer, event};

/// Returns media type and path of the feeds that a page names.
fn feeds(app: &TestServer, path: &str) -> Vec<(String, String)> {
    let page = app.visitor().get(path).ok();
    let lines = page.text().lines();
    let lines = lines.filter(|line| line.contains("rel=\"alternate\" type=\""));
    // oEmbed describes the page itself.
    let lines = lines.filter(|line| !line.contains("json+oembed"));
    let own = |address: &str| address.strip_prefix(BASE).unwrap().to_owned();
    let feed = |line: &str| {
        (
            attributes(line, "type").concat(),
            own(&attributes(line, "href").concat()),
        )
    };
    lines.map(feed).collect()
}

#[test]
fn every_list_names_its_feeds_with_its_exact_filters() {
    let app = TestServer::start();
    let concert = event("Konsert")
        .at("Terningen Arena")
        .under("music")
        .on("2027-06-01T18:00");
    concert.by("Elverum kommune").save(&app);
    event("Kamp")
        .at("Elverum stadion")
        .under("sport")
        .on("2027-06-02T18:00")
        .save(&app);
    for (path, is_narrow) in [
        ("/", false),
        ("/?category=music&q=konsert", true),
        ("/en?category=music&from=2027-05-30", true),
        ("/places/terningen-arena", true),
        ("/en/organizers/elverum-kommune", true),
    ] {
        let found = feeds(&app, path);
        let types: Vec<&str> = found.iter().map(|it| it.0.as_str()).collect();
        let expected = [
            "text/calendar",
            "application/rss+xml",
            "application/atom+xml",
            "application/feed+json",
        ];
        assert_eq!(types, expected, "{path}");
        for (media_type, feed) in &found {
            let answer = app.program().get(feed).ok();
            assert!(
                answer.header("Content-Type").starts_with(media_type),
                "{feed}"
            );
            assert!(answer.text().contains("Konsert"), "{path}: {feed}");
            assert_eq!(answer.text().contains("Kamp"), !is_narrow, "{path}: {feed}");
            assert_eq!(
                feed.contains("lang=en"),
                path.starts_with("/en"),
                "{path}: {feed}"
            );
        }
    }
    assert_eq!(feeds(&app, "/events/konsert").len(), 1);
}

#[test]
fn every_answer_for_programs_names_the_licence() {
    let app = TestServer::start();
    event("Konsert")
        .under("music")
        .on("2027-06-01T18:00")
        .save(&app);
    let licence = "https://creativecommons.org/licenses/by/4.0/";
    let relation = format!("<{licence}>; rel=\"license\"");
    for extension in ["ics", "rss", "atom", "json", "jsonld", "csv"] {
        let feed = app.program().get(&format!("/feeds/all.{extension}")).ok();
        assert!(feed.header("Link").contains(&relation), "{extension}");
        let is_inside = feed.text().contains(licence);
        assert_eq!(is_inside, extension != "ics", "{extension}");
    }
    for path in [
        "/api/v1/changes",
        "/dump/events.ndjson",
        "/dump/events.csv",
        "/dump/events.ndjson.gz",
        "/dataset.jsonld",
        "/sitemap.xml",
    ] {
        let answer = app.program().get(path).ok();
        let links = answer.headers.get_all("Link").into_iter();
        let links: Vec<&str> = links.map(|it| it.to_str().unwrap()).collect();
        assert!(links.join(", ").contains(&relation), "{path}: {links:?}");
    }
    let changes = app.program().get("/api/v1/changes").ok().json();
    assert_eq!(changes["items"][0]["event"]["licence"], licence);
}

#[test]
fn a_region_without_a_licence_names_none() {
    let app = TestServer::builder().with_empty_region().start();
    event("Konsert").on("2027-06-01T18:00").save(&app);
    let feed = app.program().get("/feeds/all.rss").ok();
    assert!(!feed.header("Link").contains("license"));
    assert!(!feed.text().contains("copyright"));
    let page = app.visitor().get("/").ok();
    assert!(!page.text().contains("rel=\"license\""));
    assert_eq!(
        app.program()
            .get("/dump/events.csv")
            .ok()
            .try_header("Link"),
        None
    );
}
