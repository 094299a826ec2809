//! The picture of an event in social networks and messages.

use calendar_domain::{Event, EventStatus, Image, ImageFile, ImageSource, KeptImage, Record, Text};

use crate::support::html::attributes;
use crate::support::server::BASE;
use crate::support::{Answer, TestServer, event};

/// Returns an image with sizes of these widths and heights, the smallest first.
fn image(sizes: &[(u32, u32)]) -> Image {
    let file = |(number, size): (usize, &(u32, u32))| ImageFile {
        name: format!("{number}").repeat(64).parse().unwrap(),
        width: size.0,
        height: size.1,
        bytes: 1000,
    };
    let mut smaller: Vec<_> = sizes.iter().enumerate().map(file).collect();
    let largest = smaller.pop().unwrap();
    let mut image = Image::new(ImageSource::Kept(KeptImage { largest, smaller }));
    image.alt = Text::nb("Koret synger");
    image
}

/// Returns the page of an event with these images.
fn page(app: &TestServer, images: Vec<Image>, change: impl Fn(&mut Event)) -> Answer {
    let title = format!("Konsert {}", app.commit_number());
    let mut concert = event(&title).on("2027-06-01T18:00").finish(app);
    concert.images = images;
    change(&mut concert);
    let path = format!("/events/{}", concert.slug);
    app.commit(vec![Record::from(concert)]);
    app.visitor().get(&path).ok()
}

/// Returns the values of a `meta` element of a page.
fn meta(page: &Answer, name: &str) -> String {
    let mut lines = page.text().lines();
    let line = lines.find(|line| line.contains(&format!("=\"{name}\"")));
    attributes(line.unwrap_or_default(), "content").concat()
}

#[test]
fn a_picture_of_the_event_is_shared_in_the_size_that_is_sharp() {
    let app = TestServer::start();
    let sizes = [(480, 320), (960, 640), (1600, 1067)];
    let shared = page(&app, vec![image(&sizes)], |_| {});
    let path = format!("{BASE}/images/{}.jpg", "2".repeat(64));
    assert_eq!(meta(&shared, "og:image"), path);
    assert_eq!(meta(&shared, "og:image:type"), "image/jpeg");
    assert_eq!(meta(&shared, "og:image:width"), "1600");
    assert_eq!(meta(&shared, "og:image:height"), "1067");
    assert_eq!(meta(&shared, "og:image:alt"), "Koret synger");
    assert_eq!(meta(&shared, "twitter:image:alt"), "Koret synger");
    assert_eq!(meta(&shared, "twitter:card"), "summary_large_image");
}

#[test]
fn small_pictures_those_of_partners_and_changed_events_have_the_drawn_card() {
    let app = TestServer::start();
    let large = [(480, 320), (960, 640)];
    let small = page(&app, vec![image(&[(480, 320), (590, 393)])], |_| {});
    let elsewhere = Image::at("https://bilder.example/kor.jpg".parse().unwrap());
    let of_partner = page(&app, vec![elsewhere], |_| {});
    let cancelled = page(&app, vec![image(&large)], |concert| {
        concert.status = EventStatus::Cancelled;
    });
    let none = page(&app, Vec::new(), |_| {});
    for card in [&small, &of_partner, &cancelled, &none] {
        let address = meta(card, "og:image");
        assert!(
            address.starts_with(&format!("{BASE}/og/events/")),
            "{address}"
        );
        assert_eq!(meta(card, "og:image:type"), "image/png");
        assert_eq!(meta(card, "og:image:width"), "1200");
        assert_eq!(meta(card, "og:image:alt"), meta(card, "twitter:image:alt"));
    }
    // The first picture may be too small, and the next one is not.
    let second = page(&app, vec![image(&[(300, 200)]), image(&large)], |_| {});
    assert_eq!(meta(&second, "og:image:width"), "960");
}
