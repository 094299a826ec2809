//! Edits of public events whose time and place went live, and an editor who rejects them.

use calendar_domain::{EditorScope, Event, EventId};
use calendar_store::{Change, records};

use super::{account, club, led_to, signed_in};
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";

fn app(mails: &SmtpServer) -> (TestServer, EventId) {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let kari = account(&app, 1, KARI, None);
    let editor = account(&app, 2, EDITOR, Some(EditorScope::All));
    let [organisation, organizer] = club(&app, 10, "koret", &kari);
    app.commit(vec![kari.into(), editor.into(), organisation, organizer]);
    let concert = event("Julekonsert")
        .at("Terningen Arena")
        .by("koret")
        .on("2026-12-18T18:00")
        .finish(&app);
    let id = concert.id.clone();
    app.commit_changes(vec![Change::create(concert.into())]);
    (app, id)
}

fn stored(app: &TestServer, id: &EventId) -> Event {
    let found = records::one::<Event>(&**app.calendar(), id.as_str());
    found.unwrap().unwrap().0
}

/// Sends an edit with a new time and a new title. Returns the path of the editor's page.
#[track_caller]
fn edit(kari: &mut Person, id: &EventId) -> String {
    let page = format!("/organizer/published/{id}");
    let started = kari
        .fill(&page, &format!("{page}/edit"), &[])
        .with_status(303);
    let form = led_to(&started);
    let own = form.rsplit_once('/').unwrap().0.to_owned();
    let opened = kari.get(&form).ok();
    let hidden = hidden_fields(opened.text(), &form);
    let own_fields = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let fields = [
        ("title", "Stor julekonsert"),
        ("date", "18.12.2026"),
        ("start_time", "20"),
        ("place", "terningen-arena"),
        ("action", "check"),
    ];
    let all: Vec<_> = own_fields.chain(fields).collect();
    kari.post(&form, &all).with_status(303);
    let (check, action) = (format!("{own}/check"), format!("{own}/send"));
    kari.fill(&check, &action, &[]).with_status(303);
    own.replace("/organizer/events/", "/editor/submissions/")
}

#[test]
fn an_editor_who_rejects_an_edit_may_restore_time_and_place() {
    let mails = SmtpServer::start();
    for restores in [true, false] {
        let (app, id) = app(&mails);
        let before = stored(&app, &id);
        let sent = mails.all().len();
        let mut kari = signed_in(&app, &mails, KARI);
        let review = edit(&mut kari, &id);
        assert_ne!(stored(&app, &id).schedule, before.schedule, "live at once");
        let mut editor = signed_in(&app, &mails, EDITOR);
        let page = editor.get(&review).ok();
        for text in ["Dette ble synlig", "name=\"restore\"", "<del>18", "<ins>20"] {
            assert!(page.text().contains(text), "{text}: {}", page.text());
        }
        let mut reject = vec![("action", "reject"), ("reason", "Salen er opptatt.")];
        if restores {
            reject.push(("restore", "yes"));
        }
        editor.fill(&review, &review, &reject).with_status(303);
        let after = stored(&app, &id);
        assert_eq!(after.schedule == before.schedule, restores);
        assert_eq!(after.owners == before.owners, restores);
        assert_eq!(after.title, before.title);
        super::until("the mail is sent", || {
            let of_kari = mails.all().into_iter().skip(sent);
            let mut rejected = of_kari.filter(|of_kari| of_kari.subject.starts_with("Avvist: "));
            rejected.any(|rejected| rejected.text.contains("satt tilbake") == restores)
        });
        let page = app.visitor().get("/events/julekonsert").ok();
        assert_eq!(page.text().contains("18.00"), restores, "{}", page.text());
    }
}

#[test]
fn only_fields_that_were_shown_are_settled() {
    let mails = SmtpServer::start();
    let (app, id) = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let page = format!("/organizer/published/{id}");
    let started = kari
        .fill(&page, &format!("{page}/edit"), &[])
        .with_status(303);
    let form = led_to(&started);
    let own = form.rsplit_once('/').unwrap().0.to_owned();
    let opened = kari.get(&form).ok();
    let hidden = hidden_fields(opened.text(), &form);
    let own_fields = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let fields = [
        ("title", "Karis konsert"),
        ("summary", "Karis tekst."),
        ("date", "18.12.2026"),
        ("start_time", "18"),
        ("place", "terningen-arena"),
        ("action", "save"),
    ];
    let all: Vec<_> = own_fields.chain(fields).collect();
    kari.post(&form, &all).with_status(303);
    let change = |change: &dyn Fn(&mut Event)| {
        let found = records::one::<Event>(&**app.calendar(), id.as_str());
        let (old, revision) = found.unwrap().unwrap();
        let mut next = old.clone();
        change(&mut next);
        let next = calendar_domain::revision::revise(&old, next, app.now()).unwrap();
        app.commit_changes(vec![Change::update(next.into(), revision)]);
    };
    change(&|event| event.title = calendar_domain::Text::nb("Redaktørens konsert"));
    let conflicts = format!("{own}/conflicts");
    let shown = kari.get(&conflicts).ok();
    assert!(shown.text().contains("name=\"title\""), "{}", shown.text());
    assert!(!shown.text().contains("name=\"summary\""));
    change(&|event| event.summary = calendar_domain::Text::nb("Redaktørens tekst."));
    let hidden = hidden_fields(shown.text(), &conflicts);
    let mut fields: Vec<_> = hidden
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    fields.push(("title", "own"));
    let again = kari.post(&conflicts, &fields).with_status(303);
    assert_eq!(led_to(&again), conflicts);
    let shown = kari.get(&conflicts).ok();
    assert!(
        shown.text().contains("name=\"summary\""),
        "{}",
        shown.text()
    );
    fields.push(("summary", "own"));
    let settled = kari.post(&conflicts, &fields).with_status(303);
    assert_eq!(led_to(&settled), format!("{own}/check"));
    let form = kari.get(&form).ok();
    for text in ["Karis konsert", "Karis tekst."] {
        assert!(form.text().contains(text), "{text} is lost");
    }
}
