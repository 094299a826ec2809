//! Signing in by a code from a mail, and sessions.

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::TestServer;
use crate::support::person::{Person, hidden_fields};
use crate::support::server::BASE;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";

fn app(mails: &SmtpServer) -> TestServer {
    TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start()
}

fn person(app: &TestServer) -> Person {
    Person::new(app.address().as_str())
}

/// Returns a person at an address of the internet.
fn far(app: &TestServer, last: u8) -> Person {
    let host = BASE.trim_start_matches("https://");
    Person::behind_proxy(app.address().as_str(), host, &format!("203.0.113.{last}"))
}

/// Returns a code that is not the right one.
fn wrong(code: &str) -> String {
    let first = if code.starts_with('0') { '1' } else { '0' };
    format!("{first}{}", &code[1..])
}

#[test]
fn a_person_signs_in_with_the_code_from_the_mail_and_out_again() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = person(&app);
    let page = kari.get("/login").ok();
    assert!(kari.cookies.is_empty(), "a visitor gets no cookie");
    assert_eq!(page.header("Cache-Control"), "no-store");
    let policy = page.header("Content-Security-Policy");
    assert!(policy.contains("script-src 'self'"), "{policy}");
    kari.ask_for_code("Kari@EXAMPLE.org");
    let mail = mails.next_to("Kari@example.org", 0);
    assert_eq!(mail.auto_submitted, "auto-generated");
    assert!(
        mail.text.lines().next().unwrap().len() == 8,
        "the code comes first"
    );
    assert!(mail.html.contains(&mail.code()), "{}", mail.html);
    let code = mail.code();
    let typed = format!("{} {}", &code[..4], &code[4..]);
    let answer = kari.type_code(&typed).with_status(303);
    let set = answer.headers.get_all("Set-Cookie").iter();
    let set: Vec<&str> = set.map(|set| set.to_str().unwrap()).collect();
    let session = set.iter().find(|set| set.starts_with("session=")).unwrap();
    assert!(
        session.contains("HttpOnly") && session.contains("SameSite=Lax"),
        "{session}"
    );
    let account = kari.get("/account").ok();
    assert!(account.text().contains("Kari@example.org"));
    assert_eq!(account.header("Cache-Control"), "no-store");
    kari.fill("/account", "/logout", &[]).with_status(303);
    let led = kari.get("/account").with_status(303);
    assert_eq!(led.header("Location"), "/login?next=%2Faccount");
}

#[test]
fn on_https_the_cookies_are_bound_to_the_host_and_in_english_the_pages_are_english() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = far(&app, 7);
    let answer = kari
        .fill("/en/login", "/en/login", &[("email", KARI)])
        .with_status(303);
    let set = answer.header("Set-Cookie");
    assert!(set.starts_with("__Host-sign-in="), "{set}");
    assert!(set.contains("; Secure") && set.contains("Path=/") && !set.contains("Domain"));
    let mail = mails.next_to(KARI, 0);
    assert!(mail.subject.contains("is your code"), "{}", mail.subject);
    let link = &mail.links()[0];
    assert!(
        link.starts_with(&format!("{BASE}/en/login/code?")),
        "{link}"
    );
    let code = mail.code();
    let page = kari.get("/en/login/code").ok();
    assert_eq!(page.header("Strict-Transport-Security"), "max-age=31536000");
    let answer = kari.fill("/en/login/code", "/en/login/code", &[("code", &code)]);
    let set = answer.with_status(303);
    let session = set.headers.get_all("Set-Cookie").iter();
    assert!(session.into_iter().any(|session| {
        let session = session.to_str().unwrap();
        session.starts_with("__Host-session=") && session.contains("; Secure")
    }));
    assert!(kari.is_signed_in());
}

