//! The facts in the form, and the places left afterwards.

use calendar_domain::{Availability, EditorScope, Owner, Start};

use super::{account, led_to, signed_in};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::saved::Saved;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";
const PAGE: &str = "/events/julekonsert-i-skogen";

/// Publishes a concert with these fields. Returns the organizer.
fn published(app: &TestServer, mails: &SmtpServer, fields: &[(&str, &str)]) -> Person {
    app.commit(vec![account(app, 9, EDITOR, Some(EditorScope::All)).into()]);
    let mut kari = signed_in(app, mails, KARI);
    let new = "/organizer/organisations/new";
    kari.fill(new, new, &[("name", "Skogslaget")]);
    let concert = [
        ("title", "Julekonsert i Skogen"),
        ("date", "18.12.2026"),
        ("start_time", "18.30"),
        ("place", "terningen-arena"),
        ("action", "check"),
    ];
    let new = "/organizer/events/new";
    let answer = kari.fill(new, new, &[&concert[..], fields].concat());
    let check = led_to(&answer.with_status(303));
    let own = check.rsplit_once('/').unwrap().0.to_owned();
    assert!(check.ends_with("/check"), "{check}");
    kari.fill(&check, &format!("{own}/send"), &[])
        .with_status(303);
    let mut editor = signed_in(app, mails, EDITOR);
    let review = own.replace("/organizer/events/", "/editor/submissions/");
    let approve = [("action", "approve"), ("approve_organisation", "yes")];
    editor.fill(&review, &review, &approve).with_status(303);
    kari
}

fn app(mails: &SmtpServer) -> TestServer {
    TestServer::builder().with_mail(&mails.url()).start()
}

#[test]
fn every_fact_of_the_form_is_on_the_page() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let facts = [
        ("setting", "outdoor"),
        ("language", "nsl"),
        ("language", "en"),
        ("sustainability", "public_transport"),
        ("certificate_issuer", "Miljøfyrtårn"),
        ("getting_there", "Gå over brua."),
        ("availability", "few_left"),
    ];
    let mut kari = published(&app, &mails, &facts);
    let page = app.visitor().read(PAGE);
    for text in [
        "Ute",
        "Norsk tegnspråk",
        "Engelsk",
        "Kan nås med kollektivtransport",
        "Miljøsertifisert av Miljøfyrtårn",
        "Gå over brua.",
        "Få plasser igjen",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    // The form of an edit has them all again.
    let event = Saved::find(&app, "julekonsert-i-skogen").record();
    let own = format!("/organizer/published/{}", event.id);
    let edit = led_to(
        &kari
            .fill(&own, &format!("{own}/edit"), &[])
            .with_status(303),
    );
    let form = kari.get(&edit).ok().text().to_owned();
    for checked in ["outdoor", "nsl", "en", "public_transport", "few_left"] {
        assert!(
            form.contains(&format!("value=\"{checked}\" checked")),
            "{checked}: {form}"
        );
    }
    assert!(form.contains("value=\"Miljøfyrtårn\"") && form.contains("Gå over brua."));
}

#[test]
fn an_organizer_marks_an_event_as_sold_out_and_it_shows_at_once() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = published(&app, &mails, &[]);
    let concert = Saved::find(&app, "julekonsert-i-skogen");
    let sequence = concert.record().sequence;
    let own = format!("/organizer/published/{}", concert.record().id);
    let action = format!("{own}/availability");
    let done = kari.fill(&own, &action, &[("availability", "sold_out")]);
    assert_eq!(led_to(&done.with_status(303)), own);
    let body = |path: &str| app.visitor().get(path).ok().text().to_owned();
    for path in [PAGE, "/", "/feeds/all.ics", "/feeds/all.rss"] {
        let text = body(path);
        assert!(text.contains("Utsolgt"), "{path}: {text}");
    }
    let changes = body("/api/v1/changes");
    assert!(
        changes.contains("\"availability\":\"sold_out\""),
        "{changes}"
    );
    let event = concert.record();
    assert!(
        event
            .owner(calendar_domain::Field::Availability)
            .is_some_and(Owner::is_person)
    );
    assert_eq!(
        event.sequence, sequence,
        "neither time, place nor status changed"
    );
    kari.fill(&own, &action, &[("availability", "available")])
        .with_status(303);
    assert!(!body(PAGE).contains("Utsolgt"));
    let wrong = kari.fill(&own, &action, &[("availability", "gone")]);
    wrong.with_status(400);
}

#[test]
fn an_organizer_marks_one_date_as_full() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let repeated = [
        ("pattern", "repeated"),
        ("count", "3"),
        ("admission", "free"),
    ];
    let mut kari = published(&app, &mails, &repeated);
    let concert = Saved::find(&app, "julekonsert-i-skogen");
    let own = format!("/organizer/published/{}", concert.record().id);
    let page = kari.get(&own).ok().text().to_owned();
    assert!(page.contains("value=\"2026-12-25T18:30:00\""), "{page}");
    let second = [
        ("occurrence", "2026-12-25T18:30:00"),
        ("availability", "sold_out"),
    ];
    let action = format!("{own}/availability");
    kari.fill(&own, &action, &second).with_status(303);
    let event = concert.record();
    assert_eq!(event.availability, Availability::Available);
    let overrides = &event.schedule.recurrence.as_ref().unwrap().overrides;
    let start = Start::Local("2026-12-25T18:30:00".parse().unwrap());
    assert_eq!(overrides[&start].availability, Some(Availability::SoldOut));
    // A free event is full, not sold out.
    let text = app.visitor().read(PAGE);
    assert_eq!(text.matches("Fullt").count(), 1, "{text}");
    let no_such = [
        ("occurrence", "2026-12-26T18:30:00"),
        ("availability", "sold_out"),
    ];
    let refused = kari.post(&action, &no_such);
    assert!(refused.status >= 400, "{}", refused.status);
    kari.fill(
        &own,
        &action,
        &[("occurrence", ""), ("availability", "available")],
    )
    .with_status(303);
    assert!(
        concert
            .record()
            .schedule
            .recurrence
            .unwrap()
            .overrides
            .is_empty()
    );
}
