//! A picture from the upload to the page, the lists, the feeds and the API, and back from a backup.

use calendar_domain::EditorScope;
use calendar_store::Store as _;

use super::{EDITOR, KARI, change, draft, picture, upload};
use crate::organizers::{account, led_to, signed_in};
use crate::support::TestServer;
use crate::support::person::Person;
use crate::support::server::BASE;
use crate::support::smtp::SmtpServer;

pub const DESCRIBED: [(&str, &str); 5] = [
    ("image_alt", "Koret synger under et tre"),
    ("image_alt_en", "The choir sings under a tree"),
    ("image_credit", "Ola Fotograf"),
    ("image_licence", "CC BY 4.0"),
    ("image_focus", "top_left"),
];

const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// Returns the beginning of what RSS and Atom say about the picture at an address, by Media RSS.
fn media(address: &str) -> String {
    format!(
        "<media:content xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"{address}\" fileSize=\""
    )
}

/// What RSS and Atom say about the picture, by Media RSS.
const MEDIA: [&str; 3] = [
    "<media:description type=\"plain\">Koret synger under et tre</media:description>",
    "<media:credit role=\"photographer\" scheme=\"urn:ebu\">Ola Fotograf</media:credit>",
    "<media:license type=\"text/html\" href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</media:license>",
];

/// Returns the paths of the images in a page.
pub fn paths_of(page: &str) -> Vec<String> {
    let parts = page.split("/images/").skip(1);
    let names = parts.filter_map(|part| part.get(..68).filter(|name| name.ends_with(".jpg")));
    let mut paths: Vec<String> = names.map(|name| format!("/images/{name}")).collect();
    paths.sort();
    paths.dedup();
    paths
}

pub fn app(mails: &SmtpServer) -> TestServer {
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let editor = account(&app, 9, EDITOR, Some(EditorScope::All));
    app.commit(vec![editor.into()]);
    app
}

/// Sends a submission, which an editor then approves.
pub fn publish(kari: &mut Person, editor: &mut Person, own: &str) {
    let (check, send) = (format!("{own}/check"), format!("{own}/send"));
    let sent = kari.fill(&check, &send, &[]).with_status(303);
    assert_eq!(led_to(&sent), own);
    let review = own.replace("/organizer/events/", "/editor/submissions/");
    let shown = editor.get(&review).ok();
    assert!(
        !paths_of(shown.text()).is_empty(),
        "the editor sees the picture"
    );
    let approve = [("action", "approve"), ("approve_organisation", "yes")];
    let done = editor.fill(&review, &review, &approve).with_status(303);
    assert_eq!(led_to(&done), "/editor/");
}

