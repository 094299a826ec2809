//! The forms in a real browser at phone size: by keyboard alone, and by touch without scripts.

use calendar_domain::RecordKind;
use chrono::TimeDelta;

use super::{TURID, app_at_its_own_address, ids, link};
use crate::organizers::hands::{Hands, Way};
use crate::support::chrome::{Chrome, Scheme};
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

fn open(app: &TestServer, hands: &Hands<'_>, path: &str) {
    let server = app.address().as_str().trim_end_matches('/');
    hands.chrome.open(format!("{server}{path}"));
}

fn walk(way: Way) {
    let mails = SmtpServer::start();
    let app = app_at_its_own_address(&mails);
    event("Vinterkonsert").on("2027-02-06T18:00").save(&app);
    let chrome = Chrome::start();
    chrome.look(390, Scheme::Light);
    let mut hands = Hands::new(&chrome, way);
    open(&app, &hands, "/");
    hands.follow("footer a[href='/suggest']");
    app.wait(TimeDelta::seconds(20));
    hands.fill("#title", "Bygdemarked");
    hands.fill("#date", "12.6.2027");
    hands.fill("#place_name", "Sørskogbygda samfunnshus");
    hands.fill("#email", TURID);
    hands.follow("#send");
    assert!(hands.text().contains("Sjekk e-posten"), "{}", hands.text());
    open(&app, &hands, &link(&mails, TURID, 0));
    hands.follow("main form button");
    let text = hands.text();
    assert!(text.contains("Redaksjonen har fått forslaget"), "{text}");

    open(&app, &hands, "/events/vinterkonsert");
    hands.follow("a[href^='/report?']");
    app.wait(TimeDelta::seconds(20));
    hands.tick("input[name=fault][value=time]");
    hands.fill("#text", "Den begynner klokken sju.");
    hands.fill("#email", TURID);
    hands.follow("#send");
    open(&app, &hands, &link(&mails, TURID, 1));
    hands.follow("main form button");
    let text = hands.text();
    assert!(
        text.contains("Redaksjonen har fått feilmeldingen"),
        "{text}"
    );
    assert_eq!(ids(&app, RecordKind::Submission).len(), 1);
    assert_eq!(ids(&app, RecordKind::Report).len(), 1);
    let complaints = chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
    println!("{way:?}: {}", hands.count());
}

#[test]
fn a_suggestion_and_a_report_are_sent_by_keyboard_alone() {
    walk(Way::Keyboard);
}

#[test]
fn a_suggestion_and_a_report_are_sent_without_scripts() {
    walk(Way::TouchWithoutScripts);
}
