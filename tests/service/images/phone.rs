//! A picture from the phone to the page, the feed and the structured data, in a real browser.

use calendar_domain::EditorScope;
use serde_json::Value;

use super::{CONCERT, EDITOR, KARI, picture};
use crate::browser::MEASURE;
use crate::organizers::account;
use crate::organizers::hands::{Hands, Way};
use crate::support::chrome::{Chrome, Scheme};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use crate::support::{TestServer, axe};

const WIDTH: u32 = 390;
const PAGE: &str = "/events/julekonsert-i-skogen";
/// Returns the width that each picture of the page was decoded at.
const DECODED: &str =
    "return [...document.querySelectorAll('main img')].map((it) => it.complete && it.naturalWidth)";

struct World {
    mails: SmtpServer,
    app: TestServer,
}

impl World {
    fn open(&self, chrome: &Chrome, path: &str) {
        let server = self.app.address().as_str().trim_end_matches('/');
        chrome.open(format!("{server}{path}"));
    }

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
}

/// Returns what axe-core finds on the open page, and whether it is wider than the screen.
fn findings(chrome: &Chrome, page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (width, scheme, colours) in axe::VIEWS {
        chrome.look(width, scheme);
        let place = format!("{page} at {width}, {scheme:?}");
        let of_axe = axe::findings(chrome, colours).into_iter();
        found.extend(of_axe.map(|of_axe| format!("{place}: {of_axe}")));
        let seen = chrome.run(MEASURE);
        if seen["scroll"].as_u64() > Some(width.into()) {
            found.push(format!("{place} is too wide: {:#}", seen["out"]));
        }
    }
    chrome.look(WIDTH, Scheme::Light);
    found
}

/// From signing in to an event with a picture that waits for an editor.
fn submit(world: &World, kari: &mut Hands<'_>, photo: &str, looks: bool) -> Vec<String> {
    world.open(kari.chrome, "/organizer/");
    world.sign_in(kari, KARI);
    world.open(kari.chrome, "/organizer/organisations/new");
    kari.fill("#name", "Skogslaget");
    kari.follow("main form button");
    world.open(kari.chrome, "/organizer/events/new");
    kari.fill("#title", CONCERT[0].1);
    kari.fill("#date", CONCERT[1].1);
    kari.fill("#start_time", CONCERT[2].1);
    kari.choose("#place", "terningen-arena", "Terningen Arena");
    kari.follow("button[value=images]");
    kari.chrome.type_into("#file", photo);
    kari.follow("form[enctype] button");
    let text = kari.text();
    assert!(text.contains("Bildet er lastet opp"), "{text}");
    let found = if looks {
        findings(kari.chrome, "the pictures")
    } else {
        Vec::new()
    };
    kari.fill("#image_alt-1", "Koret synger under et tre");
    kari.fill("#credit-1", "Ola Fotograf");
    kari.follow("button[value=save]");
    kari.follow("main a[href$='#images']");
    kari.follow("button[value=check]");
    let text = kari.text();
    assert!(text.contains("Koret synger under et tre"), "{text}");
    kari.follow("form[action$='/send'] button");
    assert!(kari.text().contains("Til godkjenning"), "{}", kari.text());
    found
}

fn walk(way: Way, looks: bool) {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start();
    let editor = account(&app, 9, EDITOR, Some(EditorScope::All));
    app.commit(vec![editor.into()]);
    let world = World { mails, app };
    let photo = world.app.folder().join("IMG_2041.jpg");
    std::fs::write(&photo, picture(3000, 2000, 90)).unwrap();
    let chrome = Chrome::start();
    if looks {
        axe::load(&chrome);
    }
    chrome.look(WIDTH, Scheme::Light);
    let mut kari = Hands::new(&chrome, way);
    let mut found = submit(&world, &mut kari, photo.to_str().unwrap(), looks);

    let other_phone = Chrome::start();
    other_phone.look(WIDTH, Scheme::Light);
    let mut editor = Hands::new(&other_phone, way);
    world.open(&other_phone, "/editor/");
    world.sign_in(&mut editor, EDITOR);
    editor.follow(".work-list a");
    let seen = other_phone.run(DECODED);
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "{seen}");
    editor.follow("button[value=approve]");

    for path in [PAGE, "/?q=julekonsert"] {
        world.open(&chrome, path);
        chrome.run("for (const it of document.querySelectorAll('main img')) it.scrollIntoView()");
        chrome.until_run(
            "const all = [...document.querySelectorAll('main img')]; \
             return all.length === 1 && all.every((it) => it.complete && it.naturalWidth > 0)",
            path,
        );
        if looks {
            found.extend(findings(&chrome, path));
        }
    }
    assert!(found.is_empty(), "{found:#?}");

    let mut visitor = Person::new(world.app.address().as_str());
    let page = visitor.get(PAGE).ok();
    let data = page.text().split("application/ld+json\">").nth(1).unwrap();
    let data: Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    let image = data.to_string();
    assert!(image.contains("\"creditText\":\"Ola Fotograf\""), "{image}");
    let server = world
        .app
        .address()
        .as_str()
        .trim_end_matches('/')
        .to_owned();
    let address = image.split("\"contentUrl\":\"").nth(1).unwrap();
    let address = address.split('"').next().unwrap();
    let path = address.strip_prefix(&server).unwrap();
    assert_eq!(visitor.get(path).ok().header("Content-Type"), "image/jpeg");
    let feed = visitor.get("/feeds/all.ics").ok();
    let unfolded = feed.text().replace("\r\n ", "");
    assert!(
        unfolded.contains(&format!("X-CREDIT=Ola Fotograf:{address}")),
        "{unfolded}"
    );
    for chrome in [&chrome, &other_phone] {
        let complaints = chrome.complaints();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}

#[test]
fn a_picture_goes_from_the_phone_to_page_feed_and_structured_data() {
    walk(Way::Touch, true);
}

#[test]
fn a_picture_is_uploaded_and_described_without_scripts() {
    walk(Way::TouchWithoutScripts, false);
}
