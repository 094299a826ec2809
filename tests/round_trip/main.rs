//! Round trips: 10,000 generated events and every file of a corpus are written and read back unchanged.

mod events;
mod expected;
mod meaning;
mod schedules;
mod told;

use std::fs;
use std::path::{Path, PathBuf};

use calendar_domain::{EventDraft, Lang};
use calendar_ical::read::read;
use calendar_ical::to_events::{ReadOptions, to_drafts};
use chrono::Days;
use expected::expected;
use meaning::{keeps_length, meaning};
use proptest::prelude::*;
use told::{REGION, Told, read_back};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_event_comes_back_as_it_was_written((event, lang) in events::event()) {
        let written = event.told.written(lang);
        prop_assume!(!written.is_empty());
        let wanted = expected(&event.told, lang);
        let draft = read_back(&written, lang);
        prop_assume!(keeps_length(&event.told.event.schedule.when, draft.schedule.when.start()));
        let from = "2026-01-01".parse().expect("a date");
        prop_assert_eq!(
            meaning(&draft.schedule, from),
            meaning(&wanted.schedule, from),
            "{}",
            shown(&written)
        );
        if event.in_step {
            prop_assert_eq!(&draft.schedule, &wanted.schedule, "{}", shown(&written));
        }
        let schedule = draft.schedule.clone();
        prop_assert_eq!(&draft, &EventDraft { schedule, ..wanted }, "{}", shown(&written));
        // A second round trip changes nothing.
        let again = Told::of(0, &draft).written(lang);
        prop_assert_eq!(read_back(&again, lang), draft);
    }
}

/// Returns the files of the corpus.
fn corpus() -> Vec<PathBuf> {
    let folder = std::env::var_os("CALENDAR_CORPUS").expect("CALENDAR_CORPUS is set");
    let mut folders = vec![Path::new(&folder).join("ical/corpus")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the corpus can be listed") {
            let path = entry.expect("the corpus can be listed").path();
            let kind = path
                .extension()
                .and_then(|kind| kind.to_str())
                .unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if ["ics", "ical", "ifb", "vcs"].contains(&&*kind.to_ascii_lowercase()) {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() >= 559, "only {} files", files.len());
    files
}

#[test]
#[ignore = "needs CALENDAR_CORPUS"]
fn what_was_read_from_a_file_comes_back_as_it_was_written() {
    let lang = Lang::Nb;
    let options = ReadOptions {
        default_zone: REGION,
        language: lang,
    };
    let (mut drafts, mut never, mut empty) = (0, 0, 0);
    let files = corpus();
    for path in &files {
        let bytes = fs::read(path).expect("the file can be read");
        let found = to_drafts(&read(&bytes), &options).0;
        empty += usize::from(found.is_empty());
        for (number, draft) in found.iter().enumerate() {
            let told = Told::of(number, draft);
            let written = told.written(lang);
            if written.is_empty() {
                never += 1;
                continue;
            }
            drafts += 1;
            let back = read_back(&written, lang);
            same(path, &back, expected(&told, lang));
            let again = read_back(&Told::of(number, &back).written(lang), lang);
            assert_eq!(again, back, "{}: not stable", path.display());
        }
    }
    println!(
        "{} files, {empty} of them without an event; {drafts} drafts came back, {never} never happen",
        files.len()
    );
}

/// Asserts that two drafts are equal in all that a feed contains; the form of the schedules may differ.
fn same(path: &Path, back: &EventDraft, wanted: EventDraft) {
    let place = format!("{}: {}", path.display(), wanted.origin_id);
    let from = wanted
        .schedule
        .when
        .start()
        .date()
        .min(back.schedule.when.start().date());
    let from = from - Days::new(400);
    let (ours, theirs) = (
        meaning(&back.schedule, from),
        meaning(&wanted.schedule, from),
    );
    assert_eq!(ours, theirs, "{place}");
    let schedule = back.schedule.clone();
    assert_eq!(*back, EventDraft { schedule, ..wanted }, "{place}");
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
