//! The component in a real browser, on a page of another origin with a strict content security policy and hostile styles.

use serde_json::Value;

use super::host::HostSite;
use super::{MUSIC, origin, pinned, server};
use crate::support::axe;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::{TestServer, event};

/// Style sheets that reach for everything on a page.
const HOSTILE: [&str; 4] = [
    "* { all: initial !important; }",
    "* { all: unset !important; }",
    "* { all: revert !important; }",
    "* { all: inherit !important; float: right !important; letter-spacing: 9px !important; text-transform: uppercase !important; }",
];

/// What is shown in the component with a number: its texts, and whether it fits its place.
const SHOWN: &str = r"
    const element = document.querySelectorAll('elverum-events')[INDEX];
    const root = element.shadowRoot;
    const box = root.querySelector('.events');
    const size = box.getBoundingClientRect();
    const style = (it) => it && getComputedStyle(it);
    const title = style(root.querySelector('.title, .entry'));
    return {
        titles: [...root.querySelectorAll('.title')].map((it) => it.innerText),
        state: root.querySelector('.state').innerText,
        count: root.querySelector('.state').textContent,
        retry: !root.querySelector('button[hidden]'),
        links: root.querySelector('slot').getBoundingClientRect().height > 0 || !root.querySelector('slot').hidden,
        width: Math.round(size.width), height: Math.round(size.height), wide: document.documentElement.clientWidth,
        background: style(box).backgroundColor, color: style(box).color,
        weight: title && title.fontWeight, spacing: title && title.letterSpacing, casing: title && title.textTransform,
        table: root.querySelector('table') && style(root.querySelector('table')).display,
        narrow: root.querySelector('.narrow') && style(root.querySelector('.narrow')).display,
        heading: root.querySelector('.heading') && root.querySelector('.heading').tagName,
    };
";

/// A browser on pages of another site.
pub struct Host<'a> {
    pub app: &'a TestServer,
    pub site: HostSite,
    pub chrome: Chrome,
    /// The `script` element.
    pub script: String,
    policy: String,
}

impl<'a> Host<'a> {
    pub fn new(app: &'a TestServer) -> Self {
        let (src, integrity) = pinned(app);
        let chrome = Chrome::start();
        axe::load(&chrome);
        chrome.look(1280, Scheme::Light);
        Self {
            app,
            site: HostSite::start(),
            chrome,
            script: format!(
                "<script src=\"{src}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" async></script>"
            ),
            // The script by its hash, and its requests. Scripts may not write HTML.
            policy: format!(
                "default-src 'none'; script-src '{integrity}'; connect-src {0}; frame-src {0}; \
                 style-src 'self'; img-src data:; require-trusted-types-for 'script'",
                origin(app)
            ),
        }
    }

    /// Returns the component with attributes and a link inside.
    pub fn element(&self, attributes: &str) -> String {
        let origin = origin(self.app);
        format!(
            "<elverum-events src=\"{origin}\" {attributes}><a href=\"{origin}/\">Se kalenderen</a></elverum-events>"
        )
    }

    /// Opens a page with a style sheet and the script.
    pub fn open(&self, style: &str, body: &str) {
        let body = format!("{body}{}", self.script);
        let page = self.site.add_page("/side", &self.policy, style, &body);
        self.chrome.open(page);
    }

    /// Waits until the component with a number shows events, or that there are none.
    #[track_caller]
    pub fn wait(&self, index: usize) {
        let script = format!(
            "const root = document.querySelectorAll('elverum-events')[{index}].shadowRoot; \
             return !!root && !!root.querySelector('.all') && !root.querySelector('[aria-busy]')"
        );
        self.chrome.until_run(&script, "the component shows events");
    }

    /// Returns what the component with a number shows.
    #[track_caller]
    pub fn shown(&self, index: usize) -> Value {
        self.chrome.run(&SHOWN.replace("INDEX", &index.to_string()))
    }
}

