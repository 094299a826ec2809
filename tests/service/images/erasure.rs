//! A picture that an organizer deletes for good.

use calendar_domain::{Event, Image, Record};
use calendar_store::Store as _;

use super::upload::{DESCRIBED, app, paths_of, publish};
use super::{EDITOR, KARI, change, draft, draft_of, picture, upload};
use crate::organizers::{led_to, signed_in};
use crate::support::person::{Person, hidden_fields};
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, event};

const PAGE: &str = "/events/julekonsert-i-skogen";

/// A published event with a picture, and an edit of it.
struct World {
    app: TestServer,
    kari: Person,
    /// The page for quick changes of the event.
    published: String,
    /// The path of the edit.
    edit: String,
}

impl World {
    fn new(mails: &SmtpServer) -> Self {
        let app = app(mails);
        let mut kari = signed_in(&app, mails, KARI);
        let own = draft(&mut kari);
        let added = upload(&mut kari, &own, "IMG_1.jpg", &picture(1200, 900, 7));
        assert_eq!(added, "image-added");
        let described: Vec<_> = DESCRIBED.into_iter().chain([("action", "save")]).collect();
        assert_eq!(change(&mut kari, &own, &described), "image-saved");
        let mut editor = signed_in(&app, mails, EDITOR);
        publish(&mut kari, &mut editor, &own);
        let snapshot = app.snapshot();
        let found = snapshot.event_at(&"julekonsert-i-skogen".parse().unwrap());
        let published = format!("/organizer/published/{}", found.unwrap().id());
        let started = kari.fill(&published, &format!("{published}/edit"), &[]);
        let edit = led_to(&started.with_status(303));
        let edit = edit.trim_end_matches("/edit").to_owned();
        Self {
            app,
            kari,
            published,
            edit,
        }
    }

    fn event(&self) -> Event {
        let snapshot = self.app.snapshot();
        let found = snapshot.event_at(&"julekonsert-i-skogen".parse().unwrap());
        (*found.unwrap().event()).clone()
    }

    fn images(&self) -> Vec<Image> {
        self.event().images
    }
}

#[test]
fn a_picture_deleted_for_good_is_gone_at_once_and_cannot_be_restored() {
    let mails = SmtpServer::start();
    let mut world = World::new(&mails);
    let mut visitor = Person::new(world.app.address().as_str());
    let paths = paths_of(visitor.get(PAGE).ok().text());
    assert_eq!(paths.len(), 3);
    let before = world.app.snapshot().version().commit;
    let page = world.kari.get(&format!("{}/images", world.edit)).ok();
    assert!(
        page.text().contains("Det kan ikke angres"),
        "{}",
        page.text()
    );

    let erased = change(&mut world.kari, &world.edit, &[("action", "erase")]);
    assert_eq!(erased, "image-erased");
    assert!(world.app.snapshot().version().commit > before);
    assert_eq!(
        paths_of(visitor.get(PAGE).ok().text()),
        Vec::<String>::new()
    );
    for path in &paths {
        visitor.get(path).with_status(404);
    }
    let files = world.app.calendar().images().unwrap();
    assert!(files.names().unwrap().is_empty());
    assert!(world.images().is_empty());

    // Earlier versions say that there was a picture, and none can bring it back.
    let history = format!("{}/history", world.published);
    let list = world.kari.get(&history).ok();
    let versions = list.text().split("/history?version=").skip(1);
    let versions: Vec<String> = versions
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect())
        .collect();
    let mut editor = signed_in(&world.app, &mails, EDITOR);
    let first = versions.iter().min().unwrap();
    let comparison = format!("{history}?version={first}");
    let shown = editor.get(&comparison).ok();
    assert_eq!(paths_of(shown.text()), Vec::<String>::new());
    let mut hidden = hidden_fields(shown.text(), &history);
    hidden.retain(|(name, _)| matches!(name.as_str(), "token" | "seen"));
    let known = hidden
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let fields = [("field", "images"), ("version", first.as_str())];
    let fields: Vec<_> = known.chain(fields).collect();
    let answer = editor.post(&history, &fields).with_status(303);
    assert!(
        answer.header("Location").contains("notice=state"),
        "{answer:?}"
    );
    assert!(world.images().is_empty());
    let checked = calendar_store::check_backup(&world.app.backup()).unwrap();
    assert_eq!(checked.findings, Vec::<String>::new());
}

