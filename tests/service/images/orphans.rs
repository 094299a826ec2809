//! No file stays that nothing refers to, and none is missing, after many random edits.

use std::collections::BTreeSet;

use calendar_domain::event_form::EventForm;
use calendar_domain::{
    Event, EventId, Image, ImageFile, ImageName, ImageSource, KeptImage, Record, RecordKey,
    RecordKind, Schedule, Submission, Text, When,
};
use calendar_store::{Change, Store as _, records};
use chrono::TimeDelta;
use elverum_calendar::media::{remove_unused, used_names};
use uuid::Uuid;

use crate::support::TestServer;
use crate::support::dice::Dice;

const EDITS: usize = 1_000;
const EVENTS: u64 = 12;
const SUBMISSIONS: u64 = 6;

/// Keeps an image with one or two files, whose contents are few, so that records share them.
fn kept(app: &TestServer, dice: &mut Dice) -> Image {
    let file = |dice: &mut Dice| {
        let content = format!("bilde {}", dice.below(60));
        let files = app.calendar().images().unwrap().clone();
        ImageFile {
            name: files.keep(content.as_bytes(), app.now()).unwrap(),
            width: 480,
            height: 320,
            bytes: content.len() as u64,
        }
    };
    let largest = file(dice);
    let smaller = if dice.below(2) == 0 {
        vec![file(dice)]
    } else {
        Vec::new()
    };
    Image::new(ImageSource::Kept(KeptImage { largest, smaller }))
}

/// Changes images at random.
fn edit(app: &TestServer, dice: &mut Dice, images: &mut Vec<Image>) {
    match dice.below(4) {
        0 if !images.is_empty() => {
            images.remove(0);
        }
        1 => images.reverse(),
        2 => images.clear(),
        _ if images.len() < 6 => images.push(kept(app, dice)),
        _ => {}
    }
}

fn event_edit(app: &TestServer, dice: &mut Dice) -> Change {
    let id: EventId = Uuid::from_u128(u128::from(dice.below(EVENTS)) + 1).into();
    let known = records::one::<Event>(&**app.calendar(), id.as_str()).unwrap();
    match known {
        Some((_, revision)) if dice.below(8) == 0 => {
            Change::remove(RecordKey::new(RecordKind::Event, id.as_str()), revision)
        }
        Some((mut event, revision)) => {
            edit(app, dice, &mut event.images);
            event.sequence += 1;
            Change::update(event.into(), revision)
        }
        None => {
            let day = Schedule::once(When::day(app.now().date_naive()));
            let slug = format!("konsert-{id}").parse().unwrap();
            let uid = Uuid::now_v7().into();
            let mut event = Event::new(slug, uid, Text::nb("Konsert"), day, app.now());
            event.id = id;
            edit(app, dice, &mut event.images);
            Change::create(event.into())
        }
    }
}

fn submission_edit(app: &TestServer, dice: &mut Dice) -> Change {
    let number = u128::from(dice.below(SUBMISSIONS)) + 100;
    let id = Uuid::from_u128(number).into();
    let known = records::one::<Submission>(&**app.calendar(), &Uuid::from_u128(number).to_string());
    let known = known.unwrap();
    let form = |app: &TestServer, dice: &mut Dice, mut form: EventForm| {
        let mut images = form.images();
        edit(app, dice, &mut images);
        form.set_images(&images);
        form
    };
    match known {
        Some((mut found, revision)) => {
            found.form = form(app, dice, found.form);
            Change::update(found.into(), revision)
        }
        None => {
            let other = |n| Uuid::from_u128(number + n);
            let mut new = Submission::new(
                id,
                other(200).into(),
                other(300).into(),
                other(400).into(),
                app.now(),
            );
            new.form = form(app, dice, new.form);
            Change::create(new.into())
        }
    }
}

#[test]
fn no_orphan_stays_and_no_file_is_missing_after_a_thousand_random_edits() {
    let app = TestServer::builder().with_empty_region().start();
    let mut dice = Dice(19);
    let files = app.calendar().images().unwrap().clone();
    let mut removed = 0;
    for round in 0..EDITS {
        let change = if dice.below(3) == 0 {
            submission_edit(&app, &mut dice)
        } else {
            event_edit(&app, &mut dice)
        };
        app.commit_changes(vec![change]);
        app.wait(TimeDelta::minutes(10));
        if round % 50 == 49 {
            // A file of an upload whose commit has not come yet stays.
            let pending = files.keep(format!("ventende {round}").as_bytes(), app.now());
            let pending = pending.unwrap();
            app.wait(TimeDelta::minutes(59));
            removed += remove_unused(app.calendar()).unwrap();
            assert!(files.has(&pending));
            let used = used_names(&**app.calendar()).unwrap();
            let there = files.names().unwrap();
            assert!(used.is_subset(&there), "a file is missing in round {round}");
        }
    }
    app.wait(TimeDelta::minutes(61));
    removed += remove_unused(app.calendar()).unwrap();
    let used: BTreeSet<ImageName> = used_names(&**app.calendar()).unwrap();
    assert_eq!(files.names().unwrap(), used);
    assert!(
        removed > 20 && !used.is_empty(),
        "{removed} removed, {} used",
        used.len()
    );
    // The count of records by hand agrees.
    let mut by_hand = BTreeSet::new();
    app.calendar()
        .scan(&RecordKind::ALL, &mut |batch| {
            for stored in batch {
                match &stored.record {
                    Record::Event(event) => {
                        by_hand.extend(event.images.iter().flat_map(Image::names))
                    }
                    Record::Submission(submission) => {
                        by_hand.extend(submission.form.images().iter().flat_map(Image::names));
                    }
                    _ => {}
                }
            }
        })
        .unwrap();
    assert_eq!(used, by_hand);
}
