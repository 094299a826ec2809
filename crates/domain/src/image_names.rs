//! The image files that records refer to.

use std::collections::BTreeSet;

use super::{Event, Image, ImageName, KeptImage, Record, Submission, SubmissionState};

/// Length of a name.
const NAME: usize = 64;

/// Adds the names of all files that a record may refer to: what is not among them may be removed. Every kind of record
/// counts, since submissions, suggestions and runs contain events or parts of them. A submission that was approved is an
/// event since, and does not count.
pub fn add_image_names(record: &Record, names: &mut BTreeSet<ImageName>) {
    match record {
        Record::Event(event) => names.extend(event.images.iter().flat_map(Image::names)),
        Record::Submission(submission) if submission.state == SubmissionState::Approved => {}
        // A visitor wrote it, and it has no images.
        Record::Report(_) => {}
        // It names the files that it removes.
        Record::Erasure(_) => {}
        // A record that cannot be written as text was never stored.
        other => names.extend(image_names_in(
            serde_json::to_string(other).unwrap_or_default().as_bytes(),
        )),
    }
}

/// Returns the names of the files without which a record cannot be shown as it is: those of events and of submissions
/// that are not decided. An image at an address is elsewhere, even if its address looks like one of this site.
#[must_use]
pub fn required_image_names(record: &Record) -> BTreeSet<ImageName> {
    let kept = |images: &[Image]| {
        let files = images.iter().filter_map(Image::kept);
        let files = files.flat_map(KeptImage::files);
        files.map(|file| file.name.clone()).collect()
    };
    match record {
        Record::Event(event) => kept(&event.images),
        Record::Submission(submission) if submission.state != SubmissionState::Approved => {
            kept(&submission.form.images())
        }
        _ => BTreeSet::new(),
    }
}

/// Returns false if a record with this JSON form requires no image files, without parsing it.
#[must_use]
pub fn may_require_images(json: &[u8]) -> bool {
    // The largest size of a kept image, which in submissions is JSON inside of JSON.
    std::str::from_utf8(json).is_ok_and(|text| text.contains("largest"))
}

/// Returns a record without the images of which no file is there. Of the others, the sizes that are there remain, and an
/// image elsewhere loses its copy only.
#[must_use]
pub fn with_image_files(record: Record, is_there: &dyn Fn(&ImageName) -> bool) -> Record {
    let left = |images: &[Image]| -> Vec<Image> {
        let left = images.iter().filter_map(|image| image.with_files(is_there));
        left.collect()
    };
    match record {
        Record::Event(event) => Record::from(Event {
            images: left(&event.images),
            ..Event::clone(&event)
        }),
        Record::Submission(submission) => {
            let mut submission = Submission::clone(&submission);
            let images = left(&submission.form.images());
            submission.form.set_images(&images);
            Record::from(submission)
        }
        other => other,
    }
}

/// Returns everything in a text that may be the name of a file, such as other hashes.
fn image_names_in(text: &[u8]) -> impl Iterator<Item = ImageName> {
    let runs = text.split(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let found = runs.filter(|run| run.len() == NAME);
    found.filter_map(|name| std::str::from_utf8(name).ok()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ImageFile, ImageSource, Schedule, Text, When};

    #[test]
    fn an_address_elsewhere_is_no_required_file() {
        let name: ImageName = "ab".repeat(32).parse().unwrap();
        let other: ImageName = "cd".repeat(32).parse().unwrap();
        let largest = ImageFile {
            name: name.clone(),
            width: 480,
            height: 320,
            bytes: 9,
        };
        let kept = KeptImage {
            largest,
            smaller: Vec::new(),
        };
        let elsewhere = format!("https://andre.example/images/{other}.jpg");
        let day = Schedule::once(When::day("2027-06-01".parse().unwrap()));
        let mut event = Event::new(
            "konsert".parse().unwrap(),
            "konsert@example.org".parse().unwrap(),
            Text::nb("Konsert"),
            day,
            chrono::DateTime::UNIX_EPOCH,
        );
        event.images = vec![
            Image::new(ImageSource::Kept(kept)),
            Image::at(elsewhere.parse().unwrap()),
        ];
        let record = Record::from(event);
        assert_eq!(
            required_image_names(&record),
            BTreeSet::from([name.clone()])
        );
        let json = serde_json::to_vec(&record).unwrap();
        assert!(may_require_images(&json) && !may_require_images(b"{}"));
        let mut all = BTreeSet::new();
        add_image_names(&record, &mut all);
        assert_eq!(all, BTreeSet::from([name.clone(), other]));
        let text = format!("{{\\\"name\\\":\\\"{name}\\\"}} {}", "a".repeat(65));
        let found: Vec<_> = image_names_in(text.as_bytes()).collect();
        assert_eq!(found, [name]);
    }
}
