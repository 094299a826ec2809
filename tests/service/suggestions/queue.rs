//! Several suggestions at once in the editors' queue, and who organizes what is suggested.

use calendar_domain::{EditorScope, OrganizerRef, Record, RecordKind, SubmissionState};
use calendar_store::Store;

use super::{EDITOR, MARKET, TURID, app, confirm, ids, link, suggest, write};
use crate::organizers::{account, signed_in};
use crate::support::chrome::{Chrome, Scheme};
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{Answer, TestServer, axe};

const HERE: &str = "/editor/rejections";
const SENDERS: [&str; 4] = ["a@host1.no", "b@host2.no", "c@host3.no", TURID];

/// Returns the values of the boxes in the queue.
fn boxes(editor: &mut Person) -> Vec<String> {
    let page = editor.get("/editor/").ok();
    let document = scraper::Html::parse_document(page.text());
    let boxes = scraper::Selector::parse("input[name=chosen]").unwrap();
    let value = |it: scraper::ElementRef<'_>| it.value().attr("value").unwrap().to_owned();
    document.select(&boxes).map(value).collect()
}

fn states(app: &TestServer) -> Vec<SubmissionState> {
    let all = app.calendar().load().unwrap().into_iter();
    let states = all.filter_map(|stored| match stored.record {
        Record::Submission(submission) => Some(submission.state),
        _ => None,
    });
    states.collect()
}

fn rejected(app: &TestServer) -> usize {
    let all = states(app).into_iter();
    all.filter(|state| *state == SubmissionState::Rejected)
        .count()
}

/// Sends the form with these boxes ticked.
fn reject(editor: &mut Person, chosen: &[String], action: &str, reason: &str) -> Answer {
    let page = editor.get("/account").ok();
    let token = hidden_fields(page.text(), "/account").remove(0).1;
    let own = [
        ("token", token.as_str()),
        ("action", action),
        ("reason", reason),
    ];
    let chosen = chosen.iter().map(|value| ("chosen", value.as_str()));
    let all: Vec<_> = own.into_iter().chain(chosen).collect();
    editor.post(HERE, &all)
}

/// Returns a server with four suggestions.
fn with_suggestions(mails: &SmtpServer) -> TestServer {
    let app = app(mails);
    for email in SENDERS {
        confirm(&app, &suggest(&app, mails, email)).ok();
    }
    app
}

#[test]
fn several_suggestions_are_rejected_with_one_reason_that_each_sender_gets() {
    let mails = SmtpServer::start();
    let app = with_suggestions(&mails);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let all = boxes(&mut editor);
    assert_eq!(all.len(), 4);

    let none = reject(&mut editor, &[], "reject", "Reklame").with_status(422);
    assert!(none.text().contains("minst ett tips"), "{}", none.text());
    assert!(
        none.text().contains(">Reklame</textarea>"),
        "{}",
        none.text()
    );
    let missing = reject(&mut editor, &all[..3], "reject", " ").with_status(422);
    let ticked = |answer: &Answer| answer.text().matches(" checked>").count();
    assert_eq!(ticked(&missing), 3, "what was chosen stays");
    let filled = reject(&mut editor, &all[..3], "reply/6", "").ok();
    assert!(
        filled.text().contains("utenfor regionen.</textarea>"),
        "{}",
        filled.text()
    );
    assert_eq!(ticked(&filled), 3);
    for wrong in ["", "x", "x/y", &all[0].replace('/', " ")] {
        reject(&mut editor, &[wrong.to_owned()], "reject", "Reklame").with_status(422);
    }
    assert_eq!(rejected(&app), 0);

    let done = reject(&mut editor, &all[..3], "reject", "Reklame").with_status(303);
    assert!(done.header("Location").ends_with("notice=rejected"));
    assert_eq!(rejected(&app), 3);
    let told = || {
        let of = |email: &&&str| mails.all().iter().filter(|mail| mail.to == **email).count() > 1;
        SENDERS.iter().filter(of).count()
    };
    while told() < 3 {
        std::thread::yield_now();
    }
    let mails_of_three = mails.all();
    let reasons = mails_of_three
        .iter()
        .filter(|mail| mail.text.contains("> Reklame"));
    assert_eq!(reasons.count(), 3);
    // One is left, which needs no form.
    let page = editor.get("/editor/").ok();
    assert!(page.text().contains("Bygdemarked") && !page.text().contains(HERE));
    // What was decided or changed meanwhile stays as it is.
    let old = all[3].replacen("/20", "/19", 1);
    for chosen in [&all[..1], &[old]] {
        let left = reject(&mut editor, chosen, "reject", "Reklame").with_status(303);
        assert!(left.header("Location").ends_with("notice=some-left"));
    }
    assert_eq!(rejected(&app), 3);
}

