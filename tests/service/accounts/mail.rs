//! Mail from the outbox: none is lost, and one that is sent twice is the same.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use calendar_domain::{Lang, MailFacts, MailKind, MailState, OutgoingMail};
use calendar_store::records;
use uuid::Uuid;

use crate::support::smtp::SmtpServer;
use crate::support::{Program, TestServer, certificate};

const FROM: &str = "Kalenderen i Elverum <kalender@example.no>";

fn mail(app: &TestServer, n: u128, to: &str) -> OutgoingMail {
    let facts = MailFacts {
        subject: Some("Sommerkonsert 1. juni".into()),
        path: Some("/organizer/".into()),
        remark: Some("Når slutter den?".into()),
        sender: Some("Kari".into()),
        ..MailFacts::default()
    };
    let (id, to) = (Uuid::from_u128(n).into(), to.parse().unwrap());
    OutgoingMail::new(id, to, Lang::Nb, MailKind::ChangesWanted, facts, app.now())
}

fn app(mails: &SmtpServer) -> TestServer {
    TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start()
}

fn stored(app: &TestServer) -> Vec<OutgoingMail> {
    let all = records::every::<OutgoingMail>(&**app.calendar()).unwrap();
    all.into_iter().map(|(mail, _)| mail).collect()
}

/// Waits until something holds.
#[track_caller]
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_mail_of_a_commit_is_sent_with_text_and_html_and_its_record_goes() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    app.commit(vec![mail(&app, 1, "ola@example.org").into()]);
    let got = mails.next_to("ola@example.org", 0);
    assert_eq!(got.subject, "Trenger endringer: Sommerkonsert 1. juni");
    assert_eq!(got.header_from, FROM);
    assert_eq!(got.from, "kalender@example.no");
    assert_eq!(got.auto_submitted, "auto-generated");
    assert_eq!(
        got.message_id,
        format!("<{}@example.no>", Uuid::from_u128(1))
    );
    assert!(got.text.contains("> Når slutter den?"), "{}", got.text);
    assert!(
        got.links().iter().any(|link| link.ends_with("/organizer/")),
        "{}",
        got.text
    );
    assert!(got.html.contains("<html lang=\"nb\">"), "{}", got.html);
    until("the record goes", || stored(&app).is_empty());
}

#[test]
fn a_mail_that_is_held_back_can_be_taken_back() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut held = mail(&app, 1, "ola@example.org");
    held.not_before = app.now() + chrono::TimeDelta::minutes(10);
    app.commit(vec![
        held.clone().into(),
        mail(&app, 2, "kari@example.org").into(),
    ]);
    let _ = mails.next_to("kari@example.org", 0);
    let key = calendar_domain::Record::from(held).key();
    let stored = calendar_store::Store::get(&**app.calendar(), &key)
        .unwrap()
        .unwrap();
    app.commit_changes(vec![calendar_store::Change::remove(key, stored.revision)]);
    app.wait(chrono::TimeDelta::minutes(11));
    app.commit(vec![mail(&app, 3, "kari@example.org").into()]);
    let _ = mails.next_to("kari@example.org", 1);
    assert_eq!(mails.all().len(), 2);
}

#[test]
fn what_is_refused_for_now_is_tried_again_and_what_is_refused_for_good_is_kept_with_the_reason() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    app.commit(vec![
        mail(&app, 1, "later@example.org").into(),
        mail(&app, 2, "refused@example.org").into(),
    ]);
    until("one bounced", || {
        let is_bounced = |mail: &OutgoingMail| matches!(mail.state, MailState::Bounced { .. });
        stored(&app).iter().any(is_bounced)
    });
    until("one waits", || {
        let has_failed =
            |mail: &OutgoingMail| matches!(mail.state, MailState::Waiting { attempts: 1, .. });
        stored(&app).iter().any(has_failed)
    });
    assert!(mails.all().is_empty());
    let metrics = app.ask(reqwest::Method::GET, "/metrics", &[]).ok();
    let bounced = "calendar_mails_total{outcome=\"bounced\"} 1";
    assert!(metrics.text().contains(bounced), "{}", metrics.text());
    app.wait(chrono::TimeDelta::seconds(30));
    let got = mails.next_to("later@example.org", 0);
    assert!(got.message_id.contains(&Uuid::from_u128(1).to_string()));
    until("one record stays", || stored(&app).len() == 1);
    match &stored(&app)[0].state {
        MailState::Bounced { reason, .. } => assert!(reason.contains("no such user"), "{reason}"),
        other => panic!("{other:?}"),
    }
    app.wait(chrono::TimeDelta::days(31));
    app.commit(vec![mail(&app, 3, "ola@example.org").into()]);
    until("the bounced one is forgotten", || stored(&app).is_empty());
}

