//! Personal data appears on no public address and in no export, unless an export is told so.

use std::collections::BTreeSet;

use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{
    Account, BackupHold, ErasedKey, Erasure, ErasureCause, Event, EventId, EventReport, Lang,
    MailFacts, MailKind, MailState, Organisation, OutgoingMail, OwnEvents, PrivateFacts, Record,
    RecordKey, RecordKind, ReportClosing, ReportedFault, ReviewComment, Schedule, Submission,
    SubmissionState, SubmissionStep, Text, When,
};
use uuid::Uuid;

use crate::support::addresses::in_english;
use crate::support::{Program, TestServer, every_kind};

/// Part of every text in the private records below.
const CANARY: &str = "kanarifugl";

fn organisation(now: chrono::DateTime<chrono::Utc>) -> Organisation {
    let (id, founder) = (Uuid::from_u128(3).into(), Uuid::from_u128(1).into());
    Organisation::new(id, format!("{CANARY}laget"), founder, now)
}

/// Returns a submission that waits, with a canary in every text.
fn submission(now: chrono::DateTime<chrono::Utc>) -> Submission {
    let (id, author) = (Uuid::from_u128(4).into(), Uuid::from_u128(1).into());
    let event: EventId = Uuid::from_u128(5).into();
    let mut made = Submission::new(id, Uuid::from_u128(3).into(), author, event.clone(), now);
    let when = Schedule::once(When::day(now.date_naive()));
    let (slug, uid) = (CANARY.parse().unwrap(), CANARY.parse().unwrap());
    let mut next = Event::new(slug, uid, Text::nb(CANARY), when, now);
    next.id = event;
    next.description = Text::nb(CANARY);
    made.base = Some(Box::new(next.clone()));
    made.next = Some(Box::new(next));
    for field in FormField::ALL {
        made.form = std::mem::take::<EventForm>(&mut made.form).with(*field, CANARY);
    }
    let text = || Some(CANARY.to_owned());
    made.private = PrivateFacts {
        contact_name: text(),
        contact_telephone: text(),
        expected_attendance: Some(4_711),
        peak_time: text(),
    };
    let comment = ReviewComment {
        field: None,
        text: CANARY.to_owned(),
    };
    let sent = made.step(SubmissionStep {
        at: now,
        by: Some(Uuid::from_u128(1).into()),
        state: SubmissionState::Submitted,
        reason: CANARY.to_owned(),
        comments: vec![comment],
    });
    assert!(sent);
    made
}

/// Returns a report with a canary in every text.
fn report(now: chrono::DateTime<chrono::Utc>) -> EventReport {
    EventReport {
        id: Uuid::from_u128(6).into(),
        event: Uuid::from_u128(5).into(),
        visitor: Uuid::from_u128(7).into(),
        language: Lang::Nb,
        fault: ReportedFault::Other,
        text: CANARY.to_owned(),
        reported: now,
        joined: Vec::new(),
        forwarded: Some(now),
        closing: Some(ReportClosing {
            by: Uuid::from_u128(1).into(),
            at: now,
            answer: CANARY.to_owned(),
        }),
    }
}

/// Returns an erasure with the key of a record with a canary.
fn erasure(now: chrono::DateTime<chrono::Utc>) -> Erasure {
    Erasure {
        id: Uuid::from_u128(8).into(),
        account: Uuid::from_u128(9).into(),
        cause: ErasureCause::Person,
        language: Lang::Nb,
        own_events: OwnEvents::Keep,
        begun: now,
        removed: [ErasedKey(RecordKey::new(RecordKind::Submission, CANARY))].into(),
        changed: BTreeSet::new(),
        images: BTreeSet::new(),
        visitors: BTreeSet::new(),
        entries: BTreeSet::new(),
        short_lived: 0,
        events_left: 0,
        events_withdrawn: 0,
        backups: BackupHold::Unknown,
        set_aside: 0,
        completed: Some(now),
        receipt: None,
    }
}

