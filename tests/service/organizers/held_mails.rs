//! Mails about a change of status wait ten minutes, and none is sent if the change is undone by then.

use calendar_domain::{
    Account, EditorScope, Event, EventId, EventStatus, MemberRole, OutgoingMail, Record,
};
use calendar_store::{Change, records};
use chrono::TimeDelta;

use super::{account, club, led_to, signed_in, until};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const KARI: &str = "kari@example.org";
const OLA: &str = "ola@example.org";
const OWN: &str = "redaktor@example.org";
const AMOT: &str = "amot@example.org";
const DATES: [&str; 3] = [
    "2026-12-07T18:00:00",
    "2026-12-14T18:00:00",
    "2026-12-21T18:00:00",
];

/// A repeated event of a choir in Elverum; Kari and Ola are its members. There are editors of Elverum and of Åmot.
fn app(mails: &SmtpServer) -> (TestServer, EventId) {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let scope = |number: &str| {
        Some(EditorScope::Municipalities(
            [number.parse().unwrap()].into(),
        ))
    };
    let people: Vec<Account> = [
        (1, KARI, None),
        (2, OLA, None),
        (3, OWN, scope("3420")),
        (4, AMOT, scope("3422")),
    ]
    .into_iter()
    .map(|(number, email, editor)| account(&app, number, email, editor))
    .collect();
    let [mut organisation, organizer] = club(&app, 10, "koret", &people[0]);
    if let Record::Organisation(item) = &mut organisation {
        let item = std::sync::Arc::make_mut(item);
        item.members
            .insert(people[1].id.clone(), MemberRole::Member);
    }
    let people = people.into_iter().map(Record::from);
    app.commit(people.chain([organisation, organizer]).collect());
    let concert = event("Julekonsert")
        .at("Terningen Arena")
        .by("koret")
        .on("2026-12-07T18:00")
        .repeating("FREQ=WEEKLY;COUNT=3")
        .finish(&app);
    let id = concert.id.clone();
    app.commit_changes(vec![Change::create(concert.into())]);
    (app, id)
}

fn stored(app: &TestServer, id: &EventId) -> Event {
    let found = records::one::<Event>(&**app.calendar(), id.as_str());
    found.unwrap().unwrap().0
}

/// Returns the addresses of the mails about the event in the outbox.
fn held(app: &TestServer) -> Vec<String> {
    let mut all = records::every::<OutgoingMail>(&**app.calendar()).unwrap();
    all.retain(|(value, _)| value.change.is_some());
    let mut to: Vec<String> = all
        .into_iter()
        .map(|(value, _)| value.to.address().unwrap().to_string())
        .collect();
    to.sort();
    to
}

fn manage(id: &EventId) -> String {
    format!("/organizer/published/{id}")
}

#[track_caller]
fn change(person: &mut Person, id: &EventId, fields: &[(&str, &str)]) {
    let page = manage(id);
    let done = person.fill(&page, &page, fields).with_status(303);
    let to = done.header("Location");
    assert!(to.ends_with("notice=status"), "{to}");
}

#[track_caller]
fn undo(person: &mut Person, id: &EventId) {
    let (page, action) = (manage(id), format!("{}/undo", manage(id)));
    let done = person.fill(&page, &action, &[]).with_status(303);
    assert_eq!(led_to(&done), page);
    let to = done.header("Location");
    assert!(to.ends_with("notice=undone"), "{to}");
}

/// Makes the outbox look, and waits until it has.
fn look(app: &TestServer, mails: &SmtpServer, number: u128) {
    let marker = account(
        app,
        90 + number,
        &format!("marker{number}@example.org"),
        None,
    );
    let mail = OutgoingMail::new(
        uuid::Uuid::from_u128(900 + number).into(),
        marker.email,
        calendar_domain::Lang::Nb,
        calendar_domain::MailKind::Received,
        calendar_domain::MailFacts::default(),
        app.now(),
    );
    let to = mail.to.address().unwrap().to_string();
    app.commit(vec![mail.into()]);
    let _ = mails.next_to(&to, 0);
}

/// Returns the mails that are about the event.
fn about(mails: &SmtpServer) -> Vec<(String, String)> {
    let all = mails.all().into_iter();
    let mut all: Vec<_> = all
        .filter(|value| value.subject.contains("Julekonsert"))
        .map(|item| (item.to, item.subject))
        .collect();
    all.sort();
    all
}

#[test]
fn a_cancellation_is_mailed_after_ten_minutes_to_the_others_whom_it_concerns() {
    let mails = SmtpServer::start();
    let (mut app, id) = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let reason = [("status", "cancelled"), ("notice", "Dirigenten er syk.")];
    change(&mut kari, &id, &reason);
    assert_eq!(held(&app), [OLA, OWN]);
    let page = app.visitor().get("/events/julekonsert").ok();
    assert!(page.text().contains("Avlyst"), "at once");
    look(&app, &mails, 1);
    app.wait(TimeDelta::minutes(9));
    app.restart();
    look(&app, &mails, 2);
    assert!(about(&mails).is_empty(), "{:?}", about(&mails));
    assert_eq!(held(&app), [OLA, OWN], "they outlive a restart");
    app.wait(TimeDelta::minutes(1));
    for to in [OLA, OWN] {
        let got = mails.next_to(to, 0);
        assert_eq!(got.subject, "Avlyst: Julekonsert");
        for text in ["> Dirigenten er syk.", KARI, &manage(&id)] {
            assert!(got.text.contains(text), "{text}: {}", got.text);
        }
    }
    look(&app, &mails, 3);
    assert_eq!(
        about(&mails).len(),
        2,
        "neither Kari nor the editor of Åmot"
    );
}

