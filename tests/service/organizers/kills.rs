//! SIGKILL while people submit, decide and are mailed: what was acknowledged stays, and no mail is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::path::{fill_event, review, send};
use crate::support::Program;
use crate::support::person::Person;
use crate::support::program::Serving;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";

/// Returns the same browser for a server that has started again.
fn again(person: &Person, serving: &Serving) -> Person {
    let mut next = Person::new(&serving.address);
    next.cookies.clone_from(&person.cookies);
    next
}

/// What the person was told about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Submitted,
    Approved,
    Rejected,
}

/// Submits events and decides on each, until the server is gone. Notes what was acknowledged.
fn work(
    kari: &mut Person,
    editor: &mut Person,
    round: usize,
    told: &mut BTreeMap<String, (String, Told)>,
) {
    for n in 0.. {
        let title = format!("Konsert {round} nummer {n}");
        let fields = [
            ("title", title.as_str()),
            ("date", "18.12.2027"),
            ("start_time", "18.30"),
            ("place_name", "Torget"),
            ("place_municipality", "3420"),
            ("action", "check"),
        ];
        let (own, _) = fill_event(kari, &fields);
        send(kari, &own);
        told.insert(own.clone(), (title.clone(), Told::Submitted));
        let decision = if n % 2 == 0 {
            ("approve", Told::Approved)
        } else {
            ("reject", Told::Rejected)
        };
        let fields = [
            ("action", decision.0),
            ("approve_organisation", "yes"),
            ("reason", "Utenfor regionen."),
        ];
        let path = review(&own);
        editor.fill(&path, &path, &fields).with_status(303);
        told.insert(own, (title, decision.1));
    }
}

#[test]
fn kills_lose_nothing_that_was_acknowledged_and_no_mail() {
    let mails = SmtpServer::start();
    let settings = format!(
        "[default.calendar.mail]\nsmtp = \"{}\"\nfrom = \"Kalenderen <kalender@example.no>\"\n",
        mails.url()
    );
    let program = Program::new();
    program.write("Rocket.toml", settings);
    program.run(&["seed"]).ok();
    program.run(&["account", "invite", EDITOR, "--editor"]).ok();
    let mut serving = program.serve(&[]);
    let mut kari = Person::new(&serving.address);
    kari.sign_in(&mails, KARI);
    let page = "/organizer/organisations/new";
    kari.fill(page, page, &[("name", "Skogslaget")])
        .with_status(303);
    let mut editor = Person::new(&serving.address);
    editor.sign_in(&mails, EDITOR);
    let rounds: usize = std::env::var("SUBMISSION_KILLS").map_or(5, |var| var.parse().unwrap());
    let mut told = BTreeMap::new();
    for round in 0..rounds {
        let pid = serving.pid();
        let delay = Duration::from_millis(300 + (137 * round as u64) % 900);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(delay);
            let killed = std::process::Command::new("kill")
                .args(["-KILL", &pid.to_string()])
                .status();
            assert!(killed.unwrap().success());
        });
        // Requests fail once the server is gone.
        let ended = catch_unwind(AssertUnwindSafe(|| {
            work(&mut kari, &mut editor, round, &mut told);
        }));
        assert!(ended.is_err());
        killer.join().unwrap();
        let _ = serving.ended();
        serving = program.serve(&[]);
        (kari, editor) = (again(&kari, &serving), again(&editor, &serving));
        assert!(kari.is_signed_in() && editor.is_signed_in());
    }
    let mut visitor = Person::new(&serving.address);
    for (own, (title, told)) in &told {
        let page = kari.get(own).ok();
        let slug = calendar_domain::Slug::from_text(title);
        let public = visitor.get(&format!("/events/{slug}")).status == 200;
        let page = page.text();
        assert!(page.contains(title.as_str()), "{title}");
        match told {
            Told::Approved => assert!(public && page.contains("Publisert"), "{title}: {page}"),
            Told::Rejected => assert!(!public && page.contains("Avvist"), "{title}: {page}"),
            // The decision may have been carried out without an answer.
            Told::Submitted => assert!(!page.contains("Kladd"), "{title}: {page}"),
        }
    }
    let decided = told
        .values()
        .filter(|btree_map| btree_map.1 != Told::Submitted)
        .count();
    assert!(decided >= rounds, "{decided} decisions in {rounds} rounds");
    for (title, told) in told.values() {
        let expected = match told {
            Told::Submitted => 1,
            Told::Approved | Told::Rejected => 2,
        };
        let about = || {
            let all = mails.all().into_iter();
            all.filter(|mail| {
                mail.subject.ends_with(title.as_str())
                    || mail.subject.contains(&format!("{title} "))
            })
        };
        let latest = std::time::Instant::now() + Duration::from_secs(60);
        loop {
            let subjects: BTreeSet<String> = about().map(|value| value.subject).collect();
            if subjects.len() >= expected {
                break;
            }
            assert!(std::time::Instant::now() < latest, "{title}: {subjects:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        // The same mail again has the same id.
        for subject in about().map(|value| value.subject).collect::<BTreeSet<_>>() {
            let ids: BTreeSet<String> = about()
                .filter(|value| value.subject == subject)
                .map(|item| item.message_id)
                .collect();
            assert_eq!(ids.len(), 1, "{subject}");
        }
    }
    println!(
        "{rounds} kills: {} submitted, {decided} decided",
        told.len()
    );
    let (status, _) = serving.stop();
    assert!(status.success());
    program.run(&["store", "check", "sled:store"]).ok();
}
