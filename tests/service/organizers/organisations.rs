//! Organisations: the register of legal entities, and what their administrators get by mail.

use calendar_domain::{EditorScope, Organisation, RegisterCheck};
use calendar_store::records;
use chrono::TimeDelta;

use super::{account, led_to, signed_in, until};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::register::{self, BusinessRegister};
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";
const NEW: &str = "/organizer/organisations/new";

fn app(mails: &SmtpServer, register: &BusinessRegister) -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .with_register(&register.url())
        .start();
    app.commit(vec![
        account(&app, 9, EDITOR, Some(EditorScope::All)).into(),
    ]);
    app
}

fn organisation(app: &TestServer, name: &str) -> Organisation {
    let all = records::every::<Organisation>(&**app.calendar()).unwrap();
    let found = all.into_iter().find(|(value, _)| value.name == name);
    found.unwrap_or_else(|| panic!("no {name}")).0
}

#[track_caller]
fn register(person: &mut Person, name: &str, number: &str) {
    let done = person.fill(NEW, NEW, &[("name", name), ("number", number)]);
    assert_eq!(led_to(&done.with_status(303)), "/organizer/");
}

fn editor_page(app: &TestServer, name: &str) -> String {
    format!("/editor/organisations/{}", organisation(app, name).id)
}

#[test]
fn a_number_is_looked_up_its_name_is_offered_and_an_unknown_one_is_refused() {
    let (mails, brreg) = (SmtpServer::start(), BusinessRegister::start());
    let app = app(&mails, &brreg);
    let mut kari = signed_in(&app, &mails, KARI);
    let typed = [("name", "Skogslaget"), ("number", register::UNKNOWN)];
    let refused = kari.fill(NEW, NEW, &typed).with_status(422);
    let text = refused.text();
    assert!(
        text.contains("Enhetsregisteret har ikke dette nummeret"),
        "{text}"
    );
    assert!(text.contains("value=\"Skogslaget\"") && text.contains("id=\"number-error\""));
    let unnamed = [("name", " "), ("number", "952 857 991")];
    let offered = kari.fill(NEW, NEW, &unnamed).with_status(422);
    assert!(
        offered.text().contains("value=\"ELVERUM KOMMUNE\""),
        "{}",
        offered.text()
    );
    register(&mut kari, "Elverum kommune, kultur", register::KNOWN);
    let own = organisation(&app, "Elverum kommune, kultur");
    let Some(RegisterCheck::Found(entry)) = &own.register else {
        panic!("{own:?}");
    };
    assert_eq!(entry.name, "ELVERUM KOMMUNE");
    let mut editor = signed_in(&app, &mails, EDITOR);
    let page = editor
        .get(&editor_page(&app, "Elverum kommune, kultur"))
        .ok();
    assert!(page.text().contains("I Enhetsregisteret: ELVERUM KOMMUNE"));
    let known = format!("/enhetsregisteret/api/enheter/{}", register::KNOWN);
    let count = || {
        brreg
            .asked()
            .iter()
            .filter(|asked| **asked == known)
            .count()
    };
    assert_eq!(count(), 1, "the answer is kept for some minutes");
    app.wait(TimeDelta::minutes(11));
    register(&mut kari, "Elverum kommune, idrett", register::KNOWN);
    assert_eq!(count(), 2);
    register(&mut kari, "Avdelingen", register::UNIT);
    assert!(matches!(
        organisation(&app, "Avdelingen").register,
        Some(RegisterCheck::Found(_))
    ));
}

#[test]
fn editors_are_warned_of_deleted_and_bankrupt_entities_and_of_numbers_that_were_not_checked() {
    let (mails, brreg) = (SmtpServer::start(), BusinessRegister::start());
    let app = app(&mails, &brreg);
    let mut kari = signed_in(&app, &mails, KARI);
    let mut editor = signed_in(&app, &mails, EDITOR);
    for (name, number, warning) in [
        (
            "Nedlagt lag",
            register::DELETED,
            "Slettet i Enhetsregisteret",
        ),
        (
            "Fjernet lag",
            register::REMOVED,
            "Slettet i Enhetsregisteret",
        ),
        (
            "Konkurs",
            register::BANKRUPT,
            "Konkurs eller under avvikling",
        ),
        (
            "Taust",
            register::SILENT,
            "ikke kontrollert mot Enhetsregisteret",
        ),
    ] {
        let start = std::time::Instant::now();
        register(&mut kari, name, number);
        assert!(
            start.elapsed().as_secs() < 8,
            "{name} did not wait for the register"
        );
        let page = editor.get(&editor_page(&app, name)).ok();
        assert!(page.text().contains(warning), "{name}: {}", page.text());
    }
}