#[test]
fn a_picture_goes_from_the_upload_to_pages_feeds_and_back_from_a_backup() {
    let mails = SmtpServer::start();
    let mut app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let own = draft(&mut kari);
    assert_eq!(
        upload(&mut kari, &own, "IMG_1.jpg", &picture(2000, 1500, 7)),
        "image-added"
    );

    // Without a description it cannot be sent, and the error in the form loses nothing.
    let page = kari.get(&format!("{own}/edit?check=true")).ok();
    assert!(page.text().contains("Beskriv bildet."), "{}", page.text());
    let edit = format!("{own}/edit");
    let wrong = kari.fill(&edit, &edit, &[("title", ""), ("action", "check")]);
    assert!(
        wrong
            .with_status(303)
            .header("Location")
            .ends_with("edit?check=true")
    );
    let form: Vec<_> = super::CONCERT
        .into_iter()
        .chain([("action", "save")])
        .collect();
    kari.fill(&edit, &edit, &form).with_status(303);
    assert_eq!(
        change(&mut kari, &own, &[("action", "save")]),
        "image-undescribed"
    );
    let described: Vec<_> = DESCRIBED.into_iter().chain([("action", "save")]).collect();
    assert_eq!(change(&mut kari, &own, &described), "image-saved");

    let mut visitor = Person::new(app.address().as_str());
    let mut editor = signed_in(&app, &mails, EDITOR);
    publish(&mut kari, &mut editor, &own);

    let page = visitor.get("/events/julekonsert-i-skogen").ok();
    let paths = paths_of(page.text());
    assert_eq!(paths.len(), 3, "{}", page.text());
    for part in [
        "srcset=\"/images/",
        "480w, /images/",
        "1600w\"",
        "width=\"1600\" height=\"1200\"",
        "alt=\"Koret synger under et tre\"",
        "Foto: Ola Fotograf",
        "https://creativecommons.org/licenses/by/4.0/",
        "class=\"focus-top-left\"",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let english = visitor.get("/en/events/julekonsert-i-skogen").ok();
    assert!(
        english
            .text()
            .contains("alt=\"The choir sings under a tree\"")
    );
    let list = visitor.get("/?q=julekonsert").ok();
    assert!(
        list.text().contains("class=\"thumbnail focus-top-left\""),
        "{}",
        list.text()
    );
    assert!(list.text().contains("loading=\"lazy\""));
    let large = format!("{BASE}{}", large_of(&mut visitor));
    for (path, part) in [
        (
            "/feeds/all.ics",
            format!(
                "IMAGE;DISPLAY=GRAPHIC;FMTTYPE=image/jpeg;VALUE=URI;X-ALT=Koret synger under et tre;\
                 X-CREDIT=Ola Fotograf;X-LICENSE=\"{LICENCE}\":{large}"
            ),
        ),
        ("/feeds/all.rss", media(&large)),
        ("/feeds/all.atom", media(&large)),
        (
            "/feeds/all.json",
            format!(
                "\"_image\":{{\"alt\":\"Koret synger under et tre\",\"credit\":\"Ola Fotograf\",\
                 \"licence\":{{\"name\":\"CC BY 4.0\",\"url\":\"{LICENCE}\"}}}}"
            ),
        ),
        (
            "/feeds/all.rss",
            format!("<enclosure url=\"{large}\" length=\""),
        ),
        (
            "/feeds/all.atom",
            format!("<link rel=\"enclosure\" href=\"{large}\" length=\""),
        ),
        ("/feeds/all.json", large.clone()),
        (
            "/feeds/all.jsonld",
            "\"creditText\":\"Ola Fotograf\"".to_owned(),
        ),
        ("/feeds/all.jsonld", format!("\"contentUrl\":\"{large}\"")),
    ] {
        let feed = visitor.get(path).ok();
        let unfolded = feed.text().replace("\r\n ", "").replace("\": ", "\":");
        assert!(unfolded.contains(&part), "{path} lacks {part}: {unfolded}");
    }
    for path in ["/feeds/all.rss", "/feeds/all.atom"] {
        let feed = visitor.get(path).ok();
        for part in MEDIA {
            assert!(
                feed.text().contains(part),
                "{path} lacks {part}: {}",
                feed.text()
            );
        }
        let mut reader = quick_xml::Reader::from_str(feed.text());
        while reader.read_event().expect("well-formed XML") != quick_xml::events::Event::Eof {}
    }
    let listed = visitor.get("/api/v1/events?q=julekonsert").ok();
    let listed: serde_json::Value = serde_json::from_str(listed.text()).unwrap();
    let image = &listed["items"][0]["images"][0];
    assert_eq!(image["url"], large.as_str());
    assert_eq!(image["sizes"][0]["width"], 480);
    assert!(image["sizes"][0]["url"].as_str().unwrap().starts_with(BASE));

    for path in &paths {
        let got = visitor.get(path).ok();
        assert_eq!(got.header("Content-Type"), "image/jpeg");
        let caching = got.header("Cache-Control");
        assert_eq!(caching, "public, max-age=604800, must-revalidate");
        assert!(image::load_from_memory(&got.body).is_ok(), "{path}");
    }

    let backup = app.backup();
    std::fs::remove_dir_all(app.folder().join("store/images")).unwrap();
    assert_eq!(visitor.get(&paths[0]).status, 404);
    app.restore(&backup);
    let mut visitor = Person::new(app.address().as_str());
    for path in &paths {
        visitor.get(path).ok();
    }
    assert_eq!(app.calendar().images().unwrap().names().unwrap().len(), 3);
}

/// Returns the path of the largest size, from the page.
fn large_of(visitor: &mut Person) -> String {
    let page = visitor.get("/events/julekonsert-i-skogen").ok();
    let source = page.text().split("src=\"/images/").nth(1).unwrap();
    format!("/images/{}", &source[..68])
}

#[test]
fn pictures_are_ordered_removed_and_limited() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let mut kari = signed_in(&app, &mails, KARI);
    let own = draft(&mut kari);
    for number in 0..6 {
        let added = upload(&mut kari, &own, "a.jpg", &picture(300, 200, number * 40));
        assert_eq!(added, "image-added");
    }
    // The same picture again is the same picture.
    let page = kari.get(&format!("{own}/images")).ok();
    assert!(
        page.text().contains("Et arrangement kan ha 6 bilder"),
        "{}",
        page.text()
    );
    let first = paths_of(page.text()).len();
    assert_eq!(first, 6);
    let order = |page: &str| -> Vec<String> {
        let parts = page.split("name=\"image\" value=\"").skip(1);
        parts.map(|part| part[..64].to_owned()).collect()
    };
    let before = order(page.text());
    let last = [("action", "first"), ("image", before[5].as_str())];
    // The form of the page names the first picture; a later field does not count.
    let token = crate::organizers::token(&mut kari);
    let fields: Vec<_> = [("token", token.as_str())]
        .into_iter()
        .chain(last)
        .collect();
    let moved = kari.post(&format!("{own}/images/change"), &fields);
    assert!(
        moved
            .with_status(303)
            .header("Location")
            .ends_with("image-first")
    );
    let page = kari.get(&format!("{own}/images")).ok();
    let after = order(page.text());
    assert_eq!((&after[0], &after[1]), (&before[5], &before[0]));
    assert_eq!(
        change(&mut kari, &own, &[("action", "remove")]),
        "image-removed"
    );
    let page = kari.get(&format!("{own}/images")).ok();
    assert_eq!(order(page.text())[..], after[1..]);
}
