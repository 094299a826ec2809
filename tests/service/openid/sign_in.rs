//! Signing in at a real provider.

use calendar_domain::{EditorScope, LinkedLogin};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Realm, leads_to};
use crate::organizers::account;
use crate::support::openid::ProviderBrowser;
use crate::support::person::Person;
use crate::support::server::BASE;

const KARI: &str = "kari@example.org";

/// Returns the requests of a route that the provider got.
fn of_route(requests: &Value, route: &str) -> Vec<Value> {
    let all = requests.as_array().unwrap().iter();
    all.filter(|request| request["route"] == route)
        .cloned()
        .collect()
}

/// Signs in for the first time, out, and in again; returns the requests that the provider got.
fn twice(realm: &Realm) -> Value {
    let (mut kari, mut browser) = (realm.person(), ProviderBrowser::new());
    realm.join(&mut kari, &mut browser, KARI);
    let account = realm.account(KARI).unwrap();
    let [login] = &account.logins[..] else {
        panic!("{account:?}")
    };
    assert_eq!(
        (&*login.issuer, &*login.subject),
        (&*realm.provider.issuer(), "kari")
    );
    let mut again = realm.person();
    let before = realm.mails.all().len();
    let answer = realm.arrive(&mut again, &mut ProviderBrowser::new());
    assert_eq!(answer.with_status(303).header("Location"), "/organizer/");
    let page = again.get("/account").ok();
    assert!(page.text().contains(KARI), "{}", page.text());
    assert_eq!(realm.mails.all().len(), before, "no code was needed");
    assert_eq!(realm.account(KARI).unwrap().id, account.id);
    realm.provider.control(&json!({}))
}

#[test]
fn a_person_signs_in_with_a_secret_of_the_calendar_and_needs_a_code_the_first_time_alone() {
    let realm = Realm::real("kommunen");
    let requests = twice(&realm);
    let exchanged = of_route(&requests, "token");
    assert_eq!(exchanged.len(), 2, "{requests}");
    for request in &exchanged {
        assert_eq!(request["auth"], "client_secret_basic");
        assert!(
            request["params"].get("client_assertion").is_none(),
            "{request}"
        );
    }
    let pushed = of_route(&requests, "pushed_authorization_request");
    for request in &pushed {
        let params = &request["params"];
        assert_eq!(params["code_challenge_method"], "S256");
        assert_eq!(params["scope"], "openid", "nothing else is asked for");
        assert_eq!(params["acr_values"], "high substantial");
        assert!(params["nonce"].as_str().unwrap().len() > 40, "{params}");
    }
    assert_eq!(pushed.len(), 2);
}

#[test]
fn a_person_signs_in_with_an_rsa_key_of_the_calendar() {
    let realm = Realm::real("fylket");
    let requests = twice(&realm);
    for route in ["token", "pushed_authorization_request"] {
        let found = of_route(&requests, route);
        assert_eq!(found.len(), 2, "{requests}");
        assert!(
            found
                .iter()
                .all(|request| request["auth"] == "private_key_jwt"),
            "{found:?}"
        );
    }
}

#[test]
fn a_person_signs_in_with_an_elliptic_key_of_the_calendar() {
    let realm = Realm::real("staten");
    let requests = twice(&realm);
    let found = of_route(&requests, "token");
    assert!(
        found
            .iter()
            .all(|request| request["auth"] == "private_key_jwt"),
        "{found:?}"
    );
}

#[test]
fn where_requests_cannot_be_pushed_the_browser_carries_them() {
    let realm = Realm::with_settings("kommunen", json!({ "par": false }), true);
    let mut kari = realm.person();
    let url = realm.depart(&mut kari);
    let names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert!(names.contains(&"code_challenge".to_owned()), "{url}");
    realm.join(&mut realm.person(), &mut ProviderBrowser::new(), KARI);
    let pushed = Realm::real("kommunen");
    let url = pushed.depart(&mut pushed.person());
    let names: Vec<_> = url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["client_id", "request_uri"]);
}

