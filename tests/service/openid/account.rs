//! The identities of one's own account.

use serde_json::json;

use super::{Realm, leads_to};
use crate::support::openid::ProviderBrowser;
use crate::support::person::Person;

const KARI: &str = "kari@example.org";
const OLA: &str = "ola@example.org";

/// Presses «Knytt til …» on the page of the account, and signs in at the provider.
fn link(realm: &Realm, person: &mut Person) -> crate::support::Answer {
    realm.tell_the_time();
    let answer = person.fill("/account", "/account/logins", &[("add", realm.id)]);
    let back = ProviderBrowser::new().sign_in(&leads_to(&answer.ok()));
    person.get(back.as_str())
}

#[test]
fn a_person_links_an_identity_to_an_account_and_removes_it() {
    let realm = Realm::real("kommunen");
    let mut kari = realm.person();
    kari.sign_in(&realm.mails, KARI);
    let page = kari.get("/account").ok();
    assert!(
        page.text().contains("Knytt til Innlogging i kommunen"),
        "{}",
        page.text()
    );
    let answer = link(&realm, &mut kari).with_status(303);
    assert_eq!(answer.header("Location"), "/account");
    let page = kari.get("/account").ok();
    assert!(
        page.text().contains("Fjern Innlogging i kommunen"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("Knytt til"), "{}", page.text());
    let mut again = realm.person();
    realm
        .arrive(&mut again, &mut ProviderBrowser::new())
        .with_status(303);
    assert!(again.get("/account").ok().text().contains(KARI));
    let before = realm.mails.wait_for(KARI, 2).len();
    let id = page
        .text()
        .split("name=\"remove\" value=\"")
        .nth(1)
        .unwrap();
    let id = id.split('"').next().unwrap();
    kari.fill(
        "/account",
        "/account/logins",
        &[("remove", "0000000000000000")],
    );
    assert_eq!(
        realm.account(KARI).unwrap().logins.len(),
        1,
        "another id removes nothing"
    );
    kari.fill("/account", "/account/logins", &[("remove", id)])
        .with_status(303);
    assert!(realm.account(KARI).unwrap().logins.is_empty());
    assert!(!again.is_signed_in(), "this session began with it");
    assert!(kari.is_signed_in());
    let mail = realm.mails.next_to(KARI, before);
    let subject = "Innlogging fjernet fra kontoen din";
    assert!(mail.subject.contains(subject), "{}", mail.subject);
    assert!(mail.text.contains("Innlogging i kommunen"), "{}", mail.text);
    let answer = realm.arrive(&mut realm.person(), &mut ProviderBrowser::new());
    assert_eq!(answer.with_status(303).header("Location"), "/login/link");
}

#[test]
fn a_session_of_a_code_and_an_identity_goes_on_only_where_the_identity_is_removed() {
    let realm = Realm::real("kommunen");
    let (mut other, mut own) = (realm.person(), realm.person());
    // Both prove the address with a code, since nobody has the identity yet when they leave.
    for person in [&mut other, &mut own] {
        realm
            .arrive(person, &mut ProviderBrowser::new())
            .with_status(303);
    }
    for (person, before) in [(&mut other, 0), (&mut own, 1)] {
        person
            .fill("/login/link", "/login/link", &[("email", KARI)])
            .with_status(303);
        person
            .type_code(&realm.mails.next_to(KARI, before).code())
            .with_status(303);
        assert!(person.is_signed_in());
    }
    let page = own.get("/account").ok();
    let id = page.text().split("name=\"remove\" value=\"").nth(1);
    let id = id.unwrap().split('"').next().unwrap();
    own.fill("/account", "/account/logins", &[("remove", id)])
        .with_status(303);
    assert!(realm.account(KARI).unwrap().logins.is_empty());
    assert!(own.is_signed_in() && !other.is_signed_in());
}

#[test]
fn an_identity_belongs_to_one_account() {
    let realm = Realm::real("kommunen");
    realm.join(&mut realm.person(), &mut ProviderBrowser::new(), KARI);
    let mut ola = realm.person();
    ola.sign_in(&realm.mails, OLA);
    let page = link(&realm, &mut ola).with_status(409);
    assert!(page.text().contains("en annen konto"), "{}", page.text());
    assert!(!page.text().contains(KARI), "{}", page.text());
    assert!(realm.account(OLA).unwrap().logins.is_empty());
    // Two who wait with the same identity: the first with a code gets it, and the other signs in without.
    realm.next_is("berit");
    let (mut one, mut two) = (realm.person(), realm.person());
    realm
        .arrive(&mut one, &mut ProviderBrowser::new())
        .with_status(303);
    realm
        .arrive(&mut two, &mut ProviderBrowser::new())
        .with_status(303);
    for (person, email) in [(&mut one, "one@example.org"), (&mut two, "two@example.org")] {
        person
            .fill("/login/link", "/login/link", &[("email", email)])
            .with_status(303);
        person
            .type_code(&realm.mails.next_to(email, 0).code())
            .with_status(303);
        assert!(person.is_signed_in());
    }
    assert_eq!(realm.account("one@example.org").unwrap().logins.len(), 1);
    assert!(realm.account("two@example.org").unwrap().logins.is_empty());
}

#[test]
fn an_identity_is_linked_to_the_account_that_asked_for_it_and_to_no_other() {
    let realm = Realm::real("kommunen");
    let mut kari = realm.person();
    kari.sign_in(&realm.mails, KARI);
    let answer = kari.fill("/account", "/account/logins", &[("add", "kommunen")]);
    let back = ProviderBrowser::new().sign_in(&leads_to(&answer.ok()));
    // Meanwhile somebody else signs in with the same browser.
    let waiting = kari.cookies["provider"].clone();
    let mut ola = realm.person();
    ola.sign_in(&realm.mails, OLA);
    ola.cookies.insert("provider".into(), waiting);
    ola.get(back.as_str()).with_status(403);
    assert!(realm.account(OLA).unwrap().logins.is_empty());
    assert!(realm.account(KARI).unwrap().logins.is_empty());
}

#[test]
fn the_person_is_told_by_mail_that_an_identity_was_linked() {
    let realm = Realm::real("kommunen");
    // Also in the session that made the account.
    let mut kari = realm.person();
    kari.sign_in(&realm.mails, KARI);
    let before = realm.mails.wait_for(KARI, 1).len();
    link(&realm, &mut kari).with_status(303);
    let mail = realm.mails.next_to(KARI, before);
    assert!(mail.subject.contains("Ny innlogging"), "{}", mail.subject);
    assert!(mail.text.contains("Innlogging i kommunen"), "{}", mail.text);
    assert!(mail.text.contains("/account"), "{}", mail.text);
    // Who makes an account by an identity learns nothing by a mail about it.
    realm.next_is("ola");
    realm.join(&mut realm.person(), &mut ProviderBrowser::new(), OLA);
    let mut ola = realm.person();
    ola.sign_in(&realm.mails, OLA);
    let all = realm.mails.wait_for(OLA, 2);
    assert!(
        all.iter()
            .all(|mail| !mail.subject.contains("Ny innlogging"))
    );
}

#[test]
fn single_sign_on_is_as_old_as_the_sign_in_at_the_provider() {
    let realm = Realm::forged();
    realm.join(&mut realm.person(), &mut ProviderBrowser::new(), KARI);
    let now = chrono::Utc::now().timestamp();
    let address = realm
        .app
        .address()
        .as_str()
        .replace("127.0.0.1", "localhost");
    for (claims, expected) in [
        (json!({}), 403),
        (json!({ "auth_time": now - 86_400 }), 403),
        (json!({ "auth_time": now - 16 * 60 }), 403),
        (json!({ "auth_time": "2026-12-01T12:00:00Z" }), 403),
        (json!({ "auth_time": now - 60 }), 200),
        (json!({ "auth_time": now + 86_400 }), 200),
    ] {
        let behaviour = json!({ "token": { "claims": claims } });
        realm.provider.control(&json!({ "behaviour": behaviour }));
        // Passkeys need a host name.
        let mut kari = Person::new(&address);
        realm
            .arrive(&mut kari, &mut ProviderBrowser::new())
            .with_status(303);
        let page = kari.get("/account").ok();
        let is_recent = !page.text().contains("/account/confirm");
        assert_eq!(is_recent, expected == 200, "{claims}");
        let token = crate::support::person::hidden_fields(page.text(), "/account")
            .remove(0)
            .1;
        let answer = kari.post("/account/passkeys/challenge", &[("token", &token)]);
        assert_eq!(answer.status, expected, "{claims}");
        // Soon even the latest is old.
        realm.app.wait(chrono::TimeDelta::minutes(16));
        let answer = kari.post("/account/passkeys/challenge", &[("token", &token)]);
        assert_eq!(answer.status, 403, "{claims}");
    }
}

#[test]
fn a_browser_that_was_left_open_needs_a_code_before_an_identity_is_linked() {
    let realm = Realm::real("kommunen");
    let mut kari = realm.person();
    kari.sign_in(&realm.mails, KARI);
    let page = kari.get("/account").ok();
    let hidden = crate::support::person::hidden_fields(page.text(), "/account/logins");
    realm.app.wait(chrono::TimeDelta::hours(3));
    let fields = [("token", hidden[0].1.as_str()), ("add", "kommunen")];
    let answer = kari.post("/account/logins", &fields).with_status(303);
    assert_eq!(answer.header("Location"), "/account");
    let page = kari.get("/account").ok();
    assert!(!page.text().contains("Knytt til"), "{}", page.text());
    kari.fill("/account", "/account/confirm", &[])
        .with_status(303);
    kari.type_code(&realm.mails.next_to(KARI, 1).code())
        .with_status(303);
    let page = kari.get("/account").ok();
    assert!(page.text().contains("Knytt til"), "{}", page.text());
}

#[test]
fn who_is_signed_in_already_gets_no_identity_by_signing_in_at_a_provider() {
    let realm = Realm::real("kommunen");
    let mut kari = realm.person();
    let url = realm.depart(&mut kari);
    let waiting = kari.cookies.clone();
    kari.sign_in(&realm.mails, KARI);
    kari.cookies.extend(waiting);
    let back = ProviderBrowser::new().sign_in(&url);
    let answer = kari.get(back.as_str()).with_status(303);
    assert_eq!(answer.header("Location"), "/login/link");
    assert!(realm.account(KARI).unwrap().logins.is_empty());
}

#[test]
fn the_subject_and_the_claims_of_a_person_are_in_no_page_and_no_national_number_is_kept() {
    let realm = Realm::forged();
    let claims = json!({ "sub": "et-hemmelig-subjekt", "pid": "01010112345", "name": "Kari Nordmann",
        "email": "kari@kommune.example.org" });
    realm
        .provider
        .control(&json!({ "behaviour": { "token": { "claims": claims } } }));
    let (mut kari, mut browser) = (realm.person(), ProviderBrowser::new());
    realm.join(&mut kari, &mut browser, KARI);
    let account = serde_json::to_string(&realm.account(KARI).unwrap()).unwrap();
    assert!(account.contains("et-hemmelig-subjekt"), "{account}");
    let page = kari.get("/account").ok();
    for secret in ["01010112345", "Kari Nordmann", "kari@kommune.example.org"] {
        assert!(!account.contains(secret), "{account}");
        assert!(!page.text().contains(secret));
    }
    assert!(
        !page.text().contains("et-hemmelig-subjekt"),
        "{}",
        page.text()
    );
    // Nowhere in the files of the store, neither in records nor in what is short-lived.
    let mut folders = vec![realm.app.folder().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            let has = |text: &str| {
                bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
            };
            assert!(
                !has("01010112345") && !has("Kari Nordmann"),
                "{}",
                path.display()
            );
        }
    }
    assert!(files > 2, "{files} files");
}
