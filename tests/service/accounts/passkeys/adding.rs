//! Passkeys of an account: added, named, removed, and offered.

use chrono::TimeDelta;
use ciborium::{Value as Cbor, cbor};
use serde_json::json;

use super::{KARI, app, person, refusal, signed_in};
use crate::organizers::delete_account;
use crate::support::TestServer;
use crate::support::authenticator::{
    Authenticator, Claims, base64url, begin_adding, begin_sign_in, rsa_key, send, sign_in,
};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

/// Returns the ids and names of the passkeys on the page of the account.
fn listed(person: &mut Person) -> Vec<(String, String)> {
    let page = person.get("/account").ok();
    let document = scraper::Html::parse_document(page.text());
    let select = |selector: &str| scraper::Selector::parse(selector).unwrap();
    let rows = select(".passkeys li");
    let rows = document.select(&rows);
    let value = |row: scraper::ElementRef<'_>, field: &str| {
        let field = select(&format!("input[name={field}]"));
        row.select(&field)
            .next()
            .unwrap()
            .value()
            .attr("value")
            .unwrap()
            .to_owned()
    };
    rows.map(|row| (value(row, "passkey"), value(row, "name")))
        .collect()
}

/// Returns the subjects of the mails about passkeys.
fn notices(mails: &SmtpServer, count: usize) -> Vec<String> {
    let all = mails.wait_for(KARI, count).into_iter();
    let subjects = all
        .map(|mail| mail.subject)
        .filter(|subject| subject.contains("assnøkkel"));
    subjects.collect()
}

#[test]
fn a_passkey_is_named_listed_and_removed_and_the_person_is_told() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let asked = begin_adding(&mut kari);
    assert_eq!(asked["user_name"], KARI);
    let user = asked["user_id"].as_str().unwrap();
    assert!(!user.contains("kari") && user.len() > 40, "{user}");
    let authenticator = Authenticator::es256();
    let user = authenticator.add_to(&mut kari);
    let [(id, name)] = listed(&mut kari).try_into().unwrap();
    assert_eq!(id, base64url(&authenticator.id));
    assert_eq!(name, "Ukjent nettleser");
    assert_eq!(notices(&mails, 2).len(), 1);

    let named = [
        ("passkey", id.clone()),
        ("name", " Min  <b>telefon</b>\u{7} ".to_owned()),
    ];
    send(&mut kari, "/account", "/account/passkeys/name", &named).with_status(303);
    assert_eq!(
        listed(&mut kari),
        [(id.clone(), "Min <b>telefon</b>".to_owned())]
    );
    for name in ["", " \u{7} "] {
        let named = [("passkey", id.clone()), ("name", name.to_owned())];
        send(&mut kari, "/account", "/account/passkeys/name", &named).with_status(303);
    }
    assert_eq!(listed(&mut kari)[0].1, "Min <b>telefon</b>");

    // Nobody else names or removes it.
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    let before = listed(&mut kari);
    for path in ["/account/passkeys/name", "/account/passkeys/remove"] {
        let fields = [("passkey", id.clone()), ("name", "Olas".to_owned())];
        send(&mut ola, "/account", path, &fields).with_status(303);
    }
    assert_eq!(listed(&mut kari), before);

    let removed = [("passkey", id.clone())];
    for _ in 0..2 {
        send(&mut kari, "/account", "/account/passkeys/remove", &removed).with_status(303);
    }
    assert_eq!(listed(&mut kari), []);
    assert_eq!(notices(&mails, 3).len(), 2);
    assert!(
        mails
            .all()
            .iter()
            .any(|mail| mail.text.contains("«Min <b>telefon</b>» er fjernet"))
    );
    let mut visitor = person(&app);
    let asked = begin_sign_in(&mut visitor);
    let mut claims = Claims::new("webauthn.get", &asked, &visitor);
    claims.user = user;
    let answer = sign_in(&mut visitor, &authenticator.assertion(&claims)).with_status(403);
    assert!(
        refusal(&answer).contains("ikke kjent her"),
        "{}",
        answer.text()
    );
    assert!(kari.is_signed_in(), "the session goes on");
}

