//! The component's `src` and language, as editors of websites write them.

use serde_json::{Value, json};

use super::component::Host;
use super::{MUSIC, fetch, origin, server, titles};
use crate::support::{axe, event};

const ELEMENT: &str = "const element = document.querySelector('elverum-events');";

/// Sets the attributes of the component, and waits for the titles.
#[track_caller]
fn set_and_wait(host: &Host, attributes: &Value, titles: &[String]) {
    host.chrome.run(&format!(
        "const made = document.createElement('elverum-events'); \
         for (const [name, value] of Object.entries({attributes})) made.setAttribute(name, value); \
         document.querySelector('elverum-events').replaceWith(made)"
    ));
    let shown = format!(
        "{ELEMENT} const all = [...element.shadowRoot.querySelectorAll('.title')].map((it) => it.innerText); \
         return JSON.stringify(all) === {}",
        json!(json!(titles).to_string())
    );
    let what = format!("{attributes} shows {titles:?}");
    host.chrome.until_run(&shown, &what);
}

#[test]
fn an_address_copied_from_the_browser_is_that_of_the_calendar() {
    let app = server();
    let host = Host::new(&app);
    host.open("", &host.element("limit=\"1\""));
    host.wait(0);
    let own = origin(&app);
    let english = fetch(&app, "/embed/events.json?category=music&lang=en");
    let english = titles(&english.ok().json());
    assert_eq!(english[1], "A concert one evening");
    let norwegian = MUSIC.map(str::to_owned);
    let music = "?category=music";
    for (src, titles) in [
        (format!(" {own}/{music} "), &norwegian[..]),
        (format!("{own}/{music}#main"), &norwegian[..]),
        (format!("{own}/embed{music}&layout=cards"), &norwegian[..]),
        (format!("{own}/en{music}"), &english[..]),
        (format!("{own}/en/embed/{music}"), &english[..]),
    ] {
        set_and_wait(&host, &json!({ "src": src }), titles);
    }
    let attributes = json!({ "src": format!("{own}/en?category=sport"), "filter": "category=music", "lang": "nb" });
    set_and_wait(&host, &attributes, &norwegian);
    let complaints = host.chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_filter_may_be_an_address_copied_from_the_browser() {
    let app = server();
    let host = Host::new(&app);
    host.open("", &host.element("limit=\"1\""));
    host.wait(0);
    let own = origin(&app);
    let music = MUSIC.map(str::to_owned);
    for filter in [
        "category=music#main".to_owned(),
        "/?category=music#main".to_owned(),
        "/en?category=music".to_owned(),
        "/feeds/search.ics?category=music".to_owned(),
        "kalender.example.no/?category=music".to_owned(),
        format!("{own}/en/?category=music#main"),
    ] {
        set_and_wait(&host, &json!({ "src": own, "filter": filter }), &music);
    }
    // A question mark within a value is part of it.
    event("Hva nå? Dans").on("2026-12-05T20:00").save(&app);
    let attributes = json!({ "src": own, "filter": "q=hva+nå?" });
    set_and_wait(&host, &attributes, &["Hva nå? Dans".to_owned()]);
    let all = titles(&fetch(&app, "/embed/events.json?limit=2").ok().json());
    for agenda in ["/", "/en", "#main", &format!("{own}/en/"), own] {
        let attributes = json!({ "src": own, "filter": agenda, "limit": "2", "lang": "nb" });
        set_and_wait(&host, &attributes, &all);
    }
    // Another page is no filter.
    for page in [
        "/places/terningen-arena",
        &format!("{own}/feeds/category/music.ics"),
    ] {
        let attributes = json!({ "src": own, "filter": page });
        host.chrome.run(&format!(
            "{ELEMENT} for (const [name, value] of Object.entries({attributes})) element.setAttribute(name, value)"
        ));
        let advice = format!("{page}: Finnes ikke. Disse finnes: from, to");
        host.chrome.until_run(
            &format!("{ELEMENT} return element.shadowRoot.querySelector('.failed')?.innerText.includes({})", json!(advice)),
            &advice,
        );
    }
}

/// Waits until the component says that `src` is wrong and what to write.
#[track_caller]
fn wait_for_advice(host: &Host, src: &str) {
    let advice = format!(
        "src: Dette er ikke adressen til en kalender. Skriv den slik: {}",
        origin(host.app)
    );
    let told = format!(
        "{ELEMENT} return element.shadowRoot.querySelector('.state').innerText.includes({})",
        json!(advice)
    );
    host.chrome.until_run(&told, src);
    let shown = host.shown(0);
    assert_eq!(shown["links"], true, "{src}");
    let state = shown["state"].as_str().unwrap();
    assert!(!state.contains("prøver igjen"), "{src}: {state}");
}

#[test]
fn an_address_of_something_else_is_a_wrong_setting_and_no_outage() {
    let app = server();
    let host = Host::new(&app);
    host.open("", &host.element("limit=\"1\""));
    host.wait(0);
    let own = origin(&app);
    for src in [
        own.strip_prefix("http://").unwrap(),
        "kalender",
        "javascript:alert(1)",
        "http://[",
        &format!("{own}/places/terningen-arena"),
        &format!("{own}/embed/list?category=music"),
        &own.replace("://", "://editor:secret@"),
        &own.replace("://", "://editor@"),
    ] {
        host.chrome.run(&format!(
            "{ELEMENT} element.setAttribute('src', {})",
            json!(src)
        ));
        wait_for_advice(&host, src);
        assert_eq!(host.shown(0)["titles"], json!([]), "{src}");
        // The right one helps at once.
        host.chrome.run(&format!(
            "{ELEMENT} element.setAttribute('src', {})",
            json!(own)
        ));
        host.wait(0);
    }
    let found = axe::findings(&host.chrome, false);
    assert!(found.is_empty(), "{found:#?}");
    let complaints = host.chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_site_without_a_calendar_is_a_wrong_setting() {
    let app = server();
    let host = Host::new(&app);
    let policy = format!(
        "default-src 'none'; script-src {}; connect-src 'self'; style-src 'self'; img-src data:",
        origin(&app)
    );
    let body = format!(
        "<elverum-events src=\"/\" lang=\"nb\"><a href=\"/\">Hjem</a></elverum-events>{}",
        host.script
    );
    let page = host.site.add_page("/uten-kalender", &policy, "", &body);
    host.chrome.open(page);
    wait_for_advice(&host, "/");
}

#[test]
fn the_language_is_found_around_shadow_trees() {
    let app = server();
    let host = Host::new(&app);
    host.open("", &host.element("limit=\"1\""));
    host.wait(0);
    host.chrome.run(
        "const old = document.querySelector('elverum-events'); \
         const outer = document.createElement('div'); outer.lang = 'en'; outer.id = 'outer'; \
         const section = document.createElement('div'); \
         outer.attachShadow({ mode: 'open' }).append(section); \
         const made = document.createElement('elverum-events'); \
         made.setAttribute('src', old.getAttribute('src')); made.setAttribute('filter', 'category=music'); \
         section.attachShadow({ mode: 'open' }).append(made); \
         old.replaceWith(outer)",
    );
    host.chrome.until_run(
        "const made = document.getElementById('outer').shadowRoot.firstChild.shadowRoot.firstChild; \
         return made.shadowRoot.querySelectorAll('.title')[1]?.innerText === 'A concert one evening'",
        "the component speaks English",
    );
}

#[test]
fn an_element_that_is_moved_into_the_document_of_a_frame_keeps_its_look_and_loads() {
    let app = server();
    let host = Host::new(&app);
    host.open(
        "",
        &host.element("filter=\"category=music\" accent=\"#7a0019\""),
    );
    host.wait(0);
    host.chrome.run(
        "const frame = document.createElement('iframe'); frame.title = 'En ramme'; document.body.append(frame); \
         window.moved = document.querySelector('elverum-events'); \
         frame.contentDocument.body.append(window.moved)",
    );
    let look = "const title = window.moved.shadowRoot.querySelector('.title a'); \
                const style = title && window.moved.ownerDocument.defaultView.getComputedStyle(title);";
    let is_styled =
        "return !!style && style.color === 'rgb(122, 0, 25)' && style.display === 'inline-block'";
    host.chrome
        .until_run(&format!("{look} {is_styled}"), "the look is the same");
    host.chrome
        .run("window.moved.setAttribute('filter', 'q=quiz')");
    host.chrome.until_run(
        &format!("{look} return title?.innerText === 'Ukentlig quiz'"),
        "it loads there too",
    );
    let complaints = host.chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}