#[test]
fn a_mail_server_that_comes_back_gets_what_waited() {
    let first = SmtpServer::start();
    let app = app(&first);
    let port = first.port;
    drop(first);
    app.commit(vec![mail(&app, 1, "ola@example.org").into()]);
    until("an attempt failed", || {
        stored(&app)
            .iter()
            .any(|mail| matches!(mail.state, MailState::Waiting { attempts: 1, .. }))
    });
    let mails = SmtpServer::start_on(port);
    app.wait(chrono::TimeDelta::minutes(1));
    let _ = mails.next_to("ola@example.org", 0);
}

#[test]
fn kills_of_the_server_lose_no_mail_and_repeat_one_only_under_its_own_id() {
    let mails = SmtpServer::start();
    let settings = format!(
        "[default.calendar.mail]\nsmtp = \"{}\"\nfrom = \"{FROM}\"\n",
        mails.url()
    );
    let program = Program::new();
    program.write("Rocket.toml", settings);
    program.run(&["seed"]).ok();
    let rounds: usize = std::env::var("MAIL_KILLS").map_or(6, |var| var.parse().unwrap());
    let mut acknowledged = BTreeSet::new();
    for round in 0..rounds {
        let serving = program.serve(&[]);
        for n in 0..4 {
            let email = format!("a{round}-{n}@example.org");
            program.run(&["account", "invite", &email]).ok();
            acknowledged.insert(email);
        }
        // At another moment of sending in each round.
        std::thread::sleep(Duration::from_millis(37 * round as u64));
        serving.signal("KILL");
        let _ = serving.ended();
    }
    let serving = program.serve(&[]);
    for email in &acknowledged {
        let got = mails.wait_for(email, 1);
        let ids: BTreeSet<&str> = got.iter().map(|mail| mail.message_id.as_str()).collect();
        assert_eq!(ids.len(), 1, "{email}: {got:#?}");
    }
    let (status, _) = serving.stop();
    assert!(status.success());
}

#[test]
fn mail_goes_by_starttls_to_a_server_with_a_trusted_certificate_alone() {
    for is_trusted in [true, false] {
        let program = Program::new();
        let folder = program.path("");
        certificate(&folder, "mail");
        certificate(&folder, "other");
        let mails = SmtpServer::start_with_tls(&folder.join("mail.pem"), &folder.join("mail.key"));
        let settings = format!(
            "[default.calendar.mail]\nsmtp = \"smtp+starttls://127.0.0.1:{}\"\nfrom = \"{FROM}\"\n",
            mails.port
        );
        program.write("Rocket.toml", settings);
        let trusted = if is_trusted { "mail.pem" } else { "other.pem" };
        let trusted = folder.join(trusted).display().to_string();
        let program = program.with_environment([("SSL_CERT_FILE", trusted)]);
        program.run(&["seed"]).ok();
        let serving = program.serve(&[]);
        program.run(&["account", "invite", "ola@example.org"]).ok();
        if is_trusted {
            assert!(mails.next_to("ola@example.org", 0).tls);
        } else {
            let log = program.path("log");
            until("the failure is in the log", || {
                let log = std::fs::read_to_string(&log).unwrap();
                log.contains("cannot send a mail; retrying") && log.contains("certificate")
            });
            assert!(mails.all().is_empty());
        }
        drop(serving);
    }
}
