//! Who read personal data of others.

use std::path::PathBuf;

use calendar_domain::{
    AuditReader, AuditSubject, EditorScope, Lang, MailFacts, MailKind, MailState, OutgoingMail,
    RecordKind,
};
use elverum_calendar::audit::{AuditFilter, entries, entries_about};

use crate::organizers::{account, club, signed_in};
use crate::suggestions::{confirm, ids, report, suggest};
use crate::support::smtp::SmtpServer;
use crate::support::{Program, TestServer, event};

const CHIEF: &str = "redaktor@example.org";
const KARI: &str = "kari@example.org";
const TURID: &str = "turid@example.org";

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let chief = account(&app, 1, CHIEF, Some(EditorScope::All));
    let amot = EditorScope::Municipalities(["3422".parse().unwrap()].into());
    let amot = account(&app, 2, "amot@example.org", Some(amot));
    let kari = account(&app, 3, KARI, None);
    app.commit(club(&app, 10, "koret", &kari).to_vec());
    app.commit(vec![chief.into(), amot.into(), kari.into()]);
    event("Vinterkonsert")
        .on("2027-02-06T18:00")
        .by("koret")
        .save(&app);
    app
}

fn all(app: &TestServer) -> Vec<(AuditReader, AuditSubject, String)> {
    let found = entries(&**app.calendar(), &AuditFilter::default(), 0, 1_000).unwrap();
    let all = found.entries.into_iter().rev();
    all.map(|entry| (entry.by, entry.subject, entry.page))
        .collect()
}

#[test]
fn each_page_with_data_of_others_leaves_an_entry_once_an_hour() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    confirm(&app, &report(&app, &mails, "vinterkonsert", TURID)).ok();
    confirm(&app, &suggest(&app, &mails, TURID)).ok();
    let reported = ids(&app, RecordKind::Report).remove(0);
    let suggested = ids(&app, RecordKind::Submission).remove(0);
    let club = uuid::Uuid::from_u128(10);
    let mut chief = signed_in(&app, &mails, CHIEF);
    chief.get("/editor/").ok();
    assert_eq!(all(&app), [], "the queue shows nobody's data");
    let pages = [
        (AuditSubject::Report, format!("/editor/reports/{reported}")),
        (
            AuditSubject::Submission,
            format!("/editor/submissions/{suggested}"),
        ),
        (
            AuditSubject::Organisation,
            format!("/editor/organisations/{club}"),
        ),
        (AuditSubject::Mails, "/editor/mails".to_owned()),
        (AuditSubject::Audit, "/editor/audit".to_owned()),
    ];
    for (_, page) in &pages {
        chief.get(page).ok();
        // English or not, and again: the same page.
        chief.get(&format!("/en{page}")).ok();
    }
    let by = AuditReader::Account(uuid::Uuid::from_u128(1).into());
    let expected: Vec<_> = pages
        .iter()
        .map(|(subject, page)| (by.clone(), *subject, page.clone()))
        .collect();
    assert_eq!(all(&app), expected);
    app.wait(chrono::TimeDelta::minutes(61));
    chief.get(&pages[0].1).ok();
    assert_eq!(all(&app).len(), expected.len() + 1);
    // Kari sees who read about her.
    let about = entries_about(&**app.calendar(), &uuid::Uuid::from_u128(3).into()).unwrap();
    let about: Vec<_> = about.iter().map(|entry| entry.subject).collect();
    assert_eq!(about, [AuditSubject::Organisation]);
    // Neither visitors nor members leave entries.
    let mut kari = signed_in(&app, &mails, KARI);
    kari.get(&format!("/organizer/organisations/{club}")).ok();
    app.visitor().get("/events/vinterkonsert").ok();
    assert_eq!(all(&app).len(), expected.len() + 1);
}

#[test]
fn a_person_sees_who_read_their_address_in_reports_suggestions_and_mails() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let kari = uuid::Uuid::from_u128(3).into();
    let about = || {
        let found = entries_about(&**app.calendar(), &kari).unwrap();
        let found = found.into_iter().map(|entry| entry.subject);
        found.collect::<Vec<_>>()
    };
    confirm(&app, &report(&app, &mails, "vinterkonsert", TURID)).ok();
    let reported = ids(&app, RecordKind::Report).remove(0);
    let page = format!("/editor/reports/{reported}");
    let mut chief = signed_in(&app, &mails, CHIEF);
    chief.get(&page).ok();
    chief.get("/editor/mails").ok();
    assert_eq!(about(), [], "nothing of hers was there");
    // What comes within the hour is noted again: it is about somebody else.
    confirm(&app, &report(&app, &mails, "vinterkonsert", KARI)).ok();
    confirm(&app, &suggest(&app, &mails, KARI)).ok();
    let suggested = ids(&app, RecordKind::Submission).remove(0);
    let (facts, kind) = (MailFacts::default(), MailKind::Received);
    let id = uuid::Uuid::from_u128(60).into();
    let mail = OutgoingMail::new(id, KARI.parse().unwrap(), Lang::Nb, kind, facts, app.now());
    let bounced = OutgoingMail {
        state: MailState::Bounced {
            at: app.now(),
            reason: "550 no such user".to_owned(),
        },
        ..mail
    };
    app.commit(vec![bounced.into()]);
    let suggestion = format!("/editor/submissions/{suggested}");
    let mut shown = vec![page.as_str(), &suggestion, "/editor/mails"];
    let reported = ids(&app, RecordKind::Report);
    let reports: Vec<_> = reported
        .iter()
        .map(|id| format!("/editor/reports/{id}"))
        .collect();
    // Hers joined the first one, or is one of its own.
    shown.extend(
        reports
            .iter()
            .map(String::as_str)
            .filter(|own| *own != page),
    );
    for _ in 0..2 {
        for own in &shown {
            let html = chief.get(own).ok();
            assert!(*own == page || html.text().contains(KARI), "{own}");
        }
    }
    let mut read = about();
    read.sort_unstable();
    let expected = [
        AuditSubject::Submission,
        AuditSubject::Report,
        AuditSubject::Mails,
    ];
    assert_eq!(read, expected);
}