#[test]
fn an_address_that_the_provider_names_finds_nobodys_account() {
    let realm = Realm::real("kommunen");
    // Whom the provider's token names by mail address.
    let editor = account(
        &realm.app,
        1,
        "somebody@example.org",
        Some(EditorScope::All),
    );
    realm.app.commit(vec![editor.clone().into()]);
    let (mut kari, mut browser) = (realm.person(), ProviderBrowser::new());
    realm.arrive(&mut kari, &mut browser).with_status(303);
    assert!(!kari.is_signed_in());
    let page = kari.get("/login/link").ok();
    assert!(
        !page.text().contains("somebody@example.org"),
        "{}",
        page.text()
    );
    assert!(
        realm
            .account("somebody@example.org")
            .unwrap()
            .logins
            .is_empty()
    );
    realm.join(&mut kari, &mut ProviderBrowser::new(), KARI);
    assert_eq!(realm.account(KARI).unwrap().editor, None);
}

#[test]
fn what_one_browser_began_no_other_finishes_and_nobody_finishes_twice() {
    let realm = Realm::real("kommunen");
    let (mut kari, mut mallory) = (realm.person(), realm.person());
    let url = realm.depart(&mut kari);
    let back = ProviderBrowser::new().sign_in(&url);
    // The address that Mallory's browser was led to by a page of Kari's, or the other way round.
    let _ = realm.depart(&mut mallory);
    mallory.get(back.as_str()).with_status(403);
    realm.person().get(back.as_str()).with_status(403);
    // An address with another state leaves the request as it is.
    let mut wrong = back.clone();
    let pairs: Vec<_> = back.query_pairs().into_owned().collect();
    let changed = pairs.iter().map(|(name, value)| match name.as_str() {
        "state" => (name.as_str(), "other"),
        _ => (name.as_str(), value.as_str()),
    });
    wrong.query_pairs_mut().clear().extend_pairs(changed);
    kari.get(wrong.as_str()).with_status(403);
    let cookies = kari.cookies.clone();
    kari.get(back.as_str()).with_status(303);
    let mut again = realm.person();
    again.cookies = cookies;
    again.get(back.as_str()).with_status(403);
    // Without any parameter, and for a provider that is none.
    realm
        .person()
        .get("/login/oidc/kommunen/callback")
        .with_status(403);
    realm
        .person()
        .get("/login/oidc/ingen/callback")
        .with_status(404);
    // Later than a person takes.
    let url = realm.depart(&mut kari);
    let back = ProviderBrowser::new().sign_in(&url);
    realm.app.wait(TimeDelta::minutes(16));
    let page = kari.get(back.as_str()).with_status(403);
    assert!(
        page.text().contains("gjelder ikke lenger"),
        "{}",
        page.text()
    );
}

#[test]
fn who_turns_back_at_the_provider_is_told_and_may_try_again() {
    let realm = Realm::real("kommunen");
    realm
        .provider
        .control(&json!({ "login": { "error": "access_denied" } }));
    let mut kari = realm.person();
    let page = realm
        .arrive(&mut kari, &mut ProviderBrowser::new())
        .with_status(403);
    assert!(
        page.text()
            .contains("<title>Feil: Innloggingen ble avbrutt"),
        "{}",
        page.text()
    );
    assert!(!kari.is_signed_in());
    realm.next_is("kari");
    realm.join(&mut kari, &mut ProviderBrowser::new(), KARI);
}

#[test]
fn a_level_of_assurance_that_was_not_asked_for_is_refused() {
    let realm = Realm::real("kommunen");
    let login = json!({ "accountId": "kari", "acr": "low" });
    realm.provider.control(&json!({ "login": login }));
    let mut kari = realm.person();
    let page = realm
        .arrive(&mut kari, &mut ProviderBrowser::new())
        .with_status(403);
    assert!(!kari.is_signed_in());
    let title = "<title>Feil: Sikkerhetsnivået er ikke høyt nok";
    assert!(page.text().contains(title), "{}", page.text());
}

