//! Providers end sessions, and sessions that began at one end there too.

use serde_json::{Value, json};

use super::{Realm, leads_to};
use crate::support::openid::ProviderBrowser;
use crate::support::person::Person;

const KARI: &str = "kari@example.org";

#[test]
fn who_signs_out_at_the_provider_is_signed_out_here_in_that_browser_alone() {
    let realm = Realm::real("kommunen");
    let (mut phone, mut at_phone) = (realm.person(), ProviderBrowser::new());
    realm.join(&mut phone, &mut at_phone, KARI);
    let (mut laptop, mut at_laptop) = (realm.person(), ProviderBrowser::new());
    realm.arrive(&mut laptop, &mut at_laptop).with_status(303);
    let mut by_mail = realm.person();
    by_mail.sign_in(&realm.mails, KARI);
    realm.tell_the_time();
    let out = format!("{}/session/end", realm.provider.issuer());
    at_phone.sign_out(&out.parse().unwrap());
    assert!(!phone.is_signed_in(), "the provider ended this session");
    assert!(laptop.is_signed_in() && by_mail.is_signed_in());
    let requests = realm.provider.control(&json!({}));
    let told = requests.as_array().unwrap().iter();
    assert_eq!(
        told.filter(|request| request["route"] == "logged_out")
            .count(),
        1
    );
}

#[test]
fn who_signs_out_here_is_led_to_sign_out_at_the_provider_and_back() {
    let realm = Realm::real("kommunen");
    let (mut kari, mut browser) = (realm.person(), ProviderBrowser::new());
    realm.join(&mut kari, &mut browser, KARI);
    let page = kari.fill("/account", "/logout", &[]).ok();
    assert!(!kari.is_signed_in());
    let url = leads_to(&page);
    assert!(url.as_str().starts_with(&realm.provider.issuer()), "{url}");
    let back = browser.sign_out(&url);
    assert_eq!(back, realm.app.address().as_str());
    // A session that began with a code has no part in it.
    kari.sign_in(&realm.mails, KARI);
    let answer = kari.fill("/account", "/logout", &[]).with_status(303);
    assert_eq!(answer.header("Location"), "/");
}

/// Returns a logout token.
fn token(realm: &Realm, token: &Value) -> String {
    let made = realm.provider.control(&json!({ "mint": token }));
    made["token"].as_str().unwrap().to_owned()
}

fn send(realm: &Realm, token: &str) -> (u16, Value) {
    // A provider's server: no cookies, no origin.
    let mut server = realm.person();
    server.origin = None;
    let path = "/login/oidc/falsk/backchannel-logout";
    let answer = server.post(path, &[("logout_token", token)]);
    assert_eq!(answer.header("Cache-Control"), "no-store");
    let body = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, body)
}

/// Signs in as the subject of the forging provider.
fn member(realm: &Realm, session: &str) -> Person {
    let behaviour = json!({ "token": { "claims": { "sid": session } } });
    realm.provider.control(&json!({ "behaviour": behaviour }));
    let mut person = realm.person();
    let answer = realm.arrive(&mut person, &mut ProviderBrowser::new());
    if answer.with_status(303).header("Location") == "/login/link" {
        person.fill("/login/link", "/login/link", &[("email", KARI)]);
        person.type_code(&realm.mails.next_to(KARI, 0).code());
    }
    assert!(person.is_signed_in());
    person
}

#[test]
fn a_logout_token_that_is_wrong_in_any_way_ends_nothing() {
    let realm = Realm::forged();
    let mut kari = member(&realm, "one");
    let now = chrono::Utc::now().timestamp();
    let right = json!({ "sub": "mallory", "sid": "one" });
    let with = |more: Value| {
        let mut claims = right.clone();
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "claims": claims })
    };
    let wrong = [
        json!({ "claims": {} }),
        with(json!({ "aud": "other" })),
        with(json!({ "iss": "https://evil.example.org" })),
        with(json!({ "exp": now - 120 })),
        with(json!({ "iat": now - 3_600 })),
        with(json!({ "iat": now + 300 })),
        with(json!({ "nonce": "n" })),
        with(json!({ "events": {} })),
        with(json!({ "jti": "" })),
        json!({ "claims": right, "header": { "typ": "at+jwt" } }),
        json!({ "claims": right, "header": { "alg": "none", "kid": null }, "key": "none" }),
        json!({ "claims": right, "header": { "alg": "HS256" }, "key": "public" }),
        json!({ "claims": right, "key": "unknown" }),
        json!({ "claims": right, "drop": ["exp"] }),
    ];
    for wrong in wrong {
        let (status, body) = send(&realm, &token(&realm, &wrong));
        assert_eq!(
            (status, &body["error"]),
            (400, &json!("invalid_request")),
            "{wrong}"
        );
        assert!(kari.is_signed_in(), "{wrong}");
    }
    assert_eq!(send(&realm, "").0, 400);
    assert_eq!(send(&realm, "a.b.c").0, 400);
    assert_eq!(send(&realm, &"a".repeat(100_000)).0, 400);
    // Nobody's session.
    let other = json!({ "claims": { "sub": "mallory", "sid": "other" } });
    assert_eq!(send(&realm, &token(&realm, &other)).0, 200);
    assert!(kari.is_signed_in());
    let right = token(&realm, &with(json!({})));
    assert_eq!(send(&realm, &right), (200, json!({})));
    assert!(!kari.is_signed_in());
    assert_eq!(send(&realm, &right).0, 400, "a token works once");
    realm
        .person()
        .post(
            "/login/oidc/ingen/backchannel-logout",
            &[("logout_token", "a")],
        )
        .with_status(404);
}

