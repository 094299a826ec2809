//! What the head of a page leads to: feeds, previews, and the licence everywhere.

use calendar_domain::{ContentPolicy, Owner, Partner};
use reqwest::Method;

use crate::support::html::{attributes, words};
use crate::support::server::BASE;
use crate::support::{Answer, TestServer, event};

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
        let types: Vec<&str> = found.iter().map(|feed| feed.0.as_str()).collect();
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
        let links = links_of(&answer);
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

const SHARE_ALIKE: &str = "https://creativecommons.org/licenses/by-sa/4.0/";

/// Saves a partner with this licence, and an event of it.
fn event_under(app: &TestServer, licence: &str) {
    let partner = Partner {
        policy: ContentPolicy {
            licence: Some(licence.to_owned()),
            ..ContentPolicy::default()
        },
        ..Partner::new("kino".parse().unwrap(), "Kinoen", Owner::DataFile)
    };
    app.commit(vec![partner.into()]);
    if app.snapshot().event_at(&"film".parse().unwrap()).is_none() {
        let film = event("Film").sent_by("kino").on("2027-06-01T18:00");
        film.save(app);
    }
}

/// Returns the values of all `Link` fields of a response.
fn links_of(answer: &Answer) -> Vec<&str> {
    let links = answer.headers.get_all("Link").into_iter();
    links.map(|link| link.to_str().unwrap()).collect()
}

/// Returns the values of all `Link` fields.
fn links(app: &TestServer, path: &str) -> String {
    let answer = app.program().get(path).ok();
    links_of(&answer).join(", ")
}

/// What is about one event, or one partner, of the partner.
const ABOUT_FILM: [&str; 7] = [
    "/api/v1/events/film",
    "/events/film.ics",
    "/events/film.json",
    "/feeds/partner/kino.ics",
    "/feeds/partner/kino.rss",
    "/feeds/partner/kino.atom",
    "/oembed?format=json&url=",
];

fn about_film() -> impl Iterator<Item = String> {
    let page = format!("{BASE}/events/film");
    let with_page = move |path: &&str| match path.strip_suffix("url=") {
        Some(_) => format!("{path}{page}"),
        None => (*path).to_owned(),
    };
    ABOUT_FILM.iter().map(with_page)
}

#[test]
fn the_licence_that_a_partner_states_replaces_that_of_the_calendar() {
    let app = TestServer::start();
    event_under(&app, SHARE_ALIKE);
    let relation = format!("<{SHARE_ALIKE}>; rel=\"license\"");
    for path in about_film() {
        let links = links(&app, &path);
        assert!(links.contains(&relation), "{path}: {links}");
        assert_eq!(links.matches("license\"").count(), 1, "{path}: {links}");
    }
    // A copy that is still right is under the same licence.
    let tag = app.program().get("/api/v1/events/film").ok();
    let headers = [("If-None-Match", tag.header("ETag"))];
    let same = app.ask(Method::GET, "/api/v1/events/film", &headers);
    let same = same.with_status(304);
    let links: Vec<&str> = links_of(&same);
    assert!(links.contains(&relation.as_str()), "{links:?}");
    assert_eq!(links, links_of(&tag), "as those of 200");
    for page in ["/events/film", "/en/events/film", "/partners/kino"] {
        let html = app.visitor().get(page).ok();
        let link = format!("<link rel=\"license\" href=\"{SHARE_ALIKE}\">");
        assert!(html.text().contains(&link), "{page}");
        let visible = format!("<a href=\"{SHARE_ALIKE}\" rel=\"license\">");
        assert!(html.text().contains(&visible), "{page}");
        assert!(!html.text().contains("licenses/by/4.0"), "{page}");
    }
}

#[test]
fn a_licence_without_an_address_is_named_where_it_can_be_read_and_in_no_link() {
    let app = TestServer::start();
    event_under(&app, "All rights reserved");
    for path in about_film() {
        let links = links(&app, &path);
        assert!(!links.contains("license\""), "{path}: {links}");
    }
    let page = app.visitor().get("/events/film").ok();
    let footer = words(page.text());
    assert!(footer.contains("Lisens for det denne siden viser: All rights reserved."));
    assert!(!page.text().contains("rel=\"license\""));
    let file = app.program().get("/events/film.ics").ok();
    let text = file.text().replace("\r\n ", "");
    assert!(text.contains("Lisens: All rights reserved"), "{text}");
}

