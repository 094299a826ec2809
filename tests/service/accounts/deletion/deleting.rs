//! From the pages to the files, also after kills, and after restores of older backups.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use calendar_domain::event_form::FormField;
use calendar_domain::{
    EditorScope, MemberRole, Organisation, OrganisationStanding, Record, Submission,
    SubmissionState, SubmissionStep,
};
use calendar_store::{Author, check, records};
use uuid::Uuid;

use super::planted::{CANARIES, KARI, OLA, account, commit, id, now, plant, program, url};
use super::search::found;
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{Answer, Program};

/// Waits until something holds.
#[track_caller]
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Returns true if Kari got a mail with the path of a receipt.
fn is_mailed(mails: &SmtpServer, path: &str) -> bool {
    let all = mails.all();
    all.iter()
        .any(|mail| mail.to == KARI && mail.text.contains(path))
}

/// Sends the form that deletes the account.
#[track_caller]
fn delete(person: &mut Person, email: &str, events: &str) -> Answer {
    let page = "/account/delete";
    person.fill(page, page, &[("email", email), ("events", events)])
}

#[test]
fn planted_texts_are_in_no_file_after_a_deletion_and_everything_else_stays() {
    let mails = SmtpServer::start();
    let backups = "backup = { to = \"backups\", every_hours = 24, keep = 3 }";
    let program = program(&mails, backups);
    let store = calendar_store::open(url(&program)).unwrap();
    plant(&*store);
    drop(store);
    let before = program.path("before.backup");
    program.run(&["backup", before.to_str().unwrap()]).ok();
    let serving = program.serve(&[]);
    let mut kari = Person::new(&serving.address);
    kari.sign_in(&mails, KARI);
    let all: BTreeSet<_> = CANARIES.into();
    wait_for("every text is found before", || {
        found(&program, &["store", "log"]) == all
    });

    // What is kept can be seen and downloaded.
    let data = kari.get("/account/data").ok();
    assert!(
        data.text().contains("Arrangementer du har skrevet: 3"),
        "{}",
        data.text()
    );
    let file = kari.get("/account/data.json").ok();
    assert!(file.header("Content-Disposition").contains("attachment"));
    assert!(file.header("Cache-Control").contains("no-store"));
    let text = String::from_utf8(file.body.clone()).unwrap();
    let json = file.json();
    assert_eq!(json["format"], 1);
    assert_eq!(json["account"]["email"], KARI);
    // The picture's content and the mail to somebody else are no text about her.
    let apart = ["kanari-bilde", "kanari-sendt-epost"];
    let missing: Vec<_> = CANARIES
        .iter()
        .filter(|canary| !apart.contains(canary) && !text.contains(**canary))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(!text.contains("Olas dag") && !text.contains(OLA));

    // A wrong address deletes nothing.
    let wrong = delete(&mut kari, OLA, "keep").with_status(422);
    assert!(
        wrong
            .text()
            .contains("Skriv e-postadressen du er logget inn med")
    );
    assert!(kari.is_signed_in());

    let receipt = delete(&mut kari, "Kanari-Adresse@EXAMPLE.org", "keep").with_status(303);
    let receipt = receipt.header("Location").to_owned();
    assert!(receipt.starts_with("/account/receipts/"), "{receipt}");
    assert!(!kari.is_signed_in());
    let mut anyone = Person::new(&serving.address);
    wait_for("the receipt says that it is complete", || {
        let page = anyone.get(&receipt).ok();
        page.text().contains("Ferdig slettet fra historikk")
    });
    let page = anyone.get(&receipt).ok();
    for line in [
        "Slettede kontoer: 1",
        "Slettede feilmeldinger: 1",
        "Slettede bildefiler, også i flere størrelser: 1",
        "Publiserte arrangementer som blir stående, fordi de er offentlig informasjon: 1",
        "De 3 siste kopiene blir tatt vare på",
    ] {
        assert!(page.text().contains(line), "{line}: {}", page.text());
    }
    let text = anyone.get(&format!("{receipt}/text")).ok();
    assert!(text.text().contains("Slettede kontoer: 1"));
    // The receipt was mailed, and the address is gone since.
    wait_for("the receipt is mailed", || is_mailed(&mails, &receipt));
    let nothing = BTreeSet::new();
    wait_for("no text is found", || {
        found(&program, &["store", "log"]) == nothing
    });
    assert!(
        String::from_utf8(serving.get("/events/konsert"))
            .unwrap()
            .contains("Konsert i parken")
    );
    let feed = String::from_utf8(serving.get("/feeds/all.ics")).unwrap();
    assert!(feed.contains("Konsert i parken"));
    assert!(serving.stop().0.success());

    // Also after a restart; and the store is whole.
    let serving = program.serve(&[]);
    serving.get("/health/live");
    assert_eq!(found(&program, &["store", "log"]), nothing);
    assert!(serving.stop().0.success());
    assert_eq!(check(url(&program)).unwrap().findings, [""; 0]);
    let store = calendar_store::open(url(&program)).unwrap();
    let (shared, _) = records::one::<Organisation>(&*store, &Uuid::from_u128(3).to_string())
        .unwrap()
        .unwrap();
    assert_eq!(shared.members.len(), 1);
    let (reviewed, _) = records::one::<Submission>(&*store, &Uuid::from_u128(12).to_string())
        .unwrap()
        .unwrap();
    assert_eq!(reviewed.form.get(FormField::Title), "Olas dag");
    assert_eq!(reviewed.history.len(), 2);
    drop(store);

    restores_say_what_they_bring_back(&program, before.to_str().unwrap());
}

