//! From signing in to a published event, by forms alone.

use calendar_domain::EditorScope;

use super::{account, led_to, signed_in};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";
/// Private facts, which only organizer and editor may see.
const CANARY: &str = "kanarifugl";

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    app.commit(vec![
        account(&app, 9, EDITOR, Some(EditorScope::All)).into(),
    ]);
    app
}

/// Registers an organisation without a number.
#[track_caller]
pub(super) fn register(person: &mut Person, name: &str) {
    let page = "/organizer/organisations/new";
    let answer = person.fill(page, page, &[("name", name)]);
    assert_eq!(led_to(&answer.with_status(303)), "/organizer/");
}

/// Fills in the form of a new event. Returns the path of the submission and where the form led.
#[track_caller]
pub(super) fn fill_event(person: &mut Person, fields: &[(&str, &str)]) -> (String, String) {
    let page = "/organizer/events/new";
    let answer = person.fill(page, page, fields).with_status(303);
    let next = led_to(&answer);
    let own = next.rsplit_once('/').unwrap().0.to_owned();
    (own, answer.header("Location").to_owned())
}

/// Sends a submission after the last look.
#[track_caller]
pub(super) fn send(person: &mut Person, own: &str) {
    let (check, action) = (format!("{own}/check"), format!("{own}/send"));
    let answer = person.fill(&check, &action, &[]).with_status(303);
    assert_eq!(led_to(&answer), own);
}

/// Returns the path of the editor's page of a submission.
pub(super) fn review(own: &str) -> String {
    own.replace("/organizer/events/", "/editor/submissions/")
}

const CONCERT: [(&str, &str); 6] = [
    ("title", "Julekonsert i Skogen"),
    ("date", "18.12.2026"),
    ("start_time", "18.30"),
    ("place", "terningen-arena"),
    ("contact_name", CANARY),
    ("action", "check"),
];

#[test]
fn a_volunteer_gets_an_event_from_idea_to_published() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    assert!(
        kari.get("/organizer/")
            .ok()
            .text()
            .contains("Registrer arrangement")
    );
    let none = kari.get("/organizer/events/new").with_status(303);
    assert_eq!(led_to(&none), "/organizer/organisations");
    register(&mut kari, "Skogslaget");

    let (own, next) = fill_event(&mut kari, &CONCERT);
    assert!(next.ends_with("/check"), "{next}");
    let check = kari.get(&format!("{own}/check")).ok();
    assert!(
        check.text().contains("Fredag 18. desember 2026 kl."),
        "{}",
        check.text()
    );
    send(&mut kari, &own);
    let got = mails.next_to(KARI, 1);
    assert!(
        got.subject.contains("Julekonsert i Skogen"),
        "{}",
        got.subject
    );
    assert!(
        got.links().iter().any(|link| link.ends_with(&own)),
        "{}",
        got.text
    );
    let receipt = kari.get(&own).ok();
    assert!(
        receipt.text().contains("Til godkjenning"),
        "{}",
        receipt.text()
    );

    let public = [
        "/",
        "/feeds/all.ics",
        "/feeds/all.json",
        "/places/terningen-arena",
    ];
    let mut visitor = Person::new(app.address().as_str());
    for path in public {
        assert!(
            !visitor.get(path).ok().text().contains("i Skogen"),
            "{path}"
        );
    }

    let mut editor = signed_in(&app, &mails, EDITOR);
    let queue = editor.get("/editor/").ok();
    assert!(queue.text().contains("Julekonsert i Skogen") && queue.text().contains("Skogslaget"));
    let page = editor.get(&review(&own)).ok();
    assert!(
        page.text().contains(CANARY),
        "the editor sees the contact on duty"
    );
    let approve = [("action", "approve"), ("approve_organisation", "yes")];
    let done = editor
        .fill(&review(&own), &review(&own), &approve)
        .with_status(303);
    assert_eq!(led_to(&done), "/editor/");

    for path in public {
        let answer = visitor.get(path).ok();
        assert!(
            answer.text().contains("i Skogen"),
            "{path}: {}",
            answer.text()
        );
    }
    let page = visitor.get("/events/julekonsert-i-skogen").ok();
    assert!(page.text().contains("Skogslaget"), "{}", page.text());
    let feed = visitor.get("/feeds/organizer/skogslaget.ics").ok();
    assert!(
        feed.text().contains(":Julekonsert i Skogen"),
        "{}",
        feed.text()
    );
    let got = mails.next_to(KARI, 2);
    assert!(
        got.links()
            .iter()
            .any(|link| link.ends_with("/events/julekonsert-i-skogen"))
    );
    for path in app.every_feed().into_iter().chain(app.every_page()) {
        let answer = visitor.get(&path);
        assert!(
            !String::from_utf8_lossy(&answer.body).contains(CANARY),
            "{path}"
        );
    }
}

