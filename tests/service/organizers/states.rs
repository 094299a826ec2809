//! A calendar with submissions and organisations in every state, made by forms.

use calendar_domain::{EditorScope, Lang};

use super::path::{fill_event, register, review, send};
use super::{account, led_to, signed_in};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

pub const KARI: &str = "kari@example.org";
pub const OLA: &str = "ola@example.org";
pub const EDITOR: &str = "redaktor@example.org";

/// The people, signed in, and the pages of what they made.
pub struct States {
    /// Administrator of an approved organisation.
    pub kari: Person,
    /// An editor of the whole region.
    pub editor: Person,
    /// An approved organisation.
    pub organisation: String,
    /// An organisation that waits for an editor.
    pub new_organisation: String,
    /// A draft with errors in its form.
    pub faulty: String,
    /// A draft without errors.
    pub draft: String,
    /// A submission that an editor wants changed.
    pub wanted: String,
    /// A submission that waits.
    pub waiting: String,
    /// A submission that is public.
    pub approved: String,
    /// Its page for quick changes.
    pub published: String,
    /// An edit of it that waits.
    pub edit: String,
    /// An edit whose event was changed in the same fields.
    pub conflicting: String,
}

/// An event that is repeated and has a programme.
pub const QUIZ: [(&str, &str); 14] = [
    ("title", "Quizkveld på biblioteket"),
    ("date", "9.12.2026"),
    ("start_time", "19"),
    ("end_time", "21"),
    ("pattern", "repeated"),
    ("count", "4"),
    ("place", "terningen-arena"),
    (
        "summary",
        "Ta med noen venner og svar på spørsmål om skog og musikk.",
    ),
    (
        "description",
        "Lagene har høyst seks personer.\n\nKaffe og vafler fra klokken halv sju.",
    ),
    ("part_title", "Første runde"),
    ("part_start", "19"),
    ("contact_name", "Kari Nordmann"),
    ("attendance", "80"),
    ("action", "check"),
];

fn one_event(title: &'static str, date: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("title", title),
        ("date", date),
        ("start_time", "18.30"),
        ("place", "terningen-arena"),
        ("action", "check"),
    ]
}

/// Decides on a submission.
fn decide(editor: &mut Person, own: &str, fields: &[(&str, &str)]) {
    let page = review(own);
    let done = editor.fill(&page, &page, fields).with_status(303);
    assert_eq!(led_to(&done), "/editor/");
}

/// Returns the page for quick changes of a public event.
fn published(app: &TestServer, slug: &str) -> String {
    let snapshot = app.snapshot();
    let found = snapshot.event_at(&slug.parse().unwrap()).unwrap();
    format!("/organizer/published/{}", found.id())
}

/// Starts an edit of a public event and saves its form with changes. Returns the path of the submission.
fn edited(kari: &mut Person, published: &str, fields: &[(&str, &str)]) -> String {
    let start = format!("{published}/edit");
    let edit = led_to(&kari.fill(published, &start, &[]).with_status(303));
    kari.fill(&edit, &edit, fields).with_status(303);
    edit.trim_end_matches("/edit").to_owned()
}

/// Returns the path of an organisation, from the list of the person's own.
fn organisation(person: &mut Person, name: &str) -> String {
    let page = person.get("/organizer/organisations").ok();
    let before = page.text().split(&format!("\">{name}</a>")).next().unwrap();
    before.rsplit_once("href=\"").unwrap().1.to_owned()
}

/// Makes everything.
pub fn states(app: &TestServer, mails: &SmtpServer) -> States {
    app.commit(vec![account(app, 9, EDITOR, Some(EditorScope::All)).into()]);
    let mut kari = signed_in(app, mails, KARI);
    let mut ola = signed_in(app, mails, OLA);
    let mut editor = signed_in(app, mails, EDITOR);
    register(&mut kari, "Skogslaget");
    let (approved, _) = fill_event(&mut kari, &QUIZ);
    send(&mut kari, &approved);
    let approve = [("action", "approve"), ("approve_organisation", "yes")];
    decide(&mut editor, &approved, &approve);
    let changed = [
        ("title", "Quizkveld og vafler på biblioteket"),
        (
            "description",
            "Lagene har høyst åtte personer.\n\nVafler fra klokken sju.",
        ),
        ("action", "check"),
    ];
    let changed = [&changed[..], &QUIZ[1..7], &QUIZ[9..13]].concat();
    let public = published(app, "quizkveld-pa-biblioteket");
    let edit = edited(&mut kari, &public, &changed);
    send(&mut kari, &edit);

    let (vaar, _) = fill_event(&mut kari, &one_event("Vårkonsert", "20.5.2027"));
    send(&mut kari, &vaar);
    decide(&mut editor, &vaar, &[("action", "approve")]);
    let renamed = one_event("Vårkonsert i parken", "20.5.2027");
    let conflicting = edited(&mut kari, &published(app, "varkonsert"), &renamed);
    crate::support::saved::Saved::find(app, "varkonsert")
        .change(|event| event.title.set(Lang::Nb, "Vårkonsert i kirken".to_owned()));

    let (wanted, _) = fill_event(&mut kari, &one_event("Skitur", "16.1.2027"));
    send(&mut kari, &wanted);
    let ask = [
        ("action", "ask"),
        ("comment_whole", "Fint tiltak."),
        ("comment_title", "Hvor går turen?"),
    ];
    decide(&mut editor, &wanted, &ask);
    let (waiting, _) = fill_event(&mut kari, &one_event("Loppemarked", "6.2.2027"));
    send(&mut kari, &waiting);
    let (draft, _) = fill_event(&mut kari, &one_event("Dugnad", "24.4.2027"));
    let faulty = [
        ("date", "31.2.2027"),
        ("start_time", "25"),
        ("price", "mye"),
        ("part_title", "Uten tid"),
        ("action", "check"),
    ];
    let (faulty, _) = fill_event(&mut kari, &faulty);

    register(&mut ola, "Nylaget");
    let own = organisation(&mut kari, "Skogslaget");
    let token = super::token(&mut ola);
    ola.post(&own, &[("token", &token), ("action", "join")])
        .with_status(303);
    let invite = [("email", "per@example.org"), ("action", "invite")];
    kari.fill(&own, &own, &invite).with_status(303);
    let new = organisation(&mut ola, "Nylaget");
    States {
        kari,
        editor,
        organisation: own,
        new_organisation: new,
        faulty,
        draft,
        wanted,
        waiting,
        approved,
        published: public,
        edit,
        conflicting,
    }
}

/// Returns a link in a mail to an address as a path.
pub fn path_of(app: &TestServer, link: &str) -> String {
    let link: url::Url = link.parse().unwrap();
    assert_eq!(link.port(), app.address().port());
    let query = link
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{}{query}", link.path())
}
