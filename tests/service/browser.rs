//! Pages in a real browser: screen widths, color schemes, keyboard navigation, and without JavaScript.

use calendar_domain::Lang;
use serde_json::{Value, json};

use crate::support::addresses::in_english;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::{TestServer, event, every_kind};

const WIDTHS: [u32; 3] = [320, 390, 1280];

/// Starts a server with the shipped calendar, an event of each kind, and one that stresses the layout. Links
/// use the address of the server.
fn server() -> TestServer {
    let app = TestServer::builder().without_base_url().start();
    every_kind::save_all(&app);
    let word = "Menneskerettighetsorganisasjonssammenslutningsforhandlingskomiteen";
    let long = event("Langt navn")
        .at(&word.repeat(2))
        .by(word)
        .on("2026-11-28T18:00")
        .save(&app);
    long.change(|event| {
        event.title.set(
            Lang::Nb,
            format!("{word} {}", "inviterer til et svært langt møte ".repeat(4)),
        );
        event.description.set(
            Lang::Nb,
            format!("{word} https://example.org/{}", "a".repeat(150)),
        );
        event.website = Some(
            format!("https://example.org/{}", "b".repeat(150))
                .parse()
                .unwrap(),
        );
    });
    app
}

/// Returns a page of every kind, and error pages.
fn pages() -> Vec<String> {
    let bokmal = [
        "/",
        "/?q=konsert&category=music&municipality=elverum",
        "/?q=xyzzy",
        "/?from=2027-02-01&to=2027-04-30",
        "/events/konsert-pa-dagen",
        "/events/ukentlig-quiz",
        "/events/kunstuke",
        "/events/avlyst-kamp",
        "/events/flyttet-lop",
        "/events/klokkeslett-kommer",
        "/events/kurs-pa-nett",
        "/events/langt-navn",
        "/events/grundsetmartn-2027",
        "/series",
        "/series/grundsetmartn",
        "/series/birkebeinerrennet",
        "/series/vintertid",
        "/places",
        "/places/terningen-arena",
        "/organizers",
        "/organizers/elverum-kommune",
        "/subscribe",
        "/subscribe?category=music",
        "/about",
        "/privacy",
        "/nowhere",
        "/?color=red",
    ];
    let english = bokmal.map(in_english);
    bokmal
        .iter()
        .map(|page| (*page).to_owned())
        .chain(english)
        .collect()
}

fn address(app: &TestServer, page: &str) -> String {
    format!("{}{page}", app.address().as_str().trim_end_matches('/'))
}

/// Opens all details, and returns the page's width and the elements that overflow it.
pub const MEASURE: &str = r"
    for (const details of document.querySelectorAll('details')) details.open = true;
    const root = document.documentElement;
    const sticksOut = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.right > root.clientWidth + 1;
    };
    const describe = (element) => element.outerHTML.slice(0, 160);
    return {
        scroll: root.scrollWidth,
        seen: root.clientWidth,
        out: [...document.body.querySelectorAll('*')].filter(sticksOut).slice(0, 4).map(describe),
        dark: matchMedia('(prefers-color-scheme: dark)').matches,
        background: getComputedStyle(document.body).backgroundColor,
        root: getComputedStyle(root).backgroundColor,
        styled: document.styleSheets.length,
        loaded: performance.getEntriesByType('resource').map((entry) => entry.name),
        cookies: document.cookie,
    };
";

#[test]
fn every_page_fits_every_screen_by_day_and_night_and_asks_nobody_else() {
    let app = server();
    let chrome = Chrome::start();
    for page in pages() {
        chrome.look(WIDTHS[0], Scheme::Light);
        chrome.open(address(&app, &page));
        let mut grounds = Vec::new();
        for scheme in [Scheme::Light, Scheme::Dark] {
            for width in WIDTHS {
                chrome.look(width, scheme);
                let seen = chrome.run(MEASURE);
                let place = format!("{page} at {width}, {scheme:?}");
                assert!(
                    seen["scroll"].as_u64() <= Some(width.into()),
                    "{place}: {seen:#}"
                );
                assert_eq!(seen["dark"], scheme == Scheme::Dark, "{place}");
                assert_eq!(seen["styled"], 1, "{place}");
                grounds.push((seen["background"].clone(), seen["root"].clone()));
                for loaded in seen["loaded"].as_array().unwrap() {
                    let own = loaded.as_str().unwrap().starts_with(app.address().as_str());
                    assert!(
                        own || loaded.as_str().unwrap().starts_with("data:"),
                        "{place} loads {loaded}"
                    );
                }
                assert_eq!(seen["cookies"], "", "{place}");
            }
        }
        assert_ne!(grounds[0], grounds[3], "{page} is another by night");
        let complaints = complaints(&chrome, &page);
        assert!(complaints.is_empty(), "{page}: {complaints:#?}");
    }
}

