//! Pages in frames: `/embed/list` and `/embed/event/<slug>`.

use serde_json::json;

use super::component::Host;
use super::{origin, server};
use crate::support::axe;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::{event, html};

#[test]
fn a_frame_shows_what_the_component_shows_and_leads_out_of_itself() {
    let app = server();
    let page = app
        .visitor()
        .get("/embed/list?category=music&lang=nb&layout=cards")
        .ok();
    let text = html::words(page.text());
    for wanted in [
        "fredag 4. desember 2026",
        "Jazz på fredag",
        "kl. 20.00–22.00",
        "Terningen Arena, Elverum",
    ] {
        assert!(text.contains(wanted), "«{wanted}»: {text}");
    }
    assert!(page.text().contains("<base target=\"_top\">"));
    assert!(
        page.text()
            .contains("<meta name=\"robots\" content=\"noindex\">")
    );
    assert!(!page.text().contains("style="));
    assert_eq!(
        html::lang(app.visitor().get("/embed/list?lang=en").ok().text()),
        "en"
    );
    let single = app
        .visitor()
        .get("/embed/event/konsert-pa-dagen?lang=en")
        .ok();
    let text = html::words(single.text());
    for wanted in [
        "A concert one evening",
        "Tuesday 1 June 2027",
        "Terningen Arena, Elverum",
    ] {
        assert!(text.contains(wanted), "“{wanted}”: {text}");
    }
    let cancelled = app.visitor().get("/embed/event/avlyst-kamp").ok();
    assert!(html::words(cancelled.text()).contains("Avlyst"));
}

#[test]
fn an_error_in_a_frame_says_what_is_wrong_and_leads_to_the_calendar() {
    let app = server();
    let wrong = app
        .visitor()
        .get("/embed/list?categori=music")
        .with_status(400);
    let text = html::words(wrong.text());
    assert!(text.contains("categori: Finnes ikke."), "{text}");
    assert!(
        !wrong.text().contains("<nav"),
        "no page of the calendar in a frame"
    );
    let missing = app
        .visitor()
        .get("/embed/event/nowhere?lang=en")
        .with_status(404);
    assert_eq!(html::lang(missing.text()), "en");
    assert!(
        missing
            .text()
            .contains(&format!("href=\"{}/en\"", origin(&app)))
    );
}

#[test]
fn the_colors_of_a_frame_need_no_script() {
    let app = server();
    let page = app
        .visitor()
        .get("/embed/list?accent=%23abc&scheme=dark")
        .ok();
    assert!(
        page.text()
            .contains("<meta name=\"color-scheme\" content=\"dark\">")
    );
    let theme = html::attributes(page.text(), "href");
    let theme = theme
        .iter()
        .find(|theme| theme.starts_with("/embed/theme.css"))
        .unwrap();
    let css = app.visitor().get(theme).ok();
    assert_eq!(css.text(), ":root{--events-accent:#aabbcc;}\n");
    assert!(css.header("Content-Type").starts_with("text/css"));
    app.visitor()
        .get("/embed/theme.css?accent=url(x)")
        .with_status(400);
}

/// Height of the frame, and how far its page is from it.
const HEIGHT: &str = "return document.querySelector('iframe').getBoundingClientRect().height";

/// Returns the height of a page at the width of a frame.
fn height_of(chrome: &Chrome, url: &str, width: u32) -> u64 {
    chrome.look(width, Scheme::Light);
    chrome.open(url);
    let script =
        "return Math.ceil(document.querySelector('.events').getBoundingClientRect().height)";
    chrome.run(script).as_u64().unwrap()
}

