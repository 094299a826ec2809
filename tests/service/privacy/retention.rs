//! What is deleted when, by the server that runs.

use std::collections::BTreeSet;

use calendar_domain::{
    Account, EditorScope, EventReport, Invitation, Lang, MailFacts, MailKind, MailState,
    Organisation, OutgoingMail, Proposer, Record, RecordKind, ReportClosing, ReportedFault,
    Submission, SubmissionState, SubmissionStep,
};
use calendar_store::{EphemeralEntry, EphemeralTable, Store as _, records};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::organizers::{account, signed_in, until};
use crate::suggestions::ids;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use crate::support::{Program, TestServer, event};

const CHIEF: &str = "redaktor@example.org";

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let chief = account(&app, 1, CHIEF, Some(EditorScope::All));
    app.commit(vec![chief.into()]);
    app
}

/// Returns a submission in a state since a time.
fn submission(number: u128, state: SubmissionState, at: DateTime<Utc>) -> Submission {
    let id = Uuid::from_u128(number);
    let author = Uuid::from_u128(1).into();
    let of = Uuid::from_u128(9).into();
    let mut made = Submission::new(id.into(), of, author, id.into(), at);
    let step = |state| SubmissionStep {
        at,
        by: None,
        state,
        reason: "Takk".to_owned(),
        comments: Vec::new(),
    };
    made.private.contact_telephone = Some("99999999".to_owned());
    if state != SubmissionState::Draft {
        assert!(made.step(step(SubmissionState::Submitted)));
        if state != SubmissionState::Submitted {
            assert!(made.step(step(state)));
        }
    }
    made
}

fn of_visitor(mut made: Submission) -> Submission {
    made.proposer = Proposer::Visitor {
        visitor: Uuid::from_u128(50).into(),
        language: Lang::Nb,
    };
    made
}

fn mail(number: u128, at: DateTime<Utc>) -> OutgoingMail {
    let to = "borte@example.org".parse().unwrap();
    let facts = MailFacts::default();
    let id = Uuid::from_u128(number).into();
    OutgoingMail {
        state: MailState::Bounced {
            at,
            reason: "550 no such user".to_owned(),
        },
        ..OutgoingMail::new(id, to, Lang::Nb, MailKind::Received, facts, at)
    }
}

fn report(number: u128, closed: Option<DateTime<Utc>>, at: DateTime<Utc>) -> EventReport {
    EventReport {
        id: Uuid::from_u128(number).into(),
        event: Uuid::from_u128(5).into(),
        visitor: Uuid::from_u128(50).into(),
        language: Lang::Nb,
        fault: ReportedFault::Other,
        text: "Feil".to_owned(),
        reported: at,
        joined: Vec::new(),
        forwarded: None,
        closing: closed.map(|at| ReportClosing {
            by: Uuid::from_u128(1).into(),
            at,
            answer: String::new(),
        }),
    }
}

/// Returns the numbers of the records of a kind.
fn numbers(app: &TestServer, kind: RecordKind) -> BTreeSet<u128> {
    let all = ids(app, kind).into_iter();
    all.map(|id| id.parse::<Uuid>().unwrap().as_u128())
        .collect()
}