/// The backup from before the deletion has every text.
fn restores_say_what_they_bring_back(program: &Program, before: &str) {
    let nothing = BTreeSet::new();
    program.run(&["backup", "later.backup"]).ok();
    assert_eq!(found(program, &["later.backup"]), nothing);
    assert!(!found(program, &["before.backup"]).is_empty());
    let rehearsal = program
        .run(&["restore", "--replace", "--dry-run", before])
        .ok();
    assert!(rehearsal.out.contains("account 1"), "{}", rehearsal.out);
    assert!(
        rehearsal.out.contains("would be restored"),
        "{}",
        rehearsal.out
    );
    assert_eq!(found(program, &["store"]), nothing);
    let restored = program.run(&["restore", "--replace", before]).ok();
    assert!(restored.out.contains("account 1"), "{}", restored.out);
    assert!(
        restored.out.contains("they were erased again"),
        "{}",
        restored.out
    );
    assert_eq!(found(program, &["store"]), nothing);
    assert_eq!(check(url(program)).unwrap().findings, [""; 0]);
    // An empty folder knows of no erasure, unless a later backup is named.
    let elsewhere = |more: &[&str]| {
        let arguments = [&["--store", "sled:elsewhere", "restore"], more, &[before]].concat();
        program.run_bare(&arguments).ok()
    };
    let unaware = elsewhere(&[]);
    assert!(!unaware.out.contains("erased"), "{}", unaware.out);
    assert!(!found(program, &["elsewhere"]).is_empty());
    std::fs::remove_dir_all(program.path("elsewhere")).unwrap();
    let aware = elsewhere(&["--erasures", "later.backup"]);
    assert!(
        aware.out.contains("they were erased again"),
        "{}",
        aware.out
    );
    assert_eq!(found(program, &["elsewhere"]), nothing);
    std::fs::remove_dir_all(program.path("elsewhere")).unwrap();
    let kept = elsewhere(&["--erasures", "later.backup", "--keep-erased"]);
    assert!(kept.out.contains("they are back"), "{}", kept.out);
    assert!(!found(program, &["elsewhere"]).is_empty());
}