#[test]
fn a_frame_is_as_high_as_its_content_after_every_change_and_never_grows_by_itself() {
    let app = server();
    let host = Host::new(&app);
    let url = |query: &str| format!("{}/embed/list?{query}", origin(&app));
    let queries = [
        "category=music",
        "limit=60",
        "q=xyzzy",
        "layout=cards&limit=20",
        "layout=month",
    ];
    // The frame is as wide as the page, without margins.
    let style = "html, body { margin: 0; } h1 { margin: 0; }";
    for hostile in ["", "iframe { all: initial !important; }"] {
        for width in [390, 900] {
            let expected: Vec<u64> = queries
                .iter()
                .map(|query| height_of(&host.chrome, &url(query), width))
                .collect();
            let frame = format!(
                "<iframe src=\"{}\" title=\"Arrangementer\" height=\"300\"></iframe>",
                url(queries[0]).replace('&', "&amp;")
            );
            host.open(&format!("{style} {hostile}"), &frame);
            for (query, expected) in queries.iter().zip(&expected) {
                host.chrome.run(&format!(
                    "document.querySelector('iframe').src = {}",
                    json!(url(query))
                ));
                let is_right = format!(
                    "return document.querySelector('iframe').getBoundingClientRect().height === {expected}"
                );
                host.chrome
                    .until_run(&is_right, &format!("{query} at {width} is {expected} high"));
                let later = "const done = arguments[0]; setTimeout(() => done(document.querySelector('iframe').getBoundingClientRect().height), 400)";
                assert_eq!(
                    host.chrome.run_async(later, vec![]),
                    json!(expected),
                    "{query} at {width} stays"
                );
            }
            let complaints = host.chrome.complaints();
            assert!(complaints.is_empty(), "{complaints:#?}");
        }
    }
}

#[test]
fn a_frame_far_below_has_its_height_before_it_is_seen() {
    let app = server();
    let host = Host::new(&app);
    let url = format!("{}/embed/list?q=xyzzy", origin(&app));
    let body =
        format!("<div class=\"far\"></div><iframe src=\"{url}\" title=\"Arrangementer\"></iframe>");
    host.open(".far { height: 9000px; }", &body);
    host.chrome.until_run(
        "return document.querySelector('iframe').style.height !== '' && scrollY === 0",
        "the frame has its height",
    );
}

#[test]
fn messages_of_others_do_not_change_a_frame() {
    let app = server();
    let host = Host::new(&app);
    let url = format!("{}/embed/list?category=music", origin(&app));
    let body = format!(
        "<iframe src=\"{url}\" title=\"Arrangementer\"></iframe><iframe id=\"other\" src=\"{0}/embed/event/avlyst-kamp\" title=\"En til\"></iframe>",
        origin(&app)
    );
    host.open("", &body);
    host.chrome.until_run(
        "return document.querySelector('iframe').style.height !== ''",
        "the frame has its height",
    );
    let before = host.chrome.run(HEIGHT);
    for message in [
        "{elverumEvents: 9000}",
        "{elverumEvents: -1}",
        "{elverumEvents: 'x'}",
        "null",
        "'text'",
        "{elverumEvents: {}}",
    ] {
        host.chrome
            .run(&format!("window.postMessage({message}, '*')"));
    }
    let settled = "const done = arguments[0]; setTimeout(() => done(document.querySelector('iframe').getBoundingClientRect().height), 300)";
    assert_eq!(host.chrome.run_async(settled, vec![]), before);
    let other = host
        .chrome
        .run("return document.getElementById('other').style.height");
    assert_ne!(other, "", "each frame has its own height");
    // A page of another site, whose address has that of a frame in it.
    let foreign = format!("{}/?x=/embed/list", host.site.url("/side"));
    host.chrome.run(&format!(
        "const frame = document.createElement('iframe'); frame.id = 'foreign'; frame.src = {}; document.body.append(frame)",
        json!(foreign)
    ));
    host.chrome.run(
        "const frame = document.getElementById('foreign'); dispatchEvent(new MessageEvent('message', \
         { data: { elverumEvents: 9000 }, origin: new URL(frame.src).origin, source: frame.contentWindow }))",
    );
    let height = host
        .chrome
        .run("return document.getElementById('foreign').style.height");
    assert_eq!(height, "", "only frames of a calendar have other heights");
}

