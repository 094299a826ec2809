//! Many uploads at once take no more memory than one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::{draft, upload, with_mail};
use crate::support::memory_of;
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use image::codecs::jpeg::JpegEncoder;

const UPLOADS: usize = 20;
/// Number of uploads of an account at once.
const OF_ACCOUNT: usize = 3;
/// Memory above that of the idle server, in kilobytes. The goal is 250 MB; on a busy machine the allocator keeps more of the
/// picture before (docs/performance.md).
const MOST: usize = 300 << 10;

/// Returns a photo of about 50 megapixels and almost 15 MB.
fn photo() -> Vec<u8> {
    let (width, height) = (8_600, 5_800);
    let mut seed = 1_u32;
    let noise = |_, y| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 26) as u8 + (y % 128) as u8, 90, 40])
    };
    let picture = image::RgbImage::from_fn(width, height, noise);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 82);
    encoder.encode_image(&picture).unwrap();
    bytes
}

#[test]
fn twenty_uploads_at_once_take_little_memory() {
    let photo = photo();
    assert!(
        (12 << 20..15 << 20).contains(&photo.len()),
        "{}",
        photo.len()
    );
    let mails = SmtpServer::start();
    let program = with_mail(&mails);
    let serving = program.serve(&[]);
    // An account may upload a few at once.
    let accounts = UPLOADS.div_ceil(OF_ACCOUNT);
    let people = (0..accounts).map(|number| {
        let mut person = Person::new(&serving.address);
        person.sign_in(&mails, &format!("person-{number}@example.org"));
        let own = draft(&mut person);
        (person.cookies, own)
    });
    let people: Vec<_> = people.collect();
    let pid = serving.pid();
    let idle = memory_of(pid);
    let (peak, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let results: Vec<String> = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                peak.fetch_max(memory_of(pid), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let uploads = (0..UPLOADS).map(|number| {
            let (cookies, own) = &people[number % accounts];
            let mut person = Person::new(&serving.address);
            person.cookies.clone_from(cookies);
            let photo = &photo;
            scope.spawn(move || upload(&mut person, own, "IMG_2041.jpg", photo))
        });
        let uploads: Vec<_> = uploads.collect();
        let done: Vec<_> = uploads.into_iter().map(|upload| upload.join()).collect();
        is_over.store(true, Ordering::Relaxed);
        done.into_iter()
            .map(|done| done.expect("an upload"))
            .collect()
    });
    // One is decoded at a time; who would wait for long is asked to come back.
    let is_expected = |text: &String| text == "image-added" || text == "image-busy";
    assert!(results.iter().all(is_expected), "{results:?}");
    assert!(results.contains(&"image-added".to_owned()), "{results:?}");
    let above = peak.into_inner().saturating_sub(idle);
    eprintln!(
        "{UPLOADS} uploads of {} bytes: {above} kB above {idle} kB",
        photo.len()
    );
    assert!(above <= MOST, "{above} kB above {idle} kB");
}
