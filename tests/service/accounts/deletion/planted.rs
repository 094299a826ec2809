//! Texts wherever a person can write.

use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::{
    Account, EditorScope, EmailAddress, Event, EventReport, Image, ImageFile, ImageSource,
    Invitation, JoinedReport, KeptImage, Lang, MailFacts, MailKind, MailState, MemberRole,
    Organisation, OrganisationStanding, Organizer, OrganizerRef, OutgoingMail, Owner, PrivateFacts,
    Publication, Record, ReportClosing, ReportedFault, ReviewComment, Schedule, Submission,
    SubmissionState, SubmissionStep, Text, Visitor, When,
};
use calendar_store::{Author, Change, Commit, EphemeralEntry, EphemeralTable, Store, records};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::support::Program;
use crate::support::smtp::SmtpServer;

pub const KARI: &str = "kanari-adresse@example.org";
pub const OLA: &str = "ola@example.org";
/// Beginning of every planted text.
pub const CANARY: &str = "kanari-";

/// Each planted text, by where it is.
pub const CANARIES: [&str; 25] = [
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
    "kanari-medmelder",
    "kanari-svar",
    "kanari-forslag",
    "kanari-epost",
    "kanari-sendt-epost",
    "kanari-retur",
    "kanari-skjema",
    "kanari-ubekreftet",
    "kanari-opplasting",
];

pub fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

pub fn now() -> DateTime<Utc> {
    Utc::now()
}

pub fn program(mails: &SmtpServer, more: &str) -> Program {
    let settings = format!(
        "[default.calendar]\n{more}\n[default.calendar.mail]\nsmtp = \"{}\"\nfrom = \"kalender@example.no\"\n",
        mails.url()
    );
    let program = Program::new();
    program.write("Rocket.toml", settings);
    program.run(&["seed"]).ok();
    program
}

pub fn url(program: &Program) -> String {
    format!("sled:{}", program.path("store").display())
}

pub fn commit(store: &dyn Store, author: Author, records: Vec<Record>) {
    let commit = Commit {
        author,
        at: now(),
        note: String::new(),
        changes: records.into_iter().map(Change::put).collect(),
    };
    store.commit(commit).unwrap();
}

pub fn account(number: u128, email: &str, name: &str, editor: bool) -> Account {
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
pub fn event() -> Event {
    let (slug, uid) = ("konsert".parse().unwrap(), "konsert@test".parse().unwrap());
    let day = Schedule::once(When::day((now() + TimeDelta::days(60)).date_naive()));
    let mut event = Event::new(slug, uid, Text::nb("Konsert i parken"), day, now());
    event.description = Text::nb("Ta med stol");
    event.publication = Publication::Published;
    event.organizer = Some(OrganizerRef::Organizer("karis".parse().unwrap()));
    event
}

/// Plants a text wherever a person can write, most of it in several versions.
pub fn plant(store: &dyn Store) {
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
        joined: Vec::new(),
        forwarded: None,
        closing: by.map(|by| ReportClosing {
            by: id(by),
            at: now(),
            answer: "kanari-svar".to_owned(),
        }),
    };
    let mut common_report = report(42, 99, "En annens feil", Some(1));
    common_report.joined.push(JoinedReport {
        id: id(43),
        visitor: id(21),
        language: Lang::Nb,
        text: "kanari-medmelder".to_owned(),
        reported: now(),
    });
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
        common_report.into(),
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
