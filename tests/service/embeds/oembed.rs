//! oEmbed: discovery and answers.

use super::{origin, server};
use crate::support::{TestServer, html};

fn asked(app: &TestServer, url: &str) -> crate::support::Answer {
    let url: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    app.program().get(&format!("/oembed?url={url}&format=json"))
}

#[test]
fn pages_with_events_name_the_service_that_embeds_them() {
    let app = server();
    for page in [
        "/",
        "/?category=music&municipality=elverum",
        "/events/konsert-pa-dagen",
        "/series/grundsetmartn",
        "/places/terningen-arena",
        "/organizers/elverum-kommune",
        "/en",
        "/en/events/konsert-pa-dagen",
        "/en/series/grundsetmartn",
    ] {
        let shown = app.visitor().get(page).ok();
        let link = shown
            .text()
            .split("<link ")
            .find(|part| part.contains("application/json+oembed"));
        let link = link.unwrap_or_else(|| panic!("{page} names no service"));
        let href = html::attributes(&format!("<link {link}"), "href").remove(0);
        let path = href
            .strip_prefix(origin(&app))
            .unwrap()
            .replace("&#38;", "&");
        let answer = app.program().get(&path).ok();
        assert_eq!(answer.header("Content-Type"), "application/json");
        assert_eq!(answer.header("Access-Control-Allow-Origin"), "*");
        let answer = answer.json();
        assert_eq!(
            (&answer["version"], &answer["type"]),
            (&"1.0".into(), &"rich".into())
        );
        let code = answer["html"].as_str().unwrap();
        let src = html::attributes(code, "src")
            .remove(0)
            .replace("&amp;", "&");
        let frame = app
            .visitor()
            .get(src.strip_prefix(origin(&app)).unwrap())
            .ok();
        let lang = if page.starts_with("/en") { "en" } else { "nb" };
        assert_eq!(html::lang(frame.text()), lang, "{page}");
        assert!(
            frame.text().contains("class=\"title\""),
            "{page} is empty: {src}"
        );
    }
    for page in ["/about", "/subscribe", "/series", "/places", "/embed"] {
        assert!(
            !app.visitor().get(page).ok().text().contains("json+oembed"),
            "{page}"
        );
    }
}

#[test]
fn a_page_that_is_not_ours_or_has_no_events_is_not_found() {
    let app = server();
    let own = origin(&app);
    for url in [
        "https://example.org/events/konsert-pa-dagen".to_owned(),
        "https://kalender.example.org/".to_owned(),
        own.replace("://", "://name:secret@"),
        own.replace("://", "://name@"),
        format!("{own}/about"),
        format!("{own}/events/nowhere"),
        format!("{own}/series/none"),
        format!("{own}/places/terningen-arena/more"),
        format!("{own}/?category=none"),
        "data:text/html,x".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let problem = asked(&app, &url).with_status(404).json();
        let errors = &problem["errors"];
        assert_eq!(errors[0]["field"], "url", "{url}: {problem}");
    }
}

#[test]
fn the_request_is_checked_and_its_limits_are_kept() {
    let app = server();
    let url = format!("{}/events/konsert-pa-dagen", origin(&app));
    let get = |query: &str| app.program().get(&format!("/oembed?{query}"));
    assert_eq!(get("").with_status(400).json()["errors"][0]["field"], "url");
    assert_eq!(
        get("url=nothing").with_status(400).json()["errors"][0]["field"],
        "url"
    );
    // What WordPress asks, with a parameter that oEmbed does not have.
    get(&format!(
        "maxwidth=600&maxheight=900&url={url}&dnt=1&format=json"
    ))
    .ok();
    get(&format!("url={url}&maxwidth=0")).with_status(400);
    get(&format!("url={url}&format=xml")).with_status(501);
    let plain = get(&format!("url={url}")).ok().json();
    assert_eq!(plain["title"], "Konsert på dagen");
    let narrow = get(&format!("url={url}&maxwidth=320&maxheight=200"))
        .ok()
        .json();
    assert_eq!(
        (&narrow["width"], &narrow["height"]),
        (&320.into(), &200.into())
    );
    assert!(
        narrow["html"]
            .as_str()
            .unwrap()
            .contains("width=\"320\" height=\"200\"")
    );
    // Parameters of newsletters are no filters.
    let list = format!("{}/?category=music&utm_source=brev", origin(&app));
    let list = asked(&app, &list).ok().json();
    assert!(
        list["html"]
            .as_str()
            .unwrap()
            .contains("/embed/list?category=music\""),
        "{list:#}"
    );
    assert!(list["title"].as_str().unwrap().starts_with("Musikk"));
}