#[test]
fn each_kind_is_deleted_after_its_time_and_nothing_else() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let ago = |days: i64| app.now() - TimeDelta::days(days);
    let over = event("Over").on("2024-01-01T18:00").save(&app);
    let ahead = event("Kommer").on("2027-01-01T18:00").save(&app);
    let about = |mut one: Submission, event: &calendar_domain::Event| {
        one.event = event.id.clone();
        one
    };
    use SubmissionState::{Approved, Draft, Rejected, Submitted, Withdrawn};
    let due: Vec<Record> = vec![
        submission(10, Draft, ago(731)).into(),
        submission(11, Rejected, ago(731)).into(),
        submission(12, Withdrawn, ago(731)).into(),
        about(submission(13, Approved, ago(731)), &over.record()).into(),
        of_visitor(submission(14, Rejected, ago(91))).into(),
        mail(10, ago(31)).into(),
        report(10, Some(ago(91)), ago(200)).into(),
    ];
    let kept: Vec<Record> = vec![
        submission(20, Draft, ago(729)).into(),
        submission(21, Rejected, ago(729)).into(),
        submission(22, Submitted, ago(2_000)).into(),
        about(submission(23, Approved, ago(2_000)), &ahead.record()).into(),
        of_visitor(submission(24, Rejected, ago(89))).into(),
        of_visitor(submission(25, Submitted, ago(2_000))).into(),
        mail(20, ago(29)).into(),
        report(20, Some(ago(89)), ago(200)).into(),
        report(21, None, ago(2_000)).into(),
    ];
    let club = Uuid::from_u128(30).into();
    let mut club = Organisation::new(club, "laget".into(), Uuid::from_u128(1).into(), ago(900));
    for (email, days) in [("gammel@example.org", 91), ("ny@example.org", 89)] {
        let invitation = Invitation {
            email: email.parse().unwrap(),
            at: ago(days),
        };
        club.invitations.insert(email.to_owned(), invitation);
    }
    club.requests.insert(Uuid::from_u128(70).into(), ago(91));
    club.requests.insert(Uuid::from_u128(71).into(), ago(89));
    app.commit(due.into_iter().chain(kept).collect());
    app.commit(vec![club.into()]);
    // The next day's run.
    app.turn_to("2026-11-23T04:00");
    until("what is due is deleted", || {
        numbers(&app, RecordKind::Report) == BTreeSet::from([20, 21])
            && numbers(&app, RecordKind::Mail) == BTreeSet::from([20])
            && numbers(&app, RecordKind::Submission) == BTreeSet::from([20, 21, 22, 23, 24, 25])
    });
    until("old invitations are deleted", || {
        let id = Uuid::from_u128(30).to_string();
        let (club, _) = records::one::<Organisation>(&**app.calendar(), &id)
            .unwrap()
            .unwrap();
        let invited: Vec<&str> = club.invitations.keys().map(String::as_str).collect();
        invited == ["ny@example.org"] && club.requests.len() == 1
    });
    let metrics = || app.ask(reqwest::Method::GET, "/metrics", &[]).ok();
    until("the run is noted", || {
        let text = metrics();
        text.text()
            .contains("calendar_retention_last_success_timestamp_seconds")
    });
    // No file has them any more.
    let kinds = [RecordKind::Submission, RecordKind::Mail, RecordKind::Report];
    let deleted = BTreeSet::from([10, 11, 12, 13, 14].map(id_of));
    let mut versions = BTreeSet::new();
    app.calendar()
        .scan_versions(&kinds, &mut |key, version| {
            if deleted.contains(&key.id) {
                assert_eq!(version.record, None);
                versions.insert(key.clone());
            }
        })
        .unwrap();
    // Number 10 is one of each kind.
    assert_eq!(versions.len(), 7);
    let metrics = metrics();
    for line in [
        "calendar_retention_last_deleted{kind=\"report\"} 1",
        "calendar_retention_last_deleted{kind=\"submission\"} 3",
        "calendar_retention_last_deleted{kind=\"suggestion\"} 1",
        "calendar_retention_last_success_timestamp_seconds",
    ] {
        let text = metrics.text();
        assert!(text.contains(line), "{line}: {text}");
    }
}

fn id_of(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

fn account_of(app: &TestServer, number: u128) -> Option<Account> {
    let id = Uuid::from_u128(number).to_string();
    let found = records::one::<Account>(&**app.calendar(), &id).unwrap();
    found.map(|(account, _)| account)
}

fn waits(app: &TestServer, what: &str, number: u128, holds: impl Fn(Option<&Account>) -> bool) {
    until(what, || holds(account_of(app, number).as_ref()));
}

#[test]
fn an_account_without_a_sign_in_ends_after_a_notice_and_signing_in_keeps_it() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let kari = account(&app, 10, "kari@example.org", None);
    let ola = account(&app, 11, "ola@example.org", None);
    let amot = EditorScope::Municipalities(["3422".parse().unwrap()].into());
    let editor = account(&app, 12, "amot@example.org", Some(amot));
    app.commit(vec![kari.into(), ola.into(), editor.into()]);
    let told = |account: Option<&Account>| account.is_some_and(|a| a.deletion_notice.is_some());
    // The server was off when the notice was due: everyone gets 30 days all the same.
    app.wait(TimeDelta::days(800));
    for number in [10, 11, 12] {
        waits(&app, "a notice is given", number, told);
    }
    for email in ["kari@example.org", "amot@example.org"] {
        let mail = mails.next_to(email, 0);
        assert!(
            mail.subject.starts_with("Kontoen din slettes"),
            "{}",
            mail.subject
        );
        assert!(mail.links()[0].ends_with("/login"), "{}", mail.text);
    }
    assert!(
        !told(account_of(&app, 1).as_ref()),
        "the last editor of everything"
    );
    app.wait(TimeDelta::days(29));
    let mut person = Person::new(app.address().as_str());
    person.sign_in(&mails, "kari@example.org");
    assert!(account_of(&app, 11).is_some() && account_of(&app, 12).is_some());
    app.wait(TimeDelta::days(1));
    waits(&app, "an account ends", 11, |account| account.is_none());
    waits(&app, "an editor's account ends", 12, |account| {
        account.is_none()
    });
    assert!(account_of(&app, 10).is_some(), "she signed in");
    assert!(
        account_of(&app, 1).is_some(),
        "the last editor of everything"
    );
}

