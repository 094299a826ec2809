//! Reports of mistakes, from the link on an event's page to the answer.

use calendar_domain::{EditorScope, RecordKind};
use chrono::TimeDelta;
use elverum_calendar::config::SuggestionsConfig;

use super::{EDITOR, TURID, app, confirm, ids, is_in_a_record, report};
use crate::organizers::{account, club, led_to, signed_in, until};
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const KARI: &str = "kari@example.org";

/// Returns a server with a concert of an organisation.
fn with_concert(mails: &SmtpServer) -> TestServer {
    let app = app(mails);
    let kari = account(&app, 1, KARI, None);
    app.commit(club(&app, 2, "koret", &kari).to_vec());
    app.commit(vec![kari.into()]);
    event("Vinterkonsert")
        .on("2027-02-06T18:00")
        .by("koret")
        .save(&app);
    app
}

#[test]
fn a_report_is_confirmed_passed_on_answered_and_removed_in_time() {
    let mails = SmtpServer::start();
    let app = with_concert(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let page = visitor.get("/events/vinterkonsert").ok();
    assert!(
        page.text().contains("href=\"/report?event=vinterkonsert\""),
        "{}",
        page.text()
    );
    let link = report(&app, &mails, "vinterkonsert", TURID);
    let mail = mails.next_to(TURID, 0);
    assert!(
        mail.subject.starts_with("Bekreft feilmeldingen"),
        "{}",
        mail.subject
    );
    assert!(!mail.text.contains("klokken sju"), "{}", mail.text);
    visitor.get(&link).ok();
    assert!(
        ids(&app, RecordKind::Report).is_empty(),
        "not confirmed yet"
    );
    confirm(&app, &link).ok();
    let [id] = &ids(&app, RecordKind::Report)[..] else {
        panic!("one report")
    };

    let mut editor = signed_in(&app, &mails, EDITOR);
    let queue = editor.get("/editor/").ok();
    assert!(queue.text().contains("Meldt feil") && queue.text().contains("Vinterkonsert"));
    let own = format!("/editor/reports/{id}");
    let page = editor.get(&own).ok();
    for text in [
        "klokken sju",
        "Dato eller klokkeslett",
        TURID,
        "Send til koret",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let passed = editor
        .fill(&own, &own, &[("action", "forward")])
        .with_status(303);
    assert_eq!(led_to(&passed), own);
    let told = mails.next_to(KARI, 0);
    assert!(
        told.subject.starts_with("Meldt feil: Vinterkonsert"),
        "{}",
        told.subject
    );
    assert!(
        told.text.contains("klokken sju") && !told.text.contains(TURID),
        "{}",
        told.text
    );
    assert!(
        told.links()[0].contains("/organizer/published/"),
        "{}",
        told.text
    );
    let again = editor
        .fill(&own, &own, &[("action", "forward")])
        .with_status(303);
    assert!(again.header("Location").ends_with("notice=state"));

    let blank = editor
        .fill(&own, &own, &[("action", "answer")])
        .with_status(422);
    assert!(blank.text().contains("Skriv svaret"), "{}", blank.text());
    let answer = [
        ("action", "answer"),
        ("answer", "Takk! Vi har rettet tiden."),
    ];
    let done = editor.fill(&own, &own, &answer).with_status(303);
    assert_eq!(led_to(&done), "/editor/");
    let mail = mails.next_to(TURID, 1);
    assert!(
        mail.subject.starts_with("Svar: Vinterkonsert"),
        "{}",
        mail.subject
    );
    assert!(
        mail.text.contains("> Takk! Vi har rettet tiden."),
        "{}",
        mail.text
    );
    let queue = editor.get("/editor/").ok();
    assert!(!queue.text().contains("Meldt feil"), "{}", queue.text());
    let page = editor.get(&own).ok();
    assert!(
        page.text().contains("Vi har rettet tiden"),
        "{}",
        page.text()
    );
    assert!(!is_in_a_record(&app, TURID));

    let days = i64::from(SuggestionsConfig::default().address_days);
    app.wait(TimeDelta::days(days - 1));
    std::thread::sleep(std::time::Duration::from_secs(4));
    assert_eq!(ids(&app, RecordKind::Report).len(), 1);
    app.wait(TimeDelta::days(1));
    until("the report is deleted", || {
        ids(&app, RecordKind::Report).is_empty()
    });
}

#[test]
fn a_report_is_for_the_editors_of_the_place_and_can_be_closed_without_a_mail() {
    let mails = SmtpServer::start();
    let app = with_concert(&mails);
    let amot = EditorScope::Municipalities(["3422".parse().unwrap()].into());
    app.commit(vec![
        account(&app, 11, "amot@example.org", Some(amot)).into(),
    ]);
    event("Foredrag")
        .on("2027-02-07T18:00")
        .at("Terningen Arena")
        .save(&app);
    confirm(&app, &report(&app, &mails, "foredrag", TURID)).ok();
    let id = ids(&app, RecordKind::Report).remove(0);
    let own = format!("/editor/reports/{id}");
    let mut other = signed_in(&app, &mails, "amot@example.org");
    other.get(&own).with_status(403);
    assert!(!other.get("/editor/").ok().text().contains("Foredrag"));
    let mut editor = signed_in(&app, &mails, EDITOR);
    let page = editor.get(&own).ok();
    assert!(
        !page.text().contains("value=\"forward\""),
        "nobody organizes it here"
    );
    editor
        .fill(&own, &own, &[("action", "close")])
        .with_status(303);
    let again = editor.get(&own).ok();
    assert!(again.text().contains("Uten svar"), "{}", again.text());
    assert!(ids(&app, RecordKind::Mail).is_empty());
    assert_eq!(
        mails.all().iter().filter(|mail| mail.to == TURID).count(),
        1
    );
}

#[test]
fn a_link_of_an_event_that_is_gone_says_so() {
    let mails = SmtpServer::start();
    let app = with_concert(&mails);
    let link = report(&app, &mails, "vinterkonsert", TURID);
    crate::support::saved::Saved::find(&app, "vinterkonsert").change(|event| {
        event.publication = calendar_domain::Publication::Withdrawn;
    });
    let gone = confirm(&app, &link).with_status(409);
    assert!(
        gone.text().contains("ikke publisert lenger"),
        "{}",
        gone.text()
    );
    assert!(ids(&app, RecordKind::Report).is_empty());
}

#[test]
fn reports_of_one_mistake_are_one_matter_and_never_close_the_form() {
    let mails = SmtpServer::start();
    let app = with_concert(&mails);
    // More than there ever was room for, each from an address and domain of its own.
    for n in 0..24 {
        let link = report(&app, &mails, "vinterkonsert", &format!("a{n}@host{n}.no"));
        confirm(&app, &link).ok();
    }
    let all = ids(&app, RecordKind::Report);
    assert_eq!(all.len(), 2, "twenty in one, four in the next");
    let link = report(&app, &mails, "vinterkonsert", TURID);
    confirm(&app, &link).ok();
    let mut editor = signed_in(&app, &mails, EDITOR);
    let queue = editor.get("/editor/").ok();
    assert!(queue.text().contains("Meldt 20 ganger"), "{}", queue.text());
    assert!(queue.text().contains("Meldt 5 ganger"), "{}", queue.text());
    let own = all.iter().map(|id| format!("/editor/reports/{id}"));
    let own = own.filter(|own| editor.get(own).ok().text().contains(TURID));
    let [own] = &own.collect::<Vec<_>>()[..] else {
        panic!("the last report is in one of them")
    };
    let page = editor.get(own).ok();
    assert_eq!(
        page.text().matches("klokken sju").count(),
        5,
        "{}",
        page.text()
    );
    let answer = [("action", "answer"), ("answer", "Takk, det er rettet.")];
    editor.fill(own, own, &answer).with_status(303);
    for email in [TURID, "a20@host20.no", "a23@host23.no"] {
        let mail = mails.next_to(email, 1);
        assert!(
            mail.text.contains("> Takk, det er rettet."),
            "{}",
            mail.text
        );
    }
    assert_eq!(
        mails
            .all()
            .iter()
            .filter(|mail| mail.to == "a0@host0.no")
            .count(),
        1
    );
}

#[test]
fn a_report_that_is_confirmed_twice_at_once_joins_once() {
    let mails = SmtpServer::start();
    let app = with_concert(&mails);
    confirm(&app, &report(&app, &mails, "vinterkonsert", TURID)).ok();
    let link = report(&app, &mails, "vinterkonsert", "ola@example.no");
    let action = link.split('?').next().unwrap();
    let visitors: Vec<_> = (0..4)
        .map(|_| {
            let mut visitor = Person::new(app.address().as_str());
            let page = visitor.get(&link).ok();
            (visitor, hidden_fields(page.text(), action))
        })
        .collect();
    std::thread::scope(|scope| {
        let threads = visitors.into_iter().map(|(mut visitor, fields)| {
            scope.spawn(move || visitor.post_read(action, &fields).status)
        });
        let threads: Vec<_> = threads.collect();
        for thread in threads {
            let status = thread.join().unwrap();
            assert!(matches!(status, 200 | 403 | 404 | 410), "{status}");
        }
    });
    let mut editor = signed_in(&app, &mails, EDITOR);
    let queue = editor.get("/editor/").ok();
    assert!(queue.text().contains("Meldt 2 ganger"), "{}", queue.text());
}
