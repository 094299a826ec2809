//! The component while the calendar is down, and after.

use serde_json::json;

use super::host::HostSite;
use crate::support::Program;
use crate::support::chrome::{Chrome, Scheme};

const ROOT: &str = "const root = document.querySelector('elverum-events').shadowRoot;";

#[test]
fn the_component_says_that_the_calendar_is_down_and_recovers_by_itself() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let address = serving.address.clone();
    let port = address.rsplit(':').next().unwrap().to_owned();
    let site = HostSite::start();
    let script = String::from_utf8(serving.get("/embed/events.js")).unwrap();
    site.add_file("/events.js", "text/javascript", &script);
    let body = format!(
        "<elverum-events src=\"{address}\" filter=\"series=grundsetmartn\" lang=\"nb\">\
         <a href=\"{address}/\">Se kalenderen</a></elverum-events><script src=\"/events.js\"></script>"
    );
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src {address}"
    );
    let page = site.add_page("/side", &policy, "", &body);
    let chrome = Chrome::start();
    chrome.look(1280, Scheme::Light);
    chrome.open(&page);
    let shows =
        |script: &str, what: &str| chrome.until_run(&format!("{ROOT} return {script}"), what);
    shows(
        "root.querySelector('.title')?.innerText.includes('Grundset')",
        "events are there",
    );

    // A refresh that fails leaves the events that are there, and says so.
    assert!(serving.stop().0.success());
    chrome.run(&format!("{ROOT} root.querySelector('button').click()"));
    shows(
        "root.querySelector('.state').innerText.includes('kan være endret')",
        "the old events are said to be old",
    );
    shows(
        "root.querySelector('.title').innerText.includes('Grundset')",
        "they stay",
    );

    // Other events can't be shown: the links inside the element are back.
    chrome.run(
        "document.querySelector('elverum-events').setAttribute('filter', 'series=festspillene')",
    );
    shows(
        "root.querySelector('.state').innerText.includes('ikke kontakt')",
        "the outage is told",
    );
    shows(
        "!root.querySelector('slot').hidden && !root.querySelector('.title')",
        "the links are back",
    );
    let text = chrome.run("return document.querySelector('elverum-events').innerText");
    assert_eq!(text.as_str().unwrap().trim(), "Se kalenderen");

    // Nobody does anything: the next attempt finds the calendar.
    let serving = program.serve(&["--port", &port]);
    assert_eq!(serving.address, address);
    shows(
        "root.querySelector('.title')?.innerText.includes('estspillene')",
        "the component recovers",
    );
    shows(
        "root.querySelector('slot').hidden && !root.querySelector('.failed')",
        "nothing is said to be wrong",
    );

    // The same by the button, for whoever does not wait, and by the event of a new connection.
    assert!(serving.stop().0.success());
    chrome.run("document.querySelector('elverum-events').setAttribute('limit', '3')");
    shows("!!root.querySelector('.failed')", "the outage is told");
    let serving = program.serve(&["--port", &port]);
    chrome.run("window.dispatchEvent(new Event('online'))");
    shows(
        "!!root.querySelector('.title') && !root.querySelector('.failed')",
        "the component recovers at once",
    );
    let kept = chrome.run_async(
        "indexedDB.databases().then((all) => arguments[0]([all.length, localStorage.length, document.cookie]))",
        vec![],
    );
    assert_eq!(kept, json!([0, 0, ""]));
    drop(serving);
}

#[test]
fn an_answer_that_is_none_of_a_calendar_is_told_each_time() {
    let program = Program::new();
    let serving = program.serve(&[]);
    let script = String::from_utf8(serving.get("/embed/events.js")).unwrap();
    let site = HostSite::start();
    site.add_file("/events.js", "text/javascript", &script);
    site.add_file("/embed/events.json", "application/json", "{}");
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'";
    let body = "<elverum-events src=\"/\" lang=\"nb\"></elverum-events><script src=\"/events.js\"></script>";
    let page = site.add_page("/side", policy, "", body);
    let chrome = Chrome::start();
    chrome.look(1280, Scheme::Light);
    chrome.open(&page);
    for _ in 0..2 {
        let told =
            "return root.querySelector('.state').innerText.includes('svarer ikke som den skal')";
        chrome.until_run(
            &format!("{ROOT} {told}"),
            "the component says what is wrong",
        );
        chrome.run(&format!(
            "{ROOT} root.querySelector('.state').textContent = ''; root.querySelector('button').click()"
        ));
    }
}