/// Sends a passkey that `change` has made wrong. Returns status and text.
fn attempt(
    kari: &mut Person,
    authenticator: &Authenticator,
    change: impl FnOnce(&mut Claims, &mut Cbor),
) -> (u16, String) {
    let asked = begin_adding(kari);
    let mut claims = Claims::new("webauthn.create", &asked, kari);
    let mut key = authenticator.cose_key();
    change(&mut claims, &mut key);
    let fields = authenticator.registration(&claims, &key);
    let answer = send(kari, "/account", "/account/passkeys", &fields);
    let text = if answer.status == 200 {
        String::new()
    } else {
        refusal(&answer)
    };
    (answer.status, text)
}

#[test]
fn a_new_passkey_of_another_page_host_kind_or_person_is_refused() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let own = Authenticator::es256();
    let status = attempt(&mut kari, &own, |it, _| {
        it.client["origin"] = json!("https://evil.example.org")
    });
    assert_eq!(status.0, 403);
    let status = attempt(&mut kari, &own, |it, _| {
        it.client["type"] = json!("webauthn.get")
    });
    assert_eq!(status.0, 400);
    let status = attempt(&mut kari, &own, |it, _| {
        it.client["challenge"] = json!("AAAA")
    });
    assert_eq!(status.0, 403);
    let status = attempt(&mut kari, &own, |it, _| it.host = "example.org".to_owned());
    assert_eq!(status.0, 403);
    let (status, text) = attempt(&mut kari, &own, |it, _| it.flags = 1);
    assert!(
        status == 403 && text.contains("sjekket ikke"),
        "{status} {text}"
    );
    // Coordinates of two points, which are those of none.
    let points = [own.cose_key(), Authenticator::es256().cose_key()];
    let [x, y] = [(0, -2), (1, -3)].map(|(point, label)| {
        let members = points[point].as_map().unwrap().iter();
        let label = Cbor::from(label);
        let mut found = members.filter(|(name, _)| *name == label);
        found.next().unwrap().1.clone()
    });
    let no_point = cbor!({ 1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => y }).unwrap();
    let origin = || Cbor::Bytes(vec![0; 32]);
    let keys: [(u16, Cbor); 15] = [
        (400, no_point),
        (
            400,
            cbor!({ 1 => 2, 3 => -7, -1 => 1, -2 => origin(), -3 => origin() }).unwrap(),
        ),
        (400, rsa_key(vec![0xff; 256], vec![1])),
        (400, rsa_key(vec![0xff; 256], vec![1, 0, 2])),
        (400, rsa_key(vec![0xfe; 256], vec![1, 0, 1])),
        (422, rsa_key(vec![0xff; 128], vec![1, 0, 1])),
        (422, rsa_key(vec![0xff; 513], vec![1, 0, 1])),
        (422, rsa_key(vec![0xff; 256], vec![1, 0, 0, 0, 1])),
        (400, rsa_key(vec![0; 256], vec![1, 0, 1])),
        (400, rsa_key(vec![0xff; 256], Vec::new())),
        (400, rsa_key(Vec::new(), vec![1, 0, 1])),
        (422, cbor!({ 1 => 1, 3 => -8, -1 => 6 }).unwrap()),
        (400, cbor!({ 1 => 2, 3 => -7, -1 => 1 }).unwrap()),
        (400, cbor!({ "kty" => "EC" }).unwrap()),
        (400, cbor!([1, 2, 3]).unwrap()),
    ];
    for (expected, key) in keys {
        let shown = format!("{key:?}");
        let (status, text) = attempt(&mut kari, &own, |_, own| *own = key);
        assert_eq!(status, expected, "{text} {shown:.90}");
    }
    // Each challenge works once, and so does each answer.
    let asked = begin_adding(&mut kari);
    let claims = Claims::new("webauthn.create", &asked, &kari);
    let fields = own.registration(&claims, &own.cose_key());
    let mut cut = fields.clone();
    let end = cut[2].1.len() - 8;
    cut[2].1.truncate(end);
    send(&mut kari, "/account", "/account/passkeys", &cut).with_status(400);
    send(&mut kari, "/account", "/account/passkeys", &fields).with_status(403);
    let mut other = fields.clone();
    other[0].1 = base64url(b"another id");
    begin_adding(&mut kari);
    send(&mut kari, "/account", "/account/passkeys", &other).with_status(403);
    assert_eq!(listed(&mut kari), []);

    own.add_to(&mut kari);
    // Neither the same account nor another one gets it again.
    let (status, text) = attempt(&mut kari, &own, |_, _| {});
    assert!(
        status == 409 && text.contains("allerede"),
        "{status} {text}"
    );
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    assert_eq!(attempt(&mut ola, &own, |_, _| {}).0, 409);
    assert_eq!(listed(&mut ola), []);
    assert_eq!(listed(&mut kari).len(), 1);
}