#[test]
fn the_link_signs_in_with_one_tap_in_the_browser_that_asked_and_shows_the_code_elsewhere() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let (mut phone, mut laptop) = (person(&app), person(&app));
    phone.ask_for_code(KARI);
    let mail = mails.next_to(KARI, 0);
    let link = mail.links().remove(0);
    let elsewhere = laptop.get(&link).ok();
    assert!(elsewhere.text().contains(&mail.code()), "the code to type");
    assert!(laptop.cookies.is_empty() && !laptop.is_signed_in());
    let here = phone.get(&link).ok();
    assert!(!phone.is_signed_in(), "opening the link changes nothing");
    let hidden = hidden_fields(here.text(), "/login/code");
    let hidden: Vec<_> = hidden
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    // The form of the page, sent by another browser.
    laptop.post("/login/code", &hidden).with_status(403);
    assert!(!laptop.is_signed_in());
    phone.post("/login/code", &hidden).with_status(303);
    assert!(phone.is_signed_in() && !laptop.is_signed_in());
}

#[test]
fn a_scanner_that_opens_every_link_of_a_mail_changes_nothing() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = person(&app);
    kari.ask_for_code(KARI);
    let mail = mails.next_to(KARI, 0);
    let before = app.commit_number();
    for link in mail.links() {
        for _ in 0..3 {
            let mut scanner = person(&app);
            let path = link.trim_start_matches(app.address().as_str().trim_end_matches('/'));
            if path.starts_with("/login") {
                scanner.get(path).ok();
            }
            let head = app.ask(Method::HEAD, "/login/code", &[]);
            assert!(head.try_header("Set-Cookie").is_none());
            assert!(scanner.cookies.is_empty());
        }
    }
    assert_eq!(app.commit_number(), before);
    kari.type_code(&mail.code()).with_status(303);
    assert!(kari.is_signed_in());
}

#[test]
fn a_code_works_once() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = person(&app);
    kari.ask_for_code(KARI);
    let waiting = kari.cookies.clone();
    let page = kari.get("/login/code").ok();
    let hidden = hidden_fields(page.text(), "/login/code");
    let code = mails.next_to(KARI, 0).code();
    kari.type_code(&code).with_status(303);
    let mut again = person(&app);
    again.cookies = waiting;
    again
        .post("/login/code", &[("token", &hidden[0].1), ("code", &code)])
        .with_status(403);
    assert!(!again.is_signed_in());
}

#[test]
fn a_code_ends_after_fifteen_minutes() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let (mut early, mut late) = (person(&app), person(&app));
    early.ask_for_code(KARI);
    late.ask_for_code("late@example.org");
    let page = late.get("/login/code").ok();
    let hidden = hidden_fields(page.text(), "/login/code");
    app.wait(TimeDelta::minutes(15) - TimeDelta::seconds(1));
    early
        .type_code(&mails.next_to(KARI, 0).code())
        .with_status(303);
    app.wait(TimeDelta::seconds(1));
    let code = mails.next_to("late@example.org", 0).code();
    let fields = [("token", hidden[0].1.as_str()), ("code", code.as_str())];
    late.post("/login/code", &fields).with_status(403);
    assert!(!late.is_signed_in());
}

#[test]
fn a_thousand_wrong_codes_get_nowhere_and_lock_nobody_out() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut attacker = far(&app, 66);
    let (mut tried, mut slowed) = (0, 0);
    while tried < 1_000 {
        let asked = attacker.get("/login").ok();
        let hidden = hidden_fields(asked.text(), "/login");
        let fields = [("token", hidden[0].1.as_str()), ("email", KARI)];
        let asked = attacker.post("/login", &fields);
        if asked.status == 429 {
            slowed += 1;
        }
        let page = attacker.get("/login/code");
        let token = match page.text().contains("name=\"code\"") {
            true => hidden_fields(page.text(), "/login/code")[0].1.clone(),
            false => String::new(),
        };
        for n in 0..10 {
            let code = format!("{:08}", tried * 7 + n);
            let fields = [("token", token.as_str()), ("code", code.as_str())];
            let answer = attacker.post("/login/code", &fields);
            assert_ne!(answer.status, 303, "{code}");
            tried += 1;
        }
    }
    assert!(slowed > 50, "slowed down {slowed} times");
    assert!(!attacker.is_signed_in());
    assert!(mails.all().len() <= 6, "{} mails", mails.all().len());
    // The owner, elsewhere, at the same moment.
    let mut kari = far(&app, 7);
    let before = mails.all().len();
    kari.ask_for_code(KARI);
    kari.type_code(&mails.next_to(KARI, before).code())
        .with_status(303);
    assert!(kari.is_signed_in());
}