#[test]
fn a_deletion_interrupted_by_a_kill_is_completed_at_the_next_start() {
    let mails = SmtpServer::start();
    for delay in [0, 60, 150, 300, 1_900, 2_050, 2_200] {
        let program = program(&mails, "");
        let store = calendar_store::open(url(&program)).unwrap();
        plant(&*store);
        drop(store);
        let before = program.path("before.backup");
        let before = before.to_str().unwrap();
        program.run(&["backup", before]).ok();
        let serving = program.serve(&[]);
        let mut kari = Person::new(&serving.address);
        kari.sign_in(&mails, KARI);
        let receipt = delete(&mut kari, KARI, "withdraw").with_status(303);
        let receipt = receipt.header("Location").to_owned();
        std::thread::sleep(Duration::from_millis(delay));
        serving.signal("KILL");
        assert!(!serving.ended().0.success());
        let serving = program.serve(&[]);
        let mut anyone = Person::new(&serving.address);
        wait_for("the receipt says that it is complete", || {
            let page = anyone.get(&receipt).ok();
            page.text().contains("Ferdig slettet fra historikk")
        });
        let nothing = BTreeSet::new();
        wait_for("no text is found", || {
            found(&program, &["store", "log"]) == nothing
        });
        // Withdrawn events are cancelled for subscribers.
        let gone = anyone.get("/events/konsert.ics").ok();
        assert!(gone.text().contains("STATUS:CANCELLED"), "{}", gone.text());
        assert!(!gone.text().contains("Ta med stol"));
        assert!(serving.stop().0.success());
        assert_eq!(check(url(&program)).unwrap().findings, [""; 0], "{delay}");
        if delay == 0 {
            // Also with the page of the organizer, which is removed with the events.
            let restored = program.run(&["restore", "--replace", before]).ok();
            assert!(restored.out.contains("organizer 1"), "{}", restored.out);
            assert_eq!(found(&program, &["store"]), nothing);
        }
    }
}

#[test]
fn a_colleague_s_copies_have_no_contact_of_the_person_who_is_deleted() {
    let mails = SmtpServer::start();
    let program = program(&mails, "");
    let store = calendar_store::open(url(&program)).unwrap();
    let mut club = Organisation::new(id(3), "Skogslaget".to_owned(), id(1), now());
    club.standing = OrganisationStanding::Approved;
    club.members.insert(id(9), MemberRole::Member);
    let mut sent = Submission::new(id(12), id(3), id(1), id(112), now());
    let private = [
        (FormField::ContactName, "kanari-kontakt"),
        (FormField::ContactTelephone, "kanari-telefon"),
        (FormField::PeakTime, "kanari-toppen"),
    ];
    sent.form = sent.form.with(FormField::Title, "Skogens dag");
    sent.form = sent.form.with(FormField::Attendance, "250");
    for (field, text) in private {
        sent.form = sent.form.with(field, text);
    }
    sent.private.contact_name = Some("kanari-kontakt".to_owned());
    sent.private.peak_time = Some("kanari-toppen".to_owned());
    let submitted = SubmissionStep {
        at: now(),
        by: Some(id(1)),
        state: SubmissionState::Submitted,
        reason: String::new(),
        comments: Vec::new(),
    };
    assert!(sent.step(submitted));
    let all = vec![
        account(1, KARI, "Kari", false).into(),
        account(9, OLA, "Ola", true).into(),
        club.into(),
        sent.into(),
    ];
    commit(&*store, Author::Operator, all);
    drop(store);
    let serving = program.serve(&[]);
    let path = format!("/organizer/events/{}", Uuid::from_u128(12));
    let (mut kari, mut ola) = (Person::new(&serving.address), Person::new(&serving.address));
    kari.sign_in(&mails, KARI);
    ola.sign_in(&mails, OLA);
    let own = kari
        .fill(&path, &format!("{path}/copy"), &[])
        .with_status(303);
    let own = kari.get(own.header("Location")).ok();
    let copy = ola
        .fill(&path, &format!("{path}/copy"), &[])
        .with_status(303);
    let copy = ola.get(copy.header("Location")).ok();
    for shown in [&own, &copy] {
        assert!(shown.text().contains("value=\"250\""), "{}", shown.text());
    }
    for (field, text) in private {
        assert!(own.text().contains(text), "{field:?}: {}", own.text());
        assert!(!copy.text().contains(text), "{field:?}: {}", copy.text());
    }
    delete(&mut kari, KARI, "keep").with_status(303);
    serving.stop();
    let store = calendar_store::open(url(&program)).unwrap();
    let left = records::every::<Submission>(&*store).unwrap();
    let left: Vec<Submission> = left.into_iter().map(|(left, _)| left).collect();
    assert_eq!(left.len(), 2, "what was sent, and the colleague's copy");
    for left in left {
        let text = serde_json::to_string(&Record::from(left)).unwrap();
        assert!(!text.contains("kanari"), "{text}");
    }
}