#[test]
fn errors_stand_at_their_fields_and_nothing_typed_is_lost() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    register(&mut kari, "Skogslaget");
    let wrong = [
        ("title", "Julekonsert <i> Skogen"),
        ("date", "31.2.2027"),
        ("start_time", "25"),
        ("price", "mye"),
        ("action", "check"),
    ];
    let (own, next) = fill_event(&mut kari, &wrong);
    assert!(next.ends_with("/edit?check=true"), "{next}");
    let page = kari.get(&next).ok();
    let html = page.text();
    assert!(html.contains("<title>Feil: "), "{html}");
    for (field, message) in [
        ("date", "Skriv den slik: 8.6.2027."),
        ("start_time", "Skriv det slik: 18.30."),
        ("place", "Velg et sted"),
        ("price", "Skriv den slik: 250."),
    ] {
        assert!(
            html.contains(&format!("<a href=\"#{field}\">")),
            "{field}: {html}"
        );
        assert!(
            html.contains(&format!("id=\"{field}-error\"")),
            "{field}: {html}"
        );
        assert!(html.contains(message), "{message}");
    }
    for typed in [
        "Julekonsert &#60;i&#62; Skogen",
        "31.2.2027",
        "value=\"25\"",
        "value=\"mye\"",
    ] {
        assert!(html.contains(typed), "{typed} is lost: {html}");
    }
    let refused = kari.get(&format!("{own}/check")).with_status(303);
    assert_eq!(led_to(&refused), format!("{own}/edit"));
}

#[test]
fn the_editor_asks_for_changes_and_the_organizer_answers() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    register(&mut kari, "Skogslaget");
    let more = [
        ("part_title", "Åpning"),
        ("part_start", "18.30"),
        ("pattern", "repeated"),
        ("count", "3"),
    ];
    let (own, _) = fill_event(&mut kari, &[&CONCERT[..], &more].concat());
    send(&mut kari, &own);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let ask = [("action", "ask"), ("comment_title", "Hvilken skog?")];
    let done = editor
        .fill(&review(&own), &review(&own), &ask)
        .with_status(303);
    assert_eq!(led_to(&done), "/editor/");
    let mail = mails.next_to(KARI, 2);
    assert!(mail.text.contains("Hvilken skog?"), "{}", mail.text);
    let edit = format!("{own}/edit");
    let page = kari.get(&edit).ok();
    assert!(
        page.text().contains("id=\"title-comment\""),
        "{}",
        page.text()
    );
    assert!(page.text().contains("Hvilken skog?"));
    assert!(
        page.text().contains("value=\"Åpning\""),
        "the programme is kept"
    );
    let mut changed = [&CONCERT[..], &more].concat();
    changed[0].1 = "Julekonsert i Storskogen";
    let next = kari.fill(&edit, &edit, &changed).with_status(303);
    assert_eq!(led_to(&next), format!("{own}/check"));
    send(&mut kari, &own);
    let approve = [("action", "approve"), ("approve_organisation", "yes")];
    editor
        .fill(&review(&own), &review(&own), &approve)
        .with_status(303);
    let mut visitor = Person::new(app.address().as_str());
    let page = visitor.get("/events/julekonsert-i-storskogen").ok();
    for text in ["Åpning", "25. desember", "1. januar"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let found = visitor.get("/?q=storskogen").ok();
    assert!(found.text().contains("Julekonsert i Storskogen"));

    let event = app
        .snapshot()
        .event_at(&"julekonsert-i-storskogen".parse().unwrap())
        .unwrap()
        .id()
        .to_owned();
    let manage = format!("/organizer/published/{event}");
    let cancel = [("status", "cancelled"), ("notice", "Dirigenten er syk.")];
    let done = kari.fill(&manage, &manage, &cancel).with_status(303);
    assert!(done.header("Location").ends_with("notice=status"));
    let page = visitor.get("/events/julekonsert-i-storskogen").ok();
    assert!(page.text().contains("Avlyst") && page.text().contains("Dirigenten er syk."));
    let feed = visitor.get("/events/julekonsert-i-storskogen.ics").ok();
    assert!(feed.text().contains("STATUS:CANCELLED"), "{}", feed.text());
}

#[test]
fn a_decision_without_its_text_is_asked_for_again() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    register(&mut kari, "Skogslaget");
    let (own, _) = fill_event(&mut kari, &CONCERT);
    send(&mut kari, &own);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let path = review(&own);
    let again = editor.fill(
        &path,
        &path,
        &[("action", "reject"), ("comment_title", "Bevart")],
    );
    let again = again.with_status(422);
    assert!(again.text().contains("Bevart"), "{}", again.text());
    let pending = editor
        .fill(&path, &path, &[("action", "approve")])
        .with_status(422);
    assert!(
        pending.text().contains("ikke godkjent ennå"),
        "{}",
        pending.text()
    );
    let reject = [("action", "reject"), ("reason", "Utenfor regionen.")];
    editor.fill(&path, &path, &reject).with_status(303);
    let page = kari.get(&own).ok();
    assert!(page.text().contains("Utenfor regionen."), "{}", page.text());
    assert!(
        app.snapshot()
            .event_at(&"julekonsert-i-skogen".parse().unwrap())
            .is_none()
    );
}

#[test]
fn two_members_who_save_at_once_see_both() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    register(&mut kari, "Skogslaget");
    let (own, _) = fill_event(&mut kari, &CONCERT);
    let edit = format!("{own}/edit");
    let opened = kari.get(&edit).ok();
    let hidden = crate::support::person::hidden_fields(opened.text(), &edit);
    let mut save = |title: &str| {
        // Each opened the form in a browser of their own.
        let own = hidden.iter().filter(|(name, _)| name != "form_id");
        let own = own.map(|(a, b)| (a.as_str(), b.as_str()));
        let mut fields: Vec<_> = own.chain(CONCERT.into_iter().skip(1)).collect();
        fields.push(("title", title));
        kari.post(&edit, &fields)
    };
    save("Vinterkonsert").with_status(303);
    let conflict = save("Vårkonsert").with_status(409);
    assert!(
        conflict.text().contains("Vinterkonsert"),
        "{}",
        conflict.text()
    );
    assert!(
        conflict.text().contains("value=\"Vårkonsert\""),
        "{}",
        conflict.text()
    );
}
