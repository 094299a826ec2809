//! The form of an event: repetition in words, several dates and places, copies, moved programmes.

use calendar_domain::{EditorScope, Submission};
use calendar_store::records;

use super::{account, led_to, signed_in};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const KARI: &str = "kari@example.org";
const OLA: &str = "ola@example.org";
const EDITOR: &str = "redaktor@example.org";

const NEW: &str = "/organizer/events/new";

/// What, when and where.
const LEAST: [(&str, &str); 4] = [
    ("title", "Visekveld"),
    ("date", "1.2.2027"),
    ("start_time", "19"),
    ("place", "terningen-arena"),
];

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    app.commit(vec![
        account(&app, 9, EDITOR, Some(EditorScope::All)).into(),
    ]);
    app
}

/// Signs a person in and registers an organisation of theirs.
fn organizer(app: &TestServer, mails: &SmtpServer, email: &str, club: &str) -> Person {
    let mut person = signed_in(app, mails, email);
    let page = "/organizer/organisations/new";
    person.fill(page, page, &[("name", club)]).with_status(303);
    person
}

/// Fills in the form of a new event. Returns the path of the submission and where the form led.
#[track_caller]
fn new_event(person: &mut Person, more: &[(&str, &str)]) -> (String, String) {
    let is_new = |name: &str| !more.iter().any(|(other, _)| *other == name);
    let least = LEAST.into_iter().filter(|(name, _)| is_new(name));
    let fields: Vec<_> = least.chain(more.iter().copied()).collect();
    let answer = person.fill(NEW, NEW, &fields).with_status(303);
    let own = led_to(&answer).rsplit_once('/').unwrap().0.to_owned();
    (own, answer.header("Location").to_owned())
}

/// Sends a submission and lets an editor approve it with its organisation.
#[track_caller]
fn publish(person: &mut Person, app: &TestServer, mails: &SmtpServer, own: &str) {
    let (check, action) = (format!("{own}/check"), format!("{own}/send"));
    person.fill(&check, &action, &[]).with_status(303);
    let mut editor = signed_in(app, mails, EDITOR);
    let path = own.replace("/organizer/events/", "/editor/submissions/");
    let approve = [("action", "approve"), ("approve_organisation", "yes")];
    let done = editor.fill(&path, &path, &approve).with_status(303);
    assert_eq!(led_to(&done), "/editor/");
}

/// Returns the page of the form of a submission.
fn form_of(person: &mut Person, own: &str) -> String {
    person.get(&format!("{own}/edit")).ok().text().to_owned()
}

#[track_caller]
fn has(html: &str, texts: &[&str]) {
    for text in texts {
        assert!(html.contains(text), "{text} is missing: {html}");
    }
}

#[test]
fn a_repetition_in_plain_words_is_said_back_and_becomes_dates() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = organizer(&app, &mails, KARI, "Visens venner");
    let more = [
        ("repetition", "hver onsdag til 1. april"),
        ("action", "dates"),
    ];
    let (own, next) = new_event(&mut kari, &more);
    assert!(next.ends_with("/edit?check=when#dates"), "{next}");
    let html = form_of(&mut kari, &own);
    has(
        &html,
        &[
            "value=\"hver onsdag til 1. april\"",
            "Hver onsdag kl.",
            "Første gang onsdag 3. februar 2027, siste gang onsdag 31. mars 2027.",
            "Antall datoer: 9.",
            "value=\"2027-02-24\"",
            "vinterferie i Åmot",
            "påskeferie i Åmot",
        ],
    );
    let edit = format!("{own}/edit");
    let mut fields = LEAST.to_vec();
    fields.extend([
        ("repetition", "hver onsdag til 1. april"),
        ("strike", "2027-02-24"),
        ("action", "check"),
    ]);
    let next = kari.fill(&edit, &edit, &fields).with_status(303);
    assert_eq!(led_to(&next), format!("{own}/check"));
    publish(&mut kari, &app, &mails, &own);
    let feed = kari.get("/events/visekveld.ics").ok();
    has(
        feed.text(),
        &[
            "RRULE:FREQ=WEEKLY;UNTIL=20270401",
            "EXDATE;TZID=Europe/Oslo:20270224T190000",
        ],
    );
    let page = kari.get("/events/visekveld").ok();
    has(page.text(), &["3. februar 2027", "ikke 24. februar"]);
}

#[test]
fn a_repetition_that_is_not_understood_is_named_at_its_field() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = organizer(&app, &mails, KARI, "Visens venner");
    let more = [
        ("repetition", "hver onsdag når månen er <full>"),
        ("action", "dates"),
    ];
    let (own, next) = new_event(&mut kari, &more);
    let page = kari.get(next.split('#').next().unwrap()).ok();
    has(
        page.text(),
        &[
            "<a href=\"#repetition\">",
            "id=\"repetition-error\"",
            "Vi forstod ikke «når».",
            "«hver onsdag til 15. juni» eller «første lørdag i måneden, 8 ganger»",
            "value=\"hver onsdag når månen er &#60;full&#62;\"",
        ],
    );
    let english = kari.get(&format!("/en{own}/edit?check=when")).ok();
    has(english.text(), &["We did not understand “når”."]);
}

