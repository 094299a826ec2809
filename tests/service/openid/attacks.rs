//! Tokens and answers that a real provider never gives are refused.

use serde_json::{Value, json};

use super::Realm;
use crate::support::openid::ProviderBrowser;

/// Signs in while the provider behaves in a way. Returns the status and the page.
fn signed_in(realm: &Realm, behaviour: &Value) -> (u16, String) {
    realm.provider.control(&json!({ "behaviour": behaviour }));
    let mut mallory = realm.person();
    let answer = realm.arrive(&mut mallory, &mut ProviderBrowser::new());
    assert!(!mallory.is_signed_in(), "{behaviour}");
    (answer.status, answer.text().to_owned())
}

#[track_caller]
fn refused(realm: &Realm, what: &str, behaviour: &Value) {
    let before = realm.app.commit_number();
    let (status, page) = signed_in(realm, behaviour);
    assert_eq!(status, 403, "{what}: {page}");
    assert_eq!(realm.app.commit_number(), before, "{what}");
}

fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

#[test]
fn a_token_with_one_wrong_claim_is_refused() {
    let realm = Realm::forged();
    assert_eq!(
        signed_in(&realm, &json!({})).0,
        303,
        "the right one leads on"
    );
    let claims = [
        ("acr", json!({ "acr": "low" })),
        ("nonce", json!({ "nonce": "other" })),
        ("aud", json!({ "aud": "other" })),
        ("several aud", json!({ "aud": ["calendar", "other"] })),
        ("azp", json!({ "azp": "other" })),
        ("issuer", json!({ "iss": "https://evil.example.org" })),
        (
            "several issuers",
            json!({ "iss": [realm.provider.issuer(), "https://evil.example.org"] }),
        ),
        ("expired", json!({ "exp": now() - 120 })),
        ("not yet", json!({ "nbf": now() + 300 })),
        ("from the future", json!({ "iat": now() + 300 })),
        ("old", json!({ "iat": now() - 3_600 })),
        ("at_hash", json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" })),
        ("sub", json!({ "sub": "" })),
        ("long sub", json!({ "sub": "a".repeat(300) })),
    ];
    for (what, claims) in claims {
        refused(&realm, what, &json!({ "token": { "claims": claims } }));
    }
    for missing in ["acr", "nonce", "aud", "iss", "exp", "iat", "sub"] {
        refused(&realm, missing, &json!({ "token": { "drop": [missing] } }));
    }
    assert_eq!(
        signed_in(&realm, &json!({})).0,
        303,
        "the right one still leads on"
    );
}

#[test]
fn a_token_without_a_signature_of_the_providers_keys_is_refused() {
    let realm = Realm::forged();
    let tokens = [
        (
            "no algorithm",
            json!({ "header": { "alg": "none", "kid": null }, "key": "none" }),
        ),
        (
            "no algorithm, with a key",
            json!({ "header": { "alg": "none" }, "key": "none" }),
        ),
        (
            "None",
            json!({ "header": { "alg": "None" }, "key": "none" }),
        ),
        ("no signature", json!({ "key": "none" })),
        (
            "HMAC with the public key",
            json!({ "header": { "alg": "HS256" }, "key": "public" }),
        ),
        (
            "HMAC without a kid",
            json!({ "header": { "alg": "HS256", "kid": null }, "key": "public" }),
        ),
        (
            "a key that is not published",
            json!({ "header": { "kid": "other" }, "key": "unknown" }),
        ),
        ("another key with a known kid", json!({ "key": "unknown" })),
        (
            "the key of another algorithm",
            json!({ "header": { "alg": "ES256" } }),
        ),
    ];
    for (what, token) in tokens {
        refused(&realm, what, &json!({ "token": token }));
    }
    // The other key of the provider is as good.
    let token = json!({ "header": { "alg": "ES256", "kid": "ES256" } });
    assert_eq!(signed_in(&realm, &json!({ "token": token })).0, 303);
}

#[test]
fn an_answer_that_belongs_to_another_provider_is_refused() {
    let realm = Realm::forged();
    let answer = |query: Value| json!({ "/authorize": { "query": query } });
    let other = json!({ "iss": "https://evil.example.org" });
    refused(&realm, "another issuer", &answer(other));
    // The provider says that its answers name it (RFC 9207).
    refused(&realm, "no issuer", &answer(json!({ "iss": null })));
    refused(&realm, "no code", &answer(json!({ "code": null })));
    refused(&realm, "no state", &answer(json!({ "state": null })));
    refused(
        &realm,
        "another state",
        &answer(json!({ "state": "other" })),
    );
}

#[test]
fn a_provider_that_answers_nonsense_is_not_there_and_nothing_of_it_is_shown() {
    let realm = Realm::forged();
    for (what, behaviour) in [
        (
            "no token",
            json!({ "/token": { "json": { "id_token": null } } }),
        ),
        (
            "an error",
            json!({ "/token": { "status": 400, "json": { "error": "<script>" } } }),
        ),
        ("a failure", json!({ "/token": { "status": 500 } })),
    ] {
        let (status, page) = signed_in(&realm, &behaviour);
        assert_eq!(status, 503, "{what}: {page}");
        assert!(!page.contains("<script>"), "{page}");
    }
}

#[test]
fn a_discovery_document_of_another_issuer_or_without_tls_is_refused() {
    for document in [
        json!({ "issuer": "https://evil.example.org" }),
        json!({ "token_endpoint": "http://evil.example.org/token" }),
        json!({ "jwks_uri": null }),
        json!({ "code_challenge_methods_supported": ["plain"] }),
    ] {
        let realm = Realm::forged();
        let behaviour = json!({ "/.well-known/openid-configuration": { "json": document } });
        realm.provider.control(&json!({ "behaviour": behaviour }));
        let mut kari = realm.person();
        kari.fill("/login", "/login/oidc/falsk", &[])
            .with_status(503);
        assert!(kari.cookies.is_empty());
    }
}

#[test]
fn an_unknown_key_is_looked_for_once_a_minute() {
    let realm = Realm::forged();
    assert_eq!(signed_in(&realm, &json!({})).0, 303);
    let unknown = json!({ "token": { "header": { "kid": "other" }, "key": "unknown" } });
    for _ in 0..5 {
        refused(&realm, "an unknown key", &unknown);
    }
    let requests = realm.provider.control(&json!({}));
    let looked = requests.as_array().unwrap().iter();
    let looked = looked.filter(|request| request["path"] == "/jwks").count();
    assert_eq!(looked, 1, "{requests}");
}

/// Sends a token that nobody signed to the address where providers end sessions. Returns the status.
fn send_forged(realm: &Realm, token: &str) -> u16 {
    let mut server = realm.person();
    server.origin = None;
    let path = "/login/oidc/falsk/backchannel-logout";
    server.post(path, &[("logout_token", token)]).status
}

/// Returns how often the provider was asked for a document.
fn asked_for(realm: &Realm, path: &str) -> usize {
    let requests = realm.provider.control(&json!({}));
    let all = requests.as_array().unwrap().iter();
    all.filter(|request| request["path"] == path).count()
}

/// A token with a key that the provider does not publish: `{"alg":"RS256","kid":"nope"}`.
const UNKNOWN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vcGUifQ.e30.AAAA";

#[test]
fn forged_tokens_make_nobody_ask_a_provider_that_fails_more_than_once_a_minute() {
    let realm = Realm::forged();
    realm.tell_the_time();
    let fails = json!({ "/jwks": { "status": 500 } });
    realm.provider.control(&json!({ "behaviour": fails }));
    // What is no token asks nobody.
    for token in [
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
    ] {
        assert_eq!(send_forged(&realm, token), 400, "{token}");
    }
    assert_eq!(asked_for(&realm, "/.well-known/openid-configuration"), 0);
    for _ in 0..10 {
        assert_eq!(send_forged(&realm, UNKNOWN), 503);
    }
    assert_eq!(asked_for(&realm, "/jwks"), 1);
    realm.provider.control(&json!({ "behaviour": {} }));
    assert_eq!(send_forged(&realm, UNKNOWN), 503);
    realm.app.wait(chrono::TimeDelta::seconds(61));
    assert_eq!(send_forged(&realm, UNKNOWN), 400);
    assert_eq!(asked_for(&realm, "/jwks"), 2);

    // The same holds for what the provider says about itself.
    let realm = Realm::forged();
    realm.tell_the_time();
    let fails = json!({ "/.well-known/openid-configuration": { "status": 500 } });
    realm.provider.control(&json!({ "behaviour": fails }));
    for _ in 0..10 {
        assert_eq!(send_forged(&realm, UNKNOWN), 503);
        realm
            .person()
            .fill("/login", "/login/oidc/falsk", &[])
            .with_status(503);
    }
    let asked = asked_for(&realm, "/.well-known/openid-configuration");
    assert_eq!(asked, 1);
}

#[test]
fn a_sign_in_with_a_known_key_does_not_wait_for_a_search_for_an_unknown_one() {
    let realm = Realm::forged();
    assert_eq!(signed_in(&realm, &json!({})).0, 303);
    let mut kari = realm.person();
    let url = realm.depart(&mut kari);
    let back = ProviderBrowser::new().sign_in(&url);
    let slow = json!({ "/jwks": { "delay": 3_000 } });
    realm.provider.control(&json!({ "behaviour": slow }));
    realm.app.wait(chrono::TimeDelta::minutes(2));
    std::thread::scope(|scope| {
        let forged: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| send_forged(&realm, UNKNOWN)))
            .collect();
        let start = std::time::Instant::now();
        while asked_for(&realm, "/jwks") < 2 {
            assert!(start.elapsed().as_secs() < 60, "nobody looks for the key");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        kari.get(back.as_str()).with_status(303);
        assert!(forged.iter().all(|it| !it.is_finished()), "nobody waited");
        for it in forged {
            assert_eq!(it.join().unwrap(), 400);
        }
    });
    assert_eq!(asked_for(&realm, "/jwks"), 2);
}