#[test]
fn the_only_editor_is_told_what_to_do_and_the_operator_deletes_with_a_receipt() {
    let mails = SmtpServer::start();
    let program = program(&mails, "");
    let store = calendar_store::open(url(&program)).unwrap();
    plant(&*store);
    // An editor of one municipality is nobody who could make others editors.
    let mut per = account(8, "per@example.org", "Per", false);
    per.editor = Some(EditorScope::Municipalities(
        ["3420".parse().unwrap()].into(),
    ));
    commit(
        &*store,
        Author::Operator,
        vec![account(9, OLA, "Ola", false).into(), per.into()],
    );
    drop(store);
    let serving = program.serve(&[]);
    let mut kari = Person::new(&serving.address);
    kari.sign_in(&mails, KARI);
    let refused = delete(&mut kari, KARI, "keep").with_status(422);
    assert!(refused.text().contains("Du er den eneste redaktøren"));
    assert!(kari.is_signed_in());
    let page = kari.get("/account").ok();
    assert!(page.text().contains("href=\"/account/delete\""));
    let _ = hidden_fields(page.text(), "/logout");
    // With the running server.
    let deleted = program.run(&["account", "delete", KARI]).ok();
    assert!(
        deleted.out.contains("Deleted accounts: 1"),
        "{}",
        deleted.out
    );
    assert!(deleted.out.contains("Ask the operator"), "{}", deleted.out);
    assert!(!kari.is_signed_in());
    wait_for("the receipt is mailed", || {
        is_mailed(&mails, "/account/receipts/")
    });
    wait_for("no text is found", || {
        found(&program, &["store", "log"]).is_empty()
    });
    assert!(serving.stop().0.success());
    let unknown = program.run(&["account", "delete", KARI]).with_code(3);
    assert!(unknown.err.contains(KARI), "{}", unknown.err);
}

#[test]
fn of_two_editors_who_delete_themselves_at_once_one_stays() {
    let mails = SmtpServer::start();
    let program = program(&mails, "");
    let store = calendar_store::open(url(&program)).unwrap();
    plant(&*store);
    drop(store);
    let serving = program.serve(&[]);
    let people = [KARI, OLA].map(|email| {
        let mut person = Person::new(&serving.address);
        person.sign_in(&mails, email);
        let page = person.get("/account/delete").ok();
        let mut fields = hidden_fields(page.text(), "/account/delete");
        fields.extend(
            [("email", email), ("events", "keep")].map(|(name, value)| (name.into(), value.into())),
        );
        (person, fields)
    });
    let mut statuses = std::thread::scope(|scope| {
        let deletions = people.map(|(mut person, fields)| {
            scope.spawn(move || person.post_read("/account/delete", &fields).status)
        });
        deletions.map(|deletion| deletion.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert!(serving.stop().0.success());
}

#[test]
fn what_belongs_to_a_similar_address_is_neither_shown_nor_deleted() {
    let mails = SmtpServer::start();
    let program = program(&mails, "");
    let serving = program.serve(&[]);
    let mut kola = Person::new(&serving.address);
    kola.ask_for_code("kola@example.org");
    let mut ola = Person::new(&serving.address);
    ola.sign_in(&mails, OLA);
    let own = ola.get("/account/data.json").ok();
    assert!(!own.text().contains("kola@"), "{}", own.text());
    delete(&mut ola, OLA, "keep").with_status(303);
    let code = mails.next_to("kola@example.org", 0).code();
    kola.type_code(&code).with_status(303);
    assert!(kola.is_signed_in());
    assert!(serving.stop().0.success());
}