#[test]
fn a_logout_token_of_a_person_ends_all_sessions_that_began_at_the_provider() {
    let realm = Realm::forged();
    let (mut one, mut two) = (member(&realm, "one"), member(&realm, "two"));
    let mut by_mail = realm.person();
    by_mail.sign_in(&realm.mails, KARI);
    let by_session = token(&realm, &json!({ "claims": { "sid": "two" } }));
    assert_eq!(send(&realm, &by_session).0, 200);
    assert!(one.is_signed_in() && !two.is_signed_in());
    let (mut two, mut three) = (member(&realm, "two"), member(&realm, "three"));
    let of_person = token(&realm, &json!({ "claims": { "sub": "mallory" } }));
    assert_eq!(send(&realm, &of_person).0, 200);
    assert!(!one.is_signed_in() && !two.is_signed_in() && !three.is_signed_in());
    assert!(by_mail.is_signed_in());
}

#[test]
fn an_identity_that_waits_for_an_address_ends_with_the_session_at_the_provider() {
    let realm = Realm::forged();
    let (mut kari, mut ola) = (realm.person(), realm.person());
    for person in [&mut kari, &mut ola] {
        let answer = realm.arrive(person, &mut ProviderBrowser::new());
        assert_eq!(answer.with_status(303).header("Location"), "/login/link");
    }
    kari.fill("/login/link", "/login/link", &[("email", KARI)])
        .with_status(303);
    let order = token(
        &realm,
        &json!({ "claims": { "sub": "mallory", "sid": "session-1" } }),
    );
    assert_eq!(send(&realm, &order).0, 200);
    // The code still proves the address, and nothing else.
    kari.type_code(&realm.mails.next_to(KARI, 0).code())
        .with_status(303);
    assert!(kari.is_signed_in());
    assert!(realm.account(KARI).unwrap().logins.is_empty());
    let page = ola.get("/login/link").ok();
    assert!(!page.text().contains("name=\"email\""), "{}", page.text());
}

#[test]
fn who_signs_out_at_the_provider_while_coming_back_from_it_is_not_signed_in() {
    let realm = Realm::forged();
    let joined = member(&realm, "one");
    assert!(realm.account(KARI).is_some());
    drop(joined);
    for (subject, claims) in [
        ("mallory", json!({ "sub": "mallory" })),
        ("mallory", json!({ "sid": "two" })),
        ("mallory", json!({ "sub": "mallory", "sid": "two" })),
        // One that no account has.
        ("berit", json!({ "sub": "berit", "sid": "two" })),
    ] {
        let behaviour = json!({ "token": { "claims": { "sub": subject, "sid": "two" } } });
        realm.provider.control(&json!({ "behaviour": behaviour }));
        let mut person = realm.person();
        let url = realm.depart(&mut person);
        let back = ProviderBrowser::new().sign_in(&url);
        let order = token(&realm, &json!({ "claims": claims }));
        assert_eq!(send(&realm, &order).0, 200);
        person.get(back.as_str()).with_status(403);
        assert!(!person.is_signed_in(), "{claims}");
        assert!(!person.get("/login/link").text().contains("name=\"email\""));
        // Signing in anew works.
        let answer = realm.arrive(&mut person, &mut ProviderBrowser::new());
        answer.with_status(303);
        assert_eq!(person.is_signed_in(), subject == "mallory");
    }
    // Another session at the provider goes on.
    let behaviour = json!({ "token": { "claims": { "sid": "three" } } });
    realm.provider.control(&json!({ "behaviour": behaviour }));
    let mut person = realm.person();
    let url = realm.depart(&mut person);
    let back = ProviderBrowser::new().sign_in(&url);
    let order = token(&realm, &json!({ "claims": { "sid": "two" } }));
    assert_eq!(send(&realm, &order).0, 200);
    person.get(back.as_str()).with_status(303);
    assert!(person.is_signed_in());
}
