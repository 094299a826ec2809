//! What editors and organizers get by mail once a day, and requests to join that come to editors.

use calendar_domain::{Account, EditorScope, Lang, Organisation};
use calendar_store::records;
use chrono::TimeDelta;
use uuid::Uuid;

use super::{account, club, led_to, signed_in};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::smtp::{ReceivedMail, SmtpServer};

const KARI: &str = "kari@example.org";
const CHIEF: &str = "redaktor@example.org";
const OWN: &str = "elverum@example.org";
const AMOT: &str = "amot@example.org";
const CLUB: u128 = 10;

/// An approved organisation of Kari, and editors of everything, of Elverum (in English) and of Åmot.
fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let scope = |number: &str| EditorScope::Municipalities([number.parse().unwrap()].into());
    let kari = account(&app, 1, KARI, None);
    let english = Account {
        language: Lang::En,
        ..account(&app, 3, OWN, Some(scope("3420")))
    };
    let [organisation, organizer] = club(&app, CLUB, "koret", &kari);
    app.commit(vec![
        kari.into(),
        account(&app, 2, CHIEF, Some(EditorScope::All)).into(),
        english.into(),
        account(&app, 4, AMOT, Some(scope("3422"))).into(),
        organisation,
        organizer,
    ]);
    app
}

/// Saves a new event as a draft. Returns its path.
#[track_caller]
fn draft(person: &mut Person, title: &str, date: &str) -> String {
    let page = "/organizer/events/new";
    let fields = [
        ("title", title),
        ("date", date),
        ("start_time", "18"),
        ("place", "terningen-arena"),
        ("action", "check"),
    ];
    let answer = person.fill(page, page, &fields).with_status(303);
    led_to(&answer).rsplit_once('/').unwrap().0.to_owned()
}

#[track_caller]
fn send(person: &mut Person, own: &str) {
    let (check, action) = (format!("{own}/check"), format!("{own}/send"));
    person.fill(&check, &action, &[]).with_status(303);
}

/// Sets the clock, and waits until the daily mails of that time are written.
fn turn_to(app: &TestServer, local: &str) {
    app.turn_to(local);
    std::thread::sleep(std::time::Duration::from_millis(4_500));
}

/// Returns the mails to an address whose subject begins with a text.
fn to(mails: &SmtpServer, email: &str, subject: &str) -> Vec<ReceivedMail> {
    let all = mails.all().into_iter();
    all.filter(|mail| mail.to == email && mail.subject.starts_with(subject))
        .collect()
}

#[test]
fn editors_get_what_is_theirs_once_a_day_and_nothing_if_nothing_waits() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    turn_to(&app, "2026-11-23T07:01");
    assert!(to(&mails, CHIEF, "Venter").is_empty(), "nothing waits");
    let own = draft(&mut kari, "Julekonsert", "18.12.2026");
    send(&mut kari, &own);
    turn_to(&app, "2026-11-23T12:00");
    assert!(
        to(&mails, CHIEF, "Venter").is_empty(),
        "not before the hour"
    );
    turn_to(&app, "2026-11-24T06:59");
    assert!(
        to(&mails, CHIEF, "Venter").is_empty(),
        "not before the hour"
    );
    turn_to(&app, "2026-11-24T07:00");
    let [got] = &to(&mails, CHIEF, "Venter på deg: én sak")[..] else {
        panic!("{:#?}", mails.all());
    };
    assert!(got.text.contains("- Julekonsert, "), "{}", got.text);
    assert!(got.links().iter().any(|link| link.ends_with("/editor/")));
    let [english] = &to(&mails, OWN, "Waiting for you: one matter")[..] else {
        panic!("{:#?}", mails.all());
    };
    assert!(
        english.text.contains("Friday 18 December"),
        "{}",
        english.text
    );
    assert!(
        english
            .links()
            .iter()
            .any(|link| link.ends_with("/en/editor/"))
    );
    app.restart();
    turn_to(&app, "2026-11-24T22:00");
    assert_eq!(
        to(&mails, CHIEF, "Venter").len(),
        1,
        "once a day, also after a restart"
    );
    app.turn_to("2026-11-30T05:00");
    app.restart();
    turn_to(&app, "2026-11-30T15:00");
    assert_eq!(
        to(&mails, CHIEF, "Venter").len(),
        2,
        "one for all days without a server"
    );
    assert!(to(&mails, AMOT, "").is_empty(), "nothing of Åmot waits");
    app.commit(vec![
        account(&app, 5, "ny@example.org", Some(EditorScope::All)).into(),
    ]);
    turn_to(&app, "2026-11-30T16:00");
    assert!(to(&mails, "ny@example.org", "").is_empty());
}

