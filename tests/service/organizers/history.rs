//! Earlier versions of a public event: compared, and restored field by field.

use calendar_domain::{EditorScope, Event, OrganizerRef, Publication, Text};
use calendar_store::{Change, records};

use super::{account, club, signed_in};
use crate::support::person::{Person, hidden_fields};
use crate::support::region::slug;
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";

/// Starts a server with an event of Kari's club. Its title was changed once, by someone who is not a member. Returns
/// the path of its quick changes, too.
fn app(mails: &SmtpServer) -> (TestServer, String) {
    let app = TestServer::builder()
        .with_empty_region()
        .with_mail(&mails.url())
        .start();
    let kari = account(&app, 1, KARI, None);
    app.commit(club(&app, 2, "skogslaget", &kari).to_vec());
    app.commit(vec![
        kari.into(),
        account(&app, 3, EDITOR, Some(EditorScope::All)).into(),
    ]);
    let concert = event("Julekonsert").on("2026-12-18T18:30").save(&app);
    concert.change(|event| event.organizer = Some(OrganizerRef::Organizer(slug("skogslaget"))));
    concert.change(|event| event.title = Text::nb("Julekonsert med kor"));
    let id = app
        .snapshot()
        .event_at(&slug("julekonsert"))
        .unwrap()
        .id()
        .to_owned();
    (app, format!("/organizer/published/{id}"))
}

/// Returns the addresses of the comparisons, newest version first.
fn comparisons(person: &mut Person, path: &str) -> Vec<String> {
    let page = person.get(&format!("{path}/history")).ok();
    let parts = page.text().split("href=\"").skip(1);
    let all = parts.filter_map(|part| part.split('"').next());
    all.filter(|value| value.contains("/history?version="))
        .map(str::to_owned)
        .collect()
}

/// Sends the form of a comparison that restores a field, whether or not it has a button for it.
fn restore(
    person: &mut Person,
    path: &str,
    comparison: &str,
    field: &str,
) -> crate::support::Answer {
    let action = format!("{path}/history");
    let page = person.get(comparison).ok();
    let mut hidden = hidden_fields(page.text(), &action);
    hidden.retain(|(name, _)| matches!(name.as_str(), "token" | "seen"));
    let version = comparison.rsplit('=').next().unwrap().to_owned();
    let known = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str()));
    let more = [("version", version.as_str()), ("field", field)];
    let fields: Vec<_> = known.chain(more).collect();
    person.post(&action, &fields)
}

#[test]
fn members_restore_what_goes_live_at_once_and_editors_restore_texts() {
    let mails = SmtpServer::start();
    let (app, path) = app(&mails);
    let mut visitor = Person::new(app.address().as_str());
    let mut kari = signed_in(&app, &mails, KARI);
    let cancel = [("status", "cancelled"), ("notice", "Dirigenten er syk.")];
    kari.fill(&path, &path, &cancel).with_status(303);
    kari.fill(&path, &path, &[("status", "scheduled"), ("notice", "")])
        .with_status(303);

    let all = comparisons(&mut kari, &path);
    assert_eq!(all.len(), 5, "{all:?}");
    let list = kari.get(&format!("{path}/history")).ok();
    for text in [KARI, "Status", "Tittel", "Arrangør", "Publisert nå"] {
        assert!(list.text().contains(text), "{text}: {}", list.text());
    }
    let cancelled = kari.get(&all[1]).ok();
    for text in ["<ins>Avlyst", "<del>Avlyst"] {
        assert!(
            cancelled.text().contains(text),
            "{text}: {}",
            cancelled.text()
        );
    }
    let done = restore(&mut kari, &path, &all[1], "status").with_status(303);
    assert!(done.header("Location").ends_with("notice=restored"));
    let page = visitor.get("/events/julekonsert").ok();
    assert!(
        page.text().contains("Dirigenten er syk."),
        "{}",
        page.text()
    );
    let feed = visitor.get("/events/julekonsert.ics").ok();
    assert!(feed.text().contains("STATUS:CANCELLED"), "{}", feed.text());

    // The text of an organisation without trust is an editor's decision.
    let first = all.last().unwrap();
    let shown = kari.get(first).ok();
    assert!(
        shown.text().contains("<ins> med kor</ins>"),
        "{}",
        shown.text()
    );
    assert!(
        !shown.text().contains("value=\"title\""),
        "{}",
        shown.text()
    );
    restore(&mut kari, &path, first, "title").with_status(403);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let shown = editor.get(first).ok();
    assert!(shown.text().contains("value=\"title\""), "{}", shown.text());
    restore(&mut editor, &path, first, "title").with_status(303);
    let page = visitor.get("/events/julekonsert").ok();
    assert!(!page.text().contains("med kor"), "{}", page.text());
    assert!(
        page.text().contains("Dirigenten er syk."),
        "other fields stay"
    );
    let newest = app.snapshot();
    let newest = newest.event_at(&slug("julekonsert")).unwrap().event();
    assert!(newest.sequence >= 3, "{}", newest.sequence);
    // Members see that it was no member, and not the editor's address.
    let list = kari.get(&format!("{path}/history")).ok();
    assert!(!list.text().contains(EDITOR) && list.text().contains("En redaktør"));
}

