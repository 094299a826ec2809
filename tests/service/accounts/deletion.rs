//! Seeing, exporting and deleting one's own data. Texts planted wherever a person can write are in no file afterwards.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{
    Account, EditorScope, EmailAddress, Event, EventReport, Image, ImageFile, ImageSource,
    Invitation, KeptImage, Lang, MailFacts, MailKind, MailState, MemberRole, Organisation,
    OrganisationStanding, Organizer, OrganizerRef, OutgoingMail, Owner, PrivateFacts, Publication,
    Record, ReportClosing, ReportedFault, ReviewComment, Schedule, Submission, SubmissionState,
    SubmissionStep, Text, Visitor, When,
};
use calendar_store::{
    Author, Change, Commit, EphemeralEntry, EphemeralTable, Store, check, records,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{Answer, Program};

const KARI: &str = "kanari-adresse@example.org";
const OLA: &str = "ola@example.org";
/// Beginning of every planted text.
const CANARY: &str = "kanari-";

/// Each planted text, by where it is.
const CANARIES: [&str; 24] = [
    "kanari-adresse",
    "kanari-navn",
    "kanari-gammelt-navn",
    "kanari-forening",
    "kanari-tittel",
    "kanari-gammel-tittel",
    "kanari-beskrivelse",
    "kanari-kontakt",
    "kanari-telefon",
    "kanari-topp",
    "kanari-byline",
    "kanari-alt",
    "kanari-bilde",
    "kanari-merknad",
    "kanari-grunn",
    "kanari-rapport",
    "kanari-svar",
    "kanari-forslag",
    "kanari-epost",
    "kanari-sendt-epost",
    "kanari-retur",
    "kanari-skjema",
    "kanari-ubekreftet",
    "kanari-opplasting",
];

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn now() -> DateTime<Utc> {
    Utc::now()
}

fn program(mails: &SmtpServer, more: &str) -> Program {
    let settings = format!(
        "[default.calendar]\n{more}\n[default.calendar.mail]\nsmtp = \"{}\"\nfrom = \"kalender@example.no\"\n",
        mails.url()
    );
    let program = Program::new();
    program.write("Rocket.toml", settings);
    program.run(&["seed"]).ok();
    program
}

fn url(program: &Program) -> String {
    format!("sled:{}", program.path("store").display())
}

fn commit(store: &dyn Store, author: Author, records: Vec<Record>) {
    let commit = Commit {
        author,
        at: now(),
        note: String::new(),
        changes: records.into_iter().map(Change::put).collect(),
    };
    store.commit(commit).unwrap();
}

fn account(number: u128, email: &str, name: &str, editor: bool) -> Account {
    Account {
        name: name.to_owned(),
        editor: editor.then_some(EditorScope::All),
        ..Account::new(id(number), email.parse().unwrap(), Lang::Nb, now())
    }
}

fn image(name: &calendar_domain::ImageName) -> Image {
    let largest = ImageFile {
        name: name.clone(),
        width: 480,
        height: 320,
        bytes: 9,
    };
    let mut image = Image::new(ImageSource::Kept(KeptImage {
        largest,
        smaller: Vec::new(),
    }));
    image.alt = Text::nb("kanari-alt");
    image.credit = Some("kanari-byline".to_owned());
    image
}

/// Returns a submission of Kari with canaries in its texts.
fn submission(number: u128, organisation: u128, title: &str, image: Option<Image>) -> Submission {
    let mut made = Submission::new(id(number), id(organisation), id(1), id(number + 100), now());
    made.form = EventForm::default()
        .with(FormField::Title, title)
        .with(FormField::Description, "kanari-beskrivelse")
        .with(FormField::ContactName, "kanari-kontakt")
        .with(FormField::ContactTelephone, "kanari-telefon");
    if let Some(image) = image {
        made.form.set_images(&[image]);
    }
    made.private = PrivateFacts {
        contact_name: Some("kanari-kontakt".to_owned()),
        contact_telephone: Some("kanari-telefon".to_owned()),
        expected_attendance: None,
        peak_time: Some("kanari-topp".to_owned()),
    };
    made
}

fn step(by: u128, state: SubmissionState, text: &str) -> SubmissionStep {
    SubmissionStep {
        at: now(),
        by: Some(id(by)),
        state,
        reason: "kanari-grunn".to_owned(),
        comments: vec![ReviewComment {
            field: None,
            text: text.to_owned(),
        }],
    }
}

/// The public event of Kari's organisation.
fn event() -> Event {
    let (slug, uid) = ("konsert".parse().unwrap(), "konsert@test".parse().unwrap());
    let day = Schedule::once(When::day((now() + TimeDelta::days(60)).date_naive()));
    let mut event = Event::new(slug, uid, Text::nb("Konsert i parken"), day, now());
    event.description = Text::nb("Ta med stol");
    event.publication = Publication::Published;
    event.organizer = Some(OrganizerRef::Organizer("karis".parse().unwrap()));
    event
}

/// Plants a text wherever a person can write, most of it in several versions.
fn plant(store: &dyn Store) {
    let kari = Author::Person(id::<calendar_domain::AccountId>(1).to_string());
    let files = store.images().unwrap();
    let picture = files.keep(b"\xFF\xD8\xFF kanari-bilde", now()).unwrap();
    let pending = Organisation::new(id(5), "kanari-forening".to_owned(), id(1), now());
    let mut own = Organisation::new(id(2), "Karis orkester".to_owned(), id(1), now());
    own.standing = OrganisationStanding::Approved;
    own.organizer = Some("karis".parse().unwrap());
    let organizer = Organizer {
        slug: "karis".parse().unwrap(),
        name: "Karis orkester".to_owned(),
        aliases: Vec::new(),
        description: Text::default(),
        website: None,
        organisation_number: None,
        contact: calendar_domain::Contact::default(),
        source: None,
        owner: Owner::Editor(id::<calendar_domain::AccountId>(9).to_string()),
    };
    let mut shared = Organisation::new(id(3), "Skogslaget".to_owned(), id(9), now());
    shared.members.insert(id(1), MemberRole::Member);
    let invited: EmailAddress = KARI.parse().unwrap();
    let mut inviting = Organisation::new(id(4), "Bygdekoret".to_owned(), id(9), now());
    inviting.invitations.insert(
        invited.key(),
        Invitation {
            email: invited.clone(),
            at: now(),
        },
    );
    let first = vec![
        Record::from(account(1, KARI, "kanari-gammelt-navn", true)),
        account(9, OLA, "Ola", true).into(),
        pending.into(),
        own.into(),
        organizer.into(),
        shared.into(),
        inviting.into(),
        event().into(),
        submission(11, 2, "kanari-gammel-tittel", Some(image(&picture))).into(),
    ];
    commit(store, kari.clone(), first);
    // Of Ola, whom Kari asks for changes; and of Kari, in an organisation with others.
    let mut reviewed = Submission::new(id(12), id(3), id(9), id(112), now());
    reviewed.form = reviewed.form.with(FormField::Title, "Olas dag");
    assert!(reviewed.step(step(9, SubmissionState::Submitted, "")));
    reviewed.history[0].reason.clear();
    assert!(reviewed.step(step(1, SubmissionState::ChangesWanted, "kanari-merknad")));
    let mut common = submission(13, 3, "Felles dag", None);
    common.form = common.form.with(FormField::Description, "");
    common.form.set(FormField::Description, Vec::new());
    common.private.peak_time = None;
    assert!(common.step(step(1, SubmissionState::Submitted, "")));
    let report = |number: u128, visitor: u128, text: &str, by: Option<u128>| EventReport {
        id: id(number),
        event: event().id,
        visitor: id(visitor),
        language: Lang::Nb,
        fault: ReportedFault::Other,
        text: text.to_owned(),
        reported: now(),
        forwarded: None,
        closing: by.map(|by| ReportClosing {
            by: id(by),
            at: now(),
            answer: "kanari-svar".to_owned(),
        }),
    };
    let proposer = calendar_domain::Proposer::Visitor {
        visitor: id(21),
        language: Lang::Nb,
    };
    let mut suggestion = Submission::by(id(14), proposer, id(114), now());
    suggestion.form = suggestion.form.with(FormField::Title, "kanari-forslag");
    let mail = |number: u128, to: &str, remark: &str| {
        let facts = MailFacts {
            remark: Some(remark.to_owned()),
            ..MailFacts::default()
        };
        let kind = MailKind::ChangesWanted;
        let later = now() + TimeDelta::days(2);
        OutgoingMail::new(
            id(number),
            to.parse().unwrap(),
            Lang::Nb,
            kind,
            facts,
            later,
        )
    };
    let bounced = OutgoingMail {
        state: MailState::Bounced {
            at: now(),
            reason: "550 kanari-retur".to_owned(),
        },
        ..mail(33, KARI, "")
    };
    let second = vec![
        Record::from(account(1, KARI, "kanari-navn", true)),
        submission(11, 2, "kanari-tittel", Some(image(&picture))).into(),
        reviewed.into(),
        common.into(),
        report(41, 21, "kanari-rapport", None).into(),
        report(42, 99, "En annens feil", Some(1)).into(),
        suggestion.into(),
        mail(31, KARI, "kanari-epost").into(),
        mail(32, OLA, "kanari-sendt-epost").into(),
        bounced.into(),
    ];
    commit(store, kari, second);
    // The mail to Ola was sent: its record is gone, its history is not.
    let (sent, revision) = records::one::<OutgoingMail>(store, &Uuid::from_u128(32).to_string())
        .unwrap()
        .unwrap();
    let key = Record::from(sent).key();
    let commit = Commit {
        author: Author::System,
        at: now(),
        note: String::new(),
        changes: vec![Change::remove(key, revision)],
    };
    store.commit(commit).unwrap();
    plant_short_lived(store);
}

fn plant_short_lived(store: &dyn Store) {
    let kept = store.ephemeral().unwrap();
    let account = Uuid::from_u128(1).to_string();
    let entry = |value: &str| EphemeralEntry {
        value: value.as_bytes().to_vec(),
        expires: now() + TimeDelta::days(5),
    };
    let visitor = serde_json::to_string(&Visitor {
        email: KARI.parse().unwrap(),
    });
    for (table, key, value) in [
        (
            EphemeralTable::Drafts,
            "owner/abc".to_owned(),
            account.clone(),
        ),
        (
            EphemeralTable::Drafts,
            "form/abc".to_owned(),
            "{\"path\":\"/account\",\"fields\":[[\"name\",\"kanari-skjema\"]]}".to_owned(),
        ),
        (
            EphemeralTable::Drafts,
            format!("upload/{account}/0"),
            "{\"file\":\"kanari-opplasting.xlsx\"}".to_owned(),
        ),
        (
            EphemeralTable::Unconfirmed,
            "m".to_owned(),
            format!("{{\"email\":\"{KARI}\",\"text\":\"kanari-ubekreftet\"}}"),
        ),
        (
            EphemeralTable::Visitors,
            Uuid::from_u128(21).to_string(),
            visitor.unwrap(),
        ),
    ] {
        kept.put(table, &key, now(), &entry(&value)).unwrap();
    }
    kept.flush().unwrap();
}

/// Returns the planted texts that are in a file below a folder, whose gzip content counts too.
fn found_in(path: &Path, found: &mut BTreeSet<&'static str>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            found_in(&entry.unwrap().path(), found);
        }
        return;
    }
    // A file may be removed meanwhile.
    let bytes = std::fs::read(path).unwrap_or_default();
    let mut contents = vec![bytes.clone()];
    let gzip = bytes.windows(3).enumerate();
    for (at, _) in gzip.filter(|(_, start)| *start == [0x1F, 0x8B, 8]) {
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&bytes[at..]);
        // What comes before an error counts.
        let _ = std::io::Read::read_to_end(&mut decoder, &mut unpacked);
        contents.push(unpacked);
    }
    for bytes in contents {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(CANARY) {
            found.extend(CANARIES.into_iter().filter(|canary| text.contains(canary)));
        }
    }
}