#[test]
fn an_organizer_is_reminded_once_of_a_draft_and_once_of_changes_wanted() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let soon = draft(&mut kari, "Adventskaffe", "29.11.2026");
    draft(&mut kari, "Vårkonsert", "20.3.2027");
    let asked = draft(&mut kari, "Julekonsert", "18.12.2026");
    send(&mut kari, &asked);
    let mut editor = signed_in(&app, &mails, CHIEF);
    let review = asked.replace("/organizer/events/", "/editor/submissions/");
    let ask = [("action", "ask"), ("comment_title", "Hvilket kor?")];
    editor.fill(&review, &review, &ask).with_status(303);
    turn_to(&app, "2026-11-23T07:00");
    let [got] = &to(&mails, KARI, "Påminnelse: ")[..] else {
        panic!("{:#?}", mails.all());
    };
    assert_eq!(got.subject, "Påminnelse: Adventskaffe");
    assert!(got.links().iter().any(|link| link.ends_with(&soon)));
    turn_to(&app, "2026-11-25T07:00");
    assert_eq!(
        to(&mails, KARI, "Påminnelse: ").len(),
        1,
        "not three days yet"
    );
    turn_to(&app, "2026-11-26T07:00");
    let got = to(&mails, KARI, "Påminnelse: Julekonsert trenger endringer");
    assert_eq!(got.len(), 1);
    assert!(got[0].links().iter().any(|link| link.ends_with(&asked)));
    turn_to(&app, "2026-11-28T07:00");
    assert_eq!(
        to(&mails, KARI, "Påminnelse: ").len(),
        2,
        "once in each state"
    );
    let edit = format!("{asked}/edit");
    let page = kari.get(&edit).ok();
    assert!(
        page.text().contains("Hvilket kor?"),
        "the request is still there"
    );
}

#[test]
fn a_request_to_join_is_for_its_members_first_and_for_editors_after_three_days() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let club = Uuid::from_u128(CLUB).to_string();
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    let found = "/organizer/organisations?q=koret";
    let join = format!("/organizer/organisations/{club}");
    ola.fill(found, &join, &[("action", "join")])
        .with_status(303);
    let _ = mails.next_to(KARI, 0);
    let mut editor = signed_in(&app, &mails, AMOT);
    let page = format!("/editor/organisations/{club}");
    let early = editor.get(&page).ok();
    assert!(early.text().contains("Administratorene svarer først"));
    assert!(!editor.get("/editor/").ok().text().contains("koret"));
    let ola_id = records::every::<Account>(&**app.calendar()).unwrap();
    let ola_id = ola_id
        .iter()
        .find(|(value, _)| value.email.as_str().starts_with("ola"));
    let ola_id = ola_id.unwrap().0.id.to_string();
    let answer = [("action", "admit"), ("account", ola_id.as_str())];
    editor.fill(&page, &page, &answer).with_status(403);
    app.wait(TimeDelta::days(3));
    let queue = editor.get("/editor/").ok();
    assert!(queue.text().contains("koret"), "{}", queue.text());
    turn_to(&app, "2026-11-26T07:00");
    let got = to(&mails, AMOT, "Venter på deg: én sak");
    assert_eq!(got.len(), 1, "{:#?}", mails.all());
    assert!(
        got[0]
            .text
            .contains("- Ubesvart ønske om å bli med i koret")
    );
    editor.fill(&page, &page, &answer).with_status(303);
    let organisation = records::one::<Organisation>(&**app.calendar(), &club).unwrap();
    let (organisation, _) = organisation.unwrap();
    assert!(organisation.has_member(&ola_id.parse().unwrap()));
    let got = mails.wait_for("ola@example.org", 2);
    assert_eq!(got[1].subject, "Godkjent: koret");
    assert!(!editor.get("/editor/").ok().text().contains("koret"));
}

#[test]
fn a_single_administrator_is_told_on_the_page_to_invite_another() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let page = kari.get("/organizer/").ok();
    assert!(page.text().contains("koret har bare én administrator"));
    let own = format!("/organizer/organisations/{}", Uuid::from_u128(CLUB));
    let invite = [("action", "invite"), ("email", "ola@example.org")];
    kari.fill(&own, &own, &invite).with_status(303);
    let page = kari.get("/organizer/").ok();
    assert!(!page.text().contains("bare én administrator"));
}
