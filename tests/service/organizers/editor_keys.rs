//! Editors' keys and reply templates.

use super::path::review;
use super::states::{States, states};
use crate::support::TestServer;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::smtp::SmtpServer;

const FOCUSED: &str = "const it = document.activeElement; return it.id || it.innerText";

fn scene() -> (SmtpServer, TestServer, States) {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start();
    let states = states(&app, &mails);
    (mails, app, states)
}

/// Returns true if a submission waits for a decision.
fn waits(states: &mut States, own: &str) -> bool {
    let page = states.editor.get(own).ok();
    page.text().contains("value=\"approve\"")
}

#[test]
fn keys_lead_through_the_queue_and_to_the_button_but_approve_nothing_by_themselves() {
    let (_mails, app, mut states) = scene();
    let chrome = Chrome::start();
    chrome.look(1280, Scheme::Light);
    chrome.take_cookies(app.address(), &states.editor.cookies);
    chrome.open(app.address().join("/editor/").unwrap());
    let first = "Quizkveld og vafler på biblioteket";
    for (key, focused) in [("j", first), ("j", "Loppemarked"), ("k", first)] {
        chrome.press(key);
        assert_eq!(chrome.run(FOCUSED), focused, "{key}");
    }
    chrome.follow(".work-list a");
    let own = review(&states.edit);
    assert_eq!(chrome.address().path(), own);
    chrome.leave("j", || chrome.press("j"));
    assert_eq!(chrome.address().path(), review(&states.waiting));
    chrome.leave("k", || chrome.press("k"));
    assert_eq!(chrome.address().path(), own);
    chrome.press("a");
    assert_eq!(chrome.run(FOCUSED), "approve");
    // Keys are letters while typing.
    chrome.run("for (const it of document.querySelectorAll('details')) it.open = true");
    chrome.click("#comment_title");
    chrome.press("ja takk");
    let typed = "return document.getElementById('comment_title').value";
    assert_eq!(chrome.run(typed), "ja takk");
    assert_eq!(chrome.run(FOCUSED), "comment_title");
    // They can be off, also on the next page.
    chrome.click("#use-keys");
    chrome.open(app.address().join(&own).unwrap());
    chrome.press("a");
    assert_ne!(chrome.run(FOCUSED), "approve");
    assert!(waits(&mut states, &own), "nothing is decided");
    assert_eq!(chrome.complaints(), [""; 0]);
}

#[test]
fn a_reply_is_put_into_its_field_with_and_without_a_script() {
    let (_mails, app, mut states) = scene();
    let own = review(&states.waiting);
    let typed = [
        ("action", "reply/0"),
        ("comment_date", "Fint tiltak."),
        ("comment_price", "Gratis?"),
    ];
    let page = states.editor.fill(&own, &own, &typed).ok();
    let reply = "Vi mangler klokkeslettet. Skriv når arrangementet starter.";
    for kept in [
        &format!("autofocus>Fint tiltak.\n{reply}</textarea>"),
        ">Gratis?<",
    ] {
        assert!(page.text().contains(kept), "{kept}: {}", page.text());
    }
    let unknown = [("action", "reply/99")];
    states.editor.fill(&own, &own, &unknown).with_status(400);
    let chrome = Chrome::start();
    chrome.take_cookies(app.address(), &states.editor.cookies);
    chrome.open(app.address().join(&own).unwrap());
    chrome.run("for (const it of document.querySelectorAll('details')) it.open = true");
    chrome.type_into("#comment_date", "Fint tiltak.");
    for _ in 0..2 {
        chrome.click("button[value='reply/0']");
    }
    let value = chrome.run("return document.activeElement.value");
    assert_eq!(value, format!("Fint tiltak.\n{reply}"));
    assert!(waits(&mut states, &own), "nothing is decided");
}