#[test]
fn keys_that_the_provider_rotates_are_found() {
    let realm = Realm::real("kommunen");
    realm.join(&mut realm.person(), &mut ProviderBrowser::new(), KARI);
    realm.provider.control(&json!({ "rotate": true }));
    let mut kari = realm.person();
    let url = realm.depart(&mut kari);
    let back = ProviderBrowser::new().sign_in(&url);
    // An unknown key is looked for once a minute at most.
    realm.app.wait(TimeDelta::seconds(61));
    kari.get(back.as_str()).with_status(303);
    assert!(kari.is_signed_in());
}

#[test]
fn after_signing_in_a_person_is_led_to_the_page_that_required_it_in_their_language() {
    let realm = Realm::real("kommunen");
    realm.join(&mut realm.person(), &mut ProviderBrowser::new(), KARI);
    let mut kari = realm.person();
    realm.tell_the_time();
    let asked = kari.get("/en/account").with_status(303);
    let page = asked.header("Location").to_owned();
    let answer = kari.fill(&page, "/en/login/oidc/kommunen", &[]).ok();
    assert!(answer.text().contains("Taking you to"), "{}", answer.text());
    let back = ProviderBrowser::new().sign_in(&leads_to(&answer));
    let arrived = kari.get(back.as_str()).with_status(303);
    assert_eq!(arrived.header("Location"), "/en/account");
}

#[test]
fn a_provider_that_does_not_respond_leaves_the_other_ways_open() {
    let mut realm = Realm::real("kommunen");
    realm.provider.stop();
    let mut kari = realm.person();
    let page = kari
        .fill("/login", "/login/oidc/kommunen", &[])
        .with_status(503);
    assert!(page.text().contains("svarer ikke"), "{}", page.text());
    kari.sign_in(&realm.mails, KARI);
    // Signing out works too.
    kari.fill("/account", "/logout", &[]).with_status(303);
}

#[test]
fn without_a_mail_server_accounts_that_are_linked_sign_in_and_others_are_told_why_not() {
    let realm = Realm::with_settings("kommunen", json!({}), false);
    let mut kari = account(&realm.app, 1, KARI, None);
    kari.logins.push(LinkedLogin {
        issuer: realm.provider.issuer(),
        subject: "kari".into(),
        linked: realm.app.now(),
    });
    realm.app.commit(vec![kari.into()]);
    let mut person = realm.person();
    let page = person.get("/login").ok();
    let button = "Logg inn med Innlogging i kommunen";
    assert!(page.text().contains(button), "{}", page.text());
    assert!(!page.text().contains("name=\"email\""), "{}", page.text());
    let answer = realm.arrive(&mut person, &mut ProviderBrowser::new());
    answer.with_status(303);
    assert!(person.get("/account").ok().text().contains(KARI));
    realm.next_is("ola");
    let mut other = realm.person();
    let answer = realm.arrive(&mut other, &mut ProviderBrowser::new());
    assert_eq!(answer.with_status(303).header("Location"), "/login/link");
    let page = other.get("/login/link").with_status(503);
    assert!(
        page.text().contains("kan ikke sende e-post"),
        "{}",
        page.text()
    );
}

#[test]
fn requests_are_limited_for_each_client() {
    let realm = Realm::real("kommunen");
    let host = BASE.trim_start_matches("https://");
    let address = realm.app.address().as_str();
    let mut far = Person::behind_proxy(address, host, "203.0.113.66");
    let page = far.get("/login").ok();
    let hidden = crate::support::person::hidden_fields(page.text(), "/login/oidc/kommunen");
    let fields = [("token", hidden[0].1.as_str())];
    // They send no mail, and many of one workplace have one address.
    let answers = (0..310).map(|_| far.post("/login/oidc/kommunen", &fields).status);
    let answers: Vec<_> = answers.collect();
    let refused = answers.iter().position(|status| *status == 429);
    assert_eq!(refused, Some(300));
    let mut other = Person::behind_proxy(address, host, "203.0.113.67");
    assert_ne!(other.post("/login/oidc/kommunen", &fields).status, 429);
}