#[test]
fn administrators_get_the_decision_about_their_organisation_by_mail_in_their_language() {
    let (mails, brreg) = (SmtpServer::start(), BusinessRegister::start());
    let app = app(&mails, &brreg);
    let mut kari = signed_in(&app, &mails, KARI);
    register(&mut kari, "Skogslaget", "");
    let english = "/en/organizer/organisations/new";
    let mut ola = Person::new(app.address().as_str());
    ola.fill("/en/login", "/en/login", &[("email", "ola@example.org")])
        .with_status(303);
    let code = mails.next_to("ola@example.org", 0).code();
    ola.fill("/en/login/code", "/en/login/code", &[("code", &code)])
        .with_status(303);
    let done = ola.fill(english, english, &[("name", "The Walkers")]);
    assert_eq!(led_to(&done.with_status(303)), "/en/organizer/");
    let mut editor = signed_in(&app, &mails, EDITOR);
    let page = editor_page(&app, "Skogslaget");
    editor
        .fill(&page, &page, &[("action", "approve")])
        .with_status(303);
    let got = mails.next_to(KARI, 1);
    assert_eq!(got.subject, "Godkjent: Skogslaget");
    let own = format!(
        "/organizer/organisations/{}",
        organisation(&app, "Skogslaget").id
    );
    assert!(
        got.links().iter().any(|link| link.ends_with(&own)),
        "{}",
        got.text
    );
    let page = editor_page(&app, "The Walkers");
    let refuse = [("action", "refuse"), ("reason", "We found nobody.")];
    editor.fill(&page, &page, &refuse).with_status(303);
    let got = mails.next_to("ola@example.org", 1);
    assert_eq!(got.subject, "Not approved: The Walkers");
    assert!(got.text.contains("> We found nobody."), "{}", got.text);
    assert!(
        got.links()
            .iter()
            .any(|link| link.contains("/en/organizer/organisations/"))
    );
}

#[test]
fn a_mail_that_bounced_is_shown_to_its_recipient_to_editors_and_to_operators() {
    let (mails, brreg) = (SmtpServer::start(), BusinessRegister::start());
    let app = app(&mails, &brreg);
    let full = "closed@example.org";
    let mut person = signed_in(&app, &mails, full);
    register(&mut person, "Skogslaget", "");
    let mut editor = signed_in(&app, &mails, EDITOR);
    let none = editor.get("/editor/mails").ok();
    assert!(none.text().contains("All e-post er kommet fram."));
    let page = editor_page(&app, "Skogslaget");
    editor
        .fill(&page, &page, &[("action", "approve")])
        .with_status(303);
    let account = || {
        let all = records::every::<calendar_domain::Account>(&**app.calendar()).unwrap();
        let found = all
            .into_iter()
            .find(|(value, _)| value.email.as_str() == full);
        found.unwrap().0
    };
    until("the address is marked", || account().bounce.is_some());
    let list = editor.get("/editor/mails").ok();
    for text in [full, "Skogslaget", "mailbox full"] {
        assert!(list.text().contains(text), "{text}: {}", list.text());
    }
    assert!(editor.get("/editor/").ok().text().contains("/editor/mails"));
    for path in ["/organizer/", "/account"] {
        let page = person.get(path).ok();
        assert!(
            page.text().contains("kom ikke fram"),
            "{path}: {}",
            page.text()
        );
        assert!(page.text().contains("mailbox full"), "{path}");
    }
    let done = person.fill("/account", "/account", &[("reached", "yes")]);
    done.with_status(303);
    assert!(account().bounce.is_none());
    let page = person.get("/organizer/").ok();
    assert!(!page.text().contains("kom ikke fram"), "{}", page.text());
}
