//! What follows from a change of a public event: for its parts, its series and its editors.

use calendar_domain::{
    EditorScope, Event, EventStatus, MemberRole, Organisation, OrganizerRef, Text, Venue, When,
};
use calendar_store::records;
use chrono::TimeDelta;
use uuid::Uuid;

use super::path::{fill_event, review, send};
use super::{account, club, led_to, signed_in, token};
use crate::support::person::Person;
use crate::support::region::{place, slug};
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const KARI: &str = "kari@example.org";
const EDITOR: &str = "elverum@example.org";

/// Starts a server with Kari's club and an editor of Elverum.
fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    let kari = account(&app, 1, KARI, None);
    app.commit(club(&app, 2, "skogslaget", &kari).to_vec());
    let elverum = EditorScope::Municipalities(["3420".parse().unwrap()].into());
    app.commit(vec![
        kari.into(),
        account(&app, 3, EDITOR, Some(elverum)).into(),
    ]);
    app
}

fn named(app: &TestServer, name: &str) -> Event {
    let found = app.snapshot();
    let found = found.event_at(&slug(name)).unwrap();
    Event::clone(&found.event())
}

/// Makes a saved event one of the club.
fn own(event: &mut Event) {
    event.organizer = Some(OrganizerRef::Organizer(slug("skogslaget")));
}

fn manage(event: &Event) -> String {
    format!("/organizer/published/{}", event.id)
}

#[test]
fn parts_of_a_programme_are_cancelled_and_moved_with_the_whole() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let market = event("Julemarked").on("2026-12-12T10:00").save(&app);
    market.change(own);
    let whole = named(&app, "julemarked");
    let train = event("Barnetog").on("2026-12-12T12:00").save(&app);
    train.change(|event| event.super_event = Some(whole.id.clone()));
    let concert = event("Kveldskonsert").on("2026-12-12T18:00").save(&app);
    concert.change(|event| event.super_event = Some(named(&app, "barnetog").id));
    let mut kari = signed_in(&app, &mails, KARI);
    let path = manage(&whole);
    let cancel = [("status", "cancelled"), ("notice", "Storm.")];
    kari.fill(&path, &path, &cancel).with_status(303);
    let mut visitor = Person::new(app.address().as_str());
    for part in ["barnetog", "kveldskonsert"] {
        let page = visitor.get(&format!("/events/{part}")).ok();
        assert!(page.text().contains("Avlyst"), "{}", page.text());
        assert!(page.text().contains("Storm."), "{}", page.text());
        let feed = visitor.get(&format!("/events/{part}.ics")).ok();
        assert!(feed.text().contains("STATUS:CANCELLED"), "{}", feed.text());
    }
    kari.fill(&path, &format!("{path}/undo"), &[])
        .with_status(303);
    for part in ["barnetog", "kveldskonsert"] {
        assert_eq!(named(&app, part).status, EventStatus::Scheduled, "{part}");
    }
    // A part that was cancelled for itself stays cancelled.
    train.change(|event| {
        event.status = EventStatus::Cancelled;
        event.status_note = Text::nb("Lokføreren er syk.");
    });
    let before = named(&app, "kveldskonsert").schedule.when.start().local();
    let later = [
        ("status", "rescheduled"),
        ("date", "13.12.2026"),
        ("time", "11"),
    ];
    kari.fill(&path, &path, &later).with_status(303);
    let after = named(&app, "kveldskonsert").schedule.when.start().local();
    assert_eq!(after - before, TimeDelta::hours(25));
    assert_eq!(named(&app, "barnetog").status, EventStatus::Cancelled);
}