#[test]
fn a_strict_and_hostile_page_of_another_origin_shows_the_right_events_unharmed() {
    let app = server();
    let host = Host::new(&app);
    let body = host.element("filter=\"category=music\" lang=\"nb\"");
    let mut looks = Vec::new();
    for style in HOSTILE.into_iter().chain([""]) {
        host.open(style, &body);
        host.wait(0);
        let shown = host.shown(0);
        assert_eq!(shown["titles"], serde_json::json!(MUSIC), "{style}");
        assert_eq!(shown["count"], "3 arrangementer", "{style}");
        assert_eq!(shown["links"], false, "{style}");
        assert!(
            shown["width"].as_u64() > Some(280) && shown["height"].as_u64() > Some(150),
            "{style}: {shown:#}"
        );
        assert_eq!(shown["weight"], "700", "{style}");
        assert_eq!(shown["casing"], "none", "{style}");
        assert_eq!(shown["spacing"], "normal", "{style}");
        looks.push((style, shown["color"].clone(), shown["background"].clone()));
        // With a hostile style sheet, the page's own title is the page's fault.
        if style.is_empty() {
            assert_eq!(shown["heading"], "H2", "it follows the page's heading");
        }
        let complaints = host.chrome.complaints();
        assert!(complaints.is_empty(), "{style}: {complaints:#?}");
        let scope = "elverum-events";
        let found = axe::findings(&host.chrome, false);
        let own: Vec<&String> = found
            .iter()
            .filter(|finding| finding.contains(scope) || style.is_empty())
            .collect();
        assert!(own.is_empty(), "{style}: {own:#?}");
    }
    let (_, color, background) = &looks[0];
    for (style, own_color, own_background) in &looks {
        assert_eq!((own_color, own_background), (color, background), "{style}");
    }
}

#[test]
fn the_page_keeps_its_globals_cookies_and_storage() {
    let app = server();
    let host = Host::new(&app);
    let read = || {
        host.chrome.run(
            "return { globals: Object.getOwnPropertyNames(window).sort(), cookies: document.cookie, \
             local: Object.keys(localStorage), session: Object.keys(sessionStorage) }",
        )
    };
    let state = "return (async () => [(await indexedDB.databases()).length, (await caches.keys()).length])()";
    let body = host.element("filter=\"category=music\"");
    let without = host.site.add_page("/uten", &host.policy, "", &body);
    host.chrome.open(without);
    // The driver's own globals are there from its first script on.
    read();
    let before = (read(), host.chrome.run(state));
    host.open("", &body);
    host.wait(0);
    assert_eq!((read(), host.chrome.run(state)), before);
    assert_eq!(before.0["cookies"], "");
    let loaded = host
        .chrome
        .run("return performance.getEntriesByType('resource').map((it) => it.name)");
    for address in loaded.as_array().unwrap() {
        let address = address.as_str().unwrap();
        let is_known = [origin(&app), &host.site.url("/")]
            .iter()
            .any(|item| address.starts_with(item));
        assert!(is_known || address.starts_with("data:"), "{address}");
    }
}

#[test]
fn every_layout_is_without_findings_by_day_and_night_on_phone_and_desk() {
    let app = server();
    for number in 1..=5 {
        let start = format!("2026-12-05T1{number}:00");
        event(&format!("Verksted nummer {number}"))
            .under("talk")
            .on(&start)
            .save(&app);
    }
    let host = Host::new(&app);
    for layout in ["list", "cards", "month"] {
        let body = host.element(&format!(
            "layout=\"{layout}\" filter=\"month=2026-12\" limit=\"40\" scheme=\"auto\""
        ));
        host.open(":root { color-scheme: light dark; }", &body);
        host.wait(0);
        let mut grounds = Vec::new();
        for (width, scheme, colours) in axe::VIEWS {
            host.chrome.look(width, scheme);
            let place = format!("{layout} at {width}, {scheme:?}");
            let shown = host.shown(0);
            let found = axe::findings(&host.chrome, colours);
            assert!(found.is_empty(), "{place}: {}", found.join("\n"));
            let wide = host
                .chrome
                .run("return document.documentElement.scrollWidth");
            assert!(wide.as_u64() <= Some(width.into()), "{place}: {wide}");
            grounds.push((scheme, shown["background"].clone()));
            if layout == "month" {
                let (table, list) = if width < 720 {
                    ("none", "block")
                } else {
                    ("table", "none")
                };
                assert_eq!(
                    (&shown["table"], &shown["narrow"]),
                    (&table.into(), &list.into()),
                    "{place}"
                );
            }
        }
        assert_eq!(grounds[0].1, grounds[3].1);
        assert_ne!(grounds[0].1, grounds[1].1, "{layout} is another by night");
    }
}