#[test]
fn one_event_on_three_dates_at_three_places_is_on_its_page_and_in_feeds() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = organizer(&app, &mails, KARI, "Visens venner");
    let more = [
        ("end_time", "21"),
        ("other_date", "2.2.2027"),
        ("other_start", "18"),
        ("other_end", "20.30"),
        ("other_place", ""),
        ("other_place_name", "Heradsbygd grendehus"),
        ("other_date", "3. februar"),
        ("other_start", ""),
        ("other_end", ""),
        ("other_place", "elverum-bibliotek"),
        ("other_place_name", ""),
        ("action", "check"),
    ];
    let place = app
        .snapshot()
        .places()
        .map(|places| places.slug.to_string())
        .collect::<Vec<_>>();
    assert!(place.contains(&"elverum-bibliotek".to_owned()), "{place:?}");
    let (own, next) = new_event(&mut kari, &more);
    assert!(next.ends_with("/check"), "{next}");
    let check = kari.get(&next).ok();
    has(
        check.text(),
        &["Heradsbygd grendehus", "Onsdag 3. februar 2027"],
    );
    let html = form_of(&mut kari, &own);
    has(
        &html,
        &["Steder dere har brukt", "value=\"Heradsbygd grendehus\""],
    );
    publish(&mut kari, &app, &mails, &own);
    let page = kari.get("/events/visekveld").ok();
    has(
        page.text(),
        &[
            "Mandag 1. februar 2027",
            "Tirsdag 2. februar 2027",
            "Heradsbygd grendehus",
            "Elverum bibliotek",
        ],
    );
    let feed = kari.get("/events/visekveld.ics").ok();
    has(
        feed.text(),
        &[
            "RECURRENCE-ID;TZID=Europe/Oslo:20270202T180000",
            "LOCATION:Heradsbygd grendehus",
        ],
    );
    let json = kari.get("/feeds/all.json").ok();
    has(json.text(), &["Heradsbygd grendehus"]);
}

#[test]
fn a_copy_has_the_texts_and_the_next_date_and_lists_dated_words() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = organizer(&app, &mails, KARI, "Visens venner");
    let more = [
        ("title", "Visekveld 2027"),
        ("summary", "Mandag kveld i arenaen."),
        ("description", "Påmelding innen lørdag 30. januar."),
        ("price", "250"),
        ("part_title", "Åpning"),
        ("part_date", "1.2.2027"),
        ("part_start", "19"),
        ("action", "check"),
    ];
    let (own, _) = new_event(&mut kari, &more);
    publish(&mut kari, &app, &mails, &own);
    let dashboard = kari.get("/organizer/").ok();
    has(dashboard.text(), &[&format!("action=\"{own}/copy\"")]);
    let id = app.snapshot();
    let id = id
        .event_at(&"visekveld-2027".parse().unwrap())
        .unwrap()
        .id()
        .to_owned();
    let public = format!("/organizer/published/{id}");
    for (page, action) in [
        (own.clone(), format!("{own}/copy")),
        (public.clone(), format!("{public}/copy")),
    ] {
        let drafts = || {
            records::every::<Submission>(&**app.calendar())
                .unwrap()
                .len()
        };
        let before = drafts();
        assert_eq!(
            kari.post(&action, &[("token", "0")]).status,
            403,
            "{action}"
        );
        assert_eq!(drafts(), before);
        let copied = kari.fill(&page, &action, &[]).with_status(303);
        let edit = led_to(&copied);
        assert_ne!(edit, format!("{own}/edit"));
        let html = kari.get(copied.header("Location")).ok().text().to_owned();
        has(
            &html,
            &[
                "Kopien er lagret som kladd.",
                "value=\"Visekveld 2027\"",
                // The Monday nearest to 1 February 2028.
                "value=\"31.1.2028\"",
                "value=\"250",
                "Dette er en kopi.",
                "«2027»",
                "«lørdag», «30. januar»",
            ],
        );
        assert!(
            !html.contains("«Mandag»"),
            "the weekday is the same: {html}"
        );
        assert!(!html.contains(&id), "a copy has new parts: {html}");
    }
    let mut ola = organizer(&app, &mails, OLA, "Andre laget");
    for action in [format!("{own}/copy"), format!("{public}/copy")] {
        let token = super::token(&mut ola);
        assert_eq!(
            ola.post(&action, &[("token", &token)]).status,
            403,
            "{action}"
        );
    }
}