#[test]
fn a_series_gets_another_time_of_day_without_losing_the_dates_that_are_left_out() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let quiz = event("Quiz")
        .on("2026-12-02T18:00")
        .repeating("FREQ=WEEKLY;BYDAY=WE;COUNT=4")
        .save(&app);
    quiz.change(|event| {
        own(event);
        let recurrence = event.schedule.recurrence.as_mut().unwrap();
        let left_out = "2026-12-09T18:00:00".parse().unwrap();
        recurrence
            .exdates
            .insert(calendar_domain::Start::Local(left_out));
    });
    let mut kari = signed_in(&app, &mails, KARI);
    let path = manage(&named(&app, "quiz"));
    let mut send = |date: &str, time: &str| {
        let fields = [("status", "rescheduled"), ("date", date), ("time", time)];
        let answer = kari.fill(&path, &path, &fields).with_status(303);
        answer.header("Location").to_owned()
    };
    assert!(send("2.12.2026", "19").ends_with("notice=status"));
    let mut visitor = Person::new(app.address().as_str());
    let feed = visitor.get("/events/quiz.ics").ok();
    assert!(
        feed.text()
            .contains("EXDATE;TZID=Europe/Oslo:20261209T190000"),
        "{}",
        feed.text()
    );
    let before = app.commit_number();
    assert!(send("4.12.2026", "19").ends_with("notice=series"));
    for (date, time) in [("1.1.2020", ""), ("1.1.0001", ""), ("31.12.9999", "")] {
        assert!(send(date, time).ends_with("notice=time"), "{date}");
    }
    assert_eq!(app.commit_number(), before);
}

#[test]
fn a_time_is_set_where_it_was_to_come_and_refused_for_whole_days() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    for name in ["Vake", "Utstilling"] {
        event(name)
            .on("2026-12-02T18:00")
            .save(&app)
            .change(|event| {
                own(event);
                let date = "2026-12-02".parse().unwrap();
                event.schedule.when = match name {
                    "Vake" => When::TimeToCome { date },
                    _ => When::day(date),
                };
            });
    }
    let mut kari = signed_in(&app, &mails, KARI);
    let fields = [("status", "rescheduled"), ("date", ""), ("time", "19")];
    let path = manage(&named(&app, "vake"));
    kari.fill(&path, &path, &fields).with_status(303);
    let when = named(&app, "vake").schedule.when;
    assert!(matches!(when, When::Timed { .. }), "{when:?}");
    let path = manage(&named(&app, "utstilling"));
    let refused = kari.fill(&path, &path, &fields).with_status(303);
    assert!(refused.header("Location").ends_with("notice=time"));
}

#[test]
fn an_edit_that_moves_an_event_to_another_municipality_stays_with_its_editor() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    app.commit(vec![
        place("Elverumshallen", "3420"),
        place("Amothallen", "3422"),
    ]);
    event("Turn")
        .on("2026-12-02T18:00")
        .save(&app)
        .change(|event| {
            own(event);
            event.venues = vec![Venue::Place(slug("elverumshallen"))];
        });
    let mut kari = signed_in(&app, &mails, KARI);
    let path = manage(&named(&app, "turn"));
    let start = kari
        .fill(&path, &format!("{path}/edit"), &[])
        .with_status(303);
    let edit = led_to(&start);
    let own_path = edit.trim_end_matches("/edit").to_owned();
    kari.fill(
        &edit,
        &edit,
        &[
            ("title", "Turn"),
            ("date", "2.12.2026"),
            ("hours", "at"),
            ("start_time", "18.00"),
            ("place", "amothallen"),
            ("action", "check"),
        ],
    )
    .with_status(303);
    let (check, action) = (format!("{own_path}/check"), format!("{own_path}/send"));
    kari.fill(&check, &action, &[]).with_status(303);
    assert_eq!(
        named(&app, "turn").venues,
        [Venue::Place(slug("amothallen"))],
        "the place is live"
    );
    let mut editor = signed_in(&app, &mails, EDITOR);
    let review = own_path.replace("/organizer/events/", "/editor/submissions/");
    assert!(editor.get("/editor/").ok().text().contains(&review));
    editor.get(&review).ok();
}