#[test]
fn a_session_ends_after_its_time_however_often_it_is_used() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut chief = signed_in(&app, &mails, CHIEF);
    for _ in 0..3 {
        app.wait(TimeDelta::days(9));
        chief.get("/editor/").ok();
    }
    let end = |days| {
        let until = app.now() - TimeDelta::days(days);
        elverum_calendar::login::end_begun_before(app.calendar(), until).unwrap()
    };
    assert_eq!(end(28), 0);
    chief.get("/editor/").ok();
    assert_eq!(end(26), 1);
    assert_eq!(chief.get("/editor/").status, 303);
}

/// Returns true if a file below a folder has a text.
fn is_in_files(folder: &std::path::Path, text: &str) -> bool {
    let has = |path: &std::path::Path| {
        // A file may be removed meanwhile.
        let bytes = std::fs::read(path).unwrap_or_default();
        let mut parts = bytes.windows(text.len());
        parts.any(|part| part == text.as_bytes())
    };
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths = all.map(|entry| entry.path());
    paths.any(|path| match path.is_dir() {
        true => is_in_files(&path, text),
        false => has(&path),
    })
}

#[test]
fn short_lived_data_that_has_ended_is_in_no_file_after_the_run() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let kept = app.calendar().ephemeral().unwrap();
    for (key, days) in [("kanari-kort", 0), ("kanari-lang", 30)] {
        let entry = EphemeralEntry {
            value: format!("{key}-verdi").into_bytes(),
            expires: app.now() + TimeDelta::days(days) + TimeDelta::minutes(5),
        };
        let table = EphemeralTable::Drafts;
        kept.put(table, key, app.now(), &entry).unwrap();
    }
    kept.flush().unwrap();
    let folder = app.calendar().folder().unwrap().join("ephemeral");
    assert!(is_in_files(&folder, "kanari-kort-verdi"));
    assert!(is_in_files(&folder, "kanari-lang-verdi"));
    app.wait(TimeDelta::days(1));
    until("what has ended is in no file", || {
        !is_in_files(&folder, "kanari-kort")
    });
    until("the rest stays", || {
        is_in_files(&folder, "kanari-lang-verdi")
    });
}

#[test]
fn a_start_after_days_makes_up_for_missed_runs_and_logs_counts() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let url = format!("sled:{}", program.path("store").display());
    let store = calendar_store::open(&url).unwrap();
    let long_ago = Utc::now() - TimeDelta::days(3_000);
    let due = (100..175).map(|number| mail(number, long_ago).into());
    let changes = due.map(calendar_store::Change::put).collect();
    store
        .commit(calendar_store::Commit {
            author: calendar_store::Author::Operator,
            at: long_ago,
            note: String::new(),
            changes,
        })
        .unwrap();
    drop(store);
    let hour = Utc::now().with_timezone(&chrono_tz::Europe::Oslo);
    if chrono::Timelike::hour(&hour) < 4 {
        println!("skipped: the run of the day is not due before four o'clock");
        return;
    }
    let serving = program.serve(&[]);
    std::thread::sleep(std::time::Duration::from_secs(12));
    serving.stop();
    let log = std::fs::read_to_string(program.path("log")).unwrap();
    assert!(log.contains("kind=\"mail\" count=75"), "{log}");
    let store = calendar_store::open(&url).unwrap();
    let mut left = 0;
    store
        .scan(&[RecordKind::Mail], &mut |batch| left += batch.len())
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_period_without_an_end_is_refused_with_the_key() {
    let program = Program::new();
    for key in ["account_days", "audit_days", "mail_days", "visitor_days"] {
        let settings = format!("[default.calendar.retention]\n{key} = 0\n");
        program.write("Rocket.toml", settings);
        let refused = program.run(&["serve", "--check"]).with_code(3);
        assert!(refused.err.contains(key), "{}", refused.err);
        assert!(refused.err.contains("days"), "{}", refused.err);
    }
    let settings = "[default.calendar.retention]\nmail_days = 10\n";
    program.write("Rocket.toml", settings);
    let shown = program.run(&["serve", "--check"]).ok();
    assert!(shown.out.contains("retention.mail_days"), "{}", shown.out);
}