#[test]
fn an_account_has_ten_passkeys_at_most() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    // One begun before the others are there.
    let last = Authenticator::es256();
    let asked = begin_adding(&mut kari);
    assert_eq!(asked["exclude"], json!([]));
    let mut other = signed_in(&app, &mails, KARI);
    for _ in 0..10 {
        Authenticator::es256().add_to(&mut other);
    }
    let claims = Claims::new("webauthn.create", &asked, &kari);
    let fields = last.registration(&claims, &last.cose_key());
    let answer = send(&mut kari, "/account", "/account/passkeys", &fields).with_status(409);
    assert!(
        refusal(&answer).contains("ti passnøkler"),
        "{}",
        answer.text()
    );
    send(&mut kari, "/account", "/account/passkeys/challenge", &[]).with_status(409);
    assert_eq!(listed(&mut kari).len(), 10);
    let page = kari.get("/account").ok();
    assert!(
        !page.text().contains("data-passkey=\"create\""),
        "no button"
    );
}

#[test]
fn a_passkey_is_added_only_soon_after_signing_in_or_a_new_code() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let asked = begin_adding(&mut kari);
    app.wait(TimeDelta::minutes(14));
    begin_adding(&mut kari);
    app.wait(TimeDelta::minutes(2));
    let answer = send(&mut kari, "/account", "/account/passkeys/challenge", &[]).with_status(403);
    assert_eq!(answer.json()["next"], "/account#passkeys");
    let own = Authenticator::es256();
    let claims = Claims::new("webauthn.create", &asked, &kari);
    let fields = own.registration(&claims, &own.cose_key());
    send(&mut kari, "/account", "/account/passkeys", &fields).with_status(403);
    assert!(
        !kari
            .get("/account")
            .ok()
            .text()
            .contains("data-passkey=\"create\"")
    );

    let sent = kari
        .fill("/account", "/account/confirm", &[])
        .with_status(303);
    assert_eq!(sent.header("Location"), "/login/code");
    let code = mails.next_to(KARI, 1).code();
    let before = kari.cookies.clone();
    let led = kari.type_code(&code).with_status(303);
    assert_eq!(led.header("Location"), "/account");
    own.add_to(&mut kari);
    let mut old = person(&app);
    old.cookies = before;
    assert!(!old.is_signed_in(), "the session before has ended");
}

#[test]
fn a_passkey_is_offered_after_the_second_sign_in_until_it_is_declined() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let offers = |person: &mut Person| {
        let page = person.get("/organizer/").ok();
        page.text().contains("Logg inn raskere neste gang")
    };
    let mut kari = signed_in(&app, &mails, KARI);
    assert!(!offers(&mut kari), "after the first");
    let mut kari = signed_in(&app, &mails, KARI);
    assert!(offers(&mut kari) && offers(&mut kari));
    let led = kari.fill(
        "/organizer/",
        "/account/passkeys/decline",
        &[("page", "organizer")],
    );
    assert_eq!(led.with_status(303).header("Location"), "/organizer/");
    assert!(!offers(&mut kari));
    let mut kari = signed_in(&app, &mails, KARI);
    assert!(!offers(&mut kari), "nor ever again");

    let _ = signed_in(&app, &mails, "ola@example.org");
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    assert!(offers(&mut ola));
    Authenticator::es256().add_to(&mut ola);
    assert!(!offers(&mut ola), "with a passkey");
}

#[test]
fn passkeys_outlive_a_restart_and_a_backup_and_go_with_the_account() {
    let mails = SmtpServer::start();
    let mut app: TestServer = app(&mails);
    let own = Authenticator::es256();
    let user = own.add_to(&mut signed_in(&app, &mails, KARI));
    let backup = app.backup();
    let sign_in = |app: &TestServer| {
        let mut visitor = person(app);
        let asked = begin_sign_in(&mut visitor);
        let mut claims = Claims::new("webauthn.get", &asked, &visitor);
        claims.user.clone_from(&user);
        sign_in(&mut visitor, &own.assertion(&claims)).status
    };
    app.restart();
    assert_eq!(sign_in(&app), 200);
    delete_account(&app, KARI);
    assert_eq!(sign_in(&app), 403);
    app.restore(&backup);
    assert_eq!(sign_in(&app), 200);
}
