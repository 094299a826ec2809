//! A suggestion from the form to the public page.

use calendar_domain::{Record, RecordKind};
use calendar_store::Store;
use chrono::TimeDelta;

use super::{EDITOR, MARKET, TURID, app, confirm, ids, is_in_a_record, suggest, write};
use crate::organizers::{led_to, signed_in};
use crate::support::TestServer;
use crate::support::addresses::in_english;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

fn suggestions(app: &TestServer) -> Vec<String> {
    let all = app.calendar().load().unwrap().into_iter();
    let found = all.filter_map(|stored| match stored.record {
        Record::Submission(submission) if submission.organisation().is_none() => {
            Some(submission.id.to_string())
        }
        _ => None,
    });
    found.collect()
}

#[test]
fn a_suggestion_is_confirmed_changed_by_the_editor_and_published() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let link = suggest(&app, &mails, TURID);
    let mail = mails.next_to(TURID, 0);
    assert!(
        mail.subject.starts_with("Bekreft forslaget ditt"),
        "{}",
        mail.subject
    );
    // What the visitor typed goes to no address that is not confirmed.
    assert!(!mail.text.contains("Bygdemarked") && !mail.html.contains("Bygdemarked"));
    assert!(suggestions(&app).is_empty(), "not confirmed yet");
    // A mail scanner opens every link.
    for _ in 0..3 {
        let page = visitor.get(&link).ok();
        assert!(
            page.text().contains("Bygdemarked på Sørskogbygda"),
            "{}",
            page.text()
        );
    }
    assert!(suggestions(&app).is_empty());
    let done = confirm(&app, &link).ok();
    assert!(
        done.text().contains("Redaksjonen har fått forslaget"),
        "{}",
        done.text()
    );
    let again = visitor.get(&link).ok();
    assert!(again.text().contains("Lenken gjelder ikke lenger"));
    let [id] = &suggestions(&app)[..] else {
        panic!("one suggestion")
    };

    let mut editor = signed_in(&app, &mails, EDITOR);
    let queue = editor.get("/editor/").ok();
    assert!(
        queue.text().contains("Forslag fra en besøkende"),
        "{}",
        queue.text()
    );
    let review = format!("/editor/submissions/{id}");
    let page = editor.get(&review).ok();
    assert!(page.text().contains(TURID), "the editor sees who asks");
    assert!(
        !page.text().contains("value=\"ask\""),
        "a visitor can't change it"
    );
    let edit = format!("{review}/edit");
    let wrong = [
        ("title", "Bygdemarked"),
        ("date", "31.2.2027"),
        ("action", "save"),
    ];
    let refused = editor.fill(&edit, &edit, &wrong).with_status(422);
    assert!(refused.text().contains("31.2.2027"), "nothing is lost");
    let mut right = MARKET.to_vec();
    right[0].1 = "Bygdemarked i Sørskogbygda";
    right.extend([("hours", "at"), ("action", "save")]);
    let saved = editor.fill(&edit, &edit, &right).with_status(303);
    assert_eq!(led_to(&saved), review);
    let approve = [("action", "approve")];
    let done = editor.fill(&review, &review, &approve).with_status(303);
    assert_eq!(led_to(&done), "/editor/");

    let public = "/events/bygdemarked-i-sorskogbygda";
    let page = visitor.get(public).ok();
    assert!(
        page.text().contains("Sørskogbygda samfunnshus"),
        "{}",
        page.text()
    );
    let feed = visitor.get("/feeds/all.ics").ok();
    assert!(feed.text().contains("Bygdemarked i"), "{}", feed.text());
    let answer = mails.next_to(TURID, 1);
    assert!(
        answer.subject.starts_with("Godkjent: Bygdemarked i"),
        "{}",
        answer.subject
    );
    assert!(answer.links()[0].ends_with(public), "{}", answer.text);

    assert!(!is_in_a_record(&app, TURID), "the address is in no record");
    let others = ["/api/v1/events", "/api/v1/changes", "/metrics"].map(str::to_owned);
    let pages = app.every_page().into_iter();
    let pages = pages.flat_map(|page| [in_english(&page), page]);
    for path in pages.chain(app.every_feed()).chain(others) {
        let answer = visitor.get(&path);
        assert!(
            !String::from_utf8_lossy(&answer.body).contains(TURID),
            "{path}"
        );
    }
}