#[test]
fn the_whole_programme_is_moved_by_days() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = organizer(&app, &mails, KARI, "Visens venner");
    let parts = [
        ("part_title", "Åpning"),
        ("part_title", "Avslutning"),
        ("part_date", ""),
        ("part_date", "3.2.2027"),
        ("part_start", "19"),
        ("part_start", "20"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&parts[..], more].concat();
    let more = with(&[("part_shift", "7"), ("action", "move-parts")]);
    let (own, next) = new_event(&mut kari, &more);
    assert!(next.ends_with("/edit?check=programme#programme"), "{next}");
    let html = form_of(&mut kari, &own);
    has(&html, &["value=\"8.2.2027\"", "value=\"10.2.2027\""]);
    let more = with(&[("part_shift", "mange"), ("action", "move-parts")]);
    let (_, next) = new_event(&mut kari, &more);
    let page = kari.get(next.split('#').next().unwrap()).ok();
    has(
        page.text(),
        &[
            "id=\"part_shift-error\"",
            "value=\"mange\"",
            "value=\"3.2.2027\"",
        ],
    );
    let more = with(&[("part_shift", "7"), ("action", "check")]);
    let (_, next) = new_event(&mut kari, &more);
    let page = kari.get(&next).ok();
    has(page.text(), &["Programmet er ikke flyttet ennå."]);
}

#[test]
fn likely_duplicates_are_offered_strongest_first_and_nothing_of_others_is_told() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    event("Jazzkveld på Terningen")
        .at("Terningen Arena")
        .on("2027-02-01T19:00")
        .save(&app);
    event("Jazzkveld på Terningen 2027")
        .at("Terningen Arena")
        .on("2027-02-04T19:00")
        .save(&app);
    event("Bokbad")
        .at("Elverum bibliotek")
        .on("2027-02-01T19:00")
        .save(&app);
    let mut ola = organizer(&app, &mails, OLA, "Andre laget");
    let secret = [
        ("title", "Jazzkveld på Terningen, hemmelig"),
        ("action", "rows"),
    ];
    let (theirs, _) = new_event(&mut ola, &secret);

    let mut kari = organizer(&app, &mails, KARI, "Visens venner");
    let own = [
        ("title", "Jazzkveld på Terningen, kladd"),
        ("action", "save"),
    ];
    let answer = kari
        .fill(NEW, NEW, &[&LEAST[1..], &own].concat())
        .with_status(303);
    let draft = led_to(&answer);
    let token = super::token(&mut kari);
    let typed = [
        ("token", token.as_str()),
        ("title", "Jazzkveld på Terningen"),
        ("date", "1.2.2027"),
        ("start_time", "19"),
        ("place_name", "terningen arena"),
    ];
    let before = app.commit_number();
    let found = kari.post("/organizer/events/similar", &typed).ok();
    let html = found.text();
    has(
        html,
        &[
            "Er det dette?",
            "Samme dag og klokkeslett, samme sted, samme tittel",
            "3 dager fra hverandre, samme sted, samme tittel",
            "deres egen kladd eller innsending",
            "Bruk Terningen Arena",
            "value=\"place/terningen-arena\"",
        ],
    );
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
    assert!(at("Samme dag og klokkeslett, samme sted, samme tittel") < at("3 dager fra hverandre"));
    assert!(html.contains(&draft), "{html}");
    for hidden in ["hemmelig", theirs.as_str(), "Bokbad", "<html"] {
        assert!(!html.contains(hidden), "{hidden}: {html}");
    }
    assert_eq!(found.header("Cache-Control"), "no-store");
    assert_eq!(app.commit_number(), before, "nothing is saved");
    let nothing = kari.post(
        "/organizer/events/similar",
        &[("token", &token), ("title", "Jazz"), ("date", "x")],
    );
    assert_eq!(nothing.ok().text(), "");
    let refused = kari.post("/organizer/events/similar", &typed[1..]);
    assert_eq!(refused.status, 403);

    // The form and the last look show them, too, and the place is taken with one button.
    let more = [
        ("title", "Jazzkveld på Terningen"),
        ("place", ""),
        ("place_name", "Terningen"),
        ("action", "check"),
    ];
    let (own, next) = new_event(&mut kari, &more);
    has(
        kari.get(&next).ok().text(),
        &["Er det dette?", "/events/jazzkveld-pa-terningen"],
    );
    has(
        &form_of(&mut kari, &own),
        &["id=\"similar\"", "Mente du et sted", "Bruk Terningen Arena"],
    );
    let edit = format!("{own}/edit");
    let mut fields = LEAST[..3].to_vec();
    fields.extend([
        ("place_name", "Terningen"),
        ("action", "place/terningen-arena"),
    ]);
    kari.fill(&edit, &edit, &fields).with_status(303);
    let html = form_of(&mut kari, &own);
    has(&html, &["<option value=\"terningen-arena\" selected>"]);
    assert!(!html.contains("value=\"Terningen\""), "{html}");
}