#[test]
fn attributes_choose_colors_language_and_events_and_may_change() {
    let app = server();
    let host = Host::new(&app);
    let english = host
        .element("filter=\"category=music\" lang=\"en\" accent=\"#7a0019\" background=\"fff8e7\"");
    let properties = host.element("class=\"themed\" filter=\"category=sport\"");
    host.open(
        ".themed { --events-background: #102030; --events-text: #ffffff; --events-accent: #ffd54f; }",
        &format!("<p lang=\"en\">{english}</p><h2>Mer</h2>{properties}"),
    );
    host.wait(0);
    host.wait(1);
    let (first, second) = (host.shown(0), host.shown(1));
    assert_eq!(first["titles"][1], "A concert one evening");
    assert_eq!(first["background"], "rgb(255, 248, 231)");
    assert_eq!(second["background"], "rgb(16, 32, 48)");
    assert_eq!(second["color"], "rgb(255, 255, 255)");
    assert_eq!(
        (&first["heading"], &second["heading"]),
        (&"H2".into(), &"H3".into())
    );
    assert!(
        second["titles"].to_string().contains("Avlyst kamp"),
        "{second:#}"
    );
    let set = "document.querySelector('elverum-events').setAttribute('filter', 'q=quiz')";
    host.chrome.run(set);
    host.chrome.until_run(
        "return document.querySelector('elverum-events').shadowRoot.querySelector('.title').innerText === 'Ukentlig quiz'",
        "the component follows its attributes",
    );
    assert_eq!(
        host.shown(1)["titles"],
        second["titles"],
        "the other one stays"
    );
    host.chrome
        .run("document.querySelector('elverum-events').setAttribute('filter', 'q=xyzzy')");
    host.chrome.until_run(
        "return !!document.querySelector('elverum-events').shadowRoot.querySelector('.empty')",
        "nothing is found",
    );
}

#[test]
fn a_wrong_filter_is_named_and_the_links_inside_come_back() {
    let app = server();
    let host = Host::new(&app);
    host.open("", &host.element("filter=\"categori=music\" lang=\"nb\""));
    host.chrome.until_run(
        "return document.querySelector('elverum-events').shadowRoot.querySelector('.state').matches('.failed')",
        "the component says what is wrong",
    );
    let shown = host.shown(0);
    let state = shown["state"].as_str().unwrap();
    assert!(state.contains("categori: Finnes ikke."), "{state}");
    assert_eq!(shown["links"], true);
    let found = axe::findings(&host.chrome, false);
    assert!(found.is_empty(), "{found:#?}");
    host.chrome
        .run("document.querySelector('elverum-events').setAttribute('filter', 'category=music')");
    host.wait(0);
    assert_eq!(host.shown(0)["links"], false);
}

#[test]
fn a_long_word_is_no_wider_than_its_place() {
    let app = server();
    let word = "Menneskerettighetsorganisasjonsmedlemmer".repeat(3);
    let long = event("Langt ord").on("2026-12-05T18:00").save(&app);
    long.rename(&word);
    let host = Host::new(&app);
    host.chrome.look(320, Scheme::Light);
    for layout in ["list", "cards", "month"] {
        let attributes = format!("layout=\"{layout}\" filter=\"month=2026-12\" limit=\"100\"");
        host.open("", &host.element(&attributes));
        host.wait(0);
        let titles = host.shown(0)["titles"].to_string();
        assert!(titles.contains(&word), "{layout}: {titles}");
        let wide = host
            .chrome
            .run("return document.documentElement.scrollWidth");
        assert!(wide.as_u64() <= Some(320), "{layout}: {wide}");
    }
}

#[test]
fn without_the_script_the_links_inside_the_element_work() {
    let app = server();
    let host = Host::new(&app);
    let policy = "default-src 'none'; style-src 'self'; img-src data:";
    let body = format!(
        "{}{}",
        host.element("filter=\"category=music\""),
        host.script
    );
    let page = host
        .site
        .add_page("/uten-skript", policy, HOSTILE[0], &body);
    host.chrome.open(page);
    let text = host
        .chrome
        .run("return document.querySelector('elverum-events').innerText");
    assert_eq!(text.as_str().unwrap().trim(), "Se kalenderen");
    host.chrome.follow("elverum-events a");
    assert_eq!(host.chrome.address().as_str(), app.address().as_str());
}

#[test]
fn a_month_is_turned_by_keyboard_and_the_focus_stays() {
    let app = server();
    let host = Host::new(&app);
    host.open(
        "",
        &host.element("layout=\"month\" filter=\"municipality=elverum\""),
    );
    host.wait(0);
    let root = "const root = document.querySelector('elverum-events').shadowRoot;";
    let title = |wanted: &str| {
        let script =
            format!("{root} return root.querySelector('.heading').innerText === '{wanted}'");
        host.chrome.until_run(&script, wanted);
    };
    title("November 2026");
    host.chrome.run(&format!(
        "{root} root.querySelector('button[name=next]').focus()"
    ));
    host.chrome.press("\u{e007}");
    title("Desember 2026");
    let focus = host.chrome.run(&format!(
        "{root} return root.activeElement && root.activeElement.name"
    ));
    assert_eq!(focus, "next");
    host.chrome.press(" ");
    title("Januar 2027");
}