#[test]
fn the_fifth_wrong_code_ends_the_request_of_that_browser_alone() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let (mut kari, mut other) = (person(&app), person(&app));
    kari.ask_for_code(KARI);
    let first = mails.next_to(KARI, 0).code();
    other.ask_for_code(KARI);
    let second = mails.next_to(KARI, 1).code();
    // A code is of no use in another browser than the one that asked for it.
    let refused = other.type_code(&first).with_status(422);
    assert!(
        refused.text().contains("<title>Feil: "),
        "{}",
        refused.text()
    );
    for left in [3, 2] {
        let page = other.type_code(&wrong(&second)).with_status(422);
        assert!(
            page.text().contains(&format!("{left} forsøk")),
            "{}",
            page.text()
        );
    }
    other.type_code(&wrong(&second)).with_status(422);
    other.type_code(&wrong(&second)).with_status(403);
    assert!(
        other
            .get("/login/code")
            .ok()
            .text()
            .contains("gjelder ikke lenger")
    );
    kari.type_code(&first).with_status(303);
    assert!(kari.is_signed_in());
}

#[test]
fn known_and_unknown_addresses_get_the_same_answer() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    person(&app).sign_in(&mails, KARI);
    let answer = |email: &str| {
        let mut person = person(&app);
        let first = person.fill("/login", "/login", &[("email", email)]);
        let page = person.get("/login/code").ok();
        let token = &hidden_fields(page.text(), "/login/code")[0].1;
        let page = page.text().replace(email, "").replace(token.as_str(), "");
        let headers: Vec<String> = first.headers.keys().map(ToString::to_string).collect();
        (first.status, first.body, headers, page)
    };
    assert_eq!(answer(KARI), answer("nobody@example.net"));
}

#[test]
fn sessions_are_listed_and_end_one_by_one_or_all_but_this() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let (mut one, mut two, mut three) = (person(&app), person(&app), person(&app));
    let mut stranger = person(&app);
    for person in [&mut one, &mut two, &mut three] {
        person.sign_in(&mails, KARI);
    }
    stranger.sign_in(&mails, "ola@example.org");
    let before = one.cookies.clone();
    let page = one.get("/account").ok();
    let listed = |page: &str| page.matches("name=\"session\" value=\"").count();
    // One for each of the two others, and one for all others.
    assert_eq!(listed(page.text()), 3, "{}", page.text());
    assert_eq!(listed(stranger.get("/account").ok().text()), 0);
    let start = page.text().find("name=\"session\" value=\"").unwrap();
    let id: String = page.text()[start + 22..].chars().take(16).collect();
    // Somebody else's session is not theirs to end.
    stranger.fill("/account", "/logout", &[]).with_status(303);
    stranger.sign_in(&mails, "ola@example.org");
    let token = hidden_fields(stranger.get("/account").ok().text(), "/account")[0]
        .1
        .clone();
    let fields = [("token", token.as_str()), ("session", id.as_str())];
    stranger.post("/account/sessions", &fields).with_status(303);
    assert!(two.is_signed_in() && three.is_signed_in());
    one.fill("/account", "/account/sessions", &[("session", &id)])
        .with_status(303);
    assert!(two.is_signed_in() != three.is_signed_in());
    one.fill("/account", "/account/sessions", &[("session", "others")])
        .with_status(303);
    assert!(one.is_signed_in() && !two.is_signed_in() && !three.is_signed_in());
    // Signing in anew ends the session before it.
    let visitor = person(&app).get("/login").ok();
    let token = &hidden_fields(visitor.text(), "/login")[0].1;
    let sent = mails.wait_for(KARI, 3).len();
    let asked = one.post("/login", &[("token", token), ("email", KARI)]);
    assert_eq!(asked.status, 303);
    one.type_code(&mails.next_to(KARI, sent).code())
        .with_status(303);
    assert_ne!(one.cookies, before);
    let mut old = person(&app);
    old.cookies = before;
    assert!(!old.is_signed_in());
}

