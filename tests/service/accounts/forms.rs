//! Every form is sent from a page of this site, with the token of its page.

use crate::support::TestServer;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";

/// Path of a form, the page that has it, and what else the form says.
type Form = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const FORMS: &[Form] = &[
    ("/login", "/login", &[("email", "ola@example.org")]),
    ("/login/code", "/login/code", &[("code", "00000000")]),
    ("/login/invitation", "", &[("email", "ola@example.org")]),
    ("/account", "/account", &[("name", "Ola")]),
    ("/account/sessions", "/account", &[("session", "others")]),
    ("/account/delete", "/account/delete", &[("email", KARI)]),
    ("/logout", "/account", &[]),
    ("/login/passkey/challenge", "/login", &[]),
    ("/login/passkey", "/login", &[("id", "AAAA")]),
    ("/account/passkeys/challenge", "/account", &[]),
    ("/account/passkeys", "/account", &[("id", "AAAA")]),
    ("/account/passkeys/name", "/account", &[("passkey", "AAAA")]),
    (
        "/account/passkeys/remove",
        "/account",
        &[("passkey", "AAAA")],
    ),
    ("/account/passkeys/decline", "/account", &[]),
    ("/account/confirm", "/account", &[]),
    ("/suggest", "/suggest", &[("email", "ola@example.org")]),
    (
        "/report",
        "/report?event=konsert",
        &[("email", "ola@example.org")],
    ),
    ("/confirm", "", &[("link", "wrong")]),
    ("/login/oidc/<id>", "/login", &[]),
    ("/login/link", "", &[("email", "ola@example.org")]),
    ("/account/logins", "/account", &[("remove", "0")]),
];

#[test]
fn every_form_of_a_signed_in_person_is_in_the_table() {
    let app = TestServer::builder().with_empty_region().start();
    let posts = app
        .routes()
        .iter()
        .filter_map(|route| route.strip_prefix("POST "));
    // Programs, and forms of visitors.
    let others = [
        "/nn/",
        "/en/",
        "/api/",
        "/subscribe",
        "/websub",
        "/organizer",
        "/editor",
    ];
    let is_own = |path: &&str| {
        let is_other = others.iter().any(|other| path.starts_with(other));
        !is_other && !path.ends_with("/backchannel-logout")
    };
    let mut posts: Vec<&str> = posts.filter(is_own).collect();
    let mut known: Vec<&str> = FORMS.iter().map(|(path, _, _)| *path).collect();
    posts.sort_unstable();
    known.sort_unstable();
    assert_eq!(posts, known);
}

#[test]
fn a_form_without_its_token_or_from_elsewhere_is_refused_and_changes_nothing() {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    crate::support::event("Konsert")
        .on("2027-06-01T18:00")
        .save(&app);
    let mut kari = Person::new(app.address().as_str());
    kari.sign_in(&mails, KARI);
    let cookies = kari.cookies.clone();
    // A browser that waits for a code, too.
    let mut waiting = Person::new(app.address().as_str());
    waiting.ask_for_code("ola@example.org");
    kari.cookies.extend(waiting.cookies);
    let _ = mails.wait_for("ola@example.org", 1);
    let before = (app.commit_number(), mails.all().len());
    let own = kari.origin.clone();
    for &(path, page, more) in FORMS {
        let token = match path {
            // For these, a token alone is not enough: the page of `/login` leads a signed-in person on.
            "/login"
            | "/login/invitation"
            | "/confirm"
            | "/login/passkey"
            | "/login/passkey/challenge"
            | "/login/link"
            | "/login/oidc/<id>" => {
                let mut visitor = Person::new(app.address().as_str());
                hidden_fields(visitor.get("/login").ok().text(), "/login")[0]
                    .1
                    .clone()
            }
            _ => hidden_fields(kari.get(page).ok().text(), page.split('?').next().unwrap())[0]
                .1
                .clone(),
        };
        let other = "0".repeat(64);
        for wrong in [None, Some(""), Some(other.as_str()), Some("1.aa")] {
            let sent = wrong.map(|wrong| ("token", wrong));
            let fields: Vec<_> = sent.into_iter().chain(more.iter().copied()).collect();
            let refused = kari.post(path, &fields);
            assert_eq!(refused.status, 403, "{path} with the token {wrong:?}");
        }
        let token = [("token", token.as_str())].into_iter();
        let right: Vec<_> = token.chain(more.iter().copied()).collect();
        for origin in [
            None,
            Some("null"),
            Some("https://evil.example.org"),
            Some("http://127.0.0.1"),
        ] {
            kari.origin = origin.map(str::to_owned);
            let refused = kari.post(path, &right);
            assert_eq!(refused.status, 403, "{path} from {origin:?}");
        }
        kari.origin.clone_from(&own);
    }
    assert_eq!((app.commit_number(), mails.all().len()), before);
    kari.cookies = cookies;
    assert!(kari.is_signed_in());
    assert!(!kari.get("/account").ok().text().contains("value=\"Ola\""));
}

#[test]
fn a_form_of_a_person_who_is_not_signed_in_is_refused() {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    let mut visitor = Person::new(app.address().as_str());
    for path in [
        "/account",
        "/account/sessions",
        "/account/passkeys",
        "/account/passkeys/challenge",
        "/account/passkeys/name",
        "/account/passkeys/remove",
        "/account/passkeys/decline",
        "/account/confirm",
        "/account/delete",
        "/logout",
    ] {
        let refused = visitor.post(path, &[("token", "")]).with_status(403);
        assert!(
            refused.text().contains("Du er ikke logget inn"),
            "{}",
            refused.text()
        );
    }
}
