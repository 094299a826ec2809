//! A form that arrives after the end of its session is kept, and where signing in leads.

use calendar_domain::{Account, EditorScope, Lang, Submission};
use calendar_store::records;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::TestServer;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const FORM: &str = "/organizer/events/new";

fn person(app: &TestServer) -> Person {
    Person::new(app.address().as_str())
}

/// Signs in with the code; returns where that leads.
#[track_caller]
fn sign_in_at(person: &mut Person, mails: &SmtpServer, page: &str, email: &str) -> String {
    let before = mails.all().iter().filter(|mail| mail.to == email).count();
    person
        .fill(page, "/login", &[("email", email)])
        .with_status(303);
    let code = mails.next_to(email, before).code();
    let answer = person.type_code(&code).with_status(303);
    answer.header("Location").to_owned()
}

#[test]
fn what_was_typed_in_an_expired_session_is_there_after_signing_in_again() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut kari = person(&app);
    kari.sign_in(&mails, KARI);
    let new = "/organizer/organisations/new";
    kari.fill(new, new, &[("name", "Skogslaget")])
        .with_status(303);
    let opened = kari.get(FORM).ok();
    let hidden = hidden_fields(opened.text(), FORM);
    let own = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let typed = [
        ("title", "Åpen kveld <b>"),
        ("summary", "Første linje\nandre linje"),
    ];
    let fields: Vec<_> = own.chain(typed).collect();
    app.wait(TimeDelta::days(15));
    assert!(!kari.is_signed_in(), "the session has ended");
    let led = kari.post(FORM, &fields).with_status(303);
    let login = led.header("Location").to_owned();
    assert_eq!(login, "/login?next=%2Flogin%2Fform");
    assert!(
        records::every::<Submission>(&**app.calendar())
            .unwrap()
            .is_empty()
    );

    let mut stranger = person(&app);
    stranger.sign_in(&mails, "ola@example.org");
    stranger.get("/login/form").with_status(303);

    let next = sign_in_at(&mut kari, &mails, &login, KARI);
    assert_eq!(next, "/login/form");
    let page = kari.get(&next).ok();
    assert!(
        page.text().contains("Åpen kveld &#60;b&#62;"),
        "{}",
        page.text()
    );
    let saved = kari.fill(&next, FORM, &[]).with_status(303);
    let form = saved.header("Location").to_owned();
    let form = kari.get(&form);
    let sent = records::every::<Submission>(&**app.calendar()).unwrap();
    let [(draft, _)] = &sent[..] else {
        panic!("{sent:?} after {}", form.path);
    };
    let edit = format!("/organizer/events/{}/edit", draft.id);
    let form = kari.get(&edit).ok();
    for text in ["Åpen kveld &#60;b&#62;", "Første linje", "andre linje"] {
        assert!(form.text().contains(text), "{text}: {}", form.text());
    }
}

#[test]
fn a_form_without_a_session_or_with_the_token_of_another_is_refused_and_not_kept() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut visitor = person(&app);
    visitor
        .post(FORM, &[("token", "x"), ("title", "A")])
        .with_status(403);
    let mut kari = person(&app);
    kari.sign_in(&mails, KARI);
    app.wait(TimeDelta::days(15));
    kari.post(FORM, &[("token", "x"), ("title", "A")])
        .with_status(403);
    kari.origin = Some("https://evil.example.org".to_owned());
    kari.post(FORM, &[("token", "x"), ("title", "A")])
        .with_status(403);
    kari.origin = Some(app.address().as_str().trim_end_matches('/').to_owned());
    kari.sign_in(&mails, KARI);
    let none = kari.get("/login/form").with_status(303);
    assert_eq!(none.header("Location"), "/organizer/");
}

#[test]
fn signing_in_leads_to_the_own_events_or_to_what_waits_for_an_editor() {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    let editor = "redaktor@example.org";
    let (id, email) = (Uuid::from_u128(1).into(), editor.parse().unwrap());
    let mut account = Account::new(id, email, Lang::Nb, app.now());
    account.editor = Some(EditorScope::All);
    app.commit(vec![account.into()]);
    let mut kari = person(&app);
    assert_eq!(sign_in_at(&mut kari, &mails, "/login", KARI), "/organizer/");
    let mut one = person(&app);
    assert_eq!(sign_in_at(&mut one, &mails, "/login", editor), "/editor/");
    let new = "/organizer/organisations/new";
    one.fill(new, new, &[("name", "Redaksjonslaget")])
        .with_status(303);
    let mut two = person(&app);
    assert_eq!(
        sign_in_at(&mut two, &mails, "/login", editor),
        "/organizer/"
    );
}

#[test]
fn public_pages_lead_to_signing_in_without_a_cookie_and_pages_with_one_say_so() {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    let mut visitor = person(&app);
    for (page, login, text) in [
        ("/", "/login", "Vi bruker ikke informasjonskapsler"),
        ("/en/about", "/en/login", "No cookies"),
    ] {
        let page = visitor.get(page).ok();
        assert!(
            page.text().contains(&format!("href=\"{login}\"")),
            "{}",
            page.text()
        );
        assert!(page.text().contains(text), "{}", page.text());
    }
    assert!(visitor.cookies.is_empty());
    let signs_in = |page: &str| {
        assert!(!page.contains("ikke informasjonskapsler"), "{page}");
        assert!(
            page.contains("Innloggingen bruker én informasjonskapsel."),
            "{page}"
        );
    };
    signs_in(visitor.get("/login").ok().text());
    visitor.sign_in(&mails, KARI);
    for page in ["/account", "/organizer/"] {
        signs_in(visitor.get(page).ok().text());
    }
    let again = visitor.get("/login").with_status(303);
    assert_eq!(again.header("Location"), "/organizer/");
}

#[test]
fn a_form_is_never_handed_to_another_person_on_the_same_browser() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut kari = person(&app);
    kari.sign_in(&mails, KARI);
    let new = "/organizer/organisations/new";
    kari.fill(new, new, &[("name", "Skogslaget")])
        .with_status(303);
    let opened = kari.get(FORM).ok();
    let hidden = hidden_fields(opened.text(), FORM);
    let own = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let typed = [("title", "Åpen kveld"), ("contact_telephone", "99999999")];
    let fields: Vec<_> = own.chain(typed).collect();
    app.wait(TimeDelta::days(15));
    let led = kari.post(FORM, &fields).with_status(303);
    let login = led.header("Location").to_owned();
    // Somebody else signs in on her browser.
    let next = sign_in_at(&mut kari, &mails, &login, "ola@example.org");
    let page = kari.get(&next);
    assert!(!page.text().contains("99999999"), "{}", page.text());
    assert!(!page.text().contains("Åpen kveld"), "{}", page.text());
}
