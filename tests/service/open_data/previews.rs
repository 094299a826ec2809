//! Pictures for previews in social networks.

use crate::support::html::attributes;
use crate::support::server::BASE;
use crate::support::{Answer, TestServer, event};

/// Returns the value of a `meta` element of a page.
#[track_caller]
fn meta(page: &Answer, name: &str) -> String {
    let lines = page.text().lines();
    let line = lines
        .into_iter()
        .find(|line| line.contains(&format!("=\"{name}\"")));
    let line = line.unwrap_or_else(|| panic!("{} has no {name}", page.path));
    attributes(line, "content").concat()
}

/// Returns the path of the picture of a page.
fn picture(app: &TestServer, path: &str) -> String {
    let page = app.visitor().get(path).ok();
    assert_eq!(meta(&page, "twitter:card"), "summary_large_image");
    assert_eq!(meta(&page, "og:url"), format!("{BASE}{path}"));
    let address = meta(&page, "og:image");
    address.strip_prefix(BASE).unwrap().to_owned()
}

/// Returns width and height of a PNG (W3C PNG 11.2.2).
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn every_kind_of_page_has_a_picture_in_its_language() {
    let app = TestServer::start();
    event("Konsert")
        .called_in_english("Concert")
        .at("Terningen Arena")
        .on("2027-06-01T18:00")
        .save(&app);
    let mut seen = Vec::new();
    for path in [
        "/",
        "/en",
        "/about",
        "/events/konsert",
        "/en/events/konsert",
        "/series/grundsetmartn",
        "/places/terningen-arena",
        "/organizers/elverum-kommune",
    ] {
        let address = picture(&app, path);
        let answer = app.visitor().get(&address).ok();
        assert_eq!(answer.header("Content-Type"), "image/png", "{path}");
        assert_eq!(size(&answer.body), (1200, 630), "{path}");
        assert!(
            answer.header("Cache-Control").contains("immutable"),
            "{path}"
        );
        assert_eq!(app.visitor().get(&address).ok().body, answer.body, "{path}");
        seen.push(answer.body);
    }
    assert_eq!(
        seen[0], seen[2],
        "pages without a picture of their own share one"
    );
    assert_ne!(seen[3], seen[4]);
    let page = app.visitor().get("/en/events/konsert").ok();
    assert_eq!(meta(&page, "og:title"), "Concert");
    assert_eq!(meta(&page, "og:locale"), "en_GB");
    assert!(
        meta(&page, "og:image:alt").starts_with("Concert. "),
        "{page:?}"
    );
}

#[test]
fn a_change_gives_another_address_and_the_old_one_shows_the_change() {
    let app = TestServer::start();
    let concert = event("Konsert").on("2027-06-01T18:00").save(&app);
    let before = picture(&app, &concert.page());
    let old = app.visitor().get(&before).ok();
    concert.cancel();
    let after = picture(&app, &concert.page());
    assert_ne!(before, after);
    let new = app.visitor().get(&after).ok();
    assert_ne!(old.body, new.body);
    let shared = app.visitor().get(&before).ok();
    assert_eq!(shared.body, new.body);
    assert!(!shared.header("Cache-Control").contains("immutable"));
}

#[test]
fn hostile_titles_and_addresses_harm_nothing() {
    let app = TestServer::start();
    let hostile = "</text><script>alert(1)</script> \u{202e}&amp; 🎄 ".repeat(20);
    let saved = event("Harmløs").on("2027-06-01T18:00").save(&app);
    saved.rename(&hostile);
    let address = picture(&app, &saved.page());
    assert_eq!(size(&app.visitor().get(&address).ok().body), (1200, 630));
    for path in [
        "/og/events/finnes-ikke.nb.abc.png",
        "/og/events/konsert.sv.abc.png",
        "/og/events/..%2f..%2fetc.nb.abc.png",
        "/og/forfattere/konsert.nb.abc.png",
        "/og/site.nb.png",
        "/og/site.nb.abc.jpg",
        "/og/other.nb.abc.png",
    ] {
        app.visitor().get(path).with_status(404);
    }
}