#[test]
fn the_audit_is_for_chief_editors_and_found_by_reader_and_person() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut amot = signed_in(&app, &mails, "amot@example.org");
    amot.get("/editor/audit").with_status(403);
    let club = uuid::Uuid::from_u128(10);
    amot.get(&format!("/editor/organisations/{club}")).ok();
    let mut chief = signed_in(&app, &mails, CHIEF);
    assert!(chief.get("/editor/").ok().text().contains("/editor/audit"));
    let page = chief.get("/editor/audit").ok();
    for text in ["amot@example.org", "Medlemmene i en organisasjon", KARI] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let own = uuid::Uuid::from_u128(1);
    let page = chief.get(&format!("/editor/audit?by={own}")).ok();
    assert!(!page.text().contains("Medlemmene i"), "{}", page.text());
    let page = chief.get(&format!("/editor/audit?about={KARI}")).ok();
    assert!(page.text().contains("Medlemmene i"), "{}", page.text());
    let page = chief.get("/editor/audit?about=ingen%40example.org").ok();
    assert!(page.text().contains("Ingen konto har"), "{}", page.text());
    assert!(page.text().contains("aria-invalid"), "{}", page.text());
    chief.get("/editor/audit?by=nonsense").with_status(404);
    chief.get("/editor/audit?page=0").ok();
    chief.get("/editor/audit?page=999999999").ok();
}

#[test]
fn entries_are_on_pages_of_fifty_the_latest_first() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut chief = signed_in(&app, &mails, CHIEF);
    for _ in 0..51 {
        app.wait(chrono::TimeDelta::hours(2));
        chief.get("/editor/mails").ok();
    }
    // The reading of the audit itself is the 52nd.
    let page = chief.get("/editor/audit").ok();
    assert_eq!(page.text().matches("<li><strong>").count(), 50);
    assert!(page.text().contains("page=2") && !page.text().contains("page=1"));
    let page = chief.get("/editor/audit?page=2").ok();
    assert_eq!(page.text().matches("<li><strong>").count(), 2);
    assert!(page.text().contains("page=1") && !page.text().contains("page=3"));
}

#[test]
fn where_a_reading_can_not_be_noted_nothing_is_shown() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut chief = signed_in(&app, &mails, CHIEF);
    // A file in the place of the folder: no entry can be written, whoever runs the test.
    let folder: PathBuf = calendar_store::Store::folder(&**app.calendar())
        .unwrap()
        .join("audit");
    std::fs::write(&folder, "in the way").unwrap();
    let club = uuid::Uuid::from_u128(10);
    let refused = chief
        .get(&format!("/editor/organisations/{club}"))
        .with_status(503);
    assert!(!refused.text().contains(KARI), "{}", refused.text());
    assert!(
        refused.text().contains("Vi noterer hvem"),
        "{}",
        refused.text()
    );
    // What shows nobody's data goes on.
    chief.get("/editor/").ok();
    app.visitor().get("/events/vinterkonsert").ok();
    std::fs::remove_file(&folder).unwrap();
    chief.get(&format!("/editor/organisations/{club}")).ok();
}

#[test]
fn commands_that_show_personal_data_leave_entries_and_the_audit_is_listed() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    program.run(&["account", "invite", KARI]).ok();
    program.run(&["account", "list"]).ok();
    program.run(&["export", "--format", "ndjson"]).ok();
    program
        .run(&["export", "--format", "ndjson", "--with-private"])
        .ok();
    let text = program.run(&["account", "audit"]).ok().out;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    for (line, what) in lines.iter().zip(["audit", "export", "accounts"]) {
        assert!(line.contains(&format!("operator  {what}")), "{text}");
    }
    let about = program
        .run(&[
            "--json", "account", "audit", "--about", KARI, "--limit", "1",
        ])
        .ok()
        .json();
    assert_eq!(about["items"][0]["subject"], "export");
    assert_eq!(about["items"].as_array().unwrap().len(), 1);
    let unknown = program.run(&["account", "audit", "--about", "ola@example.org"]);
    unknown.with_code(3);
    // In no export, whatever it contains.
    let all = program
        .run(&["export", "--format", "ndjson", "--with-private"])
        .ok();
    assert!(!all.out.contains("account audit"));
}