#[test]
fn a_link_works_once_also_if_it_is_pressed_twice_at_once() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let link = suggest(&app, &mails, TURID);
    let mut visitor = Person::new(app.address().as_str());
    let page = visitor.get(&link).ok();
    let hidden = crate::support::person::hidden_fields(page.text(), "/confirm");
    let (app, hidden) = (&app, &hidden);
    let press = move || {
        let mut visitor = Person::new(app.address().as_str());
        let fields = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
        let fields: Vec<_> = fields.collect();
        visitor.post("/confirm", &fields).status
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let presses: Vec<_> = (0..4).map(|_| scope.spawn(press)).collect();
        presses
            .into_iter()
            .map(|press| press.join().unwrap())
            .collect()
    });
    assert!(
        statuses.iter().all(|status| [200, 403].contains(status)),
        "{statuses:?}"
    );
    assert!(statuses.contains(&200));
    assert_eq!(suggestions(app).len(), 1);
}

#[test]
fn what_waits_for_its_confirmation_survives_a_restart_and_ends_after_two_days() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    let first = suggest(&app, &mails, TURID);
    let second = suggest(&app, &mails, TURID);
    app.restart();
    confirm(&app, &first).ok();
    assert_eq!(suggestions(&app).len(), 1);
    app.wait(TimeDelta::hours(48));
    let mut visitor = Person::new(app.address().as_str());
    let page = visitor.get(&second).ok();
    assert!(
        page.text().contains("Lenken gjelder ikke lenger"),
        "{}",
        page.text()
    );
    assert_eq!(suggestions(&app).len(), 1);
    // A link with another secret is none.
    let third = suggest(&app, &mails, TURID);
    let wrong = format!("{}{}", &third[..third.len() - 4], "AAAA");
    let page = visitor.get(&wrong).ok();
    assert!(page.text().contains("Lenken gjelder ikke lenger"));
    visitor.get(&third).ok();
}

#[test]
fn a_rejection_is_mailed_with_its_reason_and_the_address_is_deleted_in_time() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    for _ in 0..2 {
        confirm(&app, &suggest(&app, &mails, TURID)).ok();
    }
    let [first, second] = &suggestions(&app)[..] else {
        panic!("two suggestions")
    };
    let mut editor = signed_in(&app, &mails, EDITOR);
    let reject = |editor: &mut Person, id: &str| {
        let review = format!("/editor/submissions/{id}");
        let fields = [
            ("action", "reject"),
            ("reason", "Arrangementet er utenfor regionen."),
        ];
        editor.fill(&review, &review, &fields).with_status(303);
    };
    reject(&mut editor, first);
    let mail = mails.next_to(TURID, 2);
    assert!(
        mail.subject.starts_with("Avvist: Bygdemarked"),
        "{}",
        mail.subject
    );
    assert!(
        mail.text.contains("> Arrangementet er utenfor regionen."),
        "{}",
        mail.text
    );
    assert!(
        !mail.text.contains("/organizer/"),
        "a visitor has no page there"
    );

    app.restart();
    let mut editor = signed_in(&app, &mails, EDITOR);
    let page = editor.get(&format!("/editor/submissions/{second}")).ok();
    assert!(page.text().contains(TURID), "an address survives a restart");
    app.wait(TimeDelta::days(90));
    let mut editor = signed_in(&app, &mails, EDITOR);
    let page = editor.get(&format!("/editor/submissions/{second}")).ok();
    assert!(!page.text().contains(TURID), "{}", page.text());
    assert!(page.text().contains("E-postadressen er slettet"));
    reject(&mut editor, second);
    crate::organizers::until("the mail is dropped", || {
        ids(&app, RecordKind::Mail).is_empty()
    });
    assert_eq!(
        mails.all().iter().filter(|mail| mail.to == TURID).count(),
        3
    );
    assert!(!is_in_a_record(&app, TURID));
}

#[test]
fn in_english_the_pages_and_the_mail_are_english() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let fields = [&MARKET[..], &[("email", TURID)]].concat();
    let sent = write(&app, &mut visitor, "/en/suggest", &fields).ok();
    assert!(sent.text().contains("Check your email"), "{}", sent.text());
    let link = super::link(&mails, TURID, 0);
    assert!(link.starts_with("/en/confirm?"), "{link}");
    let mail = mails.next_to(TURID, 0);
    assert!(
        mail.subject.starts_with("Confirm your suggestion"),
        "{}",
        mail.subject
    );
    let done = confirm(&app, &link).ok();
    assert!(done.text().contains("The editors have your suggestion"));
    let id = suggestions(&app).remove(0);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let review = format!("/editor/submissions/{id}");
    editor
        .fill(&review, &review, &[("action", "approve")])
        .with_status(303);
    let answer = mails.next_to(TURID, 1);
    assert!(
        answer.subject.starts_with("Approved: "),
        "{}",
        answer.subject
    );
    assert!(answer.links()[0].contains("/en/events/"), "{}", answer.text);
}