#[test]
fn a_picture_that_others_show_stays_there_and_the_organizer_learns_of_it() {
    let mails = SmtpServer::start();
    let mut world = World::new(&mails);
    let mut other = event("Nyttårskonsert")
        .on("2027-01-01T18:00")
        .finish(&world.app);
    other.images = world.images();
    world.app.commit(vec![Record::from(other)]);
    let erased = change(&mut world.kari, &world.edit, &[("action", "erase")]);
    assert_eq!(erased, "image-elsewhere");
    assert!(world.images().is_empty());
    let mut visitor = Person::new(world.app.address().as_str());
    let paths = paths_of(visitor.get("/events/nyttarskonsert").ok().text());
    assert_eq!(paths.len(), 3);
    for path in &paths {
        visitor.get(path).ok();
    }
}

#[test]
fn whoever_deletes_a_picture_of_one_organisation_leaves_it_to_the_others() {
    let mails = SmtpServer::start();
    let world = World::new(&mails);
    let mut editor = signed_in(&world.app, &mails, EDITOR);
    let own = draft_of(&mut editor, "Redaksjonslaget");
    let added = upload(&mut editor, &own, "IMG_1.jpg", &picture(1200, 900, 7));
    assert_eq!(added, "image-added");
    let erased = change(&mut editor, &own, &[("action", "erase")]);
    assert_eq!(erased, "image-elsewhere");
    assert_eq!(world.images().len(), 1);
    let mut visitor = Person::new(world.app.address().as_str());
    for path in paths_of(visitor.get(PAGE).ok().text()) {
        visitor.get(&path).ok();
    }
}

#[test]
fn an_editor_deletes_a_picture_from_a_public_event() {
    let mails = SmtpServer::start();
    let world = World::new(&mails);
    let mut visitor = Person::new(world.app.address().as_str());
    let paths = paths_of(visitor.get(PAGE).ok().text());
    assert_eq!(paths.len(), 3);

    // The edit that Kari has open shows it too.
    let mut editor = signed_in(&world.app, &mails, EDITOR);
    let page = editor.get(&world.published).ok();
    assert!(page.text().contains("Slett bildet helt"), "{}", page.text());
    let action = format!("{}/images", world.published);
    let hidden = hidden_fields(page.text(), &action);
    let token = hidden.iter().find(|(name, _)| name == "token").unwrap();
    let another = [("token", token.1.as_str()), ("image", "another")];
    let wrong = editor.post(&action, &another);
    let led = wrong.with_status(303);
    assert!(led.header("Location").contains("notice=changed"), "{led:?}");
    assert_eq!(world.images().len(), 1);

    let done = editor.fill(&world.published, &action, &[]).with_status(303);
    assert!(
        done.header("Location").contains("notice=image-erased"),
        "{done:?}"
    );
    assert!(world.images().is_empty());
    for path in &paths {
        visitor.get(path).with_status(404);
    }
    let page = editor.get(&world.published).ok();
    assert!(!page.text().contains("Slett bildet helt"));
}

#[test]
fn a_stranger_deletes_no_picture_of_a_public_event() {
    let mails = SmtpServer::start();
    let mut world = World::new(&mails);
    let mut stranger = signed_in(&world.app, &mails, "fremmed@example.no");
    let action = format!("{}/images", world.published);
    let own = world.kari.get(&world.published).ok();
    let fields = hidden_fields(own.text(), &action);
    let image = fields.iter().find(|(name, _)| name == "image").unwrap();
    let page = stranger.get("/account").ok();
    let token = hidden_fields(page.text(), "/account");
    let token = token.iter().find(|(name, _)| name == "token").unwrap();
    let fields = [("token", token.1.as_str()), ("image", image.1.as_str())];
    stranger.post(&action, &fields).with_status(403);
    assert_eq!(world.images().len(), 1);
}