#[track_caller]
fn found(program: &Program, names: &[&str]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for name in names {
        found_in(&program.path(name), &mut found);
    }
    found
}

/// Waits until something holds.
#[track_caller]
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sends the form that deletes the account. Returns the path of the receipt.
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
    let store = calendar_store::open(&url(&program)).unwrap();
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
    let mail = mails.next_to(KARI, 1);
    assert!(mail.text.contains(&receipt), "{}", mail.text);
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
    let store = calendar_store::open(&url(&program)).unwrap();
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
        let store = calendar_store::open(&url(&program)).unwrap();
        plant(&*store);
        drop(store);
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
    }
}

#[test]
fn the_only_editor_is_told_what_to_do_and_the_operator_deletes_with_a_receipt() {
    let mails = SmtpServer::start();
    let program = program(&mails, "");
    let store = calendar_store::open(&url(&program)).unwrap();
    plant(&*store);
    commit(
        &*store,
        Author::Operator,
        vec![account(9, OLA, "Ola", false).into()],
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
    let _ = mails.next_to(KARI, 1);
    wait_for("no text is found", || {
        found(&program, &["store", "log"]).is_empty()
    });
    assert!(serving.stop().0.success());
    let unknown = program.run(&["account", "delete", KARI]).with_code(3);
    assert!(unknown.err.contains(KARI), "{}", unknown.err);
}