/// Returns the console messages, except those of an expected error response.
fn complaints(chrome: &Chrome, page: &str) -> Vec<String> {
    let refused = page.contains("nowhere") || page.contains("color=red");
    let expected =
        |line: &String| refused && line.contains("the server responded with a status of 4");
    chrome
        .complaints()
        .into_iter()
        .filter(|line| !expected(line))
        .collect()
}

/// Returns the focused element, and whether its focus is visible.
pub const FOCUS: &str = r"
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    // The ring of a row's title runs round the whole row.
    const ring = (part) => {
        const style = getComputedStyle(element, part);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    return {
        what: element.outerHTML.slice(0, 120),
        ring: ring(null) || ring('::after'),
        seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
            && box.left < innerWidth && box.top < innerHeight,
        href: element.getAttribute('href'),
    };
";

#[test]
fn whoever_has_only_a_keyboard_sees_where_they_are() {
    let app = server();
    let chrome = Chrome::start();
    for (page, width) in [
        ("/", 1280),
        ("/en/subscribe", 390),
        ("/events/konsert-pa-dagen", 390),
    ] {
        chrome.look(width, Scheme::Light);
        chrome.open(address(&app, page));
        let mut steps = 0;
        chrome.press("\u{e004}");
        loop {
            let focus = chrome.run(FOCUS);
            if focus.is_null() || steps > 40 {
                break;
            }
            assert_eq!(focus["ring"], true, "{page}: {focus:#}");
            assert_eq!(focus["seen"], true, "{page}: {focus:#}");
            if steps == 0 {
                assert_eq!(
                    focus["href"], "#main",
                    "{page} begins with the way to its content"
                );
            }
            steps += 1;
            chrome.press("\u{e004}");
        }
        assert!(steps > 10, "{page}: only {steps} stops");
    }
}

#[test]
fn the_skip_link_leads_to_the_content() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(1280, Scheme::Light);
    chrome.open(address(&app, "/"));
    chrome.press("\u{e004}");
    chrome.press("\u{e007}");
    assert_eq!(chrome.run("return document.activeElement.id"), "main");
}

#[test]
fn the_agenda_is_searched_and_filtered_in_the_browser() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(390, Scheme::Light);
    chrome.open(address(&app, "/"));
    chrome.type_into("#q", "konsert");
    chrome.follow(".ask button");
    let address = chrome.address();
    assert!(
        address.query().unwrap_or_default().contains("q=konsert"),
        "{address}"
    );
    let text = chrome.run("return document.querySelector('main').innerText");
    let text = text.as_str().unwrap();
    assert!(
        text.contains("Konsert på dagen") && !text.contains("Nattvandring"),
        "{text}"
    );
    chrome.open(crate::browser::address(&app, "/en"));
    chrome.click("details.more summary");
    chrome.click("input[name=category][value=sport]");
    chrome.follow("details.more button");
    let text = chrome.run("return document.querySelector('main').innerText");
    let text = text.as_str().unwrap();
    assert!(
        text.contains("Avlyst kamp") && !text.contains("A concert one evening"),
        "{text}"
    );
    // The only filter can be removed.
    chrome.follow(".chips a");
    assert_eq!(chrome.address().query().unwrap_or_default(), "");
}

#[test]
fn pages_say_the_same_without_javascript() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(390, Scheme::Light);
    let read = || -> Vec<Value> {
        let read = |page: String| {
            chrome.open(address(&app, &page));
            chrome.run("return document.body.innerText")
        };
        pages().into_iter().map(read).collect()
    };
    let with = read();
    chrome.devtools(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
    chrome.open("data:text/html,<p>before</p><script>document.body.innerText='after'</script>");
    assert_eq!(
        chrome.run("return document.body.innerText"),
        "before",
        "no script runs"
    );
    assert_eq!(with, read());
}

#[test]
fn a_page_on_paper_fits_the_paper() {
    let app = server();
    let chrome = Chrome::start();
    // A4 with margins of 15 mm, at 96 dpi.
    chrome.look(680, Scheme::Light);
    chrome.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    for page in pages() {
        chrome.open(address(&app, &page));
        let seen = chrome.run(MEASURE);
        assert!(
            seen["scroll"].as_u64() <= Some(680),
            "{page} on paper: {seen:#}"
        );
        let form =
            "return [...document.querySelectorAll('form, nav')].some(e => e.offsetHeight > 0)";
        assert_eq!(
            chrome.run(form),
            false,
            "{page}: what cannot be used on paper is not printed"
        );
    }
}
