//! Signing in with a passkey, and what is refused.

use std::collections::BTreeMap;

use serde_json::json;

use super::{KARI, app, person, refusal, signed_in};
use crate::support::TestServer;
use crate::support::authenticator::{
    Authenticator, Claims, Fields, VERIFIED, base64url, begin_sign_in, send, sign_in, token_of,
};
use crate::support::person::Person;
use crate::support::server::BASE;
use crate::support::smtp::SmtpServer;

/// Returns a browser with a challenge, and what an honest one claims.
fn asked(app: &TestServer, user: &[u8]) -> (Person, Claims) {
    let mut person = person(app);
    let asked = begin_sign_in(&mut person);
    let mut claims = Claims::new("webauthn.get", &asked, &person);
    claims.user = user.to_vec();
    (person, claims)
}

#[test]
fn both_algorithms_sign_in_and_lead_to_the_page_that_was_wanted() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let (es256, rs256) = (Authenticator::es256(), Authenticator::rs256(2048));
    for (authenticator, email) in [(&es256, KARI), (&rs256, "ola@example.org")] {
        let mut owner = signed_in(&app, &mails, email);
        let user = authenticator.add_to(&mut owner);
        for (next, led) in [("", "/organizer/"), ("/account", "/account")] {
            let (mut visitor, claims) = asked(&app, &user);
            let mut fields = authenticator.assertion(&claims);
            fields.push(("next", next.to_owned()));
            let answer = sign_in(&mut visitor, &fields).ok();
            assert_eq!(answer.json(), json!({ "next": led }));
            let page = visitor.get("/account").ok();
            assert!(page.text().contains(email), "{}", page.text());
            assert!(page.text().contains("sist brukt"), "{}", page.text());
            let cookies: Vec<_> = visitor.cookies.keys().collect();
            assert_eq!(cookies, ["session"], "the cookie of the challenge is gone");
        }
    }
}

#[test]
fn the_sessions_that_began_with_a_removed_passkey_end_and_no_others() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let (lost, kept) = (Authenticator::es256(), Authenticator::es256());
    let mut owner = signed_in(&app, &mails, KARI);
    let user = lost.add_to(&mut owner);
    kept.add_to(&mut owner);
    let [mut thief, mut laptop] = [&lost, &kept].map(|authenticator| {
        let (mut visitor, claims) = asked(&app, &user);
        sign_in(&mut visitor, &authenticator.assertion(&claims)).ok();
        visitor
    });
    assert!(thief.is_signed_in() && laptop.is_signed_in());
    let removed = [("passkey", base64url(&lost.id))];
    send(&mut owner, "/account", "/account/passkeys/remove", &removed).with_status(303);
    assert!(!thief.is_signed_in());
    assert!(owner.is_signed_in() && laptop.is_signed_in());
}

#[test]
fn a_replayed_assertion_is_refused_also_at_the_same_time() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let authenticator = Authenticator::es256();
    let user = authenticator.add_to(&mut signed_in(&app, &mails, KARI));
    let (mut first, claims) = asked(&app, &user);
    let fields = authenticator.assertion(&claims);
    let waiting = first.cookies.clone();
    sign_in(&mut first, &fields).ok();
    // In the same browser, whose cookie somebody kept, and in one with a challenge of its own.
    let (mut other, _) = asked(&app, &user);
    for cookies in [waiting, other.cookies.clone()] {
        other.cookies = cookies;
        let answer = sign_in(&mut other, &fields).with_status(403);
        assert!(refusal(&answer).contains("brukt før"), "{}", answer.text());
        assert!(!other.is_signed_in());
    }

    // Of eight at once, one is let in.
    let (mut waiting, claims) = asked(&app, &user);
    let fields = authenticator.assertion(&claims);
    let token = token_of(&mut waiting, "/login");
    let try_it = || {
        let mut copy = person(&app);
        copy.cookies = waiting.cookies.clone();
        let own = fields.iter().map(|(name, value)| (*name, value.as_str()));
        let all: Vec<_> = [("token", token.as_str())].into_iter().chain(own).collect();
        copy.post("/login/passkey", &all).status
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(try_it)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let let_in = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(let_in, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 403)),
        "{statuses:?}"
    );
}