fn private_records(now: chrono::DateTime<chrono::Utc>) -> Vec<Record> {
    let email = format!("{CANARY}@example.org");
    let account = Account {
        name: format!("{CANARY} Nordmann"),
        signed_in: Some(now),
        ..Account::new(
            Uuid::from_u128(1).into(),
            email.parse().unwrap(),
            Lang::Nb,
            now,
        )
    };
    let text = || Some(CANARY.to_owned());
    let facts = MailFacts {
        subject: text(),
        when: text(),
        path: text(),
        remark: text(),
        sender: text(),
        items: vec![CANARY.to_owned()],
    };
    let id = Uuid::from_u128(2).into();
    let to = email.parse().unwrap();
    let mail = OutgoingMail {
        state: MailState::Bounced {
            at: now,
            reason: CANARY.to_owned(),
        },
        ..OutgoingMail::new(id, to, Lang::En, MailKind::Received, facts, now)
    };
    let records = vec![
        Record::from(account),
        Record::from(mail),
        organisation(now).into(),
        submission(now).into(),
        report(now).into(),
        erasure(now).into(),
    ];
    let private = RecordKind::ALL.into_iter().filter(|kind| kind.is_private());
    let planted = records.iter().map(Record::kind);
    assert!(private.eq(planted), "a private kind has no canary");
    records
}

#[test]
fn private_records_appear_on_no_public_address() {
    let app = TestServer::start();
    every_kind::save_all(&app);
    let before = app.ask(reqwest::Method::GET, "/api/v1/changes", &[]).ok();
    app.commit(private_records(app.now()));
    let mut addresses = app.every_feed();
    for extension in ["rss", "atom", "json", "jsonld", "csv"] {
        addresses.push(format!("/feeds/all.{extension}"));
    }
    for page in app.every_page() {
        addresses.push(in_english(&page));
        addresses.push(page);
    }
    let others = [
        "/api/v1/changes",
        "/metrics",
        "/health/ready",
        "/robots.txt",
        "/sitemap.xml",
    ];
    addresses.extend(others.map(str::to_owned));
    for address in addresses {
        let answer = app.ask(reqwest::Method::GET, &address, &[]);
        let said = String::from_utf8_lossy(&answer.body);
        assert!(!said.contains(CANARY), "{address}: {said}");
    }
    let after = app.ask(reqwest::Method::GET, "/api/v1/changes", &[]).ok();
    let items = |answer: &crate::support::Answer| answer.json()["items"].clone();
    assert_eq!(items(&before), items(&after));
}

#[test]
fn an_export_has_private_records_only_when_told_so_and_import_reads_them_back() {
    let program = Program::new();
    program.run(&["seed"]).ok();
    let url = format!("sled:{}", program.path("store").display());
    let now = "2027-03-01T12:00:00Z".parse().unwrap();
    let records = private_records(now);
    let store = calendar_store::open(&url).unwrap();
    let changes = records.iter().cloned().map(calendar_store::Change::put);
    let commit = calendar_store::Commit {
        author: calendar_store::Author::Operator,
        at: now,
        note: String::new(),
        changes: changes.collect(),
    };
    store.commit(commit).unwrap();
    drop(store);
    for format in ["json", "ics", "csv", "ndjson"] {
        let out = program.run(&["export", "--format", format]).ok().out;
        assert!(!out.contains(CANARY), "{format}");
        if format != "ndjson" {
            let refused = program.run(&["export", "--format", format, "--with-private"]);
            let refused = refused.with_code(3);
            assert!(refused.err.contains("ndjson"), "{}", refused.err);
        }
    }
    let lines = program
        .run(&["export", "--format", "ndjson", "--with-private"])
        .ok()
        .out;
    program.write("all.ndjson", lines);
    let import = ["--store", "sled:elsewhere", "import", "all.ndjson"];
    program.run_bare(&import).ok();
    let url = format!("sled:{}", program.path("elsewhere").display());
    let store = calendar_store::open(&url).unwrap();
    for record in records {
        let stored = store.get(&record.key()).unwrap();
        assert_eq!(stored.map(|stored| stored.record), Some(record));
    }
}