#[test]
fn a_session_outlives_a_restart_and_ends_when_it_is_not_used() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    let mut kari = person(&app);
    kari.sign_in(&mails, KARI);
    let cookies = kari.cookies.clone();
    app.restart();
    let mut kari = person(&app);
    kari.cookies = cookies;
    assert!(kari.is_signed_in());
    for _ in 0..6 {
        app.wait(TimeDelta::days(13));
        assert!(kari.is_signed_in(), "used every now and then");
    }
    app.wait(TimeDelta::days(13));
    assert!(!kari.is_signed_in(), "no session is longer than 90 days");
    kari.sign_in(&mails, KARI);
    app.wait(TimeDelta::days(14));
    assert!(!kari.is_signed_in());
}

#[test]
fn after_signing_in_a_person_is_led_back_to_a_page_of_this_site() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    for (n, (next, expected)) in [
        ("/account", "/account"),
        ("/en/account?x=1", "/en/account?x=1"),
        ("//evil.example.org/", "/evil.example.org"),
        ("/\\evil.example.org", "/organizer/"),
        ("https://evil.example.org/", "/organizer/"),
        ("/a\r\nSet-Cookie: a=b", "/organizer/"),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("next{n}@example.org");
        let mut kari = person(&app);
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = format!("/login?next={query}");
        kari.fill(&page, "/login", &[("email", &email)])
            .with_status(303);
        let code = mails.next_to(&email, 0).code();
        let answer = kari.type_code(&code).with_status(303);
        assert_eq!(answer.header("Location"), expected, "{next:?}");
    }
}

#[test]
fn a_mistyped_address_is_pointed_out_and_stays_in_its_field() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = person(&app);
    let typed = "kari@exam ple\"><script>";
    let page = kari
        .fill("/login", "/login", &[("email", typed)])
        .with_status(422);
    let text = page.text();
    assert!(text.contains("<title>Feil: Logg inn"), "{text}");
    assert!(text.contains("aria-invalid=\"true\"") && text.contains("href=\"#email\""));
    assert!(
        !text.contains("<script>") && text.contains("kari@exam ple&"),
        "{text}"
    );
    assert!(kari.cookies.is_empty() && mails.all().is_empty());
}

#[test]
fn without_a_mail_server_the_page_explains_it() {
    let app = TestServer::builder().with_empty_region().start();
    let mut kari = person(&app);
    let page = kari.get("/login").with_status(503);
    assert!(
        page.text().contains("kan ikke sende e-post"),
        "{}",
        page.text()
    );
    assert!(!page.text().contains("name=\"email\""));
}

#[test]
fn over_plain_http_from_elsewhere_nobody_signs_in_and_the_page_says_why() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let address = app.address().as_str();
    let mut stranger = Person::behind_proxy(address, "kalender.example.com", "203.0.113.7");
    for path in ["/login", "/login/code", "/account"] {
        let page = stranger.get(path).with_status(403);
        assert!(
            page.text().contains("kryptert forbindelse"),
            "{}",
            page.text()
        );
    }
    stranger.post("/login", &[("email", KARI)]).with_status(403);
    assert!(stranger.cookies.is_empty() && mails.all().is_empty());
}