/// Changes what a browser claims, before it is signed.
type Forgery = (&'static str, u16, fn(&mut Claims));

const FORGERIES: [Forgery; 15] = [
    ("another site", 403, |it| {
        it.client["origin"] = json!("https://evil.example.org")
    }),
    ("another port", 403, |it| {
        it.client["origin"] = json!("http://localhost:1")
    }),
    ("the host of the public address", 403, |it| {
        it.client["origin"] = json!(BASE)
    }),
    ("a frame", 403, |it| it.client["crossOrigin"] = json!(true)),
    ("a frame's page", 403, |it| {
        it.client["topOrigin"] = json!("https://evil.example.org")
    }),
    ("another challenge", 403, |it| {
        it.client["challenge"] = json!(base64url(&[7; 32]))
    }),
    ("an empty challenge", 403, |it| {
        it.client["challenge"] = json!("")
    }),
    ("a new passkey", 400, |it| {
        it.client["type"] = json!("webauthn.create")
    }),
    ("no type", 400, |it| {
        it.client.as_object_mut().unwrap().remove("type");
    }),
    ("another host", 403, |it| {
        it.host = "evil.example.org".to_owned()
    }),
    ("another account", 403, |it| {
        it.user = b"01890000-0000-7000-8000-000000000000".to_vec()
    }),
    ("no account", 403, |it| it.user = Vec::new()),
    ("nobody verified", 403, |it| it.flags = 1),
    ("nobody present", 403, |it| it.flags = 0b100),
    ("backed up without being able to", 403, |it| {
        it.flags = VERIFIED | 1 << 4
    }),
];

#[test]
fn an_assertion_for_another_page_host_account_or_challenge_is_refused() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let authenticator = Authenticator::es256();
    let user = authenticator.add_to(&mut signed_in(&app, &mails, KARI));
    // The outbox makes commits, too.
    let stored = || {
        let email = KARI.parse().unwrap();
        elverum_calendar::login::accounts::with_email(app.calendar(), &email).unwrap()
    };
    let before = stored();
    let refused = |what: &str, status: u16, fields: &Fields, mut visitor: Person| {
        let answer = sign_in(&mut visitor, fields);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert!(refusal(&answer).ends_with('.'), "{what}");
        assert!(!visitor.is_signed_in(), "{what}");
        assert_eq!(stored(), before, "{what}");
    };
    for (what, status, forge) in FORGERIES {
        let (visitor, mut claims) = asked(&app, &user);
        forge(&mut claims);
        refused(what, status, &authenticator.assertion(&claims), visitor);
    }
    // Changed after it was signed.
    for part in ["client_data", "authenticator_data", "signature"] {
        let (visitor, claims) = asked(&app, &user);
        let mut fields = authenticator.assertion(&claims);
        let mut other = claims.clone();
        other.client["extra"] = json!(1);
        other.count = 1;
        let forged: BTreeMap<_, _> = authenticator.assertion(&other).into_iter().collect();
        for (name, value) in &mut fields {
            if *name == part {
                value.clone_from(&forged[part]);
            }
        }
        refused(part, 403, &fields, visitor);
    }
    // Of another key, and of a passkey that no account has.
    let (visitor, claims) = asked(&app, &user);
    let mut stranger = Authenticator::es256();
    stranger.id.clone_from(&authenticator.id);
    refused("another key", 403, &stranger.assertion(&claims), visitor);
    let (visitor, claims) = asked(&app, &user);
    refused(
        "unknown",
        403,
        &Authenticator::es256().assertion(&claims),
        visitor,
    );
    // Without a challenge, and after five minutes.
    let (mut visitor, claims) = asked(&app, &user);
    visitor.cookies.clear();
    refused("no cookie", 403, &authenticator.assertion(&claims), visitor);
    let (visitor, claims) = asked(&app, &user);
    app.wait(chrono::TimeDelta::minutes(5));
    refused("too late", 403, &authenticator.assertion(&claims), visitor);

    let (mut visitor, claims) = asked(&app, &user);
    sign_in(&mut visitor, &authenticator.assertion(&claims)).ok();
    assert!(visitor.is_signed_in(), "and the honest one is let in");
}