#[test]
fn undoing_one_date_restores_the_event_exactly_and_nobody_gets_a_mail() {
    let mails = SmtpServer::start();
    let (app, id) = app(&mails);
    let before = stored(&app, &id);
    let feed = app.visitor().get("/events/julekonsert.ics").ok();
    let mut kari = signed_in(&app, &mails, KARI);
    let one = [("occurrence", DATES[1]), ("status", "cancelled")];
    change(&mut kari, &id, &one);
    let cancelled = app.visitor().get("/events/julekonsert.ics").ok();
    assert!(cancelled.text().contains("STATUS:CANCELLED"));
    assert_eq!(held(&app), [OLA, OWN]);
    undo(&mut kari, &id);
    let mut after = stored(&app, &id);
    assert_eq!(
        after.sequence,
        before.sequence + 2,
        "subscribers get the undo"
    );
    assert!(after.modified >= before.modified);
    (after.sequence, after.modified) = (before.sequence, before.modified);
    assert_eq!(after, before);
    let restored = app.visitor().get("/events/julekonsert.ics").ok();
    assert!(
        !restored.text().contains("CANCELLED"),
        "{}",
        restored.text()
    );
    let starts = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("DTSTART"))
            .count()
    };
    assert_eq!(starts(restored.text()), starts(feed.text()));
    assert!(held(&app).is_empty());
    let page = kari.get(&manage(&id)).ok();
    assert!(!page.text().contains("/undo"), "nothing is left to undo");
    app.wait(TimeDelta::minutes(11));
    look(&app, &mails, 1);
    assert!(about(&mails).is_empty());
}

#[test]
fn a_new_time_is_undone_with_the_former_one_and_an_editor_may() {
    let mails = SmtpServer::start();
    let (app, id) = app(&mails);
    let before = stored(&app, &id);
    let mut kari = signed_in(&app, &mails, KARI);
    let moved = [("status", "rescheduled"), ("date", ""), ("time", "19")];
    change(&mut kari, &id, &moved);
    assert!(stored(&app, &id).previous.is_some());
    let mut editor = signed_in(&app, &mails, OWN);
    undo(&mut editor, &id);
    let after = stored(&app, &id);
    assert_eq!(after.schedule, before.schedule);
    assert_eq!((after.status, after.previous), (before.status, None));
    assert_eq!(after.owners, before.owners);
    assert!(held(&app).is_empty());
}

#[test]
fn the_last_of_several_changes_is_mailed_and_one_that_leads_back_leaves_none() {
    let mails = SmtpServer::start();
    let (app, id) = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    change(&mut kari, &id, &[("status", "postponed")]);
    app.wait(TimeDelta::minutes(5));
    change(&mut kari, &id, &[("status", "cancelled")]);
    assert_eq!(held(&app), [OLA, OWN], "the second replaces the first");
    app.wait(TimeDelta::minutes(5));
    change(&mut kari, &id, &[("status", "scheduled")]);
    assert!(held(&app).is_empty(), "recipients know of nothing else");
    change(&mut kari, &id, &[("status", "cancelled")]);
    app.wait(TimeDelta::minutes(10));
    for to in [OLA, OWN] {
        assert_eq!(mails.next_to(to, 0).subject, "Avlyst: Julekonsert");
    }
    until("they are sent", || held(&app).is_empty());
    change(&mut kari, &id, &[("status", "scheduled")]);
    app.wait(TimeDelta::minutes(10));
    assert_eq!(mails.next_to(OLA, 1).subject, "Som planlagt: Julekonsert");
}

#[test]
fn after_ten_minutes_or_another_change_there_is_nothing_to_undo() {
    let mails = SmtpServer::start();
    let (app, id) = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let page = manage(&id);
    let undo = format!("{page}/undo");
    change(&mut kari, &id, &[("status", "cancelled")]);
    let opened = kari.get(&page).ok();
    let hidden = crate::support::person::hidden_fields(opened.text(), &undo);
    let hidden: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let mut other = stored(&app, &id);
    other.status = EventStatus::Postponed;
    app.commit(vec![other.into()]);
    let late = kari.post(&undo, &hidden).with_status(303);
    assert!(late.header("Location").ends_with("notice=too-late"));
    assert_eq!(stored(&app, &id).status, EventStatus::Postponed);
    change(&mut kari, &id, &[("status", "cancelled")]);
    app.wait(TimeDelta::minutes(10));
    let late = kari.post(&undo, &hidden).with_status(303);
    assert!(late.header("Location").ends_with("notice=too-late"));
    assert!(!kari.get(&page).ok().text().contains("/undo"));
}