#[test]
fn an_editor_rejects_only_suggestions_of_their_municipalities() {
    let mails = SmtpServer::start();
    let app = with_suggestions(&mails);
    let amot = EditorScope::Municipalities(["3422".parse().unwrap()].into());
    app.commit(vec![
        account(&app, 11, "amot@example.org", Some(amot)).into(),
    ]);
    let all = boxes(&mut signed_in(&app, &mails, EDITOR));
    let mut other = signed_in(&app, &mails, "amot@example.org");
    assert_eq!(boxes(&mut other), Vec::<String>::new());
    let left = reject(&mut other, &all, "reject", "Reklame").with_status(303);
    assert!(left.header("Location").ends_with("notice=some-left"));
    assert_eq!(rejected(&app), 0);
}

#[test]
fn the_form_works_by_keyboard_and_has_no_findings() {
    let mails = SmtpServer::start();
    let app = with_suggestions(&mails);
    let editor = signed_in(&app, &mails, EDITOR);
    let chrome = Chrome::start();
    axe::load(&chrome);
    chrome.take_cookies(app.address(), &editor.cookies);
    chrome.look(1280, Scheme::Light);
    let open = || chrome.open(app.address().join("/editor/").unwrap());
    open();
    for (width, scheme, colours) in axe::VIEWS {
        chrome.look(width, scheme);
        let found = axe::findings(&chrome, colours);
        assert!(
            found.is_empty(),
            "{width}, {scheme:?}: {}",
            found.join("\n")
        );
    }
    chrome.look(1280, Scheme::Light);
    // Tab and space: two boxes, then the reason, then the button.
    let focused = |name: &str| {
        let script = format!("return document.activeElement.name === '{name}'");
        chrome.run(&script) == true
    };
    let tab_to = |name: &str| {
        for _ in 0..60 {
            chrome.press("\u{e004}");
            if focused(name) {
                return;
            }
        }
        panic!("no way to {name} by keyboard");
    };
    tab_to("chosen");
    chrome.press(" ");
    tab_to("chosen");
    chrome.press(" ");
    tab_to("reason");
    chrome.press("Reklame");
    let on_button = "return document.activeElement.value === 'reject'";
    for _ in 0..10 {
        if chrome.run(on_button) == true {
            break;
        }
        chrome.press("\u{e004}");
    }
    chrome.leave("the button", || chrome.press("\u{e007}"));
    let text = chrome.run("return document.querySelector('main').innerText");
    assert!(
        text.as_str().unwrap().contains("Tipsene er avvist"),
        "{text}"
    );
    assert_eq!(rejected(&app), 2);
}

#[test]
fn who_organizes_a_suggested_event_is_asked_and_shown() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let known = app.snapshot().organizers().next().unwrap().clone();
    let mut visitor = Person::new(app.address().as_str());
    let suggested = |visitor: &mut Person, email: &str, name: &str| {
        let more = [("organizer_name", name), ("email", email)];
        let fields = [&MARKET[..], &more].concat();
        write(&app, visitor, "/suggest", &fields).ok();
        confirm(&app, &link(&mails, email, 0)).ok();
    };
    suggested(
        &mut visitor,
        TURID,
        &format!("  {} ", known.name.to_uppercase()),
    );
    suggested(
        &mut visitor,
        "ola@example.no",
        "Sørskogbygda bygdekvinnelag",
    );
    suggested(&mut visitor, "per@example.no", "");
    let all = app.calendar().load().unwrap().into_iter();
    let mut organizers: Vec<_> = all
        .filter_map(|stored| match stored.record {
            Record::Submission(submission) => Some(submission.next.clone().unwrap().organizer),
            _ => None,
        })
        .collect();
    let described = OrganizerRef::Described {
        name: "Sørskogbygda bygdekvinnelag".to_owned(),
        url: None,
    };
    for expected in [
        Some(OrganizerRef::Organizer(known.slug.clone())),
        Some(described),
        None,
    ] {
        let at = organizers
            .iter()
            .position(|organizer| *organizer == expected);
        organizers.remove(at.unwrap_or_else(|| panic!("{expected:?} is not in {organizers:?}")));
    }

    let mut editor = signed_in(&app, &mails, EDITOR);
    let with_name = ids(&app, RecordKind::Submission).into_iter().find(|id| {
        let page = editor.get(&format!("/editor/submissions/{id}")).ok();
        page.text().contains("Sørskogbygda bygdekvinnelag")
    });
    let own = format!(
        "/editor/submissions/{}",
        with_name.expect("the editor sees the name")
    );
    let edit = format!("{own}/edit");
    let page = editor.get(&edit).ok();
    assert!(
        page.text()
            .contains("value=\"Sørskogbygda bygdekvinnelag\""),
        "{}",
        page.text()
    );
    let long = write(
        &app,
        &mut visitor,
        "/suggest",
        &[
            &MARKET[..],
            &[("organizer_name", &"å".repeat(201)), ("email", TURID)],
        ]
        .concat(),
    );
    assert!(long.with_status(422).text().contains("høyst 200 tegn"));
}