#[test]
fn whatever_is_sent_is_answered_with_what_is_wrong() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let authenticator = Authenticator::es256();
    let user = authenticator.add_to(&mut signed_in(&app, &mails, KARI));
    let hostile = [
        "",
        "!",
        "AA==",
        "e30",
        "bnVsbA",
        "gA",
        &"A".repeat(20_000),
        "\u{0}å",
    ];
    for (name, _) in authenticator.assertion(&asked(&app, &user).1) {
        for text in hostile {
            let (mut visitor, claims) = asked(&app, &user);
            let mut fields = authenticator.assertion(&claims);
            for (field, value) in &mut fields {
                if *field == name {
                    text.clone_into(value);
                }
            }
            let answer = sign_in(&mut visitor, &fields);
            assert!(
                matches!(answer.status, 400 | 403),
                "{name} {text:.9}: {}",
                answer.status
            );
            assert!(refusal(&answer).ends_with('.'), "{name} {text:.9}");
        }
    }
    let (mut visitor, _) = asked(&app, &user);
    sign_in(&mut visitor, &[]).with_status(400);
    let large = [("signature", "A".repeat(600_000))];
    let (mut visitor, _) = asked(&app, &user);
    sign_in(&mut visitor, &large).with_status(413);
}

#[test]
fn a_counter_that_does_not_grow_tells_of_a_copy() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let authenticator = Authenticator::es256();
    let user = authenticator.add_to(&mut signed_in(&app, &mails, KARI));
    for (count, is_let_in) in [
        (0, true),
        (5, true),
        (6, true),
        (6, false),
        (3, false),
        (0, false),
        (7, true),
    ] {
        let (mut visitor, mut claims) = asked(&app, &user);
        claims.count = count;
        let answer = sign_in(&mut visitor, &authenticator.assertion(&claims));
        if is_let_in {
            answer.ok();
        } else {
            let text = refusal(&answer.with_status(403));
            assert!(text.contains("kopi"), "{count}: {text}");
        }
        assert_eq!(visitor.is_signed_in(), is_let_in, "{count}");
    }
}

#[test]
fn a_passkey_of_the_public_address_is_none_of_this_machine_and_the_other_way_round() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let host = BASE.trim_start_matches("https://");
    let far = |last: u8| {
        let address = format!("203.0.113.{last}");
        Person::behind_proxy(app.address().as_str(), host, &address)
    };
    let mut kari = far(1);
    kari.sign_in(&mails, KARI);
    let authenticator = Authenticator::es256();
    let user = authenticator.add_to(&mut kari);
    let try_it = |mut visitor: Person, host: Option<&str>| {
        let asked = begin_sign_in(&mut visitor);
        let mut claims = Claims::new("webauthn.get", &asked, &visitor);
        claims.user.clone_from(&user);
        claims.host = host.unwrap_or(&claims.host).to_owned();
        sign_in(&mut visitor, &authenticator.assertion(&claims)).status
    };
    assert_eq!(try_it(far(2), None), 200);
    assert_eq!(try_it(far(2), Some("localhost")), 403);
    assert_eq!(try_it(person(&app), Some(host)), 403);
    // At an IP address there is no button, and the reason is told.
    let mut near = Person::new(app.address().as_str());
    assert!(!near.get("/login").ok().text().contains("data-passkey"));
    let answer = send(&mut near, "/login", "/login/passkey/challenge", &[]).with_status(403);
    assert!(refusal(&answer).contains("https"), "{}", answer.text());
}

#[test]
fn clients_that_try_passkeys_too_often_are_slowed_down() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let host = BASE.trim_start_matches("https://");
    let mut visitor = Person::behind_proxy(app.address().as_str(), host, "203.0.113.9");
    let token = token_of(&mut visitor, "/login");
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for _ in 0..120 {
        let answer = visitor.post("/login/passkey/challenge", &[("token", &token)]);
        *statuses.entry(answer.status).or_default() += 1;
    }
    assert_eq!(statuses, BTreeMap::from([(200, 100), (429, 20)]));
    let answer = visitor
        .post("/login/passkey", &[("token", &token)])
        .with_status(429);
    assert!(answer.header("Retry-After").parse::<u32>().unwrap() > 0);
    let mut other = Person::behind_proxy(app.address().as_str(), host, "203.0.113.10");
    begin_sign_in(&mut other);
}
