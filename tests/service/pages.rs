//! HTML pages: available, in one language each, without dead links.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use crate::support::addresses::{in_english, in_language};
use crate::support::server::BASE;
use crate::support::{Answer, TestServer, event, html};

/// Returns the interface texts of a language, by key.
fn interface(lang: &str) -> BTreeMap<String, String> {
    let file = format!(
        "{}/crates/language/text/{lang}.ftl",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = fs::read_to_string(Path::new(&file)).unwrap_or_else(|error| panic!("{error}"));
    let pairs = text.lines().filter_map(|line| line.split_once(" = "));
    let own = pairs.filter(|(key, _)| !key.starts_with([' ', '#']));
    own.map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// Starts a server with the shipped calendar and an event of each kind, one of them only in Norwegian.
fn full_server() -> TestServer {
    let app = TestServer::start();
    crate::support::every_kind::save_all(&app);
    app
}

/// Returns every page in every language, with the tag of the language.
fn every_page(app: &TestServer) -> Vec<(String, &'static str)> {
    let pages = app.every_page();
    let own = pages.iter().map(|page| (page.clone(), "nb"));
    let others = ["nn", "en"];
    let others = others.into_iter().flat_map(|tag| {
        let page = move |page: &String| (in_language(page, tag), tag);
        pages.iter().map(page)
    });
    own.chain(others).collect()
}

#[test]
fn every_page_is_there_in_every_language_and_says_in_which() {
    let app = full_server();
    let mut titles = BTreeSet::new();
    for (page, lang) in every_page(&app) {
        let answer = app.visitor().get(&page).ok();
        assert_eq!(
            answer.header("Content-Type"),
            "text/html; charset=utf-8",
            "{page}"
        );
        assert_eq!(answer.header("Content-Language"), lang, "{page}");
        assert_eq!(html::lang(answer.text()), lang, "{page}");
        assert_eq!(
            answer.text().matches("<h1").count(),
            1,
            "{page} has one heading above all"
        );
        let title = html::between(answer.text(), "<title>", "</title>");
        assert!(title.len() > 3, "{page} has a title");
        titles.insert((lang, title.to_owned()));
    }
    assert!(
        titles.len() > 100,
        "pages have titles of their own: {}",
        titles.len()
    );
}

#[test]
fn no_page_shows_a_key_or_a_gap_where_a_text_should_be() {
    let app = full_server();
    let keys: Vec<String> = interface("nb")
        .into_keys()
        .filter(|key| key.contains('-'))
        .collect();
    assert!(keys.len() > 100, "the Fluent file was read");
    for (page, _) in every_page(&app) {
        let answer = app.visitor().get(&page).ok();
        let words = html::words(answer.text());
        for word in words.split(|c: char| !c.is_alphanumeric() && c != '-') {
            assert!(
                !keys.iter().any(|key| key == word),
                "{page} shows the key {word}"
            );
        }
        for gap in [
            "{ $",
            "{$",
            "{{",
            "{%",
            "Some(",
            "None)",
            "\u{fffd}",
            "&amp;amp;",
            "()",
        ] {
            assert!(!words.contains(gap), "{page} shows {gap}: {words}");
        }
    }
}

#[test]
fn no_page_mixes_languages() {
    let app = full_server();
    let interfaces = ["nb", "nn", "en"].map(|lang| (lang, interface(lang)));
    // Texts of the other languages that do not occur in the language.
    let foreign = |lang: &str| {
        let (own, others): (Vec<_>, Vec<_>) = interfaces.iter().partition(|(tag, _)| *tag == lang);
        let own: BTreeSet<&String> = own.iter().flat_map(|(_, texts)| texts.values()).collect();
        let others = others.iter().flat_map(|(_, texts)| texts.values());
        // Short words may be names: «Jul» is a category in one and a month in the other.
        let others = others.filter(|text| text.chars().count() > 4 && !text.contains('{'));
        let others = others.filter(|text| !own.contains(text));
        others.cloned().collect::<BTreeSet<String>>()
    };
    let foreign = BTreeMap::from(["nb", "nn", "en"].map(|lang| (lang, foreign(lang))));
    for (page, lang) in every_page(&app) {
        let answer = app.visitor().get(&page).ok();
        for (text_lang, text) in html::texts(answer.text()) {
            if text_lang == lang {
                assert!(!foreign[lang].contains(&text), "{page}, {lang}: «{text}»");
            }
        }
    }
}

#[test]
fn a_text_that_is_missing_in_english_says_that_it_is_norwegian() {
    let app = TestServer::builder().with_empty_region().start();
    let concert = event("Fløtarfestival på Elvekanten")
        .on("2027-06-01T18:00")
        .save(&app);
    let page = app.visitor().get(&in_english(&concert.page())).ok();
    let texts = html::texts(page.text());
    let title = texts
        .iter()
        .find(|(_, text)| text == "Fløtarfestival på Elvekanten");
    assert_eq!(title.map(|(lang, _)| lang.as_str()), Some("nb"));
    assert!(
        html::words(page.text()).contains("Norwegian"),
        "a reader is told"
    );
}

#[test]
fn a_text_that_is_missing_in_nynorsk_is_marked_as_bokmal_without_a_note() {
    let app = TestServer::builder().with_empty_region().start();
    let concert = event("Fløtarfestival på Elvekanten")
        .on("2027-06-05T18:00")
        .save(&app);
    let page = app.visitor().get(&in_language(&concert.page(), "nn")).ok();
    let texts = html::texts(page.text());
    let title = texts
        .iter()
        .find(|(_, text)| text == "Fløtarfestival på Elvekanten");
    assert_eq!(title.map(|(lang, _)| lang.as_str()), Some("nb"));
    let words = html::words(page.text()).to_lowercase();
    assert!(words.contains("laurdag 5. juni 2027"), "{words}");
    assert!(!html::words(page.text()).contains("Teksten er på"));
}

/// The pages link to themselves in the other languages, each by its own name.
#[test]
fn a_page_leads_to_itself_in_the_other_languages() {
    let app = full_server();
    for (page, others) in [
        (
            "/places",
            [("/nn/places", "Nynorsk"), ("/en/places", "English")],
        ),
        (
            "/nn/places",
            [("/places", "Bokmål"), ("/en/places", "English")],
        ),
        (
            "/en?category=music",
            [
                ("/?category=music", "Bokmål"),
                ("/nn?category=music", "Nynorsk"),
            ],
        ),
    ] {
        let answer = app.visitor().get(page).ok();
        let languages = html::between(answer.text(), "<p class=\"languages\">", "</p>");
        for (path, name) in others {
            let link = format!("href=\"{path}\"");
            assert!(languages.contains(&link), "{page}: {languages}");
            assert!(languages.contains(&format!(">{name}</a>")), "{page}");
        }
        // A selection is no page for search engines.
        let tags = ["nb", "nn", "en", "x-default"];
        for tag in tags.into_iter().filter(|_| !page.contains('?')) {
            let alternate = format!("<link rel=\"alternate\" hreflang=\"{tag}\"");
            assert_eq!(answer.text().matches(&alternate).count(), 1, "{page} {tag}");
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let app = full_server();
    let mut seen: BTreeSet<String> = ["/", "/nn", "/en"].map(str::to_owned).into();
    let mut queue: VecDeque<(String, String)> = seen
        .iter()
        .map(|start| (start.clone(), "the beginning".to_owned()))
        .collect();
    let mut pages = 0;
    while let Some((path, from)) = queue.pop_front() {
        let answer = app.visitor().get(&path);
        // This server has no mail, which the pages for signing in and writing to the editors say.
        let needs_mail = ["/login", "/suggest", "/report"];
        let bare = path.split('?').next().unwrap();
        let expected = if needs_mail.iter().any(|page| bare.ends_with(page)) {
            503
        } else {
            200
        };
        assert_eq!(answer.status, expected, "{path}, to which {from} leads");
        if !answer.header("Content-Type").starts_with("text/html") {
            continue;
        }
        pages += 1;
        // A filtered page is checked, but its links are endless.
        if path.contains('?') {
            continue;
        }
        for link in internal_links(&answer) {
            // The forms of /api/docs send requests, whose examples have a test of their own.
            if link.starts_with("/api/v1/") {
                continue;
            }
            if seen.insert(link.clone()) {
                queue.push_back((link, path.clone()));
            }
        }
    }
    println!("{} addresses, {pages} of them pages", seen.len());
    for (page, _) in every_page(&app) {
        assert!(seen.contains(&page), "no link leads to {page}");
    }
}

/// Returns the local paths in a page's links, forms, images and style sheets, and in its feed links for other
/// calendars.
fn internal_links(page: &Answer) -> Vec<String> {
    let text = page.text();
    let named = ["href", "src", "action"]
        .into_iter()
        .flat_map(|name| html::attributes(text, name));
    let ids: BTreeSet<String> = html::attributes(text, "id").into_iter().collect();
    let mut internal = Vec::new();
    for link in named {
        let webcal = BASE.replace("https:", "webcal:");
        let path = match link
            .strip_prefix(BASE)
            .or_else(|| link.strip_prefix(&webcal))
        {
            Some("") => "/",
            Some(path) => path,
            None => &link,
        };
        if let Some(id) = path.strip_prefix('#') {
            assert!(ids.contains(id), "{} has no #{id}", page.path);
        } else if path.starts_with('/') {
            internal.push(path.split('#').next().unwrap_or_default().to_owned());
        } else {
            let scheme = path.split(':').next().unwrap_or_default();
            let known = ["https", "http", "mailto", "tel", "geo"];
            assert!(
                known.contains(&scheme),
                "{}: {link} leads nowhere",
                page.path
            );
        }
    }
    internal
}

#[test]
fn every_event_of_a_feed_has_its_page() {
    let app = full_server();
    for feed in [
        "/feeds/all.ics",
        "/feeds/all.ics?lang=nn",
        "/feeds/all.ics?lang=en",
    ] {
        for event in app.visitor().get(feed).calendar().events {
            let url = event.value("URL");
            let path = url
                .strip_prefix(BASE)
                .unwrap_or_else(|| panic!("{url} is not ours"));
            app.visitor().get(path).ok();
        }
    }
}

#[test]
fn nothing_on_a_page_needs_javascript() {
    let app = full_server();
    for (page, _) in every_page(&app) {
        let answer = app.visitor().get(&page).ok();
        let text = html::without_data_blocks(answer.text()).to_lowercase();
        for sign in [
            "<script",
            "javascript:",
            " onclick",
            " onload",
            " onerror",
            "<iframe",
            " style=",
        ] {
            assert!(!text.contains(sign), "{page} has {sign}");
        }
    }
}

#[test]
fn what_organizers_write_stays_text() {
    let app = TestServer::builder().with_empty_region().start();
    let nasty = "<script>alert(1)</script>\"><img src=x onerror=alert(1)> & 'så'";
    let event = event("Konsert")
        .described(nasty)
        .at(nasty)
        .on("2027-06-01T18:00")
        .save(&app);
    event.rename(nasty);
    for page in [
        "/",
        "/en",
        &event.page(),
        "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ] {
        let answer = app.visitor().get(page).ok();
        let text = html::without_data_blocks(answer.text());
        assert!(!text.contains("<script"), "{page}");
        assert!(!text.contains("<img src=x"), "{page}");
    }
    assert!(app.visitor().read(&event.page()).contains(nasty));
}

#[test]
fn a_selection_that_finds_nothing_says_how_to_go_on() {
    let app = full_server();
    for (page, home, series) in [
        ("/?q=xyzzy", "/", "/series"),
        ("/nn?q=xyzzy", "/nn", "/nn/series"),
        ("/en?q=xyzzy", "/en", "/en/series"),
    ] {
        let answer = app.visitor().get(page).ok();
        let links = html::attributes(answer.text(), "href");
        for link in [home, series] {
            assert!(
                links.iter().any(|found| found == link),
                "{page} leads to {link}"
            );
        }
        assert!(
            answer.text().contains("xyzzy"),
            "{page} shows what was asked"
        );
    }
}

#[test]
fn a_form_without_values_is_the_whole_agenda() {
    let app = full_server();
    let empty = "/?q=&from=&to=&place=";
    assert_eq!(app.visitor().read(empty), app.visitor().read("/"));
}

/// Newsletters, social networks and advertisers add parameters to links.
#[test]
fn pages_pass_over_parameters_that_they_do_not_know_and_feeds_do_not() {
    let app = full_server();
    for path in [
        "/?fbclid=IwAR0",
        "/?utm_source=nyhetsbrev&utm_medium=e-post&category=music",
        "/subscribe?utm_source=nyhetsbrev",
        "/en/?gclid=1",
        "/events/grundsetmartn-2027?fbclid=1",
        "/series?fbclid=1",
    ] {
        app.visitor().read(path);
    }
    let long = format!("/?x={}", "a".repeat(2_000));
    app.visitor().read(&long);
    let feed = app.ask(reqwest::Method::GET, "/feeds/search.ics?utm_source=x", &[]);
    feed.with_status(400);
    let wrong = app.ask(reqwest::Method::GET, "/?from=nonsense&fbclid=1", &[]);
    wrong.with_status(400);
}