#[test]
fn items_of_a_feed_name_the_licence_of_their_partner_beside_that_of_the_calendar() {
    let app = TestServer::start();
    event_under(&app, SHARE_ALIKE);
    event("Konsert").on("2027-06-01T18:00").save(&app);
    let feed = |extension: &str| app.program().get(&format!("/feeds/all.{extension}")).ok();
    let item = |text: &str, around: &str| {
        let start = text
            .split(around)
            .find(|part| part.contains("<title>Film<"))
            .unwrap();
        start.to_owned()
    };
    let rss = feed("rss");
    let (own, film) = (rss.text().to_owned(), item(rss.text(), "<item>"));
    assert!(own.contains("<copyright>CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"));
    assert!(
        film.contains(&format!("<dc:rights>{SHARE_ALIKE}</dc:rights>")),
        "{film}"
    );
    assert_eq!(own.matches("<dc:rights>").count(), 1);
    let atom = feed("atom");
    let film = item(atom.text(), "<entry");
    assert!(
        film.contains(&format!("<rights>{SHARE_ALIKE}</rights>")),
        "{film}"
    );
    assert!(film.contains(&format!("<link rel=\"license\" href=\"{SHARE_ALIKE}\"/>")));
    assert_eq!(atom.text().matches("<rights>").count(), 2);
    let json = feed("json").json();
    let items = json["items"].as_array().unwrap();
    let of = |title: &str| items.iter().find(|item| item["title"] == title).unwrap();
    assert_eq!(of("Film")["_licence"]["url"], SHARE_ALIKE);
    assert!(of("Konsert").get("_licence").is_none());
    assert_eq!(json["_licence"]["name"], "CC BY 4.0");
    let relation = "<https://creativecommons.org/licenses/by/4.0/>; rel=\"license\"";
    assert!(links(&app, "/feeds/all.rss").contains(relation));
    assert!(links(&app, "/api/v1/events").contains(relation));
}

/// Responses with a list of one partner's events.
const LISTS_OF_KINO: [&str; 9] = [
    "/feeds/search.ics?partner=kino",
    "/feeds/search.rss?partner=kino&from=2027-01-01",
    "/feeds/search.json?partner=kino",
    "/api/v1/events?partner=kino",
    "/api/v1/occurrences?partner=kino",
    "/embed/events.json?partner=kino",
    "/embed/events.json?partner=kino&layout=month&month=2027-06",
    "/oembed?format=json&url=",
    "/oembed?format=json&url=/en",
];

#[test]
fn a_list_of_one_partner_is_under_the_licence_of_the_partner() {
    let app = TestServer::start();
    event_under(&app, SHARE_ALIKE);
    let path = |path: &str| match path.split_once("url=") {
        Some((start, lang)) => format!("{start}url={BASE}{lang}%3Fpartner%3Dkino"),
        None => path.to_owned(),
    };
    let relation = format!("<{SHARE_ALIKE}>; rel=\"license\"");
    for list in LISTS_OF_KINO.map(path) {
        let links = links(&app, &list);
        assert!(links.contains(&relation), "{list}: {links}");
        assert_eq!(links.matches("license\"").count(), 1, "{list}: {links}");
    }
    for list in [
        "/api/v1/events",
        "/api/v1/occurrences",
        "/embed/events.json",
    ] {
        let list = app.program().get(&format!("{list}?partner=kino")).ok();
        assert_eq!(list.json()["licence"], SHARE_ALIKE);
    }
    let link = format!("<link rel=\"license\" href=\"{SHARE_ALIKE}\">");
    for page in [
        "/?partner=kino",
        "/embed/list?partner=kino",
        "/embed/event/film",
    ] {
        let html = app.visitor().get(page).ok();
        assert!(html.text().contains(&link), "{page}");
        assert!(!html.text().contains("licenses/by/4.0"), "{page}");
    }
    // A partner that states another one, or none, beside it.
    let other = Partner::new("teater".parse().unwrap(), "Teatret", Owner::DataFile);
    app.commit(vec![other.into()]);
    let usual = "<https://creativecommons.org/licenses/by/4.0/>; rel=\"license\"";
    for list in
        LISTS_OF_KINO.map(|list| path(list).replace("partner=kino", "partner=teater&partner=kino"))
    {
        let list = list.replace("partner%3Dkino", "partner%3Dteater%26partner%3Dkino");
        assert!(links(&app, &list).contains(usual), "{list}");
    }
    // The partner states another one.
    event_under(&app, "All rights reserved");
    for list in LISTS_OF_KINO.map(path) {
        let links = links(&app, &list);
        assert!(!links.contains("license\""), "{list}: {links}");
    }
    let list = app.program().get("/api/v1/events?partner=kino").ok().json();
    assert_eq!(list["licence"], serde_json::Value::Null);
    assert_eq!(list["items"][0]["licence"], "All rights reserved");
}