#[test]
fn without_the_script_a_frame_scrolls_and_its_links_work() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(390, Scheme::Light);
    chrome.forbid_scripts();
    chrome.open(format!(
        "{}/embed/list?category=music&accent=7a0019",
        origin(&app)
    ));
    assert_eq!(
        chrome.run("return getComputedStyle(document.documentElement).overflowY"),
        "visible"
    );
    assert_eq!(
        chrome.run("return getComputedStyle(document.querySelector('.title a')).color"),
        "rgb(122, 0, 25)"
    );
    chrome.follow(".title a");
    assert_eq!(chrome.address().path(), "/events/jazz-pa-fredag");
}

#[test]
fn frames_are_without_findings_by_day_and_night_on_phone_and_desk() {
    let app = server();
    event("Verksted")
        .under("talk")
        .on("2026-12-05T11:00")
        .save(&app);
    let chrome = Chrome::start();
    axe::load(&chrome);
    for page in [
        "/embed/list?limit=40",
        "/embed/list?layout=cards&limit=40&lang=en",
        "/embed/list?layout=month&month=2026-12",
        "/embed/list?q=xyzzy",
        "/embed/list?categori=music",
        "/embed/event/kunstuke",
        "/embed/event/flyttet-lop?lang=en",
        "/embed/event/nowhere",
    ] {
        for (width, scheme, colours) in axe::VIEWS {
            chrome.look(width, scheme);
            chrome.open(format!("{}{page}", origin(&app)));
            let found = axe::findings(&chrome, colours);
            assert!(
                found.is_empty(),
                "{page} at {width}, {scheme:?}: {}",
                found.join("\n")
            );
            let wide = chrome.run("return document.documentElement.scrollWidth");
            assert!(
                wide.as_u64() <= Some(width.into()),
                "{page} at {width}: {wide}"
            );
        }
    }
}

/// What WordPress does with frames that it found by oEmbed (`wp-embed.js`): it marks them once they are there, and takes
/// heights from 200 to 1000 and links to the host of the frame.
const WORDPRESS: &str = "
    addEventListener('message', ({ data, source }) => {
        const frame = document.querySelector('iframe[data-secret]');
        if (!frame || !data || data.secret !== frame.dataset.secret || source !== frame.contentWindow) return;
        if (data.message === 'height') frame.height = Math.min(1000, Math.max(200, data.value));
        if (data.message === 'link' && new URL(data.value).host === new URL(frame.src).host) top.location.href = data.value;
    });
    document.addEventListener('DOMContentLoaded', () => {
        const frame = document.querySelector('iframe');
        frame.src += '#?secret=aB3dE6gH1j';
        frame.dataset.secret = 'aB3dE6gH1j';
        frame.contentWindow.postMessage({ message: 'ready', secret: 'aB3dE6gH1j' }, '*');
    });
";

#[test]
fn a_frame_that_wordpress_found_has_its_height_there_and_its_links_work() {
    let app = server();
    let host = Host::new(&app);
    let policy = format!(
        "default-src 'none'; script-src 'self'; frame-src {}; img-src data:; style-src 'self'",
        origin(&app)
    );
    host.site
        .add_file("/wp-embed.js", "text/javascript", WORDPRESS);
    let url = format!("{}/embed/list?category=music", origin(&app));
    let body = format!(
        "<script src=\"/wp-embed.js\"></script>\
         <iframe sandbox=\"allow-scripts\" title=\"Arrangementer\" src=\"{url}\"></iframe>"
    );
    let page = host.site.add_page("/wp", &policy, "", &body);
    host.chrome.open(page);
    host.chrome.until_run(
        "return document.querySelector('iframe').height > 200",
        "WordPress has the height of the frame",
    );
    host.chrome.leave("the link of an event", || {
        // The first link in the frame.
        host.chrome.run("document.querySelector('iframe').focus()");
        host.chrome.press("\u{e004}\u{e007}");
    });
    assert_eq!(host.chrome.address().path(), "/events/jazz-pa-fredag");
}
