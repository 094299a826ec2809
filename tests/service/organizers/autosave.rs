//! The script of the form in a real browser: what is typed is saved by itself, and stays if that fails.

use std::collections::BTreeMap;

use serde_json::json;

use super::path::register;
use super::signed_in;
use crate::support::TestServer;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
/// What the page says about saving; the templates are not part of it.
const STATE: &str = "document.getElementById('save-state').innerText";

struct Scene {
    mails: SmtpServer,
    app: TestServer,
    kari: Person,
    chrome: Chrome,
}

/// Returns a browser with the form of a new event, for a member of an organisation.
fn scene() -> Scene {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start();
    let mut kari = signed_in(&app, &mails, KARI);
    register(&mut kari, "Skogslaget");
    let chrome = Chrome::start();
    chrome.look(390, Scheme::Light);
    chrome.take_cookies(app.address(), &kari.cookies);
    chrome.open(app.address().join("/organizer/events/new").unwrap());
    Scene {
        mails,
        app,
        kari,
        chrome,
    }
}

impl Scene {
    /// Types into a field and waits until the page says something about saving.
    fn type_until(&self, field: &str, text: &str, said: &str) {
        self.chrome.type_into(field, text);
        self.wait_for(said);
    }

    fn wait_for(&self, said: &str) {
        let script = format!("return {STATE}.includes({said:?})");
        self.chrome.until_run(&script, said);
    }

    /// Returns the titles of the drafts, from the server's list.
    fn drafts(&mut self) -> Vec<String> {
        let page = self.kari.get("/organizer/").ok();
        let links = page.text().split("href=\"/organizer/events/").skip(1);
        let links = links.filter(|link| !link.starts_with("new"));
        let title = |text: &str| Some(text.split_once('>')?.1.split('<').next()?.to_owned());
        links.filter_map(title).collect()
    }

    /// Returns true if the browser would ask before the page is left.
    fn warns(&self) -> bool {
        self.chrome.run(
            "const leaving = new Event('beforeunload', { cancelable: true });
             dispatchEvent(leaving);
             return leaving.defaultPrevented",
        ) == true
    }
}

#[test]
fn what_is_typed_becomes_one_draft_by_itself_and_is_sent_without_a_conflict() {
    let mut scene = scene();
    assert!(!scene.warns(), "nothing is typed yet");
    scene.chrome.type_into("#title", "Jul");
    assert!(scene.warns(), "not saved yet");
    scene.wait_for("Lagret kl.");
    assert!(!scene.warns(), "it is saved");
    assert_eq!(scene.drafts(), ["Jul"]);
    let path = scene.chrome.address().path().to_owned();
    assert!(path.ends_with("/edit"), "a reload shows the draft: {path}");
    let action = "return document.getElementById('event-form').getAttribute('action')";
    assert_eq!(scene.chrome.run(action), path.as_str());

    scene.chrome.type_into("#title", "ekonsert");
    scene.chrome.type_into("#date", "18.12.2026");
    scene.chrome.until_run(
        "return fetch(location.href).then((page) => page.text()) \
            .then((html) => html.includes('value=\"18.12.2026\"'))",
        "the date is saved",
    );
    assert_eq!(scene.drafts(), ["Julekonsert"]);
    // Sent in the middle of typing.
    scene.chrome.type_into("#start_time", "18.30");
    scene.chrome.select("#place", "terningen-arena");
    scene.chrome.follow("button[value=check]");
    let path = scene.chrome.address().path().to_owned();
    assert!(path.ends_with("/check"), "{path}");
    assert_eq!(scene.drafts(), ["Julekonsert"]);
    assert_eq!(scene.chrome.complaints(), [""; 0]);
}

#[test]
fn without_a_connection_the_page_says_so_and_saves_when_it_is_back() {
    let mut scene = scene();
    let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    let emulate = "Network.emulateNetworkConditions";
    scene.chrome.devtools("Network.enable", json!({}));
    scene.chrome.devtools(emulate, network(true));
    scene.type_until("#title", "Julekonsert", "ingen forbindelse");
    assert!(scene.warns() && scene.drafts().is_empty());
    scene.chrome.devtools(emulate, network(false));
    scene.wait_for("Lagret kl.");
    assert_eq!(scene.drafts(), ["Julekonsert"]);
}

#[test]
fn after_an_ended_session_what_is_typed_stays_and_is_saved_in_the_next() {
    let mut scene = scene();
    scene.type_until("#title", "Jul", "Lagret kl.");
    let pages = scene.kari.cookies.clone();
    scene
        .chrome
        .take_cookies(scene.app.address(), &BTreeMap::new());
    scene.type_until("#title", "ekonsert", "Du er logget ut");
    let link = scene
        .chrome
        .run("return document.querySelector('#save-state a').pathname");
    assert_eq!(link, "/login");
    // Another session, with another token of forms.
    let kari = signed_in(&scene.app, &scene.mails, KARI);
    assert_ne!(kari.cookies, pages);
    scene
        .chrome
        .take_cookies(scene.app.address(), &kari.cookies);
    scene.type_until("#title", " i Skogen", "Lagret kl.");
    assert_eq!(scene.drafts(), ["Julekonsert i Skogen"]);
}

#[test]
fn rows_are_added_in_place_and_the_errors_have_the_focus() {
    let mut scene = scene();
    let chrome = &scene.chrome;
    chrome.run("for (const it of document.querySelectorAll('details')) it.open = true");
    chrome.type_into("#title", "Julekonsert");
    let rows = "return document.querySelectorAll('#programme tbody tr').length";
    let before = chrome.run(rows).as_u64().unwrap();
    chrome.click("#programme button[value=rows]");
    assert_eq!(chrome.run(rows).as_u64(), Some(before + 1));
    let focused = "return document.activeElement.id + '/' + document.activeElement.ariaLabel";
    let expected = format!("part_title-{before}/Tittel {}", before + 1);
    assert_eq!(chrome.run(focused), expected);
    let title = "return document.getElementById('title').value";
    assert_eq!(chrome.run(title), "Julekonsert", "nothing is lost");
    chrome.follow("button[value=check]");
    let focused = "return document.activeElement.className";
    assert_eq!(chrome.run(focused), "form-errors");
    assert_eq!(scene.drafts(), ["Julekonsert"]);
}

#[test]
fn the_next_dates_of_a_repetition_follow_what_is_typed() {
    let scene = scene();
    let chrome = &scene.chrome;
    chrome.type_into("#title", "Quizkveld");
    chrome.type_into("#date", "9.12.2026");
    chrome.type_into("#start_time", "19");
    chrome.click("#dates > summary");
    chrome.click("#dates details > summary");
    chrome.click("input[name=pattern][value=repeated]");
    let are = |count: usize| {
        let all = "document.querySelectorAll('#dates input[name=strike]').length";
        chrome.until_run(&format!("return {all} === {count}"), "the dates");
    };
    chrome.type_into("#count", "4");
    are(4);
    chrome.press("\u{e009}a\u{e000}");
    chrome.press("3");
    are(3);
    let focused = chrome.run("return document.activeElement.id");
    assert_eq!(focused, "count", "typing goes on");
    assert!(!scene.warns(), "it is saved");
}
