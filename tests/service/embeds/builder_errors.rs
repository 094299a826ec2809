//! The page that writes the code, when choices are wrong or the calendar does not answer.

use serde_json::json;

use super::{code, origin, server};
use crate::support::TestServer;
use crate::support::axe;
use crate::support::chrome::{Chrome, Scheme};

fn open(app: &TestServer, path: &str) -> Chrome {
    let chrome = Chrome::start();
    chrome.look(1280, Scheme::Light);
    chrome.open(format!("{}{path}", origin(app)));
    let shows = "const root = document.querySelector('elverum-events').shadowRoot; \
                 return !!root && !!root.querySelector('.all') && !document.querySelector('[data-copy]')?.hidden";
    chrome.until_run(shows, "the page is ready");
    chrome
}

/// Sets whether requests of the page reach the server, and their delay in milliseconds.
fn connect(chrome: &Chrome, is_offline: bool, delay: u32) {
    let conditions = json!({ "offline": is_offline, "latency": delay, "downloadThroughput": -1, "uploadThroughput": -1 });
    chrome.devtools("Network.emulateNetworkConditions", conditions);
}

const STATE: &str = "const state = document.querySelector('.update-state').textContent; \
                     const codes = document.querySelector('.codes');";

#[test]
fn an_update_that_fails_or_is_slow_keeps_the_choices_and_says_so() {
    let app = server();
    let chrome = open(&app, "/embed?lang=nb");
    chrome.devtools("Network.enable", json!({}));
    chrome.click("[name=category][value=music]");
    let has_music = "return document.getElementById('html').value.includes('category=music')";
    chrome.until_run(has_music, "the code follows the choices");
    connect(&chrome, true, 0);
    chrome.click("[name=layout][value=cards]");
    let failed = "return state.startsWith('Koden kan ikke hentes akkurat nå.') && codes.hidden";
    chrome.until_run(&format!("{STATE} {failed}"), "the page says that it failed");
    // Sending the form does no more.
    chrome.click("#choices .send button");
    chrome.until_run(&format!("{STATE} {failed}"), "the page is still there");
    let chosen = "return document.querySelector('[name=category][value=music]').checked \
                  && document.querySelector('[name=layout][value=cards]').checked";
    assert_eq!(chrome.run(chosen), true);
    connect(&chrome, false, 0);
    let follows = "return state === '' && !codes.hidden \
                   && document.getElementById('html').value.includes('layout=\"cards\"')";
    chrome.until_run(
        &format!("{STATE} {follows}"),
        "the code is there once the connection is",
    );
    connect(&chrome, false, 3_000);
    chrome.click("[name=layout][value=month]");
    let waits = "return state === 'Henter koden …'";
    chrome.until_run(&format!("{STATE} {waits}"), "the page says that it waits");
    let follows = follows.replace("cards", "month");
    chrome.until_run(&format!("{STATE} {follows}"), "the code came");
}

#[test]
fn a_wrong_color_is_told_at_its_field_and_there_is_no_code_before_it_is_right() {
    let app = server();
    let chrome = open(&app, "/embed?category=music&lang=nb");
    axe::load(&chrome);
    chrome.open(chrome.address());
    chrome.run("window.told = document.querySelector('.told')");
    chrome.type_into("[name=accent]", "rød");
    let wait = "const done = arguments[0]; setTimeout(() => done(document.querySelector('[name=accent]').ariaInvalid), 800)";
    assert!(
        chrome.run_async(wait, vec![]).is_null(),
        "nothing is wrong while it is typed"
    );
    chrome.type_into("[name=text]", "#888");
    let field = "const field = document.querySelector('[name=accent]'); \
                 const notes = field.getAttribute('aria-describedby').split(' '); \
                 const note = notes.map((id) => document.getElementById(id)).find((it) => it.matches('.field-error'));";
    chrome.until_run(
        &format!("{field} return field.ariaInvalid === 'true' && note.innerText.startsWith('Er ikke en farge.')"),
        "the field says what is wrong",
    );
    let rest = "return codes.hidden && document.querySelector('elverum-events').getAttribute('filter') === 'category=music'";
    assert_eq!(chrome.run(&format!("{STATE} {rest}")), true);
    let found = axe::findings(&chrome, false);
    let found: Vec<_> = found
        .iter()
        .filter(|finding| !finding.contains("contrast"))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    let told = "const told = document.querySelector('.told'); return told === window.told && told.getAttribute('role') === 'status' && told.innerText";
    let text = chrome.run(told);
    assert!(
        text.as_str()
            .unwrap()
            .contains("Lenker, datoer og overskrifter: Er ikke en farge."),
        "{text}"
    );
    // Corrected, the note is gone at once.
    chrome.run("document.querySelector('[name=accent]').value = ''");
    chrome.type_into("[name=accent]", "#7a0019");
    chrome.until_run(
        &format!("{field} {STATE} return !field.ariaInvalid && note.hidden && !codes.hidden"),
        "everything is right",
    );
    // Too little contrast is told in the same place.
    chrome.type_into("[name=background]", "#999");
    chrome.until_run(
        &told.replace(
            "told.innerText",
            "told.innerText.includes('liten kontrast')",
        ),
        "the contrast is told in the region that was there",
    );
    let complaints = chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn one_wrong_value_keeps_the_other_choices_and_gives_no_code() {
    let app = server();
    let wrong = "/embed?layout=bogus&category=music&category=jazz&limit=7&accent=r%C3%B8d&from=2027-02-01&to=2027-01-01&lang=nb";
    let page = app.visitor().get(wrong).ok();
    let text = page.text();
    for kept in [
        "name=\"category\" value=\"music\" checked",
        "name=\"limit\" min=\"1\" max=\"100\" value=\"7\"",
        "name=\"accent\" value=\"rød\"",
        "id=\"accent-error\">Er ikke en farge.",
        "id=\"limit-error\" hidden>",
        "Oppsett: Må være en av disse: list, cards, month",
        "category: Må være en av disse",
        "to: Ligger før fra-datoen.",
        "filter=\"from=2027-02-01&#38;category=music\"",
    ] {
        assert!(text.contains(kept), "«{kept}» in {text}");
    }
    assert!(!text.contains("<textarea"));
    // A value that is right by itself stays, whatever else is wrong.
    let page = app.visitor().get("/embed?limit=0&accent=%23123456").ok();
    assert!(page.text().contains("name=\"accent\" value=\"#123456\""));
    assert!(page.text().contains("max=\"100\" value=\"0\""));
    let right = code(&app, "/embed?category=music&limit=7&lang=nb", "html");
    assert!(right.contains("limit=\"7\""), "{right}");
}
