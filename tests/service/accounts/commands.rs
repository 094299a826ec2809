//! `account` on the command line, and the link for the first editor.

use std::io::Read as _;

use crate::support::Program;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";

fn with_mail(mails: &SmtpServer) -> Program {
    let program = Program::new();
    let settings = format!(
        "[default.calendar.mail]\nsmtp = \"{}\"\nfrom = \"kalender@example.no\"\n",
        mails.url()
    );
    program.write("Rocket.toml", settings);
    program
}

/// Returns the path of the first link for an invitation in a text.
#[track_caller]
fn invitation(text: &str) -> String {
    let start = text.find("/login/invitation?token=");
    let start = start.unwrap_or_else(|| panic!("no invitation in {text}"));
    text[start..].split_whitespace().next().unwrap().to_owned()
}

#[test]
fn the_first_start_prints_a_link_that_makes_one_editor_once() {
    let mails = SmtpServer::start();
    let program = with_mail(&mails);
    let serving = program.serve(&[]);
    let address = serving.address.clone();
    let (_, said) = serving.stop();
    let path = invitation(&said);
    let serving = program.serve(&["--port", address.rsplit(':').next().unwrap()]);
    let mut kari = Person::new(&serving.address);
    for _ in 0..3 {
        // A scanner opens it, too.
        Person::new(&serving.address).get(&path).ok();
    }
    let action = "/login/invitation";
    let answer = kari
        .fill(&path, action, &[("email", KARI)])
        .with_status(303);
    assert_eq!(answer.header("Location"), "/login/code");
    let code = mails.next_to(KARI, 0).code();
    kari.type_code(&code).with_status(303);
    let page = kari.get("/account").ok();
    assert!(page.text().contains("redaktør for alle"), "{}", page.text());
    let mut late = Person::new(&serving.address);
    late.get(&path).with_status(403);
    let all = program.run(&["--json", "account", "list"]).ok().json();
    assert_eq!(all["items"][0]["email"], KARI);
    assert_eq!(all["items"][0]["role"], "editor");
    let (_, said) = serving.stop();
    assert!(!said.contains("/login/invitation"), "{said}");
}

#[test]
fn of_two_who_use_a_link_at_once_one_becomes_an_editor() {
    let mails = SmtpServer::start();
    let program = with_mail(&mails);
    program.run(&["seed"]).ok();
    let serving = program.serve(&[]);
    let said = program.run(&["account", "invite", "--editor"]).ok().out;
    assert!(
        said.contains(&format!("{}/login/invitation", serving.address)),
        "{said}"
    );
    let path = invitation(&said);
    let (mut one, mut two) = (Person::new(&serving.address), Person::new(&serving.address));
    for (person, email) in [(&mut one, KARI), (&mut two, "ola@example.org")] {
        person
            .fill(&path, "/login/invitation", &[("email", email)])
            .with_status(303);
    }
    one.type_code(&mails.next_to(KARI, 0).code())
        .with_status(303);
    two.type_code(&mails.next_to("ola@example.org", 0).code())
        .with_status(303);
    let all = program.run(&["account", "list"]).ok().out;
    assert!(all.contains("kari@example.org  editor"), "{all}");
    assert!(all.contains("ola@example.org  organizer"), "{all}");
}

#[test]
fn where_no_mail_can_be_sent_a_link_signs_in_by_itself() {
    let program = Program::new().with_environment([("ROCKET_PROFILE", "release".to_owned())]);
    program.run(&["seed"]).ok();
    let serving = program.serve(&[]);
    let said = program.run(&["account", "invite", "--editor", "--municipality", "3420"]);
    let path = invitation(&said.ok().out);
    let mut kari = Person::new(&serving.address);
    let page = kari.get(&path).ok();
    assert!(
        page.text().contains("kan ikke sende e-post"),
        "{}",
        page.text()
    );
    let hidden = hidden_fields(page.text(), "/login/invitation");
    let mut fields: Vec<_> = hidden
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    fields.push(("email", KARI));
    kari.post("/login/invitation", &fields).with_status(303);
    let page = kari.get("/account").ok();
    assert!(
        page.text().contains("redaktør for arrangementer i Elverum"),
        "{}",
        page.text()
    );
    let mut other = Person::new(&serving.address);
    other.post("/login/invitation", &fields).with_status(403);
}

#[test]
fn roles_change_and_accounts_go_beside_the_running_server() {
    let mails = SmtpServer::start();
    let program = with_mail(&mails);
    let serving = program.serve(&[]);
    let mut kari = Person::new(&serving.address);
    let arguments = ["account", "invite", KARI, "--editor", "--language", "en"];
    program.run(&arguments).ok();
    let mail = mails.next_to(KARI, 0);
    assert_eq!(
        mail.subject,
        "You have been given access: the editors’ pages"
    );
    assert!(
        mail.links().iter().any(|link| link.ends_with("/login")),
        "{}",
        mail.text
    );
    kari.sign_in(&mails, KARI);
    let is_editor = |person: &mut Person| {
        let page = person.get("/account").ok();
        page.text().contains("Du er redaktør")
    };
    assert!(is_editor(&mut kari));
    program.run(&["account", "role", KARI, "organizer"]).ok();
    assert!(!is_editor(&mut kari));
    let wrong = ["account", "role", KARI, "editor", "--municipality", "9999"];
    assert!(
        program
            .run(&wrong)
            .with_code(3)
            .err
            .contains("3420 Elverum")
    );
    program
        .run(&["account", "role", "KARI@example.org", "editor"])
        .ok();
    assert!(is_editor(&mut kari));
    program.run(&["account", "remove", KARI]).ok();
    assert!(!kari.is_signed_in());
    let gone = program.run(&["account", "remove", KARI]).with_code(3);
    assert!(gone.err.contains("no account"), "{}", gone.err);
    program.run(&["account", "invite"]).with_code(2);
    program
        .run(&["account", "invite", "no address"])
        .with_code(2);
}

#[test]
fn the_password_of_the_mail_server_is_needed_and_never_shown() {
    let program = Program::new();
    let settings = "[default.calendar.mail]\nsmtp = \"smtps://kalender@smtp.example.no\"\nfrom = \"a@example.no\"\n";
    program.write("Rocket.toml", settings);
    let check = program.run(&["serve", "--check"]).with_code(3);
    assert!(
        check.err.contains("CALENDAR_MAIL_PASSWORD"),
        "{}",
        check.err
    );
    let program = program.with_environment([("CALENDAR_MAIL_PASSWORD", "kanarifugl".to_owned())]);
    for output in [&["serve", "--check"][..], &["--json", "serve", "--check"]] {
        let check = program.run(output).ok();
        assert!(
            check.out.contains("smtps://kalender@smtp.example.no"),
            "{}",
            check.out
        );
        assert!(!check.out.contains("kanarifugl") && !check.err.contains("kanarifugl"));
    }
    let wrong = settings.replace("kalender@", "kalender:kanarifugl@");
    program.write("Rocket.toml", wrong);
    let check = program.run(&["serve", "--check"]).with_code(3);
    assert!(!check.err.contains("kanarifugl"), "{}", check.err);
}

#[test]
fn serve_says_at_the_start_that_there_is_no_mail_server() {
    let program = Program::new().with_environment([("ROCKET_PROFILE", "release".to_owned())]);
    let (_, said) = program.serve(&[]).stop();
    assert!(said.contains("mail       none"), "{said}");
    let log = std::fs::File::open(program.path("log"));
    let mut text = String::new();
    log.unwrap().read_to_string(&mut text).unwrap();
    assert!(
        !text.contains("/login/invitation"),
        "the link is not in the log"
    );
}