#[test]
fn versions_from_before_the_event_was_public_are_shown_to_nobody() {
    let mails = SmtpServer::start();
    let (app, path) = app(&mails);
    let id = path.rsplit('/').next().unwrap();
    let stored = || {
        let found = records::one::<Event>(&**app.calendar(), id);
        found.unwrap().unwrap()
    };
    let change = |change: &dyn Fn(&mut Event)| {
        let (old, revision) = stored();
        let mut next = old.clone();
        change(&mut next);
        app.commit_changes(vec![Change::update(next.into(), revision)]);
    };
    change(&|event| {
        event.publication = Publication::Submitted;
        event.summary = Text::nb("KANARI");
    });
    let (_, hidden_version) = stored();
    change(&|event| {
        event.publication = Publication::Published;
        event.summary = Text::nb("Kor og orgel.");
    });
    let mut editor = signed_in(&app, &mails, EDITOR);
    for comparison in comparisons(&mut editor, &path) {
        let page = editor.get(&comparison).ok();
        assert!(!page.text().contains("KANARI"), "{}", page.text());
    }
    let hidden = format!("{path}/history?version={hidden_version}");
    editor.get(&hidden).with_status(404);
    let (_, current) = stored();
    let page_token = super::token(&mut editor);
    let (seen, version) = (current.to_string(), hidden_version.to_string());
    let fields = [
        ("token", page_token.as_str()),
        ("seen", seen.as_str()),
        ("version", version.as_str()),
        ("field", "summary"),
    ];
    editor
        .post(&format!("{path}/history"), &fields)
        .with_status(404);
    assert_eq!(stored().0.summary, Text::nb("Kor og orgel."));
}

#[test]
fn a_field_is_not_restored_over_a_change_that_was_not_seen() {
    let mails = SmtpServer::start();
    let (app, path) = app(&mails);
    let mut editor = signed_in(&app, &mails, EDITOR);
    let all = comparisons(&mut editor, &path);
    let action = format!("{path}/history");
    let opened = editor.get(all.last().unwrap()).ok();
    let hidden = hidden_fields(opened.text(), &action);
    editor
        .fill(&path, &path, &[("status", "postponed")])
        .with_status(303);
    let before = app.commit_number();
    let send = |editor: &mut Person, version: &str, seen: Option<&str>| {
        let known = hidden.iter().take(2).map(|(name, value)| {
            let value = seen.filter(|_| name == "seen").unwrap_or(value);
            (name.as_str(), value)
        });
        let more = [("version", version), ("field", "title")];
        let fields: Vec<_> = known.chain(more).collect();
        editor.post(&action, &fields)
    };
    let overtaken = send(&mut editor, "1", None).with_status(303);
    assert!(overtaken.header("Location").ends_with("notice=changed"));
    send(&mut editor, "x", None).with_status(400);
    send(&mut editor, "99", Some("4")).with_status(404);
    let publication = [("version", "1"), ("field", "publication"), ("seen", "4")];
    let token = hidden.iter().find(|hidden| hidden.0 == "token").unwrap();
    let fields: Vec<_> = publication
        .into_iter()
        .chain([("token", token.1.as_str())])
        .collect();
    editor.post(&action, &fields).with_status(403);
    assert_eq!(app.commit_number(), before);
    for wrong in ["0", "99", "-1", "x"] {
        let answer = editor.get(&format!("{action}?version={wrong}"));
        assert!(
            answer.status == 404 || answer.status == 400 || answer.status == 200,
            "{wrong}"
        );
    }
}
