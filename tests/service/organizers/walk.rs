//! The whole path in a real browser at phone size, with a real mail server: by touch, without scripts, and by keyboard
//! alone.

use calendar_domain::EditorScope;

use super::account;
use super::hands::{Hands, Way};
use crate::support::TestServer;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

const KARI: &str = "kari@example.org";
const EDITOR: &str = "redaktor@example.org";
const WIDTH: u32 = 390;
/// The pages that show an event, by its slug.
const PUBLIC: [&str; 5] = [
    "/events/quizkveld-i-parken",
    "/",
    "/?q=quizkveld",
    "/feeds/all.ics",
    "/feeds/place/terningen-arena.json",
];

/// The server and its mails.
struct World {
    mails: SmtpServer,
    app: TestServer,
}

impl World {
    fn open(&self, hands: &Hands<'_>, path: &str) {
        let server = self.app.address().as_str().trim_end_matches('/');
        hands.chrome.open(format!("{server}{path}"));
    }

    /// Signs in with the code from a mail, from the page that asks for it.
    fn sign_in(&self, hands: &mut Hands<'_>, email: &str) {
        let before = self
            .mails
            .all()
            .iter()
            .filter(|mail| mail.to == email)
            .count();
        hands.fill("#email", email);
        hands.follow("main form button");
        let code = self.mails.next_to(email, before).code();
        hands.fill("#code", &code);
        hands.follow("main form button");
    }

    /// Opens the page that the last mail to somebody links to.
    fn open_link(&self, hands: &mut Hands<'_>, email: &str, before: usize) {
        let mail = self.mails.next_to(email, before);
        let link = mail.links().remove(0);
        hands.clicks += 1;
        hands.chrome.open(link);
    }

    /// Returns the public pages that do not contain a text, by somebody who is not signed in.
    fn without(&self, text: &str) -> Vec<&'static str> {
        let mut visitor = Person::new(self.app.address().as_str());
        let mut lacks = |path: &&str| {
            let page = visitor.get(path);
            page.status != 200 || !page.text().contains(text)
        };
        PUBLIC.into_iter().filter(|path| lacks(path)).collect()
    }
}

/// From signing in to an event that waits for an editor.
fn submit(world: &World, kari: &mut Hands<'_>) {
    world.open(kari, "/organizer/");
    world.sign_in(kari, KARI);
    kari.follow("main .acts a.button");
    kari.follow("main a[href*='/organisations/new']");
    kari.fill("#name", "Skogslaget");
    kari.follow("main form button");
    kari.follow("main .acts a.button");

    kari.fill("#title", "Quizkveld");
    kari.fill("#date", "9.12.2026");
    kari.fill("#start_time", "19");
    kari.unfold("#dates");
    kari.fill("#repetition", "hver onsdag, 4 ganger");
    kari.choose("#place", "terningen-arena", "Terningen Arena");
    kari.tick("input[name=category][value=music]");
    kari.unfold("#programme");
    kari.fill("#part_title-0", "Oppvarming");
    kari.fill("#part_start-0", "19");
    kari.fill("#part_title-1", "Finale");
    kari.fill("#part_start-1", "20.30");
    kari.follow("button[value=check]");
    let text = kari.text();
    assert!(
        text.contains("Onsdag 9. desember 2026 kl.\u{a0}19"),
        "{text}"
    );
    kari.follow("form[action$='/send'] button");
    assert!(kari.text().contains("Til godkjenning"), "{}", kari.text());
}

/// The editor asks for a change.
fn ask(world: &World, editor: &mut Hands<'_>) {
    world.open(editor, "/editor/");
    world.sign_in(editor, EDITOR);
    editor.follow(".work-list a");
    editor.unfold("details:has(button[value=ask])");
    editor.fill("#comment_title", "Hvor er quizen?");
    editor.follow("button[value=ask]");
    let text = editor.text();
    let is_done = text.contains("Avgjørelsen er lagret") && !text.contains("Quizkveld");
    assert!(is_done, "{text}");
}

/// The organizer makes it.
fn change(world: &World, kari: &mut Hands<'_>) {
    world.open_link(kari, KARI, 2);
    assert!(kari.text().contains("Hvor er quizen?"), "{}", kari.text());
    kari.follow("main a[href$='/edit']");
    kari.fill("#title", "Quizkveld i parken");
    kari.follow("button[value=check]");
    kari.follow("form[action$='/send'] button");
}

/// The editor approves the event with its organisation.
fn approve(world: &World, editor: &mut Hands<'_>) {
    world.open(editor, "/editor/");
    editor.follow(".work-list a");
    editor.follow("button[value=approve]");
    assert!(
        editor.text().contains("Ingenting venter"),
        "{}",
        editor.text()
    );
}

/// The organizer cancels it, with a reason.
fn cancel(world: &World, kari: &mut Hands<'_>) {
    world.open_link(kari, KARI, 4);
    world.open(kari, "/organizer/");
    kari.follow("main a[href*='/organizer/published/']");
    kari.pick("status", "cancelled");
    kari.fill("#notice", "Quizmesteren er syk.");
    kari.follow("form:has(#notice) button");
    let text = kari.text();
    assert!(text.contains("Endringen er publisert"), "{text}");
}

fn walk(way: Way) {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start();
    app.commit(vec![
        account(&app, 9, EDITOR, Some(EditorScope::All)).into(),
    ]);
    let world = World { mails, app };
    let (phone, other_phone) = (Chrome::start(), Chrome::start());
    phone.look(WIDTH, Scheme::Light);
    other_phone.look(WIDTH, Scheme::Light);
    let mut kari = Hands::new(&phone, way);
    let mut editor = Hands::new(&other_phone, way);

    submit(&world, &mut kari);
    println!("{way:?}, from sign-in to sent: {}", kari.count());
    ask(&world, &mut editor);
    println!("{way:?}, editor, sign-in and asking: {}", editor.count());
    change(&world, &mut kari);
    assert_eq!(world.without("Quizkveld"), PUBLIC, "nothing is public yet");
    approve(&world, &mut editor);
    println!("{way:?}, editor in all: {}", editor.count());
    assert_eq!(world.without("Quizkveld i parken"), [""; 0]);
    let mut visitor = Person::new(world.app.address().as_str());
    let page = visitor.get(PUBLIC[0]).ok();
    for text in ["Oppvarming", "Finale", "30. desember", "Skogslaget"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    cancel(&world, &mut kari);
    println!("{way:?}, organizer in all: {}", kari.count());
    for (path, text) in
        PUBLIC
            .into_iter()
            .zip(["Avlyst", "Avlyst", "Avlyst", "STATUS:CANCELLED", "Avlyst"])
    {
        let page = visitor.get(path).ok();
        assert!(page.text().contains(text), "{path}: {}", page.text());
    }
    for chrome in [&phone, &other_phone] {
        let complaints = chrome.complaints();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}

#[test]
fn an_event_goes_from_sign_in_to_published_and_cancelled_by_touch_on_a_phone() {
    walk(Way::Touch);
}

#[test]
fn the_whole_path_works_without_scripts() {
    walk(Way::TouchWithoutScripts);
}

#[test]
fn the_whole_path_works_by_keyboard_alone_with_the_focus_visible_at_each_stop() {
    walk(Way::Keyboard);
}