#[test]
fn a_decision_reaches_the_organisation_after_its_author_has_left() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let ola = account(&app, 4, "ola@example.org", None);
    let chief = account(&app, 5, "sjef@example.org", Some(EditorScope::All));
    let id = Uuid::from_u128(2);
    let stored = records::one::<Organisation>(&**app.calendar(), &id.to_string());
    let (mut organisation, _) = stored.unwrap().unwrap();
    organisation
        .members
        .insert(ola.id.clone(), MemberRole::Member);
    app.commit(vec![organisation.into(), ola.into(), chief.into()]);
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    let concert = [
        ("title", "Julekonsert"),
        ("date", "18.12.2026"),
        ("start_time", "18.30"),
        ("place_name", "Kirken"),
        ("place_municipality", "3420"),
        ("action", "check"),
    ];
    let (own_path, _) = fill_event(&mut ola, &concert);
    send(&mut ola, &own_path);
    let page = format!("/organizer/organisations/{id}");
    let page_token = token(&mut ola);
    let leave = [("token", page_token.as_str()), ("action", "leave")];
    ola.post(&page, &leave).with_status(303);
    let mut editor = signed_in(&app, &mails, "sjef@example.org");
    let reject = [("action", "reject"), ("reason", "Kirken er stengt.")];
    let path = review(&own_path);
    editor.fill(&path, &path, &reject).with_status(303);
    let got = mails.next_to(KARI, 0);
    assert!(got.text.contains("Kirken er stengt."), "{}", got.text);
    let to_ola = mails.all();
    let to_ola = to_ola
        .iter()
        .filter(|to_ola| to_ola.text.contains("Kirken er stengt."));
    assert_eq!(to_ola.count(), 1, "who left gets nothing");
}

#[test]
fn undoing_a_change_of_the_whole_leaves_parts_that_were_changed_for_themselves() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    event("Julemarked")
        .on("2026-12-12T10:00")
        .save(&app)
        .change(own);
    let whole = named(&app, "julemarked");
    let train = event("Barnetog").on("2026-12-12T12:00").save(&app);
    let concert = event("Kveldskonsert").on("2026-12-12T18:00").save(&app);
    for part in [&train, &concert] {
        part.change(|event| event.super_event = Some(whole.id.clone()));
    }
    // Cancelled for itself, without a notice, as the whole is then.
    train.change(|event| event.status = EventStatus::Cancelled);
    let mut kari = signed_in(&app, &mails, KARI);
    let path = manage(&whole);
    let mut send = |action: &str, fields: &[(&str, &str)]| {
        kari.fill(&path, &format!("{path}{action}"), fields)
            .with_status(303);
    };
    for back in ["/undo", ""] {
        send("", &[("status", "cancelled"), ("notice", "")]);
        assert_eq!(named(&app, "kveldskonsert").status, EventStatus::Cancelled);
        send(back, &[("status", "scheduled"), ("notice", "")]);
        assert_eq!(named(&app, "barnetog").status, EventStatus::Cancelled);
        assert_eq!(named(&app, "kveldskonsert").status, EventStatus::Scheduled);
    }
    // Moved with the whole, then by hand: the undo leaves it there.
    let later = [
        ("status", "rescheduled"),
        ("date", "13.12.2026"),
        ("time", ""),
    ];
    send("", &later);
    let by_hand = "2026-12-14T21:00:00".parse().unwrap();
    concert.change(|event| {
        let start = calendar_domain::Start::Local(by_hand);
        event.schedule.when = event.schedule.when.moved_to(start).unwrap();
    });
    send("/undo", &[]);
    let start = named(&app, "kveldskonsert").schedule.when.start().local();
    assert_eq!(start, by_hand);
    let moved_back = named(&app, "barnetog").schedule.when.start().local();
    assert_eq!(moved_back, "2026-12-12T12:00:00".parse().unwrap());
}
