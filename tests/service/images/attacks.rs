//! Hostile files: each is refused with advice, and nothing is kept of it.

use calendar_store::Store as _;
use image::{DynamicImage, ImageFormat, RgbImage};

use super::{KARI, begin_upload, draft, encoded, picture, upload};
use crate::organizers::signed_in;
use crate::support::TestServer;
use crate::support::smtp::SmtpServer;

/// A text that must not survive.
const CANARY: &[u8] = b"kanarifugl 60.8833 11.5625";

#[test]
fn hostile_files_are_refused_with_advice_or_cleaned() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut kari = signed_in(&app, &mails, KARI);
    let own = draft(&mut kari);
    let png = encoded(
        DynamicImage::ImageRgb8(RgbImage::new(300, 200)),
        ImageFormat::Png,
    );
    let mut wide = png.clone();
    // 30,000 pixels wide and high; the checksum of the header is that of the file below.
    wide[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let checksum = crc32fast::hash(&wide[12..29]);
    wide[29..33].copy_from_slice(&checksum.to_be_bytes());
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let html = b"<!doctype html><script>alert(document.cookie)</script>".to_vec();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let mut large = picture(300, 200, 1);
    large.resize(16 << 20, 0);
    let photo = picture(300, 200, 4);
    let strip = encoded(DynamicImage::new_rgb8(101, 700), ImageFormat::Png);
    let line = encoded(DynamicImage::new_rgb8(1, 2000), ImageFormat::Png);
    let cases: [(&str, Vec<u8>, &str, &str); 11] = [
        ("stort.png", wide, "image-pixels", "for mange piksler"),
        ("tegning.svg", svg, "image-format", "lagre den som JPEG"),
        ("side.jpg", html, "image-format", "lagre den som JPEG"),
        ("IMG_1.HEIC", heic, "image-heic", "Mest kompatibelt"),
        ("stor.jpg", large, "image-too-large", "15 MB"),
        (
            "kutt.png",
            png[..png.len() / 2].to_vec(),
            "image-cut",
            "Last opp bildet på nytt",
        ),
        (
            "IMG_2.jpg",
            photo[..photo.len() * 2 / 3].to_vec(),
            "image-cut",
            "Filen er ikke hel",
        ),
        ("remse.png", strip, "image-narrow", "høyst 6 ganger"),
        ("strek.png", line, "image-too-small", "100 piksler"),
        ("tom.jpg", Vec::new(), "image-missing", "Velg en bildefil"),
        (
            "prikk.png",
            encoded(DynamicImage::new_rgb8(1, 1), ImageFormat::Png),
            "image-too-small",
            "100 piksler",
        ),
    ];
    for (name, content, notice, advice) in cases {
        assert_eq!(upload(&mut kari, &own, name, &content), notice, "{name}");
        let page = kari.get(&format!("{own}/images?notice={notice}")).ok();
        assert!(page.text().contains(advice), "{name}: {}", page.text());
        assert!(
            page.text().contains("<title>Feil:"),
            "{name}: {}",
            page.text()
        );
    }
    assert_eq!(app.calendar().images().unwrap().names().unwrap().len(), 0);

    let mut polyglot = picture(300, 200, 2);
    polyglot.extend_from_slice(CANARY);
    assert_eq!(
        upload(&mut kari, &own, "../../x.php", &polyglot),
        "image-added"
    );
    let files = app.calendar().images().unwrap();
    for name in files.names().unwrap() {
        let content = files.read(&name).unwrap().unwrap();
        assert!(!content.windows(CANARY.len()).any(|pair| pair == CANARY));
    }
    // Not by other names, and not beyond the folder.
    for path in ["/images/..%2f..%2fjournal", "/images/x.jpg", "/images/"] {
        assert_eq!(kari.get(path).status, 404, "{path}");
    }
}

/// Parts of a form, each a header and a body, with the notice and the advice that follow.
type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a str, &'a str);

#[test]
fn several_files_and_a_text_in_place_of_a_file_are_refused_with_advice() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut kari = signed_in(&app, &mails, KARI);
    let own = draft(&mut kari);
    let images = format!("{own}/images");
    let mut large = picture(300, 200, 1);
    large.resize(9 << 20, 0);
    let file = "form-data; name=\"file\"; filename=\"a.jpg\"";
    let small = picture(300, 200, 2);
    let cases: [Case<'_>; 4] = [
        (
            &[(file, &small), (file, &small)],
            "image-several",
            "ett bilde om gangen",
        ),
        (
            &[(file, &large), (file, &large)],
            "image-several",
            "ett bilde om gangen",
        ),
        (
            &[("form-data; name=\"file\"", b"tekst")],
            "image-missing",
            "Velg en bildefil",
        ),
        (&[], "image-missing", "Velg en bildefil"),
    ];
    for (parts, notice, advice) in cases {
        let answer = kari.upload_parts(&images, parts).with_status(303);
        let to = answer.header("Location").to_owned();
        assert!(to.ends_with(&format!("?notice={notice}")), "{to}");
        let page = kari.get(&to).ok();
        assert!(page.text().contains(advice), "{}", page.text());
    }
    assert_eq!(app.calendar().images().unwrap().names().unwrap().len(), 0);
    let page = kari.get(&images).ok();
    for part in ["minst 100 piksler", "høyst 6 ganger"] {
        assert!(page.text().contains(part), "the form does not say: {part}");
    }
}

#[test]
fn an_account_uploads_a_few_pictures_at_once_and_another_one_is_not_kept_waiting() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut kari = signed_in(&app, &mails, KARI);
    let mut ola = signed_in(&app, &mails, "ola@example.org");
    let (own, of_ola) = (draft(&mut kari), draft(&mut ola));
    let images = format!("{own}/images");
    let begin = |_| begin_upload(&kari, app.address().as_str(), &images);
    let hanging: Vec<_> = (0..3).map(begin).collect();
    let photo = picture(300, 200, 3);
    // The hanging ones are counted once the server has read their headers.
    let refused = (0..200).find_map(|_| {
        let answer = kari.upload(&images, "a.jpg", &photo);
        (answer.status != 303).then_some(answer)
    });
    let refused = refused
        .expect("a fourth upload is refused")
        .with_status(429);
    assert_eq!(refused.header("Retry-After"), "15");
    assert!(
        refused.text().contains("flere filer samtidig"),
        "{}",
        refused.text()
    );
    assert_eq!(upload(&mut ola, &of_ola, "a.jpg", &photo), "image-added");
    drop(hanging);
    let taken = (0..200).any(|_| kari.upload(&images, "a.jpg", &photo).status == 303);
    assert!(taken, "places are free again");
}

#[test]
fn a_form_of_the_event_cannot_name_pictures() {
    let mails = SmtpServer::start();
    let app = TestServer::builder().with_mail(&mails.url()).start();
    let mut kari = signed_in(&app, &mails, KARI);
    let own = draft(&mut kari);
    let edit = format!("{own}/edit");
    let fields = [
        ("title", "Konsert"),
        ("image", "{\"url\":\"https://ond.example/sporing.gif\"}"),
        ("image_alt", "Bilde"),
        ("action", "save"),
    ];
    kari.fill(&edit, &edit, &fields).with_status(303);
    let page = kari.get(&format!("{own}/images")).ok();
    assert!(!page.text().contains("ond.example"), "{}", page.text());
}
