//! What one person can do in a short time, and what they may do when a request ends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier};

use calendar_domain::{Account, EditorScope, MemberRole, Organisation, OrganisationStanding};
use calendar_store::records;
use uuid::Uuid;

use super::{account, club, delete_account, signed_in, token};
use crate::support::TestServer;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";

fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    let kari = account(&app, 1, KARI, None);
    app.commit(club(&app, 2, "skogslaget", &kari).to_vec());
    app.commit(vec![
        kari.into(),
        account(&app, 3, EDITOR, Some(EditorScope::All)).into(),
    ]);
    app
}

fn own_path() -> String {
    format!("/organizer/organisations/{}", Uuid::from_u128(2))
}

#[test]
fn invitations_are_limited_for_each_person_and_each_address() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let token = token(&mut kari);
    let mut send = |action: &str, email: &str| {
        let fields = [
            ("token", token.as_str()),
            ("action", action),
            ("email", email),
            ("key", email),
        ];
        let answer = kari.post(&own_path(), &fields).with_status(303);
        answer.header("Location").to_owned()
    };
    for round in 0..5 {
        let led = send("invite", "ola@example.org");
        assert_eq!(
            led.ends_with("notice=invitations"),
            round >= 2,
            "{round}: {led}"
        );
        send("uninvite", "ola@example.org");
    }
    let many = (0..40).map(|n| send("invite", &format!("person{n}@example.org")));
    let refused = many
        .filter(|send| send.ends_with("notice=invitations"))
        .count();
    assert!(refused >= 25, "{refused}");
    let to_ola = mails.wait_for("ola@example.org", 2);
    assert_eq!(to_ola.len(), 2);
    assert!(mails.all().len() < 20, "{}", mails.all().len());
}

#[test]
fn requests_to_join_leave_room_for_members() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let stored = records::one::<Organisation>(&**app.calendar(), &Uuid::from_u128(2).to_string());
    let (mut club, _) = stored.unwrap().unwrap();
    for n in 0..20 {
        club.requests
            .insert(Uuid::from_u128(100 + n).into(), app.now());
    }
    app.commit(vec![club.into()]);
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    let token_ola = token(&mut ola);
    let fields = [("token", token_ola.as_str()), ("action", "join")];
    let answer = ola.post(&own_path(), &fields).with_status(303);
    assert!(answer.header("Location").ends_with("notice=many"));
    let mut kari = signed_in(&app, &mails, KARI);
    let token_kari = token(&mut kari);
    let fields = [
        ("token", token_kari.as_str()),
        ("action", "invite"),
        ("email", "ola@example.org"),
    ];
    let answer = kari.post(&own_path(), &fields).with_status(303);
    assert!(answer.header("Location").ends_with("notice=members"));
}

#[test]
fn an_editor_does_not_admit_themselves() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let token = token(&mut editor);
    let me = Uuid::from_u128(3).to_string();
    let join = [("token", token.as_str()), ("action", "join")];
    editor.post(&own_path(), &join).with_status(303);
    let admit = [
        ("token", token.as_str()),
        ("action", "admit"),
        ("account", me.as_str()),
    ];
    editor.post(&own_path(), &admit).with_status(403);
    editor.get(&own_path()).with_status(403);
}

#[test]
fn an_organisation_whose_administrator_is_gone_goes_on() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let ola = account(&app, 4, "ola@example.org", None);
    let id = Uuid::from_u128(2).to_string();
    let club = || {
        let stored = records::one::<Organisation>(&**app.calendar(), &id);
        stored.unwrap().unwrap().0
    };
    let mut with_ola = club();
    with_ola.members.insert(ola.id.clone(), MemberRole::Member);
    app.commit(vec![with_ola.into(), ola.clone().into()]);
    let remove = |email: &str| delete_account(&app, email);
    remove(KARI);
    assert!(club().has_admin(&ola.id), "the other member administers it");
    remove("ola@example.org");
    assert!(club().members.is_empty());
    // Who asks now is an editor's to admit, at once, and administers it.
    let mut kari = signed_in(&app, &mails, KARI);
    let page_token = token(&mut kari);
    let join = [("token", page_token.as_str()), ("action", "join")];
    kari.post(&own_path(), &join).with_status(303);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let queue = editor.get("/editor/").ok();
    assert!(queue.text().contains(&id), "{}", queue.text());
    let asking = club().requests.keys().next().unwrap().clone();
    let page_token = token(&mut editor);
    let admit = [
        ("token", page_token.as_str()),
        ("action", "admit"),
        ("account", asking.as_str()),
    ];
    let path = format!("/editor/organisations/{id}");
    editor.post(&path, &admit).with_status(303);
    assert!(club().has_admin(&asking));
}

#[test]
fn what_a_person_may_do_counts_when_the_whole_form_is_there() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let token = token(&mut editor);
    let path = format!("/editor/organisations/{}", Uuid::from_u128(2));
    let body = format!("token={token}&action=trust");
    let cookies: Vec<String> = editor
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let (host, origin) = (
        app.address().authority().to_owned(),
        editor.origin.clone().unwrap(),
    );
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n",
        cookies.join("; "),
        body.len()
    );
    let mut stream = TcpStream::connect(&host).unwrap();
    let (first, rest) = body.split_at(body.len() / 2);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(first.as_bytes()).unwrap();
    // The request is being read before the rights end: another request was answered since.
    for _ in 0..3 {
        editor.get("/editor/").ok();
    }
    let id = Uuid::from_u128(3).to_string();
    let (mut demoted, _) = records::one::<Account>(&**app.calendar(), &id)
        .unwrap()
        .unwrap();
    demoted.editor = None;
    app.commit(vec![demoted.into()]);
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let stored = records::one::<Organisation>(&**app.calendar(), &Uuid::from_u128(2).to_string());
    assert!(!stored.unwrap().unwrap().0.trusted);
}

#[test]
fn of_two_organisations_with_one_number_one_is_approved() {
    let mails = SmtpServer::start();
    let app = Arc::new(app(&mails));
    for round in 0..4 {
        let ids = [10 + round * 2, 11 + round * 2].map(Uuid::from_u128);
        let founder = account(&app, 1, KARI, None);
        let number = ["900000014", "900000022", "900000030", "900000049"][round as usize];
        app.commit(
            ids.map(|id| {
                let mut organisation = Organisation::new(
                    id.into(),
                    format!("Laget {id}"),
                    founder.id.clone(),
                    app.now(),
                );
                organisation.number = number.parse().ok();
                assert!(
                    organisation.number.is_some()
                        && organisation
                            .members
                            .values()
                            .all(|member| *member == MemberRole::Admin)
                );
                organisation.into()
            })
            .to_vec(),
        );
        let barrier = Arc::new(Barrier::new(2));
        let threads = ids.map(|id| {
            let mut editor = signed_in(&app, &mails, EDITOR);
            let (token, barrier) = (token(&mut editor), Arc::clone(&barrier));
            std::thread::spawn(move || {
                let fields = [("token", token.as_str()), ("action", "approve")];
                barrier.wait();
                editor.post(&format!("/editor/organisations/{id}"), &fields);
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        let approved = ids.iter().filter(|id| {
            let stored = records::one::<Organisation>(&**app.calendar(), &id.to_string());
            stored.unwrap().unwrap().0.standing == OrganisationStanding::Approved
        });
        assert_eq!(approved.count(), 1, "round {round}");
    }
}
